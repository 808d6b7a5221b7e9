"""A price that changes while a guest books: she pays what the button promised, or is told the new sum."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from bookings.actions import book as booking
from bookings.actions import prices
from bookings.actions.book import Booked, book
from bookings.actions.prices import PricePlan, plan_price, set_price
from bookings.domain.pricing import PriceChange
from bookings.models import Booking
from bookings.refusals import NotAsShown, PriceChanged
from portal.base import clock
from portal.base.log import GUEST
from tests.factories import house_actor, make_house, make_order, morning
from tests.races.crowd import at_once, outcome
from villages.models import Dorpshuis, Tariff

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def dearer(house: Dorpshuis, cents: int = 800) -> partial[PricePlan]:
    change = PriceChange("standaard", clock.today(), cents)
    return partial(set_price, house.pk, change, house_actor(house), plan_price(house, change).fingerprint)


def test_a_guest_pays_what_was_promised_or_hears_the_new_sum() -> None:
    for _ in range(5):
        house = make_house()
        orders = [make_order(house, morning(), promised_cents=750) for _ in range(3)]
        jobs: list[Callable[[], object]] = [dearer(house), *(outcome(partial(book, order, GUEST)) for order in orders)]
        for answer in at_once(jobs)[1:]:
            assert isinstance(answer, Booked) or (isinstance(answer, PriceChanged) and answer.total_cents == 800)
        paid = set(Booking.objects.filter(dorpshuis=house).values_list("price_cents", flat=True))
        assert paid <= {750}


def test_two_treasurers_at_once_one_is_told() -> None:
    house = make_house()
    given = at_once([outcome(dearer(house, cents)) for cents in (800, 900)])
    assert sum(isinstance(answer, NotAsShown) for answer in given) == 1
    assert Tariff.objects.filter(dorpshuis=house).count() == 2


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there the transaction itself is the lock")
def test_without_the_lock_a_guest_pays_a_price_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: this is what the lock is for."""
    house = make_house()
    unlocked = lambda pk: Dorpshuis.objects.get(pk=pk)  # noqa: E731
    for module in (booking, prices):
        monkeypatch.setattr(module, "lock", unlocked)
    original, meanwhile = booking._check_price, dearer(house)

    def slowly(*given: object) -> None:
        original(*given)  # type: ignore[arg-type]
        at_once([meanwhile])

    monkeypatch.setattr(booking, "_check_price", slowly)
    book(make_order(house, morning(), promised_cents=750), GUEST)
    assert Tariff.objects.get(dorpshuis=house, valid_until=None).cents == 800
    assert Booking.objects.get().price_cents == 750
