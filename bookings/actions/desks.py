"""Changes of the offer of desks that can hit a booking."""

from datetime import date

from django.db import transaction

from bookings.actions.lock import lock
from bookings.actions.move import move, plan_moves
from bookings.actions.slots import free_expired_holds
from bookings.models import Booking
from bookings.refusals import DeskInUse, InThePast
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import Desk


def retire_desk(desk: Desk, last_day: date, by: Actor) -> list[int]:
    """Take a desk out of use after `last_day`: its row stays, with an end.

    Later bookings of guests who did not choose this desk move to a free one; gives their numbers.
    Raises DeskInUse, and changes nothing, when one can't move; InThePast for a day before today or
    before the desk was there. A desk that is gone by then already stays as it is.
    """
    if last_day < max(clock.today(), desk.valid_from):
        raise InThePast
    with transaction.atomic():
        house = lock(desk.room.dorpshuis_id)
        desk.refresh_from_db(fields=["valid_until"])
        if desk.valid_until is not None and desk.valid_until <= last_day:
            return []
        free_expired_holds(house)
        later = Booking.objects.filter(
            desk=desk, date__gt=last_day, state__in=(Booking.State.BOOKED, Booking.State.HELD)
        )
        moves, stuck = plan_moves(house, later, gone=[desk.pk])
        if stuck:
            raise DeskInUse(sorted(row.pk for row in stuck))
        move(house, moves)
        Desk.objects.filter(pk=desk.pk).update(valid_until=last_day)
        record(by, "retire_desk", f"desk:{desk.pk}", dorpshuis_id=house.pk)
    desk.valid_until = last_day
    return sorted(moves)
