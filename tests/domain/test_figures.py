"""What becomes of a slot, and what the sums say."""

from datetime import date, timedelta

import pytest

from bookings.domain.figures import Fate, PersonFigures, Place, SlotFigures, count_persons, fate_of, rate
from bookings.domain.months import Period, Span, closes_at, ends_with, last_to_close, months_between
from tests.factories import at

MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("place", "states", "fate"),
    [
        (Place.OFFERED, (), Fate.FREE),
        (Place.OFFERED, ("used",), Fate.USED),
        (Place.OFFERED, ("booked",), Fate.ASSUMED),
        (Place.OFFERED, ("no_show",), Fate.NO_SHOW),
        (Place.OFFERED, ("late_cancelled",), Fate.LATE_CANCELLED),
        (Place.OFFERED, ("cancelled", "house_cancelled", "held"), Fate.FREE),
        # Given back late and taken again: once, as what became of the second.
        (Place.OFFERED, ("retaken", "used"), Fate.USED),
        (Place.OFFERED, ("late_cancelled", "no_show"), Fate.NO_SHOW),
        # Shut by the house: in none, unless somebody was seen there.
        (Place.SHUT, (), Fate.CLOSED),
        (Place.SHUT, ("booked",), Fate.CLOSED),
        (Place.SHUT, ("late_cancelled",), Fate.CLOSED),
        (Place.SHUT, ("used",), Fate.USED),
        # Not in the schedule: only what was taken all the same.
        (Place.NONE, (), None),
        (Place.NONE, ("late_cancelled",), None),
        (Place.NONE, ("used",), Fate.USED),
        (Place.NONE, ("booked",), Fate.ASSUMED),
    ],
)
def test_a_slot_has_one_fate(place: Place, states: tuple[str, ...], fate: Fate | None) -> None:
    assert fate_of(place, states) is fate


def test_what_is_booked_is_what_became_of_it() -> None:
    figures = SlotFigures(offered=40, used=7, assumed=3, no_show=2, late_cancelled=1)
    assert (figures.booked, figures.occupancy, figures.booking_rate) == (10, 17.5, 25.0)


def test_sums_add_up() -> None:
    one = SlotFigures(offered=3, used=2, assumed=1, cents=1500)
    assert SlotFigures.total([one, one, SlotFigures()]) == one + one
    assert (one + one).cents == 3000


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(1, 19, None), (0, 20, 0.0), (2, 20, 10.0), (1, 24, 4.2), (1, 80, 1.3)]
)
def test_a_percentage_has_one_decimal_and_none_is_given_of_fewer_than_twenty(
    part: int, whole: int, percent: float | None
) -> None:
    assert rate(part, whole) == percent


# --- people -----------------------------------------------------------------------------------------------

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def days(*numbers: int) -> list[date]:
    """Days counted from the first of November."""
    return [FIRST + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (days(-5), PersonFigures()),
        (days(35), PersonFigures()),
        (days(3), PersonFigures(1, 1, 0, 0)),
        (days(3, 3), PersonFigures(1, 1, 0, 0)),
        (days(3, 4), PersonFigures(1, 1, 1, 0)),
        (days(-5, 3), PersonFigures(1, 0, 1, 0)),
        (days(-88, 3), PersonFigures(1, 0, 0, 0)),
        (days(-87, 3), PersonFigures(1, 0, 1, 0)),
        (days(-30, -20, -10, 5), PersonFigures(1, 0, 1, 1)),
        (days(-86, -20, -10, 5), PersonFigures(1, 0, 1, 0)),
        (days(1, 2, 40, 41), PersonFigures(1, 1, 1, 0)),
    ],
)
def test_who_counts_as_what(came: list[date], expected: PersonFigures) -> None:
    assert count_persons({"anna": came}, FIRST, LAST) == expected


# --- months -----------------------------------------------------------------------------------------------


def test_a_month_is_closed_on_the_fifth_of_the_next() -> None:
    assert closes_at(date(2026, 12, 1)) == at(date(2027, 1, 5), 1)
    assert last_to_close(at(date(2027, 1, 5), 0, 59)) == date(2026, 11, 1)
    assert last_to_close(at(date(2027, 1, 5), 1)) == date(2026, 12, 1)


def test_december_ends_a_quarter_and_a_year() -> None:
    assert ends_with(date(2026, 12, 1)) == [
        Period(date(2026, 12, 1)),
        Period(date(2026, 10, 1), Span.QUARTER),
        Period(date(2026, 1, 1), Span.YEAR),
    ]
    assert ends_with(date(2026, 11, 1)) == [Period(date(2026, 11, 1))]
    assert Period(date(2024, 1, 1), Span.QUARTER).last == date(2024, 3, 31)


def test_months_are_whole_and_in_order() -> None:
    assert list(months_between(date(2026, 11, 23), date(2027, 1, 1))) == [
        date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1),
    ]  # fmt: skip
