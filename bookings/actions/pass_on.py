"""Doing what is due on the waiting lists of a house, as an act of its own."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import transaction

from bookings.actions.lock import lock
from bookings.actions.turns import serve
from bookings.domain.dagdelen import Moment
from bookings.models import Waiting
from bookings.refusals import DeskTaken, NotBookable
from portal.base.log import SYSTEM, Actor, record


def pass_on_at(dorpshuis_id: int, by: Actor) -> int:
    """What is due on every list of this house. Gives how many rows changed; 0 the second time."""
    with transaction.atomic():
        house = lock(dorpshuis_id)
        changed = serve(house)
        if changed:
            record(by, "pass_on", f"dorpshuis:{house.pk}", dorpshuis_id=house.pk)
    return changed


@contextmanager
def turns_kept(dorpshuis_id: int, moments: Collection[Moment]) -> Iterator[None]:
    """Around the transaction of an act that takes these dagdelen.

    A refusal undoes all of it, also the turn that it found due for who waits. When she may be why it was refused,
    her turn comes in an act of its own: else the page would show her desk as free, and refuse it, for ever.
    """
    try:
        yield
    except (NotBookable, DeskTaken):
        if Waiting.objects.filter(dorpshuis=dorpshuis_id).on_the_list().at(moments).exists():
            pass_on_at(dorpshuis_id, SYSTEM)
        raise
