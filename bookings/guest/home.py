"""The first page and the list: which houses there are, and what is free next in each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings import wording
from bookings.domain.availability import Cell
from bookings.guest.house import day_words
from bookings.guest.reader import CellReader
from bookings.queries import supplies, taken
from portal.base import clock
from villages.models import Dorpshuis


@dataclass(frozen=True)
class NextCell:
    """The first cell of a house that can be booked."""

    cell: Cell
    day_words: str

    @property
    def words(self) -> str:
        return wording.places_words(self.cell)


@dataclass(frozen=True)
class HouseRow:
    """A house in the list."""

    dorpshuis: Dorpshuis
    desks: int
    fact: str
    next: NextCell | None


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where the light is on: the houses, with what is free next."""
    return render(request, "home.html", {"rows": house_rows(_open_houses())})


@require_safe
def houses(request: HttpRequest) -> HttpResponse:
    """All houses with a page, also those that are getting ready."""
    public = list(Dorpshuis.objects.public().with_place())
    aspirants = [house for house in public if not house.takes_bookings]
    rows = house_rows(house for house in public if house.takes_bookings)
    return render(request, "houses.html", {"rows": rows, "aspirants": aspirants})


def _open_houses() -> list[Dorpshuis]:
    return [house for house in Dorpshuis.objects.public().with_place() if house.takes_bookings]


def house_rows(dorpshuizen: Iterable[Dorpshuis]) -> list[HouseRow]:
    """A row for each house, in five queries however many there are."""
    found = list(dorpshuizen)
    now = clock.now()
    first, last = now.date(), now.date() + timedelta(days=max((h.window_days for h in found), default=0))
    offers = supplies(found, first, last)
    occupied = taken([house.pk for house in found], first, last, now)
    rows = []
    for house in found:
        reader = CellReader(offers[house.pk], occupied[house.pk], now)
        desks = sum(desk.exists_on(first) for desk in reader.supply.desks)
        rows.append(HouseRow(house, desks, _fact(house), _next(reader)))
    return rows


def _next(reader: CellReader) -> NextCell | None:
    cells = reader.next_bookable()
    if not cells:
        return None
    return NextCell(cells[0], day_words(cells[0].moment.date, reader.now.date()))


def _fact(house: Dorpshuis) -> str:
    """One fact for the list: the measured internet, if any."""
    return f"internet {house.internet_down} Mbit/s" if house.internet_down else ""
