"""The guards of rule 2, taken away one by one for the controls."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from bookings.actions import book, change, close
from bookings.models import Booking
from tests.monday import begin_on_monday
from tests.races.crowd import PATIENCE
from villages.models import Dorpshuis


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before the plugin looks which tests say a time."""
    begin_on_monday(items, Path(__file__).parent)


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many who want to write on SQLite, which has no queue, the last may wait long. For new connections."""
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "timeout", PATIENCE)


def _unlocked(dorpshuis_id: int) -> Dorpshuis:
    return Dorpshuis.objects.select_related("current_rules").get(pk=dorpshuis_id)


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house is read and not locked."""
    for module in (book, change, close):
        monkeypatch.setattr(module, "lock", _unlocked)


@pytest.fixture
def without_constraint(transactional_db: None) -> Iterator[None]:
    """The database lets a slot be sold twice. Restored after, when the doubles are gone."""
    (constraint,) = [c for c in Booking._meta.constraints if c.name == "one_booking_per_slot"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Booking, constraint)
    yield
    Booking.objects.update(changed_from=None)
    Booking.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Booking, constraint)


@pytest.fixture
def without_transaction(monkeypatch: pytest.MonkeyPatch, without_lock: None) -> None:
    """Each statement of `book` stands by itself; without a transaction there is no lock either."""
    monkeypatch.setattr(book, "transaction", SimpleNamespace(atomic=nullcontext))


@pytest.fixture
def deferred(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite as Django has it by default: a transaction begins as a reader. For new connections."""
    monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", None)
