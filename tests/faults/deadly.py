"""A worker that is killed, as by the kernel, at one step of a mail. `celery -A tests.faults.deadly worker` with DIE_AT.

DIE_FLAG names a file: whoever makes it dies, so only the first one does.
"""

import os
import signal
import smtplib
from collections.abc import Callable
from enum import Enum
from typing import Any

from celery.signals import worker_process_init

from portal.celery import app

__all__ = ["Step", "app", "arm"]


class Step(Enum):
    BEFORE_CLAIM = "before the claim"
    AFTER_CLAIM = "after the claim"
    DURING_SMTP = "while it speaks with the mail server"
    BEFORE_WRITTEN = "after the mail server took it, before that is written down"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(step: Step, kill: Callable[[], None] = die) -> None:
    """From now on the first mail that gets to this step is the end of this process."""
    from portal.base.outbox import delivery  # the worker imports this module before Django is ready

    target, name = {
        Step.BEFORE_CLAIM: (delivery, "_claim"),
        Step.AFTER_CLAIM: (delivery, "_compose"),
        Step.DURING_SMTP: (smtplib.SMTP, "data"),
        Step.BEFORE_WRITTEN: (delivery, "_copy"),
    }[step]
    original = getattr(target, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        kill()
        return original(*args, **kwargs)

    setattr(target, name, deadly)


def _once() -> None:
    try:
        os.close(os.open(os.environ["DIE_FLAG"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    die()


@worker_process_init.connect
def _arm_the_child(**_: object) -> None:
    if os.environ.get("DIE_AT"):
        arm(Step(os.environ["DIE_AT"]), _once)
