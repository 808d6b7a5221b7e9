"""A booking changed on a phone: few taps, with and without JavaScript, and clear at first sight."""

import pytest
from playwright.sync_api import Page, expect

from bookings.models import Booking, Reservation
from tests.browser.conftest import Hand, Stage, cell
from tests.factories import make_booking
from tests.fixtures_browser import PageAt

pytestmark = [pytest.mark.long, pytest.mark.browser]


def confirm(page: Page) -> None:
    expect(page.get_by_role("heading", name="Klopt het zo?")).to_be_visible()


def standing(reservation: Reservation) -> list[str]:
    rows = Booking.objects.filter(reservation=reservation, state=Booking.State.BOOKED)
    return [str(row.moment) for row in rows.in_order()]


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_dagdeel_is_changed_in_three_taps(page_at: PageAt, stage: Stage, javascript: bool) -> None:
    reservation = make_booking(stage.house, stage.morning)
    hand = Hand(page_at(390, javascript=javascript))
    hand.page.goto(f"/boeking/{reservation.reference}/")
    hand.tap(hand.page.get_by_role("button", name="Wijzig deze boeking"))
    hand.tap(cell(hand.page, stage.afternoon))
    confirm(hand.page)
    hand.tap(hand.page.get_by_role("button", name="Wijzig en betaal €\xa07,50 in het dorpshuis"))
    hand.page.wait_for_url(f"**/boeking/{reservation.reference}/")
    expect(hand.page.get_by_text("Gewijzigd. Dit was")).to_be_visible()
    assert (standing(reservation), hand.taps) == ([str(stage.afternoon)], 3)


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.long)])
def test_another_desk_can_be_picked(page_at: PageAt, stage: Stage, javascript: bool) -> None:
    reservation = make_booking(stage.house, stage.morning)
    page = page_at(390, javascript=javascript)
    page.goto(f"/boeking/{reservation.reference}/wijzig/?van={stage.morning}&naar={stage.afternoon}")
    page.get_by_label("Welk bureau?").select_option(label="Bureau 3")
    page.get_by_role("button", name="Wijzig en betaal").click()
    page.wait_for_url(f"**/boeking/{reservation.reference}/")
    assert Booking.objects.get(reservation=reservation, desk_chosen=True).desk.name == "Bureau 3"


def test_the_first_screen_says_what_she_has_and_what_to_do(page_at: PageAt, stage: Stage) -> None:
    reservation = make_booking(stage.house, stage.morning)
    page = page_at(390)
    page.goto(f"/boeking/{reservation.reference}/wijzig/")
    for words in ("Nu:", "Kies hieronder een ander dagdeel"):
        expect(page.get_by_text(words)).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Kies een nieuw dagdeel")).to_be_in_viewport()
    assert page.locator("a.cell").first.evaluate("cell => cell.getBoundingClientRect().height") >= 44


def test_the_button_stands_on_the_first_screen_of_the_choice(page_at: PageAt, stage: Stage) -> None:
    reservation = make_booking(stage.house, stage.morning)
    page = page_at(390)
    page.goto(f"/boeking/{reservation.reference}/wijzig/?van={stage.morning}&naar={stage.afternoon}")
    expect(page.get_by_role("button", name="Wijzig en betaal")).to_be_in_viewport(ratio=1)


def test_two_quick_taps_are_one_change(page_at: PageAt, stage: Stage) -> None:
    reservation = make_booking(stage.house, stage.morning)
    page = page_at(390)
    page.goto(f"/boeking/{reservation.reference}/wijzig/?van={stage.morning}&naar={stage.afternoon}")
    page.get_by_role("button", name="Wijzig en betaal").dblclick(no_wait_after=True)
    expect(page.get_by_text("Gewijzigd. Dit was")).to_be_visible()
    assert Booking.objects.filter(reservation=reservation).count() == 2
