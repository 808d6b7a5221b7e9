"""The figures as a file: what is in it, and that an independent count in plain SQL gives the same."""

import csv
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings

from bookings.actions import closing_month
from bookings.actions.forget import forget
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, ClosedMonth
from portal.base import clock
from portal.base.log import SYSTEM
from tests.bookings.histories import HISTORY, History, make_history
from tests.bookings.plain_count import plain_count
from tests.factories import at, desks_of, make_booking, make_house, make_standing, make_user
from tests.guest import MONDAY, Page, on_monday
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

HEADER = (
    "periode;gm_code;gemeente;kern;dorpshuis;aangeboden;geboekt;gebruikt;aangenomen;niet_gekomen;laat_geannuleerd;"
    "gesloten;bezettingsgraad;unieke_gasten;nieuwe_gasten;terugkerende_gasten;vaste_plekken;maatschappelijk;"
    "inkomsten_cent;definitieversie"
)
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
CLOSED = at(date(2026, 12, 5), 2)
PEOPLE = ("unieke_gasten", "nieuwe_gasten", "terugkerende_gasten")
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="the plain count is PostgreSQL's SQL")


def coordinator() -> Client:
    client = Client()
    client.force_login(make_user(is_coordinator=True))
    return client


def ask(asked: str = "", client: Client | None = None) -> Any:
    return (client or coordinator()).get(f"/bokd/rapport.csv{asked}")


def text_of(asked: str = "", client: Client | None = None) -> str:
    answer = ask(asked, client)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def rows_of(asked: str = "", client: Client | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(text_of(asked, client).splitlines(), delimiter=";"))


def past(house: Dorpshuis, number: int, state: str = Booking.State.USED, **fields: Any) -> None:
    """So many bookings earlier this month, by one guest."""
    reservation = make_booking(house, Moment(MONDAY, Dagdeel.MIDDAG), name="Geheime Gast")
    Booking.objects.filter(reservation=reservation).delete()
    days = [date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)]
    for day in days[:number]:
        Booking.objects.create(
            dorpshuis=house, reservation=reservation, desk=desks_of(house)[0], date=day, dagdeel="ochtend",
            state=state, price_cents=750, tariff="standaard", **fields,
        )  # fmt: skip


# --- what is in it ----------------------------------------------------------------------------------------


def test_a_row_has_every_column_in_this_order() -> None:
    past(make_house("huis", desks=2), 10)
    header, row, end = text_of("?van=2026-11&tot=2026-11").split("\r\n")
    assert header == HEADER
    assert row == ("2026-11;GM9999;Toetsgemeente;Toetsdorp;Huis;62;10;10;0;0;0;0;16.1;<5;<5;<5;0;0;7500;1")
    assert end == ""


def test_the_file_says_what_it_is_and_is_kept_nowhere() -> None:
    make_house("huis")
    answer = ask("?van=2026-10&tot=2026-11")
    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="naoberplek-2026-10-2026-11-voorlopig.csv"' in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("now", "name"),
    [
        (at(date(2026, 11, 30), 12), "2026-11-2026-11-voorlopig"),
        (at(date(2026, 12, 4), 12), "2026-11-2026-11-voorlopig"),
        (at(date(2026, 12, 5), 2), "2026-11-2026-11"),
    ],
)
def test_until_the_fifth_the_name_of_the_file_says_that_it_is_provisional(now: datetime, name: str) -> None:
    make_house("huis")
    with time_machine.travel(now, tick=False):
        assert f'filename="naoberplek-{name}.csv"' in ask("?van=2026-11&tot=2026-11")["Content-Disposition"]


def test_under_twenty_offered_there_is_no_percentage() -> None:
    house = make_house("huis", desks=1)
    past(house, 2)
    house.openings.filter(dagdeel="middag").delete()
    (row,) = rows_of("?van=2026-11")
    assert (row["aangeboden"], row["bezettingsgraad"]) == ("16", "")


def test_nobody_is_a_nought_and_one_to_four_are_fewer_than_five() -> None:
    past(make_house("een"), 1)
    make_house("geen")
    assert [row["unieke_gasten"] for row in rows_of("?van=2026-11")] == ["<5", "0"]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://kwaad.example")', "+31", "-1", "@SUM(A1)", "\t=1"])
def test_no_name_becomes_a_formula(name: str) -> None:
    make_house("huis", name=name)
    (row,) = rows_of("?van=2026-11")
    assert row["dorpshuis"] == f"'{name}"


def test_quotes_and_semicolons_in_a_name_stay_in_their_column() -> None:
    make_house("huis", name='De "Zaal"; zegt men')
    (row,) = rows_of("?van=2026-11")
    assert (row["dorpshuis"], row["definitieversie"]) == ('De "Zaal"; zegt men', "1")


def test_no_guest_is_in_it() -> None:
    past(make_house(), 3)
    text = text_of()
    assert "Geheime" not in text
    assert "voorbeeld.example" not in text


# --- which months and houses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "?van=2026-11&tot=2026-10", "?van=2026-11-20&tot=2026-11-02", "?van=1976-01&tot=2026-11", "?van=abc", "?tot=nu",
        "?van=2026-13", "?van=2026-11-31", "?van=2027-01", "?van=%00", "?gemeente=GM0000", "?huis=%00&huis=x",
        "?soort=kasteel", "?exploitant=x", "?regio=Gelderland", "?van=2026-11&tot=9999-01", "?van=٢٠٢٦-11",
    ],
)  # fmt: skip
def test_what_can_not_be_answered_says_why(asked: str) -> None:
    make_house("huis")
    answer = ask(asked)
    assert answer.status_code == 422
    assert "Dit rapport kan niet" in answer.content.decode()


def test_days_are_widened_to_whole_months() -> None:
    past(make_house("huis"), 10)
    assert rows_of("?van=2026-11-20&tot=2026-11-21") == rows_of("?van=2026-11&tot=2026-11")


def test_filters_choose_houses() -> None:
    make_house("een", kind="mfc")
    make_house("twee")
    assert [row["dorpshuis"] for row in rows_of("?van=2026-11&soort=mfc")] == ["Een"]
    assert [row["dorpshuis"] for row in rows_of("?van=2026-11&huis=twee&gemeente=GM9999&regio=Toetsregio")] == ["Twee"]


def test_a_house_that_joined_has_rows_from_that_month_on() -> None:
    house = make_house("huis", desks=1)
    desks_of(house)[0].room.desks.update(valid_from=date(2026, 11, 16))
    (row,) = rows_of()
    assert (row["periode"], row["aangeboden"]) == ("2026-11", "11")


def test_a_house_without_desks_and_one_that_was_closed_have_offered_nothing() -> None:
    make_house("leeg", desks=0)
    shut = make_house("dicht", desks=1)
    Closure.objects.create(
        dorpshuis=shut, first_day=NOVEMBER, last_day=date(2026, 11, 30), reason="brand", created_at=at(NOVEMBER, 0)
    )
    found = [(row["dorpshuis"], row["aangeboden"], row["gesloten"]) for row in rows_of("?van=2026-11")]
    assert found == [("Dicht", "0", "31"), ("Leeg", "0", "0")]


def test_a_desk_that_went_and_another_of_its_name_are_two() -> None:
    house = make_house("huis", desks=1)
    old = desks_of(house)[0]
    old.valid_until = date(2026, 11, 6)
    old.save()
    old.room.desks.create(name=old.name, valid_from=date(2026, 11, 16))
    (row,) = rows_of("?van=2026-11")
    assert row["aangeboden"] == str(5 * 2 + 5 * 2 + 1)


def shut_on(house: Dorpshuis, day: date) -> None:
    Closure.objects.create(dorpshuis=house, first_day=day, last_day=day, reason="brand", created_at=at(OCTOBER, 0))


def test_who_stands_in_a_slot_that_was_shut_was_not_there() -> None:
    """Called off by nobody, yet shut: neither a guest then, nor somebody who was there before."""
    house = make_house("huis", desks=1)
    past(house, 3, Booking.State.BOOKED)
    for day in (2, 3):
        shut_on(house, date(2026, 11, day))
    for now in (at(MONDAY, 13, 30), CLOSED):
        with time_machine.travel(now, tick=False):
            closing_month.run()
            (row,) = rows_of("?van=2026-11&tot=2026-11")
        assert [row["aangenomen"], row["gesloten"]] == ["1", "4"]
        assert [row[name] for name in PEOPLE] == ["<5", "<5", "0"]


def test_a_visit_that_the_house_shut_does_not_make_a_guest_known() -> None:
    house = make_house("huis", desks=1)
    past(house, 2)
    Booking.objects.filter(date=date(2026, 11, 2)).update(date=date(2026, 10, 8), state=Booking.State.BOOKED)
    shut_on(house, date(2026, 10, 8))
    for now in (at(MONDAY, 13, 30), CLOSED):
        with time_machine.travel(now, tick=False):
            closing_month.run()
            october, november = rows_of("?van=2026-10&tot=2026-11")
        assert [october[name] for name in PEOPLE] == ["0", "0", "0"]
        assert [november[name] for name in PEOPLE] == ["<5", "<5", "0"]


@pytest.mark.parametrize(
    ("state", "hour", "counted"),
    [("booked", 13, "0"), ("used", 13, "1"), ("no_show", 13, "1"), ("booked", 23, "0"), ("booked", 24, "1")],
)
def test_without_a_line_in_the_schedule_it_counts_after_the_day_or_once_somebody_was_seen(
    state: str, hour: int, counted: str
) -> None:
    """No clock time belongs to that evening: nobody can tell when it begins."""
    house = make_house("huis", desks=1)
    past(house, 1, state)
    Booking.objects.update(date=MONDAY, dagdeel="avond")
    with time_machine.travel(at(MONDAY, 0) + timedelta(hours=hour), tick=False):
        (row,) = rows_of("?van=2026-11")
    assert row["geboekt"] == counted


def test_a_house_with_standing_places_alone_has_no_other_use() -> None:
    """Its only desk is the wijkagent's each Tuesday afternoon, and nobody else comes."""
    house = make_house("huis", desks=1)
    make_standing(house)
    with time_machine.travel(CLOSED, tick=False):
        closing_month.run()
        (row,) = rows_of("?van=2026-11&tot=2026-11")
    assert [row["geboekt"], row["gebruikt"], row["vaste_plekken"], row["maatschappelijk"]] == ["1", "1", "1", "1"]
    assert [row["inkomsten_cent"], row["unieke_gasten"]] == ["0", "<5"]


def test_who_is_deleted_leaves_every_count_as_it_was() -> None:
    house = make_house("huis", desks=1)
    past(house, 6)
    with time_machine.travel(at(date(2026, 11, 27), 12), tick=False):
        before = rows_of("?van=2026-11")
        forget(house.guests.get(), SYSTEM)
        assert rows_of("?van=2026-11") == before
    with time_machine.travel(CLOSED, tick=False):
        closing_month.run()
        (row,) = rows_of("?van=2026-11&tot=2026-11")
    assert [row["gebruikt"], row["inkomsten_cent"], *(row[name] for name in PEOPLE)] == ["6", "4500", "<5", "<5", "<5"]


@pytest.mark.parametrize("houses", [1, 3])
def test_it_takes_the_same_queries_for_one_and_three_houses(query_count: Any, houses: int) -> None:
    client = coordinator()
    for _ in range(houses):
        past(make_house(), 1)
    with query_count(19):
        assert len(rows_of("?van=2026-11", client)) == houses


# --- the same as plain SQL --------------------------------------------------------------------------------


def page_rows(client: Client) -> list[list[str]]:
    """What the page of the report says of each month: the counts and who was there, without percentages and money."""
    page = Page(client.get("/bokd/rapport/?van=2026-09&tot=2026-11"))  # type: ignore[arg-type]
    rows = [[cell.text for cell in row.all("td")] for row in page.tree.one("table").all("tr") if row.all("td")]
    return [row[:7] + row[8:11] for row in rows]


def same_as_sql(house: Dorpshuis, client: Client, now: datetime, *months: date) -> None:
    """Each row of the file for this house says what the plain count says."""
    rows = {row["periode"]: row for row in rows_of("?van=2026-09&tot=2026-11", client)}
    for month in months:
        counted = plain_count(house.pk, month, now)
        row = rows.get(f"{month:%Y-%m}")
        if row is None:
            assert counted["geboekt"] == 0
            continue
        full, together = counted.pop("volle_dagdelen"), counted.pop("samen")
        asked = f"?van={month:%Y-%m}&tot={month:%Y-%m}"
        page = Page(client.get(f"/bokd/dorpshuizen/{house.slug}/{asked}"))  # type: ignore[arg-type]
        assert f"Volle dagdelen {full} van " in page.text
        assert f"Samen aan het werk {together} dagde" in page.text
        for name, value in counted.items():
            if name not in PEOPLE:
                assert row[name] == str(value), (month, name)
            elif row[name]:
                assert row[name] == ("<5" if 0 < value < 5 else str(value)), (month, name)
        assert counted["aangeboden"] >= counted["geboekt"]
    same = [[*list(row.values())[5:12], *(row[name] or "–" for name in PEOPLE)] for row in rows.values()]
    assert page_rows(client) == same


def check_history(history: History) -> None:
    with transaction.atomic():
        house, client = make_history(history), coordinator()
        with time_machine.travel(at(MONDAY, 13, 30), tick=False):
            client = coordinator()
            same_as_sql(house, client, clock.now(), NOVEMBER)
        with time_machine.travel(CLOSED, tick=False):
            client = coordinator()
            closing_month.run()
            assert ClosedMonth.objects.filter(month=NOVEMBER).count() == 1
            same_as_sql(house, client, clock.now(), OCTOBER, NOVEMBER)
            assert closing_month.run() == 0
        transaction.set_rollback(True)


@on_postgres
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(history=HISTORY)
def test_a_random_history_counts_as_in_plain_sql(history: History) -> None:
    check_history(history)


@on_postgres
@pytest.mark.long
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(history=HISTORY)
def test_many_random_histories_count_as_in_plain_sql(history: History) -> None:
    check_history(history)
