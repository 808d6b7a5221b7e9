"""What closing a month writes: slots per house, people per house and per group of houses. Only reads."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bookings.domain.figures import COUNTS, VERSION, Counted, PersonFigures, count_persons
from bookings.domain.months import Period, Span, ends_with
from bookings.domain.origin import Origin
from bookings.models import ClosedMonth, PersonSummary, SlotSummary, VolunteerHours
from bookings.reports.hiding import APART, HOUSE, Place, Row, groups_of, hidden_of
from bookings.reports.origin import Homes, as_written, homes_of, origin_of
from bookings.reports.persons import DaysOf, days_by_guest, days_by_person, persons_of, together
from bookings.reports.reading import read_months
from villages.models import Dorpshuis

Closing = tuple[ClosedMonth, list[SlotSummary]]


def slots_of(house: Dorpshuis, months: Collection[date], now: datetime, *, was_open: bool = False) -> list[Closing]:
    """The rows of these months of one house as it stands at `now`, not yet saved. Seven queries for any number.

    Of a house that no longer takes bookings only the months in which something was; `was_open`: it took them then.
    """
    is_open = house.takes_bookings or was_open
    counted = read_months([house], min(months), max(months), now, was_open=was_open)[house.pk]
    hours = dict(VolunteerHours.objects.filter(dorpshuis=house).values_list("month", "hours"))
    wanted = [month for month in months if is_open or not counted[month].total.is_empty]
    return [_rows(house, month, counted[month], hours.get(month), now) for month in wanted]


def _rows(house: Dorpshuis, month: date, counted: Counted, hours: int | None, now: datetime) -> Closing:
    closed = ClosedMonth(
        dorpshuis=house,
        month=month,
        definition=VERSION,
        closed_at=now,
        income=[[tariff, paid, *sums] for (tariff, paid), sums in sorted(counted.income.items())],
        volunteer_hours=hours,
    )
    return closed, [
        SlotSummary(
            closed_month=closed,
            weekday=weekday,
            dagdeel=part.value,
            **{name: getattr(figures, name) for name in COUNTS},
        )
        for (weekday, part), figures in sorted(counted.weekly.items())
        if not figures.is_empty
    ]


def had_an_offer(old: ClosedMonth) -> bool:
    """Whether the house took bookings when this month was closed: more was offered than the slots that were taken."""
    return any(row.closed or row.late_cancelled or row.offered > row.used + row.no_show for row in old.slots.all())


def says_the_same(old: ClosedMonth, new: Closing) -> bool:
    """Whether a correction has nothing to correct."""
    closed, rows = new
    names = ("weekday", "dagdeel", *COUNTS)
    before = {tuple(getattr(row, name) for name in names) for row in old.slots.all()}
    return (
        before == {tuple(getattr(row, name) for name in names) for row in rows}
        and [list(one) for one in old.income] == [list(one) for one in closed.income]
        and (old.definition, old.volunteer_hours) == (closed.definition, closed.volunteer_hours)
    )


# --- people -----------------------------------------------------------------------------------------------


def persons_closing(month: date, key: bytes, now: datetime) -> list[PersonSummary]:
    """The rows of who was there in this month, and in the quarter and the year that end with it, not yet saved.

    Of every house with a closed month in that period, and of each group of those that share their people. `key`: the
    year's, see `bookings/traces.py`. What was written before and still holds is not written again; a change is the next
    version, with the same houses in the groups.
    """
    houses = houses_closed(month)
    ids = [house.pk for house in houses]
    persons, homes = persons_of(ids, month.year, key), homes_of(ids)
    hashed = days_by_person(ids, Period(month).last, persons)
    old = {(place_of(row), row.period): row for row in _written(month.year)}
    found: dict[Row, People] = {}
    for period in ends_with(month):
        sharing = [house for house in houses if not _is_apart(house, period, old)]
        of_groups = homes if len(sharing) == len(houses) else homes_of([house.pk for house in sharing])
        found |= _of_houses(houses, period, homes, sharing)
        found |= _of_groups(sharing, hashed, period, of_groups.of_persons(persons))
    fresh = {row: one for row, one in found.items() if row not in old or old[row].figures != one.figures}
    return _summaries(fresh, old, groups_of(houses), now) if fresh else []


def _is_apart(house: Dorpshuis, period: Period, old: Mapping[Row, PersonSummary]) -> bool:
    """Whether this house's people are in no group; what was decided as the period was closed stays."""
    row = old.get(((HOUSE, str(house.pk)), period))
    return APART in row.hidden if row else not house.joint_reporting


@dataclass(frozen=True)
class People:
    """What is counted of the people of a house or group in a period, in how many houses; of a month not whence.

    `apart`: it is a house that is in no group.
    """

    figures: PersonFigures
    houses: int
    origin: Origin | None
    apart: bool = False


def _summaries(
    fresh: Mapping[Row, People], old: Mapping[Row, PersonSummary], groups: dict[Place, list[int]], now: datetime
) -> list[PersonSummary]:
    """The new rows with what of them is hidden, beside what was written before."""
    rows = {row: one.figures for row, one in old.items()} | {row: one.figures for row, one in fresh.items()}
    apart = {row for row, one in old.items() if APART in one.hidden} | {row for row, one in fresh.items() if one.apart}
    hidden = hidden_of(rows, {row: one.hidden for row, one in old.items() if row not in fresh}, groups, apart)
    origins = as_written(
        {row: one.origin for row, one in fresh.items() if one.origin is not None},
        {row for row in fresh if "unique" in hidden[row]},
        {row: one for row, one in old.items() if row not in fresh},
        groups,
        apart,
    )
    found = []
    for row, one in fresh.items():
        summary = _summary(row, one, hidden[row], old[row].version + 1 if row in old else 1, now)
        summary.origin = origins.get(row, {})
        found.append(summary)
    return found


def houses_closed(month: date) -> list[Dorpshuis]:
    """The houses with a closed month in the year up to this month, with their places. One query."""
    rows = ClosedMonth.objects.filter(month__gte=month.replace(month=1), month__lte=month)
    houses = Dorpshuis.objects.filter(pk__in=rows.values("dorpshuis")).select_related("village")
    return list(houses.order_by("pk"))


def counted_from(month: date) -> list[date]:
    """This month and the later ones of its year of which people were counted, in order. One query."""
    network = PersonSummary.objects.of(PersonSummary.Scope.NETWORK, [""]).filter(span=Span.MONTH.value)
    months = network.filter(first__gte=month, first__year=month.year)
    return sorted(set(months.values_list("first", flat=True)))


def place_of(row: PersonSummary) -> Place:
    """Whose figures these are."""
    return row.scope, row.key


def _written(year: int) -> Iterable[PersonSummary]:
    return PersonSummary.objects.filter(first__year=year).newest()


def _of_houses(
    houses: Collection[Dorpshuis], period: Period, homes: Homes, sharing: Collection[Dorpshuis]
) -> dict[Row, People]:
    days = days_by_guest([house.pk for house in houses], period.first, period.last)
    found: dict[Row, People] = {}
    for house in houses:
        figures = count_persons(days[house.pk], period.first, period.last)
        origin = origin_of({house.pk: days[house.pk]}, period, homes, {house.pk: house.coordinates}, nested=True)
        apart = house not in sharing
        found[(HOUSE, str(house.pk)), period] = People(figures, int(figures.unique > 0), origin, apart)
    return found


def _of_groups(
    houses: Collection[Dorpshuis], hashed: dict[int, DaysOf], period: Period, homes: Homes
) -> dict[Row, People]:
    spots = {house.pk: house.coordinates for house in houses}
    found: dict[Row, People] = {}
    for place, ids in groups_of(houses).items():
        days = {pk: hashed[pk] for pk in ids}
        figures = count_persons(together(days.values()), period.first, period.last)
        number = sum(count_persons(one, period.first, period.last).unique > 0 for one in days.values())
        found[place, period] = People(figures, number, origin_of(days, period, homes, spots, nested=False))
    return found


def _summary(row: Row, people: People, hidden: Collection[str], version: int, now: datetime) -> PersonSummary:
    (scope, key), period = row
    figures = people.figures
    return PersonSummary(
        scope=scope,
        key=key,
        span=Span(period.span).value,
        first=period.first,
        version=version,
        definition=VERSION,
        closed_at=now,
        unique=figures.unique,
        new=figures.new,
        returning=figures.returning,
        regular=figures.regular,
        houses=people.houses,
        hidden=sorted({*hidden, APART} if people.apart else hidden),
    )
