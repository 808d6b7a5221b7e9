"""Who is on a waiting list stays on it, whatever else the house does; and once it is long over nothing of her stays."""

from datetime import timedelta
from unittest import mock

import pytest
import time_machine

from bookings.actions import retention
from bookings.actions.cancel import cancel
from bookings.actions.close import close, reopen
from bookings.actions.miss_you import ask_missed
from bookings.actions.waiting import clear_lists
from bookings.closing import Closing
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Reservation, Waiting
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from tests.bookings.away import away_guest, wants_it
from tests.factories import at, desks_of, house_actor, make_booking, make_house, make_wait, make_waiting
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database, on_monday]

ANNA = "anna@voorbeeld.example"


def full(house: Dorpshuis) -> list[Reservation]:
    numbers = range(len(desks_of(house)))
    return [make_booking(house, WEDNESDAY, email=f"eerder{number}@voorbeeld.example") for number in numbers]


def anna(house: Dorpshuis) -> Waiting:
    return make_waiting(house, WEDNESDAY, name="Anna", email=ANNA)


def test_who_has_her_turn_waits_again_when_the_desk_is_closed_and_has_it_when_that_is_undone() -> None:
    house = make_house("het-huis", desks=2)
    first, _ = full(house)
    wait = anna(house)
    cancel(first, GUEST)
    desk = Booking.objects.get(state="held").desk
    done = close(house.pk, Closing(WEDNESDAY.date, WEDNESDAY.date, "kapot", desks=(desk,)), house_actor(house))
    wait.refresh_from_db()
    assert (wait.state, wait.turn_until) == (Waiting.State.WAITING, None)
    with time_machine.travel(at(MONDAY, 9) + timedelta(minutes=5), tick=False):
        reopen(done.closure, house_actor(house), undo=True)
    held = Booking.objects.get(state="held")
    assert (held.desk, held.reservation_id) == (desk, wait.reservation_id)


def test_nobody_who_waits_is_emptied() -> None:
    house = make_house("het-huis", desks=1)
    make_booking(house, THURSDAY, email=ANNA)
    two_years_on = THURSDAY.date.replace(year=2028)
    to_come = Moment(two_years_on + timedelta(days=8), Dagdeel.OCHTEND)
    with time_machine.travel(at(two_years_on - timedelta(days=3), 9), tick=False):
        while to_come.date.weekday() > THURSDAY.date.weekday():
            to_come = Moment(to_come.date + timedelta(days=1), Dagdeel.OCHTEND)
        make_booking(house, to_come, email="eerder@voorbeeld.example")
        wait = make_waiting(house, to_come, name="Anna", email=ANNA)
    with time_machine.travel(at(two_years_on + timedelta(days=1), 3), tick=False):
        retention.forget_guests()
    wait.refresh_from_db()
    assert (wait.state, wait.reservation.email) == (Waiting.State.WAITING, ANNA)


def test_nobody_who_waits_is_asked_why_she_stays_away() -> None:
    house = make_house("het-huis")
    wants_it(house)
    away_guest(house)
    make_wait(house, WEDNESDAY, email=ANNA)
    with time_machine.travel(at(MONDAY, 11), tick=False):
        ask_missed()
    assert not OutboxMail.objects.filter(kind="miss_you").exists()


def test_a_list_that_was_cleared_by_half_is_cleared_the_next_time() -> None:
    house = make_house("het-huis", desks=1)
    full(house)
    anna(house)
    with time_machine.travel(at(WEDNESDAY.date + timedelta(days=40), 3), tick=False):
        with mock.patch("bookings.actions.waiting.Reservation.objects") as rows:
            rows.filter.side_effect = RuntimeError
            with pytest.raises(RuntimeError):
                clear_lists()
        assert clear_lists() == 1
    assert not Reservation.objects.filter(email=ANNA).exists()
