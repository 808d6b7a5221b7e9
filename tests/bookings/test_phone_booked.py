"""What to say to a caller, the slip, and giving a dagdeel back for her."""

import pytest
import time_machine

from bookings.actions.cancel import cancel
from bookings.actions.day import mark_used, pay
from bookings.models import Booking, CallEntry, Reservation
from portal.base.log import GUEST
from tests.factories import at, house_actor, make_booking, make_house, make_member
from tests.guest import THURSDAY, WEDNESDAY, Guest, Page, on_monday, written
from villages.models import AccessWay, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]


@pytest.fixture
def house() -> Dorpshuis:
    house = make_house("het-huis", name="Het Huis")
    AccessWay.objects.create(dorpshuis=house, public_text="De voordeur is open.", private_text="Onder de zwaluw")
    return house


@pytest.fixture
def desk(house: Dorpshuis) -> Guest:
    browser = Guest()
    browser.client.force_login(make_member(house))
    return browser


@pytest.fixture
def reservation(house: Dorpshuis) -> Reservation:
    by = house_actor(house)
    return make_booking(house, WEDNESDAY, THURSDAY, name="Mevrouw De Vries", email="", phone="+31521121314", by=by)


def url(reservation: Reservation, rest: str = "") -> str:
    return f"/beheer/het-huis/boek/{reservation.pk}/{rest}"


def give_back(desk: Guest, reservation: Reservation, value: str) -> Page:
    token = desk.get(url(reservation)).tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    sent = {"csrfmiddlewaretoken": token, "dagdeel": value}
    return Page(desk.client.post(url(reservation, "zeg-af/"), sent))  # type: ignore[arg-type]


@pytest.mark.parametrize("rest", ["", "briefje/"])
def test_all_that_she_must_know_is_there_to_say_and_on_the_slip(
    desk: Guest, reservation: Reservation, rest: str
) -> None:
    text = desk.get(url(reservation, rest)).text
    for words in (
        "Woensdag 25 november, ochtend , 08.30 tot 12.30 uur",
        "De voordeur is open.",
        "€ 15,00",
        "met pin of contant",
        "Woensdag 25 november, ochtend: gratis afzeggen tot dinsdag 24 november, 17.00 uur.",
        "0521 591 000",
        reservation.spoken_code,
    ):
        assert words in text


@pytest.mark.parametrize("rest", ["", "briefje/"])
def test_nothing_that_opens_her_page_or_the_door_is_there(desk: Guest, reservation: Reservation, rest: str) -> None:
    html = desk.get(url(reservation, rest)).html
    assert (reservation.reference in html, "Onder de zwaluw" in html) == (False, False)


def test_a_booking_of_one_day_has_one_sentence_about_cancelling(desk: Guest, house: Dorpshuis) -> None:
    text = desk.get(url(make_booking(house, WEDNESDAY, by=house_actor(house)))).text
    assert "Bel vóór dinsdag 24 november, 17.00 uur . Dan betaal je niets." in text


def test_it_leads_to_another_booking_the_slip_and_the_day(desk: Guest, reservation: Reservation) -> None:
    page = desk.get(url(reservation))
    links = {link.attrs["href"] for link in page.tree.one("main").all("a")}
    assert {
        url(reservation, "briefje/"),
        "/beheer/het-huis/boek/",
        f"/beheer/het-huis/boek/?gast={reservation.guest_id}",
        "/beheer/het-huis/dag/2026-11-25/",
    } <= links


def test_a_dagdeel_is_given_back_for_nothing_and_nobody_has_to_call(desk: Guest, reservation: Reservation) -> None:
    answer = give_back(desk, reservation, str(WEDNESDAY))
    assert (answer.status, answer.response["Location"]) == (302, url(reservation))
    states = [(row.moment, row.state, row.due_cents) for row in Booking.objects.in_order()]
    assert states == [(WEDNESDAY, "house_cancelled", 0), (THURSDAY, "booked", 750)]
    assert CallEntry.objects.count() == 0


def test_when_nothing_is_left_it_says_so(desk: Guest, reservation: Reservation) -> None:
    for moment in (WEDNESDAY, THURSDAY):
        give_back(desk, reservation, str(moment))
    page = desk.get(url(reservation))
    assert "Mevrouw De Vries heeft hier niets meer staan" in page.text
    assert "Je hoeft niets te betalen." in page.text
    assert desk.get(url(reservation, "briefje/")).status == 200


def came(reservation: Reservation, *paid: str) -> None:
    """She came on the first day."""
    by = house_actor(reservation.dorpshuis)
    first = reservation.bookings.get(date=WEDNESDAY.date)
    mark_used(first, by)
    for how in paid:
        pay(first, how, by)


@pytest.mark.parametrize("rest", ["", "briefje/"])
def test_what_she_paid_is_not_asked_again(desk: Guest, reservation: Reservation, rest: str) -> None:
    with time_machine.travel(at(WEDNESDAY.date, 9), tick=False):
        came(reservation, "pin")
        assert "Het kost € 7,50" in desk.get(url(reservation, rest)).text


def test_who_came_and_paid_and_gives_the_rest_back_has_nothing_to_pay(desk: Guest, reservation: Reservation) -> None:
    with time_machine.travel(at(WEDNESDAY.date, 9), tick=False):
        came(reservation, "pin")
        give_back(desk, reservation, str(THURSDAY))
        text = desk.get(url(reservation)).text
    assert ("Je hoeft niets te betalen." in text, "te laat" in text) == (True, False)


def test_who_came_and_has_not_paid_is_not_told_that_it_is_free(desk: Guest, reservation: Reservation) -> None:
    with time_machine.travel(at(WEDNESDAY.date, 9), tick=False):
        came(reservation)
        give_back(desk, reservation, str(THURSDAY))
        text = desk.get(url(reservation)).text
    assert ("Je hoeft niets te betalen." in text, "te laat" in text) == (False, False)


def test_who_was_too_late_hears_what_that_costs(desk: Guest, reservation: Reservation) -> None:
    with time_machine.travel(at(WEDNESDAY.date, 9), tick=False):
        came(reservation, "pin")
    with time_machine.travel(at(WEDNESDAY.date, 18), tick=False):
        cancel(reservation, GUEST, moments=[THURSDAY])
        text = desk.get(url(reservation)).text
    assert "Je was te laat om gratis te annuleren. Daarom betaal je nog € 7,50." in text


@pytest.mark.parametrize(("value", "status"), [("", 422), ("morgen", 422), ("2026-11-27:ochtend", 409)])
def test_what_can_not_be_given_back_is_told(desk: Guest, reservation: Reservation, value: str, status: int) -> None:
    before = written()
    page = give_back(desk, reservation, value)
    assert (page.status, bool(page.notice), written()) == (status, True, before)


def test_giving_back_twice_is_told_and_changes_nothing(desk: Guest, reservation: Reservation) -> None:
    give_back(desk, reservation, str(WEDNESDAY))
    page = give_back(desk, reservation, str(WEDNESDAY))
    assert (page.status, "al afgezegd" in page.notice) == (409, True)


@pytest.mark.parametrize("rest", ["", "briefje/", "zeg-af/"])
def test_a_reservation_of_another_house_or_of_nobody_is_404(desk: Guest, rest: str) -> None:
    other = make_booking(make_house(), WEDNESDAY)
    for number in (other.pk, 0, 10**30):
        assert desk.get(f"/beheer/het-huis/boek/{number}/{rest}").status == 404


def test_a_name_is_shown_escaped(desk: Guest, house: Dorpshuis) -> None:
    page = desk.get(url(make_booking(house, WEDNESDAY, name="<i>Anna")))
    assert ("<i>Anna" in page.html, "<i>Anna" in page.text) == (False, True)
