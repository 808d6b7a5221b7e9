"""Races in which a guest changes her booking: no desk twice, no booking lost, none in a closed house."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from bookings.actions import change as module
from bookings.actions import take
from bookings.actions.book import Booked, book
from bookings.actions.change import Change, Changed, change
from bookings.actions.close import Closing, close
from bookings.models import Booking, Reservation
from bookings.refusals import NotBookable, NothingToChange
from portal.base.log import GUEST
from tests.factories import afternoon, desks_of, house_actor, make_booking, make_house, make_order, morning
from tests.races.crowd import after, at_once, booked, meeting, outcome, pause

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.race]

on_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite the transaction itself is the lock"
)

WANTED = morning  # the dagdeel that all want, tomorrow or soon


def later(number: int) -> Any:
    """An afternoon weeks ahead, another one for each number."""
    return afternoon(14 + 7 * number)


def changes(reservations: list[Reservation]) -> list[Callable[[], Changed | Exception]]:
    """Each wants the same morning instead of her own afternoon."""
    wishes = [Change(old=row.moment, new=WANTED()) for r in reservations for row in r.bookings.all()]
    pairs = zip(reservations, wishes, strict=True)
    return [outcome(partial(change, reservation, wish, GUEST)) for reservation, wish in pairs]


def test_of_eight_guests_who_change_to_the_last_desk_one_wins_and_the_others_keep_theirs() -> None:
    house = make_house(desks=1, window_days=120)
    given = at_once(changes([make_booking(house, later(n)) for n in range(8)]))
    assert sorted(type(result).__name__ for result in given) == ["Changed"] + ["NotBookable"] * 7
    assert (len(booked(house)), booked(house).count((str(WANTED()), desks_of(house)[0].pk))) == (8, 1)


def test_sixteen_guests_who_change_fill_all_four_desks() -> None:
    house = make_house(desks=4, window_days=120)
    given = at_once(changes([make_booking(house, later(n // 4)) for n in range(16)]))
    assert [type(result) for result in given].count(Changed) == 4
    assert [desk for moment, desk in sorted(booked(house)) if moment == str(WANTED())] == [
        d.pk for d in desks_of(house)
    ]


def test_a_change_and_a_booking_of_the_last_desk_never_both_succeed() -> None:
    house = make_house(desks=1, window_days=120)
    ask: list[Callable[[], Any]] = [outcome(partial(book, make_order(house, WANTED()), GUEST)) for _ in range(4)]
    given = at_once([*ask, *changes([make_booking(house, later(n)) for n in range(4)])])
    won = [result for result in given if isinstance(result, Booked | Changed)]
    assert (len(won), {type(result) for result in given if result not in won}) == (1, {NotBookable})
    assert len([slot for slot in booked(house) if slot[0] == str(WANTED())]) == 1


def test_a_change_and_a_closure_never_both_succeed() -> None:
    house = make_house(desks=4, window_days=120)
    day = WANTED().date
    shut = outcome(partial(close, house.pk, Closing(day, day, "dorpsfeest"), house_actor(house)))
    jobs: list[Callable[[], Any]] = [*changes([make_booking(house, later(n)) for n in range(4)]), shut]
    at_once(jobs)
    assert [slot for slot in booked(house) if slot[0] == str(WANTED())] == []


def test_the_same_change_eight_times_at_once_is_one_change() -> None:
    house = make_house(desks=4, window_days=120)
    given = at_once(changes([make_booking(house, later(0))]) * 8)
    assert sorted(result.is_new for result in given if isinstance(result, Changed)) == [False] * 7 + [True]
    assert (Booking.objects.count(), len(booked(house))) == (2, 1)


def test_two_guests_who_swap_never_wait_for_each_other_for_ever() -> None:
    house = make_house(desks=1, window_days=120)
    pair = [make_booking(house, later(n)) for n in range(2)]
    ways = [(later(0), later(1)), (later(1), later(0))]
    jobs = [outcome(partial(change, r, Change(*way), GUEST)) for r, way in zip(pair, ways, strict=True)]
    assert {type(result) for result in at_once(jobs)} == {NotBookable}
    assert len(booked(house)) == 2


# --- with a guard taken away ------------------------------------------------------------------------------


@on_postgres
def test_without_lock_and_constraint_eight_changes_sell_the_last_desk_eight_times(
    monkeypatch: pytest.MonkeyPatch, without_lock: None, without_constraint: None
) -> None:
    house = make_house(desks=1, window_days=120)
    jobs = changes([make_booking(house, later(n)) for n in range(8)])
    after(monkeypatch, take, "allocate", meeting(8))
    assert {type(result) for result in at_once(jobs)} == {Changed}
    assert booked(house) == [(str(WANTED()), desks_of(house)[0].pk)] * 8


@on_postgres
def test_without_lock_one_booking_is_still_changed_only_once(
    monkeypatch: pytest.MonkeyPatch, without_lock: None
) -> None:
    house = make_house(desks=2, window_days=120)
    reservation = make_booking(house, later(0))
    others = [Change(later(0), WANTED()), Change(later(0), later(1))]
    after(monkeypatch, module, "desks_for", meeting(2))
    given = at_once([outcome(partial(change, reservation, wish, GUEST)) for wish in others])
    assert sorted(type(result).__name__ for result in given) == [Changed.__name__, NothingToChange.__name__]
    assert len(booked(house)) == 1


@on_postgres
def test_without_constraint_the_lock_sells_the_last_desk_once(
    monkeypatch: pytest.MonkeyPatch, without_constraint: None
) -> None:
    house = make_house(desks=1, window_days=120)
    jobs = changes([make_booking(house, later(n)) for n in range(8)])
    after(monkeypatch, take, "allocate", pause)
    assert [type(result) for result in at_once(jobs)].count(Changed) == 1
    assert len(booked(house)) == 8
