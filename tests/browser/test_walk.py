"""The whole way of a guest, from search to cancelled booking: on a phone and a desktop, with and without script."""

import re
from datetime import datetime
from typing import Any

import pytest
import vobject
from playwright.sync_api import Page, expect
from pytest_django import Settings

from bookings.agenda import FILE_NAME
from bookings.domain.dagdelen import Moment
from bookings.models import Booking, Reservation
from portal.base import clock
from portal.base.outbox import delivery
from tests.browser.conftest import Stage, book_button, cell
from tests.fixtures_browser import PageAt

pytestmark = pytest.mark.browser

ADDRESS = "marieke@voorbeeld.example"
PRIVATE_LINK = re.compile(r"/boeking/[a-z0-9]+/$")


def search(page: Page, stage: Stage) -> None:
    """The village, the day and the dagdeel; then the first house of the answer."""
    page.goto("/?bron=poster")
    page.get_by_label("Waar wil je werken?").fill("toetsdorp")
    page.get_by_label("Welke dag?").fill(stage.morning.date.isoformat())
    page.get_by_label("Ochtend").check()
    page.get_by_role("button", name="Zoek een werkplek").click()
    page.locator("ol.near .house").first.get_by_role("link", name="Het Huis").click()


def book(page: Page) -> None:
    page.get_by_label("Je naam").fill("Marieke Jansen")
    page.get_by_label("Je e-mailadres").fill(ADDRESS)
    expect(book_button(page)).to_have_text("Boek en betaal €\xa07,50 in het dorpshuis")
    book_button(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Je werkplek is geboekt")


def read_mail(page: Page, subject: str) -> None:
    """The newest of her mails has this subject; its link leads on to the private page."""
    delivery.sweep()
    page.goto(f"/demo/mail/?aan={ADDRESS}")
    newest = page.locator("article.mail").first
    expect(newest.get_by_role("heading")).to_contain_text(subject)
    link = newest.locator("pre a", has_text=PRIVATE_LINK).first
    assert link.get_attribute("href") == link.inner_text()
    link.click()
    page.wait_for_url(PRIVATE_LINK)


def change(page: Page, to: Moment) -> None:
    page.get_by_role("button", name="Wijzig deze boeking").click()
    cell(page, to).click()
    page.get_by_role("button", name="Wijzig en betaal €\xa07,50 in het dorpshuis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Je boeking is gewijzigd")


def cancel(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Annuleer")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Je boeking is geannuleerd")


def agenda_of_page(page: Page) -> Any:
    """The one event in the file behind "Zet in je agenda"."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Zet in je agenda").click()
    assert download.value.suggested_filename == FILE_NAME
    return _event(download.value.path().read_text())


def agenda_after_cancelling(page: Page) -> Any:
    """The one event in the same file once the page has no link to it any more: her agenda may still ask for it."""
    return _event(page.context.request.get(f"{page.url}agenda.ics").text())


def _event(text: str) -> Any:
    assert text.count("BEGIN:VEVENT") == 1
    return vobject.readOne(text).vevent


def begin_of(event: Any) -> datetime:
    return event.dtstart.value.astimezone(clock.AMSTERDAM).replace(tzinfo=None)  # type: ignore[no-any-return]


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.long)])
def test_a_guest_goes_the_whole_way(
    page_at: PageAt, stage: Stage, settings: Settings, width: int, javascript: bool
) -> None:
    settings.DEMO, settings.ROOT_URLCONF, settings.PUBLIC_URL = True, "tests.demo.urls", stage.url
    page = page_at(width, javascript=javascript)

    search(page, stage)
    book(page)
    read_mail(page, "Je werkplek is geboekt")
    booked = agenda_of_page(page)
    change(page, stage.afternoon)
    read_mail(page, "Je boeking is gewijzigd")
    changed = agenda_of_page(page)
    cancel(page)
    read_mail(page, "geannuleerd")
    gone = agenda_after_cancelling(page)

    assert (begin_of(booked).hour, begin_of(changed).hour) == (8, 13)
    assert booked.uid.value == changed.uid.value == gone.uid.value
    assert int(booked.sequence.value) < int(changed.sequence.value) < int(gone.sequence.value)
    assert (changed.status.value, gone.status.value) == ("CONFIRMED", "CANCELLED")
    reservation = Reservation.objects.get(name="Marieke Jansen")
    assert reservation.source == "poster"
    assert set(reservation.bookings.values_list("state", flat=True)) == {Booking.State.CANCELLED}
