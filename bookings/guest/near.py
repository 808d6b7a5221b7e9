"""The houses that answer a search: near ones first, each with its free desks or with why not and what then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from bookings import wording
from bookings.domain.availability import Cell, Status
from bookings.domain.dagdelen import Moment, Week
from bookings.domain.distance import distance_km
from bookings.guest.reader import CellReader
from bookings.guest.wish import Wish, url_to_choose
from villages.models import Dorpshuis, Village

IN_PLACE = {Village.Kind.DORP: "in het dorp", Village.Kind.STAD: "in de stad", Village.Kind.WIJK: "in de wijk"}
BY_PHONE = (Status.BELLEN, Status.TE_LAAT)


@dataclass(frozen=True)
class Else:
    """What is free in this house instead, as a link that chooses it."""

    words: str
    url: str


@dataclass(frozen=True)
class Near:
    """A house in the answer: its number in the list and on the map, how far, what is free."""

    number: int
    dorpshuis: Dorpshuis
    far: str
    desks: int
    cell: Cell
    words: str
    url: str
    instead: Else | None

    @property
    def by_phone(self) -> bool:
        return self.cell.status in BY_PHONE

    @property
    def label(self) -> str:
        """The name of its link on the map."""
        return f"{self.number}. {self.dorpshuis} in {self.dorpshuis.village.name}: {self.words.lower()}"


def near(
    dorpshuizen: Iterable[Dorpshuis],
    readers: Mapping[int, CellReader],
    moment: Moment,
    village: Village | None,
    source: str,
) -> list[Near]:
    """The houses by distance from this village (without one by name), at this dagdeel. No query."""
    ways = sorted((_km(house, village), house.name, house.pk, house) for house in dorpshuizen)
    return [
        _near(number, house, _far(house, village, km), readers[house.pk].at(moment), readers[house.pk], source=source)
        for number, (km, _name, _pk, house) in enumerate(ways, start=1)
    ]


def _near(number: int, house: Dorpshuis, far: str, cell: Cell, reader: CellReader, *, source: str) -> Near:
    wish = Wish(source=source)
    url = reverse("house", args=[house.slug]) + wish.query(Week.of(cell.moment.date))
    if cell.bookable:
        url = url_to_choose(house.slug, cell.moment, wish)
    desks = sum(desk.exists_on(cell.moment.date) for desk in reader.supply.desks)
    words = wording.state_words(cell, reader.policy)
    return Near(number, house, far, desks, cell, words, url, _instead(house, cell, reader, wish))


def _instead(house: Dorpshuis, cell: Cell, reader: CellReader, wish: Wish) -> Else | None:
    """The nearest dagdeel of that day or a later one, else an earlier day; none for what can be booked."""
    asked = cell.moment
    if cell.bookable:
        return None
    free = reader.next_bookable(asked.date) or reader.next_bookable()
    if not free:
        return None
    other = min(free, key=lambda other: abs(other.moment.dagdeel.order - asked.dagdeel.order))
    same_day = other.moment.date == asked.date
    when = wording.PART_WORDS[other.moment.dagdeel] if same_day else wording.when_words(other.moment)
    return Else(f"{when}: {wording.free_words(other)}", url_to_choose(house.slug, other.moment, wish))


def _km(house: Dorpshuis, village: Village | None) -> float:
    """How far; nothing when there is no village to measure from, or the house stands in it."""
    if village is None or house.village_id == village.pk:
        return 0
    return distance_km(house.coordinates, (village.latitude, village.longitude))


def _far(house: Dorpshuis, village: Village | None, km: float) -> str:
    if village is None:
        return f"gemeente {house.village.municipality.name}"
    return IN_PLACE[Village.Kind(village.kind)] if house.village_id == village.pk else wording.km_words(km)
