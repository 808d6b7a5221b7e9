"""What the visitor needs: of the house (internet, rust) or of the desk itself. The filters of the search."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Self

from django.http import QueryDict

from bookings import wording
from bookings.domain.availability import BookingPolicy, Cell, Status
from bookings.reader import CellReader
from bookings.wish import Wish
from villages.models import Desk, Dorpshuis, Facility

FIELD = "met"
FAST_MBITS = 100
UNKNOWN_NEED = "Een van je wensen kennen we niet. Daar hebben we niet op gezocht."
NOT_TOGETHER = "geen bureau dat dit allemaal heeft"


class Need(StrEnum):
    """A wish that can be ticked; the value stands in the address."""

    INTERNET = "snel-internet"
    SIT_STAND = "zit-sta"
    WHEELCHAIR = "rolstoel"
    CALLS = "bellen"
    QUIET = "rustig"

    @property
    def label(self) -> str:
        return WORDS[self][0]

    @property
    def icon(self) -> str:
        return WORDS[self][1]

    @property
    def lack(self) -> str:
        """What a house that can't give it has not: "geen zit-stabureau"."""
        return WORDS[self][2]


# Its label, its icon, what one misses without it.
WORDS = {
    Need.INTERNET: (f"Snel internet (minstens {FAST_MBITS} Mbit/s)", "wifi", "geen gemeten snel internet"),
    Need.SIT_STAND: ("Zit-stabureau", "lamp-desk", "geen zit-stabureau"),
    Need.WHEELCHAIR: ("Bureau voor een rolstoel", "accessibility", "geen bureau voor een rolstoel"),
    Need.CALLS: ("Bellen mag", "phone", "geen plek om te bellen"),
    Need.QUIET: ("Rustig", "volume-x", "geen rustige plek"),
}
# One free desk, several, none: for who asks just this of her desk.
DESK_WORDS = {
    Need.SIT_STAND: ("zit-stabureau vrij", "zit-stabureaus vrij", "Geen zit-stabureau vrij"),
    Need.WHEELCHAIR: (
        "bureau voor een rolstoel vrij",
        "bureaus voor een rolstoel vrij",
        "Geen bureau voor een rolstoel vrij",
    ),
    Need.CALLS: ("bureau vrij om te bellen", "bureaus vrij om te bellen", "Geen bureau vrij om te bellen"),
}
SEVERAL_WORDS = ("passend bureau vrij", "passende bureaus vrij", "Geen passend bureau vrij")


@dataclass(frozen=True)
class Needs:
    """What was ticked, in a fixed order, and whether there was something else that makes no sense."""

    asked: tuple[Need, ...] = ()
    unknown: bool = False

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        """From `?met=zit-sta&met=rustig`; what is no need of ours is only counted as such."""
        values = set(data.getlist(FIELD)) - {""}
        known = tuple(need for need in Need if need.value in values)
        return cls(known, len(known) < len(values))

    @property
    def problem(self) -> str:
        """The one sentence for whatever was not understood; empty when all was."""
        return UNKNOWN_NEED if self.unknown else ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """For an address that asks for the same."""
        return [(FIELD, need.value) for need in self.asked]

    @property
    def options(self) -> list[tuple[Need, bool]]:
        """Every need, and whether it is ticked."""
        return [(need, need in self.asked) for need in Need]


@dataclass(frozen=True)
class Fit:
    """A house beside what is needed: what it lacks, or its reader of just the desks that will do."""

    dorpshuis: Dorpshuis
    whole: CellReader
    reader: CellReader
    lacks: tuple[str, ...] = ()
    of_desk: tuple[Need, ...] = ()

    @property
    def policy(self) -> BookingPolicy:
        return self.whole.policy

    @cached_property
    def _words(self) -> tuple[str, str, str]:
        return DESK_WORDS[self.of_desk[0]] if len(self.of_desk) == 1 else SEVERAL_WORDS

    def desk_count(self, day: date) -> int:
        """All desks of the house on this day, not only those that will do."""
        return sum(desk.exists_on(day) for desk in self.whole.supply.desks)

    def free_words(self, cell: Cell) -> str:
        """ "3 plekken vrij", "1 zit-stabureau vrij" """
        if not self.of_desk:
            return wording.free_words(cell)
        one, several, _ = self._words
        return f"{cell.free} {one if cell.free == 1 else several}"

    def state_words(self, cell: Cell) -> str:
        """What stands beside the house: the free desks that will do, or why there are none."""
        if self.of_desk and cell.bookable:
            return self.free_words(cell)
        if self.of_desk and cell.status is Status.VOL:
            return self._words[2]
        return wording.state_words(cell, self.policy)

    def wish(self, cell: Cell, source: str) -> Wish:
        """To choose this cell; with the first desk that will do, when the need is of the desk."""
        desk = cell.free_ids[0] if self.of_desk and cell.free_ids else None
        return Wish(desk_id=desk, source=source)


def fit(
    dorpshuizen: Collection[Dorpshuis], readers: Mapping[int, CellReader], asked: Collection[Need] = ()
) -> list[Fit]:
    """Each house beside what is asked. One query, and only for what a facility tells."""
    kinds = _facilities(dorpshuizen) if {Need.CALLS, Need.QUIET} & set(asked) else {}
    return [_fit(house, readers[house.pk], asked, kinds.get(house.pk, set())) for house in dorpshuizen]


def best(fits: Iterable[Fit]) -> list[Fit]:
    """The houses that lack nothing; when there is none, all of them."""
    found = list(fits)
    return [one for one in found if not one.lacks] or found


def _facilities(dorpshuizen: Iterable[Dorpshuis]) -> dict[int, set[str]]:
    kinds = (Facility.Kind.CALL, Facility.Kind.QUIET)
    found: defaultdict[int, set[str]] = defaultdict(set)
    rows = Facility.objects.filter(dorpshuis__in=[house.pk for house in dorpshuizen], kind__in=kinds)
    for house, kind in rows.values_list("dorpshuis_id", "kind"):
        found[house].add(kind)
    return found


def _fit(house: Dorpshuis, reader: CellReader, asked: Collection[Need], kinds: Collection[str]) -> Fit:
    of_desk = tuple(need for need in asked if need in DESK_WORDS)
    if Facility.Kind.CALL in kinds:  # a place to phone serves every desk
        of_desk = tuple(need for need in of_desk if need is not Need.CALLS)
    lacks = []
    if Need.INTERNET in asked and (house.internet_down or 0) < FAST_MBITS:
        lacks.append(Need.INTERNET.lack)
    if Need.QUIET in asked and Facility.Kind.QUIET not in kinds:
        lacks.append(Need.QUIET.lack)
    good = [desk.pk for desk in reader.desks if all(_has(desk, need) for need in of_desk)]
    if of_desk and not good:
        missing = [need.lack for need in of_desk if not any(_has(desk, need) for desk in reader.desks)]
        lacks += missing or [NOT_TOGETHER]
    if lacks or not of_desk:
        return Fit(house, reader, reader, tuple(lacks))
    return Fit(house, reader, reader.only(good), (), of_desk)


def _has(desk: Desk, need: Need) -> bool:
    return {Need.SIT_STAND: desk.height_adjustable, Need.WHEELCHAIR: desk.wheelchair, Need.CALLS: desk.calls}[need]
