"""The holidays for which a house may close, by arithmetic."""

from datetime import date, timedelta

import pytest

from bookings.domain.holidays import Holiday, coming, feasts, is_covered
from bookings.domain.standing import public_holidays

D = date


def days_of(holiday: Holiday) -> set[date]:
    return {holiday.first_day + timedelta(days=n) for n in range((holiday.last_day - holiday.first_day).days + 1)}


@pytest.mark.parametrize("year", range(2024, 2041))
def test_the_usual_feasts_are_the_public_holidays(year: int) -> None:
    assert set().union(*(days_of(one) for one in feasts(year) if one.usual)) == public_holidays(year)


def test_good_friday_and_liberation_day_are_there_and_not_usual() -> None:
    unusual = [(one.kind, one.first_day) for one in feasts(2027) if not one.usual]
    assert unusual == [("goede-vrijdag", D(2027, 3, 26)), ("bevrijdingsdag", D(2027, 5, 5))]


def test_feasts_of_two_days_are_one() -> None:
    spans = {one.kind: (one.first_day, one.last_day) for one in feasts(2027) if one.first_day != one.last_day}
    assert spans == {
        "pasen": (D(2027, 3, 28), D(2027, 3, 29)),
        "pinksteren": (D(2027, 5, 16), D(2027, 5, 17)),
        "kerst": (D(2027, 12, 25), D(2027, 12, 26)),
    }


def test_a_year_has_each_feast_once() -> None:
    kinds = [one.kind for one in coming([], D(2026, 11, 23))]
    assert sorted(kinds) == sorted(one.kind for one in feasts(2027))


def test_what_is_over_is_not_asked_and_what_goes_on_is() -> None:
    spring = Holiday("voorjaarsvakantie", D(2027, 2, 20), D(2027, 2, 28), is_school=True)
    assert spring in coming([spring], D(2027, 2, 28))
    assert spring not in coming([spring], D(2027, 3, 1))


def test_a_holiday_keeps_its_key_over_new_year() -> None:
    christmas = Holiday("kerstvakantie", D(2026, 12, 19), D(2027, 1, 3), is_school=True)
    assert christmas.from_day(D(2027, 1, 2)).key == christmas.key == "kerstvakantie-2027"


@pytest.mark.parametrize(
    ("spans", "covered"),
    [
        ([], False),
        ([(D(2026, 12, 25), D(2026, 12, 25))], False),
        ([(D(2026, 12, 26), D(2026, 12, 26))], False),
        ([(D(2026, 12, 26), D(2026, 12, 26)), (D(2026, 12, 25), D(2026, 12, 25))], True),
        ([(D(2026, 12, 19), D(2027, 1, 3))], True),
        ([(D(2026, 12, 1), D(2026, 12, 24)), (D(2026, 12, 27), D(2026, 12, 31))], False),
    ],
)
def test_christmas_is_shut_when_both_days_are(spans: list[tuple[date, date]], *, covered: bool) -> None:
    assert is_covered(D(2026, 12, 25), D(2026, 12, 26), spans) is covered
