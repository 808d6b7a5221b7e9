"""What can be booked: from a house's supply and what is taken to one cell per dagdeel of the week."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bookings.domain.dagdelen import Dagdeel, Moment, local
from bookings.domain.prices import TariffSpan, usual_price


@dataclass(frozen=True, slots=True)
class DeskSpan:
    """A desk and the days on which it exists (its own and its room's, both inclusive).

    A meeting table is booked like a desk by who chooses it, but it is none: it counts nowhere among them.
    """

    desk_id: int
    room_id: int
    first_day: date
    last_day: date | None
    is_table: bool = False

    def exists_on(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class OpeningSpan:
    """A line of the weekly schedule: local clock times, from a day until a day. No rooms: all rooms."""

    weekday: int
    dagdeel: Dagdeel
    begin: time
    end: time
    first_day: date
    last_day: date | None
    room_ids: frozenset[int] = frozenset()
    staffed: bool = True
    by_appointment: bool = False

    def holds_on(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class ClosedSpan:
    """A closure of the house, or of a room, or of some desks.

    It counts for a dagdeel when it stood as that dagdeel ended: `since` it was made, `until` it was taken
    back (aware; None: always). So neither closing nor reopening today changes what was offered before.
    """

    first_day: date
    last_day: date
    dagdelen: frozenset[Dagdeel]
    reason: str
    room_id: int | None = None
    desk_ids: frozenset[int] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def covers(self, moment: Moment, desk: DeskSpan, ends: datetime) -> bool:
        """Whether it takes this desk away at this moment, which ends (aware) at `ends`."""
        if not self.first_day <= moment.date <= self.last_day or moment.dagdeel not in self.dagdelen:
            return False
        if (self.since is not None and ends <= self.since) or (self.until is not None and self.until < ends):
            return False
        if self.desk_ids:
            return desk.desk_id in self.desk_ids
        return self.room_id is None or self.room_id == desk.room_id


@dataclass(frozen=True, slots=True)
class BookingPolicy:
    """How far ahead and how late a guest may book, and until when cancelling is free."""

    window_days: int
    lead_minutes: int
    staffed_only_for_new: bool
    cancel_days_before: int
    cancel_time: time
    order_limit: int
    guest_limit: int


@dataclass(frozen=True, slots=True)
class Supply:
    """All that one house offers, as plain values."""

    takes_bookings: bool
    policy: BookingPolicy
    desks: tuple[DeskSpan, ...]
    openings: tuple[OpeningSpan, ...]
    closures: tuple[ClosedSpan, ...]
    tariffs: tuple[TariffSpan, ...]


class Status(StrEnum):
    """Why a dagdeel can or can't be booked; these words stand in the public JSON."""

    VRIJ = "vrij"
    VOL = "vol"
    GESLOTEN = "gesloten"
    VOORBIJ = "voorbij"
    NOG_NIET = "nog_niet"
    TE_LAAT = "te_laat"
    BELLEN = "bellen"


class Closed(StrEnum):
    """Why a dagdeel is not offered at all."""

    CLOSURE = "closure"
    WEEKDAY = "weekday"
    DAGDEEL = "dagdeel"
    NO_DESKS = "no_desks"


@dataclass(frozen=True, slots=True)
class Cell:
    """One dagdeel of one day in one house. `open_ids` are the offered desks, `free_ids` those not taken.

    `table_ids` are the meeting tables that are open and not taken: in no count, only to be chosen.
    """

    moment: Moment
    status: Status
    begin: time | None = None
    end: time | None = None
    open_ids: tuple[int, ...] = ()
    free_ids: tuple[int, ...] = ()
    cents: int | None = None
    closed: Closed | None = None
    reason: str = ""
    table_ids: tuple[int, ...] = ()

    @property
    def choosable_ids(self) -> tuple[int, ...]:
        """What a guest can choose by name."""
        return (*self.free_ids, *self.table_ids)

    @property
    def offered(self) -> bool:
        return bool(self.open_ids)

    @property
    def bookable(self) -> bool:
        return self.status is Status.VRIJ

    @property
    def bookable_by_house(self) -> bool:
        """Who runs the house also books by phone, and a dagdeel that runs, while it lasts."""
        return self.status in (Status.VRIJ, Status.BELLEN, Status.TE_LAAT) and self.free > 0

    @property
    def free(self) -> int:
        return len(self.free_ids)

    @property
    def total(self) -> int:
        return len(self.open_ids)


def opening_on(supply: Supply, moment: Moment) -> OpeningSpan | None:
    """The schedule's line for this dagdeel on this day: of several, the one that began last.

    Of two that begin on this day the one for this day alone.
    """
    lines = [
        line
        for line in supply.openings
        if line.weekday == moment.date.weekday() and line.dagdeel == moment.dagdeel and line.holds_on(moment.date)
    ]
    return max(lines, key=lambda line: (line.first_day, line.last_day == line.first_day), default=None)


def open_desks(supply: Supply, moment: Moment, opening: OpeningSpan) -> tuple[tuple[int, ...], str | None]:
    """The desks and tables offered at this moment, and the reason of a closure that takes some or all away, if any."""
    ends = local(moment.date, opening.end)
    there = [
        desk
        for desk in supply.desks
        if desk.exists_on(moment.date) and (not opening.room_ids or desk.room_id in opening.room_ids)
    ]
    shut = {desk.desk_id: span.reason for span in supply.closures for desk in there if span.covers(moment, desk, ends)}
    return tuple(d.desk_id for d in there if d.desk_id not in shut), next(iter(shut.values()), None)


def without_tables(supply: Supply, ids: tuple[int, ...]) -> tuple[int, ...]:
    """Of these the desks, which is what "any desk" means."""
    tables = {desk.desk_id for desk in supply.desks if desk.is_table}
    return tuple(desk for desk in ids if desk not in tables) if tables else ids


def cell_at(
    supply: Supply, moment: Moment, taken: Collection[int], now: datetime, *, known_guest: bool = False
) -> Cell:
    """The state of one dagdeel. `taken`: desks with an occupying booking; `now`: aware.

    `known_guest` lifts "staffed dagdelen only for first-time guests" (a volunteer's booking, a member,
    a browser that booked before); what somebody typed never does.
    """
    opening = opening_on(supply, moment)
    if opening is None or not supply.takes_bookings:
        return Cell(moment, Status.GESLOTEN, closed=_why_not_scheduled(supply, moment))
    there, reason = open_desks(supply, moment, opening)
    open_ids = without_tables(supply, there)
    if not open_ids:
        closed = Closed.NO_DESKS if reason is None else Closed.CLOSURE
        return Cell(moment, Status.GESLOTEN, opening.begin, opening.end, closed=closed, reason=reason or "")
    free_ids = tuple(desk for desk in open_ids if desk not in taken)
    cents = usual_price(supply.tariffs, moment.date)
    status = _status(supply.policy, moment, opening, now)
    if status is Status.VRIJ and not free_ids:
        status = Status.VOL
    by_phone = opening.by_appointment or cents is None
    by_phone |= supply.policy.staffed_only_for_new and not opening.staffed and not known_guest
    if status is Status.VRIJ and by_phone:
        status = Status.BELLEN
    tables = tuple(table for table in there if table not in open_ids and table not in taken)
    return Cell(moment, status, opening.begin, opening.end, open_ids, free_ids, cents, table_ids=tables)


def _status(policy: BookingPolicy, moment: Moment, opening: OpeningSpan, now: datetime) -> Status:
    """What the time alone says."""
    if now >= local(moment.date, opening.end):
        return Status.VOORBIJ
    if now >= local(moment.date, opening.begin) - timedelta(minutes=policy.lead_minutes):
        return Status.TE_LAAT
    if moment.date > last_bookable_day(policy, now):
        return Status.NOG_NIET
    return Status.VRIJ


def last_bookable_day(policy: BookingPolicy, now: datetime) -> date:
    """The last day of the booking window, as seen at `now` (local)."""
    return now.date() + timedelta(days=policy.window_days)


def _why_not_scheduled(supply: Supply, moment: Moment) -> Closed:
    lines = [line for line in supply.openings if line.holds_on(moment.date)]
    if any(line.weekday == moment.date.weekday() for line in lines):
        return Closed.DAGDEEL
    return Closed.WEEKDAY


def cells_on(
    supply: Supply, days: Iterable[date], taken: dict[Moment, set[int]], now: datetime, *, known_guest: bool = False
) -> dict[Moment, Cell]:
    """All cells of these days, in order."""
    moments = [Moment(day, part) for day in days for part in Dagdeel]
    return {m: cell_at(supply, m, taken.get(m, ()), now, known_guest=known_guest) for m in moments}


def begins_at(supply: Supply, moment: Moment) -> datetime:
    """When this dagdeel begins; without a line in the schedule at midnight, when the day does."""
    opening = opening_on(supply, moment)
    return local(moment.date, opening.begin if opening else time(0))


def ends_at(supply: Supply, moment: Moment) -> datetime:
    """When this dagdeel is over; without a line in the schedule at midnight, when the day is."""
    opening = opening_on(supply, moment)
    if opening is None:
        return local(moment.date + timedelta(days=1), time(0))
    return local(moment.date, opening.end)
