"""What the visitor needs: of the house (internet, rust) or of the desk itself. The filters of the search."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop, ngettext_lazy

from bookings import wording
from bookings.domain.availability import BookingPolicy, Cell, Status
from bookings.reader import CellReader
from bookings.wish import Wish
from villages.models import Desk, Dorpshuis, Facility

FIELD = "met"
FAST_MBITS = 100
UNKNOWN_NEED = gettext_noop("Een van je wensen kennen we niet. Daar hebben we niet op gezocht.")
NOT_TOGETHER = gettext_noop("geen bureau dat dit allemaal heeft")


class Need(StrEnum):
    """A wish that can be ticked; the value stands in the address."""

    INTERNET = "snel-internet"
    SIT_STAND = "zit-sta"
    WHEELCHAIR = "rolstoel"
    CALLS = "bellen"
    QUIET = "rustig"

    @property
    def label(self) -> str:
        return gettext(WORDS[self][0]) % {"speed": FAST_MBITS}

    @property
    def icon(self) -> str:
        return WORDS[self][1]

    @property
    def lack(self) -> str:
        """What a house that can't give it has not: "geen zit-stabureau"."""
        return gettext(WORDS[self][2])


# Its label, its icon, what one misses without it.
WORDS = {
    Need.INTERNET: (
        gettext_noop("Snel internet (minstens %(speed)s Mbit/s)"),
        "wifi",
        gettext_noop("geen gemeten snel internet"),
    ),
    Need.SIT_STAND: (gettext_noop("Zit-stabureau"), "lamp-desk", gettext_noop("geen zit-stabureau")),
    Need.WHEELCHAIR: (
        gettext_noop("Bureau voor een rolstoel"),
        "accessibility",
        gettext_noop("geen bureau voor een rolstoel"),
    ),
    Need.CALLS: (gettext_noop("Bellen mag"), "phone", gettext_noop("geen plek om te bellen")),
    Need.QUIET: (gettext_noop("Rustig"), "volume-x", gettext_noop("geen rustige plek")),
}
# How many desks are free, and none: for who asks just this of her desk.
DESK_WORDS = {
    Need.SIT_STAND: (
        ngettext_lazy("%(number)s zit-stabureau vrij", "%(number)s zit-stabureaus vrij", "number"),
        gettext_noop("Geen zit-stabureau vrij"),
    ),
    Need.WHEELCHAIR: (
        ngettext_lazy(
            "%(number)s bureau voor een rolstoel vrij", "%(number)s bureaus voor een rolstoel vrij", "number"
        ),
        gettext_noop("Geen bureau voor een rolstoel vrij"),
    ),
    Need.CALLS: (
        ngettext_lazy("%(number)s bureau vrij om te bellen", "%(number)s bureaus vrij om te bellen", "number"),
        gettext_noop("Geen bureau vrij om te bellen"),
    ),
}
SEVERAL_WORDS = (
    ngettext_lazy("%(number)s passend bureau vrij", "%(number)s passende bureaus vrij", "number"),
    gettext_noop("Geen passend bureau vrij"),
)


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
        return gettext(UNKNOWN_NEED) if self.unknown else ""

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

    @property
    def _desk_words(self) -> tuple[Any, str]:
        return DESK_WORDS[self.of_desk[0]] if len(self.of_desk) == 1 else SEVERAL_WORDS

    def desk_count(self, day: date) -> int:
        """All desks of the house on this day, not only those that will do."""
        return sum(desk.exists_on(day) and not desk.is_table for desk in self.whole.supply.desks)

    def free_words(self, cell: Cell) -> str:
        """ "3 plekken vrij", "1 zit-stabureau vrij" """
        if not self.of_desk:
            return wording.free_words(cell)
        return str(self._desk_words[0] % {"number": cell.free})

    def state_words(self, cell: Cell) -> str:
        """What stands beside the house: the free desks that will do, or why there are none."""
        if self.of_desk and cell.bookable:
            return self.free_words(cell)
        if self.of_desk and cell.status is Status.VOL:
            return gettext(self._desk_words[1])
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
    desks = [desk for desk in reader.desks if not desk.is_table]
    good = [desk.pk for desk in desks if all(_has(desk, need) for need in of_desk)]
    if of_desk and not good:
        missing = [need.lack for need in of_desk if not any(_has(desk, need) for desk in desks)]
        lacks += missing or [gettext(NOT_TOGETHER)]
    if lacks or not of_desk:
        return Fit(house, reader, reader, tuple(lacks))
    return Fit(house, reader, reader.only(good), (), of_desk)


def _has(desk: Desk, need: Need) -> bool:
    return {Need.SIT_STAND: desk.height_adjustable, Need.WHEELCHAIR: desk.wheelchair, Need.CALLS: desk.calls}[need]
