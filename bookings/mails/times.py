"""The mail about dagdelen that begin or end at another time, because the house changed its week."""

from datetime import time

from django.core.mail import EmailMultiAlternatives

from bookings.agenda import Method
from bookings.mails.letter import Letter, Line, lines_of, reservation_of, standing_of
from bookings.models import Reservation
from portal.base.models import OutboxMail
from villages.models import Closure


def times(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What it was and what it is now, with the agenda file; None when nothing of it differs any more."""
    reservation = reservation_of(mail)
    closure = Closure.objects.standing().filter(pk=int(mail.key.split(":")[1])).first()
    if reservation is None or closure is None:
        return None
    moved = _moved(reservation, closure)
    if not moved:
        return None
    return Letter("times", reservation).compose(
        lines=[line for line, *_ in moved],
        agenda=Method.PUBLISH,
        moved=moved,
    )


def _moved(reservation: Reservation, closure: Closure) -> list[tuple[Line, time, time]]:
    """Her dagdelen to come that this change gave other times, each with the times of before."""
    before = closure.was.get("times", {})
    rows = [row for row in standing_of(reservation) if str(row.pk) in before]
    found = []
    for line in lines_of(reservation, rows):
        begin, end = (time.fromisoformat(text) for text in before[str(line.booking.pk)][:2])
        if line.begin is not None and (line.begin, line.end) != (begin, end):
            found.append((line, begin, end))
    return found
