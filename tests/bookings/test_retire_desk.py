"""Take a desk or a room out of use: guests move to another desk, or are called off and told."""

from datetime import date, timedelta

import pytest
import time_machine

from bookings.actions.close import Closed, change_offer, reopen
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, CallEntry
from bookings.offer import DeskGoes, RoomGoes
from bookings.refusals import (
    ChangedSince,
    DeskTaken,
    InThePast,
    NotBookable,
    NothingChanges,
    Refused,
    UndoIsOver,
    UnknownPart,
)
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from tests.factories import (
    MONDAY_NINE,
    desks_of,
    house_actor,
    make_booked,
    make_booking,
    make_desks,
    make_hold,
    make_house,
    make_room,
    rows_of,
)
from villages.models import Closure, Desk, Dorpshuis

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.time_machine(MONDAY_NINE, tick=False),
]

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, 23 + n) for n in range(3))
ON_TUESDAY, ON_WEDNESDAY = Moment(TUESDAY, Dagdeel.OCHTEND), Moment(WEDNESDAY, Dagdeel.OCHTEND)


def retire(house: Dorpshuis, last_day: date, desk: Desk | None = None) -> list[int]:
    """Retire a desk of this house, the first unless said otherwise; gives what moved."""
    return retired(house, last_day, desk).moved_ids


def retired(house: Dorpshuis, last_day: date, desk: Desk | None = None) -> Closed:
    goes = DeskGoes((desk or desks_of(house)[0]).pk, last_day + timedelta(days=1))
    return change_offer(house.pk, goes, house_actor(house))


def told() -> list[str]:
    return list(OutboxMail.objects.filter(kind="called_off").values_list("recipient", flat=True))


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
    with pytest.raises(NothingChanges):
        retire(house, WEDNESDAY, desk)
    assert desks_of(house)[0].valid_until == TUESDAY


# --- who is called off ------------------------------------------------------------------------------------


def test_a_guest_who_chose_this_desk_is_called_off_and_told() -> None:
    house = make_house()
    make_booking(house, ON_WEDNESDAY, desk_id=desks_of(house)[0].pk, email="anna@voorbeeld.example")
    retire(house, TUESDAY)
    assert [state for _, state, _ in rows_of(house)] == ["house_cancelled"]
    assert told() == ["anna@voorbeeld.example"]


def test_without_a_free_desk_the_guest_at_this_one_is_called_off() -> None:
    house = make_house(desks=2)
    for _ in range(2):
        make_booking(house, ON_WEDNESDAY)
    retire(house, TUESDAY)
    assert [state for _, state, _ in rows_of(house)] == ["house_cancelled", "booked"]


def test_a_guest_without_an_address_comes_on_the_call_list() -> None:
    house = make_house(desks=1)
    make_booking(house, ON_WEDNESDAY, email="", phone="+31612345678")
    retire(house, TUESDAY)
    assert CallEntry.objects.filter(kind=CallEntry.Kind.CALLED_OFF).count() == 1


def test_a_hold_without_another_desk_ends() -> None:
    house = make_house(desks=1)
    make_hold(desks_of(house)[0], ON_WEDNESDAY, MONDAY_NINE + timedelta(minutes=1))
    retire(house, TUESDAY)
    assert (rows_of(house)[0][1], told()) == ("house_cancelled", [])


def test_the_reason_names_the_desk_and_the_day() -> None:
    house = make_house()
    assert retired(house, TUESDAY).closure.reason == "Bureau 1 is er niet meer vanaf 25 november"


def test_a_room_goes_with_all_its_desks() -> None:
    house = make_house(desks=2)
    attic = make_desks(make_room(house, "Zolder"), 2)
    for desk in attic:
        make_booking(house, ON_WEDNESDAY, desk_id=desk.pk)
    make_booking(house, ON_TUESDAY, desk_id=attic[0].pk)
    change_offer(house.pk, RoomGoes(attic[0].room_id, WEDNESDAY), house_actor(house))
    assert [state for _, state, _ in rows_of(house)] == ["booked", "house_cancelled", "house_cancelled"]
    with pytest.raises(DeskTaken):
        make_booking(house, Moment(date(2026, 11, 26), Dagdeel.OCHTEND), desk_id=attic[0].pk)


def test_a_desk_that_is_gone_leaves_its_name_to_another() -> None:
    house = make_house(desks=1)
    retire(house, MONDAY)
    Desk.objects.create(room=desks_of(house)[0].room, name="Bureau 1", valid_from=TUESDAY)
    assert len(desks_of(house)) == 2


# --- undo -------------------------------------------------------------------------------------------------


def test_undo_brings_back_desk_and_booking_and_nobody_hears_of_it() -> None:
    house = make_house(desks=1)
    make_booking(house, ON_WEDNESDAY)
    closure = retired(house, TUESDAY).closure
    reopen(closure, house_actor(house), undo=True)
    assert desks_of(house)[0].valid_until is None
    assert [state for _, state, _ in rows_of(house)] == ["booked"]
    assert told() == []


def test_a_desk_whose_name_another_has_by_now_stays_gone() -> None:
    house = make_house(desks=1)
    closure = retired(house, TUESDAY).closure
    old = desks_of(house)[0]
    Desk.objects.create(room=old.room, name=old.name, valid_from=WEDNESDAY)
    with pytest.raises(ChangedSince):
        reopen(closure, house_actor(house), undo=True)
    assert Desk.objects.get(pk=old.pk).valid_until == TUESDAY


def test_after_ten_minutes_there_is_no_way_back() -> None:
    house = make_house(desks=1)
    closure = retired(house, TUESDAY).closure
    with time_machine.travel(MONDAY_NINE + timedelta(minutes=10), tick=False), pytest.raises(UndoIsOver):
        reopen(closure, house_actor(house))
    assert desks_of(house)[0].valid_until == TUESDAY


# --- refusals ---------------------------------------------------------------------------------------------


def test_a_desk_of_another_house_is_refused() -> None:
    house, other = make_house(), make_house()
    with pytest.raises(UnknownPart):
        change_offer(house.pk, DeskGoes(desks_of(other)[0].pk, WEDNESDAY), house_actor(house))


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
    assert logged == [("retire_desk", f"closure:{Closure.objects.get().pk}", house.pk)]
