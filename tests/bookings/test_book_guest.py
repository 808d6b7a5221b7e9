"""Who the guest of an order is, and how much she may book."""

from typing import Any

import pytest
import time_machine

from bookings.actions.cancel import cancel
from bookings.models import Guest
from bookings.refusals import TooMany
from portal.base.log import GUEST
from tests.bookings.orders import EMAIL, MORNINGS, PHONE, refuse
from tests.factories import (
    MONDAY_NINE,
    at,
    desks_of,
    house_actor,
    make_booked,
    make_booking,
    make_hold,
    make_house,
    make_order,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.time_machine(MONDAY_NINE, tick=False),
]

# --- limits -----------------------------------------------------------------------------------------------


def test_an_order_of_the_limit_is_booked() -> None:
    house = make_house(order_limit=3, guest_limit=6)
    assert make_booked(house, *MORNINGS[:3]).is_new


def test_an_order_of_one_more_is_refused() -> None:
    refuse(make_order(make_house(order_limit=3, guest_limit=6), *MORNINGS[:4]), TooMany)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"email": EMAIL, "phone": ""}, {"email": EMAIL, "phone": PHONE}),
        ({"email": EMAIL, "phone": PHONE}, {"email": "", "phone": PHONE}),
        ({"email": "ander@voorbeeld.example", "phone": PHONE}, {"email": EMAIL, "phone": PHONE}),
    ],
    ids=["same address", "same number", "same number, other address"],
)
def test_a_guest_is_limited_by_either_contact(first: dict[str, Any], second: dict[str, Any]) -> None:
    house = make_house(order_limit=2, guest_limit=4)
    make_booking(house, *MORNINGS[:2], **first)
    make_booking(house, *MORNINGS[2:4], **first)
    refuse(make_order(house, MORNINGS[4], **second), TooMany)


def test_a_guest_books_up_to_her_limit() -> None:
    house = make_house(order_limit=2, guest_limit=4)
    make_booking(house, *MORNINGS[:2], email=EMAIL)
    make_booking(house, MORNINGS[2], email=EMAIL)
    assert make_booked(house, MORNINGS[3], email=EMAIL).is_new


def test_another_guest_is_not_limited_by_the_first() -> None:
    house = make_house(order_limit=1, guest_limit=2)
    make_booking(house, MORNINGS[0], email=EMAIL)
    make_booking(house, MORNINGS[1], email=EMAIL)
    assert make_booked(house, MORNINGS[2]).is_new


def test_another_house_has_a_limit_of_its_own() -> None:
    house = make_house(order_limit=1, guest_limit=2)
    for moment in MORNINGS[:2]:
        make_booking(house, moment, email=EMAIL)
    assert make_booked(make_house(order_limit=1, guest_limit=2), MORNINGS[2], email=EMAIL).is_new


def test_what_was_cancelled_does_not_count() -> None:
    house = make_house(order_limit=1, guest_limit=2)
    for moment in MORNINGS[:2]:
        cancel(make_booking(house, moment, email=EMAIL), GUEST)
    assert make_booked(house, MORNINGS[2], email=EMAIL).is_new


def test_what_is_past_does_not_count() -> None:
    house = make_house(order_limit=1, guest_limit=2)
    for moment in MORNINGS[:2]:
        make_booking(house, moment, email=EMAIL)
    with time_machine.travel(at(MORNINGS[2].date, 7), tick=False):
        assert make_booked(house, MORNINGS[3], email=EMAIL).is_new


def test_a_hold_that_ended_does_not_count() -> None:
    house = make_house(order_limit=1, guest_limit=2)
    make_hold(desks_of(house)[0], MORNINGS[0], MONDAY_NINE, email=EMAIL)
    make_booking(house, MORNINGS[1], email=EMAIL)
    assert make_booked(house, MORNINGS[2], email=EMAIL).is_new


# --- who the guest is -------------------------------------------------------------------------------------


def test_the_same_address_is_the_same_guest() -> None:
    house = make_house()
    one, other = (make_booking(house, name=name, email=EMAIL) for name in ("Marieke", "M. Jansen"))
    assert one.guest == other.guest


def test_an_order_never_changes_the_guest() -> None:
    house = make_house()
    make_booking(house, name="Marieke", email=EMAIL)
    make_booking(house, name="M. Jansen", email=EMAIL, phone=PHONE)
    assert list(Guest.objects.values_list("name", "email", "phone")) == [("Marieke", EMAIL, "")]


def test_the_reservation_has_the_name_of_its_own_order() -> None:
    house = make_house()
    make_booking(house, name="Marieke", email=EMAIL)
    assert make_booking(house, name="M. Jansen", email=EMAIL).name == "M. Jansen"


def test_without_an_address_the_number_and_the_name_make_the_guest() -> None:
    house = make_house()
    names = ("Jan de Vries", "  jan  DE vries ")
    one, other = (make_booking(house, name=name, email="", phone=PHONE) for name in names)
    assert one.guest == other.guest


def test_the_same_number_with_another_name_is_another_guest() -> None:
    house = make_house()
    one, other = (make_booking(house, name=name, email="", phone=PHONE) for name in ("Jan", "Jannie"))
    assert one.guest != other.guest


def test_a_guest_with_an_address_is_not_found_by_her_number() -> None:
    house = make_house()
    one = make_booking(house, name="Jan", email=EMAIL, phone=PHONE)
    other = make_booking(house, name="Jan", email="", phone=PHONE)
    assert one.guest != other.guest


def test_without_any_contact_a_namesake_is_somebody_else() -> None:
    house = make_house()
    by = house_actor(house)
    one, other = (make_booking(house, by=by, name="Jan", email="", phone="") for _ in range(2))
    assert (one.guest.name, other.guest.name, one.guest == other.guest) == ("Jan", "Jan", False)


def test_a_guest_is_of_one_house() -> None:
    one, other = (make_booking(make_house(), email=EMAIL) for _ in range(2))
    assert one.guest != other.guest
