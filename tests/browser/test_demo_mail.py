"""The mails of the demo in a real browser: to read, to filter, and within their frame."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from portal.base.outbox import delivery
from tests.browser.conftest import Stage
from tests.browser.test_pages import sticks_out
from tests.factories import make_booking
from tests.fixtures_browser import PageAt

pytestmark = [pytest.mark.long, pytest.mark.browser]


@pytest.fixture
def read(stage: Stage, settings: Settings) -> Stage:
    """A house of the demo in which two guests booked and had their mail."""
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.demo.urls"
    make_booking(stage.house, stage.morning, name="Marieke Jansen", email="marieke@voorbeeld.example")
    make_booking(stage.house, stage.afternoon, name="Tom Bos", email="tom@voorbeeld.example")
    delivery.sweep()
    return stage


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_nothing_on_the_page_of_mails(
    page_at: PageAt, read: Stage, axe: Callable[[Page], list[str]], scheme: str
) -> None:
    page = page_at(scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page.goto("/demo/mail/")
    assert page.locator("article.mail").count() == 3
    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_nothing_in_a_mail_itself(
    page_at: PageAt, read: Stage, axe: Callable[[Page], list[str]], scheme: str
) -> None:
    page = page_at(scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page.goto("/demo/mail/?aan=tom@voorbeeld.example")
    page.goto(page.locator("iframe").get_attribute("src") or "")
    assert "Tom Bos" in page.content()
    assert axe(page) == []


def test_mails_fit_on_a_small_phone(page_at: PageAt, read: Stage) -> None:
    page = page_at(width=320)
    page.goto("/demo/mail/")
    assert sticks_out(page) == ""
    page.goto(page.locator("iframe").first.get_attribute("src") or "")
    assert sticks_out(page) == ""


def test_the_frame_shows_the_mail_and_runs_no_script(page_at: PageAt, read: Stage) -> None:
    page = page_at()
    page.goto("/demo/mail/?aan=marieke@voorbeeld.example")
    page.locator("iframe").scroll_into_view_if_needed()
    page.frame_locator("iframe").get_by_role("heading", name="Je werkplek is geboekt").wait_for()
    assert page.locator("iframe").get_attribute("sandbox") == ""
