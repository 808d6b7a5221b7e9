"""What search engines find, and what they leave alone."""

from typing import Any
from xml.etree import ElementTree

import pytest

from tests.factories import make_house
from tests.guest import Guest, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

AT = "https://naoberplek.example"


@pytest.fixture(autouse=True)
def public_url(settings: Any) -> None:
    """The portal's own address, which no test asks by."""
    settings.PUBLIC_URL = AT


def canonical(address: str) -> list[str]:
    """The one address that the page gives itself, if any."""
    return [link.attrs["href"] for link in Guest().get(address).tree.all("link", rel="canonical")]


def in_sitemap() -> list[str]:
    tree = ElementTree.fromstring(Guest().client.get("/sitemap.xml").content)  # noqa: S314 - our own answer
    return [node.text or "" for node in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_the_sitemap_lists_the_pages_and_every_house_that_has_one() -> None:
    for slug, status in [("open", "open"), ("straks", "aspirant"), ("gestopt", "stopped"), ("gevraagd", "asked")]:
        make_house(slug, status=status)
    paths = ["/", "/dorpshuizen/", "/dorpen/", "/aanmelden/", "/privacy/", "/toegankelijkheid/"]
    paths += ["/dorpshuizen/open/", "/dorpshuizen/straks/"]
    found = in_sitemap()
    assert found[: len(paths)] == [AT + path for path in paths]
    assert {f"{AT}/dorpen/toetsdorp-toetsdorp/", f"{AT}/gemeenten/toetsgemeente/"} <= set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("houses", [1, 20])
def test_the_sitemap_takes_two_queries_and_may_be_kept_for_an_hour(query_count: Any, houses: int) -> None:
    for _ in range(houses):
        make_house(desks=0)
    with query_count(2):
        answer = Guest().client.get("/sitemap.xml")
    assert (answer["Content-Type"], "Cookie" in answer["Vary"]) == ("application/xml; charset=utf-8", False)
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=3600"}


def test_every_page_of_the_sitemap_opens_and_names_itself_by_the_same_address() -> None:
    make_house("open")
    urls = in_sitemap()
    some = [*urls[:10], *urls[-3:]]  # of the villages and the municipalities a few
    assert [canonical(url.removeprefix(AT)) for url in some] == [[url] for url in some]


def test_robots_keeps_search_engines_out_of_what_is_private() -> None:
    answer = Guest().client.get("/robots.txt")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {f"Disallow: {path}" for path in ("/boeking/", "/mijn/", "/beheer/", "/bokd/", "/admin/")} <= set(lines)
    assert lines[-1] == f"Sitemap: {AT}/sitemap.xml"
    assert (answer["Content-Type"], dict(answer.cookies)) == ("text/plain; charset=utf-8", {})


def test_a_page_has_one_address_whatever_is_asked_of_it() -> None:
    make_house("het-huis")
    assert canonical("/dorpshuizen/het-huis/?week=2026-W49&bron=poster") == [f"{AT}/dorpshuizen/het-huis/"]


@pytest.mark.parametrize("address", ["/inloggen/", "/niet-hier/", "/dorpshuizen/geen-huis/"])
def test_a_page_that_is_not_for_search_engines_gives_no_address(address: str) -> None:
    assert canonical(address) == []


@pytest.mark.parametrize("chosen", ["2026-11-25:ochtend", "2020-01-01:ochtend"])
def test_a_page_with_a_choice_is_not_for_search_engines(chosen: str) -> None:
    make_house("het-huis")
    page = Guest().get(f"/dorpshuizen/het-huis/?dagdeel={chosen}")
    assert page.response["X-Robots-Tag"] == "noindex"
    assert page.tree.all("script", type="application/ld+json") == page.tree.all("link", rel="canonical") == []


def test_a_page_without_a_choice_is_for_search_engines() -> None:
    house: Dorpshuis = make_house("het-huis")
    assert "X-Robots-Tag" not in Guest().look(house).response
