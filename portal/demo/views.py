"""Pages of the demo: be somebody with one button, and read the mails that the portal sent."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.base.accounts.models import User
from portal.demo.people import PEOPLE, DemoPerson

BACKEND = "django.contrib.auth.backends.ModelBackend"
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
    return render(request, "demo/people.html", {"people": PEOPLE.values()})


@demo_only
@never_cache
@require_POST
def log_in_as(request: HttpRequest) -> HttpResponse:
    """Be this person and go to the page where she begins; somebody unknown: 422."""
    person = PEOPLE.get(request.POST.get("wie", ""))
    user = User.objects.filter(email=person.email, is_active=True).first() if person else None
    if person is None or user is None:
        context = {"people": PEOPLE.values(), "unknown": True}
        return render(request, "demo/people.html", context, status=422)
    login(request, user, backend=BACKEND)
    return redirect(*_begin(person))


def _begin(person: DemoPerson) -> tuple[str, ...]:
    if person.house:
        return "today", person.house
    return ("bokd",) if person.is_coordinator else ("home",)


@demo_only
@never_cache
@require_safe
def mail_page(request: HttpRequest) -> HttpResponse:
    """The mails that were sent. There is no outbox yet, so none."""
    return render(request, "demo/mail.html", {"to": request.GET.get("aan", "").strip()})
