"""Close the house, a room or some desks for a while, or offer less from a day on; and the way back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare

from bookings.actions.lock import lock
from bookings.actions.move import move
from bookings.actions.offer import names_are_taken, restore_offer, write_offer
from bookings.actions.plan import (
    coming_from,
    no_longer_offered,
    plan_close,
    plan_holidays,
    plan_offer,
    with_options,
)
from bookings.actions.slots import free_expired_holds
from bookings.actions.trial import take_trial_again, trials_used
from bookings.actions.turns import send_back, serve
from bookings.again import bookable_again, called_off_by
from bookings.closing import Agreed, Closing, Closings, OfferChange, Plan
from bookings.domain.availability import open_desks, opening_on
from bookings.domain.dagdelen import Dagdeel
from bookings.domain.policy import UNDO_FOR
from bookings.models import Booking
from bookings.offer import Wish
from bookings.queries import supplies
from bookings.refusals import BookedSince, ChangedSince, PlanChanged, Refused, UndoIsOver
from bookings.tell import take_back_other_times, tell_called_off, tell_other_times, tell_reopened, tell_undone
from portal.base import clock
from portal.base.log import Actor, record
from portal.base.metrics import counted
from villages.models import Closure, Dorpshuis

__all__ = ["Closed", "Closing", "change_offer", "close", "close_holidays", "reopen", "undo_together"]


@dataclass(frozen=True)
class Closed:
    """The closure, the bookings that moved and that were called off; and whether this call made it."""

    closure: Closure
    moved_ids: list[int] = field(default_factory=list)
    cancelled_ids: list[int] = field(default_factory=list)
    is_new: bool = True


@counted(Refused)
def close(dorpshuis_id: int, closing: Closing, by: Actor, agreed: Agreed | None = None) -> Closed:
    """Close, at once: no new booking falls in it, and bookings in it move or are called off for nothing.

    A guest without a chosen desk moves to a free one where only a part closes; the others are called
    off by the house. The same form sent twice is the first closure again. Raises what `plan_close` does,
    and PlanChanged when this is no longer what was agreed to.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        first = _first_answer(house, agreed)
        if first is not None:
            return Closed(first, is_new=False)
        closed = _carry_out(house, _as_agreed(plan_close(house, closing), agreed), by, agreed)
        record(by, "close", f"closure:{closed.closure.pk}", dorpshuis_id=house.pk)
    return closed


def close_holidays(dorpshuis_id: int, closings: Closings, by: Actor, agreed: Agreed | None = None) -> list[Closed]:
    """Close the whole house several times, a closure each, all or none; otherwise as `close`.

    What is shut already by then is left out. Raises what `plan_holidays` does, and PlanChanged.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        first = _first_answer(house, agreed)
        if first is not None:
            return [Closed(first, is_new=False)]
        plans = _as_agreed(plan_holidays(house, closings), agreed).apart()
        done: list[Closed] = []
        for plan in plans:
            # The form names the first: a second tap finds that one.
            done.append(_carry_out(house, plan, by, agreed if not done or agreed is None else replace(agreed, form="")))
            record(by, "close", f"closure:{done[-1].closure.pk}", dorpshuis_id=house.pk)
    return done


def undo_together(dorpshuis_id: int, closure_ids: Collection[int], by: Actor) -> None:
    """Take several closures back at once, within ten minutes: as `reopen` does, and none stands in another's way.

    What was taken back already stays as it is. Raises UndoIsOver when one of them is too old; then nothing is done.
    """
    with transaction.atomic():
        house, now = lock(dorpshuis_id), clock.now()
        standing = Closure.objects.filter(dorpshuis=house, pk__in=closure_ids).shutting().standing()
        rows = list(standing.order_by("pk"))
        if any(now - row.created_at >= UNDO_FOR for row in rows):
            raise UndoIsOver
        standing.update(reopened_at=now)
        free_expired_holds(house)
        for row in rows:
            _restore(house, row)
            record(by, "reopen", f"closure:{row.pk}", dorpshuis_id=house.pk)


def change_offer(dorpshuis_id: int, wish: Wish, by: Actor, agreed: Agreed | None = None) -> Closed:
    """Another schedule from a day on, or a desk or room that goes: what `close` does to the bookings it hits.

    Rows end and begin, so that what was offered before stays as it was. Raises what the wish does, InThePast
    for a change before tomorrow, and PlanChanged.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        first = _first_answer(house, agreed)
        if first is not None:
            return Closed(first, is_new=False)
        plan = _as_agreed(plan_offer(house, wish.change(house)), agreed)
        closed = _carry_out(house, plan, by, agreed)
        record(by, wish.verb, f"closure:{closed.closure.pk}", dorpshuis_id=house.pk)
    return closed


def reopen(closure: Closure, by: Actor, *, undo: bool = False) -> list[int]:
    """Take a closure back; within ten minutes its called-off bookings come back as well.

    In time, who was told already hears that it goes on after all. Later, the guests hear that they can book again.
    A booking stays off when its slot is taken or still shut, or when its guest took another dagdeel for it.
    Gives the numbers of the bookings that stand again. Reopening twice does nothing. Who wants to `undo` it and is
    too late gets UndoIsOver: reopening tells the guests something else. What is offered less can only be undone, in
    time, and not when the same was changed again since (ChangedSince) or what it added is booked (BookedSince).
    """
    with transaction.atomic():
        house = lock(closure.dorpshuis_id)
        now = clock.now()
        standing = Closure.objects.filter(pk=closure.pk).standing()
        if not standing.exists():
            return []
        in_time = now - closure.created_at < UNDO_FOR
        if not in_time and (undo or closure.cause != Closure.Cause.CLOSURE):
            raise UndoIsOver
        if _is_built_upon(closure):
            raise ChangedSince
        standing.update(reopened_at=now)
        _take_back_offer(house, closure)
        free_expired_holds(house)
        restored = _restore(house, closure) if in_time else []
        serve(house)
        if not in_time:
            tell_reopened(bookable_again(house, closure, called_off_by(closure)))
        record(by, "reopen", f"closure:{closure.pk}", dorpshuis_id=house.pk)
    return restored


def _as_agreed(plan: Plan, agreed: Agreed | None) -> Plan:
    """The plan with its options; PlanChanged when it is not what was agreed to."""
    if agreed is None:
        return plan
    plan = with_options(plan)
    if not constant_time_compare(plan.fingerprint, agreed.fingerprint):
        raise PlanChanged(plan)
    return plan


def _carry_out(house: Dorpshuis, plan: Plan, by: Actor, agreed: Agreed | None) -> Closed:
    free_expired_holds(house)
    closure = _write(house, plan, by, agreed)
    move(house, plan.moves)
    _call_off(plan, closure, agreed.choices if agreed else {})
    _raise_sequence(plan.times)
    tell_other_times(closure, plan.shifted)
    tell_called_off(closure, plan.told, agreed.called if agreed else (), by)
    send_back(plan.holds)
    serve(house)
    gone = sorted(row.pk for row in (*plan.called_off, *plan.holds))
    return Closed(closure, sorted(plan.moves), gone)


def _is_built_upon(closure: Closure) -> bool:
    """Whether the schedule, or the desks, were changed again after this, or a name was given to another."""
    later = Closure.objects.filter(dorpshuis=closure.dorpshuis_id, pk__gt=closure.pk).standing()
    if closure.cause == Closure.Cause.CLOSURE:
        return False
    if closure.cause == Closure.Cause.SCHEDULE:
        return later.filter(cause=Closure.Cause.SCHEDULE).exists()
    return later.filter(cause__in=(Closure.Cause.DESK, Closure.Cause.ROOM)).exists() or names_are_taken(closure)


def _take_back_offer(house: Dorpshuis, closure: Closure) -> None:
    """Offer again what was offered before it; what it offered more goes, unless somebody booked that."""
    if closure.cause == Closure.Cause.CLOSURE:
        return
    coming = coming_from(house, closure.first_day)
    last = max((row.date for row in coming), default=closure.first_day)
    before = supplies([house], closure.first_day, last)[house.pk]
    restore_offer(closure)
    if no_longer_offered(coming, before, supplies([house], closure.first_day, last)[house.pk]):
        raise BookedSince
    shifted = [int(pk) for pk in closure.was.get("times", ())]
    _raise_sequence(shifted)
    take_back_other_times(closure, shifted)


def _raise_sequence(booking_ids: Iterable[int]) -> None:
    """What an agenda holds of these changes: their clock times."""
    rows = Booking.objects.filter(pk__in=list(booking_ids), state=Booking.State.BOOKED)
    rows.update(sequence=F("sequence") + 1)


def _first_answer(house: Dorpshuis, agreed: Agreed | None) -> Closure | None:
    """The closure that this form made before, if it did."""
    if agreed is None or not agreed.form:
        return None
    return Closure.objects.filter(dorpshuis=house, form=agreed.form).first()


def _write(house: Dorpshuis, plan: Plan, by: Actor, agreed: Agreed | None) -> Closure:
    closing = plan.closing
    closure = Closure.objects.create(
        dorpshuis=house,
        cause=closing.cause,
        was=_was(plan),
        first_day=closing.first_day,
        last_day=closing.last_day,
        reason=closing.reason,
        guest_text=closing.guest_text,
        room=closing.room,
        created_by=by.user,
        moved=len(plan.moves),
        form=(agreed and agreed.form) or None,
        **{part.value: part in closing.dagdelen for part in Dagdeel},
    )
    closure.desks.set(closing.desks)
    return closure


def _was(plan: Plan) -> dict[str, Any]:
    """Write what is offered from then on; what the undo needs to know."""
    trials = trials_used(plan.called_off)
    was: dict[str, Any] = {"trials": trials} if trials else {}
    if isinstance(plan.closing, OfferChange):
        was |= {"hit": [row.pk for row in plan.called_off], **write_offer(plan.dorpshuis, plan.closing)}
        was["times"] = {str(pk): times.values for pk, times in plan.times.items()}
    return was


def _call_off(plan: Plan, closure: Closure, choices: Mapping[int, Booking.Proposal]) -> None:
    """End these bookings, each with what the house proposes instead: as chosen, else the best there is."""
    by_proposal: defaultdict[Booking.Proposal, list[int]] = defaultdict(list)
    for row in (*plan.called_off, *plan.holds):
        options = plan.options.get(row.pk)
        proposal = options.pick(choices.get(row.pk)) if options else Booking.Proposal.OTHER_DAY
        by_proposal[proposal].append(row.pk)
    for proposal, ids in by_proposal.items():
        Booking.objects.filter(pk__in=ids).update(
            state=Booking.State.HOUSE_CANCELLED,
            cancelled_at=clock.now(),
            closure=closure,
            proposal=proposal,
            sequence=F("sequence") + 1,
        )


def _restore(house: Dorpshuis, closure: Closure) -> list[int]:
    """Bring back what this closure called off, where the slot is offered and free and not replaced."""
    rows = called_off_by(closure)
    replaced = _replaced(rows, closure)
    restored = []
    for row in rows:
        if row.pk not in replaced and _can_stand_again(house, closure, row):
            back = Booking.objects.filter(pk=row.pk)
            back.update(state=Booking.State.BOOKED, cancelled_at=None, closure=None, sequence=F("sequence") + 1)
            restored.append(row.pk)
    # Who does not get it back still hears of it; that she booked another may be chance.
    tell_undone(
        closure,
        {row.reservation_id for row in rows},
        restored={row.reservation_id for row in rows if row.pk in restored},
        lost={row.reservation_id for row in rows if row.pk not in restored},
    )
    return sorted(restored)


def _replaced(rows: list[Booking], closure: Closure) -> set[int]:
    """The called-off bookings for which their guest took another dagdeel since: the nearest one for each."""
    guests = {row.reservation.guest_id for row in rows}
    newer = Booking.objects.filter(reservation__guest__in=guests, created_at__gt=closure.created_at).occupying()
    # Who changed another dagdeel since has no more than she had: that one is no replacement.
    newer = newer.exclude(began_as__in=Booking.objects.filter(created_at__lte=closure.created_at).values("pk"))
    newer = newer.exclude(state=Booking.State.HELD)  # a turn on a waiting list was taken by nobody yet
    replaced: set[int] = set()
    for other in newer.select_related("reservation").in_order():
        hers = [row for row in rows if row.reservation.guest_id == other.reservation.guest_id]
        left = [row for row in hers if row.pk not in replaced]
        if left:
            replaced.add(min(left, key=lambda row: abs(_part_number(row) - _part_number(other))).pk)
    return replaced


def _part_number(row: Booking) -> int:
    """The dagdelen counted through, to say which is near to which."""
    return row.date.toordinal() * len(Dagdeel) + row.moment.dagdeel.order


def _can_stand_again(house: Dorpshuis, closure: Closure, row: Booking) -> bool:
    """Whether its slot is free and offered, its standing place was not ended before, and its trial code is hers yet."""
    agreed = row.standing is None or row.date <= row.standing.last_day
    return agreed and _slot_is_free(house, row) and take_trial_again(closure.was.get("trials", {}), row)


def _slot_is_free(house: Dorpshuis, row: Booking) -> bool:
    supply = supplies([house], row.date, row.date)[house.pk]
    opening = opening_on(supply, row.moment)
    if opening is None or row.desk_id not in open_desks(supply, row.moment, opening)[0]:
        return False
    return not Booking.objects.filter(desk=row.desk_id, date=row.date, dagdeel=row.dagdeel).occupying().exists()
