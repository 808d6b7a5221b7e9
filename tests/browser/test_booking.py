"""A desk booked, in a real browser: few taps, with and without JavaScript, by keyboard too."""

from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from bookings.models import Booking, Reservation
from tests.browser.conftest import Hand, Stage, book_button, cell
from tests.factories import make_photo
from tests.fixtures_browser import PageAt

pytestmark = pytest.mark.browser


def choose(page: Page, stage: Stage) -> None:
    """Both dagdelen, and the form that follows."""
    cell(page, stage.morning).click()
    cell(page, stage.afternoon).click()
    expect(book_button(page)).to_contain_text("15,00")


def type_who(page: Page) -> None:
    page.get_by_label("Je naam").fill("Marieke Jansen")
    page.get_by_label("Je e-mailadres").fill("marieke@voorbeeld.example")


def book(page: Page) -> str:
    """Tap the button; gives the address of the booking."""
    book_button(page).click()
    page.wait_for_url("**/boeking/**")
    return page.url


@pytest.mark.parametrize("javascript", [True, False])
def test_two_dagdelen_are_booked_in_four_taps_and_two_fields(page_at: PageAt, stage: Stage, javascript: bool) -> None:
    hand = Hand(page_at(javascript=javascript))
    hand.page.goto(stage.week)
    hand.tap(cell(hand.page, stage.morning))
    hand.tap(cell(hand.page, stage.afternoon))
    if not javascript:
        hand.tap(hand.page.get_by_role("button", name="Verder"))
    expect(book_button(hand.page)).to_have_text("Boek en betaal €\xa015,00 in het dorpshuis")
    hand.type("Je naam", "Marieke Jansen")
    hand.type("Je e-mailadres", "marieke@voorbeeld.example")
    hand.tap(book_button(hand.page))
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("Je werkplek is geboekt")
    booked = Booking.objects.filter(reservation__name="Marieke Jansen").in_order()
    assert [row.moment for row in booked] == [stage.morning, stage.afternoon]
    assert (hand.taps <= 4, hand.fields) == (True, 2)


def test_from_what_is_free_next_it_takes_two_taps(page_at: PageAt, stage: Stage) -> None:
    hand = Hand(page_at())
    hand.page.goto(f"/dorpshuizen/{stage.house.slug}/")
    hand.tap(hand.page.locator(".next-free a").first)
    hand.type("Je naam", "Marieke Jansen")
    hand.type("Je e-mailadres", "marieke@voorbeeld.example")
    hand.tap(book_button(hand.page))
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("Je werkplek is geboekt")
    assert (hand.taps, hand.fields) == (2, 2)


def test_what_was_typed_survives_another_choice(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto(stage.week)
    cell(page, stage.morning).click()
    type_who(page)
    cell(page, stage.afternoon).click()
    expect(book_button(page)).to_contain_text("15,00")
    cell(page, stage.afternoon).click()
    expect(book_button(page)).to_contain_text("7,50")
    typed = [page.get_by_label(label).input_value() for label in ("Je naam", "Je e-mailadres")]
    assert typed == ["Marieke Jansen", "marieke@voorbeeld.example"]


def test_what_was_typed_survives_choosing_nothing_for_a_moment(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto(stage.week)
    cell(page, stage.morning).click()
    type_who(page)
    cell(page, stage.morning).click()
    expect(page.locator("#boeking")).to_have_count(0)
    cell(page, stage.afternoon).click()
    expect(book_button(page)).to_contain_text("7,50")
    assert page.get_by_label("Je naam").input_value() == "Marieke Jansen"


def test_the_sum_on_the_button_follows_the_tariff(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto(stage.week)
    choose(page, stage)
    page.get_by_label("Ik woon in het dorp").check()
    expect(book_button(page)).to_have_text("Boek en betaal €\xa010,00 in het dorpshuis")
    type_who(page)
    book(page)
    assert set(Booking.objects.filter(tariff="dorpsgenoot").values_list("price_cents", flat=True)) == {500}


def test_a_chosen_desk_is_the_desk_that_is_booked(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto(stage.week)
    choose(page, stage)
    page.get_by_label("Welk bureau?").select_option(label="Bureau 3")
    expect(page.locator('#boeking input[name="bureau"]')).to_have_count(1)
    type_who(page)
    book(page)
    assert {row.desk.name for row in Booking.objects.filter(desk_chosen=True)} == {"Bureau 3"}


def test_the_address_follows_the_choice_so_that_a_reload_keeps_it(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto(stage.week)
    choose(page, stage)
    page.reload()
    expect(book_button(page)).to_contain_text("15,00")


def test_a_choice_goes_along_to_the_next_week_and_back(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto(stage.week)
    choose(page, stage)
    page.get_by_role("link", name="Volgende week").click()
    expect(cell(page, stage.morning)).to_have_count(0)
    expect(book_button(page)).to_contain_text("15,00")
    page.get_by_role("link", name="Vorige week").click()
    expect(cell(page, stage.morning).locator("input")).to_be_checked()


def test_two_quick_taps_are_one_booking(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto(stage.choice)
    type_who(page)
    book_button(page).dblclick(no_wait_after=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Je werkplek is geboekt")
    assert Reservation.objects.filter(name="Marieke Jansen").count() == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_back_after_booking_shows_the_week_and_the_same_form_is_the_same_booking(
    page_at: PageAt, stage: Stage, javascript: bool
) -> None:
    page = page_at(javascript=javascript)
    page.goto(stage.choice)
    type_who(page)
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    first = book(page)
    page.go_back()
    expect(cell(page, stage.morning)).to_be_visible()
    again = page.context.request.post(
        sent[0].url, data=sent[0].post_data, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert (again.url, Reservation.objects.filter(name="Marieke Jansen").count()) == (first, 1)


def test_back_within_the_page_after_a_choice_keeps_the_page_whole(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto(stage.week)
    choose(page, stage)
    page.evaluate("location.hash = 'inhoud'")
    page.go_back()
    expect(book_button(page)).to_contain_text("15,00")
    expect(page.get_by_role("heading", level=1)).to_have_text("Het Huis")
    expect(page.locator("footer")).to_be_visible()


def test_after_a_mistake_the_page_opens_at_what_is_wrong(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto(stage.choice)
    type_who(page)
    page.get_by_label("Je naam").fill("<Marieke>")
    book_button(page).click()
    page.wait_for_url("**/boek/")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.get_by_label("Je naam").input_value() == "<Marieke>"


# --- by keyboard ------------------------------------------------------------------------------------------

UNDER_BAR = """() => {
    const at = document.activeElement, bar = document.querySelector("#boeking .bar");
    if (!bar || at === document.body || bar.contains(at)) return "";
    const ring = (at.closest(".cell") || at).getBoundingClientRect(), top = bar.getBoundingClientRect().top;
    return ring.bottom + 2 > top && ring.top < bar.getBoundingClientRect().bottom ? at.outerHTML : "";
}"""
RING = """() => {
    const at = document.activeElement.closest(".cell") || document.activeElement;
    return getComputedStyle(at).outlineStyle;
}"""


def test_a_dagdeel_is_chosen_with_the_space_bar(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto(stage.week)
    target = cell(page, stage.morning).locator("input")
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Space")
    expect(book_button(page)).to_contain_text("7,50")
    expect(target).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280])
def test_every_stop_of_the_tab_key_is_seen_and_never_under_the_bar(page_at: PageAt, stage: Stage, width: int) -> None:
    page = page_at(width)
    page.goto(stage.choice)
    expect(book_button(page)).to_be_visible()
    hidden, ringless, stops = [], [], set()
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.add(page.evaluate("document.activeElement.outerHTML"))
        hidden += [page.evaluate(UNDER_BAR)]
        ringless += [page.evaluate("document.activeElement.outerHTML")] if page.evaluate(RING) == "none" else []
    assert [found for found in hidden if found] == []
    assert [found for found in ringless if not found.startswith("<body")] == []
    assert len(stops) > 15


# --- what it weighs ---------------------------------------------------------------------------------------


def weights(page: Page, address: str) -> dict[str, int]:
    """What each file of this page weighs as it came over the wire; a picture inside the style sheet is no request."""
    done: list[Request] = []

    def finished(request: Request) -> None:
        done.append(request)

    page.on("requestfinished", finished)
    page.goto(address)
    page.evaluate("async () => { await document.fonts.ready }")
    page.wait_for_load_state("networkidle")
    sizes = {request.url.split("/")[-1]: request.sizes() for request in done if request.url.startswith("http")}
    return {name: size["responseBodySize"] + size["responseHeadersSize"] for name, size in sizes.items()}


@pytest.mark.parametrize("chosen", [False, True])
def test_the_house_page_weighs_at_most_60_kb_in_8_requests(page_at: PageAt, stage: Stage, chosen: bool) -> None:
    found = weights(page_at(), stage.choice if chosen else stage.week)
    print(sum(found.values()), found)
    assert min(found.values()) > 0
    assert [kind for kind in ("theme", "pico", "htmx", "woff2") if not any(kind in name for name in found)] == []
    assert sum(found.values()) <= 60_000
    assert len(found) <= 8


ADDRESSES = ["/", "/?plaats=Toetsdorp&met=zit-sta", "/dorpshuizen/", "/dorpen/toetsdorp-toetsdorp/", "/aanmelden/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_pages_to_find_a_desk_weigh_as_little(page_at: PageAt, stage: Stage, address: str) -> None:
    found = weights(page_at(), address)
    print(sum(found.values()), found)
    assert (sum(found.values()) <= 60_000, len(found) <= 8) == (True, True)


def test_photos_come_only_when_one_scrolls_to_them(page_at: PageAt, stage: Stage) -> None:
    photo = make_photo(stage.house)
    page = page_at(320)
    # Low, as a browser fetches ahead what lies within some screens.
    page.set_viewport_size({"width": 320, "height": 240})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(stage.url)))
    page.goto(stage.week, wait_until="networkidle")
    assert photo.get_absolute_url() not in asked
    image = page.locator("figure img")
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("naturalWidth", 480)
    assert photo.get_absolute_url() in asked


def test_the_house_rules_are_seen_once_whatever_is_chosen(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    page.goto(stage.week)
    rules = page.get_by_text("Een boterham mag.")
    expect(rules.filter(visible=True)).to_have_count(1)
    choose(page, stage)
    expect(rules.filter(visible=True)).to_have_count(1)


def test_nothing_is_written_to_the_console_on_the_way_to_a_booking(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    written: list[str] = []
    page.on("console", lambda message: written.append(f"{message.type}: {message.text}"))
    page.goto(stage.week)
    choose(page, stage)
    type_who(page)
    book(page)
    with page.expect_console_message(lambda message: message.text == "klaar"):
        page.evaluate("console.log('klaar')")
    assert written == ["log: klaar"]
