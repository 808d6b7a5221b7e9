"""Tasks of the cellar."""

from celery import shared_task

from portal.base import clock
from portal.base.models import Heartbeat
from portal.base.outbox.tasks import deliver_mail, sweep_outbox

__all__ = ["deliver_mail", "heartbeat", "sweep_outbox"]


@shared_task(name="portal.base.tasks.heartbeat", ignore_result=True)
def heartbeat() -> None:
    """Say that beat ticks and a worker works; `/readyz` reads it. Safe to run twice."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": clock.now()})
