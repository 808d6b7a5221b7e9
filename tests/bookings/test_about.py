"""What a house's page tells search engines and shared links."""

import json
from typing import Any

import pytest

from bookings.domain.dagdelen import Dagdeel
from tests.factories import make_house, make_openings
from tests.guest import MONDAY, Guest, Page, on_monday
from villages.models import Dorpshuis, Facility, Opening, Tariff

pytestmark = [pytest.mark.django_db, on_monday]

EVIL = "</script><script>alert(1)</script><!-- &\u2028"


def look(house: Dorpshuis) -> Page:
    return Guest().look(house)


def linked(house: Dorpshuis) -> dict[str, Any]:
    """The page's linked data, read as JSON."""
    found: dict[str, Any] = json.loads(look(house).tree.one("script", type="application/ld+json").text)
    return found


def meta(page: Page, **attrs: str) -> str:
    return page.tree.one("meta", **attrs).attrs["content"]


def test_a_house_says_what_it_is_and_where(settings: Any) -> None:
    settings.PUBLIC_URL = "https://naoberplek.example"
    house = make_house("het-huis", name="Het Huis", street="Brink 1", postcode="7991 CA", latitude=52.5, longitude=6.5)
    found = linked(house)
    assert {name: found[name] for name in ("@type", "name", "url", "telephone", "address", "geo")} == {
        "@type": "LocalBusiness",
        "name": "Het Huis",
        "url": "https://naoberplek.example/dorpshuizen/het-huis/",
        "telephone": "+31521591000",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "Brink 1",
            "postalCode": "7991 CA",
            "addressLocality": "Toetsdorp",
            "addressCountry": "NL",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": 52.5, "longitude": 6.5},
    }


def test_its_hours_are_those_of_today_s_schedule_without_what_is_by_appointment() -> None:
    house = make_house(parts=(Dagdeel.OCHTEND,))
    make_openings(house, (Dagdeel.AVOND,), weekdays=[3])
    Opening.objects.filter(weekday=0).update(by_appointment=True)
    Opening.objects.filter(weekday=1).update(valid_from=MONDAY.replace(year=2027))
    hours = [(row["dayOfWeek"], row["opens"], row["closes"]) for row in linked(house)["openingHoursSpecification"]]
    assert hours == [(["Wednesday", "Thursday", "Friday"], "08:30", "12:30"), (["Thursday"], "18:30", "22:00")]


def test_it_says_what_one_finds_there_and_for_how_much() -> None:
    house = make_house(internet_down=480)
    Facility.objects.create(dorpshuis=house, kind="coffee", title="Koffie & thee")
    found = linked(house)
    assert [row["name"] for row in found["amenityFeature"]] == ["Internet 480 Mbit/s", "Koffie & thee"]
    assert (found["makesOffer"]["price"], found["makesOffer"]["priceCurrency"]) == ("7.50", "EUR")


def test_a_house_that_gets_ready_offers_nothing_yet() -> None:
    house = make_house(desks=0, status="aspirant")
    assert {"openingHoursSpecification", "makesOffer", "amenityFeature"} & set(linked(house)) == set()


def test_what_a_house_is_called_stays_data() -> None:
    house = make_house(name=EVIL, intro=EVIL, street=EVIL)
    Facility.objects.create(dorpshuis=house, kind="coffee", title=EVIL[:60])
    page = look(house)
    assert linked(house)["name"] == EVIL
    assert {node.attrs.get("type", node.attrs.get("src", "")[:8]) for node in page.tree.all("script")} == {
        "application/ld+json",
        "/static/",
    }
    assert "alert(1)</script>" not in page.html


def test_a_shared_link_shows_the_house_s_own_words() -> None:
    page = look(make_house(name="Het Huis", intro="Vier bureaus met daglicht."))
    text = "Werk in Het Huis in Toetsdorp. €\xa07,50 per dagdeel. Vier bureaus met daglicht."
    assert meta(page, property="og:title") == "Het Huis in Toetsdorp"
    assert [meta(page, name="description"), meta(page, property="og:description")] == [text.replace("\xa0", " ")] * 2


def test_a_shared_link_is_as_long_as_it_is_shown() -> None:
    assert len(meta(look(make_house(intro="woord " * 60)), name="description")) == 160


@pytest.mark.parametrize(("cents", "words"), [(0, "Gratis."), (None, "Toetsdorp.")])
def test_a_house_without_a_price_names_none(cents: int | None, words: str) -> None:
    house = make_house(cents=None)
    if cents is not None:
        Tariff.objects.create(dorpshuis=house, kind="standaard", cents=cents)
    assert meta(look(house), name="description").endswith(words)
