"""A caller without e-mail is booked in half a minute; the house closes; she is on the call list, and is called."""

from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from bookings.models import CallEntry, Reservation
from portal.base import clock
from tests.browser.conftest import Hand, Stage, cell
from tests.factories import make_closed
from tests.fixtures_browser import PageAt

pytestmark = [pytest.mark.long, pytest.mark.browser]

SMALL = """() => [...document.querySelectorAll("main a, main button, main input:not([type=hidden]), main summary")]
    .filter(e => !e.closest(".cell, fieldset, p:not(.row), .vh") && e.checkVisibility() && !e.classList.contains("vh"))
    .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 120))"""


def booking_page(page_at: PageAt, stage: Stage, width: int = 390, *, javascript: bool = True) -> Page:
    page = page_at(width, javascript=javascript)
    stage.log_in(page, stage.volunteer)
    page.goto("/beheer/het-huis/boek/")
    return page


def type_who(hand: Hand) -> None:
    hand.page.locator("#naam").fill("Mevrouw De Vries")
    hand.page.locator("#telefoon").fill("0521 121 314")
    hand.fields += 2


def tap_book(hand: Hand) -> None:
    hand.tap(hand.page.locator(".bar button:not([name])"))
    hand.page.wait_for_url("**/boek/*/")


@pytest.mark.parametrize(
    ("width", "javascript"),
    [
        (390, True),
        *(pytest.param(width, javascript, marks=pytest.mark.long) for width, javascript in ((390, False), (820, True))),
    ],
)
def test_a_caller_is_booked_in_three_taps_and_called_when_the_house_closes(
    page_at: PageAt, stage: Stage, width: int, javascript: bool
) -> None:
    hand = Hand(booking_page(page_at, stage, width, javascript=javascript))
    type_who(hand)
    hand.tap(cell(hand.page, stage.afternoon))
    if not javascript:
        hand.tap(hand.page.locator(".bar").get_by_role("button", name="Verder"))
    expect(hand.page.locator(".bar button:not([name])")).to_have_text("Boek voor €\xa07,50")
    tap_book(hand)
    assert (hand.taps <= 3, hand.fields) == (True, 2)
    reservation = Reservation.objects.get(name="Mevrouw De Vries")
    expect(hand.page.locator(".say")).to_contain_text(reservation.spoken_code)
    make_closed(stage.house, stage.afternoon.date)
    CallEntry.objects.update(visible_from=clock.now() - timedelta(minutes=1))
    hand.page.goto("/beheer/het-huis/bellijst/")
    expect(hand.page.locator(f"article:has-text('{reservation.name}')")).to_contain_text("De reden: dorpsfeest.")
    hand.page.locator("button[value=gebeld]", has_text="Mevrouw De Vries").click()
    expect(hand.page.get_by_role("button", name="Zet terug")).to_be_visible()
    assert CallEntry.objects.get(reservation=reservation).done_at is not None


def test_a_known_guest_is_suggested_while_typing_and_fills_the_form(page_at: PageAt, stage: Stage) -> None:
    page = booking_page(page_at, stage)
    cell(page, stage.afternoon).click()
    expect(page.locator(".bar")).to_contain_text("Boek voor")
    page.locator("#naam").press_sequentially("veen", delay=20)
    page.locator("#bekend").get_by_role("button", name="Hendrika van der Veen-Kloosterman").click()
    expect(page.locator("#telefoon")).to_have_value("06 12345678")
    expect(page.locator("#bekend")).to_contain_text("Staat al geboekt.")
    expect(cell(page, stage.afternoon).locator("input")).to_be_checked()


def test_the_sum_follows_the_choice_and_the_price(page_at: PageAt, stage: Stage) -> None:
    page = booking_page(page_at, stage)
    cell(page, stage.morning).click()
    cell(page, stage.afternoon).click()
    expect(page.locator(".bar")).to_contain_text("Boek voor €\xa015,00")
    page.get_by_label("Woont in het dorp").check()
    expect(page.locator(".bar")).to_contain_text("Boek voor €\xa010,00")


def test_the_enter_key_in_a_field_books_nothing(page_at: PageAt, stage: Stage) -> None:
    page = booking_page(page_at, stage)
    cell(page, stage.afternoon).click()
    expect(page.locator(".bar")).to_contain_text("Boek voor")
    page.locator("#naam").fill("Mevrouw De Vries")
    page.locator("#naam").press("Enter")
    expect(page.locator(".bar")).to_contain_text("Boek voor")
    assert not Reservation.objects.filter(name="Mevrouw De Vries").exists()


@pytest.mark.parametrize("address", ["boek/", "boek/?zoek=veen", "boek/{0}/", "boek/{0}/briefje/", "bellijst/"])
def test_every_target_is_large_enough_for_a_thumb(page_at: PageAt, stage: Stage, address: str) -> None:
    page = booking_page(page_at, stage)
    reservation = Reservation.objects.get()
    with time_machine.travel(clock.now() - timedelta(hours=1)):
        make_closed(stage.house, stage.morning.date)
    CallEntry.objects.create(dorpshuis=stage.house, reservation=reservation, kind="undelivered", key="undelivered:1")
    page.goto(f"/beheer/het-huis/{address.format(reservation.pk)}")
    assert page.evaluate(SMALL) == []
