"""A guest is deleted at the moment at which her address books: never a booking on a guest who is nobody."""

from functools import partial
from typing import Any

import pytest
from django.db import connection

from bookings.actions import book as book_module
from bookings.actions import forget as forget_module
from bookings.actions.book import Booked, book
from bookings.actions.forget import forget
from bookings.models import Booking, Guest
from bookings.refusals import StillComing
from portal.base.log import GUEST
from tests.factories import afternoon, house_actor, make_booking, make_house, make_order, morning
from tests.races.conftest import _unlocked
from tests.races.crowd import after, at_once, meeting, outcome, pause
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.race]

ANNA: dict[str, Any] = {"name": "Anna", "email": "anna@voorbeeld.example"}


def gone_guest(house: Dorpshuis) -> Guest:
    """Somebody of whom nothing is to come."""
    reservation = make_booking(house, afternoon(), **ANNA)
    reservation.bookings.update(state=Booking.State.CANCELLED)
    return reservation.guest


def book_and_forget(guest: Guest) -> list[Any]:
    house = guest.dorpshuis
    jobs = [
        outcome(partial(book, make_order(house, morning(), **ANNA), GUEST)),
        outcome(partial(forget, guest, house_actor(house))),
    ]
    return at_once(jobs)


def on_nobody() -> int:
    """How many bookings stand on a guest who was deleted."""
    rows = Booking.objects.filter(state=Booking.State.BOOKED)
    return rows.exclude(reservation__guest__emptied_at__isnull=True).count()


def test_a_booking_never_lands_on_a_guest_who_was_deleted() -> None:
    for _ in range(8):
        booked, forgotten = book_and_forget(gone_guest(make_house()))
        assert isinstance(booked, Booked)
        assert forgotten is True or isinstance(forgotten, StillComing)
        assert on_nobody() == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite the transaction itself is the lock")
def test_without_the_lock_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    guest = gone_guest(make_house())
    for module in (book_module, forget_module):
        monkeypatch.setattr(module, "lock", _unlocked)
    meet = meeting(2)
    after(monkeypatch, book_module, "guest_of", meet)
    after(monkeypatch, forget_module, "coming_of", meet)
    after(monkeypatch, forget_module, "empty", pause)
    book_and_forget(guest)
    assert on_nobody() == 1
