"""What the page of a house tells beside its week: only what is known, and each thing once."""

from datetime import date
from typing import Any

import pytest

from tests.factories import make_house, make_photo, make_room, make_rules
from tests.guest import MONDAY, WEDNESDAY, Guest, Node, Page, on_monday
from villages.models import AccessWay, Desk, Dorpshuis, Facility, Opening, Room

pytestmark = [pytest.mark.django_db, on_monday]

TITLES = ("Dit vind je hier", "Zo kom je er", "Huisregels", "Betalen en annuleren")


@pytest.fixture
def guest() -> Guest:
    return Guest()


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


def headings(page: Page) -> list[str]:
    """The headings below the week, in order."""
    return [node.text.strip() for node in page.tree.all("h2") if node.text.strip() in TITLES]


def facts(page: Page) -> dict[str, str]:
    """Each fact by its title, with what is said about it."""
    found: dict[str, str] = {}
    for listed in page.tree.all("ul"):
        if "facts" in listed.attrs.get("class", "").split():
            found |= {item.one("b").text: _said(item) for item in listed.all("li")}
    return found


def _said(item: Node) -> str:
    return " ".join(" ".join(part.text for part in item.all("small")).split())


def test_a_house_with_nothing_filled_in_has_no_empty_parts(guest: Guest) -> None:
    bare = make_house(desks=0, parts=(), cents=None, phone="+31521591000")
    page = guest.look(bare)
    assert (page.status, headings(page)) == (200, ["Zo kom je er", "Betalen en annuleren"])
    assert set(facts(page)) == {"Toetsdorp", "Bellen", "Betalen", "Kun je niet?"}
    tags = ("ul", "h2", "h3", "figure", "b", "small")
    assert [node for tag in tags for node in page.tree.all(tag) if not node.text.strip()] == []


def test_a_house_that_is_getting_ready_tells_only_where_it_is(guest: Guest) -> None:
    page = guest.look(make_house(desks=0, parts=(), cents=None, status=Dorpshuis.Status.ASPIRANT))
    assert headings(page) == ["Zo kom je er"]


def test_parts_stand_in_the_order_of_need(guest: Guest, house: Dorpshuis) -> None:
    make_rules(house)
    page = guest.look(house)
    assert headings(page) == list(TITLES)


@pytest.mark.parametrize(
    ("special", "words"),
    [
        ([{}, {}], ""),
        ([{"height_adjustable": True}, {"height_adjustable": True, "monitor": True}], "2 zit-stabureaus, 1 met scherm"),
        ([{"calls": True, "wheelchair": True}, {}], "1 geschikt voor een rolstoel, bellen mag bij 1"),
        ([{"calls": True, "daylight": True}] * 2, "2 bij het raam, bellen mag"),
    ],
)
def test_the_desks_tell_what_is_special(guest: Guest, special: list[dict[str, Any]], words: str) -> None:
    house = make_house(desks=0)
    room = make_room(house)
    for number, traits in enumerate(special):
        Desk.objects.create(room=room, name=f"Bureau {number}", **traits)
    assert facts(guest.look(house))["2 bureaus"] == words


def test_one_desk_is_one_desk(guest: Guest) -> None:
    assert "1 bureau" in facts(guest.look(make_house(desks=1)))


def test_a_room_tells_how_quiet_it_is(guest: Guest, house: Dorpshuis) -> None:
    Room.objects.filter(dorpshuis=house).update(quiet_text="Rustig, behalve donderdag.")
    assert facts(guest.look(house))["Hoe rustig is het?"] == "Rustig, behalve donderdag."


def test_the_speed_is_told_with_the_day_it_was_measured(guest: Guest) -> None:
    house = make_house(internet_down=480, internet_up=450, internet_measured_on=date(2026, 10, 3))
    said = facts(guest.look(house))["Wifi: 480 Mbit/s"]
    assert said == "Versturen: 450 Mbit/s. Gemeten op 3 oktober 2026."


def test_bike_bus_and_car_stand_with_the_way_there(guest: Guest, house: Dorpshuis) -> None:
    for kind, title in (("bike", "Fiets en bus"), ("coffee", "Koffie"), ("car", "Parkeren")):
        Facility.objects.create(dorpshuis=house, kind=kind, title=title)
    tree = guest.look(house).tree
    inside, there = tree.one("section", aria_labelledby="wat").text, tree.one("section", aria_labelledby="waar").text
    assert [title in inside for title in ("Fiets en bus", "Koffie", "Parkeren")] == [False, True, False]
    assert [title in there for title in ("Fiets en bus", "Koffie", "Parkeren")] == [True, False, True]


def test_ways_in_stand_in_the_order_of_the_day_without_what_is_private(guest: Guest, house: Dorpshuis) -> None:
    for dagdeel in ("avond", "", "ochtend"):
        AccessWay.objects.create(
            dorpshuis=house, dagdeel=dagdeel, public_text="Met een code.", private_text="De code is 2708."
        )
    page = guest.look(house)
    titles = [title for title in facts(page) if title.startswith("Naar binnen")]
    assert titles == ["Naar binnen", "Naar binnen: ochtend", "Naar binnen: avond"]
    assert "2708" not in page.text


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({}, "https://www.openstreetmap.org/#map=14/52.8/6.4"),
        (
            {"latitude": 52.83, "longitude": 6.37},
            "https://www.openstreetmap.org/?mlat=52.83&mlon=6.37#map=17/52.83/6.37",
        ),
    ],
)
def test_the_map_is_a_plain_link_that_tells_nothing(guest: Guest, fields: dict[str, Any], address: str) -> None:
    (link,) = [a for a in guest.look(make_house(**fields)).tree.all("a") if "openstreetmap" in a.attrs["href"]]
    assert (link.attrs["href"], link.attrs["rel"]) == (address, "noreferrer")


def test_the_house_rules_are_on_the_page_before_anything_is_chosen(guest: Guest, house: Dorpshuis) -> None:
    make_rules(house)
    listed = guest.look(house).tree.one("section", aria_labelledby="regels").all("li")
    assert [item.text for item in listed] == ["Een boterham mag.", "Bellen mag."]


def test_payment_and_cancelling_are_told_before_anything_is_chosen(guest: Guest, house: Dorpshuis) -> None:
    said = facts(guest.look(house))
    assert said["€ 7,50 per dagdeel"] == "Je betaalt als je er bent, met pin of contant."
    assert said["Kun je niet?"].startswith("Gratis annuleren tot 17.00 uur de dag ervoor.")


def test_photos_stand_in_the_house_s_own_order_with_their_words_and_their_size(guest: Guest, house: Dorpshuis) -> None:
    second = make_photo(house, "De koffiehoek.", position=2)
    first = make_photo(house, "Vier bureaus <bij> het raam.", position=1, credit="Foto: de Bonte Wever")
    shown = [figure.one("img").attrs for figure in guest.look(house).tree.all("figure")]
    assert [image["src"] for image in shown] == [first.get_absolute_url(), second.get_absolute_url()]
    assert [image["alt"] for image in shown] == ["Vier bureaus <bij> het raam.", "De koffiehoek."]
    assert [(image["width"], image["height"], image["loading"]) for image in shown] == [("480", "320", "lazy")] * 2


def test_a_photo_is_told_to_search_engines(guest: Guest, house: Dorpshuis) -> None:
    photo = make_photo(house)
    address = f"http://localhost:8000{photo.get_absolute_url()}"
    assert f'"image":["{address}"]' in guest.look(house).response.content.decode()
    assert '"image"' not in guest.look(make_house()).response.content.decode()


def test_what_began_already_is_too_late_and_gives_the_number_to_call(guest: Guest, house: Dorpshuis) -> None:
    cell = guest.look(house).cells[f"{MONDAY}:ochtend"]
    assert cell.one("b").text == "Te laat om nog te boeken"
    assert [link.attrs["href"] for link in cell.all("a")] == ["tel:+31521591000"]


def test_a_dagdeel_by_appointment_says_so_in_its_cell(guest: Guest, house: Dorpshuis) -> None:
    Opening.objects.filter(dorpshuis=house, weekday=2, dagdeel="ochtend").update(by_appointment=True)
    assert guest.look(house).cells[str(WEDNESDAY)].one("b").text == "Alleen op afspraak"
