"""The houses that answer a search: near ones first, each with its free desks or with why not and what then."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from bookings import wording
from bookings.domain.availability import Cell, Status
from bookings.domain.dagdelen import Moment, Week
from bookings.domain.distance import distance_km
from bookings.guest.needs import Fit
from bookings.wish import Wish, url_to_choose
from portal.base.words import in_zin
from villages.models import Dorpshuis, Village

IN_PLACE = {
    Village.Kind.DORP: gettext_noop("in het dorp"),
    Village.Kind.STAD: gettext_noop("in de stad"),
    Village.Kind.WIJK: gettext_noop("in de wijk"),
}
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
    lacks: tuple[str, ...] = ()

    @property
    def lit(self) -> bool:
        return self.cell.bookable

    @property
    def by_phone(self) -> bool:
        return self.cell.status in BY_PHONE

    @property
    def label(self) -> str:
        """The name of its link on the map."""
        return pin_label(self.number, self.dorpshuis, in_zin(self.words))


def pin_label(number: int, dorpshuis: Dorpshuis, state: str) -> str:
    """The name of a house's link on the map: its number there, its name, what is free."""
    words = {"number": number, "house": dorpshuis, "village": dorpshuis.village, "state": state}
    return gettext("%(number)s. %(house)s in %(village)s: %(state)s") % words


def near(fits: Iterable[Fit], moment: Moment, village: Village | None, source: str) -> list[Near]:
    """The houses by distance from this village (without one by name), at this dagdeel. No query."""
    ways = sorted(fits, key=lambda one: nearness(one.dorpshuis, village))
    return [
        _near(number, one, far_words(one.dorpshuis, village), one.reader.at(moment), source)
        for number, one in enumerate(ways, start=1)
    ]


def nearness(house: Dorpshuis, village: Village | None) -> tuple[float, str, int]:
    """To sort by: near ones first; by name where the distance is the same, or there is nothing to measure from."""
    return _km(house, village), house.name, house.pk


def _near(number: int, one: Fit, far: str, cell: Cell, source: str) -> Near:
    house = one.dorpshuis
    url = reverse("house", args=[house.slug]) + Wish(source=source).query(Week.of(cell.moment.date))
    if cell.bookable:
        url = url_to_choose(house.slug, cell.moment, one.wish(cell, source))
    return Near(
        number=number,
        dorpshuis=house,
        far=far,
        desks=one.desk_count(cell.moment.date),
        cell=cell,
        words=one.state_words(cell),
        url=url,
        instead=_instead(one, cell, source),
        lacks=one.lacks,
    )


def _instead(one: Fit, cell: Cell, source: str) -> Else | None:
    """The nearest dagdeel of that day or a later one, else an earlier day; none for what can be booked."""
    asked = cell.moment
    if cell.bookable:
        return None
    free = one.reader.next_bookable(asked.date) or one.reader.next_bookable()
    if not free:
        return None
    other = min(free, key=lambda other: abs(other.moment.dagdeel.order - asked.dagdeel.order))
    same_day = other.moment.date == asked.date
    when = wording.part_words(other.moment.dagdeel) if same_day else wording.when_words(other.moment)
    url = url_to_choose(one.dorpshuis.slug, other.moment, one.wish(other, source))
    return Else(f"{when}: {one.free_words(other)}", url)


def _km(house: Dorpshuis, village: Village | None) -> float:
    """How far; nothing when there is no village to measure from, or the house stands in it."""
    if village is None or house.village_id == village.pk:
        return 0
    return distance_km(house.coordinates, (village.latitude, village.longitude))


def far_words(house: Dorpshuis, village: Village | None) -> str:
    """ "in het dorp", "8 km"; without a village to measure from its municipality."""
    if village is None:
        return gettext("gemeente %(municipality)s") % {"municipality": house.village.municipality}
    return (
        gettext(IN_PLACE[Village.Kind(village.kind)])
        if house.village_id == village.pk
        else wording.km_words(_km(house, village))
    )
