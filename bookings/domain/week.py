"""The normal week, and which of its rows end and begin when it becomes another from a day on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bookings.domain.availability import OpeningSpan
from bookings.domain.dagdelen import Dagdeel

WEEKDAYS = range(7)
DAY = timedelta(days=1)

Place = tuple[int, Dagdeel]


@dataclass(frozen=True, slots=True)
class Hours:
    """What the house sets for one dagdeel of a weekday: local clock times, rooms (none: all), and two ticks."""

    begin: time
    end: time
    room_ids: frozenset[int] = frozenset()
    staffed: bool = True
    by_appointment: bool = False

    @classmethod
    def of(cls, span: OpeningSpan) -> "Hours":
        return cls(span.begin, span.end, span.room_ids, span.staffed, span.by_appointment)

    @property
    def values(self) -> list[object]:
        """The same as texts, numbers and lists."""
        return [str(self.begin), str(self.end), sorted(self.room_ids), self.staffed, self.by_appointment]


Hoursweek = Mapping[Place, Hours]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the schedule with its number; `once` is an extra dagdeel on one date, outside the normal week."""

    pk: int
    span: OpeningSpan
    once: bool = False

    @property
    def place(self) -> Place:
        return self.span.weekday, self.span.dagdeel


@dataclass(frozen=True)
class Edit:
    """What to write: rows that end (with their last day), rows that never began and go, and rows that begin."""

    ended: Mapping[int, date]
    dropped: frozenset[int]
    begun: tuple[OpeningSpan, ...]
    once: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.ended or self.dropped or self.begun)

    @property
    def shown(self) -> list[object]:
        """The same as texts, numbers and lists."""
        begun = [[s.weekday, s.dagdeel, str(s.first_day), str(s.last_day), *Hours.of(s).values] for s in self.begun]
        return [sorted((pk, str(day)) for pk, day in self.ended.items()), sorted(self.dropped), begun]

    def after(self, rows: Iterable[Row]) -> tuple[OpeningSpan, ...]:
        """The schedule as it will be."""
        stay = (
            replace(row.span, last_day=self.ended.get(row.pk, row.span.last_day))
            for row in rows
            if row.pk not in self.dropped
        )
        return (*stay, *self.begun)


def week_on(rows: Collection[Row], day: date) -> dict[Place, Hours]:
    """The normal week as it is from this day on, until the next change."""
    return {place: Hours.of(row.span) for place in _places(rows) if (row := _row_on(rows, place, day)) is not None}


def hours_on(rows: Collection[Row], day: date) -> dict[Dagdeel, Hours]:
    """When the house is open on this very day, with what is extra: of several rows as the guest's page reads them."""
    there = [row for row in rows if row.span.weekday == day.weekday() and row.span.holds_on(day)]
    in_turn = sorted(there, key=lambda row: (row.span.first_day, row.once))
    return {row.span.dagdeel: Hours.of(row.span) for row in in_turn}


def changes_after(rows: Iterable[Row], day: date) -> list[date]:
    """The later days from which the normal week is another, in order."""
    lines = [row.span for row in rows if not row.once]
    begins = {line.first_day for line in lines}
    ends = {line.last_day + DAY for line in lines if line.last_day is not None}
    return sorted(found for found in begins | ends if found > day)


def edit_week(rows: Collection[Row], wanted: Hoursweek, first_day: date) -> Edit:
    """Make `wanted` the normal week from `first_day` on. What was to change later still changes on its own day.

    A dagdeel that stays as it is keeps its row. `first_day` lies after today, so a row that begins then never held.
    """
    ended: dict[int, date] = {}
    dropped: set[int] = set()
    begun = []
    for place in sorted(_places(rows) | set(wanted)):
        now, want = _row_on(rows, place, first_day), wanted.get(place)
        if want == (Hours.of(now.span) if now else None):
            continue
        for row in rows:
            if row.place == place and not row.once and row.span.holds_on(first_day):
                if row.span.first_day == first_day:
                    dropped.add(row.pk)
                else:
                    ended[row.pk] = first_day - DAY
        if want is not None:
            begun.append(_span(place, want, first_day, _until(rows, place, first_day, now)))
    return Edit(ended, frozenset(dropped), tuple(begun))


def cut(rows: Collection[Row], wanted: Hoursweek, first_day: date) -> list[Place]:
    """The dagdelen of the week that are open now and no longer from that day on, in order."""
    return sorted((place for place in week_on(rows, first_day) if place not in wanted), key=_in_the_week)


def one_day(place: Place, hours: Hours, day: date) -> Edit:
    """An extra dagdeel on one date."""
    return Edit({}, frozenset(), (_span(place, hours, day, day),), once=True)


def overlapping(hours: Mapping[Dagdeel, Hours]) -> Dagdeel | None:
    """The first dagdeel of a day that begins before the one before it has ended."""
    last: time | None = None
    for part in (part for part in Dagdeel if part in hours):
        if last is not None and hours[part].begin < last:
            return part
        last = hours[part].end
    return None


def _places(rows: Iterable[Row]) -> set[Place]:
    return {row.place for row in rows if not row.once}


def _in_the_week(place: Place) -> tuple[int, int]:
    return place[0], place[1].order


def _row_on(rows: Iterable[Row], place: Place, day: date) -> Row | None:
    """The row that counts: of several the one that began last."""
    found = [row for row in rows if row.place == place and not row.once and row.span.holds_on(day)]
    return max(found, key=lambda row: row.span.first_day, default=None)


def _until(rows: Iterable[Row], place: Place, day: date, now: Row | None) -> date | None:
    """Until when a new row holds: until the change that was to come already."""
    ends = [
        row.span.first_day - DAY for row in rows if row.place == place and not row.once and row.span.first_day > day
    ]
    ends += [now.span.last_day] if now is not None and now.span.last_day is not None else []
    return min(ends, default=None)


def _span(place: Place, hours: Hours, first: date, last: date | None) -> OpeningSpan:
    weekday, part = place
    return OpeningSpan(
        weekday,
        part,
        hours.begin,
        hours.end,
        first,
        last,
        hours.room_ids,
        staffed=hours.staffed,
        by_appointment=hours.by_appointment,
    )
