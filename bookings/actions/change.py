"""Change one dagdeel of a reservation: cancel and book in one act, all or nothing."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import F

from bookings.actions.lock import lock
from bookings.actions.pass_on import turns_kept
from bookings.actions.slots import free_expired_holds, make_due_again, settle_given_back
from bookings.actions.take import Offer, desks_for, insert, offer_for
from bookings.actions.trial import carry_trial, is_trial
from bookings.actions.turns import serve
from bookings.domain.dagdelen import Moment
from bookings.domain.policy import booked_at_after_change, free_until
from bookings.domain.prices import kept_kind
from bookings.models import Booking, Reservation
from bookings.queries import ended_moments
from bookings.refusals import AlreadyHeld, NothingToChange, PriceChanged, Refused, TooLateToChange, Unchanged
from bookings.tell import tell_changed
from portal.base import clock
from portal.base.log import Actor, record
from portal.base.metrics import counted
from villages.models import Dorpshuis


@dataclass(frozen=True)
class Change:
    """One dagdeel for another, or for another desk then. No `desk_id`: any free desk.

    `promised_cents` is the sum on the button; `known_guest` as in an order.
    """

    old: Moment
    new: Moment
    desk_id: int | None = None
    promised_cents: int | None = None
    known_guest: bool = False


@dataclass(frozen=True)
class Changed:
    """The booking that stands now, and whether this call made it (or the same change did just before)."""

    booking: Booking
    is_new: bool


@counted(Refused)
def change(reservation: Reservation, change: Change, by: Actor) -> Changed:
    """Give the old dagdeel back for nothing and take the new one, at the price of its own date.

    The guest may while cancelling the old one is free; the house until it is over. The same change made
    before answers with its booking. Raises a `Refused`, and then writes nothing of it: NothingToChange,
    TooLateToChange, Unchanged, AlreadyHeld, NotBookable, UnknownTariff, PriceChanged, UnknownDesk, DeskTaken.
    """
    with turns_kept(reservation.dorpshuis_id, [change.new]), transaction.atomic():
        house = lock(reservation.dorpshuis_id)
        done = _made_before(reservation, change)
        if done is not None:
            return Changed(done, is_new=False)
        old = _old_row(house, reservation, change, by)
        free_expired_holds(house)
        offer = _offer(house, old, change, by)
        (desk_id,) = desks_for(house, offer, change.desk_id).values()
        new = _swap(reservation, old, offer, change, desk_id)
        if not by.is_house:
            make_due_again(house, {old.slot})
        settle_given_back(house, offer.late & {new.slot})
        serve(house, [old.moment])
        Reservation.objects.filter(pk=reservation.pk).update(changes=F("changes") + 1)
        reservation.refresh_from_db(fields=["changes"])
        tell_changed(reservation, by)
        record(by, "change", f"reservation:{reservation.pk}", dorpshuis_id=house.pk)
    return Changed(new, is_new=True)


def _made_before(reservation: Reservation, change: Change) -> Booking | None:
    """The booking that this very change made, if it stands and she has nothing else at the old moment."""
    rows = Booking.objects.filter(reservation=reservation, state=Booking.State.BOOKED)
    at_old = rows.at([change.old])
    if change.old != change.new and at_old.exists():
        return None
    came = rows.at([change.new]).select_related("changed_from").filter(changed_from__isnull=False).first()
    if came is None or came.changed_from is None or came.changed_from.moment != change.old:
        return None
    if change.desk_id is None:
        return came if change.old != change.new else None
    return came if came.desk_id == change.desk_id else None


def _old_row(house: Dorpshuis, reservation: Reservation, change: Change, by: Actor) -> Booking:
    """The booking to give up. Raises NothingToChange, TooLateToChange, Unchanged, AlreadyHeld."""
    rows = Booking.objects.filter(reservation=reservation).occupying()
    old = rows.filter(state=Booking.State.BOOKED).at([change.old]).first()
    if old is None:
        raise NothingToChange
    now = clock.now()
    too_late = not by.is_house and now >= free_until(reservation, old.date, old.created_at)
    if too_late or ended_moments(house, {old.moment}, now):
        raise TooLateToChange
    if change.new == change.old and change.desk_id in (None, old.desk_id):
        raise Unchanged
    if change.new != change.old and rows.at([change.new]).exists():
        raise AlreadyHeld
    return old


def _offer(house: Dorpshuis, old: Booking, change: Change, by: Actor) -> Offer:
    """The new dagdeel with its own price; free when the old one was so by a trial code.

    Raises NotBookable, UnknownTariff, PriceChanged.
    """
    by_guest = not by.is_house
    offer = offer_for(house, [change.new], known_guest=change.known_guest, by_house=by.is_house)
    kind = kept_kind(offer.supply.tariffs, old.tariff, change.new.date, by_guest=by_guest)
    offer = offer.at_tariff(kind or "", by_guest=by_guest)
    if is_trial(old):
        offer = replace(offer, prices={change.new: 0})
    cents = offer.prices[change.new]
    if change.promised_cents is not None and change.promised_cents != cents:
        raise PriceChanged(cents)
    return offer


def _swap(reservation: Reservation, old: Booking, offer: Offer, change: Change, desk_id: int) -> Booking:
    """End the old row and write the new one. Raises NothingToChange, NotBookable."""
    now = clock.now()
    stood = Booking.objects.filter(pk=old.pk, state=Booking.State.BOOKED)
    old.state, old.cancelled_at = Booking.State.CANCELLED, now
    if not stood.update(state=old.state, cancelled_at=now):
        raise NothingToChange  # only who forgot the lock comes here
    new = Booking(
        dorpshuis_id=old.dorpshuis_id,
        reservation=reservation,
        desk_id=desk_id,
        date=change.new.date,
        dagdeel=change.new.dagdeel.value,
        price_cents=offer.prices[change.new],
        tariff=offer.tariff,
        desk_chosen=change.desk_id is not None,
        created_at=booked_at_after_change(reservation, old.date, old.created_at, now),
        changed_from=old,
        began_as=old.event_number,
        sequence=old.sequence + 1,
    )
    insert([new], offer)
    carry_trial(old, new)
    return new
