"""What a house wishes to offer from a day on: another week, an extra day, a desk or a room less. Reads, never writes.

Each wish becomes an `OfferChange` against the rows as they are, under the house's lock.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from bookings.closing import OfferChange
from bookings.domain.availability import OpeningSpan
from bookings.domain.dagdelen import Dagdeel
from bookings.domain.week import Edit, Hours, Hoursweek, Row, cut, edit_week, hours_on, one_day, overlapping
from bookings.offer_words import extra_stops_words, extra_words, gone_words, hours_stop_words, week_changes_words
from bookings.refusals import AtThatTime, InThePast, NothingChanges, ShutThen, UnknownPart
from portal.base import clock
from villages.models import Closure, Desk, Dorpshuis, Opening, Room

DAY = timedelta(days=1)


class Wish(Protocol):
    """What is asked for; `verb` is its word in the log."""

    @property
    def verb(self) -> str: ...

    def change(self, house: Dorpshuis) -> OfferChange:
        """What that does to the rows as they are now. Raises NothingChanges, and what else can't be."""
        ...


@dataclass(frozen=True)
class WeekWish:
    """This normal week, from `first_day` on."""

    first_day: date
    week: Hoursweek
    verb: str = "change_schedule"

    def change(self, house: Dorpshuis) -> OfferChange:
        """Raises InThePast for a day before tomorrow, UnknownPart for a room of another house."""
        _check_day(self.first_day)
        _check_rooms(house, {pk for hours in self.week.values() for pk in hours.room_ids})
        rows = week_rows(house)
        edit = edit_week(rows, self.week, self.first_day)
        gone = cut(rows, self.week, self.first_day)
        one = gone[0] if len(gone) == 1 else None
        reason = hours_stop_words(one, self.first_day) if one else week_changes_words(self.first_day)
        return _changed(self.first_day, reason, rows, edit)


@dataclass(frozen=True)
class ExtraWish:
    """An extra dagdeel on one date."""

    day: date
    dagdeel: Dagdeel
    hours: Hours
    verb: str = "add_extra"

    def change(self, house: Dorpshuis) -> OfferChange:
        """Raises NothingChanges when the house is open then already, ShutThen when a closure covers that dagdeel.

        AtThatTime when it begins before the dagdeel before it has ended, or ends after the next begins.
        """
        _check_day(self.day)
        _check_rooms(house, self.hours.room_ids)
        rows, place = week_rows(house), (self.day.weekday(), self.dagdeel)
        if any(row.place == place and row.span.holds_on(self.day) for row in rows):
            raise NothingChanges
        self._check_shut(house)
        if overlapping(hours_on(rows, self.day) | {self.dagdeel: self.hours}) is not None:
            raise AtThatTime
        return _changed(self.day, extra_words(self.dagdeel, self.day), rows, one_day(place, self.hours, self.day))

    def _check_shut(self, house: Dorpshuis) -> None:
        rows = Closure.objects.filter(dorpshuis=house, room=None, desks=None).shutting().standing()
        over_it = rows.during(self.day, self.day)
        shut = next((row for row in over_it if self.dagdeel in map(Dagdeel, row.dagdelen)), None)
        if shut is not None:
            raise ShutThen(shut.pk, shut.reason)


@dataclass(frozen=True)
class ExtraGoes:
    """An extra dagdeel is called off; `row` is its number."""

    row: int
    verb: str = "drop_extra"

    def change(self, house: Dorpshuis) -> OfferChange:
        """Raises UnknownPart when there is no such extra dagdeel (any more)."""
        rows = week_rows(house)
        found = next((row for row in rows if row.pk == self.row and row.once), None)
        if found is None:
            raise UnknownPart
        day = found.span.first_day
        _check_day(day)
        reason = extra_stops_words(found.span.dagdeel, day)
        return _changed(day, reason, rows, Edit({}, frozenset({self.row}), ()))


@dataclass(frozen=True)
class DeskGoes:
    """A desk goes out of use: `first_day` is the first day without it."""

    desk_id: int
    first_day: date
    verb: str = "retire_desk"

    def change(self, house: Dorpshuis) -> OfferChange:
        """Raises UnknownPart, InThePast (also before it was there), NothingChanges when it is gone by then."""
        desk = Desk.objects.filter(pk=self.desk_id, room__dorpshuis=house).select_related("room").first()
        if desk is None:
            raise UnknownPart
        _check_goes(desk, self.first_day)
        reason = gone_words(desk.name, self.first_day)
        return OfferChange(self.first_day, self.first_day, reason, desks=(desk,))


@dataclass(frozen=True)
class RoomGoes:
    """A room goes out of use with all its desks."""

    room_id: int
    first_day: date
    verb: str = "retire_room"

    def change(self, house: Dorpshuis) -> OfferChange:
        """Raises what a desk that goes does."""
        room = Room.objects.filter(pk=self.room_id, dorpshuis=house).first()
        if room is None:
            raise UnknownPart
        _check_goes(room, self.first_day)
        return OfferChange(self.first_day, self.first_day, gone_words(room.name, self.first_day), room=room)


def week_rows(house: Dorpshuis) -> list[Row]:
    """All rows of the schedule that hold today or later, in the order of their numbers. Two queries."""
    rows = Opening.objects.filter(dorpshuis=house).during(clock.today(), date.max).order_by("pk")
    found = list(rows)
    rooms: defaultdict[int, set[int]] = defaultdict(set)
    for opening, room in Opening.rooms.through.objects.filter(opening__in=found).values_list("opening_id", "room_id"):
        rooms[opening].add(room)
    return [Row(row.pk, _span(row, frozenset(rooms[row.pk])), row.once) for row in found]


def _span(row: Opening, rooms: frozenset[int]) -> OpeningSpan:
    return OpeningSpan(
        row.weekday,
        Dagdeel(row.dagdeel),
        row.begin,
        row.end,
        row.valid_from,
        row.valid_until,
        rooms,
        staffed=row.staffed,
        by_appointment=row.by_appointment,
    )


def _changed(first_day: date, reason: str, rows: list[Row], edit: Edit) -> OfferChange:
    if edit.is_empty:
        raise NothingChanges
    return OfferChange(first_day, first_day, reason, openings=edit.after(rows), edit=edit)


def _check_day(day: date) -> None:
    if day <= clock.today():
        raise InThePast


def _check_rooms(house: Dorpshuis, asked: set[int] | frozenset[int]) -> None:
    if asked and Room.objects.filter(dorpshuis=house, pk__in=asked).count() != len(asked):
        raise UnknownPart


def _check_goes(row: Desk | Room, first_day: date) -> None:
    if first_day <= max(clock.today(), row.valid_from):
        raise InThePast
    if row.valid_until is not None and row.valid_until < first_day:
        raise NothingChanges
