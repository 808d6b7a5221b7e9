"""What this process counts of itself, for `/metrics`. Never a name, address or reference: routes, actions, reasons.

With several processes behind one address each writes files in METRICS_DIR, which any of them can read; a process
that replaces another goes on in its files, so that they stay few.
"""

import fcntl
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from prometheus_client import Counter, Histogram, values

P = ParamSpec("P")
T = TypeVar("T")

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name: gunicorn_conf.py sets it
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_slots: dict[int, int] = {}


def _slot() -> int:
    """The lowest number that no living process here has; kept, by a lock on a file, until this process ends."""
    pid = os.getpid()
    number = 0
    while pid not in _slots:
        lock = os.open(Path(os.environ[FOLDER]) / f"slot-{number}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _slots[pid] = number
        except BlockingIOError:
            os.close(lock)
            number += 1
    return _slots[pid]


if FOLDER in os.environ:
    values.ValueClass = values.MultiProcessValue(_slot)  # type: ignore[no-untyped-call]

REQUESTS = Counter("naoberplek_requests", "Requests answered.", ["route", "method", "status"])
TOOK = Histogram("naoberplek_request_seconds", "Seconds until the answer was made.", ["route"], buckets=SECONDS)
ACTIONS = Counter("naoberplek_actions", "What people did: done, or refused for this reason.", ["action", "outcome"])


def counted(refused: type[Exception]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Count how often an action was done, and how often it was refused and why: by the type of the refusal."""

    def decorate(action: Callable[P, T]) -> Callable[P, T]:
        @wraps(action)
        def count(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                result = action(*args, **kwargs)
            except refused as why:
                ACTIONS.labels(action.__name__, type(why).__name__).inc()
                raise
            ACTIONS.labels(action.__name__, "done").inc()
            return result

        return count

    return decorate
