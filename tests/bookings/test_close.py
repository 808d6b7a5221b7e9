"""Close the house, a room or some desks: bookings move, or are called off for nothing."""

from datetime import date, timedelta

import pytest
import time_machine

from bookings.actions.book import book
from bookings.actions.cancel import cancel
from bookings.actions.close import Closing, close
from bookings.domain.availability import cells_on
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from bookings.queries import supplies
from bookings.refusals import EndsBeforeItBegins, InThePast, NotBookable, Refused, UnknownPart
from portal.base import clock
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from tests.factories import (
    MONDAY_NINE,
    afternoon,
    at,
    desks_of,
    house_actor,
    make_booked,
    make_booking,
    make_closed,
    make_desks,
    make_hold,
    make_house,
    make_order,
    make_room,
    morning,
    rows_of,
)
from villages.models import Closure, Dorpshuis

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.time_machine(MONDAY_NINE, tick=False),
]

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, 23 + n) for n in range(3))
MORNING = Moment(TUESDAY, Dagdeel.OCHTEND)


def states(house: Dorpshuis) -> list[str]:
    return [state for _, state, _ in rows_of(house)]


def desk_ids(house: Dorpshuis) -> list[int]:
    return [desk.pk for desk in desks_of(house)]


def refuse(house: Dorpshuis, closing: Closing, refusal: type[Refused]) -> None:
    """The closure is refused, and leaves nothing behind."""
    by = house_actor(house)
    before = (rows_of(house), Closure.objects.count(), LogEntry.objects.count())
    with pytest.raises(refusal):
        close(house.pk, closing, by)
    assert (rows_of(house), Closure.objects.count(), LogEntry.objects.count()) == before


# --- the whole house --------------------------------------------------------------------------------------


def test_bookings_in_it_are_called_off_for_nothing() -> None:
    house = make_house()
    reservation = make_booking(house)
    closed = make_closed(house, TUESDAY)
    booking = reservation.bookings.get()
    assert (booking.state, booking.due_cents, booking.closure) == ("house_cancelled", 0, closed.closure)


def test_it_gives_the_numbers_of_what_was_called_off() -> None:
    house = make_house()
    bookings = make_booking(house, morning(), afternoon()).bookings.in_order()
    closed = make_closed(house, TUESDAY)
    assert (closed.cancelled_ids, closed.moved_ids) == ([row.pk for row in bookings], [])


def test_no_booking_falls_in_it_any_more() -> None:
    house = make_house()
    make_closed(house, TUESDAY)
    with pytest.raises(NotBookable) as caught:
        make_booking(house, MORNING)
    assert caught.value.cells[MORNING].reason == "dorpsfeest"


def test_only_its_own_dagdelen_are_called_off() -> None:
    house = make_house()
    make_booking(house, morning(), afternoon())
    make_closed(house, TUESDAY, dagdelen=frozenset({Dagdeel.MIDDAG}))
    assert states(house) == ["booked", "house_cancelled"]


def test_only_its_own_days_are_called_off() -> None:
    house = make_house()
    make_booking(house, *(Moment(MONDAY + timedelta(days=n), Dagdeel.MIDDAG) for n in range(4)))
    make_closed(house, TUESDAY, WEDNESDAY)
    assert states(house) == ["booked", "house_cancelled", "house_cancelled", "booked"]


def test_another_house_stays_open() -> None:
    other = make_house()
    make_booking(other)
    make_closed(make_house(), TUESDAY)
    assert states(other) == ["booked"]


def test_what_was_cancelled_before_stays_as_it_is() -> None:
    house = make_house()
    cancel(make_booking(house), GUEST)
    make_closed(house, TUESDAY)
    assert states(house) == ["cancelled"]


def test_a_hold_is_called_off_too() -> None:
    house = make_house(desks=1)
    make_hold(desks_of(house)[0], MORNING, at(TUESDAY, 8))
    make_closed(house, TUESDAY)
    assert states(house) == ["house_cancelled"]


@pytest.mark.parametrize("state", ["used", "no_show"])
def test_what_was_ticked_stays_as_it_is(state: str) -> None:
    house = make_house()
    make_booking(house)
    Booking.objects.update(state=state)
    make_closed(house, TUESDAY)
    assert states(house) == [state]


def test_of_today_the_dagdeel_that_is_over_stays() -> None:
    house = make_house()
    make_booking(house, morning(), afternoon())
    with time_machine.travel(at(TUESDAY, 12, 30), tick=False):
        make_closed(house, TUESDAY)
    assert states(house) == ["booked", "house_cancelled"]


def test_of_today_the_dagdeel_that_runs_is_called_off() -> None:
    house = make_house()
    make_booking(house)
    with time_machine.travel(at(TUESDAY, 12, 29), tick=False):
        make_closed(house, TUESDAY)
    assert states(house) == ["house_cancelled"]


# --- a part of it -----------------------------------------------------------------------------------------


def test_a_guest_at_a_closed_desk_moves_to_a_free_one() -> None:
    house = make_house(desks=2)
    first, second = desks_of(house)
    make_booking(house)
    make_closed(house, TUESDAY, desks=(first,))
    assert rows_of(house) == [(str(MORNING), "booked", second.pk)]


def test_it_gives_the_numbers_of_what_moved() -> None:
    house = make_house()
    booking = make_booking(house).bookings.get()
    closed = make_closed(house, TUESDAY, desks=(desks_of(house)[0],))
    assert (closed.moved_ids, closed.cancelled_ids) == ([booking.pk], [])


def test_a_guest_who_chose_her_desk_is_not_moved() -> None:
    house = make_house()
    first = desks_of(house)[0]
    make_booking(house, desk_id=first.pk)
    make_closed(house, TUESDAY, desks=(first,))
    assert states(house) == ["house_cancelled"]


def test_a_guest_at_an_open_desk_stays() -> None:
    house = make_house()
    first, second, *_ = desks_of(house)
    make_booking(house, desk_id=second.pk)
    make_closed(house, TUESDAY, desks=(first,))
    assert rows_of(house) == [(str(MORNING), "booked", second.pk)]


def test_with_too_few_desks_left_who_booked_first_moves() -> None:
    house = make_house(desks=3)
    first, second, third = desks_of(house)
    earlier, later = make_booking(house), make_booking(house)
    make_closed(house, TUESDAY, desks=(first, second))
    assert earlier.bookings.get().desk == third
    assert later.bookings.get().state == "house_cancelled"


def test_guests_of_a_closed_room_move_to_another_room() -> None:
    house = make_house(desks=1)
    (attic,) = make_desks(make_room(house, "Zolder"), 1)
    make_booking(house)
    make_closed(house, TUESDAY, room=house.rooms.get(name="Kantoor"))
    assert rows_of(house) == [(str(MORNING), "booked", attic.pk)]


def test_the_price_stays_when_a_guest_moves() -> None:
    house = make_house(cents=750)
    reservation = make_booking(house)
    house.tariffs.update(cents=900)
    make_closed(house, TUESDAY, desks=(desks_of(house)[0],))
    assert reservation.bookings.get().price_cents == 750


def test_nobody_moves_to_a_desk_that_another_closure_shuts() -> None:
    house = make_house(desks=2)
    first, second = desks_of(house)
    make_booking(house)
    make_closed(house, TUESDAY, desks=(second,))
    make_closed(house, TUESDAY, desks=(first,))
    assert states(house) == ["house_cancelled"]


def test_a_guest_moves_to_a_slot_whose_hold_has_ended() -> None:
    house = make_house(desks=2)
    first, second = desks_of(house)
    make_booking(house)
    make_hold(second, MORNING, MONDAY_NINE)
    make_closed(house, TUESDAY, desks=(first,))
    assert sorted(rows_of(house)) == [(str(MORNING), "booked", second.pk), (str(MORNING), "cancelled", second.pk)]


def test_a_hold_that_has_ended_takes_no_guests_place() -> None:
    house = make_house(desks=3)
    first, second, third = desks_of(house)
    make_hold(first, MORNING, MONDAY_NINE)
    reservation = make_booking(house, desk_id=second.pk)
    Booking.objects.update(desk_chosen=False)
    make_closed(house, TUESDAY, desks=(first, second))
    assert reservation.bookings.get().desk == third


def test_who_gave_a_slot_back_late_owes_nothing_when_a_guest_is_moved_to_it() -> None:
    house = make_house(desks=2)
    first, second = desks_of(house)
    late, moved = make_booking(house, desk_id=second.pk), make_booking(house)
    with time_machine.travel(at(MONDAY, 20), tick=False):
        cancel(late, GUEST)
        make_closed(house, TUESDAY, desks=(first,))
    assert (moved.bookings.get().desk, late.bookings.get().state) == (second, "retaken")


# --- refusals ---------------------------------------------------------------------------------------------


def test_a_closure_that_begins_before_today_is_refused() -> None:
    refuse(make_house(), Closing(MONDAY - timedelta(days=1), TUESDAY, "te laat"), InThePast)


def test_a_closure_may_begin_today() -> None:
    assert make_closed(make_house(), MONDAY).closure.first_day == MONDAY


def test_a_room_of_another_house_is_refused() -> None:
    room = make_house().rooms.get()
    refuse(make_house(), Closing(TUESDAY, TUESDAY, "x", room=room), UnknownPart)


def test_a_desk_of_another_house_is_refused() -> None:
    desk = desks_of(make_house())[0]
    refuse(make_house(), Closing(TUESDAY, TUESDAY, "x", desks=(desk,)), UnknownPart)


def test_a_closure_of_no_dagdeel_is_refused() -> None:
    refuse(make_house(), Closing(TUESDAY, TUESDAY, "x", dagdelen=frozenset()), UnknownPart)


# --- what else is written ---------------------------------------------------------------------------------


def test_the_closure_says_what_when_why_and_who() -> None:
    house = make_house()
    by = house_actor(house)
    closing = Closing(TUESDAY, WEDNESDAY, "dorpsfeest", frozenset({Dagdeel.AVOND}), guest_text="Kom je ook?")
    row = Closure.objects.get(pk=close(house.pk, closing, by).closure.pk)
    assert (row.first_day, row.last_day, row.dagdelen, row.reason) == (TUESDAY, WEDNESDAY, ["avond"], "dorpsfeest")
    assert (row.guest_text, row.created_by, row.reopened_at) == ("Kom je ook?", by.user, None)


def test_a_closure_is_logged_once() -> None:
    house = make_house()
    make_booking(house, morning(), afternoon())
    LogEntry.objects.all().delete()
    closed = make_closed(house, TUESDAY)
    logged = [(entry.verb, entry.subject, entry.dorpshuis_id) for entry in LogEntry.objects.all()]
    assert logged == [("close", f"closure:{closed.closure.pk}", house.pk)]


def test_the_form_of_an_order_that_was_called_off_may_order_again() -> None:
    house = make_house()
    order = make_order(house, morning(), key="sleutel")
    first = book(order, GUEST).reservation
    closed = make_closed(house, TUESDAY)
    Closure.objects.filter(pk=closed.closure.pk).update(reopened_at=clock.now())
    assert book(order, GUEST).reservation.pk != first.pk


def test_the_form_of_an_order_that_stands_in_part_still_answers() -> None:
    house = make_house()
    order = make_order(house, morning(), afternoon(), key="sleutel")
    first = book(order, GUEST).reservation
    make_closed(house, TUESDAY, dagdelen=frozenset({Dagdeel.OCHTEND}))
    assert book(order, GUEST).reservation == first


def test_the_days_around_it_can_be_booked() -> None:
    house = make_house()
    make_closed(house, TUESDAY)
    assert make_booked(house, Moment(WEDNESDAY, Dagdeel.OCHTEND)).is_new


def test_all_desks_named_is_the_house_closed() -> None:
    house = make_house(desks=2)
    make_booking(house)
    make_closed(house, TUESDAY, desks=tuple(desks_of(house)))
    assert (states(house), len(desk_ids(house))) == (["house_cancelled"], 2)


def test_a_closure_that_ends_before_it_begins_is_refused() -> None:
    refuse(make_house(), Closing(WEDNESDAY, TUESDAY, "x"), EndsBeforeItBegins)


def test_a_guest_with_a_whole_day_moves_to_one_desk() -> None:
    house = make_house(desks=3)
    reservation = make_booking(house, morning(), afternoon())
    make_booking(house, afternoon(), desk_id=desk_ids(house)[1])
    make_closed(house, TUESDAY, desks=(desks_of(house)[0],))
    assert {row.desk_id for row in reservation.bookings.all()} == {desk_ids(house)[2]}


def test_closing_in_the_afternoon_leaves_what_was_offered_this_morning() -> None:
    house = make_house()
    with time_machine.travel(at(TUESDAY, 14), tick=False):
        make_closed(house, TUESDAY)
        supply = supplies([house], TUESDAY, TUESDAY)[house.pk]
        offered = [cell.offered for cell in cells_on(supply, [TUESDAY], {}, at(TUESDAY, 14)).values()]
    assert offered == [True, False, False]
