"""The shape of an invented house and its people. Days are counted from the house's first day."""

from dataclasses import dataclass, field
from datetime import time
from typing import Any

OCHTEND, MIDDAG, AVOND = "ochtend", "middag", "avond"
MON, TUE, WED, THU, FRI, SAT = range(6)
WEEKDAYS = (MON, TUE, WED, THU, FRI)


@dataclass(frozen=True, slots=True)
class DeskSpec:
    """A desk: its name, what is special about it (field names), and from and until which day."""

    name: str
    traits: tuple[str, ...] = ()
    since: int = 0
    until: int | None = None


@dataclass(frozen=True, slots=True)
class RoomSpec:
    name: str
    desks: tuple[DeskSpec, ...]
    quiet: str = ""


@dataclass(frozen=True, slots=True)
class LineSpec:
    """A line of the weekly schedule, for some weekdays. `rooms` empty: all rooms."""

    weekdays: tuple[int, ...]
    dagdeel: str
    begin: time
    end: time
    staffed: bool = True
    by_appointment: bool = False
    rooms: tuple[str, ...] = ()
    since: int = 0
    until: int | None = None


@dataclass(frozen=True, slots=True)
class PriceSpec:
    """A tariff. With `then`, another amount from the first New Year after the house's first day on."""

    kind: str
    cents: int
    only_house: bool = False
    then: int | None = None


@dataclass(frozen=True, slots=True)
class RulesSpec:
    bullets: tuple[str, ...]
    since: int = 0


@dataclass(frozen=True, slots=True)
class WayInSpec:
    method: str
    public: str
    private: str = ""
    dagdeel: str = ""


@dataclass(frozen=True, slots=True)
class YearlyClosure:
    """Closed every year between two days (month, day); `last` may lie in the next year."""

    first: tuple[int, int]
    last: tuple[int, int]
    reason: str
    text: str = ""
    dagdelen: tuple[str, ...] = (OCHTEND, MIDDAG, AVOND)


@dataclass(frozen=True, slots=True)
class Incident:
    """Closed at short notice, on this day after the first: it hits bookings."""

    day: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """A guest of one house and her habit.

    `chance`: how likely she comes on one of her weekdays; `sure`: she comes every second week and never cancels;
    `lead`: at least and at most so many days ahead she books.
    """

    key: str
    name: str
    email: str = ""
    phone: str = ""
    postcode: str = ""
    tariff: str = "standaard"
    target_group: str = ""
    source: str = ""
    weekdays: tuple[int, ...] = WEEKDAYS
    dagdelen: tuple[str, ...] = (OCHTEND,)
    chance: float = 1.0
    since: int = 0
    sure: bool = False
    lead: tuple[int, int] = (0, 14)


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many come. `visits`: day guests per week at first and after fourteen months."""

    regulars: int
    visits: tuple[float, float]
    pool: int
    postcodes: tuple[str, ...]
    area: str
    unticked: float = 0.08
    # At most so many taken desks in a dagdeel to come; None: all but one in the next day, then all.
    coming_at_most: int | None = None


@dataclass(frozen=True, slots=True)
class HouseSpec:
    """Everything about one house. `settings` are fields of Dorpshuis."""

    slug: str
    village: str
    settings: dict[str, Any]
    rooms: tuple[RoomSpec, ...]
    schedule: tuple[LineSpec, ...]
    prices: tuple[PriceSpec, ...]
    rules: tuple[RulesSpec, ...]
    ways_in: tuple[WayInSpec, ...]
    facilities: tuple[tuple[str, str, str], ...]
    crowd: Crowd
    photos: tuple[tuple[str, str], ...] = ()  # a drawing, and the words for who can't see it
    people: tuple[Person, ...] = ()
    closures: tuple[YearlyClosure, ...] = ()
    incidents: tuple[Incident, ...] = ()
    operator: str = ""
    joined: int = 0  # days after the demo's first day
    # Only what is past closes this house: its coming weeks are promised to be open.
    stays_open: bool = False
    # Who looks at its day list finds guests to tick, and one to be asked about.
    on_stage: bool = False
    measured_days_ago: int | None = field(default=None)
