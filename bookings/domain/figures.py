"""What the figures mean. Each slot (a desk on a date in a dagdeel) has one fate; the figures are sums of those.

A changed formula is a new `VERSION`: what was closed under another one stays as it was (rule 10). The page
`/cijfers/uitleg/` says each of these in a sentence.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

from bookings.domain.availability import OpeningSpan, Supply, begins_at, open_desks, opening_on
from bookings.domain.dagdelen import Dagdeel, Moment

VERSION = 1
# No percentage of fewer offered slots: it would say too little.
FEWEST_FOR_RATE = 20
# Who was there on so many days within so many days.
LOOKING_BACK = timedelta(days=90)
RETURNING, REGULAR = 2, 4
TOGETHER = 2


class Fate(StrEnum):
    """What became of a slot."""

    FREE = "free"
    USED = "used"
    ASSUMED = "assumed"
    NO_SHOW = "no_show"
    LATE_CANCELLED = "late_cancelled"
    CLOSED = "closed"


# The state of a booking, as its table has it, and the fate it gives its slot. All other states give none.
FATE_OF_STATE = {
    "used": Fate.USED,
    "booked": Fate.ASSUMED,
    "no_show": Fate.NO_SHOW,
    "late_cancelled": Fate.LATE_CANCELLED,
}
COUNTED_STATES = tuple(FATE_OF_STATE)
# Somebody said so on the day: then the slot was there, whatever the schedule says.
TICKED = (Fate.USED, Fate.NO_SHOW)
THERE = (Fate.USED, Fate.ASSUMED)


class Place(StrEnum):
    """What the schedule says of a slot: offered, shut by a closure, or not there at all."""

    OFFERED = "offered"
    SHUT = "shut"
    NONE = "none"


def fate_of(place: Place, states: Iterable[str]) -> Fate | None:
    """The one fate of a slot by the bookings in it; None: it is not a slot.

    A slot that was cancelled late and taken again is what became of the second booking. Shut by the house: in
    none of the other counts, unless somebody was ticked there all the same. What was taken outside the offer counts.
    """
    fates = {FATE_OF_STATE[state] for state in states if state in FATE_OF_STATE}
    for fate in TICKED:
        if fate in fates:
            return fate
    if place is Place.SHUT:
        return Fate.CLOSED
    if Fate.ASSUMED in fates:
        return Fate.ASSUMED
    if place is Place.NONE:
        return None
    return Fate.LATE_CANCELLED if Fate.LATE_CANCELLED in fates else Fate.FREE


@dataclass(frozen=True, slots=True)
class SlotFigures:
    """Counts of slots, and of dagdelen on a date (`dagdelen`, `full`, `together`). They add up.

    `used` holds `assumed`; `standing` and `social` are parts of `used`; `cents` is what is owed for them.
    """

    offered: int = 0
    used: int = 0
    assumed: int = 0
    no_show: int = 0
    late_cancelled: int = 0
    closed: int = 0
    standing: int = 0
    social: int = 0
    dagdelen: int = 0
    full: int = 0
    together: int = 0
    cents: int = 0

    def __add__(self, other: "SlotFigures") -> "SlotFigures":
        return SlotFigures(*(getattr(self, name) + getattr(other, name) for name in COUNTS))

    @classmethod
    def total(cls, parts: Iterable["SlotFigures"]) -> Self:
        """The sum of these."""
        found = list(parts)
        return cls(*(sum(getattr(part, name) for part in found) for name in COUNTS))

    @property
    def booked(self) -> int:
        """Every booked slot ends as exactly one of these."""
        return self.used + self.no_show + self.late_cancelled

    @property
    def occupancy(self) -> float | None:
        """bezettingsgraad: used of offered in percent; None under twenty offered."""
        return rate(self.used, self.offered)

    @property
    def booking_rate(self) -> float | None:
        """reserveringsgraad: booked of offered in percent; None under twenty offered."""
        return rate(self.booked, self.offered)

    @property
    def is_empty(self) -> bool:
        return self == SlotFigures()


COUNTS = tuple(field.name for field in fields(SlotFigures))


def rate(part: int, whole: int) -> float | None:
    """`part` of `whole` in percent with one decimal, half up; None when `whole` is too small to say."""
    if whole < FEWEST_FOR_RATE:
        return None
    return (2000 * part + whole) // (2 * whole) / 10


# --- counting ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken:
    """A booking as the figures see it. `guest`: whose, by number; `known`: she can be told from others."""

    desk_id: int
    moment: Moment
    state: str
    cents: int = 0
    tariff: str = ""
    paid: str = ""
    standing: bool = False
    social: bool = False
    guest: int = 0
    known: bool = True


Weekly = tuple[int, Dagdeel]  # a weekday (0 is Monday) and a dagdeel
Visit = tuple[int, date]  # a guest by number, and a day on which she was there
Income = dict[tuple[str, str], tuple[int, int]]  # by tariff and payment kind ("": still open): slots and cents


@dataclass(frozen=True)
class Counted:
    """All that a house's month gives: per weekday and dagdeel, the income, and who was there on which day."""

    weekly: Mapping[Weekly, SlotFigures]
    income: Income
    visits: frozenset[Visit]

    @property
    def total(self) -> SlotFigures:
        return SlotFigures.total(self.weekly.values())


def count(supply: Supply, rows: Mapping[Moment, Sequence[Taken]], days: Iterable[date], now: datetime) -> Counted:
    """Count these days of one house, as far as they have begun at `now` (aware)."""
    weekly: defaultdict[Weekly, SlotFigures] = defaultdict(SlotFigures)
    income: defaultdict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    visits: set[Visit] = set()
    for moment in (Moment(day, part) for day in days for part in Dagdeel):
        opening = opening_on(supply, moment)
        taken = begun(moment, opening, rows.get(moment, ()), now)
        if (opening is None and not taken) or begins_at(supply, moment) > now:
            continue
        fates = slot_fates(supply, moment, opening, taken)
        weekly[moment.date.weekday(), moment.dagdeel] += _figures(fates)
        for row in (row for fate, row in fates if row is not None):
            slots, cents = income[row.tariff, row.paid]
            income[row.tariff, row.paid] = slots + 1, cents + due(row)
        visits |= {(row.guest, moment.date) for fate, row in fates if row and row.known and fate in THERE}
    return Counted(dict(weekly), dict(income), frozenset(visits))


def begun(moment: Moment, opening: OpeningSpan | None, taken: Sequence[Taken], now: datetime) -> Sequence[Taken]:
    """The bookings of this dagdeel that count at `now` (aware), once it has begun.

    Without a line in the schedule nobody can tell when it begins: who was ticked was there, the others count after
    that day.
    """
    if opening is not None or moment.date < now.date():
        return taken
    return [row for row in taken if FATE_OF_STATE.get(row.state) in TICKED]


def is_shut(supply: Supply, moment: Moment, desk_id: int) -> bool:
    """Whether the house shut this slot: who is booked in it and was not ticked, was not there."""
    return _places(supply, moment, opening_on(supply, moment)).get(desk_id) is Place.SHUT


def slot_fates(
    supply: Supply, moment: Moment, opening: OpeningSpan | None, taken: Sequence[Taken]
) -> list[tuple[Fate, Taken | None]]:
    """The fate of each slot of this dagdeel, with the booking that decided it."""
    places = _places(supply, moment, opening)
    by_desk: defaultdict[int, list[Taken]] = defaultdict(list)
    for row in taken:
        by_desk[row.desk_id].append(row)
    found = []
    for desk in places.keys() | by_desk.keys():
        rows = by_desk.get(desk, [])
        fate = fate_of(places.get(desk, Place.NONE), (row.state for row in rows))
        if fate is not None:
            found.append((fate, next((row for row in rows if FATE_OF_STATE.get(row.state) is fate), None)))
    return found


def due(row: Taken) -> int:
    """What is owed for it, in cents; nothing when the house let her off."""
    return 0 if row.paid == "waived" else row.cents


def _places(supply: Supply, moment: Moment, opening: OpeningSpan | None) -> dict[int, Place]:
    if opening is None or not supply.takes_bookings:
        return {}
    found = dict.fromkeys(open_desks(supply, moment, opening)[0], Place.OFFERED)
    if supply.closures:
        there = open_desks(replace(supply, closures=()), moment, opening)[0]
        found |= {desk: Place.SHUT for desk in there if desk not in found}
    return found


def _figures(fates: Sequence[tuple[Fate, Taken | None]]) -> SlotFigures:
    """The counts of one dagdeel on one date."""
    number = {fate: sum(one is fate for one, _ in fates) for fate in Fate}
    there = [row for fate, row in fates if fate in THERE and row is not None]
    offered = len(fates) - number[Fate.CLOSED]
    return SlotFigures(
        offered=offered,
        used=len(there),
        assumed=number[Fate.ASSUMED],
        no_show=number[Fate.NO_SHOW],
        late_cancelled=number[Fate.LATE_CANCELLED],
        closed=number[Fate.CLOSED],
        standing=sum(row.standing for row in there),
        social=sum(row.social for row in there),
        dagdelen=int(offered > 0),
        full=int(offered > 0 and len(there) + number[Fate.NO_SHOW] == offered),
        together=int(len(there) >= TOGETHER),
        cents=sum(due(row) for _, row in fates if row is not None),
    )


# --- persons ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """Counts of people who were there in a period. They do not add up."""

    unique: int = 0
    new: int = 0
    returning: int = 0
    regular: int = 0


def count_persons(days_of: Mapping[object, Iterable[date]], first: date, last: date) -> PersonFigures:
    """Count who was there between two days (both included).

    `days_of`: of each person the days on which she was there, from as early as she can be known. New: never before
    `first`. Returning and regular: on some day of the period it was her second (fourth) day within ninety.
    """
    unique = new = returning = regular = 0
    for days in days_of.values():
        came = sorted({day for day in days if day <= last})
        here = [number for number, day in enumerate(came) if day >= first]
        if not here:
            continue
        unique += 1
        new += here[0] == 0
        returning += _any_streak(came, here, RETURNING)
        regular += _any_streak(came, here, REGULAR)
    return PersonFigures(unique, new, returning, regular)


def _any_streak(came: Sequence[date], here: Iterable[int], number: int) -> bool:
    """Whether one of these days was at least the `number`th within ninety days."""
    return any(n >= number - 1 and came[n] - came[n - number + 1] <= LOOKING_BACK for n in here)
