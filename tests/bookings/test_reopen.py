"""Open again: within ten minutes what was called off comes back, later it does not."""

from datetime import date, timedelta

import pytest
import time_machine

from bookings.actions.cancel import cancel
from bookings.actions.close import reopen
from bookings.domain.availability import cells_on
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Reservation
from bookings.queries import supplies
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from tests.factories import (
    MONDAY_NINE,
    afternoon,
    desks_of,
    house_actor,
    make_booked,
    make_booking,
    make_closed,
    make_hold,
    make_house,
    make_waiting,
    morning,
    rows_of,
)
from villages.models import Closure, Dorpshuis, Opening

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.time_machine(MONDAY_NINE, tick=False),
]

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
MORNING = Moment(TUESDAY, Dagdeel.OCHTEND)
A_MINUTE_LATER = MONDAY_NINE + timedelta(minutes=1)
TEN_MINUTES_LATER = MONDAY_NINE + timedelta(minutes=10)
EMAIL = "marieke@voorbeeld.example"


def states(house: Dorpshuis) -> list[str]:
    return [state for _, state, _ in rows_of(house)]


def reopen_at(now: object, closure: Closure) -> list[int]:
    with time_machine.travel(now, tick=False):  # type: ignore[arg-type]
        return reopen(closure, house_actor(closure.dorpshuis))


# --- within ten minutes -----------------------------------------------------------------------------------


def test_what_was_called_off_stands_again() -> None:
    house = make_house()
    before = make_booking(house, morning(), afternoon(), key="sleutel")
    rows = rows_of(house)
    restored = reopen_at(A_MINUTE_LATER, make_closed(house, TUESDAY).closure)
    assert (rows_of(house), restored) == (rows, [row.pk for row in before.bookings.in_order()])


def test_nothing_of_being_called_off_is_left() -> None:
    house = make_house()
    make_booking(house)
    reopen_at(A_MINUTE_LATER, make_closed(house, TUESDAY).closure)
    booking = Booking.objects.get()
    assert (booking.cancelled_at, booking.closure) == (None, None)


def test_until_the_last_second_of_ten_minutes() -> None:
    house = make_house()
    make_booking(house)
    reopen_at(TEN_MINUTES_LATER - timedelta(seconds=1), make_closed(house, TUESDAY).closure)
    assert states(house) == ["booked"]


def test_the_price_is_the_price_of_before() -> None:
    house = make_house(cents=750)
    reservation = make_booking(house)
    closed = make_closed(house, TUESDAY)
    house.tariffs.update(cents=900)
    reopen_at(A_MINUTE_LATER, closed.closure)
    assert reservation.bookings.get().price_cents == 750


def test_what_was_cancelled_before_stays_cancelled() -> None:
    house = make_house()
    make_booking(house)
    Booking.objects.update(state="house_cancelled")
    reopen_at(A_MINUTE_LATER, make_closed(house, TUESDAY).closure)
    assert states(house) == ["house_cancelled"]


def test_a_guest_who_booked_again_is_not_booked_twice() -> None:
    house = make_house()
    make_booking(house, email=EMAIL)
    closed = make_closed(house, TUESDAY)
    with time_machine.travel(A_MINUTE_LATER, tick=False):
        make_booking(house, Moment(WEDNESDAY, Dagdeel.OCHTEND), email=EMAIL)
    reopen_at(A_MINUTE_LATER, closed.closure)
    assert states(house) == ["house_cancelled", "booked"]


def test_a_guest_who_booked_something_else_before_gets_hers_back() -> None:
    house = make_house()
    make_booking(house, email=EMAIL)
    make_booking(house, Moment(WEDNESDAY, Dagdeel.OCHTEND), email=EMAIL)
    reopen_at(A_MINUTE_LATER, make_closed(house, TUESDAY).closure)
    assert states(house) == ["booked", "booked"]


def test_a_slot_that_was_taken_is_not_given_twice() -> None:
    house = make_house(desks=1)
    make_booking(house)
    closed = make_closed(house, TUESDAY)
    taken_by = make_booking(house, Moment(WEDNESDAY, Dagdeel.OCHTEND))
    taken_by.bookings.update(date=TUESDAY)
    reopen_at(A_MINUTE_LATER, closed.closure)
    assert sorted(states(house)) == ["booked", "house_cancelled"]


def test_a_hold_that_has_ended_keeps_nobody_off() -> None:
    house = make_house(desks=1)
    make_booking(house)
    closed = make_closed(house, TUESDAY)
    make_hold(desks_of(house)[0], MORNING, A_MINUTE_LATER)
    reopen_at(A_MINUTE_LATER, closed.closure)
    assert sorted(states(house)) == ["booked", "cancelled"]


def test_what_another_closure_shuts_stays_off() -> None:
    house = make_house()
    make_booking(house, morning(), afternoon())
    closed = make_closed(house, TUESDAY)
    make_closed(house, TUESDAY, dagdelen=frozenset({Dagdeel.MIDDAG}))
    reopen_at(A_MINUTE_LATER, closed.closure)
    assert states(house) == ["booked", "house_cancelled"]


def test_what_is_no_longer_scheduled_stays_off() -> None:
    house = make_house()
    make_booking(house)
    closed = make_closed(house, TUESDAY)
    Opening.objects.all().delete()
    reopen_at(A_MINUTE_LATER, closed.closure)
    assert states(house) == ["house_cancelled"]


def test_who_was_moved_stays_where_she_is() -> None:
    house = make_house(desks=2)
    first, second = desks_of(house)
    make_booking(house)
    reopen_at(A_MINUTE_LATER, make_closed(house, TUESDAY, desks=(first,)).closure)
    assert rows_of(house) == [(str(MORNING), "booked", second.pk)]


def test_a_hold_that_was_called_off_does_not_come_back() -> None:
    house = make_house(desks=1)
    make_hold(desks_of(house)[0], MORNING, MONDAY_NINE + timedelta(days=1))
    reopen_at(A_MINUTE_LATER, make_closed(house, TUESDAY).closure)
    assert states(house) == ["house_cancelled"]


# --- later ------------------------------------------------------------------------------------------------


def test_after_ten_minutes_nothing_comes_back() -> None:
    house = make_house()
    make_booking(house)
    assert reopen_at(TEN_MINUTES_LATER, make_closed(house, TUESDAY).closure) == []
    assert states(house) == ["house_cancelled"]


@pytest.mark.parametrize("now", [A_MINUTE_LATER, TEN_MINUTES_LATER])
def test_it_can_be_booked_again(now: object) -> None:
    house = make_house()
    reopen_at(now, make_closed(house, TUESDAY).closure)
    assert make_booked(house, MORNING).is_new


def test_when_it_was_reopened_is_kept() -> None:
    closed = make_closed(make_house(), TUESDAY)
    reopen_at(TEN_MINUTES_LATER, closed.closure)
    closed.closure.refresh_from_db()
    assert closed.closure.reopened_at == TEN_MINUTES_LATER


# --- twice ------------------------------------------------------------------------------------------------


def test_reopening_twice_does_nothing() -> None:
    house = make_house()
    make_booking(house)
    closed = make_closed(house, TUESDAY)
    reopen_at(A_MINUTE_LATER, closed.closure)
    Booking.objects.update(state="house_cancelled", closure=closed.closure)
    assert (reopen_at(A_MINUTE_LATER, closed.closure), states(house)) == ([], ["house_cancelled"])


def test_reopening_is_logged_once_also_when_done_twice() -> None:
    house = make_house()
    closed = make_closed(house, TUESDAY)
    LogEntry.objects.all().delete()
    for _ in range(2):
        reopen_at(A_MINUTE_LATER, closed.closure)
    logged = [(entry.verb, entry.subject) for entry in LogEntry.objects.all()]
    assert logged == [("reopen", f"closure:{closed.closure.pk}")]


def test_two_guests_of_one_closure_both_come_back() -> None:
    house = make_house()
    both = [make_booking(house) for _ in range(2)]
    reopen_at(A_MINUTE_LATER, make_closed(house, TUESDAY).closure)
    assert (states(house), Reservation.objects.count()) == (["booked"] * 2, len(both))


def test_one_new_booking_replaces_one_that_was_called_off_and_the_nearest() -> None:
    house = make_house()
    mornings = [Moment(day, Dagdeel.OCHTEND) for day in (TUESDAY, WEDNESDAY)]
    reservation = make_booking(house, *mornings, email=EMAIL)
    closure = make_closed(house, TUESDAY, WEDNESDAY).closure
    with time_machine.travel(A_MINUTE_LATER, tick=False):
        make_booking(house, Moment(WEDNESDAY + timedelta(days=1), Dagdeel.OCHTEND), email=EMAIL)
        reopen(closure, house_actor(house))
    assert [row.state for row in reservation.bookings.in_order()] == ["booked", "house_cancelled"]


def test_what_a_new_booking_replaces_is_still_told_to_who_knew_of_nothing() -> None:
    house = make_house()
    make_booking(house, MORNING, email=EMAIL)
    closure = make_closed(house, TUESDAY).closure
    with time_machine.travel(A_MINUTE_LATER, tick=False):
        make_booking(house, Moment(WEDNESDAY, Dagdeel.OCHTEND), email=EMAIL)
        reopen(closure, house_actor(house))
    assert OutboxMail.objects.filter(kind="called_off", recipient=EMAIL).count() == 1


def test_a_turn_on_a_waiting_list_replaces_nothing() -> None:
    house = make_house(desks=1)
    full = make_booking(house, Moment(WEDNESDAY, Dagdeel.OCHTEND))
    reservation = make_booking(house, MORNING, email=EMAIL)
    make_waiting(house, Moment(WEDNESDAY, Dagdeel.OCHTEND), email=EMAIL)
    closure = make_closed(house, TUESDAY).closure
    with time_machine.travel(A_MINUTE_LATER, tick=False):
        cancel(full, GUEST)
        assert Booking.objects.filter(state="held").exists()
        reopen(closure, house_actor(house))
    assert reservation.bookings.get().state == "booked"


def test_reopening_halfway_leaves_the_days_that_were_closed_closed() -> None:
    house = make_house()
    closure = make_closed(house, TUESDAY, WEDNESDAY).closure
    with time_machine.travel(MONDAY_NINE + timedelta(days=2), tick=False):
        reopen(closure, house_actor(house))
        supply = supplies([house], TUESDAY, WEDNESDAY)[house.pk]
        offered = [cell.offered for cell in cells_on(supply, [TUESDAY, WEDNESDAY], {}, MONDAY_NINE).values()]
    assert offered == [False, False, False, True, True, False]
