"""Tasks of the bookings. Safe to run twice."""

from datetime import timedelta

from celery import shared_task

from bookings.tell import tell_undelivered
from portal.base import clock
from villages.models import Invitation


@shared_task(name="bookings.tasks.call_undelivered", ignore_result=True)
def call_undelivered() -> None:
    """Put on the call list who will never get her mail."""
    tell_undelivered()


@shared_task(name="bookings.tasks.forget_invited", ignore_result=True)
def forget_invited() -> None:
    """An hour after an invitation is over nobody needs its address any more."""
    Invitation.objects.forget_addresses(clock.now() - timedelta(hours=1))
