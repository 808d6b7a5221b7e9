"""We miss you: only to who may be asked, once, and with a way out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.actions.guests import merge
from bookings.actions.miss_you import ask_guests, ask_missed, say_why, stop_mails
from bookings.missed import guest_of, token_of
from bookings.models import Booking, Guest, Reservation, StayedAway
from bookings.person import version_of
from portal.base import clock
from portal.base.log import GUEST, SYSTEM
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.bookings.away import away_guest, wants_it
from tests.bookings.test_languages import FOREIGN, words
from tests.day import Screen
from tests.factories import house_actor, make_booking, make_house, make_standing
from tests.guest import WEDNESDAY, Page
from tests.guest import Guest as Visitor
from villages.models import Dorpshuis, HouseMessages

NOON = datetime(2026, 11, 23, 12, tzinfo=clock.AMSTERDAM)
pytestmark = [pytest.mark.database_long, pytest.mark.django_db, pytest.mark.time_machine(NOON, tick=False)]


@pytest.fixture
def house() -> Dorpshuis:
    house = make_house("het-huis")
    wants_it(house)
    return house


def swept(state: str) -> bool:
    """Whether the mail is in this state after the sweep."""
    delivery.sweep()
    return OutboxMail.objects.get(kind="miss_you").state == state


# --- who --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "asked"), [(44, 0), (45, 1), (90, 1), (91, 0)])
def test_who_stayed_away_for_45_days_is_asked_and_not_after_three_months(
    house: Dorpshuis, days: int, asked: int
) -> None:
    away_guest(house, days)
    assert ask_missed() == asked


def test_once_and_never_again(house: Dorpshuis) -> None:
    away_guest(house)
    assert [ask_missed(), ask_missed()] == [1, 0]
    with time_machine.travel(NOON + timedelta(days=7), tick=False):
        assert ask_missed() == 0


def test_a_house_that_did_not_switch_it_on_asks_nobody(house: Dorpshuis) -> None:
    away_guest(house)
    HouseMessages.objects.all().delete()
    assert ask_missed() == 0


@pytest.mark.parametrize(
    "booked",
    [{"paid_how": ""}, {"paid_how": "waived"}, {"price_cents": 0}, {"state": "no_show"}],
    ids=["not paid", "let off", "free", "did not come"],
)
def test_who_is_no_customer_is_not_asked(house: Dorpshuis, booked: dict[str, Any]) -> None:
    away_guest(house, **booked)
    assert ask_missed() == 0


@pytest.mark.parametrize(
    "field", [{"messages_offered": False}, {"no_messages": True}, {"email": "later@voorbeeld.example"}], ids=str
)
def test_who_was_not_offered_it_or_said_no_or_gave_another_address_is_not_asked(
    house: Dorpshuis, field: dict[str, Any]
) -> None:
    reservation = away_guest(house)
    Reservation.objects.filter(pk=reservation.pk).update(**field)
    assert ask_missed() == 0


def test_who_was_booked_by_the_house_is_not_asked(house: Dorpshuis) -> None:
    away_guest(house)
    Reservation.objects.update(booked_by=house_actor(house).user)
    assert ask_missed() == 0


def test_who_said_no_in_any_booking_of_this_house_is_not_asked(house: Dorpshuis) -> None:
    away_guest(house)
    other = away_guest(house, 200)
    Reservation.objects.filter(pk=other.pk).update(no_messages=True)
    assert ask_missed() == 0


def test_who_comes_again_is_not_asked(house: Dorpshuis) -> None:
    away_guest(house)
    make_booking(house, WEDNESDAY, email="anna@voorbeeld.example")
    assert ask_missed() == 0


def test_a_booking_in_another_house_says_nothing_of_this_one(house: Dorpshuis) -> None:
    away_guest(house)
    make_booking(make_house("ginds"), WEDNESDAY, email="anna@voorbeeld.example")
    assert ask_missed() == 1


def test_a_holder_of_a_standing_place_is_not_asked(house: Dorpshuis) -> None:
    make_standing(house, email="anna@voorbeeld.example", name="Anna")
    Booking.objects.all().delete()
    away_guest(house)
    assert ask_missed() == 0


def test_who_stopped_these_mails_is_not_asked(house: Dorpshuis) -> None:
    stop_mails(away_guest(house).guest, GUEST)
    assert ask_missed() == 0


@pytest.mark.parametrize("moment", [NOON - timedelta(days=1), NOON - timedelta(days=2), NOON.replace(hour=8)])
def test_nobody_is_asked_in_a_weekend_or_at_night(house: Dorpshuis, moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        away_guest(house)
        assert ask_missed() == 0


def test_two_records_of_one_person_are_asked_once(house: Dorpshuis) -> None:
    gone = away_guest(house).guest
    ask_missed()
    kept = away_guest(house, email="later@voorbeeld.example").guest
    seen = [version_of(Guest.objects.get(pk=guest.pk)) for guest in (kept, gone)]
    merge(kept, gone, (seen[0], seen[1]), house_actor(house))
    assert ask_missed() == 0


def test_who_books_in_between_is_not_asked(house: Dorpshuis) -> None:
    guest = away_guest(house).guest
    make_booking(house, WEDNESDAY, email="anna@voorbeeld.example")
    assert ask_guests(house.pk, [guest.pk], SYSTEM) == 0


# --- the mail ---------------------------------------------------------------------------------------------


def test_the_mail_is_the_house_s_own_and_can_be_stopped_with_one_click(
    house: Dorpshuis, mailoutbox: list[Any], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    guest = away_guest(house).guest
    ask_missed()
    assert swept("sent")
    (mail,) = mailoutbox
    stop = f"http://localhost:8000/gemist/{token_of(guest)}/stop/"
    assert mail.from_email == "Het-Huis <post@localhost>"
    assert mail.extra_headers["List-Unsubscribe"] == f"<{stop}>"
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert ("in oktober 2026 voor het laatst in Het-Huis" in mail.body, stop in mail.body) == (True, True)


def comes_again(guest: Guest) -> None:
    make_booking(guest.dorpshuis, WEDNESDAY, email=guest.email)


def stops(guest: Guest) -> None:
    stop_mails(guest, GUEST)


def switched_off(guest: Guest) -> None:
    HouseMessages.objects.update(miss_you=False)


@pytest.mark.parametrize("meanwhile", [comes_again, stops, switched_off])
def test_what_is_no_longer_so_when_it_leaves_is_not_sent(house: Dorpshuis, meanwhile: Callable[[Guest], None]) -> None:
    guest = away_guest(house).guest
    ask_missed()
    meanwhile(guest)
    assert swept("dropped")


def test_what_was_held_up_until_the_evening_is_not_sent(house: Dorpshuis) -> None:
    away_guest(house)
    ask_missed()
    with time_machine.travel(NOON.replace(hour=20), tick=False):
        assert swept("dropped")


# --- her pages --------------------------------------------------------------------------------------------


@pytest.fixture
def guest(house: Dorpshuis) -> Guest:
    return away_guest(house).guest


def counts() -> list[tuple[str, str, int]]:
    return [(str(row.month), row.reason, row.number) for row in StayedAway.objects.order_by("reason")]


def test_she_says_why_with_one_tap_and_it_is_counted_once_without_her_name(client: Client, guest: Guest) -> None:
    address = f"/gemist/{token_of(guest)}/"
    first = client.post(address, {"reden": "ver"}, follow=True)
    second = client.post(address, {"reden": "druk"}, follow=True)
    assert ("Je antwoord telt mee." in first.content.decode(), second.status_code) == (True, 200)
    assert counts() == [("2026-11-01", "ver", 1)]
    assert LogEntry.objects.get(verb="say_why").subject == f"dorpshuis:{guest.dorpshuis_id}"


def test_looking_at_the_pages_changes_nothing_and_sets_no_cookie(guest: Guest) -> None:
    visitor = Visitor()
    for more in ("", "stop/", "?reden=ver"):
        assert visitor.get(f"/gemist/{token_of(guest)}/{more}").status == 200
    guest.refresh_from_db()
    assert (counts(), guest.no_more_mails, guest.said_why, dict(visitor.client.cookies)) == ([], False, False, {})


@pytest.mark.parametrize("said", [False, True])
@pytest.mark.parametrize("more", ["", "?bedankt=1", "stop/"])
def test_her_pages_are_in_english_too(guest: Guest, more: str, said: bool) -> None:
    Guest.objects.update(said_why=said, no_more_mails=said)
    visitor = Visitor()
    visitor.client.cookies["taal"] = "en"
    text = visitor.get(f"/gemist/{token_of(guest)}/{more}").text
    assert words(text) & FOREIGN["en"] - words(str(guest.dorpshuis)) == set()


@pytest.mark.parametrize("given", [{}, {"reden": ""}, {"reden": "saai"}])
def test_a_reason_that_we_do_not_know_is_refused_with_a_sentence(
    client: Client, guest: Guest, given: dict[str, str]
) -> None:
    answer = client.post(f"/gemist/{token_of(guest)}/", given)
    assert (answer.status_code, "Kies een van de vier redenen." in answer.content.decode()) == (422, True)


def test_one_button_stops_the_mails_of_this_house_and_a_second_tap_does_no_harm(client: Client, guest: Guest) -> None:
    address = f"/gemist/{token_of(guest)}/stop/"
    for _ in range(2):
        assert "De mails zijn gestopt" in client.post(address, follow=True).content.decode()
    guest.refresh_from_db()
    assert (guest.no_more_mails, LogEntry.objects.filter(verb="stop_mails").count()) == (True, 1)


def test_a_mail_program_stops_them_with_one_request(guest: Guest) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/gemist/{token_of(guest)}/stop/", {"List-Unsubscribe": "One-Click"})
    guest.refresh_from_db()
    assert (answer.status_code, guest.no_more_mails) == (204, True)


@pytest.mark.parametrize("token", ["1", "1.x", "x.y", "0.abc", "%00.a"])
def test_another_link_leads_nowhere(house: Dorpshuis, token: str) -> None:
    assert Visitor().get(f"/gemist/{token}/").status == 404


def test_with_her_data_the_link_ends(guest: Guest) -> None:
    token = token_of(guest)
    Guest.objects.update(emptied_at=clock.now())
    assert (guest_of(token), Visitor().get(f"/gemist/{token}/").status) == (None, 404)


# --- the form, and the page of the house ------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "refused"), [({}, False), ({"geen_berichten": "on"}, True)])
def test_the_booking_form_offers_it_with_a_box_that_is_not_ticked(
    house: Dorpshuis, typed: dict[str, Any], refused: bool
) -> None:
    visitor = Visitor()
    box = visitor.look(house, WEDNESDAY).tree.one("form", id="boeking").one("input", name="geen_berichten")
    assert (box.attrs["type"], "checked" in box.attrs) == ("checkbox", False)
    visitor.book(house, WEDNESDAY, **typed)
    row = Reservation.objects.get()
    assert (row.messages_offered, row.no_messages) == (True, refused)


def test_an_order_without_the_form_counts_as_not_offered(house: Dorpshuis) -> None:
    Visitor().book(house, WEDNESDAY, berichten=None, geen_berichten=None)
    assert Reservation.objects.get().messages_offered is False


def test_a_ticked_box_stays_ticked_when_something_else_was_wrong(house: Dorpshuis) -> None:
    page: Page = Visitor().book(house, WEDNESDAY, naam="", geen_berichten="on")
    assert page.status == 422
    assert "checked" in page.tree.one("form", id="boeking").one("input", name="geen_berichten").attrs


def test_the_house_sees_counts_from_five_on(house: Dorpshuis) -> None:
    month = clock.today().replace(day=1)
    for reason, number in (("ver", 4), ("druk", 5)):
        StayedAway.objects.create(dorpshuis=house, month=month, reason=reason, number=number)
    shown = Screen(house).get(f"/beheer/{house.slug}/gasten/redenen/").tree.one("dl")
    assert [node.text for node in shown.all("dd")] == ["minder dan 5", "5", "0", "0"]


def test_what_was_said_over_a_year_ago_is_not_shown(house: Dorpshuis) -> None:
    StayedAway.objects.create(dorpshuis=house, month="2025-11-01", reason="ver", number=9)
    StayedAway.objects.create(dorpshuis=house, month="2025-12-01", reason="ver", number=6)
    shown = Screen(house).get(f"/beheer/{house.slug}/gasten/redenen/").tree.one("dl")
    assert shown.all("dd")[0].text == "6"


def test_her_reason_is_counted_for_her_house(house: Dorpshuis, guest: Guest) -> None:
    assert say_why(guest, StayedAway.Reason.FAR, GUEST)
    assert not say_why(guest, StayedAway.Reason.FAR, GUEST)
    assert StayedAway.objects.get().dorpshuis == house
