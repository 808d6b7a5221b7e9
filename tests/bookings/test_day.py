"""The ticks of the day: who came, what was paid, and taking a tick back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from bookings.actions.cancel import cancel
from bookings.actions.day import let_be, mark_no_show, mark_used, pay, undo, waive
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from bookings.refusals import NotBegun, NothingDue, NotMarkable, Refused, TooLongAgo, UndoIsOver
from portal.base import clock
from portal.base.log import GUEST, Actor
from portal.base.log.models import LogEntry
from tests.bookings.ledger import everything
from tests.factories import at, house_actor, make_booking, make_closed, make_hold, make_house
from tests.guest import MONDAY, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.database, pytest.mark.django_db, on_monday]

State, Paid = Booking.State, Booking.Paid
TODAY = Moment(MONDAY, Dagdeel.MIDDAG)
AT_TWO = at(MONDAY, 14)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house()


@pytest.fixture
def by(house: Dorpshuis) -> Actor:
    return house_actor(house)


@pytest.fixture
def booking(house: Dorpshuis, time_machine: TimeMachineFixture) -> Booking:
    """Marieke's, of this afternoon; it is two o'clock."""
    row = make_booking(house, TODAY, name="Marieke").bookings.get()
    time_machine.move_to(AT_TWO, tick=False)
    return row


def refuse(refusal: type[Refused], action: Callable[[], object]) -> None:
    """Refused, and nothing is written."""
    before = everything()
    with pytest.raises(refusal):
        action()
    assert everything() == before


def last_tick(booking: Booking) -> str:
    booking.refresh_from_db()
    return str(booking.ticks[-1]["id"])


def standing(booking: Booking) -> tuple[str, str]:
    booking.refresh_from_db()
    return booking.state, booking.paid_how


# --- who came ---------------------------------------------------------------------------------------------


def test_who_is_there_used_her_desk(booking: Booking, by: Actor) -> None:
    row = mark_used(booking, by)
    assert (row.state, row.marked_at, row.marked_by) == (State.USED, AT_TWO, by.user)
    assert standing(booking) == (State.USED, "")


def test_who_did_not_come_owes_it_all_the_same(booking: Booking, by: Actor) -> None:
    row = mark_no_show(booking, by)
    assert (row.state, row.open_cents) == (State.NO_SHOW, 750)


def test_the_other_button_corrects_it(booking: Booking, by: Actor) -> None:
    mark_used(booking, by)
    assert mark_no_show(booking, by).state == State.NO_SHOW
    assert mark_used(booking, by).state == State.USED


@pytest.mark.parametrize("act", [mark_used, mark_no_show, lambda b, by: pay(b, Paid.PIN, by), waive, let_be])
def test_the_same_tick_again_changes_nothing(
    booking: Booking, by: Actor, act: Callable[[Booking, Actor], Booking], time_machine: TimeMachineFixture
) -> None:
    act(booking, by)
    before = everything()
    time_machine.shift(60)
    act(booking, by)
    assert everything() == before


def test_each_tick_is_one_line_in_the_log_without_a_name(booking: Booking, by: Actor) -> None:
    mark_used(booking, by)
    pay(booking, Paid.CASH, by)
    undo(booking, last_tick(booking), by)
    verbs = LogEntry.objects.filter(subject=f"booking:{booking.pk}").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["mark_used", "pay", "undo_tick"]


@pytest.mark.parametrize(("minutes", "allowed"), [(59, True), (60, True), (61, False)])
def test_guests_may_be_an_hour_early(
    house: Dorpshuis, by: Actor, time_machine: TimeMachineFixture, minutes: int, allowed: bool
) -> None:
    row = make_booking(house, TODAY).bookings.get()
    time_machine.move_to(at(MONDAY, 13) - timedelta(minutes=minutes), tick=False)
    if allowed:
        assert mark_used(row, by).state == State.USED
    else:
        refuse(NotBegun, lambda: mark_used(row, by))


def test_a_cancelled_booking_is_never_ticked(house: Dorpshuis, by: Actor, time_machine: TimeMachineFixture) -> None:
    reservation = make_booking(house, TODAY)
    cancel(reservation, GUEST)
    time_machine.move_to(AT_TWO, tick=False)
    for act in (mark_used, mark_no_show):
        refuse(NotMarkable, lambda act=act: act(reservation.bookings.get(), by))  # type: ignore[misc]


def test_what_the_house_called_off_is_never_ticked(
    house: Dorpshuis, by: Actor, time_machine: TimeMachineFixture
) -> None:
    row = make_booking(house, TODAY).bookings.get()
    make_closed(house, MONDAY)
    time_machine.move_to(AT_TWO, tick=False)
    refuse(NotMarkable, lambda: mark_used(row, by))


def test_a_desk_that_is_held_is_nobody_yet(house: Dorpshuis, by: Actor, time_machine: TimeMachineFixture) -> None:
    desk = house.rooms.get().desks.first()
    assert desk is not None
    row = make_hold(desk, TODAY, at(MONDAY, 15))
    time_machine.move_to(AT_TWO, tick=False)
    refuse(NotMarkable, lambda: mark_used(row, by))


def test_until_its_month_is_closed_it_can_be_ticked(
    booking: Booking, by: Actor, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(at(MONDAY.replace(month=12, day=4), 23), tick=False)
    assert mark_used(booking, by).state == State.USED
    time_machine.move_to(at(MONDAY.replace(month=12, day=5), 0), tick=False)
    refuse(TooLongAgo, lambda: mark_no_show(booking, by))


def test_of_two_months_ago_it_can_be_paid_and_of_three_it_cannot(
    booking: Booking, by: Actor, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(at(MONDAY.replace(year=2027, month=1, day=31), 12), tick=False)
    assert pay(booking, Paid.PIN, by).paid_how == Paid.PIN
    time_machine.move_to(at(MONDAY.replace(year=2027, month=2, day=1), 12), tick=False)
    refuse(TooLongAgo, lambda: waive(booking, by))


# --- what was paid ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [Paid.PIN, Paid.CASH, Paid.LINK, Paid.ACCOUNT])
def test_a_payment_is_noted_with_who_and_when(booking: Booking, by: Actor, how: str) -> None:
    row = pay(booking, how, by)
    assert (row.paid_how, row.paid_at, row.paid_by, row.open_cents) == (how, AT_TWO, by.user, 0)


def test_a_payment_can_be_corrected(booking: Booking, by: Actor) -> None:
    pay(booking, Paid.CASH, by)
    assert pay(booking, Paid.PIN, by).paid_how == Paid.PIN


def test_who_is_let_off_owes_nothing(booking: Booking, by: Actor) -> None:
    row = waive(booking, by)
    assert (row.due_cents, row.paid_how) == (0, Paid.WAIVED)


def test_who_cancelled_late_can_pay_it(house: Dorpshuis, by: Actor, time_machine: TimeMachineFixture) -> None:
    reservation = make_booking(house, TODAY)
    time_machine.shift(20 * 60)
    cancel(reservation, GUEST)
    row = pay(reservation.bookings.get(), Paid.PIN, by)
    assert (row.state, row.open_cents) == (State.LATE_CANCELLED, 0)


def test_what_costs_nothing_is_not_paid(by: Actor, house: Dorpshuis, time_machine: TimeMachineFixture) -> None:
    free = make_booking(make_house(cents=0), TODAY).bookings.get()
    cancelled = make_booking(house, TODAY)
    cancel(cancelled, GUEST)
    for row in (free, cancelled.bookings.get()):
        refuse(NothingDue, lambda row=row: pay(row, Paid.PIN, by))  # type: ignore[misc]
        refuse(NothingDue, lambda row=row: waive(row, by))  # type: ignore[misc]


# --- taking it back ---------------------------------------------------------------------------------------


def test_a_tick_taken_back_leaves_what_was_before(booking: Booking, by: Actor) -> None:
    mark_used(booking, by)
    mark_no_show(booking, by)
    undo(booking, last_tick(booking), by)
    assert standing(booking) == (State.USED, "")
    undo(booking, last_tick(booking), by)
    booking.refresh_from_db()
    assert (booking.state, booking.marked_at, booking.marked_by_id, booking.ticks) == (State.BOOKED, None, None, [])


def test_a_payment_taken_back_leaves_the_tick(booking: Booking, by: Actor) -> None:
    mark_used(booking, by)
    pay(booking, Paid.PIN, by)
    undo(booking, last_tick(booking), by)
    assert standing(booking) == (State.USED, "")
    assert booking.paid_at is None


def test_a_second_tap_on_undo_takes_nothing_more_back(booking: Booking, by: Actor) -> None:
    mark_used(booking, by)
    pay(booking, Paid.PIN, by)
    number = last_tick(booking)
    undo(booking, number, by)
    before = everything()
    undo(booking, number, by)
    assert everything() == before


@pytest.mark.parametrize(("seconds", "allowed"), [(599, True), (600, False)])
def test_it_can_be_taken_back_for_ten_minutes(
    booking: Booking, by: Actor, time_machine: TimeMachineFixture, seconds: int, allowed: bool
) -> None:
    mark_used(booking, by)
    number = last_tick(booking)
    time_machine.shift(seconds)
    if allowed:
        assert undo(booking, number, by).state == State.BOOKED
    else:
        refuse(UndoIsOver, lambda: undo(booking, number, by))


def test_what_stands_under_a_later_tick_is_not_taken_back(booking: Booking, by: Actor) -> None:
    mark_used(booking, by)
    number = last_tick(booking)
    pay(booking, Paid.PIN, by)
    refuse(UndoIsOver, lambda: undo(booking, number, by))


def test_who_is_let_be_stays_as_she_is_and_is_not_asked_again(booking: Booking, by: Actor) -> None:
    row = let_be(booking, by)
    assert (row.state, row.asked_at) == (State.BOOKED, clock.now())
    assert not Booking.objects.asked_about(clock.now()).exists()
