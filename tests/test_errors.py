"""When something can't be done: the portal's own page, with one heading and a way on."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from portal.urls import handler400, handler403, handler404, handler500
from tests.factories import make_house, make_member
from tests.guest import Page

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def strange(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("geheim")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("geheim")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("geheim")


urlpatterns = [
    path("raar/", strange),
    path("dicht/", forbidden),
    path("stuk/", broken),
    path("", include("portal.urls")),
]

PAGES = [
    ("/raar/", 400, "Dit begrijpen we niet"),
    ("/dicht/", 403, "Deze deur is dicht"),
    ("/niet-hier/", 404, "Hier brandt geen licht"),
    ("/stuk/", 500, "Er ging iets mis bij ons"),
]
each = pytest.mark.parametrize(("address", "status", "heading"), PAGES)


@pytest.fixture
def client(settings: Any) -> Client:
    """A browser that sees the answer to a failure, as a visitor does."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def get(client: Client, address: str) -> Page:
    return Page(client.get(address))  # type: ignore[arg-type]


def check(page: Page, status: int, heading: str) -> None:
    assert (page.status, page.tree.one("h1").text) == (status, heading)
    ways_on = [link.attrs["href"] for link in page.tree.one("main").all("a")]
    assert "/" in ways_on
    assert page.tree.one("title").text == f"{heading} | Naoberplek"


@each
def test_it_says_what_and_how_to_go_on(client: Client, address: str, status: int, heading: str) -> None:
    check(get(client, address), status, heading)


@each
def test_it_tells_nothing_of_what_went_wrong(client: Client, address: str, status: int, heading: str) -> None:
    page = get(client, address)
    assert page.status == status
    assert "geheim" not in page.html
    assert "Traceback" not in page.html


@each
def test_it_sets_no_cookie(client: Client, address: str, status: int, heading: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, dict(answer.cookies)) == (status, {})


@each
def test_it_has_the_strict_headers(client: Client, address: str, status: int, heading: str) -> None:
    answer = client.get(address)
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
@each
def test_who_is_logged_in_gets_it_too(client: Client, address: str, status: int, heading: str) -> None:
    client.force_login(make_member(make_house()))
    check(get(client, address), status, heading)


def test_a_post_without_its_cookie_is_403(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/inloggen/", {"username": "x", "password": "y"})
    check(Page(answer), 403, "Je browser stuurde geen cookie mee")  # type: ignore[arg-type]


def test_a_form_from_before_she_logged_in_elsewhere_is_403_and_says_that_it_is_old(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get("/inloggen/")
    answer = strict.post("/inloggen/", {"email": "anna@voorbeeld.example", "csrfmiddlewaretoken": "a" * 64})
    check(Page(answer), 403, "Deze pagina was te oud")  # type: ignore[arg-type]


@pytest.mark.django_db
def test_too_many_fields_are_400(client: Client) -> None:
    query = "&".join(["dagdeel=x"] * 501)
    check(get(client, f"/dorpshuizen/{make_house().slug}/?{query}"), 400, "Dit begrijpen we niet")


def test_a_post_that_is_too_large_is_400(client: Client) -> None:
    answer = client.post("/inloggen/", "x=" + "x" * 300_000, content_type="application/x-www-form-urlencoded")
    check(Page(answer), 400, "Dit begrijpen we niet")  # type: ignore[arg-type]


def test_a_host_that_is_not_ours_is_400(client: Client) -> None:
    answer = client.get("/inloggen/", headers={"host": "kwaad.example"})
    assert (answer.status_code, b"kwaad.example" in answer.content) == (400, False)


@pytest.mark.parametrize(
    "address", ["/dorpshuizen/%00/", "/bokd/%ff/", "/%ed%a0%80", "/dorpshuizen/" + "x" * 5_000 + "/"]
)
@pytest.mark.django_db
def test_an_address_of_strange_bytes_is_404(client: Client, address: str) -> None:
    check(get(client, address), 404, "Hier brandt geen licht")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_method_that_a_page_does_not_take_is_405(client: Client, method: str) -> None:
    assert getattr(client, method)("/").status_code == 405


def test_the_address_of_a_button_is_no_page(client: Client) -> None:
    check(get(client, "/weergave/"), 405, "Dit is geen pagina")
