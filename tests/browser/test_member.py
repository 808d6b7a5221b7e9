"""A member's whole way: in by a code, the same each week, a copy of all of it, and gone. With and without script."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from playwright.sync_api import Page, expect

from bookings.models import Reservation
from portal.base.accounts.models import User
from portal.base.outbox import delivery
from tests.browser.conftest import Stage
from tests.factories import make_booking
from tests.fixtures_browser import PageAt
from tests.mailed import code_for

pytestmark = [pytest.mark.long, pytest.mark.browser]

ADDRESS = "marieke@voorbeeld.example"
# What she reads on the buttons of her own pages.
WORDS = {
    "nl": {
        "each week": "Boek dit elke week",
        "how long": "Hoe lang?",
        "dates": "Laat de datums zien",
        "book": "Boek 3 keer en betaal €\xa022,50 in het dorpshuis",
        "booked": "3 keer geboekt in Het Huis.",
        "bookings": "Bekijk mijn boekingen",
        "coming": "Komt nog (4)",
        "data": "Mijn gegevens",
        "file": "Download als bestand (JSON)",
        "delete": "Verwijder mijn gegevens",
        "cancelled": "Deze boekingen zeggen we af",
        "all": "Zeg af en verwijder alles",
        "gone": "Je gegevens zijn verwijderd",
    },
    "en": {
        "each week": "Book this every week",
        "how long": "For how long?",
        "dates": "Show the dates",
        "book": "Book 3 times and pay €22.50 at the village house",
        "booked": "3 dates booked at Het Huis.",
        "bookings": "See my bookings",
        "coming": "Coming (4)",
        "data": "My data",
        "file": "Download as a file (JSON)",
        "delete": "Delete my data",
        "cancelled": "We will cancel these bookings",
        "all": "Cancel and delete everything",
        "gone": "Your details have been deleted",
    },
}
LONG = pytest.mark.long
WAYS = [("nl", 390, False), pytest.param("nl", 1280, True, marks=LONG), pytest.param("en", 390, False, marks=LONG)]


def log_in(page: Page) -> None:
    """By the code; the names of the fields are the same in both languages."""
    caches["default"].clear()
    page.goto("/mijn/")
    page.locator("main input[name=email]").fill(ADDRESS)
    page.locator("main button[type=submit]").first.click()
    page.locator("input[name=code]").wait_for()  # only then there is one
    page.locator("input[name=code]").fill(code_for(ADDRESS))
    page.locator("main form:has(input[name=code]) button[type=submit]").first.click()
    page.wait_for_url("**/mijn/")


def book_each_week(page: Page, words: dict[str, str]) -> None:
    page.get_by_role("link", name=words["each week"]).first.click()
    page.get_by_label(words["how long"]).select_option("3")
    page.get_by_role("button", name=words["dates"]).click()
    page.get_by_role("button", name=words["book"]).click()
    expect(page.get_by_role("status")).to_contain_text(words["booked"])
    page.get_by_role("button", name=words["bookings"]).click()
    expect(page.get_by_role("link", name=words["coming"])).to_be_visible()


def download(page: Page, words: dict[str, str]) -> dict[str, Any]:
    page.get_by_role("link", name=words["data"], exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=words["file"]).click()
    assert waiting.value.suggested_filename == "mijn-gegevens.json"
    found: dict[str, Any] = json.loads(Path(waiting.value.path()).read_text())
    return found


def delete(page: Page, words: dict[str, str]) -> None:
    page.get_by_role("link", name=words["delete"]).click()
    expect(page.get_by_role("heading", name=words["cancelled"])).to_be_visible()
    page.get_by_role("button", name=words["all"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["gone"])


@pytest.mark.parametrize(("language", "width", "javascript"), WAYS)
def test_from_the_code_to_the_end(
    page_at: PageAt, stage: Stage, language: str, width: int, *, javascript: bool
) -> None:
    make_booking(stage.house, stage.afternoon, name="Marieke Jansen", email=ADDRESS)
    page, words = page_at(width, javascript=javascript), WORDS[language]
    page.context.add_cookies([{"name": "taal", "value": language, "url": stage.url}])
    log_in(page)
    book_each_week(page, words)
    assert "Marieke Jansen" in str(download(page, words)["dorpshuizen"])
    delete(page, words)
    delivery.sweep()
    page.goto("/mijn/")
    expect(page).to_have_url(re.compile("/inloggen/"))
    assert not User.objects.filter(email=ADDRESS).exists()
    assert not Reservation.objects.filter(name="Marieke Jansen").exists()
    log_in(page)
    expect(page.locator(".empty")).to_be_visible()
