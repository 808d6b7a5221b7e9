"""The day at the house: who came, and what was paid. A second tick that says the same changes nothing."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from bookings.actions.lock import lock
from bookings.actions.slots import make_due_again
from bookings.domain.ticks import can_undo, first_open_day, first_payable_day, opens_at
from bookings.models import Booking
from bookings.queries import beginnings
from bookings.refusals import NotBegun, NothingDue, NotMarkable, TooLongAgo, UndoIsOver
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import Dorpshuis

if TYPE_CHECKING:
    from portal.base.accounts.models import User

State, Paid = Booking.State, Booking.Paid


def mark_used(booking: Booking, by: Actor) -> Booking:
    """She is there. Gives the booking as it stands. Raises NotMarkable, NotBegun, TooLongAgo."""
    with transaction.atomic():
        house = lock(booking.dorpshuis_id)
        row = fresh(booking)
        if row.state != State.USED:
            check_markable(row, beginnings(house, [row.moment])[row.moment])
            mark(row, State.USED, by.user)
            record(by, "mark_used", f"booking:{row.pk}", dorpshuis_id=house.pk)
    return row


def mark_no_show(booking: Booking, by: Actor) -> Booking:
    """She did not come; she owes it all the same. Raises NotMarkable, NotBegun, TooLongAgo."""
    with transaction.atomic():
        house = lock(booking.dorpshuis_id)
        row = fresh(booking)
        if row.state != State.NO_SHOW:
            check_markable(row, beginnings(house, [row.moment])[row.moment])
            mark(row, State.NO_SHOW, by.user)
            record(by, "mark_no_show", f"booking:{row.pk}", dorpshuis_id=house.pk)
    return row


def pay(booking: Booking, how: str, by: Actor) -> Booking:
    """It was paid, `how` one of `Booking.Paid`. Also for who cancelled late. Raises NothingDue, TooLongAgo."""
    with transaction.atomic():
        house = lock(booking.dorpshuis_id)
        row = fresh(booking)
        if row.paid_how != how:
            check_due(row)
            note_paid(row, how, by.user)
            record(by, "pay", f"booking:{row.pk}", dorpshuis_id=house.pk)
    return row


def waive(booking: Booking, by: Actor) -> Booking:
    """The house lets her off. Raises NothingDue, TooLongAgo."""
    with transaction.atomic():
        house = lock(booking.dorpshuis_id)
        row = fresh(booking)
        if row.paid_how != Paid.WAIVED:
            check_due(row)
            note_paid(row, Paid.WAIVED, by.user)
            record(by, "waive", f"booking:{row.pk}", dorpshuis_id=house.pk)
    return row


def undo(booking: Booking, tick_id: str, by: Actor) -> Booking:
    """Take back the last tick, if it is this one: state and payment are again what they were before.

    A walk-in that is taken back never was. A tick that was taken back already changes nothing.
    Raises UndoIsOver after ten minutes, and when a later tick stands upon it.
    """
    with transaction.atomic():
        house = lock(booking.dorpshuis_id)
        row = fresh(booking)
        found = [number for number, made in enumerate(row.ticks) if made["id"] == tick_id]
        if not found:
            return row
        made = row.ticks[-1]
        if found != [len(row.ticks) - 1] or not can_undo(datetime.fromisoformat(made["at"]), clock.now()):
            raise UndoIsOver
        _restore(house, row, made["before"])
        record(by, "undo_tick", f"booking:{row.pk}", dorpshuis_id=house.pk)
    return row


def let_be(booking: Booking, by: Actor) -> Booking:
    """Nobody knows whether she came: it is not asked again."""
    with transaction.atomic():
        house = lock(booking.dorpshuis_id)
        row = fresh(booking)
        if row.asked_at is None:
            row.asked_at = clock.now()
            row.save(update_fields=["asked_at"])
            record(by, "let_be", f"booking:{row.pk}", dorpshuis_id=house.pk)
    return row


# --- parts, called under the house's lock -----------------------------------------------------------------


def fresh(booking: Booking) -> Booking:
    """The booking as it is now, with what a page shows of it."""
    return Booking.objects.with_names().with_first_time().get(pk=booking.pk)


def check_markable(row: Booking, begins: datetime) -> None:
    """That it can be said whether she came; her dagdeel begins (aware) at `begins`.

    Raises NotMarkable, NotBegun, TooLongAgo.
    """
    if row.state not in (State.BOOKED, State.USED, State.NO_SHOW):
        raise NotMarkable
    check_day(row)
    opens = opens_at(begins)
    if clock.now() < opens:
        raise NotBegun(opens)


def check_due(row: Booking) -> None:
    """That there is something to pay, or was before the house let her off. Raises NothingDue, TooLongAgo."""
    if row.state not in State.due or not row.price_cents:
        raise NothingDue
    if row.date < first_payable_day(clock.today()):
        raise TooLongAgo


def check_day(row: Booking) -> None:
    """That the month is not closed. Raises TooLongAgo."""
    if row.date < first_open_day(clock.today()):
        raise TooLongAgo


def mark(row: Booking, state: str, user: "User | None") -> None:
    """Write whether she came, and who said so."""
    _tick(row, {"state": state, "marked_at": clock.now(), "marked_by_id": user.pk if user else None})


def note_paid(row: Booking, how: str, user: "User | None") -> None:
    """Write how it was paid, and who said so."""
    _tick(row, {"paid_how": how, "paid_at": clock.now(), "paid_by_id": user.pk if user else None})


def _tick(row: Booking, new: dict[str, Any]) -> None:
    """Write these, and keep what stood before for as long as it can be taken back."""
    now = clock.now()
    before = {name: _plain(getattr(row, name)) for name in new}
    kept = [made for made in row.ticks if can_undo(datetime.fromisoformat(made["at"]), now)]
    row.ticks = [*kept, {"id": secrets.token_hex(4), "at": now.isoformat(), "before": before}]
    for name, value in new.items():
        setattr(row, name, value)
    row.save(update_fields=[*new, "ticks"])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _restore(house: Dorpshuis, row: Booking, before: dict[str, Any]) -> None:
    """Back to what was. Of a walk-in nothing was: her desk is free, and who had given it back late owes again."""
    values = {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value else value
        for name, value in before.items()
    }
    if values.get("state") == State.CANCELLED:
        values["cancelled_at"] = clock.now()
    for name, value in values.items():
        setattr(row, name, value)
    row.ticks = row.ticks[:-1]
    row.save(update_fields=[*values, "ticks"])
    if "cancelled_at" in values:
        make_due_again(house, {row.slot})
