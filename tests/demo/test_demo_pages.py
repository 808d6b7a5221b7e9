"""The pages of the demo: be somebody, and read the mails."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import is_valid_path, reverse
from pytest_django import Settings

from bookings.models import Reservation
from portal.base import clock
from portal.base.accounts.models import Browser, User
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from portal.demo.cast import PEOPLE
from portal.demo.people import add_accounts, add_roles
from tests.conftest import QueryCount
from tests.factories import MONDAY_NINE, log_in_fully, make_booking, make_house, make_user
from tests.guest import Page
from tests.monday import from_monday_nine
from villages.models import Dorpshuis

pytestmark = [
    pytest.mark.database_long,
    pytest.mark.django_db,
    pytest.mark.urls("tests.demo.urls"),
    from_monday_nine,
]


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
        ("marieke", "/mijn/"),
        ("henk", "/beheer/over-entinghe/"),
        ("gerrit", "/beheer/over-entinghe/"),
        ("sanne", "/mijn/"),
        ("willem", "/beheer/de-veldkei/"),
        ("ilse", "/bokd/"),
    ],
)
def test_a_person_begins_at_her_own_page(client: Client, person: str, path: str) -> None:
    response = client.post("/demo/inloggen/", {"wie": person})
    assert (response.status_code, response["Location"]) == (302, path)


def test_somebody_can_be_the_same_person_again(client: Client) -> None:
    for _ in range(2):
        assert client.post("/demo/inloggen/", {"wie": "henk"}).status_code == 302
    assert Browser.objects.count() == 1


def test_who_logs_in_is_that_person(client: Client) -> None:
    client.post("/demo/inloggen/", {"wie": "henk"})
    assert client.get("/demo/").context["user"].email == "henk@voorbeeld.example"


def test_being_a_person_counts_as_a_completed_second_factor_in_a_browser_that_she_sees(client: Client) -> None:
    User.objects.filter(email="ilse@voorbeeld.example").update(is_staff=True, is_superuser=True)
    client.post("/demo/inloggen/", {"wie": "ilse"})
    assert client.get("/admin/").status_code == 200
    assert [row.user.email for row in Browser.objects.all()] == ["ilse@voorbeeld.example"]


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


def send(*addresses: str) -> None:
    """One mail to each, a minute apart."""
    for number, address in enumerate(addresses):
        with time_machine.travel(MONDAY_NINE + timedelta(minutes=number), tick=False):
            make_booking(Dorpshuis.objects.get(slug="over-entinghe"), email=address)
            delivery.sweep()


def articles(client: Client, **query: str) -> list[tuple[str, str]]:
    """Whose mails the page shows, and their keys, from top to bottom."""
    page = Page(client.get("/demo/mail/", query))  # type: ignore[arg-type]
    return [(node.attrs["data-aan"], node.attrs["data-sleutel"]) for node in page.tree.all("article")]


def test_mails_stand_newest_first_with_their_keys(client: Client) -> None:
    send("anna@voorbeeld.example", "bert@voorbeeld.example")
    newest, oldest = Reservation.objects.order_by("-pk")
    assert articles(client) == [
        ("bert@voorbeeld.example", f"confirmation:{newest.pk}"),
        ("anna@voorbeeld.example", f"confirmation:{oldest.pk}"),
    ]


def test_the_filter_leaves_the_mails_to_one_address(client: Client) -> None:
    send("anna@voorbeeld.example", "bert@voorbeeld.example")
    assert [to for to, _ in articles(client, aan="Anna@voorbeeld.example ")] == ["anna@voorbeeld.example"]


def test_a_mail_is_shown_as_text_with_its_link(client: Client) -> None:
    send("anna@voorbeeld.example")
    (text,) = Page(client.get("/demo/mail/")).tree.all("pre")  # type: ignore[arg-type]
    reference = Reservation.objects.get().reference
    assert [node.attrs["href"] for node in text.all("a")] == [f"http://localhost:8000/boeking/{reference}/"] * 2


def csp_of(answer: Any) -> set[str]:
    return {part.strip() for part in answer["Content-Security-Policy"].split(";")}


def test_the_page_may_frame_its_own_mails_and_nothing_else(client: Client) -> None:
    answer = client.get("/demo/mail/")
    assert {"frame-src 'self'", "default-src 'none'", "frame-ancestors 'none'"} <= csp_of(answer)
    assert answer["X-Frame-Options"] == "DENY"


def test_the_html_of_a_mail_stands_in_a_sandbox_at_an_address_of_its_own(client: Client) -> None:
    send("anna@voorbeeld.example")
    frame = Page(client.get("/demo/mail/")).tree.one("iframe")  # type: ignore[arg-type]
    answer = client.get(frame.attrs["src"])
    assert (frame.attrs["sandbox"], answer.status_code, answer["X-Frame-Options"]) == ("", 200, "SAMEORIGIN")
    assert csp_of(answer) == {
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'unsafe-inline'",
        "frame-ancestors 'self'",
    }
    assert "Je hebt een bureau geboekt" in answer.content.decode()


def test_a_mail_that_was_not_sent_is_not_there(client: Client) -> None:
    make_booking(Dorpshuis.objects.get(slug="over-entinghe"))
    waiting = OutboxMail.objects.get()
    assert (articles(client), client.get(f"/demo/mail/{waiting.pk}/html/").status_code) == ([], 404)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_one_query_for_the_mails(
    client: Client, query_count: QueryCount, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(clock, "OFFSET_KEPT_SECONDS", 3600.0)  # the demo's clock is read once, on a busy machine too
    send(*[f"gast-{n}@voorbeeld.example" for n in range(number)])
    client.get("/demo/mail/")
    with query_count(1):
        assert len(articles(client)) == number


@pytest.mark.parametrize("name", ["demo", "demo-mail"])
def test_outside_the_demo_the_pages_are_not_there(client: Client, settings: Settings, name: str) -> None:
    settings.DEMO = False
    assert client.get(reverse(name)).status_code == 404


def test_outside_the_demo_nobody_logs_in_like_this(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    response = client.post("/demo/inloggen/", {"wie": "henk"})
    assert (response.status_code, "_auth_user_id" in client.session) == (404, False)


@pytest.mark.parametrize("path", ["/demo/", "/demo/inloggen/", "/demo/mail/", "/demo/mail/1/html/"])
def test_outside_the_demo_the_addresses_do_not_exist(path: str) -> None:
    assert not is_valid_path(path, "portal.urls")


@pytest.mark.parametrize("address", ["/", "/inloggen/", "/bestaat-niet/", "/admin/"])
def test_every_page_says_that_it_is_an_example(client: Client, address: str) -> None:
    log_in_fully(client, make_user(is_staff=True, is_superuser=True))
    assert "Voorbeeld: verzonnen cijfers" in client.get(address).content.decode()


def test_outside_the_demo_the_admin_says_nothing_of_an_example(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    log_in_fully(client, make_user(is_staff=True, is_superuser=True))
    assert "verzonnen" not in client.get("/admin/").content.decode()
