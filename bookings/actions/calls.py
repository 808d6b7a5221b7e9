"""The call list: somebody rang, and what came of it. Nothing leaves the list but by a person's word."""

from django.db import transaction

from bookings.actions.lock import lock
from bookings.domain.policy import UNDO_FOR
from bookings.models import CallAttempt, CallEntry
from bookings.refusals import UndoIsOver
from bookings.refused import forget_note, notes_of
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import Dorpshuis

Outcome = CallAttempt.Outcome


def answer_call(entry: CallEntry, outcome: CallAttempt.Outcome, by: Actor, note: str = "") -> bool:
    """Write down how the call went; `called` and `not_needed` take it from the list.

    Gives False, and writes nothing, when somebody else took it from the list before.
    """
    with transaction.atomic():
        house = lock(entry.dorpshuis_id)
        waiting = CallEntry.objects.filter(pk=entry.pk, done_at__isnull=True)
        if not waiting.exists():
            return False
        now = clock.now()
        CallAttempt.objects.create(entry=entry, at=now, by=by.user, outcome=outcome, note=note)
        if outcome in Outcome.ending:
            waiting.update(done_at=now, done_by=by.user)
        record(by, f"call-{outcome}", f"callentry:{entry.pk}", dorpshuis_id=house.pk)
    return True


def put_back_call(entry: CallEntry, by: Actor) -> bool:
    """Put an entry back on the list, within ten minutes; what was written about the call stays.

    Gives False, and writes nothing, when it is on the list already. Raises UndoIsOver.
    """
    with transaction.atomic():
        house = lock(entry.dorpshuis_id)
        now = clock.now()
        done_at = CallEntry.objects.values_list("done_at", flat=True).get(pk=entry.pk)
        if done_at is None:
            return False
        if now - done_at >= UNDO_FOR:
            raise UndoIsOver
        CallEntry.objects.filter(pk=entry.pk).update(done_at=None, done_by=None)
        CallAttempt.objects.create(entry=entry, at=now, by=by.user, outcome=Outcome.PUT_BACK)
        record(by, "call-put_back", f"callentry:{entry.pk}", dorpshuis_id=house.pk)
    return True


def see_note(dorpshuis: Dorpshuis, number: int, by: Actor) -> bool:
    """Somebody of the house read that this mail (its number in the outbox) did not arrive: its note goes.

    Gives False, and writes nothing, for what is no note of this house, or no longer.
    """
    with transaction.atomic():
        house = lock(dorpshuis.pk)
        note = next((one for one in notes_of(house) if one.number == number), None)
        if note is None:
            return False
        forget_note(note)
        record(by, "see_note", f"outboxmail:{number}", dorpshuis_id=house.pk)
    return True
