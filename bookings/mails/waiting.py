"""Mails about a waiting list: that she is on it, that a place is held for her, that her turn is over."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from bookings.domain.availability import opening_on
from bookings.domain.prices import usual_price
from bookings.mails.letter import Letter, reservation_of
from bookings.models import Reservation, Waiting
from bookings.queries import supplies
from bookings.wording import day_words, promise
from portal.base import clock
from portal.base.models import OutboxMail
from portal.base.words import met_weekdag

State = Waiting.State


def on_the_list(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """For what she waits, how it goes, and her link; None when she is off the list by now."""
    wait = _wait_of(mail)
    return _written("on_the_list", wait) if wait is not None and wait.is_listed else None


def place(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """It is her turn: until when, for how much, and her link; None when it no longer is."""
    wait = _wait_of(mail)
    if wait is None or wait.state != State.OFFERED or not mail.key.endswith(f":{wait.turns}"):
        return None
    if wait.turn_until is None or clock.now() >= wait.turn_until:
        return None
    return _written("place", wait, until=clock.local(wait.turn_until))


def turn_passed(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """Her turn is over and the place is for the next; None when she is told so after the dagdeel began."""
    wait = _wait_of(mail)
    if wait is None or wait.state != State.PASSED:
        return None
    return _written("turn_passed", wait)


def _wait_of(mail: OutboxMail) -> Waiting | None:
    """Her place on the list, while its dagdeel has not begun; None when she was deleted, or it began."""
    reservation = reservation_of(mail)
    if reservation is None:
        return None
    wait = Waiting.objects.with_names().filter(reservation=reservation).first()
    return None if wait is None or wait.date < clock.today() else wait


def _written(name: str, wait: Waiting, **more: Any) -> EmailMultiAlternatives:
    reservation: Reservation = wait.reservation
    supply = supplies([wait.dorpshuis], wait.date, wait.date)[wait.dorpshuis_id]
    opening = opening_on(supply, wait.moment)
    cents = usual_price(supply.tariffs, wait.date)
    return Letter(name, reservation).compose(
        lines=[],
        wait=wait,
        day=day_words(wait.date),
        day_and_part=met_weekdag(wait.date, wait.dagdeel),
        begin=opening.begin if opening else None,
        end=opening.end if opening else None,
        promise=promise(cents) if cents is not None else "",
        waiting_link=settings.PUBLIC_URL + reverse("waiting", args=[reservation.reference]),
        **more,
    )
