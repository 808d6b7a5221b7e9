"""The day at the house in a real browser: a thumb on a phone, a tablet at the bar, with and without JavaScript."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from bookings.actions.day import mark_used
from bookings.actions.walk_in import Arrival, walk_in
from bookings.domain.dagdelen import Dagdeel
from bookings.models import Booking
from portal.base import clock
from tests.browser.conftest import Stage
from tests.factories import house_actor, make_booking
from tests.fixtures_browser import PageAt
from villages.models import Opening

pytestmark = pytest.mark.browser

# What the page does by itself each minute.
REFRESH = """() => htmx.ajax("GET", location.pathname + "?ververs=1", {
    source: document.querySelector("[hx-trigger='every 60s']"), swap: "none"
})"""
# The smallest target (look, rule 4).
SMALLEST = 44


@pytest.fixture
def guests(stage: Stage) -> list[Booking]:
    """Two guests of a dagdeel that runs now, whatever time it is: it lasts all day."""
    rows = [make_booking(stage.house, stage.morning, name=name).bookings.get() for name in ("Anna", "Bert")]
    Opening.objects.filter(dorpshuis=stage.house).delete()
    part = Dagdeel.OCHTEND
    begin, end = datetime.min.time(), datetime.max.time()
    for weekday in range(7):
        Opening.objects.create(dorpshuis=stage.house, weekday=weekday, dagdeel=part, begin=begin, end=end)
    Booking.objects.filter(pk__in=[row.pk for row in rows]).update(date=clock.today())
    return list(Booking.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))


def open_day(page: Page, stage: Stage) -> None:
    stage.log_in(page, stage.volunteer)
    page.goto(f"/beheer/{stage.house.slug}/")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [390, pytest.param(820, marks=pytest.mark.long)])
def test_two_taps_say_that_she_is_there_and_paid(
    page_at: PageAt, stage: Stage, guests: list[Booking], width: int, javascript: bool
) -> None:
    page = page_at(width, javascript=javascript)
    open_day(page, stage)
    anna = page.locator(f"#b{guests[0].pk}")
    anna.get_by_role("button", name="Is er").click()
    expect(page.locator(f"#b{guests[0].pk}-is_er")).to_have_attribute("aria-pressed", "true")
    anna.get_by_role("button", name="Betaald: pin").first.click()
    expect(anna).to_contain_text("betaald met pin")
    anna.get_by_role("button", name="Maak ongedaan").click()
    expect(anna).to_contain_text("moet nog")
    guests[0].refresh_from_db()
    assert (guests[0].state, guests[0].paid_how) == ("used", "")


@pytest.mark.parametrize("javascript", [True, False])
def test_one_tap_lets_somebody_walk_in(page_at: PageAt, stage: Stage, guests: list[Booking], javascript: bool) -> None:
    page = page_at(javascript=javascript)
    open_day(page, stage)
    page.get_by_role("button", name="Loopt binnen").first.dblclick(no_wait_after=True)
    expect(page.get_by_role("heading", name="Loopt binnen")).to_have_count(1)
    assert Booking.objects.filter(walk_in=True).count() == 1


def test_after_a_tap_the_keyboard_is_still_at_the_same_button(
    page_at: PageAt, stage: Stage, guests: list[Booking]
) -> None:
    page = page_at(820)
    open_day(page, stage)
    button = page.locator(f"#b{guests[0].pk}-is_er")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()


def test_a_refresh_shows_what_others_did_and_leaves_what_is_open_typed_or_focused(
    page_at: PageAt, stage: Stage, guests: list[Booking]
) -> None:
    page = page_at(820)
    open_day(page, stage)
    anna, bert = (page.locator(f"#b{guest.pk}") for guest in guests)
    for guest in (anna, bert):
        guest.locator("summary").click()
    # Later on the day the afternoon has such a field too.
    name = page.get_by_role("region", name="Ochtend").get_by_label("Naam van wie binnenloopt")
    name.fill("Jan")
    name.focus()
    mark_used(guests[0], house_actor(stage.house))
    walk_in(stage.house.pk, Arrival(guests[0].moment, "sleutel-1", "Carla"), house_actor(stage.house))
    page.evaluate(REFRESH)
    expect(anna).to_contain_text("Is er,")
    expect(page.get_by_role("heading", name="Carla")).to_be_visible()
    assert [guest.locator("details").get_attribute("open") for guest in (anna, bert)] == ["", ""]
    expect(name).to_have_value("Jan")
    expect(name).to_be_focused()


def test_every_target_is_big_enough_for_a_thumb(page_at: PageAt, stage: Stage, guests: list[Booking]) -> None:
    page = page_at()
    open_day(page, stage)
    page.locator("summary").first.click()
    for part in ("main button:visible", "main a:visible", "main summary:visible"):
        for target in page.locator(part).all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= SMALLEST, target.inner_text()


def test_the_list_is_keyed_back_by_keyboard_alone(page_at: PageAt, stage: Stage, guests: list[Booking]) -> None:
    page = page_at(820)
    stage.log_in(page, stage.volunteer)
    page.goto(f"/beheer/{stage.house.slug}/dag/{clock.today()}/invoeren/")
    page.locator(f'[name="r{guests[0].pk}"]:checked').focus()
    for key in ("ArrowRight", "Tab", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"**/beheer/{stage.house.slug}/?opgeslagen=2")
    states = {(guest.state, guest.paid_how) for guest in Booking.objects.filter(pk__in=[g.pk for g in guests])}
    assert states == {("used", "pin"), ("no_show", "")}
