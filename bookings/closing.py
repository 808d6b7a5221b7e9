"""A closing and its plan: what goes shut, whom that hits, and who hears of it. Values only; nothing is written."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Self

from django.utils.crypto import salted_hmac

from bookings.domain.availability import ClosedSpan, OpeningSpan, Supply
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.week import Edit
from bookings.models import Booking, Reservation
from bookings.proposals import Around, Options
from portal.base import clock
from villages.models import Closure, Desk, Dorpshuis, Room

LONGEST_DAYS = 366
AT_ONCE_WITHIN = timedelta(hours=2)


@dataclass(frozen=True)
class Closing:
    """What goes shut: days (both included), dagdelen, and the whole house, a room or some desks.

    `keep`: so many desks stay open; the plan says which ones go.
    """

    first_day: date
    last_day: date
    reason: str
    dagdelen: frozenset[Dagdeel] = frozenset(Dagdeel)
    room: Room | None = None
    desks: tuple[Desk, ...] = ()
    guest_text: str = ""
    keep: int | None = None

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    def hits(self, row: Booking) -> bool:
        """Whether this booking's desk is in it; the caller asks only about bookings of its days and dagdelen."""
        if self.desks:
            return row.desk_id in {desk.pk for desk in self.desks}
        return self.room is None or row.desk.room_id == self.room.pk

    def span(self, since: datetime) -> ClosedSpan:
        """The same as the rules of availability read it, standing from `since` (aware)."""
        return ClosedSpan(
            self.first_day,
            self.last_day,
            self.dagdelen,
            self.reason,
            self.room.pk if self.room else None,
            frozenset(desk.pk for desk in self.desks),
            since=since,
        )

    @property
    def parts(self) -> tuple["Closing", ...]:
        """What becomes a closure each."""
        return (self,)

    def part_of(self, row: Booking) -> "Closing":  # noqa: ARG002 - of several parts the row says which
        """The closure that calls off this booking, which it hits."""
        return self

    @property
    def cause(self) -> Closure.Cause:
        """What the closure is the record of."""
        return Closure.Cause.CLOSURE

    def after(self, supply: Supply) -> Supply:
        """What is offered once this is done."""
        return replace(supply, closures=(*supply.closures, self.span(clock.now())))

    @property
    def shown(self) -> list[object]:
        """All that it says, for the fingerprint: lists, numbers and texts."""
        return [
            [str(self.first_day), str(self.last_day), sorted(self.dagdelen), self.reason],
            [self.guest_text, self.room and self.room.pk, sorted(desk.pk for desk in self.desks)],
        ]


@dataclass(frozen=True)
class Closings(Closing):
    """The whole house shut several times, with one yes; `each` becomes a closure of its own, in this order."""

    each: tuple[Closing, ...] = ()

    @classmethod
    def of(cls, each: Iterable[Closing]) -> Self:
        """These, of which there is at least one; from the first day of all until the last."""
        ordered = tuple(sorted(each, key=lambda part: (part.first_day, part.last_day, part.reason)))
        return cls(ordered[0].first_day, max(part.last_day for part in ordered), "", each=ordered)

    @property
    def parts(self) -> tuple[Closing, ...]:
        return self.each

    def hits(self, row: Booking) -> bool:
        return any(part.first_day <= row.date <= part.last_day for part in self.each)

    def part_of(self, row: Booking) -> Closing:
        """Of two at the same time the shortest: Christmas, and not the school holiday around it."""
        there = [part for part in self.each if part.first_day <= row.date <= part.last_day]
        return min(there, key=lambda part: part.days)

    def after(self, supply: Supply) -> Supply:
        now = clock.now()
        return replace(supply, closures=(*supply.closures, *(part.span(now) for part in self.each)))

    @property
    def shown(self) -> list[object]:
        return [part.shown for part in self.each]


@dataclass(frozen=True)
class OfferChange(Closing):
    """Another schedule, or a desk or room that goes, from `first_day` on.

    `openings` is the schedule as it will be and `edit` which of its rows end and begin; both only of a schedule.
    `last_day` is the last on which something is booked: further it hits nobody.
    """

    openings: tuple[OpeningSpan, ...] = ()
    edit: Edit | None = None

    @property
    def cause(self) -> Closure.Cause:
        if self.edit is not None:
            return Closure.Cause.SCHEDULE
        return Closure.Cause.DESK if self.desks else Closure.Cause.ROOM

    def after(self, supply: Supply) -> Supply:
        if self.edit is not None:
            return replace(supply, openings=self.openings)
        gone = {desk.pk for desk in self.desks}
        last = self.first_day - timedelta(days=1)
        return replace(
            supply,
            desks=tuple(
                replace(desk, last_day=min(desk.last_day or last, last))
                if desk.desk_id in gone or (self.room is not None and desk.room_id == self.room.pk)
                else desk
                for desk in supply.desks
            ),
        )

    @property
    def shown(self) -> list[object]:
        edit = self.edit.shown if self.edit else []
        return [str(self.cause), str(self.first_day), self.reason, *super().shown[1:], edit]


@dataclass(frozen=True)
class Told:
    """A guest who hears of it, once for all her dagdelen; at once when one of them begins within two hours."""

    reservation: Reservation
    rows: tuple[Booking, ...]
    at_once: bool

    @property
    def by_mail(self) -> bool:
        return bool(self.reservation.email)

    def per_mail(self, closing: Closing) -> list[tuple[Closing, "Told"]]:
        """What she hears of each closure that calls something of hers off: a mail or a call each."""
        found = []
        for part in closing.parts:
            rows = tuple(row for row in self.rows if closing.part_of(row) == part)
            if rows:
                found.append((part, replace(self, rows=rows)))
        return found


@dataclass(frozen=True)
class Times:
    """The clock times of a booking on its own date, local: as they were, and as they become."""

    begin: time
    end: time
    new_begin: time
    new_end: time

    @property
    def values(self) -> list[str]:
        """The same as texts: `["08:30", "12:30", "09:00", "12:30"]`."""
        return [found.strftime("%H:%M") for found in (self.begin, self.end, self.new_begin, self.new_end)]


@dataclass(frozen=True)
class Plan:
    """What a closing does. `moves`: booking to desk; `options`: what the house can propose, per called-off booking.

    `shifted`: whose dagdelen begin or end at another time; `times`: for each of those bookings what it was and becomes.
    """

    dorpshuis: Dorpshuis
    closing: Closing
    moved: tuple[Booking, ...] = ()
    moves: dict[int, int] = field(default_factory=dict)
    called_off: tuple[Booking, ...] = ()
    holds: tuple[Booking, ...] = ()
    told: tuple[Told, ...] = ()
    shifted: tuple[Told, ...] = ()
    times: dict[int, Times] = field(default_factory=dict)
    options: dict[int, Options] = field(default_factory=dict)
    around: Around | None = field(default=None, compare=False)

    @property
    def mails(self) -> list[Told]:
        return [guest for guest in self.told if guest.by_mail]

    @property
    def mail_count(self) -> int:
        """How many mails that makes: several for who is hit by several closures."""
        return sum(len(guest.per_mail(self.closing)) for guest in self.mails)

    @property
    def calls(self) -> list[Told]:
        return [guest for guest in self.told if not guest.by_mail]

    def apart(self) -> list["Plan"]:
        """A plan for each closure that this makes, of what that one calls off. Several closures move nobody."""
        if self.closing.parts == (self.closing,):
            return [self]
        return [self._of(part) for part in self.closing.parts]

    def _of(self, part: Closing) -> "Plan":
        told = [hers for guest in self.told for other, hers in guest.per_mail(self.closing) if other == part]
        return replace(
            self,
            closing=part,
            called_off=tuple(row for row in self.called_off if self.closing.part_of(row) == part),
            holds=tuple(row for row in self.holds if self.closing.part_of(row) == part),
            told=tuple(told),
        )

    @property
    def shifted_mails(self) -> list[Told]:
        return [guest for guest in self.shifted if guest.by_mail]

    @property
    def shifted_calls(self) -> list[Told]:
        return [guest for guest in self.shifted if not guest.by_mail]

    @property
    def taken_by_moves(self) -> list[tuple[Moment, int]]:
        """The slots that the moves take."""
        return [(row.moment, self.moves[row.pk]) for row in self.moved]

    @property
    def fingerprint(self) -> str:
        """A keyed hash of all that the preview shows: 64 hexadecimal digits; another plan, another one."""
        shown = [
            self.dorpshuis.pk,
            *self.closing.shown,
            sorted(self.moves.items()),
            sorted((row.pk, str(row.slot), self.options.get(row.pk, Options()).values) for row in self.called_off),
            sorted(row.pk for row in self.holds),
            [(t.reservation.pk, t.reservation.email, str(t.reservation.phone), t.at_once) for t in self.told],
            [(t.reservation.pk, t.reservation.email, str(t.reservation.phone)) for t in self.shifted],
            sorted((pk, times.values) for pk, times in self.times.items()),
        ]
        return salted_hmac("bookings.closing", json.dumps(shown), algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Agreed:
    """What the volunteer said yes to: the plan's fingerprint, her choice per booking, whom she called already.

    `form` names the form that she sent: a second tap on it is the same closure. `called` are reservations.
    """

    fingerprint: str
    form: str = ""
    choices: dict[int, Booking.Proposal] = field(default_factory=dict)
    called: frozenset[int] = frozenset()
