"""Tasks of the bookings. Safe to run twice."""

from datetime import timedelta

from celery import shared_task

from bookings.actions.standing import top_up
from bookings.refused import all_notes
from bookings.tell import tell_undelivered
from bookings.tell_house import tell_not_arrived
from bookings.timed import run_all
from portal.base import clock
from portal.base.log import SYSTEM
from villages.models import Dorpshuis, Invitation


@shared_task(name="bookings.tasks.call_undelivered", ignore_result=True)
def call_undelivered() -> None:
    """Put on the call list who will never get her mail, and let the house know of what is about no booking."""
    tell_undelivered()
    for note in all_notes():
        tell_not_arrived([note.house], note.day)


@shared_task(name="bookings.tasks.forget_invited", ignore_result=True)
def forget_invited() -> None:
    """An hour after an invitation is over nobody needs its address any more."""
    Invitation.objects.forget_addresses(clock.now() - timedelta(hours=1))


@shared_task(name="bookings.tasks.top_up_standing", ignore_result=True)
def top_up_standing() -> None:
    """Write the dates of standing places that came near; each house in a transaction of its own."""
    for number in Dorpshuis.objects.filter(standing_until__isnull=False).order_by("pk").values_list("pk", flat=True):
        top_up(number, SYSTEM)


@shared_task(name="bookings.tasks.tick", ignore_result=True)
def tick() -> None:
    """Do all that must happen by itself and is due by now."""
    run_all()
