"""Change a dagdeel: cancel and book in one act, all or nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError

from bookings.actions import change as module
from bookings.actions.cancel import cancel
from bookings.actions.change import Change, Changed, change
from bookings.actions.close import reopen
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Guest, Reservation
from bookings.refusals import (
    AlreadyHeld,
    DeskTaken,
    NotBookable,
    NothingToChange,
    PriceChanged,
    Refused,
    TooLateToChange,
    Unchanged,
    UnknownDesk,
)
from portal.base.log import GUEST, Actor
from portal.base.log.models import LogEntry
from tests.bookings.ledger import everything
from tests.factories import (
    MONDAY_NINE,
    at,
    desks_of,
    house_actor,
    make_booking,
    make_closed,
    make_hold,
    make_house,
    make_tariff,
    rows_of,
)
from villages.models import Dorpshuis, Opening, Tariff

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.time_machine(MONDAY_NINE, tick=False)]

MONDAY, TUESDAY = date(2026, 11, 23), Moment(date(2026, 11, 24), Dagdeel.OCHTEND)
TUESDAY_NOON = Moment(date(2026, 11, 24), Dagdeel.MIDDAG)
FRIDAY = Moment(date(2026, 11, 27), Dagdeel.OCHTEND)
FRIDAY_NOON = Moment(date(2026, 11, 27), Dagdeel.MIDDAG)
DEADLINE = at(MONDAY, 17)  # of Tuesday
GRACE_OVER = MONDAY_NINE + timedelta(minutes=15)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", desks=2)


@pytest.fixture
def reservation(house: Dorpshuis) -> Reservation:
    """Tuesday morning, made on Monday at nine."""
    return make_booking(house, TUESDAY)


def to(
    reservation: Reservation, new: Moment = FRIDAY, old: Moment = TUESDAY, by: Actor = GUEST, **more: Any
) -> Changed:
    return change(reservation, Change(old=old, new=new, **more), by)


def refuse(refusal: type[Refused], reservation: Reservation, *args: Any, **more: Any) -> None:
    """It is refused, and nothing is written."""
    before = everything()
    with pytest.raises(refusal):
        to(reservation, *args, **more)
    assert everything() == before


def late_evening() -> Any:
    return time_machine.travel(at(MONDAY, 20), tick=False)


def standing(reservation: Reservation) -> Booking:
    return Booking.objects.get(reservation=reservation, state=Booking.State.BOOKED)


# --- what a change is -------------------------------------------------------------------------------------


def test_the_old_dagdeel_ends_and_the_new_one_stands(reservation: Reservation) -> None:
    new = to(reservation).booking
    old = new.changed_from
    assert old is not None
    assert [(row.moment, row.state) for row in (old, new)] == [(TUESDAY, "cancelled"), (FRIDAY, "booked")]
    assert (old.cancelled_at, old.due_cents, new.due_cents) == (MONDAY_NINE, 0, 750)


def test_the_other_dagdelen_of_the_reservation_stay(house: Dorpshuis) -> None:
    reservation = make_booking(house, TUESDAY, TUESDAY_NOON)
    to(reservation)
    assert [(moment, state) for moment, state, _ in rows_of(house)] == [
        (str(TUESDAY), "cancelled"), (str(TUESDAY_NOON), "booked"), (str(FRIDAY), "booked"),
    ]  # fmt: skip


def test_a_chain_of_changes_remembers_where_it_began_and_how_long_it_is(reservation: Reservation) -> None:
    first = standing(reservation)
    second = to(reservation).booking
    third = to(reservation, TUESDAY, FRIDAY).booking
    assert [(row.began_as, row.sequence) for row in (first, second, third)] == [(None, 0), (first.pk, 1), (first.pk, 2)]
    assert (third.event_number, third.changed_from) == (first.pk, second)
    assert (reservation.changes, Reservation.objects.get().changes) == (2, 2)


def test_it_writes_one_entry_in_the_log(reservation: Reservation) -> None:
    to(reservation)
    assert LogEntry.objects.latest("pk").verb == "change"
    assert LogEntry.objects.filter(subject=f"reservation:{reservation.pk}").count() == 2


def test_the_same_dagdeel_at_another_desk_is_a_change(reservation: Reservation, house: Dorpshuis) -> None:
    other = desks_of(house)[1]
    new = to(reservation, TUESDAY, desk_id=other.pk).booking
    assert (new.moment, new.desk_id, new.desk_chosen) == (TUESDAY, other.pk, True)
    assert rows_of(house)[0][1] == "cancelled"


def test_a_full_guest_may_still_change(house: Dorpshuis) -> None:
    house.guest_limit = house.order_limit * 2
    house.save(update_fields=["guest_limit"])
    days = [TUESDAY.date + timedelta(days=n) for n in range(28)]
    mornings = [Moment(day, Dagdeel.OCHTEND) for day in days if day.weekday() < 5][: house.guest_limit]
    half = house.order_limit
    orders = [make_booking(house, *part, email="a@voorbeeld.example") for part in (mornings[:half], mornings[half:])]
    assert to(orders[0], TUESDAY_NOON, mornings[0]).is_new


def test_the_desk_is_chosen_only_when_she_picks_one(reservation: Reservation, house: Dorpshuis) -> None:
    assert to(reservation).booking.desk_chosen is False
    assert to(reservation, TUESDAY, FRIDAY, desk_id=desks_of(house)[1].pk).booking.desk_chosen is True


# --- what it costs ----------------------------------------------------------------------------------------


def test_the_new_date_has_its_own_price(reservation: Reservation, house: Dorpshuis) -> None:
    make_tariff(house, "standaard", 900, valid_from=FRIDAY.date)
    assert to(reservation, promised_cents=900).booking.price_cents == 900


@pytest.mark.parametrize("promised", [750, 0, 901])
def test_another_sum_than_was_promised_is_refused(reservation: Reservation, house: Dorpshuis, promised: int) -> None:
    make_tariff(house, "standaard", 900, valid_from=FRIDAY.date)
    with pytest.raises(PriceChanged) as refused:
        to(reservation, promised_cents=promised)
    assert refused.value.total_cents == 900
    refuse(PriceChanged, reservation, promised_cents=promised)


def test_the_tariff_stays_where_a_guest_may_choose_it(house: Dorpshuis) -> None:
    make_tariff(house, "dorpsgenoot", 500)
    new = to(make_booking(house, TUESDAY, tariff="dorpsgenoot")).booking
    assert (new.tariff, new.price_cents) == ("dorpsgenoot", 500)


def test_a_tariff_that_has_no_price_then_becomes_the_usual_one(house: Dorpshuis) -> None:
    make_tariff(house, "dorpsgenoot", 500, valid_until=TUESDAY.date)
    new = to(make_booking(house, TUESDAY, tariff="dorpsgenoot")).booking
    assert (new.tariff, new.price_cents) == ("standaard", 750)


@pytest.mark.parametrize(("by_house", "kind"), [(False, "standaard"), (True, "gratis")])
def test_a_tariff_of_the_house_stays_only_when_the_house_changes(house: Dorpshuis, by_house: bool, kind: str) -> None:
    make_tariff(house, "gratis", 0, chooser=Tariff.Chooser.HOUSE)
    volunteer = house_actor(house)
    reservation = make_booking(house, TUESDAY, by=volunteer, tariff="gratis")
    assert to(reservation, by=volunteer if by_house else GUEST).booking.tariff == kind


# --- until when -------------------------------------------------------------------------------------------


def test_until_the_deadline_she_may(reservation: Reservation) -> None:
    with time_machine.travel(DEADLINE - timedelta(seconds=1), tick=False):
        assert to(reservation).is_new


def test_from_the_deadline_on_only_the_house_may(reservation: Reservation, house: Dorpshuis) -> None:
    by_house = house_actor(house)
    with time_machine.travel(DEADLINE, tick=False):
        refuse(TooLateToChange, reservation)
        new = to(reservation, by=by_house).booking
    assert (new.price_cents, [state for _, state, _ in rows_of(house)]) == (750, ["cancelled", "booked"])


def test_it_goes_by_the_terms_that_she_accepted(reservation: Reservation, house: Dorpshuis) -> None:
    Dorpshuis.objects.filter(pk=house.pk).update(cancel_days_before=5)
    assert to(reservation).is_new


def test_within_her_fifteen_minutes_she_may_though_the_deadline_has_passed(house: Dorpshuis) -> None:
    with late_evening():
        assert to(make_booking(house, TUESDAY)).is_new


def test_when_the_dagdeel_is_over_not_even_the_house_may(reservation: Reservation, house: Dorpshuis) -> None:
    by_house = house_actor(house)
    with time_machine.travel(at(TUESDAY.date, 12, 30), tick=False):
        refuse(TooLateToChange, reservation, by=by_house)


def test_a_dagdeel_that_is_over_is_too_late_though_its_deadline_is_later(house: Dorpshuis) -> None:
    Dorpshuis.objects.filter(pk=house.pk).update(cancel_days_before=0)
    reservation = make_booking(house, TUESDAY)
    with time_machine.travel(at(TUESDAY.date, 13), tick=False):
        refuse(TooLateToChange, reservation)


def test_before_the_deadline_the_new_booking_begins_anew(reservation: Reservation) -> None:
    with time_machine.travel(GRACE_OVER, tick=False):
        assert to(reservation).booking.created_at == GRACE_OVER


def test_changing_again_and_again_does_not_lengthen_the_fifteen_minutes(house: Dorpshuis) -> None:
    with late_evening() as traveller:
        reservation = make_booking(house, TUESDAY)
        begun = standing(reservation).created_at
        for new, old in ((TUESDAY_NOON, TUESDAY), (TUESDAY, TUESDAY_NOON)):
            traveller.shift(timedelta(minutes=7))
            assert to(reservation, new, old).booking.created_at == begun
        traveller.shift(timedelta(minutes=1))
        refuse(TooLateToChange, reservation)
        assert cancel(reservation, GUEST).cost_cents == 750


# --- refused: the old booking stands ----------------------------------------------------------------------


def test_a_full_dagdeel_is_refused(reservation: Reservation, house: Dorpshuis) -> None:
    for _ in desks_of(house):
        make_booking(house, FRIDAY)
    refuse(NotBookable, reservation)


def test_a_closed_dagdeel_is_refused(reservation: Reservation, house: Dorpshuis) -> None:
    make_closed(house, FRIDAY.date)
    refuse(NotBookable, reservation)


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2027, 11, 26)])
def test_a_dagdeel_that_is_past_or_too_far_ahead_is_refused(reservation: Reservation, day: date) -> None:
    refuse(NotBookable, reservation, Moment(day, Dagdeel.OCHTEND))


def test_by_appointment_is_for_the_house_only(reservation: Reservation, house: Dorpshuis) -> None:
    Opening.objects.filter(weekday=4).update(by_appointment=True)
    by_house = house_actor(house)
    refuse(NotBookable, reservation)
    assert to(reservation, by=by_house).is_new


def test_a_dagdeel_without_staff_is_for_known_guests(house: Dorpshuis) -> None:
    reservation = make_booking(house, TUESDAY)
    Dorpshuis.objects.filter(pk=house.pk).update(staffed_only_for_new=True)
    Opening.objects.filter(weekday=4).update(staffed=False)
    refuse(NotBookable, reservation)
    assert to(reservation, known_guest=True).is_new


def test_a_taken_desk_is_refused_though_another_is_free(reservation: Reservation, house: Dorpshuis) -> None:
    desk = desks_of(house)[1]
    make_booking(house, FRIDAY, desk_id=desk.pk)
    refuse(DeskTaken, reservation, desk_id=desk.pk)


def test_a_desk_of_another_house_is_refused(reservation: Reservation) -> None:
    refuse(UnknownDesk, reservation, desk_id=desks_of(make_house())[0].pk)


def test_a_moment_that_she_has_already_in_this_reservation_is_refused(house: Dorpshuis) -> None:
    refuse(AlreadyHeld, make_booking(house, TUESDAY, FRIDAY))


def test_a_moment_that_she_gave_back_earlier_can_be_taken_again(house: Dorpshuis) -> None:
    reservation = make_booking(house, TUESDAY, FRIDAY)
    cancel(reservation, GUEST, moments=[FRIDAY])
    assert to(reservation).is_new


def test_no_change_at_all_is_refused(reservation: Reservation) -> None:
    refuse(Unchanged, reservation, TUESDAY)
    refuse(Unchanged, reservation, TUESDAY, desk_id=standing(reservation).desk_id)


def test_what_was_cancelled_can_not_be_changed(reservation: Reservation) -> None:
    cancel(reservation, GUEST)
    refuse(NothingToChange, reservation)


def test_what_the_house_called_off_can_not_be_changed(reservation: Reservation, house: Dorpshuis) -> None:
    make_closed(house, TUESDAY.date)
    refuse(NothingToChange, reservation)


def test_a_dagdeel_of_another_reservation_is_not_hers_to_change(reservation: Reservation, house: Dorpshuis) -> None:
    make_booking(house, FRIDAY)
    refuse(NothingToChange, reservation, FRIDAY_NOON, FRIDAY)


def test_a_clash_that_only_the_database_sees_is_not_bookable(
    reservation: Reservation, house: Dorpshuis, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = make_booking(house, FRIDAY).bookings.get()
    monkeypatch.setattr(module, "desks_for", lambda *_: {FRIDAY: taken.desk_id})
    refuse(NotBookable, reservation)


def test_another_fault_of_the_database_is_not_called_a_taken_desk(
    reservation: Reservation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "desks_for", lambda *_: {FRIDAY: None})
    with pytest.raises(IntegrityError):
        to(reservation)


# --- twice ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("picks", [False, True])
def test_a_second_tap_answers_with_the_same_booking(reservation: Reservation, house: Dorpshuis, picks: bool) -> None:
    desk_id = desks_of(house)[1].pk if picks else None
    first = to(reservation, desk_id=desk_id)
    before = everything()
    second = to(reservation, desk_id=desk_id)
    assert (second.booking, first.is_new, second.is_new) == (first.booking, True, False)
    assert everything() == before


def test_a_second_tap_for_another_desk_at_the_same_moment_is_the_same_booking(
    reservation: Reservation, house: Dorpshuis
) -> None:
    desk_id = desks_of(house)[1].pk
    first = to(reservation, TUESDAY, desk_id=desk_id)
    assert to(reservation, TUESDAY, desk_id=desk_id) == Changed(first.booking, is_new=False)


def test_after_a_change_another_change_of_the_old_dagdeel_is_refused(
    reservation: Reservation, house: Dorpshuis
) -> None:
    new = to(reservation).booking
    refuse(NothingToChange, reservation, FRIDAY_NOON)
    refuse(NothingToChange, reservation, desk_id=next(d.pk for d in desks_of(house) if d.pk != new.desk_id))


def test_a_change_that_no_longer_stands_does_not_answer(reservation: Reservation) -> None:
    to(reservation)
    cancel(reservation, GUEST)
    refuse(NothingToChange, reservation)


def test_there_and_back_and_there_again_are_three_changes(reservation: Reservation) -> None:
    assert to(reservation).is_new
    assert to(reservation, TUESDAY, FRIDAY).is_new
    assert to(reservation).is_new
    assert Booking.objects.count() == 4


# --- what others gave back late ---------------------------------------------------------------------------


def given_back_late(house: Dorpshuis, moment: Moment) -> Booking:
    """A desk of somebody who cancelled after the deadline: still due."""
    reservation = make_booking(house, moment)
    with time_machine.travel(at(moment.date - timedelta(days=1), 18), tick=False):
        cancel(reservation, GUEST)
        return reservation.bookings.get()


def test_any_desk_takes_one_that_was_given_back_late_and_settles_it(house: Dorpshuis) -> None:
    make_booking(house, TUESDAY_NOON, desk_id=desks_of(house)[0].pk)
    reservation = make_booking(house, FRIDAY)
    late = given_back_late(house, TUESDAY)
    Booking.objects.filter(pk=late.pk).update(desk=desks_of(house)[1])
    with late_evening():
        new = to(reservation, TUESDAY, FRIDAY).booking
    late.refresh_from_db()
    assert (new.desk_id, late.state) == (late.desk_id, "retaken")


def test_who_leaves_a_slot_that_she_had_settled_makes_it_due_again(house: Dorpshuis) -> None:
    late = given_back_late(house, TUESDAY)
    with late_evening():
        reservation = make_booking(house, TUESDAY)
        late.refresh_from_db()
        assert late.state == "retaken"
        to(reservation)
    late.refresh_from_db()
    assert late.state == "late_cancelled"


def test_a_hold_that_has_ended_does_not_stand_in_the_way(reservation: Reservation, house: Dorpshuis) -> None:
    for desk in desks_of(house):
        make_hold(desk, FRIDAY, MONDAY_NINE)
    assert to(reservation).is_new


# --- beside other actions ---------------------------------------------------------------------------------


def test_a_change_is_no_replacement_of_what_a_closure_called_off(house: Dorpshuis) -> None:
    reservation = make_booking(house, TUESDAY, FRIDAY)
    closure = make_closed(house, TUESDAY.date).closure
    with time_machine.travel(MONDAY_NINE + timedelta(minutes=5), tick=False):
        to(reservation, FRIDAY_NOON, FRIDAY)
        reopen(closure, house_actor(house))
    assert standing_moments(reservation) == [TUESDAY, FRIDAY_NOON]


def standing_moments(reservation: Reservation) -> list[Moment]:
    rows = Booking.objects.filter(reservation=reservation, state=Booking.State.BOOKED)
    return [row.moment for row in rows.in_order()]


def test_the_guest_stays_the_same_person(reservation: Reservation) -> None:
    to(reservation)
    assert (Guest.objects.count(), Reservation.objects.count()) == (1, 1)
