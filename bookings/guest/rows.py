"""A house in a list that asks for no day: what is free there next, its number in the list and on the map."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from bookings import wording
from bookings.domain.availability import Cell
from bookings.guest.near import pin_label
from bookings.guest.needs import Fit
from bookings.wish import Wish, url_to_choose
from portal.base.words import in_zin
from villages.models import Dorpshuis


@dataclass(frozen=True)
class NextCell:
    """The first cell of a house that can be booked, and its words: "4 plekken vrij"."""

    cell: Cell
    words: str

    @property
    def day_words(self) -> str:
        return wording.near_day_words(self.cell.moment.date)


@dataclass(frozen=True)
class HouseRow:
    """A house in the list."""

    number: int
    dorpshuis: Dorpshuis
    far: str
    desks: int
    fact: str
    next: NextCell | None
    url: str
    lacks: tuple[str, ...]

    @property
    def lit(self) -> bool:
        return self.next is not None

    @property
    def label(self) -> str:
        """The name of its link on the map."""
        if self.next is None:
            return pin_label(self.number, self.dorpshuis, gettext("nu geen plek te boeken"))
        when = in_zin(wording.when_words(self.next.cell.moment))
        state = gettext("%(when)s %(places)s") % {"when": when, "places": in_zin(self.next.words)}
        return pin_label(self.number, self.dorpshuis, state)


def house_rows(
    fits: Iterable[Fit], *, source: str = "", far: Mapping[int, str] | None = None, choosing: bool = False
) -> list[HouseRow]:
    """A row for each house in this order. `far`: how far, by its number; `choosing`: the link picks what is free."""
    return [_row(number, one, source, far or {}, choosing=choosing) for number, one in enumerate(fits, start=1)]


def _row(number: int, one: Fit, source: str, far: Mapping[int, str], *, choosing: bool) -> HouseRow:
    house, cells = one.dorpshuis, one.reader.next_bookable()
    words = (one.free_words if one.of_desk else wording.places_words)(cells[0]) if cells else ""
    url = url_of(house, source)
    if cells and choosing:
        url = url_to_choose(house.slug, cells[0].moment, one.wish(cells[0], source))
    return HouseRow(
        number=number,
        dorpshuis=house,
        far=far.get(house.pk) or gettext("gemeente %(municipality)s") % {"municipality": house.village.municipality},
        desks=one.desk_count(one.whole.now.date()),
        fact=gettext("internet %(speed)s Mbit/s") % {"speed": house.internet_down} if house.internet_down else "",
        next=NextCell(cells[0], words) if cells else None,
        url=url,
        lacks=one.lacks,
    )


def url_of(house: Dorpshuis, source: str) -> str:
    """The house's page; it learns where she heard of it."""
    return reverse("house", args=[house.slug]) + (Wish(source=source).query() if source else "")
