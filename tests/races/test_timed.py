"""Two beats, or two workers, at the same moment: what is due is told once."""

from datetime import timedelta
from itertools import count
from typing import TypeVar

import pytest
import time_machine
from django.db import connection

from bookings import tell_timed
from bookings.models import CallEntry
from bookings.tell_timed import Due
from bookings.timed import run_all
from bookings.timed_guests import remind
from portal.base.models import OutboxMail
from tests.factories import MONDAY_NINE, at, make_booking, make_house
from tests.guest import WEDNESDAY
from tests.races.crowd import after, at_once, meeting

# On Tuesday at noon guests are reminded of Wednesday.
NOON = at(WEDNESDAY.date - timedelta(days=1), 12)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.race,
    pytest.mark.time_machine(NOON, tick=True),
]
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite one waits for the other")

TICKS, GUESTS = 4, 3
Row = TypeVar("Row", OutboxMail, CallEntry)


@pytest.fixture(autouse=True)
def due() -> None:
    """Three guests with an address, and one without."""
    with time_machine.travel(MONDAY_NINE, tick=False):
        house = make_house("het-huis")
        for number in range(GUESTS):
            make_booking(house, WEDNESDAY, name=f"Gast {number}", email=f"gast-{number}@voorbeeld.example")
        make_booking(house, WEDNESDAY, name="Bert", email="", phone="+31612345678")


@pytest.fixture
def all_look_before_one_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    after(monkeypatch, tell_timed, "_unknown", meeting(TICKS))


def told() -> tuple[int, int]:
    """How many reminders by mail, and by phone."""
    mails = OutboxMail.objects.filter(kind=CallEntry.Kind.REMINDER).count()
    return mails, CallEntry.objects.filter(kind=CallEntry.Kind.REMINDER).count()


def test_of_several_ticks_at_once_each_guest_is_reminded_once() -> None:
    at_once([run_all] * TICKS)
    assert told() == (GUESTS, 1)
    assert (remind(), told()) == (0, (GUESTS, 1))


@on_postgres
@pytest.mark.usefixtures("all_look_before_one_writes")
def test_also_when_all_looked_before_one_wrote() -> None:
    at_once([remind] * TICKS)
    assert told() == (GUESTS, 1)


@on_postgres
@pytest.mark.usefixtures("all_look_before_one_writes")
def test_without_a_name_for_the_event_each_tick_reminds_her(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: only the unique key says that two rows tell the same."""
    numbers, mail, call = count(), Due.mail, Due.call

    def renamed(row: Row) -> Row:
        row.key = f"{row.key}:{next(numbers)}"
        return row

    monkeypatch.setattr(Due, "mail", lambda due, now: renamed(mail(due, now)))
    monkeypatch.setattr(Due, "call", lambda due, now: renamed(call(due, now)))
    at_once([remind] * TICKS)
    assert told() == (TICKS * GUESTS, TICKS)
