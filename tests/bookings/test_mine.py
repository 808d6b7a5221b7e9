"""What a member sees of her own bookings, and what she need not type again."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from bookings.actions.cancel import cancel
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Reservation, Waiting
from portal.base.accounts.members import member_of, verify
from portal.base.accounts.models import User
from portal.base.log import GUEST
from tests.factories import desks_of, house_actor, make_booking, make_closed, make_house, make_user, make_waiting
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

EMAIL = "anna@voorbeeld.example"


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def anna() -> Guest:
    """A member whose address was proved by a code."""
    guest = Guest()
    guest.client.force_login(member_of(EMAIL))
    return guest


def rows(guest: Guest, query: str = "") -> list[str]:
    return [node.text for node in guest.get(f"/mijn/{query}").tree.one("main").all("h2")]


def test_she_sees_what_is_still_to_come_with_its_page_and_once_more(anna: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, email=EMAIL)
    page = anna.get("/mijn/")
    assert "Woensdag 25 november, ochtend" in page.text
    assert "Het Huis, Toetsdorp · 08.30 tot 12.30 uur" in page.text
    assert "Gratis annuleren tot dinsdag 24 november, 17.00 uur" in page.text
    links = [link.attrs["href"] for link in page.tree.one("main").all("a")]
    assert f"/boeking/{reservation.reference}/" in links
    assert any("dagdeel=2026-12-02:ochtend" in link or "dagdeel=2026-12-02%3Aochtend" in link for link in links)


def test_she_sees_what_was_booked_before_she_was_a_member_in_any_house(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, email=EMAIL)
    make_booking(make_house("ander-huis"), THURSDAY, email=EMAIL)
    guest = Guest()
    guest.client.force_login(member_of(EMAIL))
    assert len(rows(guest)) == 2


def test_what_was_and_what_was_given_back_stands_apart_newest_first(anna: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, email=EMAIL)
    for weeks in (1, 2):
        past = make_booking(house, THURSDAY, email=EMAIL)
        past.bookings.update(date=THURSDAY.date - timedelta(weeks=weeks), state=Booking.State.USED)
    given_back = make_booking(house, THURSDAY, email=EMAIL)
    given_back.bookings.update(state=Booking.State.CANCELLED)
    assert len(rows(anna)) == 1
    days = [words.split(",")[0] for words in rows(anna, "?toon=geweest")]
    assert days == ["Donderdag 26 november", "Donderdag 19 november", "Donderdag 12 november"]
    assert "Geannuleerd" in anna.get("/mijn/?toon=geweest").text


def test_only_a_closure_says_that_the_house_called_it_off(anna: Guest, house: Dorpshuis) -> None:
    make_booking(house, THURSDAY, email=EMAIL)
    make_closed(house, THURSDAY.date)
    cancel(make_booking(house, WEDNESDAY, email=EMAIL), house_actor(house), on_phone=True)
    days = anna.get("/mijn/?toon=geweest").tree.one("main").all("li", class_="house")
    assert ["Afgezegd door het huis" in day.text for day in days] == [True, False]


@pytest.mark.parametrize(
    "contact",
    [
        {"email": "anna@voorbeeld.example.kwaad.example"},
        {"email": "", "phone": "+31612345678"},
        {"email": "bert@voorbeeld.example", "phone": "+31612345678"},
    ],
)
def test_nothing_of_another_address_or_by_a_phone_number_is_hers(
    anna: Guest, house: Dorpshuis, contact: dict[str, Any]
) -> None:
    User.objects.update(phone="+31612345678")
    make_booking(house, WEDNESDAY, **contact)
    assert rows(anna) == []


def test_an_address_that_she_did_not_prove_shows_nothing(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, email=EMAIL)
    guest = Guest()
    guest.client.force_login(make_user(EMAIL))
    assert rows(guest) == []
    assert "Log uit en log in met een code" in guest.get("/mijn/").text


def test_an_address_that_was_changed_since_shows_nothing(anna: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, email="bert@voorbeeld.example")
    User.objects.update(email="bert@voorbeeld.example")
    assert rows(anna) == []
    EmailAddress.objects.update(verified=False, email="bert@voorbeeld.example")
    assert rows(anna) == []
    verify(User.objects.get())
    assert len(rows(anna)) == 1


def test_ten_stand_on_a_page(anna: Guest, house: Dorpshuis) -> None:
    for days in range(12):
        one = make_booking(house, THURSDAY, email=EMAIL)
        one.bookings.update(date=MONDAY - timedelta(days=days + 1), state=Booking.State.USED)
    assert [len(rows(anna, f"?toon=geweest&blad={blad}")) for blad in ("1", "2", "99", "x")] == [10, 2, 2, 10]


@pytest.mark.parametrize("number", [1, 4])
def test_the_page_costs_the_same_for_any_number_of_houses(anna: Guest, query_count: Any, number: int) -> None:
    for _ in range(number):
        make_booking(make_house(), WEDNESDAY, email=EMAIL)
    with query_count(14):
        assert len(rows(anna)) == number


def test_without_bookings_there_is_one_next_step(anna: Guest) -> None:
    page = anna.get("/mijn/")
    assert "Je hebt nu niets geboekt." in page.text
    assert [link.text for link in page.tree.one("main").all("a", role="button")] == ["Zoek een werkplek"]


def test_nobody_keeps_the_page(anna: Guest) -> None:
    answer = anna.get("/mijn/").response
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store, private", "noindex, nofollow")


def test_dagdelen_of_one_day_are_one_line(anna: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, WEDNESDAY_NOON, THURSDAY, email=EMAIL)
    assert rows(anna) == ["Woensdag 25 november, ochtend + middag", "Donderdag 26 november, ochtend"]
    page = anna.get("/mijn/")
    assert "08.30 tot 12.30 uur · 13.00 tot 17.00 uur" in page.text
    assert "Komt nog (2)" in page.text
    assert "€ 15,00" in page.text
    again = next(link.attrs["href"] for link in page.tree.one("main").all("a") if "dagdeel=" in link.attrs["href"])
    assert "dagdeel=2026-12-02:ochtend" in again
    assert "dagdeel=2026-12-02:middag" in again


def test_what_was_given_back_is_not_offered_each_week(anna: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, email=EMAIL)
    assert "Boek dit elke week" in anna.get("/mijn/").text
    reservation.bookings.update(state=Booking.State.CANCELLED)
    assert "Boek dit elke week" not in anna.get("/mijn/?toon=geweest").text


def test_a_house_that_takes_no_bookings_offers_nothing_again(anna: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, email=EMAIL)
    Dorpshuis.objects.update(status=Dorpshuis.Status.STOPPED)
    assert "Boek" not in anna.get("/mijn/").tree.one("main").one("ul").text


# --- what is double ---------------------------------------------------------------------------------------


def test_a_member_is_told_what_she_booked_twice_wherever_it_is(anna: Guest, house: Dorpshuis) -> None:
    first = make_booking(make_house("ander-huis", name="Het Andere Huis"), WEDNESDAY, email=EMAIL)
    second = make_booking(house, WEDNESDAY, email=EMAIL)
    page = anna.get(f"/boeking/{second.reference}/")
    assert "Je had dit dagdeel al geboekt. Woensdag 25 november, ochtend, in Het Andere Huis." in page.text
    assert page.tree.one("a", href=f"/boeking/{first.reference}/").text == "Naar je andere boeking"


def test_who_only_has_the_link_is_told_nothing(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, email=EMAIL)
    second = make_booking(house, WEDNESDAY, email=EMAIL)
    other = Guest()
    other.client.force_login(member_of("bert@voorbeeld.example"))
    for guest in (Guest(), other):
        page = guest.get(f"/boeking/{second.reference}/").text
        assert "al geboekt" not in page
        assert "elke week" not in page


def test_her_own_page_offers_it_each_week(anna: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, email=EMAIL)
    page = anna.get(f"/boeking/{reservation.reference}/")
    assert page.tree.one("a", href=f"/mijn/elke-week/{reservation.reference}/").text == "Boek dit elke week"


# --- what she need not type again -------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "words"), [("+31612345678", "06 12345678"), ("+4930901820", "+49 30 901820")])
def test_the_booking_form_knows_a_member(anna: Guest, house: Dorpshuis, number: str, words: str) -> None:
    User.objects.update(name="Anna de Vries", phone=number)
    fields = anna.look(house, WEDNESDAY).fields
    assert (fields["naam"], fields["email"], fields["telefoon"]) == (["Anna de Vries"], [EMAIL], [words])


def test_somebody_else_finds_it_empty_and_gets_no_session(house: Dorpshuis) -> None:
    guest = Guest()
    fields = guest.look(house, WEDNESDAY).fields
    assert (fields["naam"], fields["email"], fields["telefoon"]) == ([""], [""], [""])
    assert "sessionid" not in guest.client.cookies


def test_her_first_booking_teaches_us_her_name_and_a_later_one_changes_nothing(anna: Guest, house: Dorpshuis) -> None:
    anna.book(house, WEDNESDAY, naam="Anna", email=EMAIL.title(), telefoon="06 12345678")
    anna.book(house, THURSDAY, naam="Oom Jan", email=EMAIL, telefoon="06 87654321")
    user = User.objects.get()
    assert (user.name, user.phone.as_e164) == ("Anna", "+31612345678")
    assert len(rows(anna)) == 2


def test_she_changes_her_name_and_number_herself(anna: Guest) -> None:
    page = anna.get("/mijn/gegevens/")
    token = page.tree.one("main").all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    sent = {"naam": " Anna  de Vries ", "telefoon": "06 12345678", "csrfmiddlewaretoken": token}
    answer = anna.client.post("/mijn/gegevens/", sent)
    assert answer.status_code == 302
    assert "Je gegevens zijn bewaard." in anna.get(answer["Location"]).text
    user = User.objects.get()
    assert (user.name, user.phone.as_e164, user.email) == ("Anna de Vries", "+31612345678", EMAIL)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"naam": "", "telefoon": ""}, "Vul je naam in."),
        ({"naam": "<b>", "telefoon": ""}, "De tekens < en > kunnen niet in een naam."),
        ({"naam": "Anna", "telefoon": "12"}, "Dit telefoonnummer klopt niet."),
    ],
)
def test_what_can_not_be_kept_is_422_and_says_why(anna: Guest, sent: dict[str, str], sentence: str) -> None:
    anna.client.handler.enforce_csrf_checks = False
    answer = anna.client.post("/mijn/gegevens/", sent)
    assert answer.status_code == 422
    assert sentence.replace("<", "&lt;").replace(">", "&gt;") in answer.content.decode()
    assert User.objects.get().name == ""


def test_a_member_is_no_first_time_guest(anna: Guest) -> None:
    house = make_house("met-hulp", staffed_only_for_new=True)
    house.openings.update(staffed=False)
    moment = Moment(WEDNESDAY.date, Dagdeel.OCHTEND)
    assert not Guest().look(house, moment).has_form
    assert anna.look(house, moment).has_form


def wait_for(house: Dorpshuis, email: str = EMAIL) -> Waiting:
    """Somebody waits for a Wednesday morning that is full."""
    if not Booking.objects.filter(dorpshuis=house).exists():
        for _ in desks_of(house):
            make_booking(house, WEDNESDAY, email="eerder@voorbeeld.example")
    return make_waiting(house, WEDNESDAY, email=email)


def test_she_sees_what_she_waits_for_and_her_place_in_the_line(anna: Guest, house: Dorpshuis) -> None:
    wait_for(house, "bert@voorbeeld.example")
    wait = wait_for(house)
    page = anna.get("/mijn/")
    assert "Je wacht op een plek" in page.text
    assert "Je bent nummer 2 op de lijst." in page.text
    assert f"/wachtlijst/{wait.reservation.reference}/" in [
        link.attrs["href"] for link in page.tree.one("main").all("a")
    ]


def test_one_button_takes_her_off_the_list_and_brings_her_back(anna: Guest, house: Dorpshuis) -> None:
    wait = wait_for(house)
    anna.client.handler.enforce_csrf_checks = False
    answer = anna.client.post(f"/wachtlijst/{wait.reservation.reference}/weg/", {"naar": "mijn"})
    assert answer["Location"] == "/mijn/?wachtlijst=weg"
    assert Waiting.objects.get().state == Waiting.State.LEFT
    after = anna.get("/mijn/?wachtlijst=weg").text
    assert "Je bent van de lijst." in after
    assert "Je wacht op een plek" not in after


def test_when_it_is_her_turn_it_says_until_when_and_leads_to_the_button(anna: Guest, house: Dorpshuis) -> None:
    wait_for(house)
    cancel(Reservation.objects.filter(email="eerder@voorbeeld.example")[0], GUEST)
    text = anna.get("/mijn/").text
    assert "Er is een plek voor je. We houden hem vast tot maandag 23 november" in text
    assert "Bekijk en boek" in text


def test_what_another_address_waits_for_is_not_hers(anna: Guest, house: Dorpshuis) -> None:
    wait_for(house, "bert@voorbeeld.example")
    assert "Je wacht op een plek" not in anna.get("/mijn/").text


@pytest.mark.parametrize("number", [1, 3])
def test_waiting_costs_the_same_for_any_number_of_lists(anna: Guest, query_count: Any, number: int) -> None:
    for _ in range(number):
        wait_for(make_house(desks=1))
    with query_count(10):
        anna.get("/mijn/")


def test_what_she_types_for_somebody_else_is_not_kept_as_hers(anna: Guest, house: Dorpshuis) -> None:
    hers: dict[str, Any] = {"naam": "Mijn Moeder", "email": "moeder@voorbeeld.example", "telefoon": "06 12345678"}
    assert anna.book(house, WEDNESDAY, **hers).status == 302
    user = User.objects.get(email=EMAIL)
    assert (user.name, str(user.phone)) == ("", "")
