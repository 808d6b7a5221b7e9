"""A choice of dagdelen that have no price in common, and what can be booked instead of what can't."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.domain.dagdelen import Week
from bookings.reader import CellReader
from tests.factories import at, make_booking, make_house
from tests.guest import THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, on_monday, written
from villages.models import Dorpshuis, Tariff

pytestmark = [pytest.mark.django_db, on_monday]


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis", desks=1)


@pytest.fixture
def guest() -> Guest:
    return Guest()


def other_price_from(house: Dorpshuis, day: date) -> None:
    """From this day on the house has another kind of tariff."""
    Tariff.objects.update(valid_until=day - timedelta(days=1))
    Tariff.objects.create(dorpshuis=house, kind=Tariff.Kind.DORPSGENOOT, cents=600, valid_from=day)


def test_dagdelen_without_a_common_price_are_booked_apart(guest: Guest, house: Dorpshuis) -> None:
    other_price_from(house, THURSDAY.date)
    page = guest.look(house, WEDNESDAY, THURSDAY)
    assert page.fields["dagdeel"] == [str(WEDNESDAY)]
    assert page.dropped == "Donderdag 26 november, ochtend: Dan geldt een andere prijs. Boek dit dagdeel apart."


def test_an_order_without_a_common_price_is_refused_whole(guest: Guest, house: Dorpshuis) -> None:
    other_price_from(house, THURSDAY.date)
    before = written()
    fields = guest.fill(guest.look(house, WEDNESDAY), dagdeel=[str(WEDNESDAY), str(THURSDAY)], tarief="")
    page = guest.send(house, fields)
    assert (page.status, written()) == (422, before)
    assert "Boek dit dagdeel apart." in page.notice


def test_when_the_last_desk_is_gone_others_are_offered_with_what_was_typed(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    make_booking(house, WEDNESDAY)
    page = guest.send(house, fields)
    buttons = page.tree.all("button", name="dagdeel")
    assert (page.status, page.has_form) == (409, False)
    assert [button.attrs["value"] for button in buttons][0] == str(WEDNESDAY_NOON)
    assert page.tree.one("input", name="naam").attrs["value"] == "Marieke Jansen"


def test_an_offered_dagdeel_is_booked_with_one_more_tap(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    make_booking(house, WEDNESDAY)
    page = guest.send(house, fields)
    form = page.tree.one("form", action="/dorpshuizen/het-huis/boek/")
    typed = {node.attrs["name"]: node.attrs.get("value", "") for node in form.all("input")}
    answer = guest.send(house, {**typed, "dagdeel": str(WEDNESDAY_NOON)})
    assert (answer.status, answer.response["Location"][:9]) == (302, "/boeking/")


def test_offered_dagdelen_all_cost_what_the_form_promises(guest: Guest, house: Dorpshuis) -> None:
    Tariff.objects.create(
        dorpshuis=house, kind=Tariff.Kind.STANDAARD, cents=900, valid_from=THURSDAY.date, valid_until=THURSDAY.date
    )
    fields = guest.fill(guest.look(house, WEDNESDAY))
    make_booking(house, WEDNESDAY)
    page = guest.send(house, fields)
    offered = [button.attrs["value"] for button in page.tree.all("button", name="dagdeel")]
    assert offered == [str(WEDNESDAY_NOON), "2026-11-27:ochtend", "2026-11-27:middag"]


def test_a_link_to_a_full_dagdeel_offers_others_as_links(guest: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY)
    page = guest.look(house, WEDNESDAY)
    first = page.tree.one("section", id="boeken").all("a")[1]  # before it: the waiting list
    assert (page.status, page.has_form) == (200, False)
    assert first.attrs["href"] == f"/dorpshuizen/het-huis/?week=2026-W48&dagdeel={WEDNESDAY_NOON}#jouw-keuze"


def test_beyond_the_order_limit_the_page_keeps_as_many_as_can_be_booked(guest: Guest) -> None:
    house = make_house(order_limit=1, guest_limit=2)
    page = guest.look(house, WEDNESDAY, WEDNESDAY_NOON)
    assert page.fields["dagdeel"] == [str(WEDNESDAY)]
    assert page.dropped.startswith("Zoveel dagdelen kun je hier niet boeken.")


def test_at_the_end_of_the_window_earlier_days_are_offered(guest: Guest) -> None:
    house = make_house(desks=1, window_days=2)
    for moment in (WEDNESDAY, WEDNESDAY_NOON):
        make_booking(house, moment)
    first = guest.look(house, WEDNESDAY).tree.one("section", id="boeken").all("a")[1]
    assert "dagdeel=2026-11-23:middag" in first.attrs["href"]


def test_a_house_that_stopped_taking_bookings_says_so(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    Dorpshuis.objects.update(status=Dorpshuis.Status.ASPIRANT)
    page = guest.send(house, fields)
    assert (page.status, "Je kunt hier nu niet boeken." in page.notice) == (409, True)


def test_the_address_of_a_refused_order_leads_back_to_the_house(guest: Guest, house: Dorpshuis) -> None:
    answer = guest.get("/dorpshuizen/het-huis/boek/")
    assert (answer.status, answer.response["Location"]) == (302, "/dorpshuizen/het-huis/")


def test_a_day_of_another_year_is_said_with_its_year(guest: Guest, house: Dorpshuis) -> None:
    page = guest.look(house, "2028-02-28:ochtend")
    assert page.dropped.startswith("Maandag 28 februari 2028, ochtend: Zo ver vooruit kun je nog niet boeken.")


def test_a_long_ago_week_reads_no_bookings_in_between(house: Dorpshuis) -> None:
    for moment in (WEDNESDAY, THURSDAY):
        make_booking(house, moment)
    with CaptureQueriesContext(connection) as made:
        occupied = CellReader.read(house, Week.parse("2000-W01").days).occupied
    assert (sorted(occupied), len(made)) == ([WEDNESDAY, THURSDAY], 5)
    with time_machine.travel(at(date(2027, 3, 1), 9), tick=False):
        assert dict(CellReader.read(house, Week.parse("2000-W01").days).occupied) == {}
