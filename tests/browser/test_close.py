"""Dicht in a real browser: from the menu to the confirmation in a few taps, with and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import CallEntry
from portal.base.models import OutboxMail
from tests.browser.conftest import Hand, Stage
from tests.factories import make_booking, next_workday
from tests.fixtures_browser import PageAt
from villages.models import Closure

pytestmark = pytest.mark.browser

PHONE_ONLY: dict[str, Any] = {"email": "", "phone": "+31612345678"}


@pytest.fixture
def three(stage: Stage) -> Moment:
    """Three bookings on one day, one of them without an address; nothing else that day."""
    noon = Moment(next_workday(5), Dagdeel.MIDDAG)
    make_booking(stage.house, noon, name="Marieke J.")
    make_booking(stage.house, noon, name="Tom B.")
    make_booking(stage.house, noon, name="Mevrouw De Vries", **PHONE_ONLY)
    return noon


def to_preview(hand: Hand, day: Moment) -> None:
    hand.tap(hand.page.get_by_role("link", name="Dicht", exact=True))
    hand.tap(hand.page.get_by_label("Andere dagen"))
    hand.type("Vanaf", str(day.date))
    hand.type("Waarom?", "dorpsfeest")
    hand.tap(hand.page.get_by_role("button", name="Bekijk wat er gebeurt"))


@pytest.mark.parametrize(
    ("width", "javascript"),
    [
        (390, True),
        *(pytest.param(width, javascript, marks=pytest.mark.long) for width, javascript in ((390, False), (820, True))),
    ],
)
def test_three_bookings_are_called_off_in_at_most_six_taps(
    page_at: PageAt, stage: Stage, three: Moment, width: int, javascript: bool
) -> None:
    hand = Hand(page_at(width, javascript=javascript))
    stage.log_in(hand.page, stage.volunteer)
    hand.page.goto("/beheer/het-huis/")
    to_preview(hand, three)
    expect(hand.page.get_by_role("listitem").filter(has_text="Bellen: geen e-mail")).to_have_count(1)
    hand.tap(hand.page.get_by_label("Ik heb deze gast al gebeld"))
    hand.tap(hand.page.get_by_role("button", name="en stuur 2 mails"))
    expect(hand.page.get_by_role("button", name="Maak ongedaan (nog 10 minuten)")).to_be_visible()
    assert (hand.taps <= 6, hand.fields) == (True, 2)
    assert OutboxMail.objects.filter(kind="called_off").count() == 2
    assert CallEntry.objects.get(kind="called_off").done_at is not None


def test_two_quick_taps_are_one_closure(page_at: PageAt, stage: Stage, three: Moment) -> None:
    hand = Hand(page_at())
    stage.log_in(hand.page, stage.volunteer)
    hand.page.goto("/beheer/het-huis/")
    to_preview(hand, three)
    hand.page.get_by_role("button", name="en stuur 2 mails").dblclick(no_wait_after=True)
    expect(hand.page.get_by_role("button", name="Maak ongedaan")).to_be_visible()
    assert Closure.objects.count() == 1


def test_only_the_fields_of_the_choice_show(page_at: PageAt, stage: Stage) -> None:
    page = page_at()
    stage.log_in(page, stage.volunteer)
    page.goto("/beheer/het-huis/dicht/")
    number = page.get_by_label("Hoeveel bureaus blijven open?")
    expect(number).to_be_hidden()
    page.get_by_label("Een paar bureaus blijven open").check()
    expect(number).to_be_visible()


TOO_SMALL = """() => {
    const targets = ["button", "a", "summary", "label", "input:not([type=hidden])"].map(tag => `main ${tag}`);
    return [...document.querySelectorAll(targets.join())]
        .filter(node => node.checkVisibility() && !["radio", "checkbox"].includes(node.type))
        .filter(node => node.getBoundingClientRect().height < 44).map(node => node.outerHTML.slice(0, 120));
}"""


def test_what_is_tapped_is_44_pixels_high(page_at: PageAt, stage: Stage, three: Moment) -> None:
    hand = Hand(page_at())
    stage.log_in(hand.page, stage.volunteer)

    def small(page: Page) -> list[str]:
        return list(page.evaluate(TOO_SMALL))

    hand.page.goto("/beheer/het-huis/dicht/")
    found = small(hand.page)
    hand.page.goto("/beheer/het-huis/")
    to_preview(hand, three)
    assert found + small(hand.page) == []
