"""The way in, in a browser that has no JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage
from tests.fixtures_browser import PageAt
from tests.mailed import code_for, wrong

pytestmark = pytest.mark.browser


def _ask(page: Page, email: str) -> None:
    page.get_by_label("Je e-mailadres").fill(email)
    page.get_by_role("button", name="Mail mij een code").click()
    page.get_by_role("heading", name="Kijk in je mail").wait_for()


def _type(page: Page, code: str) -> None:
    page.get_by_label("De code uit de mail").fill(code)
    page.get_by_role("button", name="Log in").click()


def test_without_javascript_a_code_leads_to_the_page_she_asked_for(page_at: PageAt, stage: Stage) -> None:
    page = page_at(390, javascript=False)
    page.goto("/beheer/het-huis/")
    _ask(page, stage.volunteer.email)
    code = code_for(stage.volunteer.email)
    _type(page, wrong(code))
    expect(page.get_by_role("alert")).to_contain_text("Je kunt het nog 4 keer proberen.")
    _type(page, code)
    page.wait_for_url("**/beheer/het-huis/")
    expect(page.get_by_text("Vrijwilliger").first).to_be_visible()
