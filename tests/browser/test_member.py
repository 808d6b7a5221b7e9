"""A member's whole way: in by a code, the same each week, a copy of all of it, and gone. With and without script."""

import json
from pathlib import Path

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

pytestmark = pytest.mark.browser

ADDRESS = "marieke@voorbeeld.example"


def log_in(page: Page) -> None:
    caches["default"].clear()
    page.goto("/mijn/")
    page.get_by_label("Je e-mailadres").fill(ADDRESS)
    page.get_by_role("button", name="Mail mij een code").click()
    page.get_by_label("De code uit de mail").fill(code_for(ADDRESS))
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/mijn/")


def book_each_week(page: Page) -> None:
    page.get_by_role("link", name="Boek dit elke week").first.click()
    page.get_by_label("Hoe lang?").select_option("3")
    page.get_by_role("button", name="Laat de datums zien").click()
    page.get_by_role("button", name="Boek 3 keer en betaal €\xa022,50 in het dorpshuis").click()
    expect(page.get_by_role("status")).to_contain_text("3 keer geboekt in Het Huis.")
    page.get_by_role("button", name="Bekijk mijn boekingen").click()
    expect(page.get_by_role("link", name="Komt nog (4)")).to_be_visible()


def download(page: Page) -> dict[str, object]:
    page.get_by_role("link", name="Mijn gegevens").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download als bestand (JSON)").click()
    assert waiting.value.suggested_filename == "mijn-gegevens.json"
    found: dict[str, object] = json.loads(Path(waiting.value.path()).read_text())
    return found


def delete(page: Page) -> None:
    page.get_by_role("link", name="Verwijder mijn gegevens").click()
    expect(page.get_by_role("heading", name="Deze boekingen zeggen we af")).to_be_visible()
    page.get_by_role("button", name="Zeg af en verwijder alles").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Je gegevens zijn verwijderd")


@pytest.mark.parametrize(("width", "javascript"), [(390, False), (1280, True)])
def test_from_the_code_to_the_end(page_at: PageAt, stage: Stage, width: int, *, javascript: bool) -> None:
    make_booking(stage.house, stage.afternoon, name="Marieke Jansen", email=ADDRESS)
    page = page_at(width, javascript=javascript)
    log_in(page)
    book_each_week(page)
    assert "Marieke Jansen" in str(download(page)["dorpshuizen"])
    delete(page)
    delivery.sweep()
    page.goto("/mijn/")
    expect(page.get_by_label("Je e-mailadres")).to_be_visible()
    assert not User.objects.filter(email=ADDRESS).exists()
    assert not Reservation.objects.filter(name="Marieke Jansen").exists()
    log_in(page)
    expect(page.get_by_text("Je hebt nu niets geboekt.")).to_be_visible()
