"""How many hours the volunteers of a house worked in a month, as the house itself enters it."""

from datetime import date

from django.db import transaction

from bookings.actions.lock import lock
from bookings.models import ClosedMonth, SlotSummary, VolunteerHours
from portal.base import clock
from portal.base.log import Actor, record


def enter_hours(dorpshuis_id: int, month: date, hours: int, by: Actor) -> None:
    """Keep so many hours for this month (its first day), in place of what stood there; the same again writes nothing.

    Of a month that is closed the old version stays and a new one says the hours (rule 10).
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        mine = VolunteerHours.objects.filter(dorpshuis=house, month=month)
        if mine.filter(hours=hours).exists():
            return
        VolunteerHours.objects.update_or_create(dorpshuis=house, month=month, defaults={"hours": hours})
        closed = ClosedMonth.objects.filter(dorpshuis=house, month=month).newest().first()
        if closed is not None:
            _new_version(closed, hours)
        record(by, "enter_hours", f"dorpshuis:{house.pk}", dorpshuis_id=house.pk)


def _new_version(closed: ClosedMonth, hours: int) -> None:
    """The same month with these hours: its slots as they were closed, not counted again."""
    slots = list(closed.slots.all())
    closed.pk, closed._state.adding = None, True
    closed.version, closed.closed_at, closed.volunteer_hours = closed.version + 1, clock.now(), hours
    closed.save()
    for row in slots:
        row.pk, row._state.adding, row.closed_month = None, True, closed
    SlotSummary.objects.bulk_create(slots)
