"""Mails about what she booked."""

from django.core.mail import EmailMultiAlternatives

from bookings.agenda import Method
from bookings.mails.letter import Letter, lines_of, reservation_of, standing_of
from bookings.models import Booking, Reservation
from portal.base.models import OutboxMail

State = Booking.State


def confirmation(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """All she needs to come; None when nothing of it stands, or is still to come."""
    reservation = reservation_of(mail)
    standing = standing_of(reservation)
    if reservation is None or not standing:
        return None
    letter = Letter("confirmation", reservation)
    total = sum(row.due_cents for row in standing)
    return letter.compose(
        lines=lines_of(reservation, standing),
        agenda=Method.PUBLISH,
        total_cents=total,
        twice=_twice(reservation, standing),
    )


def _twice(reservation: Reservation, rows: list[Booking]) -> list[Booking]:
    """Which of these dagdelen this address had booked here before (rule 3).

    By the address alone, since the mail goes there: a number can be somebody else's.
    """
    earlier = Booking.objects.filter(
        dorpshuis=reservation.dorpshuis_id, state=State.BOOKED, reservation__lt=reservation.pk
    ).of_contact(reservation.email, "")
    had = {row.moment for row in earlier.at(row.moment for row in rows)}
    return [row for row in rows if row.moment in had]
