"""The figures as a file: a row for each house and month, to be joined with other tables by code and period."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from bookings.domain.months import last_to_close
from bookings.reports.months import HouseMonth, house_figures, reported_houses
from bookings.reports.wish import BadWish, ReportWish, read_wish
from portal.base import clock
from villages.access import coordinators_only
from villages.models import Dorpshuis

COLUMNS = (
    "periode", "gm_code", "gemeente", "kern", "dorpshuis", "aangeboden", "geboekt", "gebruikt", "aangenomen",
    "niet_gekomen", "laat_geannuleerd", "gesloten", "bezettingsgraad", "unieke_gasten", "nieuwe_gasten",
    "terugkerende_gasten", "vaste_plekken", "maatschappelijk", "inkomsten_cent", "definitieversie",
)  # fmt: skip
# So many months are read at once.
AT_ONCE = 6
# What a spreadsheet may take for a formula when a cell begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


@coordinators_only
@require_safe
def report_csv(request: HttpRequest) -> HttpResponse:
    """`?van=2026-01&tot=2026-11` and filters: UTF-8, semicolons, points as decimal signs. 422 says what is wrong."""
    try:
        wish = read_wish(request.GET, clock.today())
        houses = wish.houses(reported_houses())
    except BadWish as problem:
        return bad_wish(request, problem)
    answer = StreamingHttpResponse(lines(wish, houses), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(wish)}.csv"'
    answer["Cache-Control"] = "no-store"
    return cast("HttpResponse", answer)


def bad_wish(request: HttpRequest, problem: BadWish) -> HttpResponse:
    """The page that says why there is no report."""
    return render(request, "bokd/bad_wish.html", {"problem": str(problem)}, status=422)


def file_name(wish: ReportWish) -> str:
    """`naoberplek-2026-01-2026-11`, and that it is provisional until its last month is closed.

    The columns are fixed, and `definitieversie` is a number: so the name says it, and which months these are follows
    from its date.
    """
    ends = "-voorlopig" if wish.last > last_to_close(clock.now()) else ""
    return f"naoberplek-{wish.first:%Y-%m}-{wish.last:%Y-%m}{ends}"


def lines(wish: ReportWish, houses: list[Dorpshuis], *, with_money: bool = True, own: bool = False) -> Iterator[str]:
    """The file, line by line; a few months are read at a time. Always in Dutch: other tables are joined to it.

    Without money that column is empty: who reads it still finds every column in its place. `own`: for the house itself,
    with its people also when it does not share them.
    """
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield writer.writerow(COLUMNS)
    months = wish.months
    for number in range(0, len(months), AT_ONCE):
        part = months[number : number + AT_ONCE]
        for row in house_figures(houses, part[0], part[-1]):
            yield writer.writerow(defused(values(row, with_money=with_money, own=own)))


def values(row: HouseMonth, *, with_money: bool = True, own: bool = False) -> list[str | int]:
    """The columns of one house and month."""
    village, slots, people = row.house.village, row.slots, row.own_people if own else row.people
    with translation.override("nl"):
        name = str(row.house)
    return [
        _month(row.month), village.municipality.gm_code, village.municipality.name, village.name, name,
        slots.offered, slots.booked, slots.used, slots.assumed, slots.no_show, slots.late_cancelled, slots.closed,
        "" if slots.occupancy is None else f"{slots.occupancy:.1f}",
        people["unique"], people["new"], people["returning"],
        slots.standing, slots.social, slots.cents if with_money else "", row.definition,
    ]  # fmt: skip


def defused(cells: Iterable[str | int]) -> list[str | int]:
    """No text that a spreadsheet would run: such a cell gets an apostrophe before it."""
    return [f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA) else cell for cell in cells]


def _month(month: date) -> str:
    return f"{month:%Y-%m}"
