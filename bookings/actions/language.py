"""In which language a reservation's mails are written."""

from django.db import transaction

from bookings.actions.cancel import cancellable
from bookings.actions.lock import lock
from bookings.models import Reservation
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
