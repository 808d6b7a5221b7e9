"""Until when cancelling is free: the house's deadline, and 15 minutes after booking."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.policy import (
    CancelCost,
    booked_at_after_change,
    cancel_cost,
    deadline,
    free_until,
    shows_way_in,
    way_in_from,
)
from tests.domain.values import MONDAY, POLICY, TUESDAY, at, policy

LONG_BEFORE = at(date(2026, 11, 1), 12)
ONE_SECOND = timedelta(seconds=1)


def test_the_deadline_is_five_in_the_afternoon_of_the_day_before() -> None:
    assert deadline(POLICY, TUESDAY) == at(MONDAY, 17)


def test_a_second_before_the_deadline_is_free() -> None:
    cost = cancel_cost(POLICY, TUESDAY, LONG_BEFORE, 750, at(MONDAY, 17) - ONE_SECOND)
    assert cost == CancelCost(0, late=False)


def test_at_the_deadline_the_price_is_due() -> None:
    cost = cancel_cost(POLICY, TUESDAY, LONG_BEFORE, 750, at(MONDAY, 17))
    assert cost == CancelCost(750, late=True)


def test_a_free_dagdeel_cancelled_late_is_late_and_costs_nothing() -> None:
    assert cancel_cost(POLICY, TUESDAY, LONG_BEFORE, 0, at(MONDAY, 18)) == CancelCost(0, late=True)


def test_with_no_days_before_the_deadline_is_on_the_day_itself() -> None:
    assert deadline(policy(cancel_days_before=0, cancel_time=time(7)), TUESDAY) == at(TUESDAY, 7)


def test_after_the_deadline_a_booking_is_free_to_cancel_for_15_minutes() -> None:
    booked_at = at(MONDAY, 20)
    times = [booked_at + timedelta(minutes=15) - ONE_SECOND, booked_at + timedelta(minutes=15)]
    assert [cancel_cost(POLICY, TUESDAY, booked_at, 750, now).late for now in times] == [False, True]


def test_booked_just_before_the_deadline_is_free_for_15_minutes_too() -> None:
    assert free_until(POLICY, TUESDAY, at(MONDAY, 16, 50)) == at(MONDAY, 17, 5)


def test_the_grace_never_shortens_the_deadline() -> None:
    assert free_until(POLICY, TUESDAY, at(MONDAY, 16, 40)) == at(MONDAY, 17)


# The Monday after: the deadline is on the Sunday on which the clock changed, in its new time.
@pytest.mark.parametrize(
    ("monday", "utc_hour"), [(date(2026, 3, 30), 15), (date(2026, 10, 26), 16), (date(2027, 3, 29), 15)]
)
def test_the_deadline_follows_the_clock_on_the_wall_after_a_change(monday: date, utc_hour: int) -> None:
    sunday = monday - timedelta(days=1)
    assert deadline(POLICY, monday) == datetime.combine(sunday, time(utc_hour), UTC)


# The Sunday itself: its deadline is on the Saturday before, still in the old time.
@pytest.mark.parametrize(
    ("sunday", "utc_hour"), [(date(2026, 3, 29), 16), (date(2026, 10, 25), 15), (date(2027, 3, 28), 16)]
)
def test_the_deadline_follows_the_clock_on_the_wall_before_a_change(sunday: date, utc_hour: int) -> None:
    saturday = sunday - timedelta(days=1)
    assert deadline(POLICY, sunday) == datetime.combine(saturday, time(utc_hour), UTC)


def test_a_day_by_the_clock_spans_25_hours_when_winter_time_begins() -> None:
    on_the_dot = policy(cancel_time=time(8, 30))
    begin = at(date(2026, 10, 25), 8, 30)
    assert begin.timestamp() - deadline(on_the_dot, date(2026, 10, 25)).timestamp() == 25 * 3600


def test_the_15_minutes_are_minutes_also_in_the_night_that_the_clock_changes() -> None:
    booked_at = at(date(2026, 10, 25), 2, 50)  # still summer time: ten minutes later it is 2.00 again
    until = free_until(policy(cancel_days_before=14), date(2026, 10, 25), booked_at)
    assert until.timestamp() - booked_at.timestamp() == 15 * 60


@given(st.integers(0, 14), st.times(), st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 30 * 24 * 60))
def test_free_first_and_due_ever_after(days_before: int, until: time, day: date, minutes: int) -> None:
    rules = policy(cancel_days_before=days_before, cancel_time=until)
    booked_at = at(day, 8).astimezone(UTC) - timedelta(days=20)
    now = booked_at + timedelta(minutes=minutes)
    earlier, later = (cancel_cost(rules, day, booked_at, 750, t).cents for t in (now, now + timedelta(hours=1)))
    assert earlier <= later


def test_a_change_before_the_deadline_begins_anew() -> None:
    now = at(MONDAY, 17) - ONE_SECOND
    assert booked_at_after_change(POLICY, TUESDAY, LONG_BEFORE, now) == now


def test_a_change_after_the_deadline_counts_as_made_when_the_old_booking_was() -> None:
    booked_at = at(MONDAY, 17) - ONE_SECOND
    assert booked_at_after_change(POLICY, TUESDAY, booked_at, at(MONDAY, 17)) == booked_at


# --- the way in -------------------------------------------------------------------------------------------


def test_the_way_in_is_told_from_six_on_the_evening_before_until_the_dagdeel_is_over() -> None:
    ends = at(TUESDAY, 12, 30)
    times = [at(MONDAY, 18) - ONE_SECOND, at(MONDAY, 18), ends - ONE_SECOND, ends]
    assert [shows_way_in(TUESDAY, ends, now) for now in times] == [False, True, True, False]


# The night before each of these Sundays is an hour shorter or longer; the evening before is not.
@pytest.mark.parametrize(
    ("sunday", "from_utc", "until_utc"),
    [(date(2026, 10, 25), 16, 11), (date(2027, 3, 28), 17, 10), (date(2026, 3, 29), 17, 10)],
)
def test_over_a_change_of_clock_the_evening_and_the_end_are_those_on_the_wall(
    sunday: date, from_utc: int, until_utc: int
) -> None:
    opens = datetime.combine(sunday - timedelta(days=1), time(from_utc), UTC)
    ends = datetime.combine(sunday, time(until_utc), UTC)
    assert way_in_from(sunday) == opens
    times = [opens - ONE_SECOND, opens, ends - ONE_SECOND, ends]
    assert [shows_way_in(sunday, at(sunday, 12), now) for now in times] == [False, True, True, False]
