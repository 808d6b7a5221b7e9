"""Rooster: the normal week, set once, and an extra dagdeel on one date; whom a change hits is shown first."""

import secrets
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from bookings.actions.close import change_offer
from bookings.actions.plan import plan_offer, with_options
from bookings.beheer.agreed import Said, agreed_in, number_in
from bookings.beheer.closing_words import ASK_AGAIN, changed_words
from bookings.beheer.preview import preview_of
from bookings.beheer.seen import is_seen, seen_of
from bookings.beheer.week_form import WeekForm, hours_words, place_words, read_day, read_time
from bookings.closing import Plan
from bookings.domain.dagdelen import Dagdeel
from bookings.domain.week import Hours, Place, changes_after, week_on
from bookings.offer import ExtraGoes, ExtraWish, WeekWish, Wish, week_rows
from bookings.offer_words import from_words
from bookings.refusals import AtThatTime, InThePast, NothingChanges, PlanChanged, Refused, ShutThen
from bookings.visit import Visit, enter
from bookings.wording import day_words
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from portal.base.words import dagdeel
from villages.models import Closure, Room

RECENT = 5
SAME = gettext_lazy("Zo is de week al. Verander eerst iets.")
OTHER = gettext_lazy(
    "De week is intussen anders, of hij verandert al voor deze dag. Kijk bij de dagdelen wat er nu staat."
)
GONE = gettext_lazy("Dit is er niet meer. Kijk de week na.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: LoggedInRequest, slug: str) -> HttpResponse:
    """The normal week from a day on (`vanaf`); a POST previews it, or saves what was previewed (`stap`)."""
    visit = enter(request, slug, "rooster")
    if request.method == "POST":
        return _posted(request, visit)
    tomorrow = clock.today() + timedelta(days=1)
    asked = read_day(request.GET.get("vanaf", ""))
    first_day = max(asked, tomorrow) if asked else tomorrow
    form = WeekForm.of(_rooms(visit, first_day), week_on(week_rows(visit.dorpshuis), first_day), first_day)
    return _show(request, visit, form)


def _posted(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    what = request.POST.get("wat", "")
    if what == "extra":
        return _add_extra(request, visit)
    if what == "extra-weg":
        row = number_in(request.POST.get("rij", ""), "rij-") or 0
        return _ask_or_do(request, visit, ExtraGoes(row), None)
    form = WeekForm.read(_rooms(visit, clock.today()), request.POST)
    if "wijzig" in request.POST or form.errors:
        return _show(request, visit, form, status=200 if "wijzig" in request.POST else 422)
    now = week_on(week_rows(visit.dorpshuis), form.wish.first_day)
    if request.POST.get("stap") != "bewaar" and not is_seen(request.POST.get("gezien", ""), _values(now)):
        form.compare(now)
        return _show(request, visit, form, str(OTHER), 409)
    return _ask_or_do(request, visit, form.wish, form)


def _ask_or_do(request: LoggedInRequest, visit: Visit, wish: Wish, form: WeekForm | None) -> HttpResponse:
    """Show whom it hits; with the preview's fingerprint do it."""
    said = Said.read(request.POST)
    try:
        if request.POST.get("stap") != "bewaar" or "ververs" in request.POST:
            plan = with_options(plan_offer(visit.dorpshuis, wish.change(visit.dorpshuis)))
            return _preview(request, visit, plan, form, said)
        agreed = agreed_in(request, said)
        closed = change_offer(visit.dorpshuis.pk, wish, visit.actor, agreed)
    except PlanChanged as refusal:
        lines = changed_words(refusal.plan, said.seen, said.seen_moves) if agreed.fingerprint else []
        return _preview(request, visit, refusal.plan, form, said, [*lines, str(ASK_AGAIN)])
    except Refused as refusal:
        return _show(request, visit, form or _now(visit), _refused(refusal), 422)
    return redirect("schedule-change", visit.dorpshuis.slug, closed.closure.pk)


def _add_extra(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    """An extra dagdeel hits nobody: no preview."""
    posted = request.POST
    day, begin, end = (
        read_day(posted.get("dag", "")),
        read_time(posted.get("begin", "")),
        read_time(posted.get("eind", "")),
    )
    problem = _wrong_extra(day, begin is None or end is None or end <= begin, posted.get("dagdeel", ""))
    if problem or day is None or begin is None or end is None:
        return _show(request, visit, _now(visit), problem, 422, extra=posted)
    wish = ExtraWish(day, Dagdeel(posted["dagdeel"]), Hours(begin, end))
    try:
        closed = change_offer(visit.dorpshuis.pk, wish, visit.actor)
    except NothingChanges:
        words = gettext("Dan is het dorpshuis al open. Kies een andere dag of een ander dagdeel.")
        return _show(request, visit, _now(visit), words, 422, extra=posted)
    except AtThatTime:
        words = gettext("Op die tijd is er die dag al een ander dagdeel. Kijk de tijden na.")
        return _show(request, visit, _now(visit), words, 422, extra=posted)
    except ShutThen as refusal:
        words = gettext("Dan is het dorpshuis dicht (%(reason)s). Heropen het eerst, of kies een andere dag.")
        url = reverse("closure", args=[visit.dorpshuis.slug, refusal.closure_id])
        return _show(request, visit, _now(visit), words % {"reason": refusal.reason}, 422, extra=posted, way_out=url)
    return redirect("schedule-change", visit.dorpshuis.slug, closed.closure.pk)


def _wrong_extra(day: date | None, wrong_times: bool, part: str) -> str:
    if day is None:
        return gettext("Deze dag kennen we niet. Kies een dag, bijvoorbeeld 1-12-2026.")
    if not clock.today() < day <= clock.today() + timedelta(days=2 * 365):
        return gettext("Kies morgen of een latere dag, binnen twee jaar.")
    if part not in [one.value for one in Dagdeel]:
        return gettext("Dit dagdeel kennen we niet. Kies ochtend, middag of avond.")
    return gettext("Kijk de tijden na: het begin en een later eind, bijvoorbeeld 8.30 en 12.30.") if wrong_times else ""


def _refused(refusal: Refused) -> str:
    match refusal:
        case NothingChanges():
            return str(SAME)
        case InThePast():
            return gettext("Kies morgen of later. Is het vandaag anders? Gebruik dan Dicht.")
        case _:
            return str(GONE)


def _now(visit: Visit) -> WeekForm:
    """The form with the week as it is tomorrow."""
    tomorrow = clock.today() + timedelta(days=1)
    return WeekForm.of(_rooms(visit, tomorrow), week_on(week_rows(visit.dorpshuis), tomorrow), tomorrow)


def _rooms(visit: Visit, day: date) -> list[Room]:
    return list(Room.objects.filter(dorpshuis=visit.dorpshuis).during(day, date.max))


def _values(week: dict[Place, Hours]) -> list[object]:
    return [[place[0], place[1].value, *hours.values] for place, hours in sorted(week.items())]


def _show(
    request: LoggedInRequest,
    visit: Visit,
    form: WeekForm,
    problem: str = "",
    status: int = 200,
    *,
    extra: QueryDict | None = None,
    way_out: str = "",
) -> HttpResponse:
    """The page: the week as a form, when it changes, extra dagdelen, and what was changed lately."""
    rows = week_rows(visit.dorpshuis)
    first_day = form.first_day or clock.today() + timedelta(days=1)
    context: dict[str, Any] = {
        "form": form,
        "problem": problem,
        "way_out": way_out,
        "seen": seen_of(_values(week_on(rows, first_day))),
        "changes": [(day, from_words(day)) for day in changes_after(rows, clock.today()) if day != first_day],
        "extras": sorted(
            ((row.span.first_day, row.span.dagdeel.order), f"rij-{row.pk}", _extra_words(row.span.first_day, row.span))
            for row in rows
            if row.once and row.span.first_day > clock.today()
        ),
        "extra": extra or {},
        "parts": [part.value for part in Dagdeel],
        "recent": Closure.objects.filter(dorpshuis=visit.dorpshuis, cause=Closure.Cause.SCHEDULE).order_by("-pk")[
            :RECENT
        ],
    }
    return visit.show(request, "beheer/schedule.html", context, status=status)


def _extra_words(day: date, hours: Any) -> str:
    return f"{day_words(day)}, {dagdeel(hours.dagdeel)}, {hours_words(Hours.of(hours), {})}"


def _preview(
    request: LoggedInRequest,
    visit: Visit,
    plan: Plan,
    form: WeekForm | None,
    said: Said,
    problem: list[str] | None = None,
) -> HttpResponse:
    """Whom it hits; with a problem it is a fresh preview, and nothing was done."""
    hidden = form.hidden if form else [("wat", "extra-weg"), ("rij", request.POST.get("rij", ""))]
    context = {
        "preview": preview_of(plan, said.choices, said.called),
        "hidden": hidden,
        "lines": _differences(visit, form.wish) if form else [],
        "can_change": form is not None,
        "back": reverse("schedule", args=[visit.dorpshuis.slug]),
        "problem": problem,
        "key": secrets.token_urlsafe(16),
    }
    return visit.show(request, "beheer/schedule_check.html", context, status=409 if problem else 200)


def _differences(visit: Visit, wish: WeekWish) -> list[tuple[str, str, str]]:
    """What changes: which dagdeel, what it was and what it becomes."""
    now = week_on(week_rows(visit.dorpshuis), wish.first_day)
    names = {room.pk: room.name for room in visit.dorpshuis.rooms.all()}
    places = sorted(now.keys() | wish.week.keys(), key=lambda place: (place[0], place[1].order))
    return [
        (place_words(place), hours_words(now.get(place), names), hours_words(wish.week.get(place), names))
        for place in places
        if now.get(place) != wish.week.get(place)
    ]
