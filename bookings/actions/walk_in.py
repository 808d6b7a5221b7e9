"""Somebody walks in without a booking: a desk at once, at the usual price."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_noop

from bookings.actions.day import mark, note_paid
from bookings.actions.lock import lock
from bookings.actions.slots import free_expired_holds, settle_given_back
from bookings.domain.allocation import allocate
from bookings.domain.availability import Supply, begins_at, cell_at
from bookings.domain.dagdelen import Moment
from bookings.domain.prices import choosable_kinds, price_on, usual_kind
from bookings.domain.ticks import first_open_day, opens_at
from bookings.fingerprint import sealed
from bookings.models import Booking, Guest, Reservation
from bookings.models.guest import name_key
from bookings.queries import given_back_late, supplies, taken
from bookings.refusals import NoDeskFree, NotBegun, TooLongAgo, UnknownTariff
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import Dorpshuis

if TYPE_CHECKING:
    from portal.base.accounts.models import User

State = Booking.State
# Kept as a name, so in the language of the house; the list of the day says it in that of who reads.
NAME = gettext_noop("Loopt binnen")


@dataclass(frozen=True)
class Arrival:
    """Who walks in when. `key`: the form's, so that two taps are one guest; `paid_how` may be empty."""

    moment: Moment
    key: str
    name: str = ""
    paid_how: str = ""


@dataclass(frozen=True)
class Place:
    """A desk with its price, and whether the house did not offer it then."""

    desk_id: int
    cents: int
    tariff: str
    outside_offer: bool


def walk_in(dorpshuis_id: int, guest: Arrival, by: Actor) -> Booking:
    """Give her a free desk; she is there at once. The same form again gives the same booking.

    When the dagdeel is shut or all offered desks are taken, another desk of the house will do: outside the
    offer. Raises NotBegun, TooLongAgo, NoDeskFree, UnknownTariff.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        first = made_before(house, guest)
        if first is not None:
            return first
        row = seat(house, guest, by.user)
        record(by, "walk_in", f"booking:{row.pk}", dorpshuis_id=house.pk)
    return row


def form_key(dorpshuis_id: int, key: str) -> str:
    """The key of a walk-in's form as its reservation keeps it."""
    return f"binnen:{dorpshuis_id}:{key}"


# --- parts, called under the house's lock -----------------------------------------------------------------


def made_before(house: Dorpshuis, guest: Arrival) -> Booking | None:
    """The booking that this form made already, if it did."""
    rows = Booking.objects.filter(dorpshuis=house, reservation__key=form_key(house.pk, guest.key))
    return rows.filter(reservation__fingerprint=_fingerprint(house, guest)).with_names().first()


def seat(house: Dorpshuis, guest: Arrival, user: "User | None") -> Booking:
    """Write her down at a free desk. Raises NotBegun, TooLongAgo, NoDeskFree, UnknownTariff."""
    moment = guest.moment
    if moment.date < first_open_day(clock.today()):
        raise TooLongAgo
    supply = supplies([house], moment.date, moment.date)[house.pk]
    opens = opens_at(begins_at(supply, moment))
    if clock.now() < opens:
        raise NotBegun(opens)
    free_expired_holds(house)
    place = _place(house, supply, moment)
    row = _write(_reservation(house, guest, place, user), moment, place, user)
    if guest.paid_how and place.cents:
        note_paid(row, guest.paid_how, user)
    settle_given_back(house, {row.slot})
    return row


def _place(house: Dorpshuis, supply: Supply, moment: Moment) -> Place:
    occupied = taken([house.pk], moment.date, moment.date, clock.now())[house.pk].get(moment, set())
    cell = cell_at(supply, moment, occupied, clock.now(), known_guest=True)
    there = [desk.desk_id for desk in supply.desks if desk.exists_on(moment.date) and not desk.is_table]
    free = cell.free_ids or tuple(desk for desk in there if desk not in occupied)
    chosen = allocate([moment], {moment: free}, given_back_late(house.pk, [moment]))
    if chosen is None:
        raise NoDeskFree
    kinds = choosable_kinds(supply.tariffs, [moment.date], by_guest=False)
    tariff = usual_kind(supply.tariffs, moment.date) or next(iter(kinds), "")
    cents = price_on(supply.tariffs, tariff, moment.date, by_guest=False)
    if cents is None:
        raise UnknownTariff
    return Place(chosen[moment], cents, tariff, outside_offer=not cell.free_ids)


def _reservation(house: Dorpshuis, guest: Arrival, place: Place, user: "User | None") -> Reservation:
    name = guest.name or NAME
    return Reservation.objects.create(
        dorpshuis=house,
        guest=Guest.objects.create(dorpshuis=house, name=name, name_key=name_key(name)),
        name=name,
        tariff=place.tariff,
        house_rules_id=house.current_rules_id,
        cancel_days_before=house.cancel_days_before,
        cancel_time=house.cancel_time,
        booked_by=user,
        key=form_key(house.pk, guest.key),
        fingerprint=_fingerprint(house, guest),
    )


def _write(reservation: Reservation, moment: Moment, place: Place, user: "User | None") -> Booking:
    """The row, and the tick that says she is there: before it there was nothing."""
    row = Booking.objects.create(
        dorpshuis_id=reservation.dorpshuis_id,
        reservation=reservation,
        desk_id=place.desk_id,
        date=moment.date,
        dagdeel=moment.dagdeel.value,
        state=State.CANCELLED,
        price_cents=place.cents,
        tariff=place.tariff,
        walk_in=True,
        outside_offer=place.outside_offer,
    )
    mark(row, State.USED, user)
    return row


def _fingerprint(house: Dorpshuis, guest: Arrival) -> str:
    return sealed(str(house.pk), str(guest.moment), guest.name, guest.paid_how)
