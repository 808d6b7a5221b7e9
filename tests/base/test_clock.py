"""The only clock: local time in Drenthe, and ahead of it in the demo."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from portal.base import clock
from portal.base.models import DemoClock

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """What was read of the demo's clock is kept for a second; no test hands it on."""
    kept = clock._kept
    clock._kept = (float("-inf"), timedelta(0))
    yield
    clock._kept = kept


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), "2026-11-23T13:00:00+01:00"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "2026-07-01T14:00:00+02:00"),
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "2027-03-28T01:59:00+01:00"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "2027-03-28T03:00:00+02:00"),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "2026-10-25T02:59:00+02:00"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "2026-10-25T02:00:00+01:00"),
    ],
)
def test_now_is_local_time_also_when_the_clock_changes(moment: datetime, shown: str) -> None:
    with time_machine.travel(moment, tick=False):
        assert clock.now().isoformat() == shown


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_today_begins_at_midnight_in_drenthe(moment: datetime, day: date) -> None:
    with time_machine.travel(moment, tick=False):
        assert clock.today() == day


def test_any_moment_can_be_told_in_local_time() -> None:
    assert clock.local(NOON).isoformat() == "2026-11-23T13:00:00+01:00"


def ahead() -> timedelta:
    """How far the clock runs ahead of noon."""
    with time_machine.travel(NOON, tick=False):
        return clock.now() - NOON


@pytest.mark.django_db
@pytest.mark.parametrize(("demo", "offset"), [(True, timedelta(days=1)), (False, timedelta(0))])
def test_only_in_the_demo_the_clock_runs_ahead(settings: Any, demo: bool, offset: timedelta) -> None:
    DemoClock.objects.create(offset=timedelta(days=1))
    settings.DEMO = demo
    assert ahead() == offset


@pytest.mark.django_db
def test_without_a_row_the_demo_s_clock_is_right(settings: Any) -> None:
    settings.DEMO = True
    assert ahead() == timedelta(0)


@pytest.mark.django_db
def test_the_demo_s_offset_is_read_again_after_a_second(settings: Any) -> None:
    settings.DEMO = True
    offset = timedelta(hours=2)
    assert ahead() == timedelta(0)
    DemoClock.objects.create(offset=offset)
    read_at, kept = clock._kept
    clock._kept = (read_at - 2, kept)
    assert ahead() == offset
