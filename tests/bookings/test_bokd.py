"""BOKD's first screen: this month in every house. Totals only, never a name."""

from datetime import date
from typing import Any

import pytest

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from tests.factories import at, desks_of, make_booking, make_house, make_user
from tests.guest import MONDAY, Guest, on_monday
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

# Of November, until Monday the 23rd at nine: fifteen whole workdays and that Monday's morning.
OFFERED_PER_DESK = 15 * 2 + 1


@pytest.fixture
def screen() -> Guest:
    """The coordinator at her screen."""
    guest = Guest()
    guest.client.force_login(make_user(is_coordinator=True))
    return guest


def table(screen: Guest) -> dict[str, list[str]]:
    """Each row of the table by the address of its house: offered, booked, share."""
    body = screen.get("/bokd/").tree.one("tbody")
    return {row.one("a").attrs["href"]: [cell.text for cell in row.all("td")] for row in body.all("tr")}


def past(house: Dorpshuis, number: int, state: str = Booking.State.BOOKED) -> None:
    """So many bookings earlier this month, by one guest."""
    reservation = make_booking(house, Moment(MONDAY, Dagdeel.MIDDAG), name="Geheime Gast")
    days = [date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)]
    for day in days[:number]:
        Booking.objects.create(
            dorpshuis=house, reservation=reservation, desk=desks_of(house)[0], date=day, dagdeel="ochtend",
            state=state, price_cents=750, tariff="standaard",
        )  # fmt: skip


def test_a_row_counts_what_has_begun_this_month(screen: Guest) -> None:
    past(make_house("huis", desks=2), 10)
    offered = OFFERED_PER_DESK * 2
    assert table(screen) == {"/dorpshuizen/huis/": [str(offered), "10", "16%"]}


@pytest.mark.parametrize(
    ("state", "booked"),
    [
        ("used", "3"),
        ("no_show", "3"),
        ("late_cancelled", "3"),
        ("cancelled", "0"),
        ("house_cancelled", "0"),
        ("retaken", "0"),
    ],
)
def test_what_counts_as_booked(screen: Guest, state: str, booked: str) -> None:
    past(make_house("huis"), 3, state)
    assert table(screen)["/dorpshuizen/huis/"][1] == booked


def test_a_closed_day_is_neither_offered_nor_booked(screen: Guest) -> None:
    house = make_house("huis", desks=1)
    past(house, 2)
    day = date(2026, 11, 2)
    Closure.objects.create(dorpshuis=house, first_day=day, last_day=day, reason="dorpsfeest", created_at=at(day, 7))
    assert table(screen)["/dorpshuizen/huis/"][:2] == [str(OFFERED_PER_DESK - 2), "1"]


def test_under_twenty_offered_there_is_no_percentage(screen: Guest) -> None:
    house = make_house("huis", desks=1)
    past(house, 2)
    house.openings.filter(dagdeel="middag").delete()
    assert table(screen)["/dorpshuizen/huis/"] == ["16", "2", "te weinig"]


@pytest.mark.time_machine(at(date(2026, 12, 1), 8), tick=False)
def test_a_month_begins_empty(screen: Guest) -> None:
    make_house("huis")
    assert table(screen)["/dorpshuizen/huis/"] == ["0", "0", "te weinig"]


def test_only_houses_that_take_bookings_are_in_it(screen: Guest) -> None:
    make_house("huis")
    make_house("straks", desks=0, status=Dorpshuis.Status.ASPIRANT)
    assert list(table(screen)) == ["/dorpshuizen/huis/"]


def test_no_guest_is_in_it(screen: Guest) -> None:
    past(make_house(), 1)
    html = screen.get("/bokd/").html
    assert Booking.objects.filter(reservation__name="Geheime Gast").count() == 2
    assert "Geheime" not in html
    assert "voorbeeld.example" not in html


@pytest.mark.parametrize("houses", [1, 3])
def test_it_takes_the_same_queries_for_one_and_three_houses(screen: Guest, query_count: Any, houses: int) -> None:
    for _ in range(houses):
        past(make_house(), 1)
    with query_count(10):
        assert len(table(screen)) == houses
