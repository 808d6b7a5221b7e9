"""When nothing of the choice can be booked: the nearest other houses that are free then."""

from datetime import date
from typing import Any

import pytest

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.nearby import free_nearby
from portal.base import clock
from tests.factories import make_booking, make_house, make_village
from tests.guest import THURSDAY, WEDNESDAY, Guest, Node, Page, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

PAST = Moment(date(2026, 11, 20), Dagdeel.OCHTEND)


@pytest.fixture
def full() -> Dorpshuis:
    """A house with one desk, taken on Wednesday morning."""
    house = make_house("vol", desks=1, village=make_village("Voldorp", 52.80, 6.40))
    make_booking(house, WEDNESDAY)
    return house


@pytest.fixture
def around() -> list[Dorpshuis]:
    """Four houses, each farther away than the one before."""
    return [
        make_house(f"huis-{n}", cents=500, village=make_village(f"Dorp {n}", 52.80 + n / 20, 6.40))
        for n in (4, 1, 3, 2)
    ]


def near(house: Dorpshuis, *moments: Moment) -> list[str]:
    return [one.dorpshuis.slug for one in free_nearby(house, moments, clock.now())]


def offered(page: Page) -> list[Node]:
    """The rows under "In een ander dorp kan het wel"."""
    return [row for part in page.tree.all("div", class_="wide elsewhere") for row in part.all("li")]


def test_the_three_nearest_are_given(full: Dorpshuis, around: list[Dorpshuis]) -> None:
    assert near(full, WEDNESDAY) == ["huis-1", "huis-2", "huis-3"]


def test_a_house_that_is_full_closed_or_getting_ready_is_not(full: Dorpshuis, around: list[Dorpshuis]) -> None:
    for _ in range(4):
        make_booking(around[1], WEDNESDAY)
    Dorpshuis.objects.filter(slug="huis-2").update(status=Dorpshuis.Status.STOPPED)
    Dorpshuis.objects.filter(slug="huis-3").update(status=Dorpshuis.Status.ASPIRANT)
    assert near(full, WEDNESDAY) == ["huis-4"]


def test_a_house_where_all_of_it_is_free_comes_before_a_nearer_one(full: Dorpshuis, around: list[Dorpshuis]) -> None:
    for _ in range(4):
        make_booking(around[1], THURSDAY)
    found = free_nearby(full, [THURSDAY, WEDNESDAY], clock.now())
    assert [(one.dorpshuis.slug, one.cents) for one in found] == [("huis-2", 1000), ("huis-3", 1000), ("huis-4", 1000)]
    assert free_nearby(full, [THURSDAY, WEDNESDAY], clock.now(), most=4)[-1].moments == (WEDNESDAY,)


def test_no_more_than_an_order_may_hold_is_given(full: Dorpshuis) -> None:
    make_house(order_limit=1)
    (one,) = free_nearby(full, [THURSDAY, WEDNESDAY], clock.now())
    assert one.moments == (WEDNESDAY,)


def test_what_is_past_asks_the_database_nothing(full: Dorpshuis, query_count: Any) -> None:
    with query_count(0):
        assert near(full, PAST) == []


@pytest.mark.parametrize("houses", [1, 12])
def test_it_takes_six_queries_however_many_houses(full: Dorpshuis, query_count: Any, houses: int) -> None:
    for _ in range(houses):
        make_house()
    with query_count(6):
        near(full, WEDNESDAY, THURSDAY)


# --- on the page ------------------------------------------------------------------------------------------


def test_the_page_offers_them_below_its_own_alternatives(full: Dorpshuis, around: list[Dorpshuis]) -> None:
    page = Guest().look(full, WEDNESDAY, bron="poster")
    first = offered(page)[0]
    assert first.text == "Huis-1 Dorp 1, 6 km · € 5,00 Woensdag 25 november, ochtend: 4 plekken vrij"
    address = "/dorpshuizen/huis-1/?week=2026-W48&dagdeel=2026-11-25:ochtend&bron=poster#jouw-keuze"
    assert first.one("a").attrs["href"] == address
    assert Guest().get(address).has_form
    assert page.text.index("Dit kan wel") < page.text.index("In een ander dorp kan het wel")


def test_after_a_refused_order_they_are_offered_too(full: Dorpshuis, around: list[Dorpshuis]) -> None:
    guest = Guest()
    fields = guest.fill(guest.look(full, THURSDAY))
    make_booking(full, THURSDAY)
    page = guest.send(full, fields)
    assert (page.status, len(offered(page))) == (409, 3)


def test_with_something_left_to_book_none_is_offered(full: Dorpshuis, around: list[Dorpshuis]) -> None:
    assert offered(Guest().look(full, WEDNESDAY, THURSDAY)) == []
    assert offered(Guest().look(full)) == []


def test_the_sentence_under_the_week_leads_to_the_search_near_this_village(full: Dorpshuis) -> None:
    (link,) = [a for a in Guest().look(full, bron="poster").tree.all("a") if a.text == "ander dorpshuis"]
    page = Guest().get(link.attrs["href"])
    assert "dicht bij Voldorp" in page.text
    assert page.tree.one("input", name="bron").attrs["value"] == "poster"
