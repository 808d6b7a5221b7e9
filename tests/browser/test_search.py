"""From the search to a house with the dagdeel chosen, on a phone, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage, book_button
from tests.fixtures_browser import PageAt

pytestmark = [pytest.mark.long, pytest.mark.browser]


def search(page: Page, stage: Stage, place: str) -> None:
    page.goto("/")
    page.get_by_label("Waar wil je werken?").fill(place)
    page.get_by_label("Welke dag?").fill(stage.morning.date.isoformat())
    page.get_by_label("Ochtend").check()
    page.get_by_role("button", name="Zoek een werkplek").click()
    page.wait_for_url("**/?plaats=**")


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_search_leads_to_the_house_with_that_dagdeel_chosen(page_at: PageAt, stage: Stage, javascript: bool) -> None:
    page = page_at(390, javascript=javascript)
    search(page, stage, "toetsdorp")
    row = page.locator("ol.near .house").first
    expect(row).to_contain_text("in het dorp")
    expect(row).to_contain_text("3 plekken vrij")
    expect(page.locator("#antwoord")).to_be_in_viewport()
    row.get_by_role("link", name="Het Huis").click()
    page.wait_for_url("**/dorpshuizen/het-huis/**")
    expect(book_button(page)).to_have_text("Boek en betaal €\xa07,50 in het dorpshuis")


def test_a_pin_on_the_map_leads_there_too(page_at: PageAt, stage: Stage) -> None:
    page = page_at(390)
    search(page, stage, "Toetsdorp")
    page.get_by_role("link", name=re.compile("1. Het Huis in Toetsdorp: 3 plekken vrij")).click()
    expect(book_button(page)).to_contain_text("7,50")


def test_the_dagdeel_is_chosen_with_the_keyboard(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto("/")
    page.get_by_label("Welke dag?").fill(stage.morning.date.isoformat())
    page.get_by_label("Ochtend").check()
    page.get_by_label("Ochtend").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Middag")).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**dagdeel=middag**")


def test_an_unknown_place_says_so_within_sight_and_its_link_leads_back_to_the_field(
    page_at: PageAt, stage: Stage
) -> None:
    page = page_at(390)
    search(page, stage, "Parijs")
    alert = page.get_by_role("alert")
    expect(alert).to_be_in_viewport()
    alert.get_by_role("link", name="Kijk de plaats na").click()
    expect(page.get_by_label("Waar wil je werken?")).to_be_in_viewport()


def test_an_answer_is_light(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/?plaats=Toetsdorp", wait_until="networkidle")
    assert len(asked) <= 8
