"""The figures of a house for who runs it: a month beside the average, thirteen months, a quarter by dagdeel, hours."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from bookings.models import Booking, ClosedMonth, SlotSummary, VolunteerHours
from portal.base.log.models import LogEntry
from tests.bookings.frozen_months import make_closed_month, make_people
from tests.conftest import QueryCount
from tests.factories import make_booking, make_house, make_member, make_user
from tests.guest import WEDNESDAY, Guest, Node, Page, on_monday
from villages.models import Dorpshuis, Membership

pytestmark = [pytest.mark.django_db, on_monday]

Role = Membership.Role
ADDRESS = "/beheer/het-huis/cijfers/"


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


def screen(house: Dorpshuis, role: str = Role.BOARD) -> Guest:
    guest = Guest()
    guest.client = Client()
    guest.client.force_login(make_member(house, role))
    return guest


def others(number: int, **counts: Any) -> None:
    for _ in range(number):
        make_closed_month(make_house(), **counts)


def rows_of(node: Node) -> dict[str, list[str]]:
    """Each row of the first table in it: its head, and its cells."""
    return {row.one("th").text: [cell.text for cell in row.all("td")] for row in node.one("tbody").all("tr")}


def slots(page: Page) -> dict[str, list[str]]:
    return rows_of(page.tree.one(aria_label="Tabel: plekken in deze maand"))


# --- the month --------------------------------------------------------------------------------------------


def test_the_last_closed_month_is_shown_and_when_it_was_closed(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40, used=10, assumed=4, no_show=1, late_cancelled=2)
    page = screen(house).get(ADDRESS)
    assert page.tree.one("h1").text == "Cijfers van oktober 2026"
    assert "Afgesloten op 23 november 2026." in page.text
    assert "25,0% 10 van 40 plekken gebruikt" in page.text
    found = slots(page)
    assert [found[name] for name in ("Aangeboden", "Geboekt", "Gebruikt", "Niet gekomen", "Laat geannuleerd")] == [
        ["40"],
        ["13"],
        ["10"],
        ["1"],
        ["2"],
    ]
    assert found["waarvan aangenomen"] == ["4"]
    assert "Reserveringsgraad: 32,5% (13 van 40 plekken geboekt)." in page.text


def test_the_running_month_is_provisional(house: Dorpshuis) -> None:
    page = screen(house).get(f"{ADDRESS}?tot=2026-11")
    assert "Voorlopig: deze maand is nog niet afgesloten." in page.text
    assert "Daarna zie je hier het gemiddelde." in page.text


def test_beside_it_stands_the_average_of_five_other_houses(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40, used=10)
    others(4, offered=100, used=30)
    others(1, offered=100, used=5)
    page = screen(house).get(ADDRESS)
    assert slots(page)["Gebruikt"] == ["10", "25,0"]
    assert "25,0% 125 van 500 plekken, in 5 dorpshuizen" in page.text


def test_of_four_other_houses_there_is_no_average_and_the_page_says_why(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40, used=10)
    others(4, offered=100, used=30)
    others(3, offered=0)
    page = screen(house).get(ADDRESS)
    assert slots(page)["Gebruikt"] == ["10"]
    assert "Er is geen gemiddelde: daarvoor moeten minstens 5 andere dorpshuizen meedoen." in page.text


def test_standing_and_social_use_stand_apart(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40, used=30, standing=12, social=3)
    text = screen(house).get(ADDRESS).text
    assert "Vaste plekken 12 van 30 gebruikte plekken, 40,0%" in text
    assert "Maatschappelijk gebruik 3 van 30 gebruikte plekken, 10,0%" in text


def test_one_to_four_people_are_fewer_than_five_and_what_would_tell_is_a_dash(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40, used=10)
    make_people("house", house.pk, unique=9, new=2, returning=7, hidden=["returning"])
    found = screen(house).get(ADDRESS).tree.one("dl", class_="pairs")
    assert [node.text for node in found.all("dd")] == ["9", "<5", "–", "0"]


def test_a_month_of_which_there_is_nothing_says_so(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40)
    assert "Van deze maand zijn er geen cijfers" in screen(house).get(f"{ADDRESS}?tot=2025-03").text


@pytest.mark.parametrize("asked", ["x", "2026-13", "2031-01", "0000-00", "2026-10-10-10"])
def test_a_month_that_can_not_be_is_refused_with_a_sentence(house: Dorpshuis, asked: str) -> None:
    page = screen(house).get(f"{ADDRESS}?tot={asked}")
    assert page.status == 422
    assert page.tree.one(role="alert").text


# --- the year and the week ------------------------------------------------------------------------------


def test_thirteen_months_have_a_chart_and_its_table(house: Dorpshuis) -> None:
    make_closed_month(house, date(2026, 9, 1), offered=40, used=7)
    make_closed_month(house, offered=40, used=10)
    page = screen(house).get(ADDRESS)
    words = page.tree.one("svg", class_="chart").attrs["aria-label"]
    assert "7 in september 2026, 10 in oktober 2026" in words
    found = rows_of(page.tree.one(aria_label="Tabel: plekken per maand"))
    assert {name: cells[:3] for name, cells in found.items()} == {
        "sep 2026": ["7", "40", "17,5%"],
        "okt 2026": ["10", "40", "25,0%"],
    }


@pytest.mark.parametrize(("houses", "told"), [(4, False), (5, True)])
def test_the_bars_have_the_average_of_five_others_as_marks(house: Dorpshuis, houses: int, told: bool) -> None:
    make_closed_month(house, date(2026, 9, 1), offered=40, used=7)
    make_closed_month(house, offered=40, used=10)
    others(houses, offered=100, used=30)
    board = screen(house)
    page = board.get(ADDRESS)
    assert ("Een dwarsstreep" in page.text) is told
    year = rows_of(page.tree.one(aria_label="Tabel: plekken per maand"))
    if told:
        assert [year[month][3] for month in ("sep 2026", "okt 2026")] == ["–", "12"]
    file = board.client.get(f"{ADDRESS}maanden.svg?tot=2026-10").content.decode()
    assert file.count('class="mark"') == 2 * told  # the mark itself, and what it means


def test_a_day_is_widened_to_its_month_and_the_page_says_so(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40, used=10)
    board, sentence = screen(house), "We rekenen met hele maanden. Je ziet oktober 2026."
    assert sentence in board.get(f"{ADDRESS}?tot=2026-10-12").text
    assert [sentence in board.get(ADDRESS + asked).text for asked in ("", "?tot=2026-10")] == [False, False]


def test_the_week_by_dagdeel_is_there_from_a_whole_closed_quarter_on(house: Dorpshuis) -> None:
    for month in (8, 9):
        make_closed_month(house, date(2026, month, 1), offered=40, used=7)
    board = screen(house)
    assert "Deze tabel komt als er een heel kwartaal is afgesloten." in board.get(ADDRESS).text
    make_closed_month(house, date(2026, 7, 1), offered=40, used=10)
    make_closed_month(house, offered=40, used=39)
    page = board.get(ADDRESS)
    assert "Van juli 2026 tot en met september 2026." in page.text
    assert "24 van 120" in page.tree.one(aria_label="Tabel: bezetting per dag en dagdeel").text


# --- money ------------------------------------------------------------------------------------------------


def test_board_and_treasurer_see_what_was_earned_by_price_and_payment(house: Dorpshuis) -> None:
    income = [["standaard", "pin", 3, 2250], ["gratis", "", 1, 0]]
    make_closed_month(house, offered=40, used=4, cents=2250, income=income)
    name = "Tabel: inkomsten per prijs en manier van betalen"
    body = screen(house, Role.TREASURER).get(ADDRESS).tree.one(aria_label=name).one("tbody")
    cells = [[cell.text for cell in row.children if isinstance(cell, Node)] for row in body.all("tr")]
    assert cells == [
        ["Gewone prijs", "pin", "3", "€ 22,50"],
        ["Gratis", "nog niet betaald", "1", "€ 0,00"],
        ["Samen", "", "4", "€ 22,50"],
    ]


def test_a_volunteer_sees_no_money_on_page_and_in_file(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40, used=4, cents=2250, income=[["standaard", "pin", 3, 2250]])
    volunteer = screen(house, Role.VOLUNTEER)
    page = volunteer.get(ADDRESS)
    assert ("Inkomsten" in page.text, "€" in page.text) == (False, False)
    assert file_of(volunteer)[0]["inkomsten_cent"] == ""
    assert file_of(screen(house))[0]["inkomsten_cent"] == "2250"


# --- the file ---------------------------------------------------------------------------------------------


def file_of(guest: Guest, asked: str = "?van=2026-10&tot=2026-10") -> list[dict[str, str]]:
    answer: Any = guest.client.get(f"{ADDRESS}cijfers.csv{asked}")
    head, *lines = b"".join(answer.streaming_content).decode().splitlines()
    return [dict(zip(head.split(";"), line.split(";"), strict=True)) for line in lines]


def test_the_file_has_the_house_alone(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40, used=4)
    others(1, offered=100)
    (row,) = file_of(screen(house))
    assert (row["dorpshuis"], row["aangeboden"], row["gebruikt"]) == ("Het Huis", "40", "4")
    assert len(file_of(screen(house), "?van=2026-10&tot=2026-10&huis=huis-1")) == 1


def test_a_period_that_can_not_be_is_refused_with_a_sentence(house: Dorpshuis) -> None:
    page = screen(house).get(f"{ADDRESS}cijfers.csv?van=2026-10&tot=2026-09")
    assert (page.status, page.tree.one(role="alert").text) == (
        422,
        "De laatste maand ligt voor de eerste. Draai ze om.",
    )


@pytest.mark.parametrize("name", ["maanden", "week"])
def test_each_chart_is_a_file_too(house: Dorpshuis, name: str) -> None:
    for month in (7, 8, 9, 10):
        make_closed_month(house, date(2026, month, 1), offered=40, used=10)
    board = screen(house)
    address = f"{ADDRESS}{name}.svg?tot=2026-10"
    assert address in {link.attrs["href"] for link in board.get(ADDRESS).tree.all("a")}
    answer = board.client.get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="het-huis-{name}-2026-10.svg"'
    assert "Het Huis" in answer.content.decode()


def test_another_chart_is_not_there_and_a_month_that_can_not_be_is_refused(house: Dorpshuis) -> None:
    board = screen(house)
    assert [board.client.get(ADDRESS + end).status_code for end in ("kaart.svg", "week.svg?tot=x")] == [404, 422]


# --- hours ------------------------------------------------------------------------------------------------


def enter(guest: Guest, month: str = "2026-11", hours: str = "12") -> Any:
    return guest.client.post(ADDRESS, {"maand": month, "uren": hours})


def test_the_house_enters_the_hours_of_its_volunteers(house: Dorpshuis) -> None:
    volunteer = screen(house, Role.VOLUNTEER)
    answer = enter(volunteer)
    assert (answer.status_code, answer["Location"]) == (302, f"{ADDRESS}?tot=2026-11&bewaard=ja#uren")
    assert list(VolunteerHours.objects.values_list("month", "hours")) == [(date(2026, 11, 1), 12)]
    assert "In november 2026: 12 uur." in volunteer.get(f"{ADDRESS}?tot=2026-11").text
    assert LogEntry.objects.filter(verb="enter_hours", dorpshuis_id=house.pk).count() == 1


def test_the_year_says_the_hours_of_the_month_that_runs_too(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40, used=10)
    board = screen(house)
    enter(board, "2026-11", "12")
    year = rows_of(board.get(f"{ADDRESS}?tot=2026-11").tree.one(aria_label="Tabel: plekken per maand"))
    assert [year["okt 2026"][-1], year["nov 2026 voorlopig"][-1]] == ["niet ingevuld", "12"]


def test_the_same_hours_twice_write_nothing_more(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40, used=4)
    board = screen(house)
    enter(board, "2026-10")
    before = (LogEntry.objects.count(), ClosedMonth.objects.count())
    enter(board, "2026-10")
    assert (LogEntry.objects.count(), ClosedMonth.objects.count()) == before


def test_hours_of_a_closed_month_are_a_new_version_with_the_same_slots(house: Dorpshuis) -> None:
    make_closed_month(house, offered=40, used=4, income=[["standaard", "pin", 4, 3000]])
    board = screen(house)
    enter(board, "2026-10")
    enter(board, "2026-10", "15")
    found = ClosedMonth.objects.order_by("version")
    assert [(row.version, row.volunteer_hours) for row in found] == [(1, None), (2, 12), (3, 15)]
    assert [row.income for row in found][2] == [["standaard", "pin", 4, 3000]]
    assert list(SlotSummary.objects.order_by("pk").values_list("offered", "used")) == [(40, 4)] * 3
    page = board.get(ADDRESS)
    assert "Dit is versie 3" in page.text
    assert "In oktober 2026: 15 uur." in page.text
    assert slots(page)["Aangeboden"] == ["40"]


@pytest.mark.parametrize(
    ("month", "hours", "sentence"),
    [
        ("2026-11", "", "Vul een heel getal in, bijvoorbeeld 12."),
        ("2026-11", "-1", "Vul een heel getal in, bijvoorbeeld 12."),
        ("2026-11", "7,5", "Vul een heel getal in, bijvoorbeeld 12."),
        ("2026-11", "99999", "Dat is te veel. Vul hoogstens 5000 uur in."),
        ("2026-12", "12", "Kies een maand uit de lijst."),
        ("2025-10", "12", "Kies een maand uit de lijst."),
        ("", "12", "Kies een maand uit de lijst."),
        ("\x00", "12", "Kies een maand uit de lijst."),
    ],
)
def test_hours_that_can_not_be_are_refused_with_a_sentence(
    house: Dorpshuis, month: str, hours: str, sentence: str
) -> None:
    answer = enter(screen(house), month, hours)
    assert answer.status_code == 422
    assert sentence in Page(answer).text
    assert not VolunteerHours.objects.exists()


# --- who, and at what cost --------------------------------------------------------------------------------


def test_a_host_and_others_do_not_get_in(house: Dorpshuis) -> None:
    stranger = Guest()
    stranger.client.force_login(make_user(is_coordinator=True))
    assert (screen(house, Role.HOST).get(ADDRESS).status, stranger.get(ADDRESS).status) == (403, 404)
    assert stranger.get(f"{ADDRESS}cijfers.csv").status == 404


def test_no_guest_is_in_it(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, name="Geheime Gast", email="geheim@voorbeeld.example")
    Booking.objects.filter(reservation=reservation).update(date=date(2026, 11, 4))
    html = screen(house).get(f"{ADDRESS}?tot=2026-11").html
    assert [words in html for words in ("Geheime", "geheim@", reservation.reference)] == [False, False, False]


@pytest.mark.parametrize("houses", [8, pytest.param(200, marks=pytest.mark.long)])
def test_closed_months_take_fifteen_queries_however_many_houses(
    house: Dorpshuis, query_count: QueryCount, houses: int
) -> None:
    for month in (7, 8, 9, 10):
        make_closed_month(house, date(2026, month, 1), offered=40, used=10)
    others(houses, offered=100, used=30)
    board = screen(house)
    with query_count(15):
        assert "dorpshuizen" in board.get(ADDRESS).text
