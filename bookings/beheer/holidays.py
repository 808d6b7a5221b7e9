"""Feestdagen en vakanties: a tick for each of the coming year, one preview of whom they hit, one button."""

import secrets

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from bookings.actions.close import close_holidays, undo_together
from bookings.actions.plan import plan_holidays, with_options
from bookings.beheer.agreed import Said, agreed_in, number_in
from bookings.beheer.closing_words import ASK_AGAIN, changed_words, listed, period_words
from bookings.beheer.holiday_form import HolidayForm
from bookings.beheer.preview import preview_of
from bookings.closing import Plan
from bookings.domain.holidays import last_proposed
from bookings.domain.policy import UNDO_FOR
from bookings.refusals import NothingChanges, PlanChanged, Refused, UndoIsOver
from bookings.visit import Visit, enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from villages.models import Closure

SHUT = gettext_lazy("Dit is al dicht. Je hoeft niets te doen.")
WRONG = gettext_lazy("Kijk de dagen na.")
OVER = gettext_lazy("De tien minuten zijn voorbij: de gasten weten het al. Open een dag en kies Heropen.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: LoggedInRequest, slug: str) -> HttpResponse:
    """The list; with `stap` what the ticks would do; with the preview's fingerprint (POST) that is done.

    A POST with `doe` takes back what was closed here in the last ten minutes.
    """
    visit = enter(request, slug, "rooster")
    if request.POST.get("doe") == "ongedaan":
        return _undo(request, visit)
    if request.method == "POST":
        return _close(request, visit)
    if "stap" not in request.GET:
        return _ask(request, visit, HolidayForm(_shut(visit)))
    form = HolidayForm(_shut(visit), request.GET)
    if "wijzig" in request.GET:
        return _ask(request, visit, form)
    return _ask(request, visit, form, status=422) if form.errors else _planned(request, visit, form, Said())


def _shut(visit: Visit) -> list[Closure]:
    """What shuts the whole house on some day of the coming year."""
    today = clock.today()
    return list(Closure.objects.filter(dorpshuis=visit.dorpshuis).whole_days(today, last_proposed(today)))


def _planned(request: LoggedInRequest, visit: Visit, form: HolidayForm, said: Said) -> HttpResponse:
    try:
        plan = with_options(plan_holidays(visit.dorpshuis, form.closings))
    except Refused as refusal:
        return _refused(request, visit, form, refusal)
    return _show(request, visit, form, plan, said)


def _close(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    form, said = HolidayForm(_shut(visit), request.POST), Said.read(request.POST)
    if form.errors:
        return _ask(request, visit, form, status=422)
    if "ververs" in request.POST:
        return _planned(request, visit, form, said)
    agreed = agreed_in(request, said)
    try:
        close_holidays(visit.dorpshuis.pk, form.closings, visit.actor, agreed)
    except PlanChanged as refusal:
        lines = _changed(form, refusal.plan, said) if agreed.fingerprint else []
        return _show(request, visit, form, refusal.plan, said, [*lines, str(ASK_AGAIN)])
    except Refused as refusal:
        return _refused(request, visit, form, refusal)
    return redirect("holidays", visit.dorpshuis.slug)


def _changed(form: HolidayForm, plan: Plan, said: Said) -> list[str]:
    """What is different from the preview that was seen."""
    left = plan.closing.parts
    gone = [str(row.name) for row in form.picked if row.closing not in left]
    if gone:
        return [gettext("Dit is net al dicht gezet: %(names)s.") % {"names": listed(gone)}]
    return changed_words(plan, said.seen, said.seen_moves)


def _undo(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    numbers = [number for text in request.POST.getlist("sluiting") if (number := number_in(f"-{text}", "-"))]
    try:
        undo_together(visit.dorpshuis.pk, numbers, visit.actor)
    except UndoIsOver:
        return _ask(request, visit, HolidayForm(_shut(visit)), OVER, 409)
    return redirect("holidays", visit.dorpshuis.slug)


def _refused(request: LoggedInRequest, visit: Visit, form: HolidayForm, refusal: Refused) -> HttpResponse:
    """All of it is shut by now, or a day went by since the page was opened."""
    if isinstance(refusal, NothingChanges):
        return _ask(request, visit, HolidayForm(_shut(visit)), SHUT, 409)
    return _ask(request, visit, form, WRONG, 422)


def _ask(
    request: LoggedInRequest, visit: Visit, form: HolidayForm, problem: str | Promise = "", status: int = 200
) -> HttpResponse:
    """The list with its ticks; what is shut already is shown as done."""
    recent = [row for row in _shut(visit) if clock.now() - row.created_at < UNDO_FOR]
    context = {"form": form, "problem": problem, "recent": [(row, _words(row)) for row in recent]}
    return visit.show(request, "beheer/holidays.html", context, status=status)


def _words(row: Closure) -> str:
    return period_words(row.first_day, row.last_day)


def _show(
    request: LoggedInRequest, visit: Visit, form: HolidayForm, plan: Plan, said: Said, problem: list[str] | None = None
) -> HttpResponse:
    """The preview; with a problem it is a fresh one, and nothing was done."""
    query = QueryDict(mutable=True)
    for name, value in [*form.hidden, ("stap", "bekijk"), ("wijzig", "1")]:
        query.appendlist(name, value)
    context = {
        "preview": preview_of(plan, said.choices, said.called),
        "parts": [(part.reason, period_words(part.first_day, part.last_day)) for part in plan.closing.parts],
        "hidden": form.hidden,
        "back": f"{reverse('holidays', args=[visit.dorpshuis.slug])}?{query.urlencode()}",
        "problem": problem,
        "key": secrets.token_urlsafe(16),
    }
    return visit.show(request, "beheer/holidays_check.html", context, status=409 if problem else 200)
