"""The first page and the list of houses."""

from datetime import date
from typing import Any

import pytest

from bookings.domain.dagdelen import Dagdeel, Moment
from tests.factories import make_booking, make_house
from tests.guest import MONDAY, WEDNESDAY, Guest, Node, Page, on_monday
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

BOTH = pytest.mark.parametrize("address", ["/", "/dorpshuizen/"])
TODAY = Moment(MONDAY, Dagdeel.MIDDAG)


@pytest.fixture
def guest() -> Guest:
    return Guest()


def rows(page: Page) -> list[Node]:
    return [row for row in page.tree.all("li", class_="house") if row.all("p", class_="state small")]


def names(page: Page) -> list[str]:
    return [row.one("h3").text for row in rows(page)]


@BOTH
def test_each_house_that_takes_bookings_is_a_link(guest: Guest, address: str) -> None:
    make_house("b", name="Zandhuis")
    make_house("a", name="Akkerhuis")
    page = guest.get(address)
    assert names(page) == ["Akkerhuis", "Zandhuis"]
    assert [row.one("h3").one("a").attrs["href"] for row in rows(page)] == ["/dorpshuizen/a/", "/dorpshuizen/b/"]


@BOTH
@pytest.mark.parametrize("status", [Dorpshuis.Status.STOPPED, Dorpshuis.Status.ASKED])
def test_a_house_that_is_not_public_is_not_in_it(guest: Guest, address: str, status: str) -> None:
    make_house(name="Open huis")
    make_house(name="Ander huis", status=status)
    page = guest.get(address)
    assert names(page) == ["Open huis"]
    assert "Ander huis" not in page.html


def test_houses_that_are_getting_ready_stand_apart_in_the_list(guest: Guest) -> None:
    make_house("straks", name="Straks", desks=0, status=Dorpshuis.Status.ASPIRANT)
    page = guest.get("/dorpshuizen/")
    assert names(page) == []
    assert [link.text for link in page.tree.all("a", href="/dorpshuizen/straks/")] == ["Straks"]


def test_the_first_page_leaves_out_houses_that_are_getting_ready(guest: Guest) -> None:
    make_house(name="Straks", desks=0, status=Dorpshuis.Status.ASPIRANT)
    page = guest.get("/")
    assert "Straks" not in page.html
    assert "Nu kun je nog nergens boeken." in page.text


@BOTH
def test_a_row_tells_what_is_free_next(guest: Guest, address: str) -> None:
    house = make_house()
    make_booking(house, TODAY)
    (row,) = rows(guest.get(address))
    assert row.one("p", class_="state small").text == "Vanmiddag: nog 3 plekken"


@BOTH
def test_a_full_afternoon_sends_to_tomorrow(guest: Guest, address: str) -> None:
    house = make_house(desks=1)
    make_booking(house, TODAY)
    (row,) = rows(guest.get(address))
    assert row.one("p", class_="state small").text == "Morgenochtend: 1 plek vrij"


@BOTH
def test_a_house_without_a_free_desk_says_so(guest: Guest, address: str) -> None:
    house = make_house()
    Closure.objects.create(dorpshuis=house, first_day=MONDAY, last_day=date(2027, 12, 31), reason="verbouwing")
    (row,) = rows(guest.get(address))
    assert row.one("p", class_="state small").text == "Nu geen plek te boeken"


@BOTH
def test_measured_internet_is_told(guest: Guest, address: str) -> None:
    make_house(internet_down=500)
    assert "internet 500 Mbit/s" in rows(guest.get(address))[0].text


@pytest.mark.parametrize(("address", "queries"), [("/", 7), ("/dorpshuizen/", 7)])
@pytest.mark.parametrize("houses", [1, 3])
def test_it_takes_so_many_queries_however_many_houses(
    guest: Guest, query_count: Any, address: str, queries: int, houses: int
) -> None:
    for _ in range(houses):
        make_booking(make_house(), TODAY)
    with query_count(queries):
        assert len(rows(guest.get(address))) == houses


# --- the list and its map ---------------------------------------------------------------------------------


def test_the_map_beside_the_list_has_its_numbers_and_its_links(guest: Guest) -> None:
    make_house("b", name="Zandhuis")
    make_house("a", name="Akkerhuis", desks=0)
    page = guest.get("/dorpshuizen/?bron=poster")
    pins = page.tree.one("svg", class_="map").all("a")
    assert [pin.attrs["aria-label"] for pin in pins] == [
        "1. Akkerhuis in Toetsdorp: nu geen plek te boeken",
        "2. Zandhuis in Toetsdorp: vanmiddag 4 plekken vrij",
    ]
    assert [pin.attrs["href"] for pin in pins] == [row.one("h3").one("a").attrs["href"] for row in rows(page)]


@BOTH
def test_where_she_heard_of_it_goes_along(guest: Guest, address: str) -> None:
    make_house("a")
    links = [row.one("h3").one("a").attrs["href"] for row in rows(guest.get(f"{address}?bron=poster"))]
    assert links == ["/dorpshuizen/a/?bron=poster"]


def test_the_list_can_be_filtered_too(guest: Guest) -> None:
    make_house("snel", name="Snel", internet_down=200)
    make_house("traag", name="Traag", internet_down=50)
    page = guest.get("/dorpshuizen/?met=snel-internet")
    assert names(page) == ["Snel"]
    assert "1 dorpshuis heeft niet alles wat je nodig hebt." in page.text


PLACES = ["/", "/?plaats=Parijs", "/dorpshuizen/", "/dorpen/", "/dorpen/nergens/", "/gemeenten/toetsgemeente/"]
OTHERS = ["/dorpshuizen/a/", "/dorpshuizen/a/?dagdeel=2026-11-25:ochtend", "/dorpshuizen/nergens/", "/privacy/"]


@pytest.mark.parametrize("address", [*PLACES, *OTHERS])
def test_where_she_heard_of_it_goes_along_through_the_menu_and_the_foot(guest: Guest, address: str) -> None:
    make_house("a", name="Akkerhuis")
    page = guest.get(f"{address}{'&' if '?' in address else '?'}bron=poster")
    links = [a.attrs["href"] for a in page.tree.all("a")]
    leading = [link for link in links if link.split("?")[0] in ("/", "/dorpshuizen/", "/dorpen/")]
    assert len(leading) >= 4
    assert [link for link in leading if "bron=poster" not in link] == []


def test_it_goes_along_after_a_refused_order_too(guest: Guest) -> None:
    house = make_house("a", name="Akkerhuis")
    page = guest.send(house, guest.fill(guest.look(house, WEDNESDAY, bron="poster")) | {"naam": [""]})
    assert (page.status, len(page.tree.all("a", href="/dorpshuizen/?bron=poster"))) == (422, 2)


def test_a_place_that_was_guessed_can_be_chosen_instead(guest: Guest) -> None:
    make_house("a", name="Akkerhuis")
    page = guest.get("/?plaats=Toets&bron=poster")
    assert "Je typte “Toets”. We zochten bij Toetsdorp." in page.text
    assert [a.attrs["href"] for a in page.tree.all("a") if a.text == "Kies je dorp of gemeente"] == [
        "/dorpen/?bron=poster"
    ]
