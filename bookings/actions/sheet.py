"""The paper list of a day, keyed back in one act."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from bookings.actions.day import check_due, check_markable, mark, note_paid
from bookings.actions.lock import lock
from bookings.actions.walk_in import Arrival, made_before, seat
from bookings.models import Booking
from bookings.queries import beginnings
from bookings.refusals import Refused
from portal.base.log import Actor, record
from villages.models import Dorpshuis


@dataclass(frozen=True)
class Line:
    """What the paper says of one booking: its state (empty: nothing), how it was paid (empty: not), and what
    stood there as `booking_stamp` when the form was made."""

    booking_id: int
    state: str
    paid_how: str
    seen: str


@dataclass
class Entered:
    """What came of it: bookings written, bookings that changed meanwhile or could not, walk-ins refused."""

    saved: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    walk_ins: int = 0
    no_desk: list[Arrival] = field(default_factory=list)


def booking_stamp(row: Booking) -> str:
    """What a form saw of this booking: another stamp later means that somebody else changed it."""
    return f"{row.state}.{row.paid_how}"


def mark_sheet(
    dorpshuis_id: int, day: date, lines: Collection[Line], walk_ins: Iterable[Arrival], by: Actor
) -> Entered:
    """Write the whole list. A line that cannot be written is left, and the others are written all the same.

    The same form again changes nothing.
    """
    found = Entered()
    with transaction.atomic():
        house = lock(dorpshuis_id)
        pairs = _pairs(house, day, lines)
        begins = beginnings(house, {row.moment for row, _ in pairs})
        for row, line in pairs:
            (found.saved if _write(row, line, begins[row.moment], by) else found.left).append(row.pk)
        for guest in walk_ins:
            _seat(house, guest, by, found)
        if found.saved or found.walk_ins:
            record(by, "mark_sheet", f"dorpshuis:{house.pk}", dorpshuis_id=house.pk)
    return found


def _pairs(house: Dorpshuis, day: date, lines: Collection[Line]) -> list[tuple[Booking, Line]]:
    """Each line with its booking as it is now; a line that says what stands already is none."""
    by_number = {line.booking_id: line for line in lines}
    rows = Booking.objects.filter(dorpshuis=house, date=day, pk__in=by_number)
    pairs = [(row, by_number[row.pk]) for row in rows.in_order()]
    return [(row, line) for row, line in pairs if _says_more(row, line)]


def _says_more(row: Booking, line: Line) -> bool:
    said = bool(line.state or line.paid_how)
    return said and (line.state or row.state, line.paid_how or row.paid_how) != (row.state, row.paid_how)


def _write(row: Booking, line: Line, begins: datetime, by: Actor) -> bool:
    """Whether it could be written; then it was, all of the line."""
    if booking_stamp(row) != line.seen:
        return False
    try:
        if line.state:
            check_markable(row, begins)
        if line.paid_how:
            check_due(row)
    except Refused:
        return False
    if line.state and line.state != row.state:
        mark(row, line.state, by.user)
    if line.paid_how and line.paid_how != row.paid_how:
        note_paid(row, line.paid_how, by.user)
    return True


def _seat(house: Dorpshuis, guest: Arrival, by: Actor, found: Entered) -> None:
    if made_before(house, guest) is not None:
        return
    try:
        seat(house, guest, by.user)
    except Refused:
        found.no_desk.append(guest)
    else:
        found.walk_ins += 1
