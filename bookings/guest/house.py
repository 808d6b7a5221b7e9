"""The page of a house: its week, what is chosen, and the form. Also its availability as JSON."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, time
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from bookings import wording
from bookings.domain.availability import Cell, Status, last_bookable_day
from bookings.domain.dagdelen import Dagdeel, Moment, Week
from bookings.domain.prices import usual_price
from bookings.domain.waiting import can_wait
from bookings.guest import kept
from bookings.guest.about import about
from bookings.guest.alternatives import alternatives, elsewhere
from bookings.guest.choice import Weighed, choose, weigh
from bookings.guest.facts import desk_facts, rooms_with_words, route
from bookings.guest.forms import BookingForm
from bookings.guest.member import typed_before
from bookings.guest.memory import known_here
from bookings.guest.regions import source_query
from bookings.guest.search import search_url
from bookings.guest.trial import trial_of
from bookings.keys import new_key
from bookings.reader import CellReader
from bookings.wish import Wish, url_to_choose
from portal.base.words import dagdeel
from villages.access import public_dorpshuis
from villages.models import Dorpshuis
from villages.models.messages import messages_of
from villages.shown import shown

FREE_AGAIN = gettext_noop("Net was er geen plek, en nu toch weer wel. Tik nog een keer op de knop.")
NOT_HERE = gettext_noop("Je kunt hier nu niet boeken. Bel het dorpshuis, of kies een ander dorpshuis.")
UNKNOWN_WEEK = gettext_noop("Deze week kennen we niet. Je ziet nu de eerste week waarin je kunt boeken.")


@dataclass(frozen=True)
class Problem:
    """Why an order failed: shown at the top of the form, with the status of the answer."""

    status: int
    title: str
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CellView:
    """A cell of the week with its words."""

    cell: Cell
    words: str
    reason: str
    chosen: bool
    can_wait: bool = False

    @property
    def value(self) -> str:
        return str(self.cell.moment)


@dataclass(frozen=True)
class Day:
    date: date
    cells: list[CellView]


@dataclass(frozen=True)
class WeekView:
    """The week as the page shows it."""

    week: Week
    days: list[Day]
    hours: list[tuple[Dagdeel, time | None, time | None]]
    previous_url: str | None
    next_url: str | None

    @property
    def text(self) -> str:
        return str(self.week)

    @property
    def number(self) -> int:
        return self.week.number

    @property
    def first_day(self) -> date:
        return self.week.monday

    @property
    def last_day(self) -> date:
        return self.week.sunday


@dataclass(frozen=True)
class NextFree:
    """What is free next, as a link that chooses it."""

    words: str
    url: str


@require_safe
def house(request: HttpRequest, slug: str) -> HttpResponse:
    """The house's page; to HTMX only the part that follows from a choice."""
    dorpshuis = public_dorpshuis(slug)
    wish = Wish.read(request.GET)
    html = kept.fetch(request, dorpshuis, wish)
    if html is None:
        return house_answer(request, dorpshuis, wish)
    response = HttpResponse(html)
    _say_for_whom(response, has_form=False, for_search=True)
    return response


def house_answer(
    request: HttpRequest,
    dorpshuis: Dorpshuis,
    wish: Wish,
    form: BookingForm | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    """The page with this wish. With a problem: its sentences, its status, and the fresh week."""
    context = _context(request, dorpshuis, wish)
    partial = "#boeken" if getattr(request, "htmx", False) and request.method == "GET" else ""
    for_search = not (wish.moments or wish.trial or problem or partial)
    context |= _found_by(dorpshuis, context) if for_search else {"canonical": ""}
    context |= _told(context["dropped"], problem, has_choice=context["choice"] is not None)
    if problem and context.get("alternatives"):
        context["fresh_key"] = new_key(request)
    context["form"] = form or BookingForm(initial=typed_before(request))
    status = problem.status if problem else 422 if wish.unknown_week else 200
    response = render(request, f"house.html{partial}", context, status=status)
    _say_for_whom(response, has_form=context["choice"] is not None or problem is not None, for_search=for_search)
    if problem is None and context.get("lasting") and status == HTTPStatus.OK:
        kept.keep(request, dorpshuis, wish, response.content, context["lasting"])
    return response


def _say_for_whom(response: HttpResponse, *, has_form: bool, for_search: bool) -> None:
    """A page with a form is kept by nobody; one with a choice in its address is not for search engines."""
    response["Cache-Control"] = "no-store, private" if has_form else "no-cache, private"
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    if not for_search:
        response["X-Robots-Tag"] = "noindex"


def _found_by(dorpshuis: Dorpshuis, context: dict[str, Any]) -> dict[str, Any]:
    """What search engines and shared links tell of the house; only of its page without a choice."""
    openings, cents = context.get("openings", ()), context.get("usual_cents")
    return {"about": about(dorpshuis, context["shown"], openings=openings, cents=cents)}


def _told(dropped: list[str], problem: Problem | None, *, has_choice: bool) -> dict[str, Any]:
    """Why something was dropped: as a notice of its own, or with the problem that it belongs to."""
    if problem is None:
        return {"problem": None, "dropped": dropped}
    lines = list(dict.fromkeys([*problem.lines, *dropped]))
    if not lines and problem.status == HTTPStatus.CONFLICT:
        lines = [gettext(FREE_AGAIN if has_choice else NOT_HERE)]
    return {"problem": replace(problem, lines=lines), "dropped": []}


def _context(request: HttpRequest, dorpshuis: Dorpshuis, wish: Wish) -> dict[str, Any]:
    fixed = {
        "dorpshuis": dorpshuis,
        "shown": shown(dorpshuis),
        "route": route(dorpshuis),
        "pay_words": wording.pay_words(dorpshuis),
        "source": wish.source,
        "bron": source_query(wish.source),
        "search_url": search_url(dorpshuis.village, wish.source),
        "week_problem": gettext(UNKNOWN_WEEK) if wish.unknown_week else None,
    }
    if not dorpshuis.takes_bookings:
        return {**fixed, "week": None, "choice": None, "dropped": [], "next_free": []}
    return {**fixed, **_offer_context(request, dorpshuis, wish)}


def _offer_context(request: HttpRequest, dorpshuis: Dorpshuis, wish: Wish) -> dict[str, Any]:
    """The part of the page that needs the house's supply and bookings."""
    known = dorpshuis.staffed_only_for_new and known_here(request, dorpshuis.pk)
    days = {moment.date for moment in wish.moments} | set(wish.week.days if wish.week else [])
    days |= {day for moment in wish.moments for day in Week.of(moment.date).days}
    reader = CellReader.read(dorpshuis, days, known_guest=known)
    desks = reader.desks
    trial = trial_of(request, dorpshuis, wish)
    wish = replace(wish, trial=trial.code)
    weighed = weigh(wish, reader, dorpshuis, desks)
    upcoming = reader.next_bookable()
    week = wish.week or Week.of(_first_day(wish, upcoming, reader))
    has_choice = bool(weighed.cells)
    choice = choose(weighed, reader, desks, week.days, new_key(request)) if has_choice else None
    return {
        "week": _week_view(week, reader, wish, weighed, dorpshuis),
        "choice": choice,
        "dropped": [*weighed.dropped, *([trial.problem] if trial.problem else [])],
        "trial": trial.code,
        "full": _full(wish, reader, dorpshuis),
        "alternatives": [] if has_choice else alternatives(wish, reader, dorpshuis),
        "elsewhere": [] if has_choice else elsewhere(wish, reader, dorpshuis),
        "next_free": _next_free(upcoming, wish, dorpshuis),
        "desk_facts": desk_facts(desks),
        "rooms": rooms_with_words(desks),
        "usual_cents": usual_price(reader.supply.tariffs, reader.now.date()),
        "openings": [span for span in reader.supply.openings if span.holds_on(reader.now.date())],
        "cancel_words": wording.cancel_words(reader.policy),
        "lasting": reader.lasting() if reader.can_be_booked_in(week) else None,
    }


def _first_day(wish: Wish, upcoming: list[Cell], reader: CellReader) -> date:
    """The day whose week is shown unasked: of the choice, else of what is bookable first, else today."""
    if wish.moments:
        return min(wish.moments).date
    return upcoming[0].moment.date if upcoming else reader.now.date()


def _week_view(week: Week, reader: CellReader, wish: Wish, weighed: Weighed, dorpshuis: Dorpshuis) -> WeekView:
    chosen = {cell.moment for cell in weighed.cells}
    days = [Day(day, [_cell_view(cell, reader, dorpshuis, chosen) for cell in reader.on(day)]) for day in week.days]
    address = reverse("house", args=[dorpshuis.slug])
    kept = wish.with_moments(sorted(chosen))
    this_week, last_week = Week.of(reader.now.date()), Week.of(last_bookable_day(reader.policy, reader.now))
    return WeekView(
        week=week,
        days=days,
        hours=[hours_of(part, days) for part in Dagdeel],
        previous_url=address + kept.query(week.shifted(-1)) if week > this_week else None,
        next_url=address + kept.query(week.shifted(1)) if week < last_week else None,
    )


def _cell_view(cell: Cell, reader: CellReader, dorpshuis: Dorpshuis, chosen: Collection[Moment] = ()) -> CellView:
    words, reason = wording.status_words(cell), wording.reason(cell, reader.policy)
    return CellView(cell, words, reason, cell.moment in chosen, _can_wait(cell, reader, dorpshuis))


def _full(wish: Wish, reader: CellReader, dorpshuis: Dorpshuis) -> list[CellView]:
    """What was chosen and has no place left."""
    cells = [cell for cell in map(reader.at, wish.moments) if cell.status is Status.VOL]
    return [_cell_view(cell, reader, dorpshuis) for cell in cells]


def _can_wait(cell: Cell, reader: CellReader, dorpshuis: Dorpshuis) -> bool:
    """Whether one can be mailed when a place comes; the switch is asked only for what is full."""
    can = can_wait(reader.supply, cell, reader.now, known_guest=reader.known_guest)
    return can and messages_of(dorpshuis).waiting_list


def hours_of(part: Dagdeel, days: list[Day]) -> tuple[Dagdeel, time | None, time | None]:
    """The clock times of this dagdeel as the week has them first."""
    for day in days:
        cell = day.cells[part.order].cell
        if cell.begin is not None:
            return part, cell.begin, cell.end
    return part, None, None


def _next_free(upcoming: list[Cell], wish: Wish, dorpshuis: Dorpshuis) -> list[NextFree]:
    """The first day with a free desk, a line per dagdeel (the first two)."""
    found = []
    for cell in upcoming[:2]:
        url = url_to_choose(dorpshuis.slug, cell.moment, wish)
        day = wording.near_day_words(cell.moment.date)
        words = {"day": day, "part": dagdeel(cell.moment.dagdeel), "places": wording.places_words(cell).lower()}
        found.append(NextFree(gettext("%(day)s: %(part)s %(places)s") % words, url))
    return found
