"""Tasks of the outbox. Safe to run twice: a mail is claimed before it is sent."""

from celery import shared_task

from portal.base.outbox import delivery


@shared_task(name="portal.base.outbox.deliver_mail", ignore_result=True)
def deliver_mail(key: str) -> None:
    """Send the mail with this key, if it waits and its time has come."""
    delivery.deliver(key)


@shared_task(name="portal.base.outbox.sweep", ignore_result=True)
def sweep_outbox() -> None:
    """Send what was lost or is due by now; free what a dead worker held."""
    delivery.sweep()
