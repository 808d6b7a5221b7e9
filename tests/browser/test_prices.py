"""The treasurer sets a price from the first of next month, on her phone, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from bookings.beheer.prices import first_of_next_month
from portal.base import clock
from tests.browser.conftest import Stage
from tests.factories import make_member
from tests.fixtures_browser import PageAt
from villages.models import Membership, Tariff

pytestmark = [pytest.mark.long, pytest.mark.browser]


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.long)])
def test_the_treasurer_sets_a_price_from_the_first_of_next_month(
    page_at: PageAt, stage: Stage, javascript: bool
) -> None:
    page = page_at(390, javascript=javascript)
    stage.log_in(page, make_member(stage.house, Membership.Role.TREASURER))
    page.goto("/beheer/het-huis/")
    page.locator(".rooms summary").click()
    page.get_by_role("link", name="Prijzen").click()
    page.get_by_role("button", name="Verander : Gewone prijs").click()
    page.get_by_label("Wat kost een dagdeel?").fill("8,50")
    page.get_by_role("button", name="Kijk wat er verandert", exact=True).click()
    expect(page.get_by_text("Boekingen die al gemaakt zijn houden hun prijs.")).to_be_visible()
    page.get_by_role("button", name="Bewaar deze prijs").click()
    expect(page.get_by_role("status")).to_contain_text("De nieuwe prijs staat erin.")
    new = Tariff.objects.get(dorpshuis=stage.house, kind="standaard", valid_until=None)
    assert (new.cents, new.valid_from) == (850, first_of_next_month(clock.today()))
