"""The same form sent twice is one booking; anything else is a new one (rule 3)."""

from dataclasses import replace
from typing import Any

import pytest

from bookings.actions.book import book
from bookings.actions.cancel import cancel
from bookings.actions.close import reopen
from bookings.models import Booking, Reservation
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from tests.bookings.orders import MORNINGS, PHONE
from tests.factories import (
    MONDAY_NINE,
    afternoon,
    desks_of,
    house_actor,
    make_closed,
    make_house,
    make_order,
    morning,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.time_machine(MONDAY_NINE, tick=False),
]

# --- the form's key ---------------------------------------------------------------------------------------


def test_the_same_form_twice_is_one_reservation() -> None:
    house = make_house()
    order = make_order(house, key="sleutel")
    first, second = book(order, GUEST), book(order, GUEST)
    assert (second.reservation, second.is_new) == (first.reservation, False)
    assert [model.objects.count() for model in (Reservation, Booking, LogEntry)] == [1, 1, 1]


def test_the_same_form_is_answered_when_the_house_is_full_by_it() -> None:
    order = make_order(make_house(desks=1), key="sleutel")
    book(order, GUEST)
    assert book(order, GUEST).is_new is False


def test_the_order_of_the_dagdelen_makes_no_other_form() -> None:
    order = make_order(make_house(), morning(), afternoon(), key="sleutel")
    book(order, GUEST)
    assert book(replace(order, moments=(afternoon(), morning())), GUEST).is_new is False


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Iemand anders"},
        {"email": "ander@voorbeeld.example"},
        {"phone": PHONE},
        {"tariff": "standaard"},
        {"moments": (MORNINGS[7],)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_the_same_key_with_other_content_is_a_new_order(changed: dict[str, Any]) -> None:
    order = make_order(make_house(), key="sleutel")
    book(order, GUEST)
    assert book(replace(order, **changed), GUEST).is_new is True


def test_the_same_key_with_another_desk_is_a_new_order() -> None:
    house = make_house()
    order = make_order(house, key="sleutel")
    book(order, GUEST)
    assert book(replace(order, desk_id=desks_of(house)[3].pk), GUEST).is_new is True


def test_the_same_key_for_another_house_is_a_new_order() -> None:
    order = make_order(make_house(), key="sleutel")
    book(order, GUEST)
    assert book(replace(order, dorpshuis_id=make_house().pk), GUEST).is_new is True


def test_another_key_with_the_same_content_is_a_new_order() -> None:
    order = make_order(make_house(), key="sleutel")
    book(order, GUEST)
    assert book(replace(order, key="ander"), GUEST).is_new is True


def test_without_a_key_each_order_is_new() -> None:
    order = make_order(make_house(), key="")
    assert [book(order, GUEST).is_new for _ in range(2)] == [True, True]


def test_a_wholly_cancelled_order_does_not_answer_for_its_form() -> None:
    order = make_order(make_house(), morning(), afternoon(), key="sleutel")
    first = book(order, GUEST).reservation
    cancel(first, GUEST)
    again = book(order, GUEST)
    assert (again.is_new, again.reservation == first) == (True, False)


def test_a_partly_cancelled_order_still_answers_for_its_form() -> None:
    order = make_order(make_house(), morning(), afternoon(), key="sleutel")
    first = book(order, GUEST).reservation
    cancel(first, GUEST, moments=[morning()])
    assert book(order, GUEST).reservation == first


def test_a_form_that_a_closure_called_off_answers_again_once_it_is_undone() -> None:
    house = make_house()
    order = make_order(house, key="sleutel")
    first = book(order, GUEST).reservation
    reopen(make_closed(house, morning().date).closure, house_actor(house))
    assert book(order, GUEST).reservation == first
