"""A guest of long ago is to be emptied at the moment at which she books again: she is kept, or she is another guest."""

from functools import partial
from typing import Any

import pytest
from django.db import connection

from bookings.actions import book as book_module
from bookings.actions import retention
from bookings.actions.book import Booked, book
from bookings.models import Booking, Guest
from portal.base.log import GUEST, SYSTEM
from tests.factories import make_booking, make_house, make_order, morning
from tests.races.conftest import _unlocked
from tests.races.crowd import after, at_once, meeting, outcome, pause
from tests.races.test_forget import on_nobody
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.race]

ANNA: dict[str, Any] = {"name": "Anna", "email": "anna@voorbeeld.example"}


def guest_of_long_ago(house: Dorpshuis) -> Guest:
    """Somebody whose last dagdeel was nearly three years ago."""
    reservation = make_booking(house, morning(2), **ANNA)
    reservation.bookings.update(date="2024-01-10", state=Booking.State.USED)
    Guest.objects.filter(pk=reservation.guest_id).update(created_at="2024-01-03T12:00Z")
    return reservation.guest


def book_and_empty(guest: Guest) -> list[Any]:
    house = guest.dorpshuis
    jobs = [
        outcome(partial(book, make_order(house, morning(), **ANNA), GUEST)),
        outcome(partial(retention.forget_guests_of, house.pk, [guest.pk], SYSTEM)),
    ]
    return at_once(jobs)


def test_who_books_at_that_moment_is_never_emptied() -> None:
    for _ in range(6):
        booked, emptied = book_and_empty(guest_of_long_ago(make_house()))
        assert isinstance(booked, Booked)
        assert emptied in (0, 1)
        assert on_nobody() == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite the transaction itself is the lock")
def test_without_the_lock_she_is(monkeypatch: pytest.MonkeyPatch) -> None:
    guest = guest_of_long_ago(make_house())
    for module in (book_module, retention):
        monkeypatch.setattr(module, "lock", _unlocked)
    meet = meeting(2)
    after(monkeypatch, book_module, "guest_of", meet)
    after(monkeypatch, retention, "_still_due", meet)
    after(monkeypatch, retention, "empty_all", pause)
    book_and_empty(guest)
    assert on_nobody() == 1
