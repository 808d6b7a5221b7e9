"""We miss you: a house asks once who stayed away; she says why without her name, or that she wants no such mail."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from bookings.actions.lock import lock
from bookings.domain.missed import may_write, next_writing
from bookings.missed import not_asked, to_ask
from bookings.models import Guest, Reservation, StayedAway
from bookings.tell_away import tell_missed
from portal.base import clock
from portal.base.log import SYSTEM, Actor, record
from villages.models import Dorpshuis
from villages.models.messages import switched_on

PART = 50


def ask_missed() -> int:
    """Write the mails that are due; gives how many. Nothing in a weekend or outside the day."""
    if not may_write(clock.now()):
        return 0
    due = dict(to_ask().values_list("pk", "dorpshuis_id"))
    numbers = not_asked(list(due))[:PART]
    houses = sorted({due[pk] for pk in numbers})
    return sum(ask_guests(house, [pk for pk in numbers if due[pk] == house], SYSTEM) for house in houses)


def next_missed() -> datetime | None:
    """When such mails may be written next; None as long as no house wants them."""
    wanted = Dorpshuis.objects.public().filter(switched_on("miss_you")).exists()
    return next_writing(clock.now()) if wanted else None


def ask_guests(dorpshuis_id: int, numbers: list[int], by: Actor) -> int:
    """Mail these guests of one house, as far as they are still to be asked now that nobody can book. Gives how many."""
    with transaction.atomic():
        house = lock(dorpshuis_id)
        due = to_ask().filter(pk__in=not_asked(numbers), dorpshuis=house.pk)
        rows = list(due)
        for row in rows:
            tell_missed(row, _language(row))
            record(by, "miss_you", str(row), dorpshuis_id=house.pk)
    return len(rows)


def say_why(guest: Guest, why: StayedAway.Reason, by: Actor) -> bool:
    """Count her reason, without her name; gives False, and counts nothing, when she gave one before."""
    with transaction.atomic():
        house = lock(guest.dorpshuis_id)
        if not Guest.objects.known().filter(pk=guest.pk, said_why=False).update(said_why=True):
            return False
        month = clock.today().replace(day=1)
        row, _ = StayedAway.objects.get_or_create(dorpshuis=house, month=month, reason=why)
        StayedAway.objects.filter(pk=row.pk).update(number=F("number") + 1)
        record(by, "say_why", f"dorpshuis:{house.pk}", dorpshuis_id=house.pk)  # of whom stays unsaid
    return True


def stop_mails(guest: Guest, by: Actor) -> bool:
    """From now on she hears of nothing but her bookings in this house; gives False when that was so already."""
    with transaction.atomic():
        house = lock(guest.dorpshuis_id)
        if not Guest.objects.known().filter(pk=guest.pk, no_more_mails=False).update(no_more_mails=True):
            return False
        record(by, "stop_mails", str(guest), dorpshuis_id=house.pk)
    return True


def _language(guest: Guest) -> str:
    """The language of her last booking here."""
    rows = Reservation.objects.filter(guest=guest).order_by("-created_at", "-pk")
    return rows.values_list("language", flat=True).first() or Reservation.Language.DUTCH
