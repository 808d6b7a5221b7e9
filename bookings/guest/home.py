"""The first page and the list: which houses there are, where and when a desk is free."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings import wording
from bookings.domain.availability import Cell
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.guest.map import draw
from bookings.guest.near import near
from bookings.guest.reader import CellReader
from bookings.guest.search import Question, Search, Window, place_of, understand
from portal.base import clock
from villages.models import Dorpshuis, Village


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
    """Where and when: the houses near a place with their desks; unasked, what is free next in each."""
    question = Question.read(request.GET)
    found = _open_houses()
    readers = CellReader.read_all(found)
    villages = list(Village.objects.select_related("municipality"))
    window = _window(found, readers)
    search = understand(question, villages, window)
    context = {"search": search, "window": window, "places": _offered(villages), "parts": list(Dagdeel)}
    context["choices"] = [(place, f"{reverse('home')}{search.query(place)}#gevonden") for place in search.choices]
    if search.clear:
        context |= _answer(search, found, readers, villages)
    else:
        context["rows"] = house_rows(found, readers)
    return render(request, "home.html", context, status=search.status)


def _window(found: list[Dorpshuis], readers: dict[int, CellReader]) -> Window:
    """Between which days one can ask, and the first dagdeel that is free anywhere."""
    today = clock.today()
    last = today + timedelta(days=max((house.window_days for house in found), default=0))
    firsts = [cells[0].moment for reader in readers.values() if (cells := reader.next_bookable())]
    return Window(today, last, min(firsts, default=Moment(today, Dagdeel.OCHTEND)))


def _offered(villages: list[Village]) -> list[str]:
    """The names to choose from; of one that there are two of, with the municipality."""
    places = [place_of(village) for village in villages]
    times = Counter(place.name for place in places)
    return [place.name if times[place.name] == 1 else place.full for place in places]


def _answer(
    search: Search, found: list[Dorpshuis], readers: dict[int, CellReader], villages: list[Village]
) -> dict[str, Any]:
    number = search.place.number if search.place else None
    village = next((village for village in villages if village.pk == number), None)
    answer = near(found, readers, search.moment, village, search.question.source)
    when = wording.when_words(search.moment)
    return {
        "found": answer,
        "any_free": any(row.cell.bookable for row in answer),
        "map": draw(answer, villages, village),
        "heading": f"{when}, dicht bij {village.name}" if village else when,
    }


@require_safe
def houses(request: HttpRequest) -> HttpResponse:
    """All houses with a page, also those that are getting ready."""
    public = list(Dorpshuis.objects.public().with_place())
    aspirants = [house for house in public if not house.takes_bookings]
    found = [house for house in public if house.takes_bookings]
    rows = house_rows(found, CellReader.read_all(found))
    return render(request, "houses.html", {"rows": rows, "aspirants": aspirants})


def _open_houses() -> list[Dorpshuis]:
    return [house for house in Dorpshuis.objects.public().with_place() if house.takes_bookings]


def house_rows(found: Collection[Dorpshuis], readers: Mapping[int, CellReader]) -> list[HouseRow]:
    """A row for each house, with what is free next."""
    rows = []
    for house in found:
        reader = readers[house.pk]
        desks = sum(desk.exists_on(reader.now.date()) for desk in reader.supply.desks)
        rows.append(HouseRow(house, desks, _fact(house), _next(reader)))
    return rows


def _next(reader: CellReader) -> NextCell | None:
    cells = reader.next_bookable()
    if not cells:
        return None
    return NextCell(cells[0], wording.near_day_words(cells[0].moment.date))


def _fact(house: Dorpshuis) -> str:
    """One fact for the list: the measured internet, if any."""
    return f"internet {house.internet_down} Mbit/s" if house.internet_down else ""
