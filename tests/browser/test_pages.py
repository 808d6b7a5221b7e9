"""Every page in a real browser: for everybody, on any screen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.fixtures_browser import PageAt

pytestmark = pytest.mark.browser

ShowEach = Callable[..., dict[str, Any]]
Look = Callable[[Page], list[str]]
# Pixels: the whole page fits, so that the bar that stays in sight lies over no link.
TALL = 6000


@pytest.mark.parametrize("part", [0, 2, 4, *(pytest.param(part, marks=pytest.mark.long) for part in (1, 3, 5))])
def test_no_page_has_a_fault_that_axe_or_a_ruler_finds(show_each: ShowEach, axe: Look, part: int) -> None:
    """Half of the pages once, in the light, and at 320 pixels. `make test-long` asks for each page in each form."""

    def look(page: Page) -> list[str]:
        return [*axe(page), *filter(None, [_when_narrow(page)])]

    assert show_each(look, part=part, parts=6, bypass_csp=True) == {}


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_page_has_a_fault_in_any_form_that_it_takes_by_itself(
    show_each: ShowEach, axe: Look, contrast: Look, language: str, part: int
) -> None:
    """Each page once, and on it all that can be seen without asking for it again: in the light and in the dark, at
    320 pixels, with text of twice the size.
    """

    def look(page: Page) -> list[str]:
        spoken = page.locator("html").get_attribute("lang")
        faults = [*axe(page), *_in_the_dark(page, contrast), _when_narrow(page), _with_large_text(page)]
        return [*filter(None, faults), *([] if spoken == language else [f"in {spoken}"])]

    assert show_each(look, language=language, part=part, parts=4, bypass_csp=True) == {}


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("nl", 320, "dark"), ("nl", 820, "light"), ("en", 1280, "dark")]
)
def test_axe_finds_nothing_on_any_page(show_each: ShowEach, axe: Look, language: str, width: int, scheme: str) -> None:
    def look(page: Page) -> list[str]:
        page.set_viewport_size({"width": width, "height": TALL})
        return [*axe(page), *filter(None, [sticks_out(page)])]

    assert show_each(look, language=language, width=width, scheme=scheme, bypass_csp=True) == {}


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


def _in_the_dark(page: Page, contrast: Look) -> list[str]:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # else colours fade over while axe looks
    found = contrast(page)
    page.emulate_media(color_scheme="light")
    return [f"dark: {fault}" for fault in found]


def _when_narrow(page: Page) -> str:
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": 320, "height": size["height"]})
    found = sticks_out(page)
    page.set_viewport_size(size)
    return found and f"at 320 pixels: {found}"


def _with_large_text(page: Page) -> str:
    """The next page has its own size again."""
    size = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    page.evaluate("size => { document.documentElement.style.fontSize = size + 'px' }", size * 2)
    found = sticks_out(page)
    return found and f"with large text: {found}"


def test_what_is_wrong_in_the_dark_only_is_noticed(page_at: PageAt, axe: Look, contrast: Look) -> None:
    page = page_at(bypass_csp=True)
    style = "@media (prefers-color-scheme: dark) { p { color: #ccc } }"
    page.set_content(f"<html lang='nl'><title>T</title><style>{style}</style><main><h1>Kop</h1><p>Tekst</p></main>")
    assert axe(page) == []
    assert [fault.split(":")[:2] for fault in _in_the_dark(page, contrast)] == [["dark", " color-contrast"]]


def test_a_page_that_is_too_wide_is_noticed(page_at: PageAt) -> None:
    page = page_at(width=320)
    page.set_content("<table class='lang'><td>" + "x" * 500)
    assert "TABLE.lang" in sticks_out(page)


def test_on_a_phone_the_choice_stands_in_one_column(page_at: PageAt, stage: Any) -> None:
    page = page_at(390)
    page.goto(stage.choice)
    columns = page.locator("aside.ticket .pairs > *").evaluate_all("all => all.map(e => e.getBoundingClientRect().x)")
    assert (len(columns), len(set(columns))) == (5, 1)


def test_english_is_remembered_and_dutch_comes_back(page_at: PageAt) -> None:
    page = page_at(javascript=False)
    page.goto("/dorpshuizen/?bron=poster")
    page.get_by_role("button", name="English").click()
    page.locator("html[lang=en]").wait_for()
    assert page.url.endswith("/dorpshuizen/?bron=poster")
    page.goto("/")
    page.get_by_role("heading", name="The lights are on.").wait_for()
    page.get_by_role("button", name="Nederlands").click()
    page.get_by_role("heading", name="Het licht brandt.").wait_for()


def test_the_theme_is_remembered(page_at: PageAt, stage: Any) -> None:
    page = page_at()
    page.goto("/dorpshuizen/")
    page.get_by_role("button", name="Donker").click()
    page.locator("html[data-theme=dark]").wait_for()
    assert page.url.endswith("/dorpshuizen/")
    page.goto("/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
