"""The way in for who runs a house, and the way out."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from portal.base.accounts.models import User
from tests.factories import make_house, make_member, make_user
from tests.guest import Page

pytestmark = pytest.mark.django_db

EMAIL, PASSWORD = "anna@voorbeeld.example", "een lange zin van mij"


@pytest.fixture
def anna() -> User:
    return make_user(EMAIL, password=PASSWORD, name="Anna")


def log_in(client: Client, email: str = EMAIL, password: str = PASSWORD, **more: str) -> Page:
    fields = {"username": email, "password": password, **more}
    return Page(client.post("/inloggen/", fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("email", [EMAIL, "Anna@Voorbeeld.example", f" {EMAIL} "])
def test_the_right_password_lets_her_in(client: Client, anna: User, email: str) -> None:
    assert log_in(client, email).status == 302
    assert client.session[SESSION_KEY] == str(anna.pk)


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "fout"), (EMAIL, ""), ("niemand@voorbeeld.example", PASSWORD), ("", ""), ("geen adres", PASSWORD)]
    + [(f"{EMAIL}\x00", PASSWORD), (EMAIL, f"{PASSWORD}\x00"), ("x" * 5_000, "y" * 5_000)],
)
def test_anything_else_is_422_and_says_so(client: Client, anna: User, email: str, password: str) -> None:
    page = log_in(client, email, password)
    assert (page.status, SESSION_KEY in client.session) == (422, False)
    assert page.notice.startswith("Inloggen is niet gelukt.")


def test_a_wrong_password_and_an_unknown_address_look_the_same(client: Client, anna: User) -> None:
    notices = [log_in(client, email, "fout").notice for email in (EMAIL, "niemand@voorbeeld.example")]
    assert notices[0] == notices[1] != ""


def test_after_a_mistake_the_address_is_still_there_and_the_password_is_not(client: Client, anna: User) -> None:
    page = log_in(client, password="bijna goed")
    assert page.tree.one("input", name="username").attrs["value"] == EMAIL
    assert "bijna goed" not in page.html


def test_what_was_typed_comes_back_escaped(client: Client) -> None:
    page = log_in(client, '"><script>alert(1)</script>')
    assert page.tree.one("input", name="username").attrs["value"] == '"><script>alert(1)</script>'
    assert "<script>alert" not in page.html


def test_who_may_no_longer_log_in_is_refused(client: Client, anna: User) -> None:
    User.objects.update(is_active=False)
    assert log_in(client).status == 422


def test_who_has_no_password_can_not_log_in_with_an_empty_one(client: Client) -> None:
    make_user(EMAIL)
    assert log_in(client, password="").status == 422


@pytest.mark.parametrize("where", ["/beheer/het-huis/", "/bokd/?x=1", "/"])
def test_she_goes_on_to_the_page_that_asked(client: Client, anna: User, where: str) -> None:
    page = Page(client.get("/inloggen/", {"next": where}))  # type: ignore[arg-type]
    asked = page.tree.one("input", name="next").attrs["value"]
    assert log_in(client, next=asked).response["Location"] == where


@pytest.mark.parametrize(
    "where",
    ["https://kwaad.example/", "//kwaad.example", "/\\kwaad.example", "javascript:alert(1)", "kwaad", "", "\x00"],
)
def test_she_never_goes_on_to_another_site(client: Client, anna: User, where: str) -> None:
    assert log_in(client, next=where).response["Location"] == "/"


def test_logging_in_begins_a_new_session(client: Client, anna: User) -> None:
    client.session.save()
    before = client.session.session_key
    log_in(client)
    assert client.session.session_key != before


def test_logging_out_ends_it(client: Client) -> None:
    client.force_login(make_member(make_house("het-huis")))
    assert client.get("/beheer/het-huis/").status_code == 200
    answer = client.post("/uitloggen/")
    assert (answer.status_code, answer["Location"], SESSION_KEY in client.session) == (302, "/", False)
    assert client.get("/beheer/het-huis/").status_code == 302


def test_another_site_can_not_log_her_out(anna: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    assert client.post("/uitloggen/").status_code == 403
    assert client.get("/uitloggen/").status_code == 405
    assert SESSION_KEY in client.session
