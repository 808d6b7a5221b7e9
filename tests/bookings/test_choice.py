"""A choice of dagdelen that have no price in common, and what can be booked instead of what can't."""

from datetime import date, timedelta

import pytest

from tests.factories import make_booking, make_house
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
    first = page.tree.one("section", id="boeken").all("a")[0]
    assert (page.status, page.has_form) == (200, False)
    assert first.attrs["href"] == f"/dorpshuizen/het-huis/?week=2026-W48&dagdeel={WEDNESDAY_NOON}#jouw-keuze"
