"""Every page of the waiting list in English, for guests and in the house: no Dutch is left, whatever happened."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from bookings.actions.cancel import cancel
from bookings.models import Reservation, Waiting
from portal.base.log import GUEST
from tests.bookings.test_rooms_in_english import dutch_after, dutch_on, room
from tests.factories import at, house_actor, make_booking, make_closed, make_house, make_member, make_waiting
from tests.guest import MONDAY, WEDNESDAY, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.long, pytest.mark.django_db, on_monday]

LIST = "/dorpshuizen/het-huis/wachtlijst/"
XYZZY = {"naam": "Xyzzy", "email": "x@voorbeeld.example", "dagdeel": str(WEDNESDAY)}


@pytest.fixture
def house() -> Dorpshuis:
    house = make_house("het-huis", desks=1, name="Zwaluwhof")
    make_booking(house, WEDNESDAY, email="eerder@voorbeeld.example")
    return house


@pytest.fixture
def screen(house: Dorpshuis) -> Client:
    client = Client()
    client.force_login(make_member(house))
    client.cookies["taal"] = "en"
    return client


def test_the_pages_of_a_guest_are_in_english(house: Dorpshuis, screen: Client) -> None:
    wait = make_waiting(house, WEDNESDAY, name="Xyzzy")
    hers = f"/wachtlijst/{wait.reservation.reference}/"
    asked, free = f"{LIST}?dagdeel={WEDNESDAY}", f"{LIST}?dagdeel=2026-11-26:ochtend"
    assert dutch_on(screen, asked, free, f"{LIST}gelukt/?dagdeel={WEDNESDAY}", hers) == {}
    assert dutch_after(screen, LIST, XYZZY | {"naam": "", "email": "x"}, 422) == []
    cancel(Reservation.objects.get(email="eerder@voorbeeld.example"), GUEST)
    assert dutch_on(screen, hers) == {}
    assert dutch_after(screen, f"{hers}boek/", {"bedrag": "1"}, 409) == []
    with time_machine.travel(at(MONDAY, 9) + timedelta(hours=2), tick=False):
        assert dutch_after(screen, f"{hers}boek/", {}, 409) == []
    for state in (Waiting.State.LEFT, Waiting.State.PASSED, Waiting.State.ENDED):
        Waiting.objects.update(state=state)
        assert dutch_on(screen, hers) == {}


def test_the_page_of_a_list_that_sleeps_is_in_english(house: Dorpshuis, screen: Client) -> None:
    wait = make_waiting(house, WEDNESDAY, name="Xyzzy")
    make_closed(house, WEDNESDAY.date)
    page = screen.get(f"/wachtlijst/{wait.reservation.reference}/").content.decode()
    assert "See your place" in page or "Your place on the waiting list" in page


def test_the_pages_of_the_house_are_in_english(house: Dorpshuis, screen: Client) -> None:
    phone = {"name": "Xyzzy", "email": "", "phone": "+31612345678"}
    wait = make_waiting(house, WEDNESDAY, house_actor(house), **phone)
    assert dutch_on(screen, room("waiting-list"), f"{room('waiting-list')}?gezet={wait.pk}") == {}
    fields = {"wachtlijst": str(WEDNESDAY), "naam": "", "telefoon": ""}
    assert dutch_after(screen, room("waiting-list"), fields, 422) == []
    assert dutch_after(screen, room("waiting-list"), {"wachtlijst": "x"}, 422) == []
    cancel(Reservation.objects.get(email="eerder@voorbeeld.example"), GUEST)
    assert dutch_on(screen, room("waiting-list"), room("call-list")) == {}
