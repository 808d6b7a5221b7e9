"""The public JSON of what is free in a house."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from tests.factories import make_booking, make_house
from tests.guest import MONDAY, WEDNESDAY, on_monday
from villages.models import Closure, Dorpshuis, Opening

pytestmark = [pytest.mark.django_db, on_monday]


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


def ask(client: Client, status: int = 200, **query: str) -> Any:
    answer = client.get("/dorpshuizen/het-huis/beschikbaarheid.json", query)
    assert answer.status_code == status
    return answer.json()


def one(client: Client, moment: str) -> dict[str, Any]:
    """What it says of one dagdeel."""
    day, part = moment.split(":")
    (found,) = [row for row in ask(client, van=day, tot=day)["dagdelen"] if row["dagdeel"] == part]
    assert isinstance(found, dict)
    return found


def test_a_free_dagdeel_has_all_that_the_contract_names(client: Client, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY)
    assert one(client, "2026-11-25:ochtend") == {
        "datum": "2026-11-25",
        "dagdeel": "ochtend",
        "begin": "08:30",
        "eind": "12:30",
        "vrij": 3,
        "totaal": 4,
        "prijs_cent": 750,
        "status": "vrij",
        "reden": None,
    }


def test_it_tells_whose_it_is_and_each_dagdeel_in_order(client: Client, house: Dorpshuis) -> None:
    answer = ask(client, van="2026-11-25", tot="2026-11-26")
    order = [(row["datum"], row["dagdeel"]) for row in answer["dagdelen"]]
    days = ("2026-11-25", "2026-11-26")
    assert list(answer) == ["dorpshuis", "dagdelen"]
    assert answer["dorpshuis"] == "het-huis"
    assert order == [(day, part) for day in days for part in ("ochtend", "middag", "avond")]


@pytest.mark.parametrize(
    ("moment", "status", "reason"),
    [
        ("2026-11-20:ochtend", "voorbij", "voorbij"),
        ("2026-11-23:ochtend", "te_laat", "te laat om nog te boeken"),
        ("2026-11-23:middag", "vrij", None),
        ("2026-11-25:ochtend", "vol", "vol"),
        ("2026-11-25:avond", "gesloten", "’s avonds dicht"),
        ("2026-11-26:ochtend", "bellen", "bel om dit te boeken"),
        ("2026-11-27:ochtend", "gesloten", "dorpsfeest"),
        ("2026-11-28:ochtend", "gesloten", "zaterdag"),
        ("2027-01-25:ochtend", "nog_niet", "boeken kan vanaf donderdag 26 november"),
    ],
)
def test_each_status_has_its_word_and_reason(
    client: Client, house: Dorpshuis, moment: str, status: str, reason: str | None
) -> None:
    for _ in range(4):
        make_booking(house, WEDNESDAY)
    Opening.objects.filter(weekday=3, dagdeel="ochtend").update(by_appointment=True)
    friday = date(2026, 11, 27)
    Closure.objects.create(dorpshuis=house, first_day=friday, last_day=friday, reason="dorpsfeest")
    found = one(client, moment)
    assert (found["status"], found["reden"]) == (status, reason)


def test_without_dates_it_is_the_week_from_today(client: Client, house: Dorpshuis) -> None:
    days = [row["datum"] for row in ask(client)["dagdelen"]]
    assert (days[0], days[-1], len(days)) == ("2026-11-23", "2026-11-29", 21)


def test_sixty_two_days_are_the_most(client: Client, house: Dorpshuis) -> None:
    assert len(ask(client, van="2026-12-01", tot="2027-01-31")["dagdelen"]) == 62 * 3
    assert ask(client, 422, van="2026-12-01", tot="2027-02-01") == {
        "fout": "Vraag hoogstens 62 dagen, en begin met de eerste."
    }


@pytest.mark.parametrize(
    "query",
    [
        {"van": "gisteren"},
        {"van": "2026-02-30"},
        {"van": "0001-01-01"},
        {"van": "9999-12-31"},
        {"van": "2026-11-25\x00"},
        {"van": ""},
        {"van": "9" * 5_000},
        {"tot": "25-11-2026"},
        {"van": "2026-11-25", "tot": "2026-11-24"},
        {"van": "2000-01-01", "tot": "2100-12-31"},
    ],
)
def test_dates_that_make_no_sense_are_422(client: Client, house: Dorpshuis, query: dict[str, str]) -> None:
    assert list(ask(client, 422, **query)) == ["fout"]


@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
def test_the_ends_of_the_calendar_are_no_failure(client: Client, house: Dorpshuis, day: str) -> None:
    assert len(ask(client, van=day, tot=day)["dagdelen"]) == 3


def test_it_holds_nothing_about_persons(client: Client, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, name="Geheim", email="geheim@voorbeeld.example", phone="+31612345678")
    text = client.get("/dorpshuizen/het-huis/beschikbaarheid.json").content.decode()
    assert '"vrij": 3' in text
    for secret in ("Geheim", "geheim", "12345678", reservation.reference):
        assert secret not in text


def test_other_sites_may_read_it_and_it_sets_no_cookie(client: Client, house: Dorpshuis) -> None:
    answer = client.get("/dorpshuizen/het-huis/beschikbaarheid.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Type"] == "application/json"
    assert answer.cookies == {}


def test_words_are_readable_as_they_stand(client: Client, house: Dorpshuis) -> None:
    assert "’s avonds dicht" in client.get("/dorpshuizen/het-huis/beschikbaarheid.json").content.decode()


@pytest.mark.parametrize("status", [Dorpshuis.Status.STOPPED, Dorpshuis.Status.ASKED])
def test_a_house_that_is_not_public_has_none(client: Client, house: Dorpshuis, status: str) -> None:
    Dorpshuis.objects.update(status=status)
    assert client.get("/dorpshuizen/het-huis/beschikbaarheid.json").status_code == 404


def test_a_house_that_is_getting_ready_offers_nothing(client: Client, house: Dorpshuis) -> None:
    Dorpshuis.objects.update(status=Dorpshuis.Status.ASPIRANT)
    assert {row["status"] for row in ask(client)["dagdelen"]} == {"gesloten"}


@pytest.mark.parametrize(("desks", "bookings"), [(1, 1), (3, 30)])
def test_it_takes_six_queries_however_much_there_is(
    client: Client, query_count: Any, desks: int, bookings: int
) -> None:
    house = make_house("het-huis", desks=desks)
    days = [MONDAY + timedelta(days=n) for n in range(1, 60)]
    workdays = [day for day in days if day.weekday() < 5][:bookings]
    for day in workdays:
        make_booking(house, Moment(day, Dagdeel.OCHTEND))
    with query_count(6):
        assert len(ask(client, van="2026-11-23", tot="2027-01-23")["dagdelen"]) == 186
    assert Booking.objects.count() == bookings
