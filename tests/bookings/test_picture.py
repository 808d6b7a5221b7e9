"""The picture under a shared link."""

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from bookings.guest import drawing
from bookings.guest.drawing import Shown, draw
from tests.factories import make_house
from tests.guest import Guest, Page, on_monday

pytestmark = [pytest.mark.django_db, on_monday]


def picture(slug: str = "het-huis", **headers: str) -> HttpResponse:
    return Client().get(f"/dorpshuizen/{slug}/deelplaatje.png", headers=headers)  # type: ignore[return-value]


def meta(page: Page, name: str) -> list[str]:
    return [node.attrs["content"] for node in page.tree.all("meta", property=name)]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"desks": 0, "status": "aspirant"},
        {"cents": None},
        {"cents": 0, "desks": 1},
        {"desks": 12},
        {"name": "Multifunctioneel Dorpshuiscentrum ’t Zuidoostelijk Verbindingskwartier", "is_example": True},
        {"name": "W" * 120},
        {"name": "\U0001f3e0 \u202e<b>"},
    ],
)
def test_every_house_has_a_light_picture_of_the_right_size(fields: dict[str, Any]) -> None:
    make_house("het-huis", **fields)
    answer = picture()
    with Image.open(BytesIO(answer.content)) as image:
        assert (answer["Content-Type"], image.format, image.size) == ("image/png", "PNG", (1200, 630))
    assert len(answer.content) <= 100_000


def test_it_may_be_kept_a_day_by_everybody(settings: Any) -> None:
    make_house("het-huis")
    answer = picture()
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=86400"}
    assert ("Set-Cookie" in answer.headers, "Cookie" in answer.get("Vary", "")) == (False, False)


def test_who_has_it_gets_304_until_the_house_changes() -> None:
    house = make_house("het-huis")
    etag = picture()["ETag"]
    again = picture(if_none_match=etag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    house.name = "Anders"
    house.save()
    assert picture(if_none_match=etag).status_code == 200


def test_it_takes_three_queries(query_count: Any) -> None:
    make_house("het-huis")
    with query_count(3):
        picture()


def test_a_house_without_a_page_has_no_picture() -> None:
    make_house("gestopt", status="stopped")
    assert [picture("gestopt").status_code, picture("nergens").status_code] == [404, 404]


def test_what_it_says_is_what_the_house_offers() -> None:
    assert (Shown("", "", 750, 4).price_words, Shown("", "", 0).price_words) == ("€\xa07,50 per dagdeel", "Gratis")
    assert [Shown("", "", None, n).desk_words for n in (0, 1, 4)] == ["Hier komen werkplekken", "1 bureau", "4 bureaus"]


def test_another_name_or_price_is_another_picture() -> None:
    shown = [Shown("A", "B", 750, 4), Shown("C", "B", 750, 4), Shown("A", "B", 500, 4), Shown("A", "B", 750, 3)]
    assert len({draw(one) for one in shown}) == 4


def test_its_colours_are_those_of_the_pages() -> None:
    tokens = (settings.BASE_DIR / "static" / "theme.css").read_text()
    names = ("SKY", "GROUND", "LEAF", "WALL", "REED", "REED_DEEP", "FRAME", "LAMP", "INK", "DEEP", "GREEN")
    assert [name for name in names if getattr(drawing, name) not in tokens] == []


def test_a_shared_house_names_its_picture(settings: Any) -> None:
    settings.PUBLIC_URL = "https://naoberplek.example"
    make_house("het-huis")
    page = Guest().get("/dorpshuizen/het-huis/")
    assert meta(page, "og:image") == ["https://naoberplek.example/dorpshuizen/het-huis/deelplaatje.png"]
    assert [meta(page, f"og:image:{name}") for name in ("width", "height")] == [["1200"], ["630"]]
    assert page.tree.one("meta", name="twitter:card").attrs["content"] == "summary_large_image"


@pytest.mark.parametrize("address", ["/", "/dorpshuizen/", "/dorpen/dwingeloo/"])
def test_every_other_public_page_names_the_portal_s(address: str) -> None:
    (found,) = meta(Guest().get(address), "og:image")
    assert "/static/deelplaatje" in found


def test_the_portal_s_own_picture_is_light_and_of_the_right_size() -> None:
    path = settings.BASE_DIR / "static" / "deelplaatje.png"
    with Image.open(path) as image:
        assert image.size == (1200, 630)
    assert path.stat().st_size <= 100_000


@pytest.mark.parametrize("address", ["/inloggen/", "/niet-hier/", "/dorpshuizen/het-huis/?dagdeel=2026-11-25:ochtend"])
def test_a_page_that_is_not_shared_has_none(address: str) -> None:
    make_house("het-huis")
    assert meta(Guest().get(address), "og:image") == []
