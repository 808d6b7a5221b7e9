"""When it can be said who came, until when that can change, and until when a tick can be taken back."""

from datetime import date, datetime, timedelta

from bookings.domain.months import CLOSING_DAY, month_of, shifted
from bookings.domain.policy import UNDO_FOR

# Guests come early.
EARLY = timedelta(hours=1)
MONTHS_PAYABLE = 2


def opens_at(begins: datetime) -> datetime:
    """From when who came can be ticked, for a dagdeel that begins (aware) at `begins`."""
    return begins - EARLY


def first_open_day(today: date) -> date:
    """The first day of which the ticks can still change: of this month, and before it is closed of the last one.

    By the calendar alone: however late a month is closed, its figures come out the same.
    """
    month = month_of(today)
    return shifted(month, -1) if today.day < CLOSING_DAY else month


def first_payable_day(today: date) -> date:
    """The first day of which what was paid can still be written down: of two months ago."""
    return shifted(month_of(today), -MONTHS_PAYABLE)


def can_undo(at: datetime, now: datetime) -> bool:
    """Whether a tick made at `at` (both aware) can still be taken back."""
    return now - at < UNDO_FOR
