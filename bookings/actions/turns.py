"""Whose turn it is on the waiting lists of a house. Parts of an action, called under the house's lock.

Whoever frees a slot calls `serve` in the same transaction, so that the first in line has it before anybody can see
it. Whoever takes a slot calls it too, before looking what is free: so nobody goes before who waits, whatever way the
slot became free. The tick is there for what time alone does.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings.actions.slots import free_expired_holds
from bookings.domain.allocation import Slot, allocate
from bookings.domain.availability import Cell, Status, begins_at, cell_at
from bookings.domain.dagdelen import Moment
from bookings.domain.waiting import Steps, Wait, steps, tells_again
from bookings.models import Booking, Reservation, Waiting
from bookings.models.guest import e164
from bookings.queries import supplies, taken_or_late
from bookings.tell_waiting import not_heard, tell_passed, tell_place
from portal.base import clock
from villages.models import Dorpshuis
from villages.models.messages import messages_of

State = Waiting.State
# In these a place can be offered once there is one; in the others the list sleeps.
OFFERED_IN = (Status.VRIJ, Status.VOL, Status.BELLEN)


@dataclass(frozen=True)
class List:
    """The list of one dagdeel, in the order in which they came, and what happens on it now."""

    waits: list[Waiting]
    cell: Cell
    late: frozenset[Slot]
    steps: Steps

    def these(self, numbers: Collection[int]) -> list[Waiting]:
        return [wait for wait in self.waits if wait.pk in numbers]


def serve(house: Dorpshuis, moments: Collection[Moment] | None = None) -> int:
    """Do on the lists of these dagdelen (None: on all of the house) what is due; gives how many rows changed.

    One query when nobody waits. Safe to run twice.
    """
    waits = _waits(house, moments)
    if not waits:
        return 0
    free_expired_holds(house)
    return sum(_carry_out(house, one) for one in _lists(house, waits))


def is_due(house: Dorpshuis) -> bool:
    """Whether `serve` would do something now: asked without the lock, since most of the time it would not."""
    return any(one.steps for one in _lists(house, _waits(house, None)))


def let_go(waits: Collection[Waiting]) -> None:
    """End what is held for these. A hold that nobody took never was a booking: nothing of it stays."""
    held = Booking.objects.filter(reservation__in=[wait.reservation_id for wait in waits], held_until__isnull=False)
    held.delete()


def send_back(holds: Collection[Booking]) -> None:
    """Whose held desk is there no longer waits again, in her own place of the line."""
    rows = Waiting.objects.filter(state=State.OFFERED, reservation__in=[row.reservation_id for row in holds])
    waits = list(rows)
    let_go(waits)
    Waiting.objects.filter(pk__in=[wait.pk for wait in waits]).update(state=State.WAITING, turn_until=None)


def call_in_turn(reservation: Reservation) -> None:
    """Whose turn it is and who has no address any more, is called: nothing is held for who can't press the button."""
    wait = Waiting.objects.filter(reservation=reservation, state=State.OFFERED).first()
    if reservation.email or wait is None:
        return
    let_go([wait])
    wait.reservation, wait.state = reservation, State.CALLED
    wait.save(update_fields=["state"])
    tell_place(wait)


def stop_waiting(reservations: Collection[Reservation]) -> list[str]:
    """Who is deleted waits no longer, and what was held for her is for the next. Gives the names of the rows."""
    rows = Waiting.objects.filter(reservation__in=reservations).select_related("dorpshuis")
    names = [str(row) for row in rows]
    listed = list(rows.on_the_list())
    let_go(listed)
    rows.filter(pk__in=[row.pk for row in listed]).update(state=State.LEFT, turn_until=None)
    for house in {row.dorpshuis for row in listed}:
        serve(house, {row.moment for row in listed if row.dorpshuis_id == house.pk})
    return names


def _waits(house: Dorpshuis, moments: Collection[Moment] | None) -> list[Waiting]:
    rows = Waiting.objects.filter(dorpshuis=house).on_the_list().first_first().select_related("reservation")
    return list(rows if moments is None else rows.at(moments))


def _lists(house: Dorpshuis, waits: list[Waiting]) -> list[List]:
    """What happens on each of these lists; a house that switched them off lets them sleep. Seven queries,
    and one more when a turn has ended.
    """
    if not waits:
        return []
    now = clock.now()
    days = [wait.date for wait in waits]
    supply = supplies([house], min(days), max(days))[house.pk]
    occupied, late = taken_or_late(house.pk, min(days), max(days), now)
    has_place, is_on = _with_place(house, waits), messages_of(house).waiting_list
    unheard = not_heard(wait for wait in waits if _first_turn_ended(wait, now))
    lists: defaultdict[Moment, list[Waiting]] = defaultdict(list)
    for wait in waits:
        lists[wait.moment].append(wait)
    found = []
    for moment, line in sorted(lists.items()):
        begins = begins_at(supply, moment)
        cell = cell_at(supply, moment, occupied.get(moment, ()), now, known_guest=True)
        todo = steps(
            [_plain(wait, cell, has_place, unheard) for wait in line],
            cell.free,
            now,
            begins,
            begins - timedelta(minutes=house.lead_minutes),
            is_open=is_on and cell.status in (*OFFERED_IN, Status.TE_LAAT),
        )
        found.append(List(line, cell, late, todo))
    return found


def _plain(wait: Waiting, cell: Cell, has_place: set[int], unheard: set[int]) -> Wait:
    until = wait.turn_until if wait.state in State.in_turn else None
    passed_over = wait.pk in has_place or _only_called(cell, wait)
    holds = wait.state != State.CALLED
    return Wait(wait.pk, until, holds=holds, has_place=passed_over, unheard=wait.pk in unheard)


def _first_turn_ended(wait: Waiting, now: datetime) -> bool:
    """Only then is asked whether she heard of it: with a mailbox that is always full nobody keeps others waiting."""
    ended = wait.turn_until is not None and wait.turn_until <= now
    return ended and wait.state == State.OFFERED and wait.turns == 1


def _only_called(cell: Cell, wait: Waiting) -> bool:
    """A dagdeel that is booked by phone is for who is called."""
    return cell.status is Status.BELLEN and wait.by_mail


def _with_place(house: Dorpshuis, waits: list[Waiting]) -> set[int]:
    """Who of them booked the same dagdeel in another way: she keeps her place on the list, and is passed over."""
    rows = Booking.objects.filter(dorpshuis=house, state=Booking.State.BOOKED).at({wait.moment for wait in waits})
    contacts: set[tuple[Moment, str]] = set()
    for row in rows.select_related("reservation"):
        contacts |= {(row.moment, row.reservation.email), (row.moment, e164(row.reservation.phone))}
    return {
        wait.pk
        for wait in waits
        for contact in (wait.reservation.email, e164(wait.reservation.phone))
        if contact and (wait.moment, contact) in contacts
    }


def _carry_out(house: Dorpshuis, one: List) -> int:
    """Do what is due on this list; gives how many rows of it changed."""
    todo = one.steps
    let_go(one.these((*todo.over, *todo.back, *todo.ended)))
    Waiting.objects.filter(pk__in=todo.back).update(state=State.WAITING, turn_until=None)
    Waiting.objects.filter(pk__in=todo.ended).update(state=State.ENDED, turn_until=None)
    Waiting.objects.filter(pk__in=todo.over).update(state=State.PASSED)
    for wait in one.these(todo.over):
        tell_passed(wait, tells_again(clock.now()))
    free = one.cell.free_ids
    for wait in one.these(todo.given):
        free = _give_turn(house, wait, one, free)
    return len((*todo.over, *todo.back, *todo.ended, *todo.given))


def _give_turn(house: Dorpshuis, wait: Waiting, one: List, free: tuple[int, ...]) -> tuple[int, ...]:
    """It is her turn: a desk is held for who is mailed, who is called has her turn without. What stays free."""
    wait.turn_until, wait.turns = one.steps.until, wait.turns + 1
    wait.state = State.OFFERED if wait.by_mail else State.CALLED
    wait.save(update_fields=["turn_until", "turns", "state"])
    tell_place(wait)
    desks = allocate([wait.moment], {wait.moment: free}, one.late) if wait.by_mail else None
    if not desks:
        return free
    Booking.objects.create(
        dorpshuis=house,
        reservation=wait.reservation,
        desk_id=desks[wait.moment],
        date=wait.date,
        dagdeel=wait.dagdeel,
        state=Booking.State.HELD,
        held_until=wait.turn_until,
        price_cents=0,
        tariff=wait.reservation.tariff,
    )
    return tuple(desk for desk in free if desk != desks[wait.moment])
