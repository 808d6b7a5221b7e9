"""Mails about a standing place: what was agreed, and that it ends soon."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from bookings.agenda import Method
from bookings.mails.letter import Letter, lines_of, reservation_of, standing_of
from bookings.models import Reservation, StandingPlace
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


def _running(reservation: Reservation | None) -> StandingPlace | None:
    return StandingPlace.objects.running(clock.today()).filter(reservation=reservation).first() if reservation else None


def _written(
    name: str, reservation: Reservation, place: StandingPlace, agenda: Method | None = None
) -> EmailMultiAlternatives:
    rows = [row for row in standing_of(reservation) if row.date >= clock.today()]
    return Letter(name, reservation).compose(
        lines=lines_of(reservation, rows),
        agenda=agenda,
        place=place,
        pattern=pattern_words(place.pattern),
        total_cents=sum(row.due_cents for row in rows),
        standing_link=settings.PUBLIC_URL + reverse("standing-place", args=[reservation.reference]),
    )
