"""Which dates a standing place wants, which holidays take, and when somebody should ask."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.dagdelen import Dagdeel
from bookings.domain.standing import (
    ASKED_BEFORE,
    Pattern,
    asks_about_end,
    easter,
    public_holidays,
    unused_streak,
)

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
LAST = date(2041, 12, 31)


def pattern(first: date, weekday: int = 1, every: int = 1, last: date = LAST, *, skip_holidays: bool = True) -> Pattern:
    return Pattern(weekday, Dagdeel.MIDDAG, first, last, every, skip_holidays)


@pytest.mark.parametrize(
    "sunday", [date(2024, 3, 31), date(2026, 4, 5), date(2027, 3, 28), date(2028, 4, 16), date(2038, 4, 25)]
)
def test_easter_is_where_the_calendars_print_it(sunday: date) -> None:
    assert easter(sunday.year) == sunday


def test_the_holidays_of_2027_are_those_of_the_law() -> None:
    assert sorted(public_holidays(2027)) == [
        date(2027, 1, 1), date(2027, 3, 28), date(2027, 3, 29), date(2027, 4, 27), date(2027, 5, 6),
        date(2027, 5, 16), date(2027, 5, 17), date(2027, 12, 25), date(2027, 12, 26),
    ]  # fmt: skip


def test_kings_day_is_a_day_earlier_when_it_would_be_a_sunday() -> None:
    assert date(2031, 4, 26) in public_holidays(2031)
    assert date(2031, 4, 27) not in public_holidays(2031)


@pytest.mark.parametrize("day", [date(2027, 3, 26), date(2027, 5, 5)])
def test_good_friday_and_liberation_day_are_no_general_day_off(day: date) -> None:
    assert not pattern(day, day.weekday()).is_skipped(day)


@given(DAYS, st.integers(0, 6), st.sampled_from([1, 2]), DAYS, st.integers(0, 120))
def test_every_date_has_the_weekday_and_lies_whole_steps_after_the_first(
    first: date, weekday: int, every: int, since: date, length: int
) -> None:
    rule = pattern(first, weekday, every)
    start = next(rule.dates(first, LAST))
    for day in rule.dates(since, since + timedelta(days=length)):
        assert day.weekday() == weekday
        assert day >= max(first, since)
        assert (day - start).days % (7 * every) == 0


@given(DAYS, st.integers(0, 6), st.sampled_from([1, 2]), st.lists(st.integers(0, 90), min_size=1, max_size=6))
def test_asked_for_piece_by_piece_it_has_the_same_dates_as_at_once(
    first: date, weekday: int, every: int, pieces: list[int]
) -> None:
    found: list[date] = []
    rule, since = pattern(first, weekday, every), first
    for length in pieces:
        until = since + timedelta(days=length)
        found += rule.dates(since, until)
        since = until + timedelta(days=1)
    assert found == list(rule.dates(first, since - timedelta(days=1)))


@given(DAYS, st.integers(0, 400))
def test_nothing_lies_after_its_last_day(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert all(day <= last for day in pattern(first, last=last).dates(first, LAST))


@given(DAYS)
def test_without_the_tick_no_holiday_is_skipped(first: date) -> None:
    rule = pattern(first, skip_holidays=False)
    assert not any(rule.is_skipped(day) for day in rule.dates(first, first + timedelta(days=400)))


@given(DAYS, st.integers(-500, 500))
def test_it_asks_in_the_last_month_alone(last: date, offset: int) -> None:
    today = last - timedelta(days=offset)
    assert asks_about_end(last, today) == (0 <= offset <= ASKED_BEFORE.days)


@pytest.mark.parametrize(
    ("came", "streak"),
    [
        ([], 0),
        ([False, False], 0),
        ([False, False, False], 3),
        ([True, False, False, False, False], 4),
        ([False, False, False, True], 0),
    ],
)
def test_three_dates_without_anybody_are_a_streak_and_one_visit_ends_it(came: list[bool], streak: int) -> None:
    assert unused_streak(came) == streak
