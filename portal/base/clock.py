"""The only clock. Nothing else in the project asks what time it is (ruff bans the others).

In demo mode the clock runs ahead by an offset that is kept in the database, so that a visitor
of the demo can see what happens tomorrow.
"""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OFFSET_KEPT_SECONDS = 1.0


def now() -> datetime:
    """The present moment, aware, as local time in Europe/Amsterdam."""
    moment = datetime.now(UTC)
    if settings.DEMO:
        moment += _demo_offset()
    return moment.astimezone(AMSTERDAM)


def real_now() -> datetime:
    """The moment outside the demo's clock, in UTC: for what is about the machine, such as the name of a backup."""
    return datetime.now(UTC)


def today() -> date:
    """The date of `now()` in Europe/Amsterdam."""
    return now().date()


_kept: tuple[float, timedelta] = (float("-inf"), timedelta(0))


def _demo_offset() -> timedelta:
    """How far the demo's clock runs ahead; read at most once a second by each process."""
    global _kept  # noqa: PLW0603 - one small cache, beside the only clock
    read_at, offset = _kept
    if time.monotonic() - read_at > OFFSET_KEPT_SECONDS:
        try:
            row = apps.get_model("base", "DemoClock").objects.first()
        except DatabaseError:  # before the first migration there is no table, and nobody has moved the clock
            return timedelta(0)
        offset = row.offset if row else timedelta(0)
        _kept = (time.monotonic(), offset)
    return offset


def run_ahead(by: timedelta, *, seen: timedelta) -> bool:
    """Let the demo's clock run ahead by this much, when it still ran ahead by `seen`; whether it did.

    This process reads it at once, the others within OFFSET_KEPT_SECONDS.
    """
    global _kept  # noqa: PLW0603 - as above
    rows = apps.get_model("base", "DemoClock").objects
    rows.get_or_create(pk=1)
    moved = rows.filter(pk=1, offset=seen).update(offset=by)
    _kept = (float("-inf"), timedelta(0))
    return bool(moved)


def ahead() -> timedelta:
    """How far the demo's clock runs ahead, asked anew."""
    row = apps.get_model("base", "DemoClock").objects.first()
    return row.offset if row else timedelta(0)


def local(moment: datetime) -> datetime:
    """The same moment as local time in Europe/Amsterdam."""
    return moment.astimezone(AMSTERDAM)
