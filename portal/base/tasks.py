"""Tasks of the cellar."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from portal.base import deletions
from portal.base.accounts import codes
from portal.base.models import Heartbeat
from portal.base.outbox.tasks import deliver_mail, drain_outbox, sweep_outbox

__all__ = ["deliver_mail", "drain_outbox", "forget_log_ins", "heartbeat", "keep_deletions", "sweep_outbox"]


@shared_task(name="portal.base.tasks.heartbeat", ignore_result=True)
def heartbeat() -> None:
    """Say that a worker works, asked by beat; `/readyz` reads it. Safe to run twice."""
    Heartbeat.hear(Heartbeat.WORKER)


@shared_task(name="portal.base.tasks.forget_log_ins", ignore_result=True)
def forget_log_ins() -> None:
    """Forget log-in codes that nobody used, and sessions that are over. Safe to run twice."""
    codes.forget()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task(name="portal.base.tasks.keep_deletions", ignore_result=True)
def keep_deletions() -> None:
    """Add to the list beside the backups what was emptied since. Safe to run twice."""
    deletions.keep()
