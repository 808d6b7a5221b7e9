"""Mails about a dagdeel that she changed for another."""

from django.core.mail import EmailMultiAlternatives

from bookings.agenda import Method
from bookings.mails.letter import Letter, lines_of, reservation_of
from bookings.models import Booking
from portal.base.models import OutboxMail


def change(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What it was, what it is now, and all she needs to come; None when that no longer stands."""
    reservation = reservation_of(mail)
    number = int(mail.key.rsplit(":", 1)[1])
    changes = Booking.objects.filter(reservation=reservation, changed_from__isnull=False).order_by("pk")
    new = changes.select_related("desk", "changed_from__desk")[number - 1 : number].first()
    if reservation is None or new is None or new.changed_from is None or new.state != Booking.State.BOOKED:
        return None
    return Letter("change", reservation).compose(
        lines=lines_of(reservation, [new]),
        agenda=Method.PUBLISH,
        old=lines_of(reservation, [new.changed_from]),
        total_cents=new.due_cents,
    )
