"""Dicht: one form, one preview, one button."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bookings.actions.close import close
from bookings.actions.plan import plan_close, with_options
from bookings.beheer.agreed import Said, agreed_in
from bookings.beheer.close_form import DAY_WORDS, REASON_LENGTH, REASONS, TEXT_LENGTH, ClosingForm
from bookings.beheer.closing_words import ASK_AGAIN, changed_words, closure_words
from bookings.beheer.preview import preview_of
from bookings.closing import Plan
from bookings.refusals import PlanChanged, Refused
from bookings.visit import Visit, enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from villages.models import Closure, Dagdeel

PER_PAGE = 20
MOST_COMING = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close_house(request: LoggedInRequest, slug: str) -> HttpResponse:
    """Ask what goes shut; show what that does; with the preview's fingerprint (POST) do it.

    A POST with `ververs` does nothing either: the preview again, with the mails as the choices make them.
    """
    visit = enter(request, slug, "dicht")
    if request.method == "POST":
        return _close(request, visit)
    if "reden" not in request.GET:
        days = {name: request.GET[name] for name in ("van", "tot") if name in request.GET}
        initial = days | ({"wanneer": "dagen"} if days else {})
        return _ask(request, visit, ClosingForm(visit.dorpshuis, initial=initial))
    form = ClosingForm(visit.dorpshuis, request.GET)
    plan = None if "wijzig" in request.GET else _planned(visit, form)
    if plan is None:
        return _ask(request, visit, form, 422 if form.errors and "wijzig" not in request.GET else 200)
    return _show(request, visit, form, plan, Said())


def _close(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    form, said = ClosingForm(visit.dorpshuis, request.POST), Said.read(request.POST)
    if not form.is_valid():
        return _ask(request, visit, form, 422)
    if "ververs" in request.POST:
        plan = _planned(visit, form)
        return _ask(request, visit, form, 422) if plan is None else _show(request, visit, form, plan, said)
    agreed = agreed_in(request, said)
    try:
        closed = close(visit.dorpshuis.pk, form.closing, visit.actor, agreed)
    except PlanChanged as refusal:
        lines = changed_words(refusal.plan, said.seen, said.seen_moves) if agreed.fingerprint else []
        return _show(request, visit, form, refusal.plan, said, [*lines, str(ASK_AGAIN)])
    except Refused as refusal:
        form.refuse(refusal)
        return _ask(request, visit, form, 422)
    return redirect("closure", visit.dorpshuis.slug, closed.closure.pk)


def _planned(visit: Visit, form: ClosingForm) -> Plan | None:
    """What it would do; None when the form says why it can't be."""
    if not form.is_valid():
        return None
    try:
        return with_options(plan_close(visit.dorpshuis, form.closing))
    except Refused as refusal:
        form.refuse(refusal)
        return None


def _ask(request: HttpRequest, visit: Visit, form: ClosingForm, status: int = 200) -> HttpResponse:
    """The form, and under it what is closed already."""
    context = {
        "form": form,
        "days": DAY_WORDS.items(),
        "what_options": form.parts_to_close.items(),
        "rooms": form.rooms,
        "desks": form.desks,
        "parts": [part.value for part in Dagdeel],
        "picked": _picked(form),
        "reasons": REASONS,
        "lengths": {"reason": REASON_LENGTH, "text": TEXT_LENGTH},
    }
    return visit.show(request, "beheer/close.html", context | _closures(request, visit), status=status)


def _picked(form: ClosingForm) -> dict[str, Any]:
    """What stands chosen in the form, as texts."""
    found: dict[str, Any] = {name: str(form[name].value() or "") for name in ("wanneer", "wat", "ruimte")}
    return found | {name: [str(value) for value in form[name].value() or ()] for name in ("bureau", "dagdeel")}


def _show(
    request: HttpRequest, visit: Visit, form: ClosingForm, plan: Plan, said: Said, problem: list[str] | None = None
) -> HttpResponse:
    """The preview; with a problem it is a fresh one, and nothing was done."""
    context = {
        "preview": preview_of(plan, said.choices, said.called),
        "hidden": form.hidden,
        "back": reverse("close", args=[visit.dorpshuis.slug]),
        "again": _again(form),
        "problem": problem,
        "key": secrets.token_urlsafe(16),
    }
    return visit.show(request, "beheer/close_preview.html", context, status=409 if problem else 200)


def _again(form: ClosingForm) -> str:
    """The address of the same form, to change it."""
    query = QueryDict(mutable=True)
    for name, value in [*form.hidden, ("wijzig", "1")]:
        query.appendlist(name, value)
    return f"?{query.urlencode()}"


def _closures(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """Closures that stand and are not over, and a page of the others, newest first."""
    rows = Closure.objects.filter(dorpshuis=visit.dorpshuis).shutting().select_related("room").prefetch_related("desks")
    coming = rows.standing().filter(last_day__gte=clock.today()).order_by("first_day", "pk")
    past = rows.filter(Q(last_day__lt=clock.today()) | Q(reopened_at__isnull=False)).order_by("-first_day", "-pk")
    page = Paginator(past, PER_PAGE).get_page(request.GET.get("oud"))
    return {
        "coming": _lines(coming[:MOST_COMING]),
        "past": _lines(page.object_list),
        "page": page,
        "oud": "oud" in request.GET,
    }


def _lines(rows: Iterable[Closure]) -> list[tuple[Closure, str]]:
    return [(row, closure_words(row, [desk.name for desk in row.desks.all()])) for row in rows]
