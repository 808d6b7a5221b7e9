"""BOKD's report as a page: what will be in the file, by month and house, and the file itself."""

from datetime import date
from typing import Any, cast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.reports import report
from tests.bookings.closed_months import OCTOBER, closed, people
from tests.database import know_the_rows
from tests.factories import make_house, make_user
from tests.guest import Guest, on_monday

pytestmark = [pytest.mark.django_db, on_monday]

MOST_QUERIES = 15
ADDRESS = "/bokd/rapport/"
OCTOBER_ONLY = "?van=2026-10&tot=2026-10"


@pytest.fixture
def screen() -> Guest:
    guest = Guest()
    guest.client.force_login(make_user(is_coordinator=True))
    return guest


def rows(screen: Guest, asked: str) -> list[list[str]]:
    """The cells of each house and month: fourteen after the name."""
    tree = screen.get(f"{ADDRESS}{asked}").tree
    return [[cell.text for cell in row.all("td")] for row in tree.one("table").all("tr") if row.all("td")]


def file(screen: Guest, asked: str) -> list[list[str]]:
    answer = cast("Any", screen.client.get(f"/bokd/rapport.csv{asked}"))
    return [line.split(";") for line in b"".join(answer.streaming_content).decode().splitlines()[1:]]


def test_there_is_a_row_for_each_house_and_month_of_the_file(screen: Guest) -> None:
    for house in (make_house("een"), make_house("twee")):
        for month in (8, 9, 10):
            closed(house, 17, date(2026, month, 1))
    asked = "?van=2026-08&tot=2026-10"
    shown, told = rows(screen, asked), file(screen, asked)
    assert (len(shown), len(told)) == (6, 6)
    assert [row[:3] for row in shown] == [row[5:8] for row in told]
    stats = screen.get(ADDRESS + asked).tree.one("dl").text
    assert "Dorpshuizen 2" in stats
    assert "Maanden 3" in stats
    assert "Regels 6 één per huis en per maand" in stats
    assert "Samen gebruikt 102 van 600 plekken, 17,0%" in stats


def test_what_is_hidden_in_the_file_is_hidden_on_the_page(screen: Guest) -> None:
    house, other = make_house("huis"), make_house("ander")
    closed(house, 17)
    closed(other, 17)
    people("house", str(house.pk), 4)
    people("house", str(other.pk), 77, hidden=["unique", "returning"])
    assert sorted(row[8:11] for row in rows(screen, OCTOBER_ONLY)) == [["<5", "0", "<5"], ["–", "0", "–"]]
    assert "77" not in screen.get(ADDRESS + OCTOBER_ONLY).text


def test_the_month_that_runs_is_marked(screen: Guest) -> None:
    for slug in ("huis", "ander"):
        closed(make_house(slug), 17)
    page = screen.get(f"{ADDRESS}?van=2026-10&tot=2026-11")
    heads = [head.text for head in page.tree.all("th") if head.attrs.get("scope") == "rowgroup"]
    assert heads[0].startswith("Oktober 2026 2 huizen: 34 van 200 plekken gebruikt")
    assert heads[1].startswith("November 2026 voorlopig 2 huizen")
    assert "Nog niet afgesloten: november 2026." in page.text


def test_of_one_house_the_rows_are_its_months(screen: Guest) -> None:
    house = make_house("huis", name="Het Huis")
    closed(make_house("ander"), 17)
    closed(house, 5)
    page = screen.get(f"{ADDRESS}?van=2026-10&tot=2026-11&huis=huis")
    heads = [head.text for head in page.tree.all("th") if head.attrs.get("scope") == "row"]
    assert heads == ["Oktober 2026", "November 2026 voorlopig"]
    assert page.tree.one("h2", id="regels").text == "Het Huis"


def test_days_are_widened_and_the_page_says_so(screen: Guest) -> None:
    closed(make_house("huis"), 17)
    page = screen.get(f"{ADDRESS}?van=2026-10-12&tot=2026-10-20")
    assert "We rekenen met hele maanden. Je ziet oktober 2026." in page.text
    assert page.tree.one("a", role="button").attrs["href"] == f"/bokd/rapport.csv{OCTOBER_ONLY}"


@pytest.mark.parametrize(
    "asked", ["?van=2026-11&tot=2026-10", "?van=1976-01", "?tot=%00", "?gemeente=GM0000", "?van=x"]
)
def test_what_can_not_be_says_why_and_keeps_the_form(screen: Guest, asked: str) -> None:
    make_house("huis")
    page = screen.get(f"{ADDRESS}{asked}")
    assert (page.status, "Dit rapport kan niet" in page.text) == (422, True)
    assert page.tree.one("form", class_="choose").all("select")[0].attrs["name"] == "van"


def test_the_file_has_the_choice_of_the_page(screen: Guest) -> None:
    closed(make_house("een", kind="mfc"), 5)
    closed(make_house("twee"), 7)
    asked = f"{OCTOBER_ONLY}&soort=mfc&huis=een"
    assert len(rows(screen, asked)) == 1
    assert screen.get(ADDRESS + asked).tree.one("a", role="button").attrs["href"] == f"/bokd/rapport.csv{asked}"


def test_usual_periods_are_one_tap_away_and_keep_the_filters(screen: Guest) -> None:
    closed(make_house("een", kind="mfc"), 5)
    links = screen.get(f"{ADDRESS}?soort=mfc").tree.one("nav", aria_label="Snel een periode kiezen").all("a")
    assert {link.text: link.attrs["href"] for link in links} == {
        "oktober 2026": "?van=2026-10&tot=2026-10&soort=mfc",
        "juli 2026 tot en met september 2026": "?van=2026-07&tot=2026-09&soort=mfc",
        "2026 tot nu toe": "?van=2026-01&tot=2026-11&soort=mfc",
        "2025": "?van=2025-01&tot=2025-12&soort=mfc",
    }


def test_of_very_many_rows_the_first_are_shown(screen: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MOST_ROWS", 3)
    for slug in ("een", "twee"):
        house = make_house(slug)
        closed(house, 5, date(2026, 9, 1))
        closed(house, 5, OCTOBER)
    asked = "?van=2026-09&tot=2026-10"
    assert len(rows(screen, asked)) == 3
    assert "Hier staan de eerste 3 regels. In het bestand staan ze alle 4." in screen.get(ADDRESS + asked).text


def test_it_begins_with_thirteen_closed_months(screen: Guest) -> None:
    closed(make_house("huis"), 5)
    page = screen.get(ADDRESS)
    assert page.tree.one("a", role="button").attrs["href"] == "/bokd/rapport.csv?van=2025-10&tot=2026-10"
    assert "Bekijk november 2026 tot nu toe (voorlopig)" in page.text
    assert "Nog niet afgesloten" not in page.text


def test_before_anything_is_closed_it_shows_the_running_month(screen: Guest) -> None:
    make_house("huis").rooms.get().desks.update(valid_from=date(2026, 11, 16))
    assert [row[0] for row in rows(screen, "")] == ["44"]
    assert "Nog niet afgesloten: november 2026." in screen.get(ADDRESS).text


def test_before_there_are_figures_it_says_so(screen: Guest) -> None:
    assert "Er zijn nog geen dorpshuizen" in screen.get(ADDRESS).text
    closed(make_house("huis"), 5)
    assert "Er zijn nog geen cijfers van januari 2024." in screen.get(f"{ADDRESS}?van=2024-01&tot=2024-01").text


@pytest.mark.parametrize("houses", [8, pytest.param(200, marks=pytest.mark.long)])
@pytest.mark.parametrize("asked", ["", OCTOBER_ONLY, "?van=2025-11&tot=2026-10"])
def test_it_takes_few_queries_for_any_number_of_houses(screen: Guest, houses: int, asked: str) -> None:
    for number in range(houses):
        house = make_house(f"huis-{number:03}", desks=0, cents=None)
        closed(house, number % 40)
        closed(house, 10, date(2026, 9, 1))
    know_the_rows()
    with CaptureQueriesContext(connection) as made:
        assert screen.client.get(f"{ADDRESS}{asked}").status_code == 200
    assert len(made) <= MOST_QUERIES
