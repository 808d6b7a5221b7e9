"""A province is closed for real, and read from every page and file that shows people: no hidden number can be known."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.actions import closing_month
from bookings.domain.months import Period, Span
from bookings.domain.suppression import COLUMNS, shown
from bookings.models import Booking, Guest, PersonSummary, Reservation
from bookings.reports.closing import houses_closed, place_of
from bookings.reports.hiding import APART, Cell, Place, Row, groups_of
from tests.bookings.test_report_csv import coordinator
from tests.domain.solver import solved
from tests.factories import at, desks_of, make_house
from tests.guest import Page, on_monday
from villages.models import Desk, Dorpshuis, Municipality, Operator, Village

pytestmark = [pytest.mark.django_db, pytest.mark.long, on_monday]

FIRST, DECEMBER, DAYS = date(2026, 10, 1), date(2026, 12, 1), 92
MONTHS = [FIRST, date(2026, 11, 1), DECEMBER]
PERIODS = [*map(Period, MONTHS), Period(FIRST, Span.QUARTER), Period(date(2026, 1, 1), Span.YEAR)]
NAMES = {
    "Unieke gasten": "unique",
    "Nieuwe gasten": "new",
    "Terugkerende gasten": "returning",
    "Vaste gasten": "regular",
}
OF_FILE = {"unieke_gasten": "unique", "nieuwe_gasten": "new", "terugkerende_gasten": "returning"}


def province(seed: int) -> list[Dorpshuis]:
    """Five houses in two municipalities, three of one operator, and who came there from October to December."""
    chance, operator = random.Random(seed), Operator.objects.create(name="Welzijn")
    elsewhere = Village.objects.create(
        name="Verdorp",
        slug="verdorp",
        municipality=Municipality.objects.create(gm_code="GM9998", name="Elders", region="Andere regio"),
        latitude=52.9,
        longitude=6.6,
    )
    houses = [make_house(f"huis-{number}", desks=30) for number in range(5)]
    Dorpshuis.objects.filter(slug__in=["huis-3", "huis-4"]).update(village=elsewhere)
    Dorpshuis.objects.filter(slug__in=["huis-1", "huis-2", "huis-3"]).update(operator=operator)
    Desk.objects.update(valid_from=FIRST)
    for person in range(30):
        for house in chance.sample(houses, chance.choice([1, 1, 2])):
            days = chance.sample(range(DAYS), chance.choice([1, 1, 2, 5]))
            came(house, person, [FIRST + timedelta(days=day) for day in days])
    return houses


def came(house: Dorpshuis, person: int, days: list[date]) -> None:
    """Each at her own desk, so that none is taken twice."""
    guest = Guest.objects.create(dorpshuis=house, name="Gast", email=f"gast-{person}@voorbeeld.example")
    order = Reservation.objects.create(dorpshuis=house, guest=guest, email=guest.email, tariff="gratis")
    slot = {"dorpshuis": house, "reservation": order, "desk": desks_of(house)[person], "dagdeel": "ochtend"}
    paid = {"price_cents": 0, "tariff": "gratis"}
    Booking.objects.bulk_create(Booking(**slot, **paid, date=day, state=Booking.State.USED) for day in days)


def of_page(client: Client, address: str, period: Period) -> dict[str, str]:
    """What this page tells of people in this period, by column; empty when it tells nothing of them."""
    page = Page(client.get(f"{address}&van={period.first:%Y-%m}&tot={period.last:%Y-%m}"))  # type: ignore[arg-type]
    assert page.status == 200
    found = {}
    for pairs in page.tree.all("dl"):
        for name, number in zip(pairs.all("dt"), pairs.all("dd"), strict=True):
            if name.text in NAMES:
                found[NAMES[name.text]] = number.text.replace("–", "")
    return found


def read_everything(client: Client, houses: list[Dorpshuis]) -> Iterator[tuple[Cell, str]]:
    """Every number of people on BOKD's pages and in the file."""
    ids = {str(house): str(house.pk) for house in houses}
    answer: Any = client.get("/bokd/rapport.csv?van=2026-10&tot=2026-12")
    for line in csv.DictReader(b"".join(answer.streaming_content).decode().splitlines(), delimiter=";"):
        row = ("house", ids[line["dorpshuis"]]), Period(date.fromisoformat(f"{line['periode']}-01"))
        yield from (((row, name), line[column]) for column, name in OF_FILE.items())
    pages: dict[Place, str] = {("house", str(house.pk)): f"/bokd/dorpshuizen/{house.slug}/?" for house in houses}
    for place in groups_of(houses):
        asked = {"municipality": "?gemeente=", "operator": "?exploitant=", "network": "?huis="}[place[0]] + place[1]
        pages[place] = f"/bokd/{asked}"
    for place, address in pages.items():
        for period in PERIODS:
            for name, text in of_page(client, address, period).items():
                yield ((place, period), name), text


@pytest.mark.parametrize(("seed", "refuses"), [(1, ""), (2, ""), (1, "huis-1")])
def test_no_number_that_is_hidden_follows_from_what_pages_and_files_tell(seed: int, refuses: str) -> None:
    """One house may share no figures about persons any more, after two months in which it did."""
    province(seed)
    with time_machine.travel(at(date(2026, 12, 5), 2), tick=False):
        closing_month.run()
    Dorpshuis.objects.filter(slug=refuses).update(joint_reporting=False)
    silent = {("house", str(house.pk)) for house in Dorpshuis.objects.filter(slug=refuses)}
    with time_machine.travel(at(date(2027, 1, 5), 2), tick=False):
        closing_month.run()
        houses = houses_closed(DECEMBER)
        rows: dict[Row, Any] = {(place_of(one), one.period): one for one in PersonSummary.objects.newest()}
        texts: dict[Cell, str] = {(row, name): "" for row in rows for name in COLUMNS}
        for (row, name), text in read_everything(coordinator(), houses):
            own = shown(getattr(rows[row], name), hidden=name in rows[row].hidden)
            assert text == ("" if row[0] in silent else own), (row, name)
            # What it shared before somebody may know still.
            texts[row, name] = own
    assert sum(text != "" for text in texts.values()) > len(texts) / 2
    apart = {row for row, one in rows.items() if APART in one.hidden}
    assert {place for place, _ in apart} == silent
    assert solved({row: one.figures for row, one in rows.items()}, groups_of(houses), texts, apart) == []


def test_of_any_other_choice_of_houses_no_people_are_told() -> None:
    province(1)
    both = f"gemeente=GM9999&exploitant={Operator.objects.get().pk}"
    with time_machine.travel(at(date(2027, 1, 5), 2), tick=False):
        closing_month.run()
        client = coordinator()
        for asked in ("regio=Toetsregio", "soort=dorpshuis", "huis=huis-1", "huis=huis-1&huis=huis-2", both):
            assert [of_page(client, f"/bokd/?{asked}", period) for period in PERIODS] == [{}] * len(PERIODS), asked
