"""A standing place as a rule: which dates it wants, which of those a holiday takes, and when somebody should ask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from bookings.domain.dagdelen import Dagdeel

WEEK = timedelta(weeks=1)
# As far ahead as one is agreed on, and how far beyond the booking window its dates are written.
LONGEST = timedelta(days=2 * 365)
WRITTEN_BEYOND = timedelta(days=7)
ASKED_BEFORE = timedelta(days=31)
UNUSED_IN_A_ROW = 3
_SUNDAY = 6


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the arithmetic that Spencer Jones printed in 1922 (after Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * ell) // 451
    month, day = divmod(h + ell - 7 * m + 114, 31)
    return date(year, month, day + 1)


def kings_day(year: int) -> date:
    """27 April, or the day before when that is a Sunday."""
    day = date(year, 4, 27)
    return day - timedelta(days=1) if day.weekday() == _SUNDAY else day


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The days on which hardly anybody works in the Netherlands (Algemene termijnenwet, article 3).

    Without Good Friday and Liberation Day: those are days off by agreement only, and a house may be open.
    """
    sunday = easter(year)
    moving = {sunday + timedelta(days=n) for n in (0, 1, 39, 49, 50)}
    return frozenset(moving | {date(year, 1, 1), kings_day(year), date(year, 12, 25), date(year, 12, 26)})


@dataclass(frozen=True, slots=True)
class Pattern:
    """A weekday (0 is Monday) and a dagdeel, each `every` weeks from a day until a day, both included."""

    weekday: int
    dagdeel: Dagdeel
    first_day: date
    last_day: date
    every: int = 1
    skip_holidays: bool = True

    def dates(self, first: date, last: date) -> Iterator[date]:
        """The dates it has between two days (both included), holidays too: `is_skipped` tells those apart.

        Every other week is counted from the first date of all, whatever period is asked for.
        """
        step = WEEK * self.every
        day = self.first_day + timedelta(days=(self.weekday - self.first_day.weekday()) % 7)
        day += max(0, -(-(first - day).days // step.days)) * step
        while day <= min(last, self.last_day):
            yield day
            day += step

    def is_skipped(self, day: date) -> bool:
        """Whether a public holiday takes this date."""
        return self.skip_holidays and day in public_holidays(day.year)


def asks_about_end(last_day: date, today: date) -> bool:
    """Whether it is time to ask if it should go on: in the last month."""
    return last_day - ASKED_BEFORE <= today <= last_day


def unused_streak(came: Sequence[bool]) -> int:
    """How many dates in a row nobody came, up to the last one; 0 as long as it is too few to ask about.

    `came`: of each past date that was not given back whether somebody was there, in order.
    """
    count = next((n for n, used in enumerate(reversed(came)) if used), len(came))
    return count if count >= UNUSED_IN_A_ROW else 0
