"""Months, quarters and years; each is named by its first day."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bookings.domain.dagdelen import local

# A month is closed on the fifth of the next, at an hour at which nobody ticks or takes a tick back.
CLOSING_DAY, CLOSING_TIME = 5, time(1)
QUARTER, YEAR = 3, 12


class Span(StrEnum):
    """How long a period is; these words stand in the table."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A whole month, quarter or year that begins on `first`."""

    first: date
    span: Span = Span.MONTH

    @property
    def last(self) -> date:
        """Its last day."""
        return shifted(self.first, MONTHS[self.span]) - timedelta(days=1)

    @property
    def months(self) -> list[date]:
        """The first days of its months."""
        return [shifted(self.first, n) for n in range(MONTHS[self.span])]


MONTHS = {Span.MONTH: 1, Span.QUARTER: QUARTER, Span.YEAR: YEAR}


def month_of(day: date) -> date:
    """The month of this day."""
    return day.replace(day=1)


def shifted(month: date, number: int) -> date:
    """The month so many months later, or earlier for a negative number."""
    count = month.year * YEAR + month.month - 1 + number
    return date(count // YEAR, count % YEAR + 1, 1)


def last_day(month: date) -> date:
    """The last day of this month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_between(first: date, last: date) -> Iterator[date]:
    """The months from that of `first` up to that of `last`, both included."""
    month = month_of(first)
    while month <= last:
        yield month
        month = shifted(month, 1)


def ends_with(month: date) -> list[Period]:
    """The periods that are whole once this month is: itself, and at its end a quarter or a year."""
    found = [Period(month)]
    if month.month % QUARTER == 0:
        found.append(Period(shifted(month, 1 - QUARTER), Span.QUARTER))
    if month.month == YEAR:
        found.append(Period(month.replace(month=1), Span.YEAR))
    return found


def closes_at(month: date) -> datetime:
    """When this month is closed (aware)."""
    return local(shifted(month, 1).replace(day=CLOSING_DAY), CLOSING_TIME)


def last_to_close(now: datetime) -> date:
    """The last month that is to be closed by `now` (aware, local)."""
    month = shifted(month_of(now.date()), -1)
    return month if now >= closes_at(month) else shifted(month, -1)
