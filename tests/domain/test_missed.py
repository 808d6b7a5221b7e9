"""When a guest who stayed away may be mailed: on working days, by day."""

from datetime import UTC, datetime

import pytest

from bookings.domain.dagdelen import AMSTERDAM
from bookings.domain.missed import may_send, may_write, next_writing


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026: the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("now", "writes", "sends"),
    [
        (at(20, 8, 59), False, False),
        (at(20, 9), False, True),
        (at(20, 10), True, True),
        (at(20, 18, 59), True, True),
        (at(20, 19), False, True),
        (at(20, 20), False, False),
        (at(21, 12), False, False),
        (at(22, 12), False, False),
        (datetime(2026, 11, 20, 9, 30, tzinfo=UTC), True, True),
    ],
)
def test_only_on_working_days_and_by_day(now: datetime, writes: bool, sends: bool) -> None:
    assert (may_write(now), may_send(now)) == (writes, sends)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(19, 9), at(19, 10)),
        (at(19, 10), at(20, 10)),
        (at(20, 12), at(23, 10)),
        (at(22, 23), at(23, 10)),
        (datetime(2026, 10, 23, 12, tzinfo=AMSTERDAM), datetime(2026, 10, 26, 10, tzinfo=AMSTERDAM)),
    ],
)
def test_it_begins_at_ten_on_the_next_working_day(now: datetime, then: datetime) -> None:
    assert next_writing(now) == then
