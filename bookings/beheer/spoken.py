"""Dagdelen of a guest as somebody of the house says them: on the phone, and on a slip of paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from bookings import wording
from bookings.domain.availability import Supply, ends_at, opening_on
from bookings.domain.policy import free_until
from bookings.models import Booking, Reservation
from portal.base import clock
from villages.models import AccessWay


@dataclass(frozen=True)
class SpokenLine:
    """A dagdeel; times local. `free_until` is None when cancelling costs its price by now, `is_over` when it ended."""

    booking: Booking
    begin: time | None
    end: time | None
    free_until: datetime | None
    is_over: bool

    @property
    def words(self) -> str:
        """ "woensdag 25 november, ochtend" """
        return wording.moment_words(self.booking.moment)

    @property
    def value(self) -> str:
        return str(self.booking.moment)

    @property
    def stands(self) -> bool:
        return self.booking.state == Booking.State.BOOKED

    @property
    def can_cancel(self) -> bool:
        return self.stands and not self.is_over


def spoken_lines(reservation: Reservation, rows: Iterable[Booking], supply: Supply) -> list[SpokenLine]:
    """These bookings with their clock times and until when she can cancel for nothing. No query."""
    now = clock.now()
    lines = []
    for row in rows:
        opening = opening_on(supply, row.moment)
        until = clock.local(free_until(reservation, row.date, row.created_at))
        begin, end = (opening.begin, opening.end) if opening else (None, None)
        is_over = now >= ends_at(supply, row.moment)
        lines.append(SpokenLine(row, begin, end, until if now < until else None, is_over))
    return lines


def ways_in(ways: Iterable[AccessWay], lines: Iterable[SpokenLine]) -> list[AccessWay]:
    """How to get in, in public words, for these dagdelen."""
    parts = {line.booking.dagdeel for line in lines}
    return [way for way in ways if not way.dagdeel or way.dagdeel in parts]
