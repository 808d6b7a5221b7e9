"""Feestdagen en vakanties on a phone: a volunteer ticks, sees whom that hits, and closes."""

import pytest
from playwright.sync_api import Page

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.holidays import coming_holidays
from bookings.models import Booking
from tests.browser.conftest import Stage
from tests.factories import make_booking, make_openings
from tests.fixtures_browser import PageAt
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.long, pytest.mark.browser]


@pytest.mark.parametrize("scripting", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_volunteer_closes_for_holidays_and_undoes_it(stage: Stage, page_at: PageAt, *, scripting: bool) -> None:
    feast = next(one for one in coming_holidays() if one.usual)
    Dorpshuis.objects.filter(pk=stage.house.pk).update(window_days=365)
    make_openings(stage.house, (Dagdeel.AVOND,), range(7))
    make_booking(stage.house, Moment(feast.last_day, Dagdeel.AVOND), name="Anna", email="anna@voorbeeld.example")
    page: Page = page_at(390, javascript=scripting)
    stage.log_in(page, stage.volunteer)
    page.goto("/beheer/het-huis/rooster/")
    page.get_by_role("link", name="Feestdagen en vakanties in een keer").click()
    number = page.locator('input[name="kies"]:checked').count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    page.get_by_role("heading", name="Er gaat 1 boeking niet door").wait_for()
    assert page.get_by_role("heading", name="Anna").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name=f"Sluit deze {number} keer en stuur 1 mail").click()
    page.get_by_role("heading", name="Net dicht gezet").wait_for()
    assert Closure.objects.standing().count() == number
    page.get_by_role("button", name="Maak alles ongedaan").click()
    page.get_by_role("button", name="Maak alles ongedaan").wait_for(state="detached")
    assert (Closure.objects.standing().count(), Booking.objects.get(reservation__name="Anna").state) == (0, "booked")
