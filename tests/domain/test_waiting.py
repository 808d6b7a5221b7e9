"""Whose turn it is on a waiting list, and for how long."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.availability import cell_at
from bookings.domain.dagdelen import AMSTERDAM, Dagdeel, Moment, local
from bookings.domain.waiting import LAST_CALL, TURN, Steps, Wait, can_wait, may_tell, steps, tells_again, turn_ends
from tests.domain.values import TUESDAY, every_day, make_supply, policy

DAY = date(2026, 11, 24)
NOON = local(DAY, time(12))
SUMMER, WINTER = date(2027, 3, 28), date(2026, 10, 25)  # the nights in which the clock changes
HOUR = timedelta(hours=1)


def wait(number: int, until: datetime | None = None, **fields: bool) -> Wait:
    return Wait(number, until, **fields)


def test_with_time_enough_a_place_is_held_for_two_hours() -> None:
    assert turn_ends(NOON, NOON + 5 * HOUR) == NOON + 2 * HOUR


def test_with_three_hours_left_it_is_held_for_half_of_them() -> None:
    assert turn_ends(NOON, NOON + 3 * HOUR) == NOON + timedelta(minutes=90)


@pytest.mark.parametrize("left", [timedelta(minutes=60), timedelta(minutes=59), timedelta(0), -HOUR])
def test_in_the_last_hour_none_is_offered(left: timedelta) -> None:
    assert turn_ends(NOON, NOON + left) is None


def test_a_minute_before_the_last_hour_one_is() -> None:
    assert turn_ends(NOON, NOON + timedelta(minutes=62)) == NOON + timedelta(minutes=31)


@pytest.mark.parametrize(("hour", "minute"), [(21, 0), (23, 59), (0, 0), (3, 0), (7, 59)])
def test_at_night_none_is_offered(hour: int, minute: int) -> None:
    assert turn_ends(local(DAY, time(hour, minute)), NOON + timedelta(days=5)) is None


@pytest.mark.parametrize(("hour", "minute"), [(8, 0), (20, 59)])
def test_by_day_one_is(hour: int, minute: int) -> None:
    assert turn_ends(local(DAY, time(hour, minute)), NOON + timedelta(days=5)) is not None


def test_a_turn_that_began_in_the_evening_runs_on() -> None:
    assert turn_ends(local(DAY, time(20, 30)), NOON + timedelta(days=5)) == local(DAY, time(22, 30))


def test_no_longer_than_it_can_be_booked() -> None:
    assert turn_ends(NOON, NOON + 5 * HOUR, NOON + HOUR) == NOON + HOUR
    assert turn_ends(NOON, NOON + 5 * HOUR, NOON) is None


@pytest.mark.parametrize("night", [SUMMER, WINTER])
def test_half_of_the_time_left_is_half_of_the_hours_that_pass(night: date) -> None:
    """From nine in the evening before until nine in the morning pass eleven hours, or thirteen."""
    now, begins = local(night - timedelta(days=1), time(20, 59)), local(night, time(9))
    real = begins.astimezone(UTC) - now.astimezone(UTC)
    end = turn_ends(now, begins)
    assert end is not None
    assert end.astimezone(UTC) - now.astimezone(UTC) == min(TURN, real / 2) == TURN
    assert real in (11 * HOUR + timedelta(minutes=1), 13 * HOUR + timedelta(minutes=1))


@pytest.mark.parametrize(("night", "hours"), [(SUMMER, 10), (WINTER, 12), (DAY, 11)])
def test_after_the_night_it_begins_again_at_eight_on_the_wall(night: date, hours: int) -> None:
    evening = local(night - timedelta(days=1), time(21))
    morning = tells_again(evening)
    assert morning == local(night, time(8))
    assert morning.astimezone(UTC) - evening.astimezone(UTC) == hours * HOUR


def test_after_midnight_it_is_the_same_day() -> None:
    assert tells_again(local(DAY, time(3))) == local(DAY, time(8))


def test_by_day_now_is_good() -> None:
    assert tells_again(NOON) == NOON


MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
LEFT = st.timedeltas(timedelta(0), timedelta(days=4))


@given(MOMENTS, LEFT)
def test_whatever_the_hour_it_ends_in_time_and_was_told_by_day(now: datetime, left: timedelta) -> None:
    end = turn_ends(now, now + left)
    if end is None:
        assert left <= LAST_CALL or not may_tell(now)
    else:
        assert now < end <= now + min(TURN, left / 2)
        assert end - now > min(TURN, left / 2) - timedelta(minutes=1)
        assert may_tell(now)


@given(MOMENTS)
def test_when_it_is_told_again_it_may_be(now: datetime) -> None:
    again = tells_again(now)
    assert again >= now
    assert may_tell(again)
    assert again - now <= 12 * HOUR


LINE = [wait(1), wait(2), wait(3)]
BEGINS = NOON + timedelta(days=1)


def test_the_first_has_the_first_turn() -> None:
    assert steps(LINE, 1, NOON, BEGINS) == Steps(given=(1,), until=NOON + TURN)


def test_two_places_are_for_the_first_two() -> None:
    assert steps(LINE, 2, NOON, BEGINS).given == (1, 2)


def test_without_a_place_nothing_happens() -> None:
    assert not steps(LINE, 0, NOON, BEGINS)


def test_when_her_turn_is_over_it_is_for_the_next() -> None:
    line = [wait(1, NOON), wait(2)]
    assert steps(line, 1, NOON, BEGINS) == Steps(over=(1,), given=(2,), until=NOON + TURN)


def test_a_turn_that_ends_in_the_last_hour_is_nobodys() -> None:
    line = [wait(1, NOON), wait(2)]
    assert steps(line, 1, NOON, NOON + HOUR) == Steps(over=(1,))


def test_who_could_not_hear_of_her_turn_stays_on_the_list_and_the_next_goes_first() -> None:
    line = [wait(1, NOON, unheard=True), wait(2)]
    assert steps(line, 1, NOON, BEGINS) == Steps(back=(1,), given=(2,), until=NOON + TURN)
    assert steps(line, 2, NOON, BEGINS).given == (2, 1)


def test_when_nobody_else_waits_she_has_another_turn() -> None:
    assert steps([wait(1, NOON, unheard=True)], 1, NOON, BEGINS) == Steps(back=(1,), given=(1,), until=NOON + TURN)


def test_in_the_last_hour_and_while_it_is_closed_she_only_stays_on_the_list() -> None:
    line = [wait(1, NOON, unheard=True), wait(2)]
    assert steps(line, 1, NOON, NOON + HOUR) == Steps(back=(1,))
    assert steps(line, 1, NOON, BEGINS, is_open=False) == Steps(back=(1,))


def test_who_is_called_keeps_her_turn_though_nothing_is_held() -> None:
    line = [wait(1, NOON + HOUR, holds=False), wait(2)]
    assert not steps(line, 1, NOON, BEGINS)
    assert steps(line, 2, NOON, BEGINS).given == (2,)


def test_who_booked_it_in_another_way_is_passed_over() -> None:
    assert steps([wait(1, has_place=True), wait(2)], 1, NOON, BEGINS).given == (2,)


def test_while_the_house_is_closed_the_list_sleeps() -> None:
    line = [wait(1, NOON + HOUR), wait(2)]
    assert steps(line, 4, NOON, BEGINS, is_open=False) == Steps(back=(1,))


def test_when_the_dagdeel_begins_the_list_ends() -> None:
    line = [wait(1, NOON + HOUR), wait(2)]
    assert steps(line, 4, NOON, NOON) == Steps(ended=(1, 2))


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8), st.integers(0, 6), MOMENTS)
def test_first_come_first_served(kinds: list[tuple[bool, bool]], free: int, now: datetime) -> None:
    line = [wait(number, holds=holds, has_place=has) for number, (holds, has) in enumerate(kinds)]
    todo = steps(line, free, now, now + timedelta(days=2))
    may = [one.number for one in line if not one.has_place]
    assert list(todo.given) == (may[:free] if may_tell(now) else [])
    assert all(a < b for a, b in pairwise(todo.given))


def test_one_can_wait_for_what_is_full_and_for_nothing_else() -> None:
    supply, moment = make_supply(), Moment(TUESDAY, Dagdeel.OCHTEND)
    now = local(TUESDAY - timedelta(days=1), time(12))
    full, free = (cell_at(supply, moment, taken, now) for taken in ({1, 2, 3}, {1, 2}))
    assert can_wait(supply, full, now)
    assert not can_wait(supply, free, now)
    assert not can_wait(supply, cell_at(supply, moment, {1, 2, 3}, local(TUESDAY, time(12))), local(TUESDAY, time(12)))


def test_for_a_dagdeel_that_is_booked_by_phone_only_the_house_puts_somebody_on_the_list() -> None:
    supply = make_supply(openings=every_day(by_appointment=True))
    now = local(TUESDAY - timedelta(days=1), time(12))
    full = cell_at(supply, Moment(TUESDAY, Dagdeel.OCHTEND), {1, 2, 3}, now)
    assert not can_wait(supply, full, now, known_guest=True)
    assert can_wait(supply, full, now, by_house=True)


def test_who_comes_for_the_first_time_does_not_wait_for_a_dagdeel_without_staff() -> None:
    supply = make_supply(openings=every_day(staffed=False), policy=policy(staffed_only_for_new=True))
    now = local(TUESDAY - timedelta(days=1), time(12))
    full = cell_at(supply, Moment(TUESDAY, Dagdeel.OCHTEND), {1, 2, 3}, now)
    assert not can_wait(supply, full, now)
    assert can_wait(supply, full, now, known_guest=True)


def test_the_clock_is_that_of_drenthe() -> None:
    assert may_tell(datetime(2026, 7, 1, 6, 0, tzinfo=UTC))
    assert not may_tell(datetime(2026, 12, 1, 6, 59, tzinfo=UTC))
    assert NOON.tzinfo == AMSTERDAM
