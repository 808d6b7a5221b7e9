"""Close the house, a room or some desks for a while; and open again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F

from bookings.actions.lock import lock
from bookings.actions.move import move, plan_moves
from bookings.actions.slots import free_expired_holds
from bookings.domain.availability import open_desks, opening_on
from bookings.domain.dagdelen import Dagdeel
from bookings.models import Booking
from bookings.queries import ended_moments, supplies
from bookings.refusals import EndsBeforeItBegins, InThePast, UnknownPart
from bookings.tell import UNDO_FOR, tell_called_off, tell_reopened, tell_undone
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import Closure, Desk, Dorpshuis, Room


@dataclass(frozen=True)
class Closing:
    """What goes shut: days (both included), dagdelen, and the whole house, a room or some desks."""

    first_day: date
    last_day: date
    reason: str
    dagdelen: frozenset[Dagdeel] = frozenset(Dagdeel)
    room: Room | None = None
    desks: tuple[Desk, ...] = ()
    guest_text: str = ""


@dataclass(frozen=True)
class Closed:
    """The closure, the bookings that moved to another desk, and those that were called off."""

    closure: Closure
    moved_ids: list[int] = field(default_factory=list)
    cancelled_ids: list[int] = field(default_factory=list)


def close(dorpshuis_id: int, closing: Closing, by: Actor) -> Closed:
    """Close, at once: no new booking falls in it, and bookings in it move or are called off for nothing.

    A guest without a chosen desk moves to a free one where only a part closes; the others are called
    off by the house. Raises UnknownPart; InThePast when it would begin before today; EndsBeforeItBegins.
    """
    if closing.first_day < clock.today():
        raise InThePast
    if closing.last_day < closing.first_day:
        raise EndsBeforeItBegins
    with transaction.atomic():
        house = lock(dorpshuis_id)
        _check_parts(house, closing)
        free_expired_holds(house)
        closure = _write(house, closing, by)
        hit = _bookings_in(house, closing)
        moves, stuck = plan_moves(house, hit)
        move(house, moves)
        _call_off(stuck, closure)
        tell_called_off(house, closure, stuck)
        record(by, "close", f"closure:{closure.pk}", dorpshuis_id=house.pk)
    return Closed(closure, sorted(moves), sorted(row.pk for row in stuck))


def reopen(closure: Closure, by: Actor) -> list[int]:
    """Take a closure back; within ten minutes its called-off bookings come back as well.

    In time, who was told already hears that it goes on after all. Later, the guests hear that they can book again.
    A booking stays off when its slot is taken or still shut, or when its guest took another dagdeel for it.
    Gives the numbers of the bookings that stand again. Reopening twice does nothing.
    """
    with transaction.atomic():
        house = lock(closure.dorpshuis_id)
        now = clock.now()
        if not Closure.objects.filter(pk=closure.pk).standing().update(reopened_at=now):
            return []
        free_expired_holds(house)
        in_time = now - closure.created_at < UNDO_FOR
        restored = _restore(house, closure) if in_time else []
        if not in_time:
            tell_reopened(house, closure)
        record(by, "reopen", f"closure:{closure.pk}", dorpshuis_id=house.pk)
    return restored


def _check_parts(house: Dorpshuis, closing: Closing) -> None:
    rooms = [closing.room] if closing.room else []
    rooms += [desk.room for desk in closing.desks]
    if any(room.dorpshuis_id != house.pk for room in rooms) or not closing.dagdelen:
        raise UnknownPart


def _write(house: Dorpshuis, closing: Closing, by: Actor) -> Closure:
    closure = Closure.objects.create(
        dorpshuis=house,
        first_day=closing.first_day,
        last_day=closing.last_day,
        reason=closing.reason,
        guest_text=closing.guest_text,
        room=closing.room,
        created_by=by.user,
        **{part.value: part in closing.dagdelen for part in Dagdeel},
    )
    closure.desks.set(closing.desks)
    return closure


def _bookings_in(house: Dorpshuis, closing: Closing) -> list[Booking]:
    """Coming bookings in what closes. A dagdeel that runs now counts; one that is over does not."""
    rows = (
        Booking.objects.filter(dorpshuis=house, state__in=(Booking.State.BOOKED, Booking.State.HELD))
        .between(max(closing.first_day, clock.today()), closing.last_day)
        .filter(dagdeel__in=[part.value for part in closing.dagdelen])
    )
    if closing.desks:
        rows = rows.filter(desk__in=closing.desks)
    elif closing.room:
        rows = rows.filter(desk__room=closing.room)
    found = list(rows)
    over = ended_moments(house, {row.moment for row in found}, clock.now())
    return [row for row in found if row.moment not in over]


def _call_off(rows: Iterable[Booking], closure: Closure) -> None:
    Booking.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=Booking.State.HOUSE_CANCELLED, cancelled_at=clock.now(), closure=closure, sequence=F("sequence") + 1
    )


def _restore(house: Dorpshuis, closure: Closure) -> list[int]:
    """Bring back what this closure called off, where the slot is offered and free and not replaced."""
    called_off = Booking.objects.filter(closure=closure, state=Booking.State.HOUSE_CANCELLED, held_until__isnull=True)
    rows = list(called_off.select_related("reservation").in_order())
    replaced = _replaced(rows, closure)
    restored = []
    for row in rows:
        if row.pk not in replaced and _slot_is_free(house, row):
            back = Booking.objects.filter(pk=row.pk)
            back.update(state=Booking.State.BOOKED, cancelled_at=None, closure=None, sequence=F("sequence") + 1)
            restored.append(row.pk)
    # Who lost her place to somebody else and took no other still hears of it.
    tell_undone(
        closure,
        {row.reservation_id for row in rows},
        restored={row.reservation_id for row in rows if row.pk in restored},
        lost={row.reservation_id for row in rows if row.pk not in replaced and row.pk not in restored},
    )
    return sorted(restored)


def _replaced(rows: list[Booking], closure: Closure) -> set[int]:
    """The called-off bookings for which their guest took another dagdeel since: the nearest one for each."""
    guests = {row.reservation.guest_id for row in rows}
    newer = Booking.objects.filter(reservation__guest__in=guests, created_at__gt=closure.created_at).occupying()
    # Who changed another dagdeel since has no more than she had: that one is no replacement.
    newer = newer.exclude(began_as__in=Booking.objects.filter(created_at__lte=closure.created_at).values("pk"))
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


def _slot_is_free(house: Dorpshuis, row: Booking) -> bool:
    supply = supplies([house], row.date, row.date)[house.pk]
    opening = opening_on(supply, row.moment)
    if opening is None or row.desk_id not in open_desks(supply, row.moment, opening)[0]:
        return False
    return not Booking.objects.filter(desk=row.desk_id, date=row.date, dagdeel=row.dagdeel).occupying().exists()
