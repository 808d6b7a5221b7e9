"""The language of the visitor: Dutch, or English by choice; where the choice is kept, and where it leads."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils.translation import get_language

from bookings.models import Reservation
from portal.base.display import language_of
from portal.base.models import OutboxMail
from tests.factories import log_in_fully, make_house, make_user
from tests.guest import THURSDAY, WEDNESDAY, Guest, Page, on_monday
from tests.mailed import code_for

pytestmark = [pytest.mark.django_db, on_monday]

CHOICE = "/dorpshuizen/het-huis/?week=2026-W48&dagdeel=2026-11-25:ochtend&dagdeel=2026-11-26:ochtend"


def read(client: Client, address: str, **headers: Any) -> Page:
    return Page(client.get(address, headers=headers))  # type: ignore[arg-type]


@pytest.fixture
def english(client: Client) -> Client:
    """A browser in which somebody chose English."""
    client.post("/taal/", {"taal": "en"})
    return client


def language(page: Page) -> tuple[str, str]:
    return page.tree.one("html").attrs["lang"], page.response["Content-Language"]


# --- the choice -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cookie", "spoken"), [("en", "en"), ("nl", "nl"), ("", "nl"), ("EN", "nl"), ("fr", "nl")])
def test_only_two_languages_can_be_asked_for(cookie: str, spoken: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["taal"] = cookie
    assert language_of(request) == spoken


def test_who_chose_nothing_gets_dutch_whatever_her_browser_asks_for(client: Client) -> None:
    page = read(client, "/", accept_language="en-GB,en;q=0.9")
    assert (language(page), dict(page.response.cookies)) == (("nl", "nl"), {})


def test_english_is_remembered_for_a_year_in_one_cookie(client: Client) -> None:
    answer = client.post("/taal/", {"taal": "en", "terug": "/dorpshuizen/"})
    assert (answer.status_code, answer["Location"], list(answer.cookies)) == (302, "/dorpshuizen/", ["taal"])
    cookie = answer.cookies["taal"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["httponly"]) == ("en", 31_536_000, "Lax", True)
    assert language(read(client, "/")) == ("en", "en")


def test_dutch_can_be_chosen_back(english: Client) -> None:
    english.post("/taal/", {"taal": "nl"})
    assert language(read(english, "/")) == ("nl", "nl")


@pytest.mark.parametrize("choice", ["fr", "", "<script>", "\x00", "en-us"])
def test_an_unknown_language_is_dutch(english: Client, choice: str) -> None:
    assert english.post("/taal/", {"taal": choice}).cookies["taal"]["max-age"] == 0
    assert language(read(english, "/")) == ("nl", "nl")


@pytest.mark.parametrize("back", ["https://kwaad.example/", "//kwaad.example/", "/\\kwaad.example", "/\n/x", "kwaad"])
def test_a_language_leads_back_to_our_own_pages_only(client: Client, back: str) -> None:
    answer = client.post("/taal/", {"taal": "en", "terug": back})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_one_visitor_leaves_her_language_to_nobody(english: Client) -> None:
    read(english, "/")
    assert (get_language(), language(read(Client(), "/"))) == ("nl", ("nl", "nl"))


# --- the switch in the foot -------------------------------------------------------------------------------


def switch(page: Page) -> tuple[str, str, str]:
    """What the button says, in which language, and where it leads back to."""
    (form,) = page.tree.all("form", action="/taal/")
    button = form.one("button")
    return button.text, button.attrs["lang"], form.one("input").attrs["value"]


def test_the_switch_says_the_other_language_in_that_language(english: Client) -> None:
    there = switch(read(Client(), "/dorpshuizen/"))
    back = switch(read(english, "/dorpshuizen/"))
    assert (there, back) == (("English", "en", "/dorpshuizen/"), ("Nederlands", "nl", "/dorpshuizen/"))


def test_the_switch_keeps_what_was_chosen(client: Client) -> None:
    make_house("het-huis")
    kept = switch(read(client, CHOICE))[2]
    assert kept == CHOICE
    english = Page(client.post("/taal/", {"taal": "en", "terug": kept}, follow=True))  # type: ignore[arg-type]
    assert (language(english)[0], english.fields["dagdeel"]) == ("en", [str(WEDNESDAY), str(THURSDAY)])


def test_the_switch_of_a_refused_order_leads_to_the_house_with_what_was_chosen() -> None:
    house = make_house("het-huis")
    guest = Guest()
    page = guest.book(house, WEDNESDAY, naam="")
    kept = "/dorpshuizen/het-huis/?week=2026-W48&dagdeel=2026-11-25:ochtend&tarief=standaard"
    assert (page.status, switch(page)[2]) == (422, kept)


def test_the_switch_of_a_refused_answer_leads_to_the_page_itself() -> None:
    guest = Guest()
    guest.book(make_house("het-huis"), WEDNESDAY)
    mine = f"/boeking/{Reservation.objects.get().reference}/"
    token = guest.get(mine).tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    refused = Page(guest.client.post(f"{mine}taal/", {"taal": "fr", "csrfmiddlewaretoken": token}))  # type: ignore[arg-type]
    assert (refused.status, guest.get(switch(refused)[2]).response["Location"]) == (422, mine)


# --- what goes along --------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/dorpshuizen/het-huis/", "/niet-hier/", "/privacy/"])
def test_a_cache_keeps_the_languages_apart(english: Client, address: str) -> None:
    make_house("het-huis")
    page = read(english, address)
    assert ("Cookie" in page.response["Vary"].split(", "), language(page)) == (True, ("en", "en"))


def test_a_search_engine_knows_one_address_for_both(english: Client) -> None:
    addresses = [read(who, "/?x=1").tree.one("link", rel="canonical").attrs["href"] for who in (english, Client())]
    assert addresses == ["http://localhost:8000/"] * 2


def test_the_admin_stays_dutch(english: Client) -> None:
    log_in_fully(english, make_user(is_staff=True, is_superuser=True))
    assert read(english, "/admin/").tree.one("html").attrs["lang"] == "nl"


def test_a_booking_made_in_english_is_confirmed_in_english(english: Client) -> None:
    house = make_house("het-huis")
    guest = Guest()
    guest.client.cookies["taal"] = "en"
    assert guest.book(house, WEDNESDAY).status == 302
    assert Reservation.objects.get().language == "en"
    assert OutboxMail.objects.get().language == "en"


def test_a_booking_made_in_dutch_stays_dutch() -> None:
    Guest().book(make_house("het-huis"), WEDNESDAY)
    assert Reservation.objects.get().language == "nl"


# --- who has an account is mailed in it -------------------------------------------------------------------


def test_who_chooses_a_language_while_she_is_in_is_mailed_in_it_from_then_on(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    client.post("/taal/", {"taal": "en"})
    user.refresh_from_db()
    assert user.language == "en"
    client.post("/taal/", {"taal": "fr"})
    user.refresh_from_db()
    assert user.language == "en"


def test_who_logs_in_is_mailed_in_the_language_that_she_reads(english: Client) -> None:
    user = make_user()
    english.post("/inloggen/", {"email": user.email})
    english.post("/inloggen/code/", {"code": code_for(user.email)})
    user.refresh_from_db()
    assert user.language == "en"
