"""The normal week: which rows end and begin when it becomes another from a day on."""

from datetime import date, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.domain.availability import OpeningSpan
from bookings.domain.dagdelen import Dagdeel
from bookings.domain.week import Edit, Hours, Place, Row, changes_after, cut, edit_week, one_day, overlapping, week_on

TUESDAY_MORNING: Place = (1, Dagdeel.OCHTEND)
EIGHT, NINE = Hours(time(8), time(12)), Hours(time(9), time(13))
BEGIN, DECEMBER, JANUARY = date(2020, 1, 1), date(2026, 12, 1), date(2027, 1, 1)
DAY = timedelta(days=1)


def span(hours: Hours, first: date, last: date | None = None, place: Place = TUESDAY_MORNING) -> OpeningSpan:
    return OpeningSpan(*place, hours.begin, hours.end, first, last)


def test_a_dagdeel_that_stays_as_it_is_keeps_its_row() -> None:
    assert edit_week([Row(1, span(EIGHT, BEGIN))], {TUESDAY_MORNING: EIGHT}, DECEMBER).is_empty


def test_a_dagdeel_that_stops_ends_the_day_before() -> None:
    assert edit_week([Row(1, span(EIGHT, BEGIN))], {}, DECEMBER) == Edit({1: DECEMBER - DAY}, frozenset(), ())


def test_other_clock_times_end_a_row_and_begin_one() -> None:
    edit = edit_week([Row(1, span(EIGHT, BEGIN))], {TUESDAY_MORNING: NINE}, DECEMBER)
    assert edit == Edit({1: DECEMBER - DAY}, frozenset(), (span(NINE, DECEMBER),))


def test_a_row_that_would_begin_that_day_never_held_and_goes() -> None:
    assert edit_week([Row(1, span(EIGHT, DECEMBER))], {}, DECEMBER) == Edit({}, frozenset({1}), ())


def test_a_change_that_was_to_come_later_stands() -> None:
    rows = [Row(1, span(EIGHT, BEGIN, JANUARY - DAY)), Row(2, span(NINE, JANUARY))]
    edit = edit_week(rows, {}, DECEMBER)
    assert edit == Edit({1: DECEMBER - DAY}, frozenset(), ())


def test_what_begins_holds_until_the_change_that_was_to_come() -> None:
    rows = [Row(1, span(EIGHT, JANUARY))]
    edit = edit_week(rows, {TUESDAY_MORNING: NINE}, DECEMBER)
    assert edit.begun == (span(NINE, DECEMBER, JANUARY - DAY),)


def test_an_end_that_was_to_come_stays() -> None:
    rows = [Row(1, span(EIGHT, BEGIN, JANUARY - DAY))]
    assert edit_week(rows, {TUESDAY_MORNING: NINE}, DECEMBER).begun == (span(NINE, DECEMBER, JANUARY - DAY),)


def test_an_extra_dagdeel_is_outside_the_week() -> None:
    rows = [Row(1, span(EIGHT, DECEMBER, DECEMBER), once=True)]
    assert (week_on(rows, DECEMBER), edit_week(rows, {}, DECEMBER).is_empty) == ({}, True)


def test_an_extra_dagdeel_holds_on_one_day() -> None:
    assert one_day(TUESDAY_MORNING, EIGHT, DECEMBER).begun == (span(EIGHT, DECEMBER, DECEMBER),)


def test_what_stops_is_named_in_the_order_of_the_week() -> None:
    places: list[Place] = [(1, Dagdeel.MIDDAG), TUESDAY_MORNING, (0, Dagdeel.AVOND)]
    rows = [Row(n, span(EIGHT, BEGIN, place=place)) for n, place in enumerate(places)]
    assert cut(rows, {}, DECEMBER) == [(0, Dagdeel.AVOND), TUESDAY_MORNING, (1, Dagdeel.MIDDAG)]


def test_the_days_on_which_the_week_changes_are_known() -> None:
    rows = [Row(1, span(EIGHT, BEGIN, DECEMBER - DAY)), Row(2, span(NINE, JANUARY))]
    assert changes_after(rows, BEGIN) == [DECEMBER, JANUARY]


def test_a_dagdeel_that_begins_too_early_is_found() -> None:
    hours = {Dagdeel.OCHTEND: EIGHT, Dagdeel.MIDDAG: Hours(time(11), time(17))}
    assert overlapping(hours) is Dagdeel.MIDDAG
    assert overlapping({Dagdeel.OCHTEND: EIGHT, Dagdeel.AVOND: Hours(time(12), time(17))}) is None


WEEKS = st.dictionaries(
    st.tuples(st.integers(0, 1), st.sampled_from(list(Dagdeel))), st.sampled_from([EIGHT, NINE]), max_size=4
)
STEPS = st.lists(st.tuples(st.integers(1, 6), WEEKS), max_size=6)


# On a machine that is busy elsewhere generating itself is slow: that says nothing of the week.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_after_any_changes_the_week_of_each_day_is_as_the_last_that_reached_it(steps: list[tuple[int, dict]]) -> None:  # type: ignore[type-arg]
    """Each change holds from its day until the next day on which the same dagdeel was to change already."""
    rows: list[Row] = []
    number = 0
    for ahead, week in steps:
        day = DECEMBER + ahead * DAY
        before = {n: week_on(rows, DECEMBER + n * DAY) for n in range(ahead)}
        later = changes_after(rows, day)
        edit = edit_week(rows, week, day)
        kept = [Row(row.pk, span_) for row in rows if row.pk not in edit.dropped for span_ in edit.after([row])[:1]]
        rows = kept + [Row(number := number + 1, begun) for begun in edit.begun]
        assert week_on(rows, day) == week
        assert {n: week_on(rows, DECEMBER + n * DAY) for n in range(ahead)} == before
        assert {other for other in changes_after(rows, day) if other not in later} == set()
