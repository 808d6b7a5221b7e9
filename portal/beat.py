"""Beat's scheduler: Celery's own, that also says that it lives. A worker can't tell: it hears of beat through Redis."""

import time
from typing import Any

import structlog
from celery.beat import PersistentScheduler

SECONDS = 15.0  # between two times that it is written down

logger = structlog.get_logger("portal.beat")


class HeardScheduler(PersistentScheduler):
    """Writes its last tick in the database, whatever becomes of the queue; `/readyz` and `/metrics` read it."""

    _written = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; gives the seconds until it wants to be asked again."""
        pause = super().tick(*args, **kwargs)
        if (now := time.monotonic()) - self._written > SECONDS or not self._written:
            self._written = now
            _write_down()
        return pause


def _write_down() -> None:
    """Beat goes on without a database: what it asks for waits in the queue."""
    from django.db import Error, connection  # noqa: PLC0415 - Celery loads this before Django is ready

    from portal.base.models import Heartbeat  # noqa: PLC0415

    try:
        Heartbeat.hear(Heartbeat.BEAT)
    except Error as error:
        logger.warning("beat's tick not written", error=type(error).__name__)
    finally:
        connection.close()  # one in fifteen seconds is no reason to keep it, and the database may be restarted
