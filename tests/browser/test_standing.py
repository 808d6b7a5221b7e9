"""A standing place in a real browser: the wijkagent gives a Tuesday back, and a guest books it."""

import pytest
from playwright.sync_api import expect

from bookings.domain.dagdelen import Week
from bookings.models import Booking
from portal.base import clock
from portal.base.accounts.members import verify
from tests.browser.conftest import Stage, book_button, cell
from tests.factories import make_standing, make_user
from tests.fixtures_browser import PageAt
from villages.models import Desk

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.long)])
def test_the_wijkagent_gives_a_tuesday_back_and_a_guest_books_it(
    page_at: PageAt, stage: Stage, javascript: bool
) -> None:
    Desk.objects.exclude(pk=Desk.objects.order_by("pk").values("pk")[:1]).update(valid_until=clock.today())
    place = make_standing(stage.house, skip_holidays=False)
    tuesday = list(place.bookings.in_order())[1]
    sanne = make_user("sanne@voorbeeld.example", name="Sanne Kuipers")
    verify(sanne)

    hers = page_at(390, javascript=javascript)
    stage.log_in(hers, sanne)
    hers.goto("/mijn/")
    row = hers.locator(f'[data-date="{tuesday.date}"]')
    row.get_by_role("button", name="Ik kom niet: geef vrij").click()
    expect(hers.get_by_role("status")).to_contain_text("is vrij voor een ander")
    expect(row).to_contain_text("Vrijgegeven")

    guest = page_at(390, javascript=javascript)
    guest.goto(f"/dorpshuizen/het-huis/?week={Week.of(tuesday.date)}&dagdeel={tuesday.moment}")
    expect(cell(guest, tuesday.moment)).to_have_attribute("data-vrij", "1")
    guest.get_by_label("Je naam").fill("Marieke Jansen")
    guest.get_by_label("Je e-mailadres").first.fill("marieke@voorbeeld.example")
    book_button(guest).click()
    guest.wait_for_url("**/boeking/**")
    taken = Booking.objects.occupying().get(date=tuesday.date, dagdeel="middag")
    assert (taken.reservation.name, taken.desk) == ("Marieke Jansen", tuesday.desk)


def test_a_volunteer_agrees_on_a_standing_place(page_at: PageAt, stage: Stage) -> None:
    page = page_at(390)
    stage.log_in(page, stage.volunteer)
    page.goto("/beheer/het-huis/")
    page.locator(".rooms summary").click()
    page.get_by_role("link", name="Vaste plekken").click()
    page.get_by_role("button", name="Nieuwe vaste plek").click()
    page.get_by_label("Organisatie").fill("Politie")
    page.get_by_label("Wie komt er werken?").fill("Sanne Kuipers")
    page.get_by_label("E-mail").fill("sanne@voorbeeld.example")
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    page.get_by_role("button", name="Spreek deze vaste plek af").click()
    expect(page.get_by_role("heading", name="Politie · Sanne Kuipers")).to_be_visible()
