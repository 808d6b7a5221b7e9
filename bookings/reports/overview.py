"""The coordinator's pages: how the network does, and which house needs help. Totals only, never a guest's name."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bookings.charts import BarChart, HeatMap, MapChart, Place, bubbles, heat
from bookings.domain.figures import rate
from bookings.domain.months import month_of
from bookings.drenthe import spot
from bookings.reports.csv_export import bad_wish
from bookings.reports.filters import choices_of, chosen_of, is_filtered, months_of, query, usual_wish
from bookings.reports.hiding import MUNICIPALITY, NETWORK, OPERATOR
from bookings.reports.hiding import Place as Group
from bookings.reports.months import group_people, reported_houses
from bookings.reports.more import more_of
from bookings.reports.origin import origin_table
from bookings.reports.picture import HousePicture, Picture, draw, period_of, quarter_of
from bookings.reports.trend import trend_chart
from bookings.reports.wish import BadWish, ReportWish
from bookings.reports.words import listed, months_words, period_words, signal_words
from portal.base import clock
from villages.access import coordinators_only
from villages.models import Dorpshuis, HouseRequest

MOST_HELP, MOST_GOOD = 6, 3

Key = Callable[[HousePicture], Any]


def _by_rate(row: HousePicture) -> tuple[bool, float]:
    """Houses of which too little was offered to say come last."""
    return row.slots.occupancy is None, row.slots.occupancy or 0


def _by_help(row: HousePicture) -> tuple[Any, ...]:
    """First the houses that need help, the most urgent first; of the others the emptiest first."""
    return not row.help, row.help[0].urgency if row.help else (), *_by_rate(row)


# How the list can be sorted: the word in the address, and whether the most comes first.
SORTS: dict[str, tuple[Key, bool]] = {
    "hulp": (_by_help, False),
    "naam": (lambda row: (row.house.village.name.casefold(), str(row.house).casefold()), False),
    "bezetting": (_by_rate, False),
    "gebruikt": (lambda row: row.slots.used, True),
    "aangeboden": (lambda row: row.slots.offered, True),
    "verschil": (lambda row: (row.more is None, row.more or 0), False),
}
USUAL_SORT = "hulp"
# The columns of words; the others are numbers.
WORDS = ("naam", "hulp")


@dataclass(frozen=True)
class Notable:
    """A house with what stands out in it, in words (or nothing)."""

    row: HousePicture
    words: str = ""
    is_good: bool = False


@dataclass(frozen=True)
class Head:
    """A column that can be sorted by."""

    words: str
    url: str
    is_chosen: bool
    is_number: bool


@coordinators_only
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """`/bokd/`: the network, or the houses that are chosen, in one month or more; and who wants to join."""
    requests = HouseRequest.objects.open().select_related("village__municipality")
    every = reported_houses()
    if not every:
        return render(request, "bokd/nothing.html", {"requests": requests})
    try:
        picture = read_picture(request.GET, every)
    except BadWish as problem:
        return bad_wish(request, problem)
    origin = origin_context(group_of(picture.wish), picture.wish)
    context = {**_context(picture, request.GET, every), **origin, "requests": requests}
    return render(request, "bokd/overview.html", context)


@coordinators_only
@require_safe
def house_list(request: HttpRequest) -> HttpResponse:
    """`/bokd/dorpshuizen/`: the list alone, with the same choice."""
    every = reported_houses()
    if not every:
        return render(request, "bokd/nothing.html", {})
    try:
        picture = read_picture(request.GET, every)
    except BadWish as problem:
        return bad_wish(request, problem)
    return render(request, "bokd/houses.html", _context(picture, request.GET, every))


def read_picture(asked: QueryDict, every: list[Dorpshuis]) -> Picture:
    """What this address asks for. Without a period the last month that is closed; if there is none, the running one.

    Raises BadWish.
    """
    today = clock.today()
    wish = usual_wish(asked, today)
    picture = draw(wish, today, every)
    if picture.rows or asked.get("van") or asked.get("tot"):
        return picture
    filled = asked.copy()
    filled["van"] = filled["tot"] = f"{month_of(today):%Y-%m}"
    return draw(usual_wish(filled, today), today, every)


def _context(picture: Picture, asked: QueryDict, every: list[Dorpshuis]) -> dict[str, Any]:
    wish, people = picture.wish, _people(picture.wish)
    sort = asked.get("sorteer", "")
    sort = sort if sort.removeprefix("-") in SORTS else USUAL_SORT
    return {
        **common(picture),
        "rows": [_noted(row) for row in _sorted(picture.each, sort)],
        "counted": sum(bool(row.months) for row in picture.each),
        "in_need": sum(bool(row.help) for row in picture.each),
        "heads": _heads(wish, sort),
        "sort": sort,
        "turned": SORTS[sort.removeprefix("-")][1] != sort.startswith("-"),
        "months": months_of(wish, clock.today()),
        "choices": choices_of(wish, every),
        "chosen": chosen_of(wish, every),
        "kept": query(wish),
        "filtered": is_filtered(wish),
        "help": _notable(picture.each, MOST_HELP, good=False),
        "good": _notable(picture.each, MOST_GOOD, good=True),
        "more_help": max(sum(bool(row.help) for row in picture.each) - MOST_HELP, 0),
        "map": map_of(picture),
        "group": group_of(wish),
        "people": people,
        "more_figures": more_of(picture.asked, people),
        "people_period": period_words(period_of(wish)),
    }


def common(picture: Picture) -> dict[str, Any]:
    """What the page of the network and that of a house both show."""
    wish, total = picture.wish, picture.total
    more = None if picture.before is None else total.used - picture.before.used
    return {
        "picture": picture,
        "wish": wish,
        "total": total,
        "period": months_words(wish.first, wish.last),
        "provisional": listed(picture.provisional),
        "social_rate": rate(total.social, total.used),
        "more": more,
        "less": -more if more else 0,
        **charted(picture, trend_chart(picture.trend, wish)),
        "heat": heat_of(picture),
        "week_period": months_words(*picture.week_months),
        "query": query(wish),
        "running": running_month(wish),
    }


def charted(picture: Picture, chart: BarChart) -> dict[str, Any]:
    """The bars and what their table says: each month with what is drawn of it."""
    columns = [bar.column for bar in chart.bars]
    return {"chart": chart, "trend": list(zip(picture.trend, columns, strict=True))}


def running_month(wish: ReportWish) -> dict[str, Any]:
    """The month that runs, when the page does not show it: its address and its first day."""
    month = month_of(clock.today())
    return {} if wish.last == month else {"url": query(replace(wish, first=month, last=month)), "month": month}


def heat_of(picture: Picture) -> HeatMap:
    """The week of all asked houses together."""
    return heat(picture.week)


def map_of(picture: Picture) -> MapChart:
    """The houses on the land by use."""
    places = [
        Place(row.house.village.name, spot(row.house.coordinates), row.slots.used if row.months else None)
        for row in picture.each
    ]
    return bubbles(places, gettext("Gebruikte plekken"))


def group_of(wish: ReportWish) -> Group | None:
    """The group of which people may be shown: the network, one municipality or one operator; no other set."""
    if wish.slugs or wish.region or wish.kind or (wish.municipality and wish.operator):
        return None
    if wish.municipality:
        return MUNICIPALITY, wish.municipality
    return (OPERATOR, wish.operator) if wish.operator else (NETWORK, "")


def origin_context(group: Group | None, wish: ReportWish) -> dict[str, Any]:
    """Where guests of this group come from, in the whole quarter or year that is asked for, else the last quarter."""
    period = quarter_of(wish)
    return {"origin": origin_table(*group, period) if group else None, "origin_period": period_words(period)}


def _people(wish: ReportWish) -> dict[str, str]:
    group = group_of(wish)
    return group_people(*group, period_of(wish)) if group else {}


def _sorted(rows: list[HousePicture], sort: str) -> list[HousePicture]:
    """`-` before the word turns it round; what can't be compared stays last."""
    key, most_first = SORTS[sort.removeprefix("-")]
    by_name = sorted(rows, key=SORTS["naam"][0])
    turned = most_first != sort.startswith("-")
    found = sorted(by_name, key=key, reverse=turned)
    unknown = [row for row in found if isinstance(value := key(row), tuple) and value[0] is True]
    return [row for row in found if row not in unknown] + unknown


def _heads(wish: ReportWish, sort: str) -> list[Head]:
    words = {
        "naam": gettext("Dorpshuis"),
        "hulp": gettext("Dit valt op"),
        "bezetting": gettext("Bezetting"),
        "gebruikt": gettext("Gebruikt"),
        "aangeboden": gettext("Aangeboden"),
        "verschil": gettext("Verschil met een jaar eerder"),
    }
    chosen = sort.removeprefix("-")
    urls = {name: query(wish, sorteer=f"-{name}" if sort == name else name) for name in words}
    return [Head(word, urls[name], name == chosen, name not in WORDS) for name, word in words.items()]


def _notable(rows: list[HousePicture], most: int, *, good: bool) -> list[Notable]:
    """Of each house the most urgent signal, the most urgent first. A house that needs help is not good news too."""
    first = [row for row in rows if row.signals and row.signals[0].is_good is good]
    return [_noted(row) for row in sorted(first, key=lambda row: row.signals[0].urgency)[:most]]


def _noted(row: HousePicture) -> Notable:
    """The house with its most urgent signal."""
    if not row.signals:
        return Notable(row)
    return Notable(row, signal_words(row.signals[0]), row.signals[0].is_good)
