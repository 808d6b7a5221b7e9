"""The waiting list in a real browser on a phone: full, on the list, somebody cancels, the mail, one button, booked."""

import re

import pytest
from playwright.sync_api import expect

from bookings.actions.cancel import cancel
from bookings.domain.dagdelen import Week
from bookings.models import Booking
from portal.base import clock
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from portal.base.outbox.registry import composer
from tests.browser.conftest import Stage, cell
from tests.factories import make_booking, morning
from tests.fixtures_browser import PageAt
from villages.models import Desk

pytestmark = [pytest.mark.browser, pytest.mark.time_machine("2026-11-23 10:00:00+01:00", tick=True)]


def link_in(kind: str) -> str:
    """The private page that the newest mail of this kind leads to."""
    message = composer(kind)(OutboxMail.objects.filter(kind=kind).latest("pk"))
    assert message is not None
    (path,) = re.findall(r"/wachtlijst/\w+/", str(message.body))
    return str(path)


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.long)])
def test_from_a_full_dagdeel_to_a_desk(page_at: PageAt, stage: Stage, javascript: bool) -> None:
    Desk.objects.exclude(pk=Desk.objects.order_by("pk").values("pk")[:1]).update(valid_until=clock.today())
    moment = morning(3)
    earlier = make_booking(stage.house, moment)

    page = page_at(390, javascript=javascript)
    page.goto(f"/dorpshuizen/het-huis/?week={Week.of(moment.date)}")
    cell(page, moment).get_by_role("link", name="Mail mij bij plek").click()
    page.get_by_label("Je naam").fill("Anna Mulder")
    page.get_by_label("Je e-mailadres").fill("anna@voorbeeld.example")
    page.get_by_role("button", name="Zet me op de wachtlijst").click()
    expect(page.get_by_role("heading", name="Je staat op de wachtlijst")).to_be_visible()

    page.goto(link_in("on_the_list"))
    expect(page.get_by_text("Je bent de eerste.")).to_be_visible()
    cancel(earlier, GUEST)
    page.goto(link_in("place"))
    page.get_by_role("button", name="Boek en betaal").click()
    page.wait_for_url("**/boeking/**")
    taken = Booking.objects.occupying().get(date=moment.date, dagdeel=moment.dagdeel.value)
    assert (taken.reservation.name, taken.state, taken.price_cents) == ("Anna Mulder", Booking.State.BOOKED, 750)
