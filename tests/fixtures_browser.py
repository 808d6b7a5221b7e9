"""A real browser: Debian's chromium through Playwright, against a live server on localhost."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Literal, Protocol
from unittest import mock

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# Milliseconds: what a page does at once takes a busy machine longer. Nobody waits for what is there.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
HEIGHTS = {390: 844, 820: 1180}  # phone, tablet; anything else is a desktop

Scheme = Literal["light", "dark"]
Violations = list[str]


class PageAt(Protocol):
    """Makes a page of the live server, in a browser context of its own; `page.goto("/")` works."""

    def __call__(
        self, width: int = 390, scheme: Scheme = "light", *, javascript: bool = True, bypass_csp: bool = False
    ) -> Page: ...


@pytest.fixture(scope="session")
def live_server(django_db_setup: None) -> Iterator[LiveServer]:
    """pytest-django's live server, with static files by WhiteNoise as in production.

    After the test database: its threads must find that one, on SQLite too.
    """
    handler = "django.contrib.staticfiles.handlers.StaticFilesHandler"
    with mock.patch(handler, lambda application: application):
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run."""
    binary = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if binary is None:
        pytest.fail("Chromium is not there: install the package 'chromium'.", pytrace=False)
    # Playwright's event loop makes Django think that each test is async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=binary, args=FLAGS, timeout=2 * PATIENCE)
        yield running
        running.close()


@pytest.fixture
def page_at(browser: Browser, live_server: LiveServer) -> Iterator[PageAt]:
    """A factory of pages; a script error or a breach of the CSP in any of them fails the test."""
    errors: list[str] = []
    contexts = []

    def make(width: int = 390, scheme: Scheme = "light", *, javascript: bool = True, bypass_csp: bool = False) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme=scheme,
            reduced_motion="reduce",  # nobody looks halfway through a change of colour
            java_script_enabled=javascript,
            bypass_csp=bypass_csp,  # only for axe, which styles the page while it looks
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.extend(_breaches(message)))
        return page

    yield make
    for context in contexts:
        context.close()
    _until_nobody_is_served()
    assert errors == []


def _until_nobody_is_served() -> None:
    """A second tap may still be at work in the live server when its test ends: not while the tables are emptied."""
    deadline = time.monotonic() + PATIENCE / 1000
    while any(thread.name.endswith("(process_request_thread)") for thread in threading.enumerate()):
        if time.monotonic() > deadline:
            return
        time.sleep(0.01)


@pytest.fixture
def axe() -> Callable[[Page], Violations]:
    """`assert axe(page) == []`: what axe finds against WCAG 2.0 to 2.2 A and AA and best practice."""
    return lambda page: _violations(page, WCAG)


@pytest.fixture
def contrast() -> Callable[[Page], Violations]:
    """The same for colours alone, which is all that differs between the light and the dark."""
    return lambda page: _violations(page, {"type": "rule", "values": ["color-contrast"]})


def _violations(page: Page, which: object) -> Violations:
    options: dict[str, Any] = {"runOnly": which, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [_violation(item) for item in found]


def _violation(item: dict[str, Any]) -> str:
    """One line for one rule: its name, what it asks and where it is broken."""
    where = ", ".join(" ".join(map(str, node["target"])) for node in item["nodes"])
    return f"{item['id']}: {item['help']} ({where})"


def _breaches(message: ConsoleMessage) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []
