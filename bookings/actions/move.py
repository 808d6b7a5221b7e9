"""Put guests without a chosen desk at another free desk, when theirs goes away."""

from collections.abc import Callable, Iterable
from itertools import groupby

from django.db.models import F

from bookings.actions.slots import settle_given_back
from bookings.domain.allocation import Slot, allocate
from bookings.domain.availability import Supply, open_desks, opening_on, without_tables
from bookings.domain.dagdelen import Moment
from bookings.models import Booking
from bookings.queries import Taken, given_back_late, supplies, taken
from portal.base import clock
from villages.models import Dorpshuis


def plan_moves(
    house: Dorpshuis, bookings: Iterable[Booking], after: Callable[[Supply], Supply]
) -> tuple[dict[int, int], list[Booking]]:
    """Where each booking can go: `{booking: desk}`, and the bookings that can't move.

    `after` makes of what is offered what will be. A guest who chose her desk is not moved. What is to be
    carried out, is planned under the house's lock.
    """
    rows = sorted(bookings, key=lambda row: (row.reservation_id, row.moment))
    if not rows:
        return {}, []
    days = [row.date for row in rows]
    supply = after(supplies([house], min(days), max(days))[house.pk])
    occupied = taken([house.pk], min(days), max(days), clock.now())[house.pk]
    late = given_back_late(house.pk, {row.moment for row in rows})
    moves: dict[int, int] = {}
    for _order, together in groupby((row for row in rows if not row.desk_chosen), key=lambda row: row.reservation_id):
        found = _desks_for(list(together), supply, occupied, late)
        moves |= {row.pk: desk for row, desk in found}
    return moves, [row for row in rows if row.pk not in moves]


def _desks_for(rows: list[Booking], supply: Supply, occupied: Taken, late: set[Slot]) -> list[tuple[Booking, int]]:
    """A free desk for each booking of one order that can have one, chosen as for a new order; marks it taken."""
    free = {row.moment: _free(supply, row.moment, occupied) for row in rows}
    can_move = [row for row in rows if free[row.moment]]
    desks = allocate((row.moment for row in can_move), free, late) or {}
    for moment, desk in desks.items():
        occupied[moment].add(desk)
    return [(row, desks[row.moment]) for row in can_move]


def _free(supply: Supply, moment: Moment, occupied: Taken) -> tuple[int, ...]:
    """The desks that are open and free then, in the house's own order."""
    opening = opening_on(supply, moment)
    open_ids = open_desks(supply, moment, opening)[0] if opening is not None else ()
    return tuple(desk for desk in without_tables(supply, open_ids) if desk not in occupied.get(moment, ()))


def move(house: Dorpshuis, moves: dict[int, int]) -> None:
    """Carry the moves out. The slot left behind is not offered any more, so nobody waits for it."""
    for desk_id in set(moves.values()):
        to_it = [booking for booking, desk in moves.items() if desk == desk_id]
        Booking.objects.filter(pk__in=to_it).occupying().update(desk=desk_id, sequence=F("sequence") + 1)
    booked = Booking.objects.filter(pk__in=moves, state=Booking.State.BOOKED)
    settle_given_back(house, {row.slot for row in booked})
