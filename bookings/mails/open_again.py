"""Mails about a house that is open after all: her booking goes on, or she can book again."""

from django.core.mail import EmailMultiAlternatives

from bookings.again import bookable_again
from bookings.mails.instead import link_to_choose
from bookings.mails.letter import Letter, lines_of, reservation_of, standing_of
from bookings.models import Booking, Reservation
from portal.base.models import OutboxMail
from villages.models import Closure

State = Booking.State


def undone(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What was told to be off and goes on after all; None when none of it stands or is still to come."""
    reservation, closure = reservation_of(mail), _closure_of(mail)
    if reservation is None or closure is None:
        return None
    hit = set(Booking.objects.filter(reservation=reservation).shut_by(closure).values_list("pk", flat=True))
    back = [row for row in standing_of(reservation) if row.pk in hit]
    if not back:
        return None
    return Letter("undone", reservation).compose(
        lines=lines_of(reservation, back),
        still_off=lines_of(reservation, _called_off(reservation, closure)),
        total_cents=sum(row.due_cents for row in back),
    )


def reopened(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What the house called off and can be booked again; None when nothing of it can, or she did already."""
    reservation, closure = reservation_of(mail), _closure_of(mail)
    if reservation is None or closure is None:
        return None
    off = _called_off(reservation, closure)
    again = bookable_again(reservation.dorpshuis, closure, off)
    if not again:
        return None
    return Letter("reopened", reservation).compose(
        lines=lines_of(reservation, again),
        standing=lines_of(reservation, standing_of(reservation)),
        again_link=link_to_choose(reservation.dorpshuis, [row.moment for row in again]),
    )


def _closure_of(mail: OutboxMail) -> Closure | None:
    """The closure in the mail's key, if it was taken back."""
    number = int(mail.key.split(":")[1])
    return Closure.objects.filter(pk=number, reopened_at__isnull=False).first()


def _called_off(reservation: Reservation, closure: Closure) -> list[Booking]:
    """What this closure called off and did not come back, in order."""
    rows = reservation.bookings.filter(closure=closure, state=State.HOUSE_CANCELLED)
    return list(rows.select_related("desk", "reservation").in_order())
