"""The page of the report: which months and houses, what will be in the file, and the file itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bookings.domain.figures import SlotFigures
from bookings.domain.months import QUARTER, YEAR, last_to_close, month_of, shifted
from bookings.reports.filters import choices_of, chosen_of, months_of, query
from bookings.reports.months import HouseMonth, house_figures, reported_houses
from bookings.reports.overview import running_month
from bookings.reports.wish import BadWish, ReportWish, read_wish
from bookings.reports.words import listed, months_words
from portal.base import clock
from portal.base.words import maand
from villages.access import coordinators_only
from villages.models import Dorpshuis

# So many rows are shown; the file has them all.
MOST_ROWS = 400


@dataclass(frozen=True)
class Part:
    """A month of the report. `houses`: so many rows it has in the file, of which `rows` are shown."""

    month: date
    rows: list[HouseMonth]
    houses: int
    total: SlotFigures

    @property
    def is_provisional(self) -> bool:
        return any(row.is_provisional for row in self.rows)


@dataclass(frozen=True)
class Link:
    """A file to be downloaded, or months to be chosen at once."""

    words: str
    url: str
    is_chosen: bool = False


@coordinators_only
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """`/bokd/rapport/?van=2026-01&tot=2026-11` and filters: the rows of the file as a table. 422 says what is wrong."""
    every = reported_houses()
    if not every:
        return render(request, "bokd/nothing.html", {})
    today = clock.today()
    try:
        wish, rows = _read(request.GET, every, today)
    except BadWish as problem:
        usual = read_wish(QueryDict(), today)
        context = {"problem": str(problem), **_choice(usual, every, today)}
        return render(request, "bokd/report.html", context, status=422)
    return render(request, "bokd/report.html", {**_choice(wish, every, today), **_content(wish, rows, every)})


def _read(asked: QueryDict, every: list[Dorpshuis], today: date) -> tuple[ReportWish, list[HouseMonth]]:
    """What this address asks for. Without a period thirteen closed months; if there is none, up to the running one.

    Raises BadWish. At most four queries when all is closed.
    """
    if asked.get("van", "").strip() or asked.get("tot", "").strip():
        wish = read_wish(asked, today)
        return wish, house_figures(wish.houses(every), wish.first, wish.last)
    filled = asked.copy()
    filled["tot"] = f"{last_to_close(clock.now()):%Y-%m}"
    wish = read_wish(filled, today)
    rows = house_figures(wish.houses(every), wish.first, wish.last)
    if rows:
        return wish, rows
    wish = read_wish(asked, today)
    return wish, house_figures(wish.houses(every), wish.first, wish.last)


def _choice(wish: ReportWish, every: list[Dorpshuis], today: date) -> dict[str, Any]:
    """The form: what can be chosen, and what is."""
    return {
        "wish": wish,
        "months": months_of(wish, today),
        "choices": choices_of(wish, every),
        "chosen": chosen_of(wish, every),
        "quick": _quick(wish, today),
    }


def _content(wish: ReportWish, rows: list[HouseMonth], every: list[Dorpshuis]) -> dict[str, Any]:
    """What is in the file."""
    parts = _parts(rows)
    return {
        "period": months_words(wish.first, wish.last),
        "today": clock.today(),
        "provisional": listed(sorted({row.month for row in rows if row.is_provisional})),
        "definitions": sorted({row.definition for row in rows}),
        "houses": len({row.house.pk for row in rows}),
        "asked": len(wish.houses(every)),
        "number": len(rows),
        "parts": parts,
        "shown": sum(len(part.rows) for part in parts),
        "total": SlotFigures.total(row.slots for row in rows),
        "files": files_of(wish),
        "query": query(wish),
        "kept": query(wish),
        "running": running_month(wish),
    }


def files_of(wish: ReportWish) -> list[Link]:
    """The forms in which the report can be had; another one is a line here and a view of its own."""
    return [Link(gettext("Download het bestand (CSV)"), reverse("report-csv") + query(wish))]


def _parts(rows: Sequence[HouseMonth]) -> list[Part]:
    """By month, in the order of the file, up to the most that is shown; a month is not begun without a row of it."""
    found, room = [], MOST_ROWS
    for month, group in groupby(rows, key=lambda row: row.month):
        of_month = list(group)
        if room <= 0:
            break
        total = SlotFigures.total(row.slots for row in of_month)
        found.append(Part(month, of_month[:room], len(of_month), total))
        room -= len(of_month)
    return found


def _quick(wish: ReportWish, today: date) -> list[Link]:
    """Periods that are asked for often: the last closed month and quarter, this year and the one before."""
    last, running = last_to_close(clock.now()), month_of(today)
    quarter = shifted(last, -(last.month % QUARTER))
    year = running.replace(month=1)
    periods = (
        (maand(last), last, last),
        (months_words(shifted(quarter, 1 - QUARTER), quarter), shifted(quarter, 1 - QUARTER), quarter),
        (gettext("%(year)d tot nu toe") % {"year": year.year}, year, running),
        (str(year.year - 1), shifted(year, -YEAR), shifted(year, -1)),
    )
    return [
        Link(words, query(replace(wish, first=first, last=end)), (first, end) == (wish.first, wish.last))
        for words, first, end in periods
    ]
