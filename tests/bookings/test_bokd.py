"""The coordinator's pages: how the network does and which house needs help. Totals only, never a name."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, cast

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, ClosedMonth
from portal.base import clock
from tests.bookings.closed_months import OCTOBER, closed, people, several
from tests.database import know_the_rows
from tests.factories import at, desks_of, make_booking, make_house, make_user
from tests.guest import MONDAY, Guest, on_monday, parse
from villages.models import Closure, Dorpshuis, Operator

pytestmark = [pytest.mark.django_db, on_monday]

# Of November, until Monday the 23rd at nine: fifteen whole workdays and that Monday's morning.
OFFERED_PER_DESK = 15 * 2 + 1
RUNNING = "?van=2026-11&tot=2026-11"
MOST_QUERIES = 15


@pytest.fixture
def screen() -> Guest:
    """The coordinator at her screen."""
    guest = Guest()
    guest.client.force_login(make_user(is_coordinator=True))
    return guest


def table(screen: Guest, asked: str = RUNNING) -> dict[str, list[str]]:
    """Each row of the list by its house: share, used, offered, difference, guests."""
    return {slug: cells[1:] for slug, cells in whole_table(screen, asked).items()}


def whole_table(screen: Guest, asked: str) -> dict[str, list[str]]:
    """The same with what stands out before it."""
    body = screen.get(f"/bokd/dorpshuizen/{asked}").tree.one("tbody")
    rows = {row.one("a").attrs["href"].partition("?")[0]: row for row in body.all("tr")}
    return {address.split("/")[3]: [cell.text for cell in row.all("td")] for address, row in rows.items()}


def past(house: Dorpshuis, number: int, state: str = Booking.State.USED) -> None:
    """So many bookings earlier this month, by one guest."""
    reservation = make_booking(house, Moment(MONDAY, Dagdeel.MIDDAG), name="Geheime Gast", phone="+31612345678")
    Booking.objects.filter(reservation=reservation).delete()
    days = [date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)]
    for day in days[:number]:
        Booking.objects.create(
            dorpshuis=house, reservation=reservation, desk=desks_of(house)[0], date=day, dagdeel="ochtend",
            state=state, price_cents=750, tariff="standaard",
        )  # fmt: skip


# --- what a month says ------------------------------------------------------------------------------------


def test_a_row_counts_what_has_begun_this_month(screen: Guest) -> None:
    past(make_house("huis", desks=2), 10)
    offered = OFFERED_PER_DESK * 2
    assert table(screen) == {"huis": ["16,1%", "10", str(offered), "–", "<5"]}


def test_a_closed_day_is_not_offered(screen: Guest) -> None:
    house = make_house("huis", desks=1)
    past(house, 2)
    day = date(2026, 11, 20)
    Closure.objects.create(dorpshuis=house, first_day=day, last_day=day, reason="dorpsfeest", created_at=at(day, 7))
    assert table(screen)["huis"][1:3] == ["2", str(OFFERED_PER_DESK - 2)]


def test_under_twenty_offered_there_is_no_percentage(screen: Guest) -> None:
    house = make_house("huis", desks=1)
    past(house, 2)
    house.openings.filter(dagdeel="middag").delete()
    assert table(screen)["huis"][:3] == ["te weinig", "2", "16"]
    page = screen.get(f"/bokd/{RUNNING}")
    assert "Onder de 20 plekken geven we geen percentage." in page.text
    assert "%" not in "".join(part.text for part in page.tree.all("dl"))


def test_a_house_that_was_shut_says_so(screen: Guest) -> None:
    house = make_house("dicht", desks=1)
    Closure.objects.create(
        dorpshuis=house, first_day=date(2026, 11, 1), last_day=date(2026, 11, 30), reason="brand",
        created_at=at(date(2026, 11, 1), 0),
    )  # fmt: skip
    assert table(screen)["dicht"][:3] == ["te weinig", "0", "0 dicht"]
    assert "De huizen waren dicht." in screen.get(f"/bokd/{RUNNING}").text


def test_without_houses_there_is_one_sentence(screen: Guest) -> None:
    for address in ("/bokd/", "/bokd/dorpshuizen/"):
        assert "Er zijn nog geen dorpshuizen die boekingen aannemen." in screen.get(address).text


def test_a_house_that_gets_ready_is_not_in_it(screen: Guest) -> None:
    make_house("huis")
    make_house("straks", desks=0, status=Dorpshuis.Status.ASPIRANT)
    assert list(table(screen)) == ["huis"]
    assert screen.get("/bokd/dorpshuizen/straks/").status == 404


def test_a_house_that_is_new_has_no_figures_yet(screen: Guest) -> None:
    closed(make_house("oud"), 10)
    new = make_house("nieuw")
    new.rooms.get().desks.update(valid_from=date(2026, 11, 16))
    assert table(screen, "?van=2026-10&tot=2026-10")["nieuw"] == ["nog geen cijfers"]
    page = screen.get("/bokd/dorpshuizen/nieuw/")
    assert "Van dit huis zijn er nog geen cijfers in oktober 2026." in page.text


# --- which months -----------------------------------------------------------------------------------------


def test_it_begins_with_the_last_closed_month(screen: Guest) -> None:
    closed(make_house("huis"), 17)
    page = screen.get("/bokd/")
    assert page.tree.one("h1").text == "Oktober 2026"
    assert "In 1 dorpshuis werden 17 van de 100 plekken gebruikt." in page.text
    assert "Voorlopig" not in page.text
    assert "Bekijk november 2026 tot nu toe (voorlopig)" in page.text


def test_before_anything_is_closed_it_begins_with_the_running_month(screen: Guest) -> None:
    house = make_house("huis")
    house.rooms.get().desks.update(valid_from=date(2026, 11, 16))
    page = screen.get("/bokd/")
    assert page.tree.one("h1").text == "November 2026"
    assert "Voorlopig. Nog niet afgesloten: november 2026." in page.text


def test_it_says_how_many_more_than_a_year_before(screen: Guest) -> None:
    house = make_house("huis")
    closed(house, 17)
    closed(house, 10, date(2025, 10, 1))
    text = screen.get("/bokd/").text
    assert "Dat zijn er 7 meer dan een jaar eerder." in text
    assert "+7 van 10 naar 17 plekken" in text


def test_a_year_is_not_compared_with_a_part_of_one(screen: Guest) -> None:
    house, began = make_house("huis"), make_house("later")
    for month in (9, 10):
        closed(house, 17, date(2026, month, 1))
        closed(began, 12, date(2026, month, 1))
        closed(began, 10, date(2025, month, 1))
    closed(house, 10, date(2025, 10, 1))
    asked = "?van=2026-09&tot=2026-10"
    assert {slug: cells[3] for slug, cells in table(screen, asked).items()} == {"huis": "–", "later": "+4"}
    page = screen.get(f"/bokd/{asked}&huis=huis").text
    assert "dan een jaar eerder." not in page
    assert "Van een jaar eerder zijn er geen cijfers van dezelfde maanden." in page


def test_it_names_how_many_houses_have_figures_in_the_period(screen: Guest) -> None:
    closed(make_house("huis"), 17)
    make_house("nieuw").rooms.get().desks.update(valid_from=date(2026, 11, 16))
    page = screen.get("/bokd/?van=2026-10&tot=2026-10")
    assert "In 1 dorpshuis werden 17 van de 100 plekken gebruikt." in page.text


def test_a_month_that_runs_is_not_compared_with_a_whole_one(screen: Guest) -> None:
    house = make_house("huis")
    closed(house, 10, date(2025, 11, 1))
    closed(house, 10, OCTOBER)
    assert "dan een jaar eerder." not in screen.get(f"/bokd/{RUNNING}").text


def test_days_are_widened_to_whole_months_and_it_says_so(screen: Guest) -> None:
    closed(make_house("huis"), 17)
    page = screen.get("/bokd/?van=2026-10-12&tot=2026-10-20")
    assert "We rekenen met hele maanden. Je ziet oktober 2026." in page.text


@pytest.mark.parametrize("page", ["", "dorpshuizen/", "dorpshuizen/huis/", "grafiek/maanden.svg"])
@pytest.mark.parametrize("asked", ["?van=2026-11&tot=2026-10", "?van=1976-01", "?tot=%00", "?van=2027-01"])
def test_a_period_that_can_not_be_answers_why(screen: Guest, page: str, asked: str) -> None:
    make_house("huis")
    answer = screen.get(f"/bokd/{page}{asked}")
    assert (answer.status, "Dit rapport kan niet" in answer.text) == (422, True)


# --- which houses -----------------------------------------------------------------------------------------


def test_filters_choose_houses_and_the_file_has_the_same(screen: Guest) -> None:
    closed(make_house("een", kind="mfc", operator=Operator.objects.create(name="Welzijn")), 5)
    closed(make_house("twee"), 7)
    page = screen.get("/bokd/?soort=mfc&sorteer=naam")
    assert "In 1 dorpshuis werden 5 van de 100 plekken gebruikt." in page.text
    (link,) = {node.attrs["href"] for node in page.tree.all("a") if "rapport.csv" in node.attrs.get("href", "")}
    assert link == "/bokd/rapport.csv?van=2026-10&tot=2026-10&soort=mfc"
    chosen = {node.attrs["value"] for node in page.tree.all("option") if "selected" in node.attrs}
    assert chosen == {"2026-10", "mfc", ""}
    assert list(table(screen, "?gemeente=GM9999&regio=Toetsregio")) == ["een", "twee"]


@pytest.mark.parametrize("asked", ["?gemeente=GM0000", "?soort=kasteel", "?exploitant=x", "?regio=Gelderland"])
def test_a_choice_without_houses_says_so(screen: Guest, asked: str) -> None:
    make_house("huis")
    assert screen.get(f"/bokd/{asked}").status == 422


@pytest.mark.parametrize(
    ("sort", "slugs"),
    [
        ("", ["b", "a", "c"]),
        ("bezetting", ["b", "a", "c"]),
        ("-bezetting", ["a", "b", "c"]),
        ("naam", ["a", "b", "c"]),
        ("-naam", ["c", "b", "a"]),
        ("gebruikt", ["a", "c", "b"]),
        ("-gebruikt", ["b", "c", "a"]),
        ("aangeboden", ["a", "b", "c"]),
        ("onzin", ["b", "a", "c"]),
    ],
)
def test_the_list_can_be_sorted(screen: Guest, sort: str, slugs: list[str]) -> None:
    closed(make_house("a"), 20)
    closed(make_house("b"), 5)
    closed(make_house("c"), 8, offered=19)
    assert list(table(screen, f"?sorteer={sort}")) == slugs


def test_the_list_begins_with_who_needs_help_and_says_why(screen: Guest) -> None:
    for slug, used in (("leeg", 0), ("goed", 30), ("stil", 1)):
        several(make_house(slug), used)
    shown = whole_table(screen, "")
    assert list(shown) == ["leeg", "stil", "goed"]
    assert shown["leeg"][0] == "Al drie maanden leeg. Niemand gebruikte een van de 300 plekken."
    assert shown["stil"][0] == "niets"
    assert "1 huis kan hulp gebruiken." in screen.get("/bokd/").text


@pytest.mark.parametrize("page", ["", "dorpshuizen/", "rapport/"])
def test_the_form_keeps_the_houses_that_the_address_names(screen: Guest, page: str) -> None:
    for slug in ("een", "twee"):
        closed(make_house(slug), 5)
    tree = screen.get(f"/bokd/{page}?van=2026-10&tot=2026-10&huis=twee").tree
    (box,) = [node for node in tree.all("input") if node.attrs["name"] == "huis"]
    assert (box.attrs["value"], "checked" in box.attrs) == ("twee", True)


def test_a_head_sorts_and_sorts_the_other_way_the_second_time(screen: Guest) -> None:
    closed(make_house("a"), 20)
    tree = screen.get("/bokd/dorpshuizen/?sorteer=gebruikt").tree
    (head,) = [node for node in tree.all("th") if "aria-sort" in node.attrs]
    assert head.attrs["aria-sort"] == "descending"
    assert head.one("a").attrs["href"] == "?van=2026-10&tot=2026-10&sorteer=-gebruikt#huizen"


# --- what stands out --------------------------------------------------------------------------------------


def test_an_empty_evening_is_said_with_its_place(screen: Guest) -> None:
    house = make_house("huis")
    several(house, 20)
    several(house, 0, part="avond", offered=13)
    sentence = "dinsdagavond al drie maanden leeg. Niemand gebruikte een van de 39 plekken."
    page = screen.get("/bokd/")
    assert f": {sentence}" in page.text
    assert page.tree.one("ul", class_="facts three signals").one("a").text == "Toetsdorp , Huis"
    assert f"D{sentence[1:]}" in screen.get("/bokd/dorpshuizen/huis/").text


def test_six_houses_at_most_are_named_and_the_others_counted(screen: Guest) -> None:
    for _ in range(8):
        several(make_house(), 0)
    page = screen.get("/bokd/")
    assert page.text.count("al drie maanden leeg.") == 6
    assert "En nog 2 huizen. Kijk in de lijst." in page.text


# --- people -----------------------------------------------------------------------------------------------


def test_people_are_shown_of_the_network_a_municipality_or_an_operator_only(screen: Guest) -> None:
    operator = Operator.objects.create(name="Welzijn")
    closed(make_house("huis", operator=operator), 17)
    for scope, key in (("network", ""), ("municipality", "GM9999"), ("operator", str(operator.pk))):
        people(scope, key, 83)
    shown = {
        asked: "83 verschillende mensen" in screen.get(f"/bokd/{asked}").text
        for asked in (
            "", "?gemeente=GM9999", f"?exploitant={operator.pk}", "?regio=Toetsregio", "?soort=dorpshuis", "?huis=huis",
            f"?gemeente=GM9999&exploitant={operator.pk}",
        )
    }  # fmt: skip
    assert list(shown.values()) == [True, True, True, False, False, False, False]


def test_fewer_than_five_people_are_never_a_number_and_what_is_hidden_is_not_there(screen: Guest) -> None:
    house = make_house("huis")
    closed(house, 17)
    people("network", "", 77, hidden=["unique", "returning"])
    people("house", str(house.pk), 4)
    assert table(screen, "")["huis"][-1] == "<5"
    page = screen.get("/bokd/")
    assert not re.search(r"\b77\b", page.text)
    assert "Dit getal laten we niet zien." in page.text
    assert screen.get("/bokd/dorpshuizen/huis/").tree.all("span", class_="big")[2].text == "<5"


@pytest.mark.parametrize("asked", ["", RUNNING, "?van=2026-07&tot=2026-09", "?van=2026-10-03&tot=x", "?gemeente=x"])
def test_no_guest_is_anywhere(screen: Guest, asked: str) -> None:
    house = make_house("huis")
    past(house, 1)
    booked = Booking.objects.filter(reservation__name="Geheime Gast").select_related("reservation")
    reference = booked[0].reservation.reference
    assert booked.count() == 1
    pages = [
        "",
        "dorpshuizen/",
        "dorpshuizen/huis/",
        "rapport.csv",
        *(f"grafiek/{x}.svg" for x in CHARTS),
        "dorpshuizen/x/",
    ]
    for page in pages:
        answer = cast("Any", screen.client.get(f"/bokd/{page}{asked}"))
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        # Of her number what is long enough not to stand in a form's token by chance.
        for secret in ("Geheime", "@voorbeeld.example", "612345678", "12 34 56 78", "6 12345678", str(reference)):
            assert secret not in text, page


# --- the other figures ------------------------------------------------------------------------------------


def test_the_figures_without_a_chart_are_there_too(screen: Guest) -> None:
    counts: dict[str, Any] = {"no_show": 2, "late_cancelled": 1, "assumed": 4, "closed": 3, "standing": 5}
    counts |= {"dagdelen": 40, "full": 2, "together": 6, "cents": 7500}
    for slug in ("een", "twee"):
        closed(make_house(slug), 17, **counts)
    ClosedMonth.objects.update(income=[["standaard", "pin", 10, 7500], ["standaard", "", 10, 0]])
    ClosedMonth.objects.filter(dorpshuis__slug="een").update(volunteer_hours=12)
    people("network", "", 83)
    text = screen.get("/bokd/").text
    for words in (
        "Geboekt 40 Reserveringsgraad 20,0% Aangenomen 8 Niet gekomen 4 Laat geannuleerd 2 Gesloten 6",
        "Vaste plekken 10 Volle dagdelen 4 van 80",
        "Samen aan het werk 12 dagdelen met twee of meer mensen",
        "Uren van vrijwilligers 12 Nog niet elke maand is ingevuld.",
        "Unieke gasten 83 Nieuwe gasten 0",
        "Gewone prijs pin 20 € 150,00",
    ):
        assert words in text
    assert "Vaste gasten" not in screen.get("/bokd/?regio=Toetsregio").text
    assert "Geboekt 20 Reserveringsgraad 20,0%" in screen.get("/bokd/dorpshuizen/een/").text


# --- one house --------------------------------------------------------------------------------------------


def test_a_house_is_beside_the_average_of_at_least_five_others(screen: Guest) -> None:
    house = make_house("huis")
    closed(house, 20)
    for _ in range(4):
        closed(make_house(), 10)
    assert "minstens 5 andere huizen" in screen.get("/bokd/dorpshuizen/huis/").text
    closed(make_house(), 15)
    text = screen.get("/bokd/dorpshuizen/huis/").text
    assert "Dit huis 20,0% 20 van 100 plekken gebruikt" in text
    assert "Gemiddeld in 5 andere huizen 11,0% 55 van 500 plekken gebruikt" in text
    assert "Een dwarsstreep" in text
    months = screen.get("/bokd/dorpshuizen/huis/").tree.one(aria_label="Tabel: gebruikte plekken per maand")
    last = months.one("tbody").all("tr")[-1]
    assert [cell.text for cell in last.all("td")] == ["100", "20", "20,0%", "11"]


def test_the_week_of_a_house_is_of_whole_quarters(screen: Guest) -> None:
    house = make_house("huis")
    several(house, 10)
    text = screen.get("/bokd/dorpshuizen/huis/?van=2026-10&tot=2026-10").text
    assert "Over juli 2026 tot en met september 2026." in text
    assert "20 van 200" in text


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (at(date(2026, 12, 1), 9), "Over juli 2026 tot en met september 2026."),
        (at(date(2027, 1, 4), 9), "Over juli 2026 tot en met september 2026."),
        (at(date(2027, 1, 5), 9), "Over oktober 2026 tot en met december 2026."),
    ],
)
def test_a_quarter_that_is_not_closed_is_not_whole(now: datetime, words: str) -> None:
    house = make_house("huis")
    several(house, 10)
    with time_machine.travel(now, tick=False):
        screen = Guest()
        screen.client.force_login(make_user(is_coordinator=True))
        assert words in screen.get("/bokd/dorpshuizen/huis/?van=2026-12&tot=2026-12").text


# --- as files ---------------------------------------------------------------------------------------------

CHARTS = ("maanden", "week", "kaart")


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("asked", ["", "?huis=huis"])
def test_each_chart_can_be_downloaded(screen: Guest, name: str, asked: str) -> None:
    closed(make_house("huis"), 17)
    answer = screen.client.get(f"/bokd/grafiek/{name}.svg{asked}")
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert f'filename="naoberplek-{name}-2026-10-2026-10.svg"' in answer["Content-Disposition"]
    assert parse(answer.content.decode()).one("svg").attrs["aria-label"]


@pytest.mark.parametrize(("others", "marks"), [(4, 0), (5, 2)])
def test_the_file_of_a_house_has_the_average_too(screen: Guest, others: int, marks: int) -> None:
    closed(make_house("huis", name="Het Huis"), 17)
    for _ in range(others):
        closed(make_house(), 10)
    drawing = screen.client.get("/bokd/grafiek/maanden.svg?huis=huis").content.decode()
    assert drawing.count('class="mark"') == marks  # the mark itself, and what it means
    assert "Het Huis" in drawing
    network = screen.client.get("/bokd/grafiek/maanden.svg").content.decode()
    assert 'class="mark"' not in network
    assert f"{others + 1} dorpshuizen" in network


def test_another_chart_is_not_there(screen: Guest) -> None:
    make_house("huis")
    assert screen.client.get("/bokd/grafiek/taart.svg").status_code == 404


def test_every_drawing_on_a_page_has_words_and_leads_to_its_file(screen: Guest) -> None:
    closed(make_house("huis"), 17)
    tree = screen.get("/bokd/").tree
    drawings = [node for node in tree.all("svg") if node.attrs.get("role") == "img"]
    assert all(node.attrs["aria-label"] for node in drawings)
    assert len(drawings) == 2
    files = {node.attrs["href"] for node in tree.all("a") if "/grafiek/" in node.attrs.get("href", "")}
    assert files == {f"/bokd/grafiek/{name}.svg?van=2026-10&tot=2026-10" for name in CHARTS}


# --- how much it asks -------------------------------------------------------------------------------------


def many(number: int) -> Iterator[Dorpshuis]:
    for one in range(number):
        house = make_house(f"huis-{one:03}", desks=0, cents=None)
        for month in range(1, 11):
            closed(house, one % 40, date(2026, month, 1))
        closed(house, 10, date(2025, 10, 1))
        yield house


@pytest.mark.parametrize("houses", [8, pytest.param(200, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "page",
    ["", "?van=2025-11&tot=2026-10", "?gemeente=GM9999", "dorpshuizen/", "dorpshuizen/huis-001/", "grafiek/kaart.svg"],
)
def test_closed_months_take_few_queries_for_any_number_of_houses(screen: Guest, houses: int, page: str) -> None:
    list(many(houses))
    know_the_rows()
    with CaptureQueriesContext(connection) as made:
        assert screen.client.get(f"/bokd/{page}").status_code == 200
    assert len(made) <= MOST_QUERIES


@time_machine.travel(at(date(2026, 12, 1), 8), tick=False)
def test_a_month_begins_empty(screen: Guest) -> None:
    assert clock.today() == date(2026, 12, 1)
    closed(make_house("huis"), 1, date(2026, 11, 1))
    assert table(screen, "?van=2026-12&tot=2026-12")["huis"][:3] == ["te weinig", "0", "0"]
