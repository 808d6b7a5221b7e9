"""Rooster in a browser, on a phone: a volunteer moves the evening and sees whom it hits."""

import pytest
from playwright.sync_api import Page

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from tests.browser.conftest import Stage
from tests.factories import make_booking, make_openings, morning
from tests.fixtures_browser import PageAt
from villages.models import Closure

pytestmark = pytest.mark.browser

WEEKDAYS = ("Maandag", "Dinsdag", "Woensdag", "Donderdag", "Vrijdag")


@pytest.mark.parametrize("scripting", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_volunteer_moves_the_evening_and_sees_whom_it_hits(stage: Stage, page_at: PageAt, *, scripting: bool) -> None:
    make_openings(stage.house, (Dagdeel.AVOND,))
    day = morning(8).date
    make_booking(stage.house, Moment(day, Dagdeel.AVOND), name="Anna", email="anna@voorbeeld.example")
    page: Page = page_at(390, javascript=scripting)
    stage.log_in(page, stage.volunteer)
    page.goto("/beheer/het-huis/")
    page.locator(".rooms summary").click()
    page.get_by_role("link", name="Rooster").click()
    this, other = day.weekday(), (day.weekday() + 1) % 5
    page.locator(f'[name="{this}-avond"]').uncheck()
    page.locator(f'[name="{other}-avond-tot"]').fill("21:00")
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    page.get_by_role("heading", name="Er gaat 1 boeking niet door").wait_for()
    assert page.get_by_role("heading", name="Anna").is_visible()
    assert page.get_by_text(f"{WEEKDAYS[this]}, avond: nu 18.30 tot 22.00 uur, straks dicht").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Bewaar en stuur 1 mail").click()
    page.get_by_role("heading", name="Bewaard").wait_for()
    assert (Closure.objects.get().cause, Booking.objects.get(reservation__name="Anna").state) == (
        "schedule",
        "house_cancelled",
    )
