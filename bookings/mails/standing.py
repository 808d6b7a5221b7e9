"""Mails about a standing place: what was agreed, that it ends soon, goes on, or ends sooner."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from bookings.agenda import Method
from bookings.mails.letter import Letter, lines_of, reservation_of, standing_of
from bookings.models import Booking, Reservation, StandingPlace
from bookings.wording import pattern_words
from portal.base import clock
from portal.base.models import OutboxMail


def standing(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What was agreed, with her dates so far and the link to give one back; None when it is over."""
    reservation = reservation_of(mail)
    place = _running(reservation)
    if reservation is None or place is None:
        return None
    return _written("standing", reservation, place, Method.PUBLISH)


def standing_end(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """That it ends within a month; None when it goes on by now, or is over."""
    reservation = reservation_of(mail)
    place = _running(reservation)
    if reservation is None or place is None or not mail.key.endswith(f":{place.last_day}"):
        return None
    return _written("standing_end", reservation, place)


def longer(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """Until when it goes on, with her dates so far; None when that is another day by now, or it is over."""
    reservation = reservation_of(mail)
    place = _running(reservation)
    if reservation is None or place is None or not mail.key.endswith(f":{place.last_day}"):
        return None
    return _written("longer", reservation, place, Method.PUBLISH)


def stopped(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """That the house ends it sooner, and which dates no longer go on; None when it ends on another day by now."""
    reservation = reservation_of(mail)
    place = StandingPlace.objects.filter(reservation=reservation).first() if reservation else None
    if reservation is None or place is None or not mail.key.endswith(f":{place.last_day}"):
        return None
    off = reservation.bookings.filter(standing=place, state=Booking.State.HOUSE_CANCELLED, date__gt=place.last_day)
    rows = list(off.filter(closure=None).select_related("desk").in_order())
    return Letter("stopped", reservation).compose(
        lines=lines_of(reservation, rows),
        agenda=Method.CANCEL,
        place=place,
        pattern=pattern_words(place.pattern),
        standing=lines_of(reservation, standing_of(reservation)),
    )


def _running(reservation: Reservation | None) -> StandingPlace | None:
    return StandingPlace.objects.running(clock.today()).filter(reservation=reservation).first() if reservation else None


def _written(
    name: str, reservation: Reservation, place: StandingPlace, agenda: Method | None = None
) -> EmailMultiAlternatives:
    rows = standing_of(reservation)
    return Letter(name, reservation).compose(
        lines=lines_of(reservation, rows),
        agenda=agenda,
        place=place,
        pattern=pattern_words(place.pattern),
        total_cents=sum(row.due_cents for row in rows),
        standing_link=settings.PUBLIC_URL + reverse("standing-place", args=[reservation.reference]),
    )
