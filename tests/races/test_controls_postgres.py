"""The same races on PostgreSQL with a guard taken away: each must see the fault, or the races prove nothing.

Whoever has read waits for the others before writing: so the fault is certain, not a matter of luck.
"""

from collections.abc import Callable
from functools import partial

import httpx
import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from bookings.actions import close, take
from tests.factories import desks_of, house_actor, make_house, morning
from tests.races.crowd import after, at_once, booked, meeting, pause, statuses, visitors
from villages.models import Dorpshuis

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.race,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite the transaction itself is the lock"),
]


def tapped(server: LiveServer, house: Dorpshuis, number: int) -> list[int]:
    """So many guests tap at the same moment; the statuses of the answers."""
    crowd = visitors(server, house, number, morning())
    return statuses(at_once([guest.tap for guest in crowd]))


def close_and_book(server: LiveServer, house: Dorpshuis) -> list[object]:
    """A guest taps at the moment at which the house closes; her status."""
    (guest,) = visitors(server, house, 1, morning())
    day = morning().date
    shut = partial(close.close, house.pk, close.Closing(day, day, "dorpsfeest"), house_actor(house))
    jobs: list[Callable[[], object]] = [guest.tap, shut]
    return [answer.status_code for answer in at_once(jobs) if isinstance(answer, httpx.Response)]


# --- no lock, no constraint: doubles ----------------------------------------------------------------------


def test_without_lock_and_constraint_the_last_desk_is_sold_sixteen_times(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, without_lock: None, without_constraint: None
) -> None:
    house = make_house(desks=1)
    after(monkeypatch, take, "allocate", meeting(16))
    assert tapped(live_server, house, 16) == [302] * 16
    assert booked(house) == [(str(morning()), desks_of(house)[0].pk)] * 16


# --- no lock, but the constraint: nothing double, and yet wrong -------------------------------------------


@pytest.mark.long
def test_without_lock_the_constraint_leaves_three_of_four_desks_empty(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, without_lock: None
) -> None:
    house = make_house(desks=4)
    after(monkeypatch, take, "allocate", meeting(16))
    assert tapped(live_server, house, 16) == [302] + [409] * 15
    assert booked(house) == [(str(morning()), desks_of(house)[0].pk)]


def test_without_lock_a_closure_and_a_booking_both_succeed(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, without_lock: None
) -> None:
    house = make_house(desks=1)
    meet = meeting(2)
    after(monkeypatch, take, "allocate", meet)
    after(monkeypatch, close, "plan_close", meet)
    assert close_and_book(live_server, house) == [302]
    assert booked(house) == [(str(morning()), desks_of(house)[0].pk)]


# --- the lock alone: right, also in the same wide window --------------------------------------------------


@pytest.mark.long
def test_without_constraint_the_lock_sells_the_last_desk_once(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, without_constraint: None
) -> None:
    house = make_house(desks=1)
    after(monkeypatch, take, "allocate", pause)
    assert tapped(live_server, house, 16) == [302] + [409] * 15
    assert booked(house) == [(str(morning()), desks_of(house)[0].pk)]


@pytest.mark.long
def test_without_constraint_the_lock_fills_all_four_desks(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, without_constraint: None
) -> None:
    house = make_house(desks=4)
    after(monkeypatch, take, "allocate", pause)
    assert tapped(live_server, house, 16) == [302] * 4 + [409] * 12
    assert sorted(booked(house)) == [(str(morning()), desk.pk) for desk in desks_of(house)]


@pytest.mark.parametrize("slow", ["book", "close"])
def test_with_the_lock_a_closure_and_a_booking_never_both_succeed(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    house = make_house(desks=1)
    if slow == "book":
        after(monkeypatch, take, "allocate", pause)
    else:
        after(monkeypatch, close, "plan_close", pause)
    assert close_and_book(live_server, house) in ([302], [409])
    assert booked(house) == []
