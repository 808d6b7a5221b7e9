"""Mijn gegevens: a copy of all of it, and the end of it, as a member does it without JavaScript."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from bookings.actions.guests import Contact, correct
from bookings.models import Booking, Reservation
from bookings.person import version_of
from portal.base import clock
from portal.base.accounts.members import member_of
from portal.base.accounts.models import Browser, User
from portal.base.log.models import LogEntry
from tests.factories import (
    house_actor,
    make_booking,
    make_house,
    make_request,
    make_standing,
    make_user,
    make_wait,
)
from tests.guest import THURSDAY, WEDNESDAY, Guest, Page, on_monday
from villages.models import Dorpshuis, Membership

pytestmark = [pytest.mark.django_db, on_monday]

EMAIL = "anna@voorbeeld.example"
ANNA: dict[str, Any] = {"name": "Anna de Vries", "email": EMAIL, "phone": "+31612345678"}
DELETE = "/mijn/gegevens/verwijder/"


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def anna() -> Guest:
    guest = Guest()
    guest.client.force_login(member_of(EMAIL))
    return guest


def tap(guest: Guest, address: str, action: str = "", **more: str) -> Page:
    """Send the form of this page that goes to `action`."""
    form = guest.get(address).tree.one("main").one("form", action=action or address)
    sent = {node.attrs["name"]: node.attrs["value"] for node in form.all("input")}
    return Page(guest.client.post(action or address, sent | more))  # type: ignore[arg-type]


def copied(guest: Guest, form: str) -> Page:
    return tap(guest, "/mijn/gegevens/", "/mijn/gegevens/kopie/", vorm=form)


# --- see and download -------------------------------------------------------------------------------------


def test_the_file_has_all_of_every_house_and_nobody_keeps_it(anna: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **ANNA, postcode="7991", remark="Graag bij het raam")
    make_booking(make_house("ander-huis", name="Het Andere Huis"), THURSDAY, **ANNA)
    make_request(email=EMAIL, name="Anna", house_name="Ons Huis")
    answer = copied(anna, "bestand").response
    assert answer["Content-Disposition"] == 'attachment; filename="mijn-gegevens.json"'
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/json; charset=utf-8", "no-store, private")
    found = json.loads(answer.content)
    assert found["account"]["email"] == EMAIL
    assert [part["dorpshuis"] for part in found["dorpshuizen"]] == ["Het Huis", "Het Andere Huis"]
    (order,) = found["dorpshuizen"][0]["reserveringen"]
    assert (order["naam"], order["postcode"], order["opmerking"]) == ("Anna de Vries", "7991", "Graag bij het raam")
    assert order["dagdelen"][0]["prijs_cent"] == 750
    assert [one["dorpshuis"] for one in found["aanmeldingen"]] == ["Ons Huis"]


def test_the_copy_does_not_open_her_page(anna: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    for form in ("bestand", "pagina"):
        assert reservation.reference not in copied(anna, form).html


def test_the_page_to_print_says_the_same(anna: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **ANNA, postcode="7991")
    page = copied(anna, "pagina")
    assert page.status == 200
    for words in ("Het Huis", "Anna de Vries", "+31612345678", "Postcode: 7991", "Woensdag 25 november 2026, ochtend"):
        assert words in page.text


def test_how_she_logs_in_and_where_she_waits_is_in_it_too(anna: Guest, house: Dorpshuis) -> None:
    user = User.objects.get()
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Mijn telefoon"})
    session = Session.objects.create(session_key="s" * 32, expire_date=clock.now() + timedelta(days=1))
    Browser.objects.create(session=session, user=user, browser="Firefox", system="Android")
    make_wait(house, WEDNESDAY, email=EMAIL)
    make_standing(house, email=EMAIL)
    found = json.loads(copied(anna, "bestand").response.content)
    assert [key["naam"] for key in found["account"]["toegangssleutels"]] == ["Mijn telefoon"]
    assert [one["browser"] for one in found["account"]["ingelogd"]] == ["Firefox op Android"]
    orders = [order for part in found["dorpshuizen"] for order in part["reserveringen"]]
    assert [order["wachtlijst"]["datum"] for order in orders if "wachtlijst" in order] == ["2026-11-25"]
    text = copied(anna, "pagina").text
    for words in (
        "Toegangssleutel: Mijn telefoon, gemaakt op 23 november 2026",
        "Ingelogd: Firefox op Android, sinds 23 november 2026",
        "Wachtlijst: 25 november 2026, ochtend (wacht)",
        "Vaste plek: elke dinsdagmiddag, van",
    ):
        assert words in text


def test_a_copy_is_made_by_a_button_and_stands_in_the_log(anna: Guest) -> None:
    assert anna.get("/mijn/gegevens/kopie/").response["Location"] == "/mijn/gegevens/"
    assert not LogEntry.objects.filter(verb="export").exists()
    copied(anna, "pagina")
    assert LogEntry.objects.get(verb="export").subject == f"user:{User.objects.get().pk}"


def test_what_another_address_had_confirmed_is_not_in_her_copy(anna: Guest, house: Dorpshuis) -> None:
    guest = make_booking(house, WEDNESDAY, name="Bert", email="bert@voorbeeld.example").guest
    correct(guest, Contact("Bert", EMAIL, ""), version_of(guest), house_actor(house))
    found = json.loads(copied(anna, "bestand").response.content)
    assert [part["reserveringen"] for part in found["dorpshuizen"]] == [[]]


def test_what_the_house_wrote_over_her_name_is_not_in_her_copy(anna: Guest, house: Dorpshuis) -> None:
    guest = make_booking(house, WEDNESDAY, **ANNA).guest
    correct(guest, Contact("Bert", "bert@voorbeeld.example", ""), version_of(guest), house_actor(house))
    found = json.loads(copied(anna, "bestand").response.content)
    assert found["dorpshuizen"][0]["gast"] == {"nummer": guest.pk}


def test_an_address_that_is_not_proven_gets_only_her_account(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    guest = Guest()
    guest.client.force_login(make_user(EMAIL))
    found = json.loads(copied(guest, "bestand").response.content)
    assert (found["dorpshuizen"], found["account"]["email_bevestigd"]) == ([], False)


@pytest.mark.parametrize("number", [1, 4])
def test_a_copy_costs_the_same_for_any_number_of_houses(anna: Guest, query_count: Any, number: int) -> None:
    for _ in range(number):
        make_booking(make_house(), WEDNESDAY, **ANNA)
    token = anna.get("/mijn/gegevens/").tree.one("main").all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    with query_count(17):
        anna.client.post("/mijn/gegevens/kopie/", {"vorm": "pagina", "csrfmiddlewaretoken": token})


# --- delete -----------------------------------------------------------------------------------------------


def test_what_is_to_come_stands_first(anna: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, THURSDAY, **ANNA)
    page = anna.get(DELETE)
    assert [node.text for node in page.tree.one("main").all("h2")][0] == "Deze boekingen zeggen we af"
    assert "Woensdag 25 november, ochtend, Het Huis Donderdag 26 november, ochtend, Het Huis" in page.text
    assert "Het Huis: 0521 591 000" in page.text


def test_one_button_deletes_all_and_logs_her_out(anna: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    answer = tap(anna, DELETE)
    assert answer.response["Location"] == "/mijn/weg/"
    assert "Je gegevens zijn verwijderd" in anna.get("/mijn/weg/").text
    assert anna.get("/mijn/").response["Location"].startswith("/inloggen/")
    assert (User.objects.count(), Reservation.objects.get().name) == (0, "")


def test_her_browser_forgets_what_it_booked(anna: Guest, house: Dorpshuis) -> None:
    anna.book(house, WEDNESDAY)
    assert anna.client.cookies["boekingen"].value
    tap(anna, DELETE)
    assert anna.client.cookies["boekingen"].value == ""


def test_without_bookings_it_works_too(anna: Guest) -> None:
    assert tap(anna, DELETE).status == 302
    assert User.objects.count() == 0


def test_a_booking_made_meanwhile_is_409_and_shown(anna: Guest, house: Dorpshuis) -> None:
    page = anna.get(DELETE)
    make_booking(house, WEDNESDAY, **ANNA)
    form = page.tree.one("main").one("form")
    sent = {node.attrs["name"]: node.attrs["value"] for node in form.all("input")}
    answer = Page(anna.client.post(DELETE, sent))  # type: ignore[arg-type]
    assert answer.status == 409
    assert "Er is nog niets verwijderd." in answer.notice
    assert "Woensdag 25 november, ochtend, Het Huis" in answer.text
    assert Booking.objects.get().state == Booking.State.BOOKED


def test_without_what_was_shown_nothing_is_deleted(anna: Guest) -> None:
    assert tap(anna, DELETE, afdruk="").status == 409
    assert User.objects.count() == 1


def test_the_last_of_the_board_is_told_what_to_do_first(anna: Guest, house: Dorpshuis) -> None:
    page = anna.get(DELETE)
    Membership.objects.create(user=User.objects.get(), dorpshuis=house, role=Membership.Role.BOARD)
    form = page.tree.one("main").one("form")
    answer = Page(
        anna.client.post(DELETE, {node.attrs["name"]: node.attrs["value"] for node in form.all("input")})  # type: ignore[arg-type]
    )
    assert answer.status == 409
    for shown in (answer, anna.get(DELETE)):
        assert "Jij bent de laatste die over het team gaat in Het Huis." in shown.text
        assert shown.tree.one("main").all("form") == []


def test_a_coordinator_is_told_so_too(anna: Guest) -> None:
    User.objects.update(is_coordinator=True)
    assert "Het hoort bij BOKD of bij het beheer van de site." in anna.get(DELETE).text


def test_what_goes_through_the_house_is_named_with_its_number(anna: Guest, house: Dorpshuis) -> None:
    guest = make_booking(house, WEDNESDAY, name="Bert", email="bert@voorbeeld.example").guest
    correct(guest, Contact("Bert", EMAIL, ""), version_of(guest), house_actor(house))
    assert "Hier staat nog iets met een ander e-mailadres. Dat blijft staan." in anna.get(DELETE).text


def test_what_she_still_has_to_pay_is_said(anna: Guest, house: Dorpshuis) -> None:
    rows = make_booking(house, WEDNESDAY, **ANNA).bookings
    rows.update(state=Booking.State.USED, date=WEDNESDAY.date - timedelta(weeks=1))
    assert "Je moet nog € 7,50 betalen in het dorpshuis." in anna.get(DELETE).text
    rows.update(paid_how="pin")
    assert "Je moet nog" not in anna.get(DELETE).text


@pytest.mark.parametrize("number", [1, 4])
def test_the_page_costs_the_same_for_any_number_of_houses(anna: Guest, query_count: Any, number: int) -> None:
    for _ in range(number):
        make_booking(make_house(), WEDNESDAY, **ANNA)
    with query_count(13):
        anna.get(DELETE)
