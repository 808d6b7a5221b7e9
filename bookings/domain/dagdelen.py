"""The calendar of the product: dagdelen, moments (a dagdeel on a date) and ISO weeks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import total_ordering
from typing import Self
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2}):([a-z]+)", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Dagdeel(StrEnum):
    """A part of the day. What clock times it has is the house's own schedule."""

    OCHTEND = "ochtend"
    MIDDAG = "middag"
    AVOND = "avond"

    @property
    def order(self) -> int:
        """0, 1, 2 through the day."""
        return _ORDER[self]


_ORDER = {part: number for number, part in enumerate(Dagdeel)}


def parse_day(text: str) -> date:
    """Read `2026-11-25`. Raises ValueError for anything else, and outside the years 2000 to 2100."""
    if _DAY.fullmatch(text) is None:
        raise ValueError("not a day")
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("year out of range")
    return day


@total_ordering
@dataclass(frozen=True, slots=True)
class Moment:
    """A dagdeel on a date: with a desk it makes a slot. Written as `2026-11-25:ochtend`."""

    date: date
    dagdeel: Dagdeel

    def __lt__(self, other: "Moment") -> bool:
        return (self.date, self.dagdeel.order) < (other.date, other.dagdeel.order)

    def __str__(self) -> str:
        return f"{self.date.isoformat()}:{self.dagdeel}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-11-25:ochtend`. Raises ValueError for anything else."""
        match = _MOMENT.fullmatch(text)
        if match is None:
            raise ValueError("not a moment")
        return cls(parse_day(match[1]), Dagdeel(match[2]))

    def follows(self, other: "Moment") -> bool:
        """Whether this is the next dagdeel of the same day."""
        return self.date == other.date and self.dagdeel.order == other.dagdeel.order + 1


def once_more(moment: Moment, today: date) -> Moment:
    """The same dagdeel a week later; of one that is past, on the first such weekday after today."""
    weeks = max(1, (today - moment.date).days // 7 + 1)
    return Moment(moment.date + timedelta(weeks=weeks), moment.dagdeel)


def read_moments(values: Iterable[str]) -> tuple[tuple[Moment, ...], int]:
    """Read `2026-11-25:ochtend` of each: the moments in order, each once, and how many values could not be read."""
    found: set[Moment] = set()
    unreadable = 0
    for value in values:
        try:
            found.add(Moment.parse(value))
        except ValueError:
            unreadable += 1
    return tuple(sorted(found)), unreadable


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week, from Monday to Sunday. Written as `2026-W48`."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-W48`. Raises ValueError for anything else, such as W53 of a year without it."""
        match = _WEEK.fullmatch(text)
        if match is None:
            raise ValueError("not a week")
        year = int(match[1])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError("year out of range")
        return cls(date.fromisocalendar(year, int(match[2]), 1))

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=n) for n in range(7)]

    def shifted(self, weeks: int) -> "Week":
        return Week(self.monday + timedelta(weeks=weeks))


def local(day: date, at: time) -> datetime:
    """The aware moment at which the clock in Drenthe shows `at` on `day`.

    A time that summer time skips is read as an hour later; one that comes twice as the first.
    """
    return datetime.combine(day, at, tzinfo=AMSTERDAM)


def runs(moments: Iterable[Moment]) -> Iterator[list[Moment]]:
    """Split into runs of adjoining dagdelen of one day, each in order."""
    run: list[Moment] = []
    for moment in sorted(set(moments)):
        if run and not moment.follows(run[-1]):
            yield run
            run = []
        run.append(moment)
    if run:
        yield run
