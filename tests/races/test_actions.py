"""Races between the actions themselves, without a page around them: many rounds, nothing hangs."""

from dataclasses import replace
from datetime import time
from functools import partial

import pytest

from bookings.actions.book import Booked, book
from bookings.actions.calls import answer_call
from bookings.actions.cancel import cancel
from bookings.actions.close import Closed, Closing, change_offer, close
from bookings.actions.plan import plan_offer, with_options
from bookings.closing import Agreed
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.week import week_on
from bookings.models import Booking, CallAttempt, Guest, Reservation
from bookings.offer import DeskGoes, WeekWish, week_rows
from bookings.order import Order
from bookings.refusals import NotBookable
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from tests.factories import (
    afternoon,
    desks_of,
    house_actor,
    make_booking,
    make_house,
    make_order,
    morning,
    next_workday,
)
from tests.races.crowd import at_once, booked, outcome

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.race]


def results(orders: list[Order]) -> list[Booked | Exception]:
    """What comes of these orders, all at the same moment."""
    return at_once([outcome(partial(book, order, GUEST)) for order in orders])


def test_two_orders_in_opposite_order_never_wait_for_each_other_for_ever() -> None:
    house = make_house(desks=1)
    for ahead in range(1, 50, 2):
        pair = (Moment(next_workday(ahead), Dagdeel.OCHTEND), Moment(next_workday(ahead + 1), Dagdeel.MIDDAG))
        Booking.objects.all().delete()
        given = results([make_order(house, *pair), make_order(house, *reversed(pair))])
        assert [type(result) for result in given].count(NotBookable) == 1
        assert [moment for moment, _ in booked(house)] == [str(moment) for moment in sorted(pair)]


def test_eight_orders_with_one_key_are_one_reservation() -> None:
    given = results([make_order(make_house(), key="sleutel")] * 8)
    assert len({result.reservation.pk for result in given if isinstance(result, Booked)}) == 1
    assert (Reservation.objects.count(), Booking.objects.count()) == (1, 1)


def test_sixteen_orders_of_one_new_guest_make_one_guest() -> None:
    house = make_house(desks=16)
    given = results([make_order(house, name="Marieke", email="marieke@voorbeeld.example") for _ in range(16)])
    assert [type(result) for result in given] == [Booked] * 16
    assert Guest.objects.count() == 1


def test_orders_at_two_houses_do_not_hinder_each_other() -> None:
    houses = [make_house(desks=4) for _ in range(2)]
    given = results([make_order(house) for house in houses for _ in range(4)])
    assert [type(result) for result in given] == [Booked] * 8
    assert [len(booked(house)) for house in houses] == [4, 4]


def test_a_slot_that_is_cancelled_while_others_want_it_is_sold_at_most_once() -> None:
    house = make_house(desks=1)
    reservation = make_booking(house, morning(), afternoon())
    orders = [outcome(partial(book, make_order(house), GUEST)) for _ in range(8)]
    at_once([*orders, outcome(partial(cancel, reservation, GUEST))])
    assert len(booked(house)) <= 1


def test_two_cancellations_of_one_reservation_count_once() -> None:
    reservation = make_booking(make_house(), morning(), afternoon())
    given = at_once([outcome(partial(cancel, reservation, GUEST)) for _ in range(8)])
    assert len([result for result in given if not isinstance(result, Exception)]) == 1


def test_a_closed_room_and_bookings_at_the_same_moment_never_leave_a_guest_in_it() -> None:
    house = make_house(desks=2)
    first, second = desks_of(house)
    day = morning().date
    shut = partial(close, house.pk, Closing(day, day, "verf", desks=(first,)), house_actor(house))
    at_once([*(outcome(partial(book, make_order(house), GUEST)) for _ in range(8)), outcome(shut)])
    assert booked(house) == [(str(morning()), second.pk)]


def test_of_a_desk_that_goes_and_a_booking_of_it_no_guest_is_left_without_a_word() -> None:
    house = make_house(desks=1)
    (desk,) = desks_of(house)
    by = house_actor(house)
    ask = outcome(partial(book, make_order(house, morning(7), desk_id=desk.pk), GUEST))
    retire = partial(change_offer, house.pk, DeskGoes(desk.pk, next_workday()), by)
    asked, gone = at_once([ask, outcome(retire)])
    assert isinstance(gone, Closed)
    assert isinstance(asked, Booked) == bool(gone.cancelled_ids)
    assert not Booking.objects.filter(state=Booking.State.BOOKED).exists()
    assert OutboxMail.objects.filter(kind="called_off").count() == len(gone.cancelled_ids)


def test_a_dagdeel_that_stops_while_guests_book_it_leaves_nobody_in_it() -> None:
    house = make_house()
    by, day = house_actor(house), morning(7).date
    week = week_on(week_rows(house), day)
    del week[day.weekday(), Dagdeel.OCHTEND]
    ask = [outcome(partial(book, make_order(house, Moment(day, Dagdeel.OCHTEND)), GUEST)) for _ in range(4)]
    given = at_once([*ask, outcome(partial(change_offer, house.pk, WeekWish(next_workday(), week), by))])
    assert sum(isinstance(row, Closed) for row in given) == 1
    assert not Booking.objects.filter(state=Booking.State.BOOKED).exists()
    assert OutboxMail.objects.filter(kind="called_off").count() == sum(isinstance(row, Booked) for row in given)


def test_of_two_volunteers_who_save_one_week_the_second_is_told() -> None:
    house = make_house()
    day = next_workday(3)
    agreed, asks = [], []
    for hours in (time(9), time(10)):
        week = week_on(week_rows(house), day)
        week[0, Dagdeel.OCHTEND] = replace(week[0, Dagdeel.OCHTEND], begin=hours)
        wish = WeekWish(day, week)
        agreed.append(Agreed(with_options(plan_offer(house, wish.change(house))).fingerprint))
        asks.append(outcome(partial(change_offer, house.pk, wish, house_actor(house), agreed[-1])))
    assert sorted(type(row).__name__ for row in at_once(asks)) == ["Closed", "PlanChanged"]


def test_of_two_volunteers_on_the_last_desk_one_gets_it_and_a_form_sent_twice_is_one_booking() -> None:
    house = make_house(desks=1)
    by = [house_actor(house) for _ in range(2)]
    order = make_order(house, key="sleutel")
    given = at_once(
        [outcome(partial(book, order, by[0])), outcome(partial(book, order, by[0]))]
        + [outcome(partial(book, make_order(house), by[1])) for _ in range(4)]
    )
    won = [result for result in given if isinstance(result, Booked)]
    assert (len({result.reservation.pk for result in won}), len(booked(house))) == (1, 1)


def test_two_volunteers_who_say_called_at_once_write_it_down_once() -> None:
    house = make_house()
    reservation = make_booking(house, email="", phone="+31612345678")
    entry = reservation.call_entries.get()
    by = [house_actor(house) for _ in range(4)]
    given = at_once([outcome(partial(answer_call, entry, CallAttempt.Outcome.CALLED, person)) for person in by])
    assert (sorted(given, key=str), entry.attempts.count()) == ([False, False, False, True], 1)
