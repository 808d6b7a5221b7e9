"""What a guest must hear: a mail in the outbox, or for who has no address a line on the house's call list.

The only caller of the outbox. Called in the transaction of what it tells: what is rolled back is not told.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bookings.models import Booking, CallEntry, Reservation
from bookings.queries import beginnings
from portal.base import clock, outbox
from portal.base.log import Actor
from villages.models import Closure, Dorpshuis

UNDO_FOR = timedelta(minutes=10)
AT_ONCE_WITHIN = timedelta(hours=2)

Kind = CallEntry.Kind


def tell_booked(reservation: Reservation, by: Actor) -> None:
    """Confirm. Who booked by phone was told by the volunteer who wrote it down."""
    if reservation.email or not by.is_house:
        _tell(reservation, Kind.CONFIRMATION, f"confirmation:{reservation.pk}")


def tell_cancelled(reservation: Reservation, booking_ids: Collection[int]) -> None:
    """Tell what was given back in one act, by the guest or by the house."""
    _tell(reservation, Kind.CANCELLATION, f"cancellation:{reservation.pk}:{min(booking_ids)}")


def tell_called_off(house: Dorpshuis, closure: Closure, rows: Iterable[Booking]) -> None:
    """Tell each guest once what this closure called off; after the time in which the house can undo it.

    At once to who has a dagdeel that begins within two hours.
    """
    booked = [row for row in rows if row.state == Booking.State.BOOKED]
    begins = beginnings(house, {row.moment for row in booked})
    soon = clock.now() + AT_ONCE_WITHIN
    hurried = {row.reservation_id for row in booked if begins[row.moment] <= soon}
    for reservation in Reservation.objects.filter(pk__in={row.reservation_id for row in booked}).order_by("pk"):
        visible = clock.now() if reservation.pk in hurried else clock.now() + UNDO_FOR
        _tell(reservation, Kind.CALLED_OFF, called_off_key(closure.pk, reservation.pk), visible)


def withdraw_called_off(closure: Closure, reservation_ids: Iterable[int]) -> None:
    """The house took the closure back in time: who was not told yet, need not hear of it."""
    keys = [called_off_key(closure.pk, pk) for pk in reservation_ids]
    outbox.withdraw(keys)
    CallEntry.objects.filter(key__in=keys, done_at__isnull=True).delete()


def called_off_key(closure_id: int, reservation_id: int) -> str:
    """The name of the event that this closure called off dagdelen of this reservation."""
    return f"closure:{closure_id}:{reservation_id}"


def _tell(reservation: Reservation, kind: Kind, key: str, visible_from: datetime | None = None) -> None:
    if reservation.email:
        subject = f"reservation:{reservation.pk}"
        outbox.put(key, kind, subject, reservation.email, language=reservation.language, visible_from=visible_from)
        return
    entry = CallEntry(
        dorpshuis_id=reservation.dorpshuis_id,
        reservation=reservation,
        kind=kind,
        key=key,
        visible_from=visible_from or clock.now(),
    )
    CallEntry.objects.bulk_create([entry], ignore_conflicts=True)
