"""The lock that every writer takes first (rule 2)."""

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import OperationalError, connection, transaction

from bookings.actions.lock import lock
from tests.conftest import QueryCount
from tests.factories import make_house
from villages.models import Dorpshuis, Tariff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

PATIENCE = 60.0  # seconds that a busy machine may take

on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="row locks are PostgreSQL's")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite locks the whole file")


def elsewhere(work: Callable[[], object]) -> None:
    """Do this in a connection of its own, as another process would."""

    def run() -> None:
        try:
            with transaction.atomic():
                work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result(timeout=PATIENCE)


def impatient(house: Dorpshuis) -> Callable[[], object]:
    """Ask for the lock of this house without waiting."""
    return Dorpshuis.objects.select_for_update(no_key=True, nowait=True).filter(pk=house.pk).get


def test_outside_a_transaction_it_refuses_since_it_would_hold_nothing() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        lock(make_house().pk)


def test_it_gives_the_house_in_one_query_with_another_version(query_count: QueryCount) -> None:
    house = make_house()
    with transaction.atomic(), query_count(1):
        locked = lock(house.pk)
    assert locked.version != house.version
    assert locked.version == Dorpshuis.objects.get().version


def test_it_gives_every_column_of_the_house() -> None:
    with transaction.atomic():
        assert lock(make_house().pk).get_deferred_fields() == set()


def test_a_house_that_is_not_there_can_not_be_locked() -> None:
    with transaction.atomic(), pytest.raises(Dorpshuis.DoesNotExist):
        lock(0)


@on_postgres
def test_who_waited_gets_the_house_as_the_other_left_it() -> None:
    house = make_house(order_limit=10)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock(house.pk)
            Dorpshuis.objects.filter(pk=house.pk).update(order_limit=3)
            waiting = pool.submit(_order_limit_under_the_lock, house)
            _until_somebody_waits_for_us(waiting)
        assert waiting.result(timeout=PATIENCE) == 3


def _until_somebody_waits_for_us(waiting: Future[int]) -> None:
    """Returns once another connection can't go on before this transaction ends; it fails when the other went on."""
    end = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            assert not waiting.done()
            cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)))")
            if cursor.fetchone() == (True,):
                return
            assert time.monotonic() < end, "nobody waits"
            time.sleep(0.02)


def _order_limit_under_the_lock(house: Dorpshuis) -> int:
    try:
        with transaction.atomic():
            return lock(house.pk).order_limit
    finally:
        connection.close()


def test_it_gives_the_house_as_it_is_now() -> None:
    house = make_house(order_limit=10)
    Dorpshuis.objects.update(order_limit=3)
    with transaction.atomic():
        assert lock(house.pk).order_limit == 3


@on_postgres
def test_nobody_else_gets_the_lock_of_this_house() -> None:
    house = make_house()
    with transaction.atomic():
        lock(house.pk)
        with pytest.raises(OperationalError, match="could not obtain lock"):
            elsewhere(impatient(house))


@on_postgres
def test_another_house_is_not_locked() -> None:
    house, other = make_house(), make_house()
    with transaction.atomic():
        lock(house.pk)
        elsewhere(impatient(other))


@on_postgres
def test_rows_that_point_to_the_house_can_still_be_written() -> None:
    house = make_house(cents=None)
    with transaction.atomic():
        lock(house.pk)
        elsewhere(lambda: Tariff.objects.create(dorpshuis_id=house.pk, cents=750))
    assert Tariff.objects.get().cents == 750


@on_postgres
def test_it_is_given_back_with_the_transaction() -> None:
    house = make_house()
    with transaction.atomic():
        lock(house.pk)
    elsewhere(impatient(house))


@on_sqlite
def test_on_sqlite_a_transaction_begins_as_a_writer() -> None:
    with transaction.atomic(), closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0)) as other:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.execute("SELECT 1")
