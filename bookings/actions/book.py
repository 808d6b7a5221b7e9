"""Book one or more dagdelen in one act: all or none."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from bookings.actions.lock import lock
from bookings.actions.slots import free_expired_holds, settle_given_back
from bookings.domain.allocation import Slot, allocate
from bookings.domain.availability import Cell, Status, Supply, cell_at
from bookings.domain.dagdelen import Moment
from bookings.domain.prices import price_on, usual_kind
from bookings.fingerprint import fingerprint_of
from bookings.models import Booking, Guest, Reservation
from bookings.models.guest import name_key
from bookings.order import Order
from bookings.queries import given_back_late, supplies, taken
from bookings.refusals import DeskTaken, NotBookable, PriceChanged, TooMany, UnknownDesk, UnknownTariff
from bookings.tell import tell_booked
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import Desk, Dorpshuis


@dataclass(frozen=True)
class Booked:
    """The reservation, and whether this call made it (or an earlier one with the same form did)."""

    reservation: Reservation
    is_new: bool


@dataclass(frozen=True)
class Offer:
    """What the house has for this order, read under its lock."""

    supply: Supply
    cells: dict[Moment, Cell]
    prices: dict[Moment, int]
    tariff: str


def book(order: Order, by: Actor) -> Booked:
    """Take a desk for every moment of the order, at the price of its own date.

    The same key with the same content answers with the first reservation. Raises a `Refused`, and then
    writes nothing: TooMany, UnknownDesk, UnknownTariff, NotBookable, DeskTaken, PriceChanged.
    """
    fingerprint = fingerprint_of(order)
    with transaction.atomic():
        house = lock(order.dorpshuis_id)
        first = _first_answer(order, fingerprint)
        if first is not None:
            return Booked(first, is_new=False)
        free_expired_holds(house)
        if len(order.moments) > house.order_limit:
            raise TooMany
        offer = _offer(house, order, by)
        _check_price(order, offer)
        _check_guest_limit(house, order)
        desks = _desks_for(house, order, offer)
        reservation = _write(house, order, offer, desks, fingerprint=fingerprint, by=by)
        tell_booked(reservation, by)
        record(by, "book", f"reservation:{reservation.pk}", dorpshuis_id=house.pk)
    return Booked(reservation, is_new=True)


def _first_answer(order: Order, fingerprint: str) -> Reservation | None:
    """The reservation that this very form made before and that still stands, if any (rule 3).

    One of which everything was cancelled gives its key up: the same form may order anew.
    """
    if not order.key:
        return None
    first = Reservation.objects.filter(key=order.key, fingerprint=fingerprint).first()
    if first is None or first.bookings.exclude(state__in=Booking.State.cancelled).exists():
        return first
    Reservation.objects.filter(pk=first.pk).update(key=None)
    return None


def _offer(house: Dorpshuis, order: Order, by: Actor) -> Offer:
    """Check that every moment can be booked, and find its price. Raises NotBookable, UnknownTariff."""
    now = clock.now()
    days = [moment.date for moment in order.moments]
    supply = supplies([house], min(days), max(days))[house.pk]
    occupied = taken([house.pk], min(days), max(days), now)[house.pk]
    known = order.known_guest or by.is_house
    cells = {m: cell_at(supply, m, occupied.get(m, ()), now, known_guest=known) for m in order.moments}
    shut = {m: cell for m, cell in cells.items() if not _may_take(cell, by)}
    if shut:
        raise NotBookable(shut)
    tariff = order.tariff or usual_kind(supply.tariffs, *days) or ""
    prices: dict[Moment, int] = {}
    for moment in order.moments:
        cents = price_on(supply.tariffs, tariff, moment.date, by_guest=not by.is_house)
        if cents is None:
            raise UnknownTariff
        prices[moment] = cents
    return Offer(supply, cells, prices, tariff)


def _may_take(cell: Cell, by: Actor) -> bool:
    """A guest books what is free; the house itself also what others must phone for."""
    return cell.bookable or (by.is_house and cell.status is Status.BELLEN and cell.free > 0)


def _check_price(order: Order, offer: Offer) -> None:
    total = sum(offer.prices.values())
    if order.promised_cents is not None and order.promised_cents != total:
        raise PriceChanged(total)


def _check_guest_limit(house: Dorpshuis, order: Order) -> None:
    """Rule 15: coming dagdelen of this address or this number, together with this order."""
    coming = Booking.objects.filter(dorpshuis=house, date__gte=clock.today()).occupying()
    if coming.of_contact(order.email, order.phone).count() + len(order.moments) > house.guest_limit:
        raise TooMany


def _desks_for(house: Dorpshuis, order: Order, offer: Offer) -> dict[Moment, int]:
    """A desk for each moment: the chosen one, or the best of those that are free."""
    if order.desk_id is not None:
        if not Desk.objects.filter(pk=order.desk_id, room__dorpshuis=house).exists():
            raise UnknownDesk
        clashes = [m for m, cell in offer.cells.items() if order.desk_id not in cell.free_ids]
        if clashes:
            raise DeskTaken(clashes)
        return dict.fromkeys(order.moments, order.desk_id)
    free = {moment: cell.free_ids for moment, cell in offer.cells.items()}
    desks = allocate(order.moments, free, given_back_late(house.pk, order.moments))
    if desks is None:
        raise NotBookable(offer.cells)
    return desks


def _write(
    house: Dorpshuis, order: Order, offer: Offer, desks: dict[Moment, int], *, fingerprint: str, by: Actor
) -> Reservation:
    """Write guest, reservation and bookings; slots that were given back late now owe nothing."""
    reservation = Reservation.objects.create(
        dorpshuis=house,
        guest=_guest_of(house, order),
        name=order.name,
        email=order.email,
        phone=order.phone,
        confirmed_to=order.email,
        tariff=offer.tariff,
        house_rules=house.current_rules,
        cancel_days_before=house.cancel_days_before,
        cancel_time=house.cancel_time,
        booked_by=by.user if by.is_house else None,
        postcode=order.postcode,
        source=order.source,
        target_group=order.target_group,
        no_messages=order.no_messages,
        remark=order.remark,
        language=order.language,
        key=order.key or None,
        fingerprint=fingerprint,
    )
    _write_bookings(reservation, order, offer, desks)
    settle_given_back(house, {Slot(desk, moment) for moment, desk in desks.items()})
    return reservation


def _write_bookings(reservation: Reservation, order: Order, offer: Offer, desks: dict[Moment, int]) -> None:
    """The rows that take the slots. The lock makes a clash impossible; the constraint makes sure."""
    rows = [
        Booking(
            dorpshuis_id=reservation.dorpshuis_id,
            reservation=reservation,
            desk_id=desk_id,
            date=moment.date,
            dagdeel=moment.dagdeel.value,
            price_cents=offer.prices[moment],
            tariff=offer.tariff,
            desk_chosen=order.desk_id is not None,
        )
        for moment, desk_id in sorted(desks.items())
    ]
    try:
        with transaction.atomic():
            Booking.objects.bulk_create(rows)
    except IntegrityError as error:
        if "one_booking_per_slot" not in str(error) and "booking.desk_id" not in str(error):
            raise
        raise NotBookable(offer.cells) from error


def _guest_of(house: Dorpshuis, order: Order) -> Guest:
    """The person of this house: by exact e-mail; without e-mail by phone and name; else new."""
    if order.email:
        guest, _ = Guest.objects.get_or_create(
            dorpshuis=house,
            email=order.email,
            defaults={"name": order.name, "name_key": name_key(order.name), "phone": order.phone},
        )
    elif not order.phone:
        guest = Guest.objects.create(dorpshuis=house, name=order.name, name_key=name_key(order.name))
    else:
        guest, _ = Guest.objects.get_or_create(
            dorpshuis=house,
            email="",
            phone=order.phone,
            name_key=name_key(order.name),
            defaults={"name": order.name},
        )
    return guest
