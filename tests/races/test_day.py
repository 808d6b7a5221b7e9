"""The day at the house, by several people at the same moment: the same control twin as for booking."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from bookings.actions import day, walk_in
from bookings.actions.book import Booked, book
from bookings.actions.cancel import Cancelled, cancel
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from bookings.refusals import NoDeskFree, NotBookable
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from tests.factories import at, house_actor, make_booking, make_house, make_order
from tests.guest import MONDAY
from tests.races.crowd import after, at_once, meeting, outcome
from villages.models import Dorpshuis

HALF_AN_HOUR_BEFORE = pytest.mark.time_machine(at(MONDAY, 8), tick=False)
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), HALF_AN_HOUR_BEFORE]

State = Booking.State
NOW = Moment(MONDAY, Dagdeel.OCHTEND)


@pytest.fixture
def house() -> Dorpshuis:
    """One desk. It is half an hour before the morning: guests can still book it, and can walk in."""
    return make_house(desks=1)


@pytest.fixture
def booking(house: Dorpshuis) -> Booking:
    return make_booking(house, NOW).bookings.get()


def test_two_who_tick_one_guest_differently_leave_one_answer(house: Dorpshuis, booking: Booking) -> None:
    by = house_actor(house)
    acts = [partial(act, booking, by) for act in (day.mark_used, day.mark_no_show)] * 4
    given = at_once([outcome(act) for act in acts])
    assert [result for result in given if isinstance(result, Exception)] == []
    booking.refresh_from_db()
    assert booking.state in (State.USED, State.NO_SHOW)
    assert len(booking.ticks) == LogEntry.objects.filter(subject=f"booking:{booking.pk}").count()


def test_eight_who_tick_one_guest_the_same_are_one_tick(house: Dorpshuis, booking: Booking) -> None:
    by = house_actor(house)
    at_once([outcome(partial(day.mark_used, booking, by)) for _ in range(8)])
    booking.refresh_from_db()
    assert (booking.state, len(booking.ticks)) == (State.USED, 1)


def test_a_tick_and_a_cancellation_never_both_succeed(house: Dorpshuis, booking: Booking) -> None:
    by = house_actor(house)
    ticked, cancelled = at_once(
        [outcome(partial(day.mark_used, booking, by)), outcome(partial(cancel, booking.reservation, GUEST))]
    )
    booking.refresh_from_db()
    assert isinstance(ticked, Booking) != isinstance(cancelled, Cancelled)
    assert (booking.state == State.USED) == isinstance(ticked, Booking)


def test_the_last_desk_is_for_who_walks_in_or_for_who_books_it(house: Dorpshuis) -> None:
    by = house_actor(house)
    walking = [partial(walk_in.walk_in, house.pk, walk_in.Arrival(NOW, f"sleutel-{n}"), by) for n in range(4)]
    booking = [partial(book, make_order(house, NOW), GUEST) for _ in range(4)]
    jobs: list[Callable[[], object]] = [*walking, *booking]
    given = at_once([outcome(job) for job in jobs])
    assert len([result for result in given if isinstance(result, Booking | Booked)]) == 1
    assert len([result for result in given if isinstance(result, NoDeskFree | NotBookable)]) == 7
    assert Booking.objects.occupying().count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there the transaction itself is the lock")
def test_without_the_lock_a_walk_in_runs_into_the_constraint(house: Dorpshuis, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: this is what the lock is for. The database still lets nobody sit on another's lap."""
    monkeypatch.setattr(walk_in, "lock", lambda pk: Dorpshuis.objects.select_related("current_rules").get(pk=pk))
    after(monkeypatch, walk_in, "taken", meeting(8))
    by = house_actor(house)
    jobs = [partial(walk_in.walk_in, house.pk, walk_in.Arrival(NOW, f"sleutel-{n}"), by) for n in range(8)]
    given = at_once([outcome(job) for job in jobs])
    assert sorted(type(result).__name__ for result in given) == ["Booking"] + ["IntegrityError"] * 7
    assert Booking.objects.occupying().count() == 1
