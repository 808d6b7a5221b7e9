"""What the pages of the network and of a house show: months, weeks, signals and the comparison, as plain values."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bookings.domain.compare import Average, average_of
from bookings.domain.figures import SlotFigures, Weekly
from bookings.domain.months import Period, Span, last_to_close, month_of, months_between, shifted
from bookings.domain.signals import MONTHS, Signal, signals_of
from bookings.reports.months import HouseMonth, Live, house_figures, open_months, reported_houses, weekly_figures
from bookings.reports.wish import ReportWish
from portal.base import clock
from villages.models import Dorpshuis

YEAR = 12
# So many months before the last one make a trend.
TREND = 12
QUARTER, WHOLE_YEAR = 3, 12


@dataclass(frozen=True)
class Month:
    """All asked houses together in a month; `houses` of them had figures."""

    month: date
    slots: SlotFigures
    houses: int
    is_provisional: bool


@dataclass(frozen=True)
class HousePicture:
    """A house in the period, and a year before (None: not of the same months). `last`: its row of the last month."""

    house: Dorpshuis
    slots: SlotFigures
    before: SlotFigures | None
    last: HouseMonth | None
    months: int
    signals: list[Signal]
    is_provisional: bool

    @property
    def more(self) -> int | None:
        """How many more slots were used than a year before."""
        return None if self.before is None else self.slots.used - self.before.used

    @property
    def help(self) -> list[Signal]:
        return [signal for signal in self.signals if not signal.is_good]

    @property
    def good(self) -> list[Signal]:
        return [signal for signal in self.signals if signal.is_good]


@dataclass(frozen=True)
class Picture:
    """Everything a page shows of these houses. `weekly`: of whole quarters, from the first to the last of
    `week_months`.
    """

    wish: ReportWish
    houses: list[Dorpshuis]
    rows: list[HouseMonth]
    weekly: dict[int, dict[Weekly, SlotFigures]]
    week_months: tuple[date, date]
    signal_months: list[date]
    signal_weekly: dict[int, dict[Weekly, SlotFigures]] = field(default_factory=dict)

    @cached_property
    def by_house(self) -> dict[int, dict[date, HouseMonth]]:
        found: defaultdict[int, dict[date, HouseMonth]] = defaultdict(dict)
        for row in self.rows:
            found[row.house.pk][row.month] = row
        return found

    @cached_property
    def asked(self) -> list[HouseMonth]:
        """The rows of the period itself."""
        return [row for row in self.rows if self.wish.first <= row.month <= self.wish.last]

    @cached_property
    def total(self) -> SlotFigures:
        return SlotFigures.total(row.slots for row in self.asked)

    @cached_property
    def before(self) -> SlotFigures | None:
        """The same months a year earlier; None when one has none then or now, or when the period runs still."""
        first, last = shifted(self.wish.first, -YEAR), shifted(self.wish.last, -YEAR)
        found = [row for row in self.rows if first <= row.month <= last]
        return None if self.provisional else _same_months(self.asked, found)

    @cached_property
    def provisional(self) -> list[date]:
        """The months of the period that are not closed for some house."""
        return sorted({row.month for row in self.asked if row.is_provisional})

    @cached_property
    def week(self) -> dict[Weekly, SlotFigures]:
        """All asked houses together, by weekday and dagdeel."""
        found: defaultdict[Weekly, SlotFigures] = defaultdict(SlotFigures)
        for cells in self.weekly.values():
            for cell, figures in cells.items():
                found[cell] += figures
        return dict(found)

    @cached_property
    def trend(self) -> list[Month]:
        """Thirteen months up to the last one; the whole period when that is longer."""
        by_month: defaultdict[date, list[HouseMonth]] = defaultdict(list)
        for row in self.rows:
            by_month[row.month].append(row)
        first = min(self.wish.first, shifted(self.wish.last, -TREND))
        return [_together(month, by_month[month]) for month in months_between(first, self.wish.last)]

    @cached_property
    def each(self) -> list[HousePicture]:
        return [self._of(house) for house in self.houses]

    def _of(self, house: Dorpshuis) -> HousePicture:
        months = self.by_house.get(house.pk, {})
        asked = [months[month] for month in self.wish.months if month in months]
        past = [months[month] for one in self.wish.months if (month := shifted(one, -YEAR)) in months]
        provisional = any(row.is_provisional for row in asked)
        seen = [months[month].slots for month in self.signal_months if month in months]
        return HousePicture(
            house=house,
            slots=SlotFigures.total(row.slots for row in asked),
            before=None if provisional else _same_months(asked, past),
            last=months.get(self.wish.last),
            months=len(asked),
            signals=signals_of(seen, self.signal_weekly.get(house.pk, {})) if house.takes_bookings else [],
            is_provisional=provisional,
        )


def _same_months(asked: Collection[HouseMonth], past: Collection[HouseMonth]) -> SlotFigures | None:
    """What was in these months a year earlier; None unless both have figures of the same months, and of some."""
    if not past or {shifted(row.month, -YEAR) for row in asked} != {row.month for row in past}:
        return None
    return SlotFigures.total(row.slots for row in past)


def _together(month: date, rows: Collection[HouseMonth]) -> Month:
    provisional = any(row.is_provisional for row in rows)
    return Month(month, SlotFigures.total(row.slots for row in rows), len(rows), provisional)


def draw(wish: ReportWish, today: date, every: Iterable[Dorpshuis] | None = None) -> Picture:
    """Read what a page of these houses shows. Raises BadWish when no house is asked for.

    At most seven queries when all is closed, for any number of houses; `every`: the reported houses, if read already.
    """
    houses = wish.houses(reported_houses() if every is None else every)
    since = shifted(wish.first, -YEAR)
    live = open_months(houses, since, wish.last)
    rows = house_figures(houses, since, wish.last, live)
    weeks = week_months(wish, last_to_close(clock.now()))
    weekly = _weekly(rows, *weeks, live)
    # The month that runs says nothing yet about what stands out.
    last = min(wish.last, shifted(month_of(today), -1))
    first = shifted(last, 1 - MONTHS)
    seen = list(months_between(shifted(last, 1 - 2 * MONTHS), last))
    signal_weekly = weekly if (first, last) == weeks else _weekly(rows, first, last, live)
    return Picture(wish, houses, rows, weekly, weeks, seen, signal_weekly)


def _weekly(rows: Iterable[HouseMonth], first: date, last: date, live: Live) -> dict[int, dict[Weekly, SlotFigures]]:
    return weekly_figures([row for row in rows if first <= row.month <= last], live)


def week_months(wish: ReportWish, closed: date) -> tuple[date, date]:
    """The first and the last month of which the week by dagdeel is counted: the whole quarters of what is asked for,
    as far as they are over. `closed`: the last month that should be closed.

    Of one month of one house a cell could be one guest; and of windows that shift, months come out by subtraction.
    """
    until = min(wish.last, closed)
    last = shifted(until, -(until.month % QUARTER))
    begin = shifted(wish.first, -((wish.first.month - 1) % QUARTER))
    return min(begin, shifted(last, 1 - QUARTER)), last


def average_beside(picture: Picture, house: Dorpshuis, months: Collection[date]) -> Average | None:
    """The other houses of the picture in these months; None when they are fewer than five."""
    others: defaultdict[int, SlotFigures] = defaultdict(SlotFigures)
    for row in picture.rows:
        if row.month in months and row.house.pk != house.pk:
            others[row.house.pk] += row.slots
    return average_of(others.values())


def period_of(wish: ReportWish) -> Period:
    """Of which whole period people are shown: the one that is asked for, else its last month."""
    number = len(wish.months)
    if number == QUARTER and wish.first.month % QUARTER == 1:
        return Period(wish.first, Span.QUARTER)
    if number == WHOLE_YEAR and wish.first.month == 1:
        return Period(wish.first, Span.YEAR)
    return Period(wish.last)


def quarter_of(wish: ReportWish) -> Period:
    """The whole quarter or year that is asked for, else the last whole quarter up to its last month."""
    period = period_of(wish)
    if period.span is not Span.MONTH:
        return period
    last = shifted(wish.last, -(wish.last.month % QUARTER))
    return Period(shifted(last, 1 - QUARTER), Span.QUARTER)
