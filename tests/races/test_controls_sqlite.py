"""The same races on SQLite with a guard taken away: each must see the fault, or the races prove nothing."""

from functools import partial

import pytest
from django.db import OperationalError, connection
from pytest_django.live_server_helper import LiveServer

from bookings.actions import book, take
from portal.base.log import GUEST
from tests.factories import desks_of, make_house, make_order, morning
from tests.races.crowd import after, at_once, booked, meeting, outcome, pause, statuses, visitors
from villages.models import Dorpshuis

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.race,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="is about the way SQLite locks"),
]


def tapped(server: LiveServer, house: Dorpshuis, number: int) -> list[int]:
    """So many guests tap at the same moment; the statuses of the answers."""
    crowd = visitors(server, house, number, morning())
    return statuses(at_once([guest.tap for guest in crowd]))


def test_without_transaction_and_constraint_the_last_desk_is_sold_sixteen_times(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, without_transaction: None, without_constraint: None
) -> None:
    house = make_house(desks=1)
    after(monkeypatch, take, "allocate", meeting(16))
    assert tapped(live_server, house, 16) == [302] * 16
    assert booked(house) == [(str(morning()), desks_of(house)[0].pk)] * 16


def test_without_transaction_the_constraint_leaves_three_of_four_desks_empty(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, without_transaction: None
) -> None:
    house = make_house(desks=4)
    after(monkeypatch, take, "allocate", meeting(16))
    assert tapped(live_server, house, 16) == [302] + [409] * 15
    assert booked(house) == [(str(morning()), desks_of(house)[0].pk)]


def test_without_constraint_the_transaction_fills_all_four_desks(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, without_constraint: None
) -> None:
    house = make_house(desks=4)
    after(monkeypatch, take, "allocate", pause)
    assert tapped(live_server, house, 16) == [302] * 4 + [409] * 12
    assert sorted(booked(house)) == [(str(morning()), desk.pk) for desk in desks_of(house)]


def test_deferred_transactions_that_read_first_fail_with_database_is_locked(
    monkeypatch: pytest.MonkeyPatch, deferred: None, without_lock: None
) -> None:
    house = make_house(desks=16)
    after(monkeypatch, book, "lock", meeting(16))
    orders = [outcome(partial(book.book, make_order(house, key=f"s{n}"), GUEST)) for n in range(16)]
    failed = [error for error in at_once(orders) if isinstance(error, Exception)]
    assert {(type(error), str(error)) for error in failed} == {(OperationalError, "database is locked")}
    assert (len(failed), len(booked(house))) == (15, 1)


def test_deferred_transactions_that_read_first_show_guests_an_error(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, deferred: None, without_lock: None
) -> None:
    house = make_house(desks=16)
    after(monkeypatch, book, "lock", meeting(16))
    assert tapped(live_server, house, 16) == [302] + [503] * 15


def test_the_lock_writes_first_so_that_even_deferred_transactions_wait_for_each_other(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, deferred: None
) -> None:
    house = make_house(desks=16)
    after(monkeypatch, take, "allocate", pause)
    assert tapped(live_server, house, 16) == [302] * 16


def test_immediate_transactions_wait_for_each_other_under_the_same_load(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = make_house(desks=16)
    after(monkeypatch, take, "allocate", pause)
    assert tapped(live_server, house, 16) == [302] * 16
