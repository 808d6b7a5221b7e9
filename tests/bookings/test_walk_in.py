"""Somebody walks in without a booking."""

import pytest
from time_machine import TimeMachineFixture

from bookings.actions.cancel import cancel
from bookings.actions.day import undo
from bookings.actions.walk_in import Arrival, walk_in
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Guest, Reservation
from bookings.refusals import NoDeskFree, NotBegun, Refused, TooLongAgo, UnknownTariff
from portal.base.log import GUEST, Actor
from portal.base.log.models import LogEntry
from portal.base.outbox.models import OutboxMail
from tests.bookings.ledger import everything
from tests.factories import at, desks_of, house_actor, make_booking, make_closed, make_hold, make_house, make_tariff
from tests.guest import MONDAY, on_monday
from villages.models import Closure, Dorpshuis, Opening, Tariff

pytestmark = [pytest.mark.database, pytest.mark.django_db, on_monday]

State = Booking.State
NOW = Moment(MONDAY, Dagdeel.OCHTEND)
LATER = Moment(MONDAY, Dagdeel.MIDDAG)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house(desks=2)


@pytest.fixture
def by(house: Dorpshuis) -> Actor:
    return house_actor(house)


def refuse(refusal: type[Refused], house: Dorpshuis, guest: Arrival, by: Actor) -> None:
    before = everything()
    with pytest.raises(refusal):
        walk_in(house.pk, guest, by)
    assert everything() == before


def fill(house: Dorpshuis, moment: Moment = NOW) -> None:
    """Book every desk of this moment, directly: it has begun."""
    for desk in desks_of(house):
        make_hold(desk, moment, at(MONDAY, 20))


def test_she_is_there_at_once_at_the_usual_price(house: Dorpshuis, by: Actor) -> None:
    row = walk_in(house.pk, Arrival(NOW, "sleutel-1"), by)
    found = (row.state, row.price_cents, row.tariff, row.walk_in, row.outside_offer, row.desk_id, row.paid_how)
    assert found == (State.USED, 750, "standaard", True, False, desks_of(house)[0].pk, "")
    assert (row.reservation.name, row.reservation.email, row.reservation.booked_by) == ("Loopt binnen", "", by.user)


def test_she_may_give_a_name_and_pay_at_once(house: Dorpshuis, by: Actor) -> None:
    row = walk_in(house.pk, Arrival(NOW, "sleutel-1", "Jan", "pin"), by)
    assert (row.reservation.name, row.paid_how, row.open_cents) == ("Jan", "pin", 0)


def test_two_taps_are_one_guest(house: Dorpshuis, by: Actor) -> None:
    first = walk_in(house.pk, Arrival(NOW, "sleutel-1"), by)
    before = everything()
    assert walk_in(house.pk, Arrival(NOW, "sleutel-1"), by) == first
    assert everything() == before


def test_two_forms_are_two_guests_at_two_desks(house: Dorpshuis, by: Actor) -> None:
    rows = [walk_in(house.pk, Arrival(NOW, f"sleutel-{n}"), by) for n in range(2)]
    assert len({row.desk_id for row in rows}) == len({row.reservation.guest_id for row in rows}) == 2


def test_it_is_one_line_in_the_log_and_no_mail_and_no_call(house: Dorpshuis, by: Actor) -> None:
    row = walk_in(house.pk, Arrival(NOW, "sleutel-1"), by)
    assert list(LogEntry.objects.values_list("verb", "subject")) == [("walk_in", f"booking:{row.pk}")]
    assert (OutboxMail.objects.count(), house.call_entries.count()) == (0, 0)


def test_when_all_desks_are_taken_she_hears_so(house: Dorpshuis, by: Actor) -> None:
    fill(house)
    refuse(NoDeskFree, house, Arrival(NOW, "sleutel-1"), by)


def test_a_desk_that_is_not_offered_now_will_do(house: Dorpshuis, by: Actor) -> None:
    first, second = desks_of(house)
    make_closed(house, MONDAY, desks=(second,))
    make_hold(first, NOW, at(MONDAY, 20))
    row = walk_in(house.pk, Arrival(NOW, "sleutel-1"), by)
    assert (row.desk_id, row.outside_offer) == (second.pk, True)


def test_a_closed_house_with_somebody_in_it_counts_outside_the_offer(house: Dorpshuis, by: Actor) -> None:
    Closure.objects.create(dorpshuis=house, first_day=MONDAY, last_day=MONDAY, reason="verf")
    assert walk_in(house.pk, Arrival(NOW, "sleutel-1"), by).outside_offer


def test_a_dagdeel_without_a_schedule_counts_outside_the_offer(house: Dorpshuis, by: Actor) -> None:
    Opening.objects.all().delete()
    assert walk_in(house.pk, Arrival(LATER, "sleutel-1"), by).outside_offer


def test_a_dagdeel_that_begins_later_is_too_early(house: Dorpshuis, by: Actor) -> None:
    refuse(NotBegun, house, Arrival(LATER, "sleutel-1"), by)


def test_a_month_that_is_closed_takes_nobody_more(house: Dorpshuis, by: Actor) -> None:
    refuse(TooLongAgo, house, Arrival(Moment(MONDAY.replace(month=8), Dagdeel.OCHTEND), "sleutel-1"), by)


def test_without_a_price_nobody_walks_in(house: Dorpshuis, by: Actor) -> None:
    Tariff.objects.all().delete()
    refuse(UnknownTariff, house, Arrival(NOW, "sleutel-1"), by)
    make_tariff(house, "gratis", 0, chooser=Tariff.Chooser.HOUSE)
    assert walk_in(house.pk, Arrival(NOW, "sleutel-1"), by).tariff == "gratis"


def test_who_gave_that_desk_back_late_owes_nothing_more(
    house: Dorpshuis, by: Actor, time_machine: TimeMachineFixture
) -> None:
    late = make_booking(house, LATER)
    time_machine.shift(20 * 60)
    cancel(late, GUEST)
    time_machine.move_to(at(MONDAY, 13), tick=False)
    row = walk_in(house.pk, Arrival(LATER, "sleutel-1"), by)
    assert (late.bookings.get().state, row.desk_id) == (State.RETAKEN, late.bookings.get().desk_id)
    undo(row, row.ticks[-1]["id"], by)
    assert late.bookings.get().state == State.LATE_CANCELLED


def test_a_walk_in_taken_back_never_was(house: Dorpshuis, by: Actor) -> None:
    row = walk_in(house.pk, Arrival(NOW, "sleutel-1"), by)
    undone = undo(row, row.ticks[-1]["id"], by)
    assert (undone.state, undone.due_cents, undone.is_occupying) == (State.CANCELLED, 0, False)
    assert walk_in(house.pk, Arrival(NOW, "sleutel-2"), by).desk_id == row.desk_id


def test_an_expired_hold_makes_room(house: Dorpshuis, by: Actor) -> None:
    for desk in desks_of(house):
        make_hold(desk, NOW, at(MONDAY, 8))
    assert walk_in(house.pk, Arrival(NOW, "sleutel-1"), by).state == State.USED


def test_no_walk_in_is_another_s_guest(house: Dorpshuis, by: Actor) -> None:
    make_booking(house, LATER, name="Jan", email="", phone="+31612345678")
    walk_in(house.pk, Arrival(NOW, "sleutel-1", "Jan"), by)
    assert (Guest.objects.count(), Reservation.objects.count()) == (2, 2)
