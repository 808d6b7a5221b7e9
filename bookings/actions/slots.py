"""What whoever takes a slot owes to the rows that stand in it. Called under the house's lock."""

from collections.abc import Collection

from bookings.domain.allocation import Slot
from bookings.models import Booking
from portal.base import clock
from villages.models import Dorpshuis


def free_expired_holds(house: Dorpshuis) -> None:
    """End the holds of this house that are past their end; readers counted them as free already."""
    now = clock.now()
    holds = Booking.objects.filter(dorpshuis=house, date__gte=now.date(), state=Booking.State.HELD)
    holds.filter(held_until__lte=now).update(state=Booking.State.CANCELLED, cancelled_at=now)


def make_due_again(house: Dorpshuis, slots: Collection[Slot]) -> None:
    """Slots that were taken again and are now given back for nothing: who cancelled late owes again.

    Else a second booking under another address, cancelled at once, would undo a late cancellation.
    """
    settled = Booking.objects.filter(dorpshuis=house, state=Booking.State.RETAKEN).at(slot.moment for slot in slots)
    newest = {row.slot: row.pk for row in settled.order_by("cancelled_at", "pk") if row.slot in slots}
    Booking.objects.filter(pk__in=newest.values()).update(state=Booking.State.LATE_CANCELLED)


def settle_given_back(house: Dorpshuis, slots: Collection[Slot]) -> None:
    """Rule 7: who cancelled late owes nothing once the slot is taken again. Without slots no query."""
    if not slots:
        return
    days = {slot.moment.date for slot in slots}
    late = Booking.objects.filter(dorpshuis=house, date__in=days).given_back_late()
    settled = [booking.pk for booking in late if booking.slot in slots]
    Booking.objects.filter(pk__in=settled).update(state=Booking.State.RETAKEN)
