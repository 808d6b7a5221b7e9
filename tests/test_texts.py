"""The pages of text: in the foot of every page, for everybody, and true."""

from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from tests.factories import make_booking, make_house, make_waiting
from tests.guest import WEDNESDAY, Guest, on_monday

pytestmark = [pytest.mark.django_db, on_monday]

TEXTS = ["/privacy/", "/toegankelijkheid/"]


@pytest.mark.parametrize("address", TEXTS)
def test_a_text_asks_the_database_nothing(query_count: Any, address: str) -> None:
    with query_count(0):
        page = Guest().get(address)
    assert page.status == 200


@pytest.mark.parametrize("address", ["/", "/dorpshuizen/het-huis/", "/niet-hier/", *TEXTS])
def test_the_foot_of_every_page_leads_to_the_texts(address: str) -> None:
    make_house("het-huis")
    foot = Guest().get(address).tree.one("footer")
    assert [link.attrs["href"] for link in foot.all("a") if link.attrs["href"] in TEXTS] == TEXTS


def test_the_privacy_page_names_every_cookie_of_a_guest_and_of_who_logs_in() -> None:
    guest = Guest()
    guest.book(make_house("het-huis"), WEDNESDAY)
    guest.client.post("/weergave/", {"weergave": "donker"})
    guest.client.post("/taal/", {"taal": "nl"})
    named = {node.text for node in guest.get("/privacy/").tree.one("main").all("b")}
    assert named == {*guest.client.cookies, "sessionid"}


FORMS = {
    "/dorpshuizen/het-huis/wachtlijst/?dagdeel=2026-11-25:ochtend": "op een wachtlijst gaat",
    "/aanmelden/": "een dorpshuis aanmeldt",
    "/boeking/link-kwijt/": "een link aanvraagt",
    "/inloggen/": "inlogt",
    "/boeking/{reference}/": "als je je eigen pagina",
    "/wachtlijst/{waits}/": "als je je eigen pagina",
    "/uitnodiging/": "een uitnodiging opent",
}


@pytest.mark.parametrize("address", FORMS)
def test_the_privacy_page_says_on_which_pages_with_a_form_its_cookie_comes(address: str) -> None:
    house = make_house("het-huis", desks=1)
    reference = make_booking(house, WEDNESDAY, email="eerder@voorbeeld.example").reference
    guest, waits = Guest(), make_waiting(house, WEDNESDAY).reservation.reference
    page = guest.get(address.format(reference=reference, waits=waits))
    (said,) = [node.text for node in guest.get("/privacy/").tree.all("li") if node.text.startswith("csrftoken")]
    assert (page.status, list(guest.client.cookies), FORMS[address] in said) == (200, ["csrftoken"], True)


def test_the_privacy_page_says_whom_to_ask_and_where_to_complain() -> None:
    page = Guest().get("/privacy/")
    assert "Bel het dorpshuis" in page.text
    assert "https://www.autoriteitpersoonsgegevens.nl/" in [link.attrs["href"] for link in page.tree.all("a")]


def test_the_privacy_page_calls_in_english_what_she_needs_by_its_own_name() -> None:
    guest = Guest()
    guest.client.post("/taal/", {"taal": "en"})
    text = guest.get("/privacy/").text
    with translation.override("en"):
        assert text.count(f"under {gettext('Mijn gegevens')}.") + text.count(f"Under {gettext('Mijn gegevens')} ") == 2
        assert gettext("Noodcodes").lower() in text


def test_no_text_of_ours_is_a_text_that_django_says_otherwise_in_dutch() -> None:
    """The Dutch is the key: "Log in" is a key of Django too, and would become "Aanmelden"."""
    mo = Path(settings.BASE_DIR, "locale/en/LC_MESSAGES/django.mo")
    with mo.open("rb") as read:
        known: Any = GNUTranslations(read)
    keys = {key for key in known._catalog if isinstance(key, str) and key}
    assert len(keys) > 100
    with translation.override("nl"):
        assert {key: gettext(key) for key in keys if gettext(key) != key} == {}
