"""Take a desk out of use: guests move to another desk, or nothing changes."""

from datetime import date, timedelta

import pytest

from bookings.actions.desks import retire_desk
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from bookings.refusals import DeskInUse, InThePast, NotBookable, Refused
from portal.base.log.models import LogEntry
from tests.factories import (
    MONDAY_NINE,
    desks_of,
    house_actor,
    make_booked,
    make_booking,
    make_hold,
    make_house,
    rows_of,
)
from villages.models import Desk, Dorpshuis

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.time_machine(MONDAY_NINE, tick=False),
]

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, 23 + n) for n in range(3))
ON_TUESDAY, ON_WEDNESDAY = Moment(TUESDAY, Dagdeel.OCHTEND), Moment(WEDNESDAY, Dagdeel.OCHTEND)


def retire(house: Dorpshuis, last_day: date, desk: Desk | None = None) -> list[int]:
    """Retire a desk of this house, the first unless said otherwise."""
    return retire_desk(desk or desks_of(house)[0], last_day, house_actor(house))


def refuse(house: Dorpshuis, last_day: date, refusal: type[Refused]) -> None:
    """It is refused, and changes nothing."""
    before = (rows_of(house), list(Desk.objects.values()), LogEntry.objects.count())
    with pytest.raises(refusal):
        retire(house, last_day)
    assert (rows_of(house), list(Desk.objects.values()), LogEntry.objects.count()) == before


# --- what happens -----------------------------------------------------------------------------------------


def test_the_row_of_the_desk_stays_with_an_end() -> None:
    house = make_house(desks=2)
    retire(house, TUESDAY)
    assert [desk.valid_until for desk in desks_of(house)] == [TUESDAY, None]


def test_after_its_last_day_it_can_not_be_booked() -> None:
    house = make_house(desks=1)
    retire(house, TUESDAY)
    assert make_booked(house, ON_TUESDAY).is_new
    with pytest.raises(NotBookable):
        make_booking(house, ON_WEDNESDAY)


def test_a_later_guest_moves_to_a_free_desk() -> None:
    house = make_house(desks=2)
    booking = make_booking(house, ON_WEDNESDAY).bookings.get()
    assert retire(house, TUESDAY) == [booking.pk]
    assert rows_of(house) == [(str(ON_WEDNESDAY), "booked", desks_of(house)[1].pk)]


def test_a_guest_until_its_last_day_stays() -> None:
    house = make_house(desks=2)
    make_booking(house, ON_TUESDAY)
    retire(house, TUESDAY)
    assert rows_of(house) == [(str(ON_TUESDAY), "booked", desks_of(house)[0].pk)]


def test_a_guest_at_another_desk_stays() -> None:
    house = make_house(desks=2)
    second = desks_of(house)[1]
    make_booking(house, ON_WEDNESDAY, desk_id=second.pk)
    retire(house, TUESDAY)
    assert rows_of(house) == [(str(ON_WEDNESDAY), "booked", second.pk)]


@pytest.mark.parametrize("state", ["cancelled", "late_cancelled", "retaken", "house_cancelled"])
def test_what_was_cancelled_does_not_stand_in_the_way(state: str) -> None:
    house = make_house(desks=1)
    make_booking(house, ON_WEDNESDAY)
    Booking.objects.update(state=state)
    assert retire(house, TUESDAY) == []


def test_a_hold_that_has_ended_does_not_stand_in_the_way() -> None:
    house = make_house(desks=1)
    make_hold(desks_of(house)[0], ON_WEDNESDAY, MONDAY_NINE)
    assert retire(house, TUESDAY) == []


def test_it_may_go_at_the_end_of_today() -> None:
    house = make_house()
    retire(house, MONDAY)
    assert desks_of(house)[0].valid_until == MONDAY


def test_the_desk_in_hand_knows_its_end() -> None:
    house = make_house()
    desk = desks_of(house)[0]
    retire(house, TUESDAY, desk)
    assert desk.valid_until == TUESDAY


def test_an_earlier_end_moves_the_guests_between() -> None:
    house = make_house(desks=2)
    retire(house, WEDNESDAY)
    make_booking(house, ON_WEDNESDAY)
    retire(house, TUESDAY)
    assert [desk for _, _, desk in rows_of(house)] == [desks_of(house)[1].pk]


def test_a_desk_that_is_gone_does_not_come_back_by_a_later_end() -> None:
    house = make_house()
    desk = desks_of(house)[0]
    retire(house, TUESDAY)
    assert retire(house, WEDNESDAY, desk) == []
    assert desks_of(house)[0].valid_until == TUESDAY


# --- refusals ---------------------------------------------------------------------------------------------


def test_a_guest_who_chose_this_desk_stands_in_the_way() -> None:
    house = make_house()
    make_booking(house, ON_WEDNESDAY, desk_id=desks_of(house)[0].pk)
    refuse(house, TUESDAY, DeskInUse)


def test_a_guest_without_another_free_desk_stands_in_the_way() -> None:
    house = make_house(desks=2)
    for _ in range(2):
        make_booking(house, ON_WEDNESDAY)
    refuse(house, TUESDAY, DeskInUse)


def test_with_one_of_two_guests_in_the_way_nobody_moves() -> None:
    house = make_house()
    chosen = make_booking(house, ON_WEDNESDAY, desk_id=desks_of(house)[0].pk)
    make_booking(house, Moment(date(2026, 11, 26), Dagdeel.OCHTEND))
    with pytest.raises(DeskInUse) as caught:
        retire(house, TUESDAY)
    assert caught.value.booking_ids == [chosen.bookings.get().pk]
    assert {desk for _, _, desk in rows_of(house)} == {desks_of(house)[0].pk}


def test_a_hold_without_another_free_desk_stands_in_the_way() -> None:
    house = make_house(desks=1)
    make_hold(desks_of(house)[0], ON_WEDNESDAY, MONDAY_NINE + timedelta(minutes=1))
    refuse(house, TUESDAY, DeskInUse)


def test_a_last_day_before_today_is_refused() -> None:
    refuse(make_house(), MONDAY - timedelta(days=1), InThePast)


def test_a_last_day_before_the_desk_was_there_is_refused() -> None:
    house = make_house()
    Desk.objects.update(valid_from=WEDNESDAY)
    refuse(house, TUESDAY, InThePast)


# --- the log ----------------------------------------------------------------------------------------------


def test_it_is_logged_once() -> None:
    house = make_house()
    make_booking(house, ON_WEDNESDAY)
    LogEntry.objects.all().delete()
    retire(house, TUESDAY)
    logged = [(entry.verb, entry.subject, entry.dorpshuis_id) for entry in LogEntry.objects.all()]
    assert logged == [("retire_desk", f"desk:{desks_of(house)[0].pk}", house.pk)]
