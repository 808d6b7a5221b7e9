"""Races through real HTTP: many browsers tap the button at the same moment (rule 2 and 3)."""

from collections.abc import Callable
from functools import partial

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer

from bookings.actions.close import Closed, Closing, close
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Reservation
from tests.factories import afternoon, desks_of, house_actor, make_house, morning, next_workday, rows_of
from tests.races.crowd import Visitor, at_once, booked, free_desks, statuses, visitor, visitors
from villages.models import Closure

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.race]


def test_of_sixteen_guests_on_the_last_desk_one_wins_and_the_others_get_the_fresh_week(live_server: LiveServer) -> None:
    house = make_house(desks=1)
    crowd = visitors(live_server, house, 16, morning())
    answers = at_once([guest.tap for guest in crowd])
    assert statuses(answers) == [302] + [409] * 15
    assert [free_desks(answer, morning()) for answer in answers if answer.status_code == 409] == ["0"] * 15
    assert booked(house) == [(str(morning()), desks_of(house)[0].pk)]


def test_sixteen_guests_fill_all_four_desks(live_server: LiveServer) -> None:
    house = make_house(desks=4)
    crowd = visitors(live_server, house, 16, morning())
    answers = at_once([guest.tap for guest in crowd])
    assert statuses(answers) == [302] * 4 + [409] * 12
    assert sorted(booked(house)) == [(str(morning()), desk.pk) for desk in desks_of(house)]


def test_two_orders_in_opposite_order_have_one_whole_winner(live_server: LiveServer) -> None:
    house = make_house(desks=1)
    for week in range(1, 9):
        pair = [morning(7 * week - 6), afternoon(7 * week - 6)]
        crowd = [visitor(live_server, house, "Heen", *pair), visitor(live_server, house, "Terug", *reversed(pair))]
        assert statuses(at_once([guest.tap for guest in crowd])) == [302, 409]
    assert [reservation.bookings.count() for reservation in Reservation.objects.all()] == [2] * 8


def with_closure(crowd: list[Visitor], shut: Callable[[], Closed]) -> list[httpx.Response]:
    """All tap at the moment at which the house closes; what the guests got."""
    jobs: list[Callable[[], object]] = [*(guest.tap for guest in crowd), shut]
    return [answer for answer in at_once(jobs) if isinstance(answer, httpx.Response)]


def test_a_closure_and_a_booking_never_both_succeed(live_server: LiveServer) -> None:
    house = make_house(desks=4)
    by = house_actor(house)
    for week in range(1, 7):
        day = next_workday(7 * week - 6)
        crowd = visitors(live_server, house, 4, Moment(day, Dagdeel.OCHTEND))
        shut = partial(close, house.pk, Closing(day, day, "dorpsfeest"), by)
        assert {answer.status_code for answer in with_closure(crowd, shut)} <= {302, 409}
        assert booked(house) == []
    assert Closure.objects.count() == 6


def test_who_booked_just_before_the_closure_is_called_off_by_it(live_server: LiveServer) -> None:
    house = make_house(desks=4)
    shut = partial(close, house.pk, Closing(morning().date, morning().date, "dorpsfeest"), house_actor(house))
    answers = with_closure(visitors(live_server, house, 4, morning()), shut)
    won = [answer for answer in answers if answer.status_code == 302]
    assert [state for _, state, _ in rows_of(house)] == ["house_cancelled"] * len(won)


def test_the_same_form_eight_times_at_once_is_one_reservation(live_server: LiveServer) -> None:
    house = make_house(desks=4)
    guest = visitor(live_server, house, "Marieke", morning(), afternoon())
    answers = at_once([guest.tap] * 8)
    (reservation,) = Reservation.objects.all()
    addresses = [(answer.status_code, answer.headers["Location"]) for answer in answers]
    assert addresses == [(302, f"/boeking/{reservation.reference}/")] * 8
    assert Booking.objects.count() == 2
