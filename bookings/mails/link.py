"""Mails with a link to a private page, for who asked for it."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from bookings.mails.letter import Letter, lines_of, reservation_of, standing_of, written
from bookings.models import Booking, Reservation
from bookings.wording import moment_words
from portal.base import clock
from portal.base.models import OutboxMail
from villages.models import Dorpshuis


def link(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """The new link; None when a newer one is on its way."""
    reservation = reservation_of(mail)
    if reservation is None or mail.key != f"link:{reservation.pk}:{reservation.links}":
        return None
    return Letter("link", reservation).compose(lines=lines_of(reservation, standing_of(reservation)))


@dataclass
class Coming:
    """A reservation of which something is still to come: the first in words, how many more, and its link."""

    house: Dorpshuis
    first: str
    link: str
    others: int = 0


def lost_link(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """The links of all that this very address has coming, in any house; None when that is nothing."""
    found: dict[int, Coming] = {}
    rows = Booking.objects.filter(state=Booking.State.BOOKED, date__gte=clock.today()).confirmed_to(mail.recipient)
    for row in rows.select_related("reservation__dorpshuis").in_order():
        if row.reservation_id in found:
            found[row.reservation_id].others += 1
            continue
        reservation: Reservation = row.reservation
        address = settings.PUBLIC_URL + reverse("booking", args=[reservation.reference])
        found[row.reservation_id] = Coming(reservation.dorpshuis, moment_words(row.moment), address)
    return written("lost_link", {"coming": list(found.values())}) if found else None
