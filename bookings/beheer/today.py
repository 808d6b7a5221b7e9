"""Who comes today: the first screen of a house's volunteers."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from bookings.beheer.daylist import DayList, day_list, day_url, may_see_day, runs_the_house
from bookings.beheer.pending import pending
from bookings.domain.dagdelen import parse_day
from bookings.visit import Visit, enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from villages.access import houses_of

MOST_DIGITS = 4  # of a number of lines


@dataclass(frozen=True)
class Problem:
    """Why nothing was changed, in sentences, and the status that says so to machines."""

    status: int
    lines: list[str]
    dagdeel: str = ""


@login_required
@require_safe
def beheer(request: LoggedInRequest) -> HttpResponse:
    """To the house that this person runs."""
    houses = houses_of(request.user)
    if not houses:
        raise Http404
    return redirect("today", houses[0].slug)


@login_required
@require_safe
def today(request: LoggedInRequest, slug: str, day: str = "") -> HttpResponse:
    """The list of a day; `ververs` asks only for what changed since the rows that `v` names, of the day `dag`."""
    visit = enter(request, slug, "dag")
    shown = read_day(day) if day else clock.today()
    if not may_see_day(visit, shown):
        raise PermissionDenied
    if "ververs" in request.GET:
        if request.GET.get("dag", shown.isoformat()) != shown.isoformat():
            return _another_day(visit, shown)
        return _changes(request, visit, day_list(visit, shown, request.GET.get("pagina", "1")))
    return show_day(request, visit, shown)


def read_day(text: str) -> date:
    """The day in an address. Raises Http404 for what is none."""
    try:
        return parse_day(text)
    except ValueError:
        raise Http404 from None


def show_day(request: HttpRequest, visit: Visit, shown: date, problem: Problem | None = None) -> HttpResponse:
    """The whole page, with why something was not done, if it was not."""
    slug = visit.dorpshuis.slug
    around = [shown - timedelta(days=1), shown + timedelta(days=1)]
    urls = [reverse("day", args=[slug, near.isoformat()]) for near in around]
    context = {
        "list": day_list(visit, shown, request.GET.get("pagina", "1")),
        "mark_url": reverse("mark", args=[slug, shown.isoformat()]),
        "walk_in_url": reverse("walk-in", args=[slug, shown.isoformat()]),
        "sheet_url": reverse("day-sheet", args=[slug, shown.isoformat()]),
        "entry_url": reverse("day-entry", args=[slug, shown.isoformat()]),
        "here": day_url(visit, shown),
        "previous_url": urls[0],
        "next_url": urls[1],
        "runs": runs_the_house(visit),
        "problem": problem,
        "pending": pending(request, visit),
        "saved": _saved(request),
    }
    return visit.show(request, "beheer/today.html", context, status=problem.status if problem else 200)


def _saved(request: HttpRequest) -> int | None:
    """How many lines of the paper list were saved just now; None when none were, or the address says nonsense."""
    said = request.GET.get("opgeslagen", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS else None


def _another_day(visit: Visit, shown: date) -> HttpResponse:
    """The screen stood open past midnight. Led there, not reloaded: it may be the answer to a button."""
    return HttpResponseClientRedirect(day_url(visit, shown))


def _changes(request: HttpRequest, visit: Visit, found: DayList) -> HttpResponse:
    """What is other than on the screen: rows that changed, came or went. Nothing: 204, and the screen stays."""
    seen = {version.split(".")[0]: version for version in request.GET.getlist("v")}
    changed = [row for row in found.rows if str(row.booking.pk) in seen and row.version not in seen.values()]
    fresh = [row for row in found.rows if str(row.booking.pk) not in seen]
    there = {str(row.booking.pk) for row in found.rows}
    gone = [number for number in seen if number.isdecimal() and number not in there]
    doors = [part for part in found.parts if part.takes_walk_ins and f"binnen-{part.dagdeel}" not in seen]
    if not (changed or fresh or gone or doors):
        return HttpResponse(status=204)
    context = {
        "visit": visit,
        "dorpshuis": visit.dorpshuis,
        "list": found,
        "changed": changed,
        "fresh": fresh,
        "gone": gone,
        "doors": doors,
        "walk_in_url": reverse("walk-in", args=[visit.dorpshuis.slug, found.day.isoformat()]),
        "mark_url": reverse("mark", args=[visit.dorpshuis.slug, found.day.isoformat()]),
        "runs": runs_the_house(visit),
    }
    return render(request, "beheer/changes.html", context)
