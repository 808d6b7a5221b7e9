"""The private page when the house called something off."""

import re
from datetime import timedelta

import pytest
import time_machine

from bookings.actions.cancel import cancel
from portal.base.log import GUEST
from tests.factories import at, house_actor, make_booking, make_closed, make_house
from tests.guest import THURSDAY, WEDNESDAY, Guest, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


def text_of(page: str) -> str:
    return Guest().get(page).text


def test_a_closure_says_what_why_and_that_it_costs_nothing(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY)
    make_closed(house, WEDNESDAY.date, guest_text="Kom je ook naar het feest?")
    text = text_of(f"/boeking/{reservation.reference}/")
    assert "Het spijt ons: het dorpshuis heeft je afgezegd. Daar betaal je niets voor." in text
    assert "Woensdag 25 november, ochtend: gesloten, dorpsfeest Kom je ook naar het feest?" in text


def test_without_a_closure_no_reason_is_made_up(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    cancel(reservation, house_actor(house))
    text = text_of(f"/boeking/{reservation.reference}/")
    assert ("Het dorpshuis heeft dit geannuleerd." in text, "gesloten" in text) == (True, False)


def test_who_cancels_by_phone_reads_no_apology(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    with time_machine.travel(at(WEDNESDAY.date, 7), tick=False):
        cancel(reservation, house_actor(house), on_phone=True)
        text = text_of(f"/boeking/{reservation.reference}/")
    said = (
        "Je boeking is geannuleerd",
        "Het dorpshuis heeft dit geannuleerd. Je betaalt er niets voor.",
        "ochtend Geannuleerd",
    )
    assert [words in text for words in said] == [True] * 3
    assert not re.search("spijt|afgezegd|gaat niet door|betaal je nog", text)


def test_a_closure_is_told_apart_from_what_was_asked_by_phone(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY)
    cancel(reservation, house_actor(house), moments=[THURSDAY], on_phone=True)
    make_closed(house, WEDNESDAY.date)
    main = Guest().get(f"/boeking/{reservation.reference}/").tree.one("main")
    off, asked = (main.one("div", class_=name).text for name in ("notice warm", "notice"))
    assert ("Het spijt ons" in off, "Donderdag" in off) == (True, False)
    assert asked.endswith("Je betaalt er niets voor. Donderdag 26 november, ochtend")


def test_what_is_still_due_is_said_at_the_top_too(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY)
    with time_machine.travel(at(WEDNESDAY.date - timedelta(days=1), 18), tick=False):
        cancel(reservation, GUEST, moments=[WEDNESDAY])
        make_closed(house, THURSDAY.date)
        text = text_of(f"/boeking/{reservation.reference}/")
    assert "Daarom betaal je nog € 7,50." in text
    assert "Je hoeft niets te betalen." not in text


def test_when_the_house_has_no_page_any_more_others_are_offered(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    cancel(reservation, GUEST)
    Dorpshuis.objects.update(status=Dorpshuis.Status.STOPPED)
    page = Guest().get(f"/boeking/{reservation.reference}/")
    (button,) = page.tree.one("main").all("a", role="button")
    assert button.attrs["href"] == "/dorpshuizen/"
