"""One function per mail, named after it; its words are in `templates/bookings/mail/<name>_….txt` and `.html`.

Called when the mail is sent, not when it is put in the outbox: it tells what is true then, or nothing.
"""

from django.core.mail import EmailMultiAlternatives

from bookings.mails.letter import Letter, lines_of, reservation_of
from bookings.models import Booking, Reservation
from bookings.models.call_entry import CallEntry
from portal.base import outbox
from portal.base.models import OutboxMail

State = Booking.State


def register_all() -> None:
    """Let the outbox know who composes what."""
    outbox.register(CallEntry.Kind.CONFIRMATION, confirmation)
    outbox.register(CallEntry.Kind.CANCELLATION, cancellation)
    outbox.register(CallEntry.Kind.CALLED_OFF, called_off)


def confirmation(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """All she needs to come; None when nothing of it stands any more."""
    reservation = reservation_of(mail)
    standing = _standing(reservation)
    if reservation is None or not standing:
        return None
    letter = Letter("confirmation", reservation)
    total = sum(row.due_cents for row in standing)
    return letter.compose(lines=lines_of(reservation, standing), total_cents=total, twice=_twice(reservation, standing))


def cancellation(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What was given back in one act, and what it costs."""
    reservation = reservation_of(mail)
    first = Booking.objects.filter(pk=int(mail.key.rsplit(":", 1)[1])).first()
    if reservation is None or first is None or first.cancelled_at is None:
        return None
    same_act = reservation.bookings.filter(cancelled_at=first.cancelled_at, state__in=State.cancelled, closure=None)
    gone = list(same_act.select_related("desk").in_order())
    return Letter("cancellation", reservation).compose(
        lines=lines_of(reservation, gone),
        standing=lines_of(reservation, _standing(reservation)),
        total_cents=sum(row.due_cents for row in gone),
        by_house=first.state == State.HOUSE_CANCELLED,
    )


def called_off(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What the house called off by closing; None when it opened again in time."""
    reservation = reservation_of(mail)
    if reservation is None:
        return None
    closure_id = int(mail.key.split(":")[1])
    off = reservation.bookings.filter(closure=closure_id, state=State.HOUSE_CANCELLED)
    gone = list(off.select_related("desk", "closure").in_order())
    if not gone:
        return None
    return Letter("called_off", reservation).compose(
        lines=lines_of(reservation, gone),
        standing=lines_of(reservation, _standing(reservation)),
        closure=gone[0].closure,
    )


def _standing(reservation: Reservation | None) -> list[Booking]:
    rows = Booking.objects.filter(reservation=reservation, state=State.BOOKED)
    return list(rows.select_related("desk").in_order())


def _twice(reservation: Reservation, rows: list[Booking]) -> list[Booking]:
    """Which of these dagdelen this address had booked here before (rule 3).

    By the address alone, since the mail goes there: a number can be somebody else's.
    """
    earlier = Booking.objects.filter(
        dorpshuis=reservation.dorpshuis_id, state=State.BOOKED, reservation__lt=reservation.pk
    ).of_contact(reservation.email, "")
    had = {row.moment for row in earlier.at(row.moment for row in rows)}
    return [row for row in rows if row.moment in had]
