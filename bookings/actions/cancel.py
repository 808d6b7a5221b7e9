"""Give desks back: by the guest with her private link, or by the house."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from bookings.actions.lock import lock
from bookings.actions.slots import make_due_again
from bookings.actions.turns import serve
from bookings.domain.dagdelen import Moment
from bookings.domain.policy import CancelCost, cancel_cost
from bookings.models import Booking, Reservation
from bookings.queries import ended_moments
from bookings.refusals import CostChanged, NothingToCancel, Refused
from bookings.tell import tell_cancelled
from portal.base import clock
from portal.base.log import Actor, record
from portal.base.metrics import counted
from villages.models import Dorpshuis


@dataclass(frozen=True)
class Cancelled:
    """What was given back, and what the guest still owes for it in cents."""

    booking_ids: list[int]
    cost_cents: int


@counted(Refused)
def cancel(
    reservation: Reservation,
    by: Actor,
    *,
    moments: Collection[Moment] | None = None,
    promised_cents: int | None = None,
    on_phone: bool = False,
) -> Cancelled:
    """Cancel these moments of the reservation (None: all that can be), at the cost of this moment.

    A guest pays nothing until the deadline that held when she booked, or within 15 minutes of booking;
    later the dagdeel's price.
    The house cancels for nothing; `on_phone`: for a guest who asks it on the phone, and so hears it there.
    Raises NothingToCancel; CostChanged when it costs something else
    than `promised_cents`.
    """
    with transaction.atomic():
        house = lock(reservation.dorpshuis_id)
        rows = cancellable(house, reservation, moments)
        if not rows:
            raise NothingToCancel
        costs = {row.pk: _cost(reservation, row, by) for row in rows}
        total = sum(cost.cents for cost in costs.values())
        if promised_cents is not None and promised_cents != total:
            raise CostChanged(total)
        _give_back(costs, by)
        if not by.is_house:
            make_due_again(house, {row.slot for row in rows if not costs[row.pk].late})
        serve(house, {row.moment for row in rows})
        tell_cancelled(reservation, costs, on_phone=on_phone)
        record(by, "cancel", f"reservation:{reservation.pk}", dorpshuis_id=house.pk)
    return Cancelled([row.pk for row in rows], total)


def cancellable(house: Dorpshuis, reservation: Reservation, moments: Collection[Moment] | None = None) -> list[Booking]:
    """The bookings that can still be given back: booked, and their dagdeel is not over."""
    rows = list(Booking.objects.filter(reservation=reservation, state=Booking.State.BOOKED).in_order())
    wanted = [row for row in rows if moments is None or row.moment in moments]
    over = ended_moments(house, {row.moment for row in wanted}, clock.now())
    return [row for row in wanted if row.moment not in over]


def _cost(reservation: Reservation, row: Booking, by: Actor) -> CancelCost:
    if by.is_house:
        return CancelCost(0, late=False)
    return cancel_cost(reservation, row.date, row.created_at, row.price_cents, clock.now())


def _give_back(costs: dict[int, CancelCost], by: Actor) -> None:
    now = clock.now()  # one moment for one act: by it the mail knows what belongs together
    late = [pk for pk, cost in costs.items() if cost.late]
    in_time = [pk for pk, cost in costs.items() if not cost.late]
    ended = Booking.State.HOUSE_CANCELLED if by.is_house else Booking.State.CANCELLED
    gone = {"cancelled_at": now, "sequence": F("sequence") + 1}
    Booking.objects.filter(pk__in=in_time).update(state=ended, **gone)
    Booking.objects.filter(pk__in=late).update(state=Booking.State.LATE_CANCELLED, **gone)
