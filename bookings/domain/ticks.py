"""When it can be said who came, until when that can change, and until when a tick can be taken back."""

from datetime import date, datetime, timedelta

from bookings.domain.policy import UNDO_FOR

# Guests come early.
EARLY = timedelta(hours=1)
MONTHS_OPEN = 2


def opens_at(begins: datetime) -> datetime:
    """From when who came can be ticked, for a dagdeel that begins (aware) at `begins`."""
    return begins - EARLY


def first_open_day(today: date) -> date:
    """The first day of which the ticks can still change: of two months ago.

    Closing a month will move it up to the day after that month.
    """
    months = today.year * 12 + today.month - 1 - MONTHS_OPEN
    return date(months // 12, months % 12 + 1, 1)


def can_undo(at: datetime, now: datetime) -> bool:
    """Whether a tick made at `at` (both aware) can still be taken back."""
    return now - at < UNDO_FOR
