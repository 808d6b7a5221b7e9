"""Tasks of the outbox. Safe to run twice: a mail is claimed before it is sent."""

from datetime import datetime, timedelta

from celery import shared_task

from portal.base import clock
from portal.base.outbox import delivery

# When much is due, so many tasks share it, one slice at a time, until beat asks anew.
DRAINS = 2
ROUND = timedelta(seconds=30)


@shared_task(name="portal.base.outbox.deliver_mail", ignore_result=True)
def deliver_mail(key: str) -> None:
    """Send the mail with this key, if it waits and its time has come."""
    delivery.deliver(key)


@shared_task(name="portal.base.outbox.sweep", ignore_result=True)
def sweep_outbox() -> None:
    """Send what was lost or is due by now; free what a dead worker held. When one slice is not enough, ask for more."""
    if delivery.sweep():
        until = clock.now() + ROUND
        for _ in range(DRAINS):
            drain_outbox.delay(until.isoformat())


@shared_task(name="portal.base.outbox.drain", ignore_result=True)
def drain_outbox(until: str) -> None:
    """Send one slice, and ask for the next at the end of the queue, until this moment (ISO).

    So there are never more of these than a few, whatever waits, and other tasks come in between.
    """
    if delivery.drain() and clock.now() < datetime.fromisoformat(until):
        drain_outbox.delay(until)
