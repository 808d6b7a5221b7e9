"""Rows to plain values: what they say, and always the same number of queries."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import time_machine

from bookings.actions.cancel import cancel
from bookings.actions.close import reopen
from bookings.domain.allocation import Slot
from bookings.domain.availability import BookingPolicy, ClosedSpan, DeskSpan, OpeningSpan, Supply
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.prices import TariffSpan
from bookings.models import Booking
from bookings.queries import ended_moments, given_back_late, policy_of, supplies, taken
from portal.base.log import GUEST
from tests.conftest import QueryCount
from tests.factories import (
    MONDAY_NINE,
    afternoon,
    at,
    desks_of,
    house_actor,
    make_booking,
    make_closed,
    make_desks,
    make_hold,
    make_house,
    make_room,
    make_tariff,
    morning,
)
from villages.models import Desk, Dorpshuis, Opening, Room

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.time_machine(MONDAY_NINE, tick=False),
]

LONG_AGO = date(2020, 1, 1)
MONDAY, TUESDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 29)


def supply_of(house: Dorpshuis, first: date = MONDAY, last: date = SUNDAY) -> Supply:
    return supplies([house], first, last)[house.pk]


def full_house() -> Dorpshuis:
    """A house with something of all that can be read."""
    house = make_house(desks=3)
    make_tariff(house, "gratis", 0)
    make_booking(house, morning(), afternoon())
    make_closed(house, SUNDAY, desks=tuple(desks_of(house)[:2]))
    for line in Opening.objects.filter(dorpshuis=house):
        line.rooms.set(house.rooms.all())
    return house


# --- as many queries for eight houses as for one ----------------------------------------------------------


@pytest.mark.parametrize("number", [1, 8])
def test_supplies_takes_four_queries(number: int, query_count: QueryCount) -> None:
    houses = [full_house() for _ in range(number)]
    with query_count(4):
        assert len(supplies(houses, MONDAY, SUNDAY)) == number


@pytest.mark.parametrize("number", [1, 8])
def test_taken_takes_one_query(number: int, query_count: QueryCount) -> None:
    ids = [full_house().pk for _ in range(number)]
    with query_count(1):
        assert len(taken(ids, MONDAY, SUNDAY, MONDAY_NINE)) == number


def test_the_booking_rules_of_a_house_take_no_query(query_count: QueryCount) -> None:
    house = make_house(window_days=30, lead_minutes=60, staffed_only_for_new=True, cancel_days_before=2)
    with query_count(0):
        assert policy_of(house) == BookingPolicy(30, 60, True, 2, time(17), 10, 20)


# --- supply -----------------------------------------------------------------------------------------------


def test_desks_come_in_the_order_of_the_house() -> None:
    house = make_house(desks=2)
    Room.objects.update(position=2)
    (attic,) = make_desks(make_room(house, "Zolder"), 1)
    second, first = desks_of(house)[1:]
    Desk.objects.filter(pk=second.pk).update(position=9)
    assert [span.desk_id for span in supply_of(house).desks] == [attic.pk, first.pk, second.pk]


def test_a_desk_is_there_as_long_as_it_and_its_room_are() -> None:
    house = make_house(desks=1)
    Room.objects.update(valid_from=MONDAY, valid_until=SUNDAY)
    Desk.objects.update(valid_from=LONG_AGO, valid_until=TUESDAY)
    desk = desks_of(house)[0]
    assert supply_of(house).desks == (DeskSpan(desk.pk, desk.room_id, MONDAY, TUESDAY),)


def test_a_desk_of_a_room_that_is_gone_is_not_there() -> None:
    house = make_house(desks=1)
    Room.objects.update(valid_until=MONDAY)
    (span,) = supply_of(house).desks
    assert span.last_day == MONDAY


def test_a_desk_that_went_before_is_not_read() -> None:
    house = make_house(desks=1)
    Desk.objects.update(valid_until=MONDAY - timedelta(days=1))
    assert supply_of(house).desks == ()


def test_a_line_of_the_schedule_knows_its_rooms() -> None:
    house = make_house(parts=(Dagdeel.OCHTEND,))
    attic = make_room(house, "Zolder")
    Opening.objects.exclude(weekday=0).delete()
    Opening.objects.get().rooms.set([attic, house.rooms.get(name="Kantoor")])
    Opening.objects.update(staffed=False, by_appointment=True)
    rooms = frozenset(house.rooms.values_list("pk", flat=True))
    hours = (time(8, 30), time(12, 30))
    line = OpeningSpan(0, Dagdeel.OCHTEND, *hours, LONG_AGO, None, rooms, staffed=False, by_appointment=True)
    assert supply_of(house).openings == (line,)


def test_a_closure_knows_its_dagdelen_room_and_desks() -> None:
    house = make_house(desks=3)
    desks = desks_of(house)[:2]
    room = house.rooms.get()
    make_closed(house, TUESDAY, SUNDAY, dagdelen=frozenset({Dagdeel.AVOND}), room=room, desks=tuple(desks))
    span = ClosedSpan(
        TUESDAY, SUNDAY, frozenset({Dagdeel.AVOND}), "dorpsfeest", room.pk, frozenset(desk.pk for desk in desks)
    )
    assert supply_of(house).closures == (replace(span, since=MONDAY_NINE),)


def test_a_closure_that_was_taken_back_is_not_there() -> None:
    house = make_house()
    with time_machine.travel(MONDAY_NINE - timedelta(days=1), tick=False):
        reopen(make_closed(house, TUESDAY).closure, house_actor(house))
    assert supply_of(house).closures == ()


@pytest.mark.parametrize(("first", "last", "number"), [(MONDAY, TUESDAY, 1), (TUESDAY, SUNDAY, 1), (SUNDAY, SUNDAY, 0)])
def test_a_closure_is_read_when_it_has_a_day_in_the_period(first: date, last: date, number: int) -> None:
    house = make_house()
    make_closed(house, TUESDAY)
    assert len(supply_of(house, first, last).closures) == number


def test_tariffs_come_in_the_order_of_their_kinds_and_know_who_may_choose() -> None:
    house = make_house(cents=None)
    make_tariff(house, "gratis", 0, chooser="house")
    make_tariff(house, "standaard", 750, valid_until=SUNDAY)
    assert supply_of(house).tariffs == (
        TariffSpan("standaard", 750, LONG_AGO, SUNDAY),
        TariffSpan("gratis", 0, LONG_AGO, None, by_guests=False),
    )


def test_a_house_that_is_not_open_takes_no_bookings() -> None:
    assert supply_of(make_house(status=Dorpshuis.Status.ASPIRANT)).takes_bookings is False


def test_each_house_has_its_own() -> None:
    houses = [make_house(desks=n) for n in (1, 2)]
    read = supplies(houses, MONDAY, SUNDAY)
    assert [len(read[house.pk].desks) for house in houses] == [1, 2]


# --- what is taken ----------------------------------------------------------------------------------------


def taken_of(house: Dorpshuis) -> dict[Moment, set[int]]:
    return dict(taken([house.pk], MONDAY, SUNDAY, MONDAY_NINE)[house.pk])


def test_taken_are_the_desks_per_moment() -> None:
    house = make_house()
    first, second, *_ = (desk.pk for desk in desks_of(house))
    make_booking(house, morning(), afternoon())
    make_booking(house, morning())
    assert taken_of(house) == {morning(): {first, second}, afternoon(): {first}}


@pytest.mark.parametrize(
    ("state", "number"),
    [
        ("booked", 1),
        ("used", 1),
        ("no_show", 1),
        ("cancelled", 0),
        ("late_cancelled", 0),
        ("retaken", 0),
        ("house_cancelled", 0),
    ],
)
def test_only_some_states_take_the_slot(state: str, number: int) -> None:
    house = make_house()
    make_booking(house)
    Booking.objects.update(state=state)
    assert len(taken_of(house)) == number


@pytest.mark.parametrize(("seconds", "number"), [(-1, 0), (0, 0), (1, 1)])
def test_a_hold_takes_its_slot_until_its_end(seconds: int, number: int) -> None:
    house = make_house()
    make_hold(desks_of(house)[0], morning(), MONDAY_NINE + timedelta(seconds=seconds))
    assert len(taken_of(house)) == number


def test_a_house_where_nothing_is_taken_is_there_too() -> None:
    assert taken_of(make_house()) == {}


def test_bookings_outside_the_period_are_not_read() -> None:
    house = make_house()
    make_booking(house, morning(7))
    assert taken_of(house) == {}


# --- given back, and ended --------------------------------------------------------------------------------


def test_given_back_late_are_the_slots_that_were_cancelled_after_the_deadline() -> None:
    house = make_house()
    make_booking(house, morning(), afternoon())
    Booking.objects.filter(dagdeel="ochtend").update(state="late_cancelled")
    first, second, *_ = (desk.pk for desk in desks_of(house))
    cancel(make_booking(house, desk_id=second), GUEST)
    assert given_back_late(house.pk, [morning(), afternoon()]) == {Slot(first, morning())}


def test_of_other_houses_and_moments_nothing_is_given_back() -> None:
    house = make_house()
    make_booking(house)
    make_booking(make_house())
    Booking.objects.update(state="late_cancelled")
    assert given_back_late(house.pk, [afternoon()]) == set()


def test_what_is_over_is_over_by_the_clock_of_the_house() -> None:
    today = [Moment(MONDAY, part) for part in Dagdeel]
    assert ended_moments(make_house(), today, at(MONDAY, 17)) == set(today[:2])


def test_nothing_asked_takes_no_query(query_count: QueryCount) -> None:
    house = make_house()
    with query_count(0):
        assert ended_moments(house, [], MONDAY_NINE) == set()
