"""The board asks somebody for its team, on phone and tablet: in by the mail, another role, and let go."""

import re

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.browser.conftest import Stage
from tests.factories import make_member
from tests.fixtures_browser import PageAt
from villages.models import Membership

pytestmark = [pytest.mark.long, pytest.mark.browser]


def mailed_link(kind: str) -> str:
    """The path of the first link in the newest mail of this kind."""
    delivery.sweep()
    text = OutboxMail.objects.filter(kind=kind).latest("pk").sent_text
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("width", "javascript"),
    [pytest.param(390, True, marks=pytest.mark.long), (390, False), pytest.param(820, True, marks=pytest.mark.long)],
)
def test_a_volunteer_is_asked_comes_in_gets_another_role_and_is_let_go(
    page_at: PageAt, stage: Stage, settings: Settings, width: int, javascript: bool
) -> None:
    settings.DEMO = True  # there the words of a mail with a secret link are kept to be read
    settings.ROOT_URLCONF = "tests.demo.urls"
    board, hers = page_at(width, javascript=javascript), page_at(390, javascript=javascript)
    stage.log_in(board, make_member(stage.house, Membership.Role.BOARD))
    board.goto("/beheer/het-huis/team/")
    board.get_by_label("Het e-mailadres").fill("nieuw@voorbeeld.example")
    board.get_by_role("button", name="Stuur een mail").click()
    expect(board.get_by_text("nieuw@voorbeeld.example").first).to_be_visible()

    hers.goto(mailed_link("invitation"))
    hers.get_by_label("Je naam").fill("Nieuwe Vrijwilliger")
    hers.get_by_role("button", name="Doe mee").click()
    expect(hers.get_by_role("button", name="Doe mee")).to_have_count(0)
    hers.goto("/beheer/het-huis/bellijst/")
    expect(hers.get_by_role("heading", level=1)).to_contain_text("Bellijst")

    board.goto("/beheer/het-huis/team/")
    board.get_by_role("button", name="Wijzig Nieuwe Vrijwilliger").click()
    board.locator("input[name=rol][value=host]").check()
    board.get_by_role("button", name="Bewaar de rol").click()
    board.wait_for_url("**/team/?gedaan=*")
    assert hers.goto("/beheer/het-huis/bellijst/").status == 403  # type: ignore[union-attr]
    assert hers.goto("/beheer/het-huis/").status == 200  # type: ignore[union-attr]

    board.goto("/beheer/het-huis/team/")
    board.get_by_role("button", name="Wijzig Nieuwe Vrijwilliger").click()
    board.get_by_role("button", name="Haal uit het team").click()
    board.get_by_role("button", name="Ja, haal uit het team").click()
    board.wait_for_url("**/team/?gedaan=*")
    assert hers.goto("/beheer/het-huis/").status == 404  # type: ignore[union-attr]
