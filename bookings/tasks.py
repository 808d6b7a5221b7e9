"""Tasks of the bookings. Safe to run twice."""

from celery import shared_task

from bookings.tell import tell_undelivered


@shared_task(name="bookings.tasks.call_undelivered", ignore_result=True)
def call_undelivered() -> None:
    """Put on the call list who will never get her mail."""
    tell_undelivered()
