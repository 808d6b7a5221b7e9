"""The key of a form, bound to the browser that got it."""

import pytest
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.test import RequestFactory

from bookings.keys import belongs_to, new_key


def browser() -> HttpRequest:
    """A request of a browser that has its CSRF cookie."""
    request = RequestFactory().get("/")
    get_token(request)
    return request


def test_a_key_belongs_to_the_browser_that_got_it() -> None:
    request = browser()
    assert belongs_to(request, new_key(request))


def test_a_key_does_not_belong_to_another_browser() -> None:
    assert not belongs_to(browser(), new_key(browser()))


def test_each_form_has_a_key_of_its_own() -> None:
    request = browser()
    assert len({new_key(request) for _ in range(5)}) == 5


def test_a_key_fits_in_its_column() -> None:
    assert len(new_key(browser())) <= 120


def test_a_new_key_sets_the_cookie_that_it_is_bound_to() -> None:
    request = RequestFactory().get("/")
    new_key(request)
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]


def test_a_changed_key_belongs_to_nobody() -> None:
    request = browser()
    nonce, seal = new_key(request).split(".")
    assert not belongs_to(request, f"{nonce}x.{seal}")


@pytest.mark.parametrize("key", ["", ".", "x", "x.", ".x", "é.é", "a.b.c", "\x00.\x00", "x" * 10_000])
def test_nonsense_belongs_to_nobody(key: str) -> None:
    assert not belongs_to(browser(), key)


def test_a_browser_without_a_cookie_owns_no_key() -> None:
    key = new_key(browser())
    assert not belongs_to(RequestFactory().get("/"), key)
