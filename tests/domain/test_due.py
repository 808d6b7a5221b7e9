"""When something is due by itself, and until when it is of use: also in the nights in which the clock jumps."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bookings.domain.dagdelen import AMSTERDAM, local
from bookings.domain.due import (
    by_day,
    day_list_span,
    is_due,
    month_span,
    nudge_span,
    reminder_at,
    reminder_until,
    weekly_span,
)

DAY = date(2026, 11, 25)
EVE = date(2026, 11, 24)
# The clock goes back in the night to Sunday 25 October 2026, and ahead in that to Sunday 28 March 2027.
BACK, AHEAD = date(2026, 10, 25), date(2027, 3, 28)


def on(day: date, hour: int, minute: int = 0) -> datetime:
    return local(day, time(hour, minute))


@pytest.mark.parametrize(
    ("deadline", "begins", "expected"),
    [
        (on(EVE, 17), on(DAY, 8, 30), on(EVE, 12)),
        (on(EVE, 14), on(DAY, 8, 30), on(EVE, 9)),
        (on(EVE, 13), on(DAY, 8, 30), on(EVE, 9)),
        (on(EVE, 11), on(DAY, 8, 30), on(EVE, 9)),
        (on(EVE, 10, 59), on(DAY, 8, 30), on(EVE - timedelta(days=1), 20)),
        (on(EVE, 0), on(DAY, 8, 30), on(EVE - timedelta(days=1), 19)),
        (on(EVE, 23), on(DAY, 8, 30), on(EVE, 18)),
        (on(EVE, 2), on(DAY, 8, 30), on(EVE - timedelta(days=1), 20)),
        (on(DAY, 17), on(DAY, 8, 30), on(EVE, 20)),
        (on(DAY, 17), on(DAY, 18, 30), on(DAY, 12)),
    ],
)
def test_a_reminder_comes_five_hours_before_free_cancelling_is_over_and_by_day(
    deadline: datetime, begins: datetime, expected: datetime
) -> None:
    assert reminder_at(deadline, begins) == expected


@pytest.mark.parametrize("day", [BACK, AHEAD, BACK - timedelta(days=1), AHEAD - timedelta(days=1), DAY])
@pytest.mark.parametrize("minutes", range(0, 24 * 60, 20))
def test_every_reminder_is_by_day_and_leaves_time_to_cancel(day: date, minutes: int) -> None:
    last = on(day, minutes // 60, minutes % 60)
    found = reminder_at(last, on(day + timedelta(days=1), 8, 30))
    shown = found.astimezone(AMSTERDAM).time()
    assert time(9) <= shown <= time(20)
    assert timedelta(hours=2) <= last.astimezone(UTC) - found.astimezone(UTC) <= timedelta(hours=16)


@pytest.mark.parametrize("night", [BACK, AHEAD])
def test_in_the_night_in_which_the_clock_jumps_it_counts_the_hours_that_pass(night: date) -> None:
    """Of a deadline at 4.00 five hours of waiting end at 22.00 or 0.00, and not at 23.00."""
    found = on(night, 4).astimezone(UTC) - timedelta(hours=5)
    assert found.astimezone(AMSTERDAM).hour == (0 if night == BACK else 22)
    assert reminder_at(on(night, 4), on(night + timedelta(days=1), 8)) == on(night - timedelta(days=1), 20)


@pytest.mark.parametrize("night", [BACK, AHEAD])
def test_the_deadline_of_the_day_of_the_jump_is_reminded_at_noon(night: date) -> None:
    assert reminder_at(on(night, 17), on(night + timedelta(days=1), 8, 30)) == on(night, 12)


def test_it_is_of_use_until_the_deadline_or_until_she_begins() -> None:
    assert reminder_until(on(EVE, 17), on(DAY, 8, 30)) == on(EVE, 17)
    assert reminder_until(on(DAY, 17), on(DAY, 8, 30)) == on(DAY, 8, 30)


def test_by_day_keeps_what_is_by_day() -> None:
    last = on(EVE, 23)
    assert [by_day(on(EVE, hour), last) for hour in (9, 14, 20)] == [on(EVE, 9), on(EVE, 14), on(EVE, 20)]
    assert by_day(on(EVE, 20, 1), last) == on(EVE, 20)


@pytest.mark.parametrize(
    ("now", "due"), [(on(EVE, 11, 59), False), (on(EVE, 12), True), (on(EVE, 16, 59), True), (on(EVE, 17), False)]
)
def test_it_is_due_from_its_time_until_it_is_of_no_use(now: datetime, due: bool) -> None:
    assert is_due(on(EVE, 12), now, on(EVE, 17)) is due


@pytest.mark.parametrize("day", [DAY, BACK, AHEAD])
def test_the_list_of_a_day_is_sent_from_the_chosen_hour_for_three_hours(day: date) -> None:
    assert day_list_span(day, 7) == (on(day, 7), on(day, 10))


@pytest.mark.parametrize("day", [DAY, BACK, AHEAD, BACK - timedelta(days=1), AHEAD - timedelta(days=1)])
def test_who_was_not_ticked_is_asked_about_the_next_morning_until_the_one_after(day: date) -> None:
    assert nudge_span(day) == (on(day + timedelta(days=1), 9), on(day + timedelta(days=2), 9))


@pytest.mark.parametrize("day", [date(2026, 11, 23), DAY, date(2026, 11, 29)])
def test_the_line_of_a_week_comes_on_its_monday_at_eight_until_thursday(day: date) -> None:
    assert weekly_span(day) == (on(date(2026, 11, 23), 8), on(date(2026, 11, 26), 0))


@pytest.mark.parametrize("sunday", [BACK, AHEAD])
def test_a_week_that_ends_or_begins_with_the_jump_has_its_line_at_eight_on_the_wall(sunday: date) -> None:
    monday = sunday + timedelta(days=1)
    assert weekly_span(sunday) == (on(sunday - timedelta(days=6), 8), on(sunday - timedelta(days=3), 0))
    assert weekly_span(monday) == (on(monday, 8), on(monday + timedelta(days=3), 0))
    since = weekly_span(monday)[0].astimezone(UTC) - weekly_span(sunday)[0].astimezone(UTC)
    assert since == timedelta(days=7, hours=1 if sunday == BACK else -1)


@pytest.mark.parametrize("night", [BACK, AHEAD])
@pytest.mark.parametrize("minutes", range(0, 240, 30))
def test_a_month_that_was_closed_in_the_night_of_the_jump_is_told_that_morning(night: date, minutes: int) -> None:
    """Each half hour that passes, so also the hour that the clock shows twice, and not the one that it skips."""
    closed = on(night, 0).astimezone(UTC) + timedelta(minutes=minutes)
    month = (night.replace(day=1) - timedelta(days=1)).replace(day=1)
    assert month_span(month, closed) == (on(night, 8), on(night + timedelta(days=14), 8))


@pytest.mark.parametrize("night", [BACK, AHEAD])
@pytest.mark.parametrize("hour", [20, 21, 22, 23])
def test_late_on_the_eve_of_the_jump_becomes_eight_in_the_evening(night: date, hour: int) -> None:
    eve = night - timedelta(days=1)
    assert by_day(on(eve, hour, 30), on(night, 12)) == on(eve, 20)


@pytest.mark.parametrize("night", [BACK, AHEAD])
@pytest.mark.parametrize("minutes", range(0, 240, 30))
def test_whatever_the_minute_of_that_night_it_becomes_the_morning_or_the_eve(night: date, minutes: int) -> None:
    moment = on(night, 0).astimezone(UTC) + timedelta(minutes=minutes)
    assert by_day(moment, on(night, 11)) == on(night, 9)
    assert by_day(moment, on(night, 10, 59)) == on(night - timedelta(days=1), 20)


@pytest.mark.parametrize(
    ("closed", "begins"),
    [
        (on(date(2026, 4, 5), 1), on(date(2026, 4, 6), 8)),
        (on(date(2026, 4, 6), 8), on(date(2026, 4, 6), 8)),
        (on(date(2026, 4, 6), 9), on(date(2026, 4, 7), 8)),
        (on(date(2026, 4, 9), 2), on(date(2026, 4, 9), 8)),
    ],
)
def test_the_figures_of_a_month_are_sent_on_the_sixth_or_the_morning_after_a_late_closing(
    closed: datetime, begins: datetime
) -> None:
    assert month_span(date(2026, 3, 1), closed) == (begins, begins + timedelta(days=14))
