"""The holidays for which a house may close: the public ones by arithmetic, and what is shut of a holiday already."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bookings.domain.standing import easter, kings_day

A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday of one or more days, both included; `kind` is its name in lower case, without the year.

    `usual`: whether a house is expected to be shut. `sure`: whether all sources agree on its days.
    """

    kind: str
    first_day: date
    last_day: date
    usual: bool = False
    is_school: bool = False
    sure: bool = True

    @property
    def key(self) -> str:
        """Names it in a form and in an address; stays the same while it goes on."""
        return f"{self.kind}-{self.last_day.year}"

    def from_day(self, today: date) -> "Holiday":
        """What is left of it on this day."""
        return replace(self, first_day=max(self.first_day, today))


def feasts(year: int) -> list[Holiday]:
    """The public holidays of a year, in order; Good Friday and Liberation Day are days off by agreement only."""
    sunday, kings = easter(year), kings_day(year)

    def moving(kind: str, after: int, days: int = 1, *, usual: bool = True) -> Holiday:
        first = sunday + timedelta(days=after)
        return Holiday(kind, first, first + timedelta(days=days - 1), usual)

    found = [
        Holiday("nieuwjaarsdag", date(year, 1, 1), date(year, 1, 1), usual=True),
        moving("goede-vrijdag", -2, usual=False),
        moving("pasen", 0, days=2),
        Holiday("koningsdag", kings, kings, usual=True),
        Holiday("bevrijdingsdag", date(year, 5, 5), date(year, 5, 5)),
        moving("hemelvaartsdag", 39),
        moving("pinksteren", 49, days=2),
        Holiday("kerst", date(year, 12, 25), date(year, 12, 26), usual=True),
    ]
    return sorted(found, key=lambda one: one.first_day)


def last_proposed(today: date) -> date:
    """The last day for which a closure is proposed: a year from now."""
    return today + A_YEAR


def coming(school: Iterable[Holiday], today: date) -> list[Holiday]:
    """The holidays that are not over and that end within a year, in order."""
    until = last_proposed(today)
    all_of_them = [*(one for year in range(today.year, until.year + 1) for one in feasts(year)), *school]
    there = (one for one in all_of_them if today <= one.last_day <= until)
    return sorted(there, key=lambda one: (one.first_day, one.last_day))


def is_covered(first: date, last: date, spans: Iterable[tuple[date, date]]) -> bool:
    """Whether each day of a period (both included) lies in one of these periods."""
    day = first
    for begin, end in sorted(spans):
        if begin > day:
            return False
        day = max(day, end + timedelta(days=1))
        if day > last:
            return True
    return False
