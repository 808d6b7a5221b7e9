"""What a booking becomes when it is done again each week: per date its price, or why not and what then. Only reads."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from bookings.domain.availability import Cell, Status, last_bookable_day
from bookings.domain.dagdelen import Moment, once_more
from bookings.domain.prices import kept_kind, price_on
from bookings.models import Booking, Reservation
from bookings.models.guest import e164
from bookings.nearby import Nearby, Neighbours
from bookings.reader import CellReader
from portal.base import clock
from portal.base.accounts.models import User
from villages.models import Desk, Dorpshuis

MOST_WEEKS = 26
FARTHEST_KM = 30.0


class Why(StrEnum):
    """Why a date can't be booked in the series."""

    HAD = "had"
    SHUT = "shut"
    DESK = "desk"
    TOO_FAR = "too_far"
    LIMIT = "limit"


@dataclass(frozen=True)
class Member:
    """For whom: the name and number that she keeps here, and the address that she proved; number as +31612345678."""

    name: str
    email: str
    phone: str

    @classmethod
    def of(cls, user: User, address: str, reservation: Reservation) -> Self:
        """Who never told her name, books with the name of the reservation that she does again."""
        return cls(user.name or reservation.name, address, e164(user.phone))


@dataclass(frozen=True)
class Pattern:
    """What repeats: per date of the first week its dagdelen, all at one house, one desk (None: any), one tariff."""

    reservation: Reservation
    first: tuple[tuple[Moment, ...], ...]
    desk: Desk | None
    tariff: str

    @property
    def dorpshuis(self) -> Dorpshuis:
        return self.reservation.dorpshuis

    def dates(self, weeks: int) -> list[tuple[Moment, ...]]:
        """The dagdelen of each date of so many weeks, in order: each date is an order of its own."""
        return [
            tuple(replace(moment, date=moment.date + timedelta(weeks=n)) for moment in moments)
            for n in range(weeks)
            for moments in self.first
        ]


@dataclass(frozen=True)
class Planned:
    """One date of the series. `cents` is what it costs, None when it can't be booked; `why` then says why not.

    `had` is the reservation that she has there already. What then: `parts` are free dagdelen of that day, `any_desk`
    says that another desk is free, `nearby` is the nearest house that is free at the same dagdelen.
    """

    moments: tuple[Moment, ...]
    cents: int | None = None
    tariff: str = ""
    why: Why | None = None
    had: Reservation | None = None
    cell: Cell | None = None
    parts: tuple[Cell, ...] = ()
    any_desk: bool = False
    nearby: Nearby | None = None

    @property
    def day(self) -> date:
        return self.moments[0].date


def pattern_of(reservation: Reservation) -> Pattern | None:
    """What of this reservation (with its house) repeats: what stands or was used. None: nothing does. One query.

    The dates of a standing place come by themselves: they repeat nothing.
    """
    rows = reservation.bookings.filter(standing=None).not_changed().occupying().exclude(state=Booking.State.HELD)
    bookings = list(rows.select_related("desk").in_order())
    if not bookings:
        return None
    desks = {row.desk if row.desk_chosen else None for row in bookings}
    return Pattern(
        reservation,
        _first_week([row.moment for row in bookings]),
        desks.pop() if len(desks) == 1 else None,
        bookings[-1].tariff,
    )


def _first_week(booked: Iterable[Moment]) -> tuple[tuple[Moment, ...], ...]:
    """The dagdelen that repeat, a date for each weekday: the first after all that was booked on that weekday.

    Who booked two Tuesdays at once has one Tuesday a week: no date comes twice.
    """
    by_weekday: defaultdict[int, list[Moment]] = defaultdict(list)
    for moment in booked:
        by_weekday[moment.date.weekday()].append(once_more(moment, clock.today()))
    found = []
    for moments in by_weekday.values():
        first = max(moment.date for moment in moments)
        found.append(tuple(sorted({replace(moment, date=first) for moment in moments})))
    return tuple(sorted(found))


@dataclass
class Plan:
    """The dates of a series as the house has them now."""

    pattern: Pattern
    dates: list[Planned]
    last_day: date

    @property
    def bookable(self) -> list[Planned]:
        return [planned for planned in self.dates if planned.cents is not None]

    @property
    def total_cents(self) -> int:
        return sum(planned.cents or 0 for planned in self.dates)


def plan(pattern: Pattern, member: Member, dates: Sequence[tuple[Moment, ...]]) -> Plan:
    """Look at each of these dates. At most fourteen queries, whatever the number of dates and houses."""
    house, asked = pattern.dorpshuis, [moment for moments in dates for moment in moments]
    reader = CellReader.read(house, [moment.date for moment in asked], known_guest=True)
    had = _had(house, member, asked)
    room = house.guest_limit - Booking.objects.coming_of_contact(house, member.email, member.phone).count()
    found = []
    for moments in dates:
        planned = _look(pattern, reader, moments, had)
        if planned.cents is not None and len(moments) > min(room, house.order_limit):
            planned = Planned(moments, why=Why.LIMIT)
        room -= len(moments) if planned.cents is not None else 0
        found.append(planned)
    return Plan(pattern, _with_alternatives(house, reader, found), last_bookable_day(reader.policy, reader.now))


def _had(house: Dorpshuis, member: Member, asked: Collection[Moment]) -> dict[Moment, Reservation]:
    """What she has there already. By her proven address alone: a number can be somebody else's."""
    rows = Booking.objects.filter(dorpshuis=house, date__in={moment.date for moment in asked}).occupying()
    return {row.moment: row.reservation for row in rows.confirmed_to(member.email).select_related("reservation")}


def _look(pattern: Pattern, reader: CellReader, moments: tuple[Moment, ...], had: dict[Moment, Reservation]) -> Planned:
    """One date by itself: the limit is not looked at."""
    first_had = next((had[moment] for moment in moments if moment in had), None)
    if first_had is not None:
        return Planned(moments, why=Why.HAD, had=first_had)
    cells = [reader.at(moment) for moment in moments]
    shut = next((cell for cell in cells if not cell.bookable), None)
    if shut is not None:
        return Planned(moments, why=Why.TOO_FAR if shut.status is Status.NOG_NIET else Why.SHUT, cell=shut)
    if pattern.desk is not None:
        taken = next((cell for cell in cells if pattern.desk.pk not in cell.choosable_ids), None)
        if taken is not None:
            return Planned(moments, why=Why.DESK, cell=taken)
    tariffs, day = reader.supply.tariffs, moments[0].date
    tariff = kept_kind(tariffs, pattern.tariff, day) or ""
    return Planned(moments, (price_on(tariffs, tariff, day) or 0) * len(moments), tariff)


def _with_alternatives(house: Dorpshuis, reader: CellReader, dates: list[Planned]) -> list[Planned]:
    """What then, for what is full, shut or without her desk (rule 8)."""
    lost = [planned for planned in dates if planned.why in (Why.SHUT, Why.DESK)]
    neighbours = Neighbours.read(house, [moment for planned in lost for moment in planned.moments], reader.now)
    return [_instead(planned, reader, neighbours) if planned in lost else planned for planned in dates]


def _instead(planned: Planned, reader: CellReader, neighbours: Neighbours) -> Planned:
    near = neighbours.free_at(planned.moments, most=1, within_km=FARTHEST_KM)
    # Of several dagdelen that day the one that is free; but not the one that she wants, at another desk: `any_desk`.
    hers = planned.moments if planned.why is Why.DESK else ()
    return replace(
        planned,
        parts=tuple(cell for cell in reader.on(planned.day) if cell.bookable and cell.moment not in hers),
        any_desk=planned.why is Why.DESK,
        nearby=near[0] if near else None,
    )
