"""One trial code in several browsers at the same moment: one dagdeel is free, and no more."""

from functools import partial

import pytest
from django.db import connection

from bookings.actions import book as booking
from bookings.actions.book import Booked, book
from bookings.models import Booking
from bookings.refusals import TrialGone
from portal.base.log import GUEST
from tests.factories import make_house, make_order, make_trial, morning
from tests.races.crowd import after, at_once, meeting, outcome
from villages.models import Dorpshuis

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_of_four_who_use_one_code_at_once_one_does() -> None:
    house = make_house()
    _, code = make_trial(house)
    orders = [make_order(house, morning(), trial=code, promised_cents=0) for _ in range(4)]
    given = at_once([outcome(partial(book, order, GUEST)) for order in orders])
    assert sum(isinstance(answer, Booked) for answer in given) == 1
    assert sum(isinstance(answer, TrialGone) for answer in given) == 3
    assert Booking.objects.count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there the transaction itself is the lock")
def test_without_the_lock_two_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: this is what the lock is for."""
    house = make_house()
    _, code = make_trial(house)
    monkeypatch.setattr(booking, "lock", lambda pk: Dorpshuis.objects.select_related("current_rules").get(pk=pk))
    after(monkeypatch, booking, "with_trial", meeting(2))
    orders = [make_order(house, morning(1 + 3 * n), trial=code, promised_cents=0) for n in range(2)]
    given = at_once([outcome(partial(book, order, GUEST)) for order in orders])
    assert all(isinstance(answer, Booked) for answer in given)
