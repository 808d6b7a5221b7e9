"""The months of houses as a report shows them: what was closed as it was closed, the others as they are now.

For who builds the pages. `read_wish` (wish.py) reads the address and picks from `reported_houses`; `house_figures`
gives the months of those houses, `weekly_figures` the same by weekday and dagdeel (of one house only from a quarter
on). Sum slots with `SlotFigures.total`. Never add up people: those of a municipality, an operator and the network are
in `group_people`, of any other set there are none. Show of people only `people` (to the house
itself `own_people`): what must be hidden is hidden in it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum

from bookings.domain.dagdelen import Dagdeel
from bookings.domain.figures import COUNTS, VERSION, Counted, Income, PersonFigures, SlotFigures, Weekly, count_persons
from bookings.domain.months import Period, Span, last_day, month_of, months_between, shifted
from bookings.domain.suppression import COLUMNS, hidden_in_row, shown
from bookings.models import ClosedMonth, PersonSummary, SlotSummary
from bookings.reports.begun import first_months, last_booked, last_closed
from bookings.reports.persons import DaysOf, days_by_guest
from bookings.reports.reading import read_months
from portal.base import clock
from villages.models import Dorpshuis

Key = tuple[int, date]  # a house by number, and a month
Live = dict[Key, tuple[Counted, PersonFigures]]

SUMS = {f"sum_{name}": Sum(name) for name in COUNTS}


@dataclass(frozen=True)
class HouseMonth:
    """A house's month; not closed yet (`closed_at` is None): provisional. `income` by tariff and payment kind.

    `closed_id`: of a closed month the number of its row.
    """

    house: Dorpshuis
    month: date
    slots: SlotFigures
    income: Income
    persons: PersonFigures | None = None
    hidden: frozenset[str] = frozenset()
    definition: int = VERSION
    version: int = 0
    closed_at: datetime | None = None
    volunteer_hours: int | None = None
    closed_id: int | None = None

    @property
    def is_provisional(self) -> bool:
        return self.closed_at is None

    @property
    def people(self) -> dict[str, str]:
        """By column (`unique`, `new`, `returning`, `regular`) what BOKD may see: a number, `<5`, or nothing.

        Nothing at all of a house that does not share them.
        """
        return self.own_people if self.house.joint_reporting else shown_people(None, ())

    @property
    def own_people(self) -> dict[str, str]:
        """The same for the house itself, whatever it shares."""
        return shown_people(self.persons, self.hidden)


def shown_people(persons: PersonFigures | None, hidden: Collection[str]) -> dict[str, str]:
    """The columns about people as texts; empty when nobody was counted."""
    if persons is None:
        return dict.fromkeys(COLUMNS, "")
    return {name: shown(getattr(persons, name), hidden=name in hidden) for name in COLUMNS}


def reported_houses() -> list[Dorpshuis]:
    """The houses that take bookings, or did, with their places; by municipality, village and name. One query."""
    status = Dorpshuis.Status
    houses = Dorpshuis.objects.with_place().filter(status__in=(status.OPEN, status.STOPPED))
    return list(houses.order_by("village__municipality__name", "village__name", "name", "pk"))


def house_figures(houses: Collection[Dorpshuis], first: date, last: date, live: Live | None = None) -> list[HouseMonth]:
    """The months of these houses between two months, both included; by month, then in the order of the houses.

    From the month on in which a house began; of one that stopped as long as there was something. At most seventeen
    queries, four when all is closed, for any number of houses. `live`: the open months, when they were read already.
    """
    closed = _closed([house.pk for house in houses], first, last)
    live = open_months(houses, first, last) if live is None else live
    found = []
    for month in months_between(first, last):
        for house in houses:
            row = closed.get((house.pk, month))
            if row is None and (counted := live.get((house.pk, month))) is not None:
                row = _provisional(house, month, *counted)
            if row is not None:
                found.append(row)
    return found


def weekly_figures(rows: Iterable[HouseMonth], live: Live) -> dict[int, dict[Weekly, SlotFigures]]:
    """By house, and by weekday and dagdeel, all these months together; `live`: the open ones among them. One query."""
    months = list(rows)
    found: defaultdict[int, defaultdict[Weekly, SlotFigures]] = defaultdict(lambda: defaultdict(SlotFigures))
    sums = SlotSummary.objects.filter(closed_month__in=[row.closed_id for row in months if row.closed_id]).order_by()
    columns = ("closed_month__dorpshuis", "weekday", "dagdeel")
    for row in sums.values(*columns).annotate(**SUMS):
        house, weekday, part = (row[name] for name in columns)
        found[house][weekday, Dagdeel(part)] += summed(row)
    for month in months:
        if month.is_provisional:
            counted, _persons = live[month.house.pk, month.month]
            for cell, figures in counted.weekly.items():
                found[month.house.pk][cell] += figures
    return {house: dict(cells) for house, cells in found.items()}


def group_people(scope: str, key: str, period: Period) -> dict[str, str]:
    """What may be shown of who was there in a municipality (CBS code), an operator (number) or the network (empty).

    Only of whole periods that are closed; else empty. Also of one house (`house`, its number) over a quarter or year.
    """
    rows = PersonSummary.objects.filter(scope=scope, key=key, span=period.span.value, first=period.first)
    row = rows.order_by("version").last()
    return shown_people(row.figures if row else None, row.hidden if row else ())


def _closed(ids: Collection[int], first: date, last: date) -> dict[Key, HouseMonth]:
    """What was closed, the newest version. Three queries."""
    months = ClosedMonth.objects.filter(dorpshuis__in=ids).between(first, last).newest()
    rows = list(months.select_related("dorpshuis__village__municipality"))
    # By the numbers of the rows: with a query inside the query the database guesses how many there are.
    sums = SlotSummary.objects.filter(closed_month__in=[row.pk for row in rows]).order_by().values("closed_month")
    slots = {row["closed_month"]: summed(row) for row in sums.annotate(**SUMS)}
    persons = _persons(ids, first, last)
    found = {}
    for row in rows:
        counted = persons.get((row.dorpshuis_id, row.month))
        found[row.dorpshuis_id, row.month] = HouseMonth(
            house=row.dorpshuis,
            month=row.month,
            slots=slots.get(row.pk, SlotFigures()),
            income={(tariff, paid): (number, cents) for tariff, paid, number, cents in row.income},
            persons=counted.figures if counted else None,
            hidden=frozenset(counted.hidden if counted else ()),
            definition=row.definition,
            version=row.version,
            closed_at=row.closed_at,
            volunteer_hours=row.volunteer_hours,
            closed_id=row.pk,
        )
    return found


def _persons(ids: Collection[int], first: date, last: date) -> dict[Key, PersonSummary]:
    keys = [str(pk) for pk in ids]
    rows = PersonSummary.objects.of(PersonSummary.Scope.HOUSE, keys).filter(span=Span.MONTH.value)
    return {(int(row.key), row.first): row for row in rows.filter(first__gte=first, first__lte=last).newest()}


def summed(row: Mapping[str, Any]) -> SlotFigures:
    """The sums of a query with `SUMS` as figures."""
    return SlotFigures(**{name: row[f"sum_{name}"] for name in COUNTS})


def open_months(houses: Collection[Dorpshuis], first: date, last: date) -> Live:
    """What is not closed yet, as it is now: of each house from its first open month on, as far as it is asked for.

    One query when all is closed.
    """
    now = clock.now()
    opens = _first_open(houses, first, min(last, month_of(now.date())), now.date())
    asked = [house for house in houses if house.pk in opens]
    if not asked:
        return {}
    since, end = min(opens.values()), min(last, month_of(now.date()))
    read = read_months(asked, since, end, now)
    before = days_by_guest([house.pk for house in asked], since, since - timedelta(days=1))
    found: Live = {}
    for house in asked:
        for month, counted in read[house.pk].items():
            persons = _people(counted, before[house.pk], month)
            if month >= opens[house.pk] and (house.takes_bookings or not counted.total.is_empty):
                found[house.pk, month] = counted, persons
    return found


def _first_open(houses: Collection[Dorpshuis], first: date, end: date, today: date) -> dict[int, date]:
    """Of each house with an open month between these two the first one. One query more for houses that stopped."""
    until = last_closed([house.pk for house in houses])
    late = [house for house in houses if house.pk not in until or until[house.pk] < end]
    stopped = {house.pk for house in late if not house.takes_bookings}
    # A house that stopped has a month only if somebody was booked in it.
    booked = last_booked(stopped) if stopped else {}
    late = [house for house in late if house.pk not in stopped or booked.get(house.pk, date.min) >= first]
    begun = first_months([house for house in late if house.pk not in until], today)
    opens = {
        house.pk: max(first, shifted(until[house.pk], 1) if house.pk in until else begun[house.pk]) for house in late
    }
    return {pk: month for pk, month in opens.items() if month <= (end if pk not in stopped else min(end, booked[pk]))}


def _people(counted: Counted, days: DaysOf, month: date) -> PersonFigures:
    """Who was there in this month; `days` is what is known of before, and gets the days of this month."""
    for guest, day in counted.visits:
        days.setdefault(guest, set()).add(day)
    return count_persons(days, month, last_day(month))


def _provisional(house: Dorpshuis, month: date, counted: Counted, persons: PersonFigures) -> HouseMonth:
    return HouseMonth(
        house=house,
        month=month,
        slots=counted.total,
        income=counted.income,
        persons=persons,
        hidden=hidden_in_row(persons),
    )
