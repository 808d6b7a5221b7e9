"""Put guests without a chosen desk at another free desk, when theirs goes away."""

from collections.abc import Iterable

from bookings.actions.slots import settle_given_back
from bookings.domain.availability import Supply, open_desks, opening_on
from bookings.domain.dagdelen import Moment
from bookings.models import Booking
from bookings.queries import supplies, taken
from portal.base import clock
from villages.models import Dorpshuis


def plan_moves(
    house: Dorpshuis, bookings: Iterable[Booking], gone: Iterable[int] = ()
) -> tuple[dict[int, int], list[Booking]]:
    """Where each booking can go: `{booking: desk}`, and the bookings that can't move.

    Called under the house's lock, after the closure was written (its desks are no longer open); `gone`
    are desks that go away without a closure. A guest who chose her desk is not moved. Expired holds
    were freed before.
    """
    rows = sorted(bookings, key=lambda row: (row.moment, row.pk))
    if not rows:
        return {}, []
    first, last = rows[0].date, rows[-1].date
    supply = supplies([house], first, last)[house.pk]
    occupied = taken([house.pk], first, last, clock.now())[house.pk]
    moves: dict[int, int] = {}
    stuck: list[Booking] = []
    for row in rows:
        free = _open_now(supply, row.moment) - occupied.get(row.moment, set()) - set(gone)
        if row.desk_chosen or not free:
            stuck.append(row)
            continue
        moves[row.pk] = min(free)
        occupied[row.moment].add(moves[row.pk])
    return moves, stuck


def move(house: Dorpshuis, moves: dict[int, int]) -> None:
    """Carry the moves out. The slot left behind is not offered any more, so nobody waits for it."""
    for booking_id, desk_id in moves.items():
        Booking.objects.filter(pk=booking_id).occupying().update(desk=desk_id)
    booked = Booking.objects.filter(pk__in=moves, state=Booking.State.BOOKED)
    settle_given_back(house, {row.slot for row in booked})


def _open_now(supply: Supply, moment: Moment) -> set[int]:
    opening = opening_on(supply, moment)
    return set(open_desks(supply, moment, opening)[0]) if opening is not None else set()
