"""The pages of villages and municipalities: what is near, what is free next, and what search engines read."""

import json
from typing import Any

import pytest

from tests.factories import make_house, make_village
from tests.guest import Guest, Node, Page, on_monday
from villages.models import Dorpshuis, Municipality, Village

pytestmark = [pytest.mark.django_db, on_monday]


@pytest.fixture
def near() -> Dorpshuis:
    return make_house("dichtbij", village=make_village("Zoekerveen", 52.80, 6.40))


@pytest.fixture
def far() -> Dorpshuis:
    other = Municipality.objects.create(gm_code="GM9998", name="Verre Gemeente", region="Toetsregio")
    village = Village.objects.create(name="Ver", slug="ver", municipality=other, latitude=52.9, longitude=6.8)
    return make_house("ver", village=village)


def page(address: str) -> Page:
    return Guest().get(address)


def rows(shown: Page) -> list[Node]:
    return [row for found in shown.tree.all("ol", class_="list near") for row in found.all("li", class_="house")]


def names(shown: Page) -> list[str]:
    return [row.one("h3").text for row in rows(shown)]


def link(row: Node) -> str:
    return row.one("h3").one("a").attrs["href"]


def linked_data(shown: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shown.tree.one("script", type="application/ld+json").text)
    return found


# --- a village --------------------------------------------------------------------------------------------


def test_a_village_with_a_house_says_in_and_one_without_says_near(near: Dorpshuis) -> None:
    make_village("Leegveen", 52.7, 6.4)
    assert page("/dorpen/toetsdorp-zoekerveen/").tree.one("h1").text == "Werken in Zoekerveen"
    assert page("/dorpen/toetsdorp-leegveen/").tree.one("h1").text == "Werken bij Leegveen"


def test_the_nearest_house_comes_first_and_says_how_far(near: Dorpshuis, far: Dorpshuis) -> None:
    shown = page("/dorpen/ver/")
    assert names(shown) == ["Ver", "Dichtbij"]
    assert "Ver, in het dorp" in rows(shown)[0].text
    assert "Zoekerveen, 29 km" in rows(shown)[1].text


def test_the_link_of_a_house_chooses_what_is_free_next(near: Dorpshuis) -> None:
    (row,) = rows(page("/dorpen/toetsdorp-zoekerveen/?bron=poster"))
    assert "Vanmiddag: 4 plekken vrij" in row.text
    address = "/dorpshuizen/dichtbij/?week=2026-W48&dagdeel=2026-11-23:middag&bron=poster#jouw-keuze"
    assert link(row) == address
    assert Guest().get(address).has_form


def test_the_form_and_the_ring_are_of_that_village(near: Dorpshuis) -> None:
    shown = page("/dorpen/toetsdorp-zoekerveen/")
    assert shown.tree.one("input", id="plaats").attrs["value"] == "Zoekerveen"
    assert "De groene ring is Zoekerveen." in shown.text
    assert len(shown.tree.all("circle", class_="here")) == 1


def test_of_two_villages_with_one_name_the_form_names_the_municipality(near: Dorpshuis, far: Dorpshuis) -> None:
    Village.objects.create(
        name="Ver", slug="ver-twee", municipality=near.village.municipality, latitude=52.8, longitude=6.4
    )
    assert page("/dorpen/ver/").tree.one("input", id="plaats").attrs["value"] == "Ver (Verre Gemeente)"


def test_at_most_six_houses_are_shown() -> None:
    for _ in range(8):
        make_house()
    assert len(rows(page("/dorpen/toetsdorp-toetsdorp/"))) == 6


def test_a_village_without_a_house_hears_how_to_begin(near: Dorpshuis) -> None:
    make_village("Leegveen", 52.7, 6.4)
    words = "Ook een flexwerkplek in jouw dorpshuis?"
    assert words in page("/dorpen/toetsdorp-leegveen/").text
    assert words not in page("/dorpen/toetsdorp-zoekerveen/").text


def test_a_house_that_gets_ready_is_named(near: Dorpshuis) -> None:
    make_house("straks", name="Straks", desks=0, status="aspirant", village=make_village("Leegveen", 52.7, 6.4))
    shown = page("/dorpen/toetsdorp-leegveen/")
    assert "Straks maakt bureaus klaar." in shown.text
    assert "Ook een flexwerkplek" not in shown.text


def test_without_any_house_the_page_still_stands() -> None:
    make_village("Leegveen", 52.7, 6.4)
    assert "Nu kun je nog nergens boeken." in page("/dorpen/toetsdorp-leegveen/").text


# --- a municipality, and all ------------------------------------------------------------------------------


def test_a_municipality_shows_its_own_houses_then_the_nearest_others(near: Dorpshuis, far: Dorpshuis) -> None:
    shown = page("/gemeenten/toetsgemeente/?bron=poster")
    assert shown.tree.one("h1").text == "Werken in de gemeente Toetsgemeente"
    assert [[row.one("h3").text for row in found.all("li")] for found in shown.tree.all("ol", class_="list near")] == [
        ["Dichtbij"],
        ["Ver"],
    ]
    assert [pin.attrs["aria-label"][:2] for pin in shown.tree.one("svg", class_="map").all("a")] == ["1.", "2."]
    assert all("bron=poster" in link(row) for row in rows(shown))


def test_a_municipality_leads_to_its_villages_and_a_village_to_its_municipality(near: Dorpshuis) -> None:
    assert page("/gemeenten/toetsgemeente/").tree.all("a", href="/dorpen/toetsdorp-zoekerveen/")
    assert page("/dorpen/toetsdorp-zoekerveen/").tree.all("a", href="/gemeenten/toetsgemeente/")


def test_a_municipality_without_a_house_says_so(far: Dorpshuis) -> None:
    make_village("Leegveen", 52.7, 6.4)
    shown = page("/gemeenten/toetsgemeente/")
    assert "Hier is nog geen dorpshuis met een werkplek." in shown.text
    assert names(shown) == ["Ver"]


def test_all_villages_stand_by_municipality_and_those_with_desks_are_marked(near: Dorpshuis) -> None:
    make_village("Leegveen", 52.7, 6.4)
    shown = page("/dorpen/?bron=poster")
    section = next(part for part in shown.tree.all("section") if "Toetsgemeente" in part.text)
    assert [item.text for item in section.all("li")] == ["Leegveen", "Toetsdorp", "Zoekerveen (met werkplek)"]
    assert all(a.attrs["href"].endswith("?bron=poster") for a in section.all("a"))


@pytest.mark.parametrize("address", ["/", "/dorpshuizen/"])
def test_the_villages_are_found_from_every_page(near: Dorpshuis, address: str) -> None:
    assert page(address).tree.all("a", href="/dorpen/")


# --- what is not there ------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/dorpen/nergens-huizen/", "/gemeenten/nergens-huizen/"])
def test_an_unknown_place_is_404_with_the_search(near: Dorpshuis, address: str) -> None:
    shown = page(address)
    assert (shown.status, len(shown.tree.all("form", class_="find"))) == (404, 1)
    assert shown.tree.all("link", rel="canonical") == []


def test_an_address_with_a_wrong_letter_offers_the_village(near: Dorpshuis) -> None:
    shown = page("/dorpen/zoekerven/?bron=poster")
    (offered,) = [a for a in shown.tree.all("a") if a.text == "Zoekerveen (Toetsgemeente)"]
    assert (shown.status, offered.attrs["href"]) == (404, "/dorpen/toetsdorp-zoekerveen/?bron=poster")


def test_a_village_that_is_not_in_the_list_is_found_by_its_municipality(near: Dorpshuis) -> None:
    shown = page("/?plaats=Kleinstekamp&bron=poster")
    links = [a for a in shown.tree.all("a", href="/gemeenten/toetsgemeente/?bron=poster")]
    assert (shown.status, [a.text for a in links]) == (422, ["Toetsgemeente"])


@pytest.mark.parametrize("typed", ["toetsgemeente", "Gemeente Toetsgemeente"])
def test_who_types_a_municipality_gets_that_one(near: Dorpshuis, far: Dorpshuis, typed: str) -> None:
    shown = Page(Guest().client.get("/", {"plaats": typed}))  # type: ignore[arg-type]
    assert [a.text for a in shown.tree.all("a") if "/gemeenten/" in a.attrs["href"]] == ["Toetsgemeente"]


# --- for machines -----------------------------------------------------------------------------------------


def test_a_village_tells_search_engines_where_it_is_and_what_is_near(near: Dorpshuis, settings: Any) -> None:
    settings.PUBLIC_URL = "https://naoberplek.example"
    shown = page("/dorpen/toetsdorp-zoekerveen/")
    place, houses = linked_data(shown)
    assert (place["@type"], place["name"]) == ("Place", "Zoekerveen")
    assert place["url"] == shown.tree.one("link", rel="canonical").attrs["href"]
    assert [(item["position"], item["url"]) for item in houses["itemListElement"]] == [
        (1, "https://naoberplek.example/dorpshuizen/dichtbij/")
    ]
    description = shown.tree.one("meta", name="description").attrs["content"]
    assert description.startswith("Een werkplek in Zoekerveen: Dichtbij in Zoekerveen.")


def test_a_municipality_lists_its_own_houses_to_search_engines(near: Dorpshuis, far: Dorpshuis) -> None:
    area, houses = linked_data(page("/gemeenten/toetsgemeente/"))
    assert area["name"] == "Gemeente Toetsgemeente"
    assert [item["name"] for item in houses["itemListElement"]] == ["Dichtbij"]


@pytest.mark.parametrize("houses", [1, 20])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("/dorpen/toetsdorp-toetsdorp/", 7), ("/gemeenten/toetsgemeente/", 7), ("/dorpen/", 2), ("/dorpen/nergens/", 1)],
)
def test_it_takes_so_many_queries_however_many_houses(
    query_count: Any, address: str, queries: int, houses: int
) -> None:
    for _ in range(houses):
        make_house()
    with query_count(queries):
        page(address)
