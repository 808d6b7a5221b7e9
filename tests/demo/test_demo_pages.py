"""The pages of the demo: be somebody, and read the mails."""

import pytest
from django.test import Client
from django.urls import is_valid_path, reverse
from pytest_django import Settings

from portal.demo.people import PEOPLE, add_accounts, add_roles
from tests.factories import make_house

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.urls("tests.demo.urls")]


@pytest.fixture(autouse=True)
def in_the_demo(settings: Settings) -> None:
    """The people of the demo and the two houses that they run."""
    settings.DEMO = True
    make_house("over-entinghe")
    make_house("de-veldkei")
    add_accounts()
    add_roles()


def test_the_page_has_a_button_for_each_person(client: Client) -> None:
    page = client.get("/demo/").content.decode()
    assert [f'value="{key}"' in page for key in PEOPLE] == [True] * 6


def test_the_people_are_those_of_the_contract() -> None:
    assert list(PEOPLE) == ["marieke", "henk", "gerrit", "sanne", "willem", "ilse"]


@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("marieke", "/"),
        ("henk", "/beheer/over-entinghe/"),
        ("gerrit", "/beheer/over-entinghe/"),
        ("sanne", "/"),
        ("willem", "/beheer/de-veldkei/"),
        ("ilse", "/bokd/"),
    ],
)
def test_a_person_begins_at_her_own_page(client: Client, person: str, path: str) -> None:
    response = client.post("/demo/inloggen/", {"wie": person})
    assert (response.status_code, response["Location"]) == (302, path)


def test_who_logs_in_is_that_person(client: Client) -> None:
    client.post("/demo/inloggen/", {"wie": "henk"})
    assert client.get("/demo/").context["user"].email == "henk@voorbeeld.example"


def test_another_person_takes_the_place_of_the_first(client: Client) -> None:
    client.post("/demo/inloggen/", {"wie": "henk"})
    client.post("/demo/inloggen/", {"wie": "ilse"})
    assert client.get("/demo/").context["user"].email == "ilse@voorbeeld.example"


@pytest.mark.parametrize("data", [{}, {"wie": ""}, {"wie": "niemand"}])
def test_somebody_unknown_is_refused_with_a_sentence(client: Client, data: dict[str, str]) -> None:
    response = client.post("/demo/inloggen/", data)
    assert response.status_code == 422
    assert "Deze persoon kennen we niet. Kies iemand uit de lijst." in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_logging_in_needs_the_token_of_the_form() -> None:
    assert Client(enforce_csrf_checks=True).post("/demo/inloggen/", {"wie": "henk"}).status_code == 403


def test_a_link_logs_nobody_in(client: Client) -> None:
    assert client.get("/demo/inloggen/?wie=henk").status_code == 405


def test_there_are_no_mails_yet(client: Client) -> None:
    assert "Er zijn nog geen mails." in client.get("/demo/mail/").content.decode()


def test_mails_can_be_filtered_by_address(client: Client) -> None:
    page = client.get("/demo/mail/", {"aan": "marieke@voorbeeld.example"}).content.decode()
    assert "Er zijn geen mails aan marieke@voorbeeld.example." in page


@pytest.mark.parametrize("name", ["demo", "demo-mail"])
def test_outside_the_demo_the_pages_are_not_there(client: Client, settings: Settings, name: str) -> None:
    settings.DEMO = False
    assert client.get(reverse(name)).status_code == 404


def test_outside_the_demo_nobody_logs_in_like_this(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    response = client.post("/demo/inloggen/", {"wie": "henk"})
    assert (response.status_code, "_auth_user_id" in client.session) == (404, False)


@pytest.mark.parametrize("path", ["/demo/", "/demo/inloggen/", "/demo/mail/"])
def test_outside_the_demo_the_addresses_do_not_exist(path: str) -> None:
    assert not is_valid_path(path, "portal.urls")
