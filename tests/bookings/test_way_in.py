"""How to open the door: for who has booked, from the evening before until her dagdeel is over, and nowhere else."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings.actions.cancel import cancel
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Reservation
from portal.base.log import GUEST
from tests.factories import at, make_booking, make_house
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, on_monday
from villages.models import AccessWay, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

TUESDAY_SIX = at(date(2026, 11, 24), 18)
MONDAY_NOON = at(MONDAY, 12)
SECOND = timedelta(seconds=1)
FROM_TUESDAY = "Hoe je de deur open krijgt, lees je hier vanaf dinsdag 24 november, 18.00 uur."


@pytest.fixture
def house() -> Dorpshuis:
    house = make_house("het-huis")
    AccessWay.objects.create(dorpshuis=house, public_text="Sleutelkluis.", private_text="Code 4711\nDraai om.")
    return house


def seen(reservation: Reservation, now: datetime) -> str:
    with time_machine.travel(now, tick=False):
        return Guest().get(reverse("booking", args=[reservation.reference])).text


def test_before_that_the_page_says_from_when(house: Dorpshuis) -> None:
    text = seen(make_booking(house, WEDNESDAY), TUESDAY_SIX - SECOND)
    assert ("4711" in text, FROM_TUESDAY in text) == (False, True)


@pytest.mark.parametrize("now", [TUESDAY_SIX, at(WEDNESDAY.date, 12, 30) - SECOND])
def test_from_the_evening_before_until_the_end_it_stands_there(house: Dorpshuis, now: datetime) -> None:
    text = seen(make_booking(house, WEDNESDAY), now)
    assert "Zo krijg je de deur open Code 4711 Draai om." in text
    assert "lees je hier" not in text


def test_when_it_is_over_it_is_gone(house: Dorpshuis) -> None:
    text = seen(make_booking(house, WEDNESDAY), at(WEDNESDAY.date, 12, 30))
    assert ("4711" in text, "lees je hier" in text) == (False, False)


def test_of_two_dagdelen_each_has_its_own_time(house: Dorpshuis) -> None:
    text = seen(make_booking(house, WEDNESDAY, THURSDAY), TUESDAY_SIX)
    assert "Dit geldt voor woensdag 25 november, ochtend." in text
    assert "Voor een volgende keer lees je hier vanaf woensdag 25 november, 18.00 uur." in text


def test_the_same_words_for_a_whole_day_stand_there_once(house: Dorpshuis) -> None:
    text = seen(make_booking(house, WEDNESDAY, WEDNESDAY_NOON), TUESDAY_SIX)
    assert text.count("4711") == 1
    assert "woensdag 25 november, ochtend en woensdag 25 november, middag" in text


def test_of_another_dagdeel_it_stays_secret(house: Dorpshuis) -> None:
    AccessWay.objects.update(dagdeel="middag")
    text = seen(make_booking(house, WEDNESDAY), TUESDAY_SIX)
    assert ("4711" in text, "lees je hier" in text) == (False, False)


def test_a_house_without_such_words_promises_none(house: Dorpshuis) -> None:
    AccessWay.objects.update(private_text="")
    assert "lees je hier" not in seen(make_booking(house, WEDNESDAY), MONDAY_NOON)


def test_what_was_given_back_opens_no_door(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, Moment(date(2026, 12, 2), Dagdeel.OCHTEND))
    cancel(reservation, GUEST, moments=[WEDNESDAY])
    text = seen(reservation, TUESDAY_SIX)
    assert ("4711" in text, "vanaf dinsdag 1 december, 18.00 uur" in text) == (False, True)


def test_what_was_given_back_late_opens_no_door_either(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    with time_machine.travel(TUESDAY_SIX + SECOND, tick=False):
        cancel(reservation, GUEST)
    assert "4711" not in seen(reservation, at(WEDNESDAY.date, 8))


def test_its_words_are_escaped(house: Dorpshuis) -> None:
    AccessWay.objects.update(private_text="<script>4711</script>")
    assert "<script>4711</script>" in seen(make_booking(house, WEDNESDAY), TUESDAY_SIX)
