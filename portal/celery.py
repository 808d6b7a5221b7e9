"""Celery's app. Beat only ticks; what is due is decided in the database."""

import os
import time
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


class MeasuredTask(Task):  # type: ignore[type-arg]
    """Counts its runs and their time for /metrics."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from portal.metrics import count_task  # noqa: PLC0415 - reads models, which are there only now

        began, outcome = time.perf_counter(), "FAILURE"
        try:
            result = super().__call__(*args, **kwargs)
            outcome = "SUCCESS"
            return result
        finally:
            count_task(self.name, outcome, time.perf_counter() - began)


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery sets up no log of its own: the settings did, and all that it says is a line of JSON there too."""


app = Celery("naoberplek", task_cls=MeasuredTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A tick that nobody took in time is worth nothing: after a night without a worker there are not thousands.
ONCE = {"expires": 60.0}

app.conf.beat_schedule = {
    "tick": {"task": "bookings.tasks.tick", "schedule": 60.0, "options": ONCE},
    "heartbeat": {"task": "portal.base.tasks.heartbeat", "schedule": 30.0, "options": ONCE},
    "outbox": {"task": "portal.base.outbox.sweep", "schedule": 30.0, "options": ONCE},
    "deletions": {"task": "portal.base.tasks.keep_deletions", "schedule": 300.0},
    "login-codes": {"task": "portal.base.tasks.forget_log_ins", "schedule": 900.0},
    "undelivered": {"task": "bookings.tasks.call_undelivered", "schedule": 180.0},
    "invited": {"task": "bookings.tasks.forget_invited", "schedule": 3600.0},
    "standing": {"task": "bookings.tasks.top_up_standing", "schedule": crontab(hour=3, minute=10)},
}
