"""Until when cancelling is free, and what it costs later."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from bookings.domain.dagdelen import local

GRACE = timedelta(minutes=15)
# For so long the house can take back what it did.
UNDO_FOR = timedelta(minutes=10)


class CancelTerms(Protocol):
    """Until when cancelling is free: a time of day, so many days before. A reservation keeps its own."""

    @property
    def cancel_days_before(self) -> int: ...

    @property
    def cancel_time(self) -> time: ...


def deadline(terms: CancelTerms, day: date) -> datetime:
    """The house's own deadline for a dagdeel on this day, aware (default 17.00 the day before)."""
    return local(day - timedelta(days=terms.cancel_days_before), terms.cancel_time)


def free_until(terms: CancelTerms, day: date, booked_at: datetime) -> datetime:
    """Until when (exclusive) cancelling is free: the deadline, or 15 minutes after booking if that is later."""
    # In UTC: on the clock of the wall the night in which winter time begins holds one hour twice.
    return max(deadline(terms, day), booked_at.astimezone(UTC) + GRACE)


def booked_at_after_change(terms: CancelTerms, day: date, booked_at: datetime, now: datetime) -> datetime:
    """As of when a booking that is changed `now` counts as made; `day` is the day that it leaves.

    Who was free by the deadline begins anew. Who was only within her 15 minutes keeps those: changing
    again and again would else make them last for ever.
    """
    return now if now < deadline(terms, day) else booked_at


@dataclass(frozen=True, slots=True)
class CancelCost:
    """What cancelling one dagdeel costs now."""

    cents: int
    late: bool


def cancel_cost(terms: CancelTerms, day: date, booked_at: datetime, cents: int, now: datetime) -> CancelCost:
    """Free in time; later the dagdeel's own price is due (in cents). The house never makes a guest pay."""
    late = now >= free_until(terms, day, booked_at)
    return CancelCost(cents if late else 0, late)


WAY_IN_FROM = time(18)


def way_in_from(day: date) -> datetime:
    """From when a guest may read how to open the door on this day: 18.00 on the evening before, aware."""
    return local(day - timedelta(days=1), WAY_IN_FROM)


def shows_way_in(day: date, ends: datetime, now: datetime) -> bool:
    """Whether the private way in for a dagdeel on this day may be read now: until that dagdeel `ends`."""
    return way_in_from(day) <= now < ends
