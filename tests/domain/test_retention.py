"""How long things are kept: whole days, and the same answer from either side."""

from datetime import date, timedelta

import pytest

from bookings.domain.retention import TERMS, Kept, Term, after, gone_on, newest_gone, per_month

TWO_YEARS, MONTH, THIRTY_DAYS = Term(months=24), Term(months=1), Term(days=30)


@pytest.mark.parametrize(
    ("last", "term", "gone"),
    [
        (date(2024, 11, 22), TWO_YEARS, date(2026, 11, 23)),
        (date(2024, 2, 29), TWO_YEARS, date(2026, 3, 1)),
        (date(2026, 1, 31), MONTH, date(2026, 3, 1)),
        (date(2027, 12, 31), MONTH, date(2028, 2, 1)),
        (date(2026, 10, 24), THIRTY_DAYS, date(2026, 11, 24)),
    ],
)
def test_the_whole_last_day_is_still_kept(last: date, term: Term, gone: date) -> None:
    assert gone_on(last, term) == gone


def test_a_month_without_that_day_ends_at_its_last() -> None:
    assert after(date(2026, 1, 31), MONTH) == date(2026, 2, 28)


@pytest.mark.parametrize("kept", Kept)
def test_what_is_gone_by_today_is_the_same_from_either_side(kept: Kept) -> None:
    """Over two years with a leap day: what the query asks is what each row would say of itself."""
    term = TERMS[kept]
    for today in (date(2027, 6, 1) + timedelta(days=n) for n in range(800)):
        newest = newest_gone(today, term)
        assert gone_on(newest, term) <= today < gone_on(newest + timedelta(days=1), term)


def test_each_kind_has_its_term() -> None:
    assert set(TERMS) == set(Kept)


def test_days_are_counted_per_month() -> None:
    days = [date(2027, 1, 3), date(2026, 12, 31), date(2027, 1, 30)]
    assert per_month(days) == [(date(2026, 12, 1), 1), (date(2027, 1, 1), 2)]
