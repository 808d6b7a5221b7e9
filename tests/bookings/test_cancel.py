"""Give desks back: by the guest, or by the house."""

from datetime import date, timedelta

import pytest
import time_machine

from bookings.actions.book import book
from bookings.actions.cancel import cancel
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Reservation
from bookings.refusals import CostChanged, NothingToCancel
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from tests.factories import (
    MONDAY_NINE,
    afternoon,
    at,
    house_actor,
    make_booked,
    make_booking,
    make_hold,
    make_house,
    make_order,
    morning,
    rows_of,
)
from villages.models import Desk, Dorpshuis, Opening

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.time_machine(MONDAY_NINE, tick=False),
]

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
EVENING_BEFORE = at(MONDAY, 20)
ONE_SECOND = timedelta(seconds=1)


def states(reservation: Reservation) -> list[str]:
    return [row.state for row in reservation.bookings.in_order()]


def refuse_at(now: object, reservation: Reservation, **asked: object) -> None:
    """There is nothing to cancel at this time, and nothing is written."""
    before = (states(reservation), LogEntry.objects.count())
    with time_machine.travel(now, tick=False), pytest.raises(NothingToCancel):  # type: ignore[arg-type]
        cancel(reservation, GUEST, **asked)  # type: ignore[arg-type]
    assert (states(reservation), LogEntry.objects.count()) == before


# --- by the guest -----------------------------------------------------------------------------------------


def test_before_the_deadline_it_costs_nothing() -> None:
    reservation = make_booking(make_house())
    with time_machine.travel(at(MONDAY, 17) - ONE_SECOND, tick=False):
        assert cancel(reservation, GUEST).cost_cents == 0
    assert states(reservation) == ["cancelled"]


def test_from_the_deadline_the_price_is_due() -> None:
    reservation = make_booking(make_house(cents=750))
    with time_machine.travel(at(MONDAY, 17), tick=False):
        assert cancel(reservation, GUEST).cost_cents == 750
    assert (states(reservation), reservation.bookings.get().due_cents) == (["late_cancelled"], 750)


def test_a_quarter_of_an_hour_after_booking_it_costs_nothing_whenever() -> None:
    house = make_house()
    with time_machine.travel(EVENING_BEFORE, tick=False) as now:
        early, late = make_booking(house), make_booking(house)
        now.shift(timedelta(minutes=15) - ONE_SECOND)
        costs = [cancel(early, GUEST).cost_cents]
        now.shift(ONE_SECOND)
        costs.append(cancel(late, GUEST).cost_cents)
    assert costs == [0, 750]


def test_the_deadline_of_the_house_counts() -> None:
    reservation = make_booking(make_house(cancel_days_before=0))
    with time_machine.travel(at(TUESDAY, 8), tick=False):
        assert cancel(reservation, GUEST).cost_cents == 0


def test_the_slot_is_free_again() -> None:
    house = make_house(desks=1)
    cancel(make_booking(house), GUEST)
    assert make_booked(house).is_new


def test_a_late_cancelled_slot_is_free_again() -> None:
    house = make_house(desks=1)
    reservation = make_booking(house)
    with time_machine.travel(EVENING_BEFORE, tick=False):
        cancel(reservation, GUEST)
        assert make_booked(house).is_new


def test_when_it_was_cancelled_is_kept() -> None:
    reservation = make_booking(make_house())
    cancel(reservation, GUEST)
    assert reservation.bookings.get().cancelled_at == MONDAY_NINE


def test_the_price_stays_on_what_was_cancelled() -> None:
    reservation = make_booking(make_house(cents=750))
    cancel(reservation, GUEST)
    assert reservation.bookings.get().price_cents == 750


def test_one_of_two_dagdelen_can_be_cancelled() -> None:
    reservation = make_booking(make_house(), morning(), afternoon())
    cancel(reservation, GUEST, moments=[afternoon()])
    assert states(reservation) == ["booked", "cancelled"]


def test_two_dagdelen_can_have_different_costs() -> None:
    reservation = make_booking(make_house(cents=750), morning(), morning(2))
    with time_machine.travel(EVENING_BEFORE, tick=False):
        assert cancel(reservation, GUEST).cost_cents == 750
    assert states(reservation) == ["late_cancelled", "cancelled"]


def test_it_gives_the_numbers_of_what_was_cancelled() -> None:
    reservation = make_booking(make_house(), morning(), afternoon())
    expected = [row.pk for row in reservation.bookings.in_order()]
    assert cancel(reservation, GUEST).booking_ids == expected


def test_another_reservation_stays() -> None:
    house = make_house()
    other = make_booking(house, email="zelfde@voorbeeld.example")
    cancel(make_booking(house, email="zelfde@voorbeeld.example"), GUEST)
    assert states(other) == ["booked"]


def test_a_dagdeel_that_runs_can_still_be_cancelled_late() -> None:
    reservation = make_booking(make_house())
    with time_machine.travel(at(TUESDAY, 12, 30) - ONE_SECOND, tick=False):
        cancel(reservation, GUEST)
    assert states(reservation) == ["late_cancelled"]


# --- refusals ---------------------------------------------------------------------------------------------


def test_a_dagdeel_that_is_over_can_not_be_cancelled() -> None:
    refuse_at(at(TUESDAY, 12, 30), make_booking(make_house()))


def test_of_a_day_that_is_half_over_the_rest_is_cancelled() -> None:
    reservation = make_booking(make_house(), morning(), afternoon())
    with time_machine.travel(at(TUESDAY, 12, 45), tick=False):
        cancel(reservation, GUEST)
    assert states(reservation) == ["booked", "late_cancelled"]


def test_what_was_cancelled_can_not_be_cancelled_again() -> None:
    reservation = make_booking(make_house())
    cancel(reservation, GUEST)
    refuse_at(MONDAY_NINE, reservation)


def test_a_dagdeel_that_was_not_booked_can_not_be_cancelled() -> None:
    refuse_at(MONDAY_NINE, make_booking(make_house(), morning()), moments=[afternoon()])


@pytest.mark.parametrize("state", ["held", "used", "no_show", "late_cancelled", "retaken", "house_cancelled"])
def test_only_what_is_booked_can_be_cancelled(state: str) -> None:
    reservation = make_booking(make_house())
    Booking.objects.update(state=state, held_until=at(TUESDAY, 8))
    refuse_at(MONDAY_NINE, reservation)


def test_the_end_of_a_dagdeel_that_is_no_longer_scheduled_is_midnight() -> None:
    reservation = make_booking(make_house())
    Opening.objects.all().delete()
    refuse_at(at(date(2026, 11, 25), 0), reservation)


def test_another_cost_than_was_promised_is_refused() -> None:
    reservation = make_booking(make_house(cents=750))
    with time_machine.travel(EVENING_BEFORE, tick=False), pytest.raises(CostChanged) as caught:
        cancel(reservation, GUEST, promised_cents=0)
    assert (caught.value.cost_cents, states(reservation)) == (750, ["booked"])


def test_the_cost_that_was_promised_is_taken() -> None:
    reservation = make_booking(make_house(cents=750))
    with time_machine.travel(EVENING_BEFORE, tick=False):
        assert cancel(reservation, GUEST, promised_cents=750).cost_cents == 750


# --- by the house -----------------------------------------------------------------------------------------


def test_the_house_cancels_for_nothing_also_late() -> None:
    house = make_house(cents=750)
    reservation = make_booking(house)
    with time_machine.travel(EVENING_BEFORE, tick=False):
        assert cancel(reservation, house_actor(house)).cost_cents == 0
    assert states(reservation) == ["house_cancelled"]


# --- what else is written ---------------------------------------------------------------------------------


def test_the_form_of_a_wholly_cancelled_order_may_order_anew() -> None:
    house = make_house()
    order = make_order(house, key="sleutel")
    first = book(order, GUEST).reservation
    cancel(first, GUEST)
    second = book(order, GUEST)
    assert (second.is_new, second.reservation.pk != first.pk) == (True, True)


def test_the_key_of_the_form_is_kept_while_something_stands() -> None:
    reservation = make_booking(make_house(), morning(), afternoon(), key="sleutel")
    cancel(reservation, GUEST, moments=[morning()])
    reservation.refresh_from_db()
    assert reservation.key == "sleutel"


@pytest.mark.parametrize("by_house", [True, False])
def test_a_cancellation_is_logged_once(by_house: bool) -> None:
    house = make_house()
    reservation = make_booking(house, morning(), afternoon())
    LogEntry.objects.all().delete()
    cancel(reservation, house_actor(house) if by_house else GUEST)
    logged = [(entry.verb, entry.subject, entry.dorpshuis_id) for entry in LogEntry.objects.all()]
    assert logged == [("cancel", f"reservation:{reservation.pk}", house.pk)]


def test_it_touches_no_hold_of_somebody_else() -> None:
    house: Dorpshuis = make_house(desks=2)
    reservation = make_booking(house)
    other = Desk.objects.last()
    assert other is not None
    make_hold(other, Moment(TUESDAY, Dagdeel.OCHTEND), at(MONDAY, 10))
    cancel(reservation, GUEST)
    assert [state for _, state, _ in rows_of(house)] == ["cancelled", "held"]


def late_and_taken_again(house: Dorpshuis) -> tuple[Reservation, Reservation]:
    """One who cancelled her morning late, and one who has it since; it is the evening before."""
    first = make_booking(house, morning())
    with time_machine.travel(EVENING_BEFORE, tick=False):
        cancel(first, GUEST)
        return first, make_booking(house, morning())


def test_who_cancelled_late_owes_again_when_the_other_gives_it_back_for_nothing() -> None:
    first, second = late_and_taken_again(make_house(desks=1))
    with time_machine.travel(EVENING_BEFORE, tick=False):
        cancel(second, GUEST)
    assert (states(first), states(second)) == (["late_cancelled"], ["cancelled"])


def test_who_cancelled_late_still_owes_nothing_when_the_other_cancels_late_too() -> None:
    first, second = late_and_taken_again(make_house(desks=1))
    with time_machine.travel(EVENING_BEFORE + timedelta(minutes=15), tick=False):
        cancel(second, GUEST)
    assert (states(first), states(second)) == (["retaken"], ["late_cancelled"])


def test_a_deadline_that_changes_later_does_not_reach_back() -> None:
    house = make_house()
    reservation = make_booking(house, morning())
    Dorpshuis.objects.filter(pk=house.pk).update(cancel_days_before=14)
    with time_machine.travel(MONDAY_NINE + timedelta(hours=1), tick=False):
        assert cancel(reservation, GUEST).cost_cents == 0
