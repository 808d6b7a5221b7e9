"""Pages of the demo: be somebody with one button, and read the mails that the portal sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from portal.base import clock
from portal.base.accounts.members import verify
from portal.base.accounts.models import User
from portal.base.accounts.sessions import log_in_proven, record_second_factor
from portal.base.models import DemoClock, OutboxMail
from portal.demo import moving
from portal.demo.cast import PEOPLE, DemoPerson
from portal.demo.told import happened

P = ParamSpec("P")


def demo_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Outside the demo these pages are not there: they let anybody in as anybody."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


@demo_only
@never_cache
@require_safe
def people_page(request: HttpRequest) -> HttpResponse:
    """What the demo is, and who you can be."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    row = DemoClock.objects.first()
    context = {"people": PEOPLE.values(), "here": reverse("demo"), "now": clock.now(), **happened(row), **more}
    return render(request, "demo/people.html", context, status=status)


MOVES = {"volgende": moving.move_to_next, "dag": moving.move_a_day}


@demo_only
@never_cache
@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Move the demo's clock on and do what becomes due, then tell it; without saying how far: 422."""
    move = MOVES.get(request.POST.get("verder", ""))
    if move is None:
        return _page(request, 422, wrong=True)
    move()
    moving.until_all_read()
    return redirect(reverse("demo") + "#klok")


@demo_only
@never_cache
@require_POST
def log_in_as(request: HttpRequest) -> HttpResponse:
    """Be this person and go to the page where she begins; somebody unknown: 422."""
    person = PEOPLE.get(request.POST.get("wie", ""))
    user = User.objects.filter(email=person.email, is_active=True).first() if person else None
    if person is None or user is None:
        return _page(request, 422, unknown=True)
    verify(user)
    log_in_proven(request, user)
    record_second_factor(request, user, "demo")
    return redirect(*_begin(person))


def _begin(person: DemoPerson) -> tuple[str, ...]:
    if person.house:
        return "today", person.house
    return ("bokd",) if person.is_coordinator else ("mine",)


@csp_update({"frame-src": [SELF]})
@demo_only
@never_cache
@require_safe
def mail_page(request: HttpRequest) -> HttpResponse:
    """The mails that were sent, newest first, all on one page; `?aan=` those to one address."""
    to = request.GET.get("aan", "").strip()
    mails = OutboxMail.objects.sent().order_by("-sent_at", "-pk")
    if to:
        mails = mails.filter(recipient__iexact=to)
    return render(request, "demo/mail.html", {"to": to, "mails": mails.defer("sent_html")})


MAIL_CSP = {"default-src": [NONE], "img-src": [SELF], "style-src": [UNSAFE_INLINE], "frame-ancestors": [SELF]}


@csp(MAIL_CSP)  # type: ignore[arg-type]  # django-csp knows only views without arguments
@demo_only
@never_cache
@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail as a mail program shows it, for the frame on the page above: its styles are inside."""
    return HttpResponse(get_object_or_404(OutboxMail.objects.sent(), pk=mail_id).sent_html)
