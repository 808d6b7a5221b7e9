"""Dagdelen, moments and ISO weeks: read strictly, ordered through the day."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.dagdelen import Dagdeel, Moment, Week, local, once_more, parse_day, runs
from tests.domain.values import MONDAY, TUESDAY
from villages.models import Dagdeel as StoredDagdeel

DAYS = st.dates(date(2000, 1, 3), date(2100, 12, 31))
MOMENTS = st.builds(Moment, DAYS, st.sampled_from(Dagdeel))
# Few days, so that adjoining dagdelen are common.
NEAR = st.builds(Moment, st.dates(MONDAY, MONDAY + timedelta(days=3)), st.sampled_from(Dagdeel))
MIDNIGHTS = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)]


def test_tables_and_rules_know_the_same_dagdelen() -> None:
    assert list(Dagdeel) == StoredDagdeel.values


def test_dagdelen_are_ordered_through_the_day() -> None:
    assert [part.order for part in (Dagdeel.OCHTEND, Dagdeel.MIDDAG, Dagdeel.AVOND)] == [0, 1, 2]


@given(MOMENTS)
def test_a_moment_is_read_as_it_is_written(moment: Moment) -> None:
    assert Moment.parse(str(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_moments_are_ordered_by_date_and_then_through_the_day(one: Moment, other: Moment) -> None:
    assert (one < other) == ((one.date, one.dagdeel.order) < (other.date, other.dagdeel.order))


@given(st.text(max_size=30))
def test_any_other_text_is_no_moment(text: str) -> None:
    try:
        moment = Moment.parse(text)
    except ValueError:
        return
    assert str(moment) == text


def test_a_moment_is_written_with_its_date_and_dagdeel() -> None:
    assert str(Moment(date(2026, 11, 25), Dagdeel.OCHTEND)) == "2026-11-25:ochtend"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-25",
        "2026-11-25:",
        "2026-11-25:nacht",
        "2026-11-25:OCHTEND",
        "2026-11-25:ochtend ",
        "2026-11-25:ochtend\n",
        "2026-11-25 ochtend",
        "20261125:ochtend",
        "2026-W48-3:ochtend",
        "2026-02-29:ochtend",
        "2026-13-01:ochtend",
        "1999-12-31:ochtend",
        "2101-01-01:ochtend",
        "٢٠٢٦-١١-٢٥:ochtend",
        "2026-11-25:ochtend:middag",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the type is the promise; each reason has its own words
        Moment.parse(text)


@pytest.mark.parametrize(
    "text", ["20261125", "2026-W48-3", "٢٠٢٦-١١-٢٥", "2026-2-1", "0001-01-01", "9999-12-31", " 2026-11-25"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        parse_day(text)


def test_the_years_2000_to_2100_are_read() -> None:
    assert [parse_day("2000-01-01"), parse_day("2100-12-31")] == [date(2000, 1, 1), date(2100, 12, 31)]


@pytest.mark.parametrize(
    "text",
    ["0001-W01", "abc", "", "2026-W00", "2026-W54", "2026W48", "2026-W48-3", "2026-w48", "٢٠٢٦-W٤٨", "2026-W48\n"],
)
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Week.parse(text)


def test_week_53_exists_in_2026() -> None:
    assert Week.parse("2026-W53").monday == date(2026, 12, 28)


def test_week_53_does_not_exist_in_2027() -> None:
    with pytest.raises(ValueError, match="Invalid week"):
        Week.parse("2027-W53")


@given(DAYS)
def test_a_week_is_read_as_it_is_written(day: date) -> None:
    assert Week.parse(str(Week.of(day))) == Week.of(day)


@given(DAYS)
def test_a_week_has_seven_days_from_monday_with_the_day_among_them(day: date) -> None:
    week = Week.of(day)
    assert [d.weekday() for d in week.days] == list(range(7))
    assert (day in week.days, week.days[-1]) == (True, week.sunday)


def test_the_first_days_of_a_year_may_belong_to_the_last_week_of_the_year_before() -> None:
    assert str(Week.of(date(2027, 1, 3))) == "2026-W53"


def test_weeks_count_on_over_the_end_of_a_year() -> None:
    assert str(Week.parse("2026-W53").shifted(1)) == "2027-W01"


@given(st.lists(NEAR))
def test_runs_hold_every_moment_once_and_in_order(moments: list[Moment]) -> None:
    assert [moment for run in runs(moments) for moment in run] == sorted(set(moments))


@given(st.lists(NEAR))
def test_within_a_run_each_dagdeel_follows_the_one_before(moments: list[Moment]) -> None:
    pairs = [(one, other) for run in runs(moments) for one, other in zip(run, run[1:], strict=False)]
    assert all(other.follows(one) for one, other in pairs)


@given(st.lists(NEAR))
def test_a_run_is_as_long_as_it_can_be(moments: list[Moment]) -> None:
    found = list(runs(moments))
    assert not any(later[0].follows(earlier[-1]) for earlier, later in zip(found, found[1:], strict=False))


def test_morning_and_evening_do_not_adjoin() -> None:
    morning, evening = Moment(MONDAY, Dagdeel.OCHTEND), Moment(MONDAY, Dagdeel.AVOND)
    assert list(runs([evening, morning])) == [[morning], [evening]]


def test_an_evening_does_not_adjoin_the_next_morning() -> None:
    assert not Moment(TUESDAY, Dagdeel.OCHTEND).follows(Moment(MONDAY, Dagdeel.AVOND))


@pytest.mark.parametrize("day", MIDNIGHTS)
def test_the_clock_shows_half_past_eight_on_a_daylight_saving_sunday(day: date) -> None:
    shown = datetime.fromtimestamp(local(day, time(8, 30)).timestamp(), local(day, time(0)).tzinfo)
    assert (shown.date(), shown.time()) == (day, time(8, 30))


@pytest.mark.parametrize(("day", "hours"), [(MIDNIGHTS[0], 23), (MIDNIGHTS[1], 25), (MIDNIGHTS[2], 23)])
def test_a_daylight_saving_sunday_has_an_hour_less_or_more(day: date, hours: int) -> None:
    seconds = local(day + timedelta(days=1), time(0)).timestamp() - local(day, time(0)).timestamp()
    assert seconds == hours * 3600


def test_a_time_that_summer_time_skips_is_read_as_an_hour_later() -> None:
    skipped, later = local(date(2026, 3, 29), time(2, 30)), local(date(2026, 3, 29), time(3, 30))
    assert skipped.timestamp() == later.timestamp()


def test_a_time_that_comes_twice_is_read_as_the_first() -> None:
    twice, before = local(date(2026, 10, 25), time(2, 30)), local(date(2026, 10, 25), time(1, 30))
    assert twice.timestamp() - before.timestamp() == 3600


# --- once more --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days_ago", "weeks"), [(-30, 1), (-1, 1), (0, 1), (1, 1), (6, 1), (7, 2), (8, 2), (365, 53)])
def test_once_more_is_the_same_dagdeel_next_week_and_never_past(days_ago: int, weeks: int) -> None:
    moment = Moment(date(2026, 11, 25), Dagdeel.MIDDAG)
    today = moment.date + timedelta(days=days_ago)
    assert once_more(moment, today) == Moment(moment.date + timedelta(weeks=weeks), Dagdeel.MIDDAG)
    assert once_more(moment, today).date > today
