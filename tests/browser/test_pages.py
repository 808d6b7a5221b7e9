"""Every page in a real browser: for everybody, on any screen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.fixtures_browser import PageAt

pytestmark = pytest.mark.browser

ShowEach = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(show_each: ShowEach, axe: Callable[[Page], list[str]], scheme: str) -> None:
    assert show_each(axe, scheme=scheme, bypass_csp=True) == {}


def test_axe_does_find_what_is_wrong(page_at: PageAt, axe: Callable[[Page], list[str]]) -> None:
    page = page_at()
    page.set_content("<html><body><img src='x'><input></body></html>")
    assert {line.split(":")[0] for line in axe(page)} >= {"image-alt", "label", "document-title", "html-has-lang"}


def sticks_out(page: Page) -> str:
    """By how much the page is wider than the screen, and by what; empty when it fits."""
    return str(
        page.evaluate("""() => {
        const root = document.documentElement, over = root.scrollWidth - root.clientWidth;
        if (over <= 0) return "";
        const wide = [...document.body.querySelectorAll("*")]
            .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1).slice(0, 3);
        return over + " px: " + wide.map(e => e.tagName + "." + e.className).join(", ");
    }""")
    )


def test_no_page_scrolls_sideways_at_320_pixels(show_each: ShowEach) -> None:
    assert show_each(sticks_out, width=320) == {}


def test_no_page_scrolls_sideways_with_text_of_twice_the_size(show_each: ShowEach) -> None:
    def look(page: Page) -> str:
        size = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        page.evaluate("size => { document.documentElement.style.fontSize = size + 'px' }", size * 2)
        return sticks_out(page)

    assert show_each(look) == {}


def test_a_page_that_is_too_wide_is_noticed(page_at: PageAt) -> None:
    page = page_at(width=320)
    page.set_content("<table class='lang'><td>" + "x" * 500)
    assert "TABLE.lang" in sticks_out(page)


def test_on_a_phone_the_choice_stands_in_one_column(page_at: PageAt, stage: Any) -> None:
    page = page_at(390)
    page.goto(stage.choice)
    columns = page.locator("aside.ticket .pairs > *").evaluate_all("all => all.map(e => e.getBoundingClientRect().x)")
    assert (len(columns), len(set(columns))) == (5, 1)


def test_the_theme_is_remembered(page_at: PageAt, stage: Any) -> None:
    page = page_at()
    page.goto("/dorpshuizen/")
    page.get_by_role("button", name="Donker").click()
    assert page.url.endswith("/dorpshuizen/")
    page.goto("/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
