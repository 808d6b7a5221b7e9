"""What a closure called off and can be booked again, once the house is open after all."""

from collections.abc import Iterable
from dataclasses import replace

from bookings.domain.availability import ClosedSpan
from bookings.domain.dagdelen import Dagdeel
from bookings.models import Booking
from bookings.reader import CellReader
from villages.models import Closure, Dorpshuis


def called_off_by(closure: Closure) -> list[Booking]:
    """What it called off and still is, with reservation and desk, in order. No holds: nobody was promised those."""
    rows = Booking.objects.filter(closure=closure, state=Booking.State.HOUSE_CANCELLED, held_until__isnull=True)
    rows = rows.of_somebody()  # nobody comes for what was booked by a guest who was deleted
    return list(rows.select_related("reservation", "desk", "standing").in_order())


def bookable_again(house: Dorpshuis, closure: Closure, rows: Iterable[Booking]) -> list[Booking]:
    """Which of these called-off bookings their guests can make again, once this closure is taken back or as it is.

    Not what is over, full or shut otherwise, and not what she has booked again already. Eight queries at most.
    """
    off = list(rows)
    if not off:
        return []
    reader = CellReader.read(house, [row.date for row in off])
    closures = list(reader.supply.closures)
    mine = _span(closure)
    if mine in closures:
        closures.remove(mine)
        reader.supply = replace(reader.supply, closures=tuple(closures))
    guests = {row.reservation.guest_id for row in off}
    hers = Booking.objects.filter(reservation__guest__in=guests, date__in={row.date for row in off}).occupying()
    has = {(row.reservation.guest_id, row.moment) for row in hers.select_related("reservation")}
    return [row for row in off if (row.reservation.guest_id, row.moment) not in has and reader.at(row.moment).bookable]


def _span(closure: Closure) -> ClosedSpan:
    """This closure as long as it stands, as the rules of availability read it."""
    return ClosedSpan(
        closure.first_day,
        closure.last_day,
        frozenset(Dagdeel(part) for part in closure.dagdelen),
        closure.reason,
        closure.room_id,
        frozenset(desk.pk for desk in closure.desks.all()),
        since=closure.created_at,
    )
