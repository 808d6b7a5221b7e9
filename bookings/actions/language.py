"""In which language a reservation's mails are written, and whether its guest wants reminders."""

from django.db import transaction

from bookings.actions.cancel import cancellable
from bookings.actions.lock import lock
from bookings.models import Guest, Reservation
from bookings.tell import tell_booked_in
from portal.base.log import Actor, record


def set_language(reservation: Reservation, language: Reservation.Language, by: Actor) -> None:
    """Write her mails in this language from now on; confirm in it, once, what still stands.

    Asking for the language that it has already does nothing.
    """
    with transaction.atomic():
        house = lock(reservation.dorpshuis_id)
        row = Reservation.objects.get(pk=reservation.pk)
        if row.language == language:
            return
        row.language = language
        row.save(update_fields=["language"])
        if cancellable(house, row):
            tell_booked_in(row)
        record(by, "set_language", f"reservation:{row.pk}", dorpshuis_id=house.pk)


def set_reminders(reservation: Reservation, by: Actor, *, wanted: bool) -> None:
    """Remind its guest from now on, or no more, of all that she has here. What holds already does nothing."""
    with transaction.atomic():
        house = lock(reservation.dorpshuis_id)
        mine = Guest.objects.filter(reservations=reservation.pk, no_reminders=wanted)
        if mine.update(no_reminders=not wanted):
            record(by, "set_reminders", f"guest:{reservation.guest_id}", dorpshuis_id=house.pk)
