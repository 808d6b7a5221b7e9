"""A month is closed, by two workers at once, while a guest books: each month once, and her booking stands."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection

from bookings.actions import closing_month
from bookings.actions.book import Booked, book
from bookings.actions.closing_month import close_house, count_people
from bookings.domain.months import last_to_close
from bookings.models import Booking, ClosedMonth, Guest, GuestTrace, PersonSummary, SlotSummary, YearKey
from portal.base import clock
from portal.base.log import GUEST, SYSTEM
from tests.factories import make_booking, make_house, make_order, morning
from tests.races.conftest import _unlocked
from tests.races.crowd import after, at_once, meeting, outcome
from villages.models import Desk, Dorpshuis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.race]


def house_with_a_month() -> tuple[Dorpshuis, date]:
    """A house that began in the last month that is to be closed, in which somebody was there once."""
    house, month = make_house(desks=2), last_to_close(clock.now())
    Desk.objects.filter(room__dorpshuis=house).update(valid_from=month)
    reservation = make_booking(house, morning(2), email="toen@voorbeeld.example", phone="")
    reservation.bookings.update(date=month, state=Booking.State.USED)
    return house, month


def close_and_book(house: Dorpshuis, month: date) -> list[Any]:
    """Two workers close it, and a guest books the coming morning."""
    jobs = [outcome(partial(close_house, house.pk, month, SYSTEM)) for _ in range(2)]
    return at_once([*jobs, outcome(partial(book, make_order(house, morning()), GUEST))])


def test_each_month_is_closed_once_and_the_guest_has_her_desk() -> None:
    for _ in range(4):
        house, month = house_with_a_month()
        one, other, booked = close_and_book(house, month)
        assert isinstance(booked, Booked)
        assert sorted([one == 0, other == 0]) == [False, True]
        closed = ClosedMonth.objects.get(dorpshuis=house)
        assert (closed.month, closed.version) == (month, 1)
        assert sum(SlotSummary.objects.filter(closed_month=closed).values_list("used", flat=True)) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite the transaction itself is the lock")
def test_two_that_count_december_at_once_write_one_version(monkeypatch: pytest.MonkeyPatch) -> None:
    december = last_to_close(clock.now()).replace(month=12, year=clock.today().year - 1)
    house = make_house(desks=2)
    ClosedMonth.objects.create(dorpshuis=house, month=december, definition=1)
    reservation = make_booking(house, morning(2), email="toen@voorbeeld.example", phone="")
    reservation.bookings.update(date=december, state=Booking.State.USED)
    GuestTrace.objects.create(guest=reservation.guest, year=december.year, person="0" * 64)
    Guest.objects.update(email="", phone="")
    after(monkeypatch, closing_month, "_year_is_closed", meeting(2))
    written = at_once([outcome(partial(count_people, december, SYSTEM)) for _ in range(2)])
    assert sorted(found == 0 for found in written) == [False, True]
    assert set(PersonSummary.objects.values_list("version", flat=True)) == {1}
    assert set(PersonSummary.objects.values_list("unique", flat=True)) == {1}
    assert not YearKey.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite the transaction itself is the lock")
def test_without_the_lock_only_the_database_stops_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    house, month = house_with_a_month()
    monkeypatch.setattr(closing_month, "lock", _unlocked)
    after(monkeypatch, closing_month, "_open_months", meeting(2))
    one, other, booked = close_and_book(house, month)
    assert isinstance(booked, Booked)
    assert sorted(isinstance(found, IntegrityError) for found in (one, other)) == [False, True]
    assert ClosedMonth.objects.filter(dorpshuis=house).count() == 1
