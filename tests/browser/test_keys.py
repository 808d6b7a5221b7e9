"""Logging in with the device, with an app for codes, and out elsewhere, in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import caches
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage
from tests.fixtures_browser import PageAt
from tests.mailed import code_for
from tests.test_keys import app_code

pytestmark = [pytest.mark.long, pytest.mark.browser]

EMAIL = "marieke@voorbeeld.example"


@pytest.fixture(autouse=True)
def nobody_tried_yet() -> Iterator[None]:
    caches["default"].clear()
    yield
    caches["default"].clear()


@dataclass(frozen=True)
class Say:
    language: str

    def __call__(self, text: str, context: str = "") -> str:
        return pgettext(context, text) if context else gettext(text)

    def choose(self, page: Page, stage: Stage) -> None:
        """Let this browser have chosen the language."""
        page.context.add_cookies([{"name": "taal", "value": self.language, "url": stage.url}])


@pytest.fixture(params=["nl", "en"])
def say(request: pytest.FixtureRequest) -> Iterator[Say]:
    """Gives a text in the language of this run."""
    language = str(request.param)
    with translation.override(language):
        yield Say(language)


def _log_in(page: Page, then: str = "**/mijn/") -> None:
    """In the language that is active here, which is Dutch but for the tests that `say` it. `then`: where she comes."""
    page.goto("/inloggen/")
    page.get_by_label(gettext("Je e-mailadres")).fill(EMAIL)
    page.get_by_role("button", name=gettext("Mail mij een code")).click()
    code = page.get_by_label(gettext("De code uit de mail"))
    code.wait_for()  # only then there is one
    code.fill(code_for(EMAIL))
    page.get_by_role("button", name=pgettext("knop", "Log in")).click()
    page.wait_for_url(then)


def _device(page: Page) -> None:
    """A device that knows its owner by her finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _make_key(page: Page) -> None:
    page.goto("/mijn/inloggen/apparaat/")
    page.get_by_label(gettext("Hoe noem je dit apparaat?")).fill("Mijn telefoon")
    page.get_by_role("button", name=gettext("Maak de sleutel")).click()


def test_a_device_that_was_added_logs_her_in(page_at: PageAt, stage: Stage, say: Say) -> None:
    page = page_at(390)
    say.choose(page, stage)
    _device(page)
    _log_in(page)
    _make_key(page)
    expect(page.get_by_role("status")).to_have_text(say("Je kunt nu ook inloggen met dit apparaat."))
    expect(page.get_by_text(say("Nog niet gebruikt."))).to_be_visible()
    page.context.clear_cookies(name="sessionid")
    page.goto("/inloggen/?next=/mijn/inloggen/")
    page.get_by_role("button", name=say("Log in met je apparaat")).click()
    page.wait_for_url("**/mijn/inloggen/")
    expect(page.get_by_text(say("Nog niet gebruikt."))).to_have_count(0)


def test_a_device_is_added_once_and_removed_is_no_way_in(page_at: PageAt, stage: Stage) -> None:
    page = page_at(1280)
    _device(page)
    _log_in(page)
    _make_key(page)
    page.get_by_role("status").wait_for()
    _make_key(page)
    expect(page.get_by_role("alert")).to_have_text("Dit apparaat heeft al een sleutel.")
    page.goto("/mijn/inloggen/")
    page.get_by_role("button", name="Wijzig Mijn telefoon").click()
    page.get_by_label("Hoe noem je dit apparaat?").fill("Tablet")
    page.get_by_role("button", name="Bewaar de naam").click()
    page.get_by_role("button", name="Wijzig Tablet").click()
    page.get_by_role("button", name="Haal deze sleutel weg").click()
    expect(page.get_by_role("status")).to_have_text("Met dat apparaat kun je niet meer inloggen.")
    page.context.clear_cookies()
    page.goto("/inloggen/")
    page.get_by_role("button", name="Log in met je apparaat").click()
    expect(page.get_by_role("alert")).to_contain_text("Met dit apparaat lukt het niet.")


def test_a_device_that_has_no_key_says_so(page_at: PageAt, stage: Stage) -> None:
    page = page_at(390)
    _device(page)
    page.goto("/inloggen/")
    page.get_by_role("button", name="Log in met je apparaat").click()
    expect(page.get_by_role("alert")).to_contain_text("Dat is niet gelukt.")


def test_without_javascript_an_app_is_the_second_step(page_at: PageAt, stage: Stage, say: Say) -> None:
    page = page_at(390, javascript=False)
    say.choose(page, stage)
    _log_in(page)
    page.goto("/mijn/inloggen/code-app/")
    page.get_by_role("button", name=say("Begin")).click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label(say("De code van je app")).fill(app_code(secret))
    page.get_by_role("button", name=say("Zet de code-app aan")).click()
    page.locator(".paper-list").wait_for()
    paper = page.locator(".secret").first.inner_text()
    page.context.clear_cookies(name="sessionid")
    _log_in(page, "**/inloggen/**")
    page.get_by_label(say("De code van je app")).fill(paper)
    page.get_by_role("button", name=say("Ga verder")).click()
    page.wait_for_url("**/mijn/")


def test_without_javascript_there_is_no_button_for_the_device(page_at: PageAt, stage: Stage) -> None:
    page = page_at(390, javascript=False)
    page.goto("/inloggen/")
    expect(page.get_by_role("button", name="Log in met je apparaat")).to_be_hidden()
    _log_in(page)
    page.goto("/mijn/inloggen/apparaat/")
    expect(page.get_by_text("of JavaScript staat uit")).to_be_visible()


def test_without_javascript_she_ends_what_is_open_elsewhere(page_at: PageAt, stage: Stage) -> None:
    page, other = page_at(390, javascript=False), page_at(390, javascript=False)
    _log_in(other)
    _log_in(page)
    page.goto("/mijn/inloggen/")
    page.get_by_role("button", name="Log uit op alle andere apparaten").click()
    expect(page.get_by_role("status")).to_have_text("Je bent op alle andere apparaten uitgelogd.")
    other.goto("/mijn/")
    expect(other.get_by_role("heading", name="Inloggen")).to_be_visible()
