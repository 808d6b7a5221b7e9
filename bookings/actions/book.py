"""Book one or more dagdelen in one act: all or none."""

from dataclasses import dataclass

from django.db import transaction

from bookings.actions.lock import lock
from bookings.actions.pass_on import turns_kept
from bookings.actions.slots import free_expired_holds, settle_given_back
from bookings.actions.spoken import new_spoken_code
from bookings.actions.take import Offer, desks_for, insert, offer_for
from bookings.actions.trial import use_trial, with_trial
from bookings.domain.allocation import Slot
from bookings.domain.dagdelen import Moment
from bookings.domain.prices import usual_kind
from bookings.fingerprint import fingerprint_of
from bookings.models import Booking, Guest, Reservation
from bookings.models.guest import name_key
from bookings.order import Order
from bookings.refusals import PriceChanged, Refused, TooMany
from bookings.tell import tell_booked
from portal.base.log import Actor, record
from portal.base.metrics import counted
from villages.models import Dorpshuis


@dataclass(frozen=True)
class Booked:
    """The reservation, and whether this call made it (or an earlier one with the same form did)."""

    reservation: Reservation
    is_new: bool


@counted(Refused)
def book(order: Order, by: Actor) -> Booked:
    """Take a desk for every moment of the order, at the price of its own date.

    The same key with the same content answers with the first reservation. Raises a `Refused`, and then
    writes nothing of the order: TooMany, UnknownDesk, UnknownTariff, NotBookable, DeskTaken, PriceChanged,
    TrialGone.
    """
    fingerprint = fingerprint_of(order)
    with turns_kept(order.dorpshuis_id, order.moments), transaction.atomic():
        house = lock(order.dorpshuis_id)
        first = _first_answer(order, fingerprint)
        if first is not None:
            return Booked(first, is_new=False)
        free_expired_holds(house)
        if len(order.moments) > house.order_limit:
            raise TooMany
        offer = _offer(house, order, by)
        _check_price(order, offer)
        if not by.is_house:
            _check_guest_limit(house, order)
        desks = desks_for(house, offer, order.desk_id)
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
    same = Reservation.objects.filter(key=order.key, fingerprint=fingerprint)
    first = same.only("reference").first()  # there is hardly ever one
    if first is None or first.bookings.exclude(state__in=Booking.State.cancelled).exists():
        return first
    Reservation.objects.filter(pk=first.pk).update(key=None)
    return None


def _offer(house: Dorpshuis, order: Order, by: Actor) -> Offer:
    """Every moment of the order, with its price. Raises NotBookable, UnknownTariff, TrialGone."""
    offer = offer_for(house, order.moments, known_guest=order.known_guest, by_house=by.is_house)
    days = [moment.date for moment in order.moments]
    tariff = order.tariff or usual_kind(offer.supply.tariffs, *days) or ""
    offer = offer.at_tariff(tariff, by_guest=not by.is_house)
    return with_trial(house, order.trial, offer) if order.trial else offer


def _check_price(order: Order, offer: Offer) -> None:
    total = sum(offer.prices.values())
    if order.promised_cents is not None and order.promised_cents != total:
        raise PriceChanged(total)


def _check_guest_limit(house: Dorpshuis, order: Order) -> None:
    """Rule 15: coming dagdelen of this address or this number, together with this order. Who wants more calls the
    house, which knows whom it has on the phone: so for the house it does not hold.
    """
    coming = Booking.objects.coming_of_contact(house, order.email, order.phone)
    if coming.count() + len(order.moments) > house.guest_limit:
        raise TooMany


def _write(
    house: Dorpshuis, order: Order, offer: Offer, desks: dict[Moment, int], *, fingerprint: str, by: Actor
) -> Reservation:
    """Write guest, reservation and bookings; slots that were given back late now owe nothing."""
    reservation = Reservation.objects.create(
        dorpshuis=house,
        guest=guest_of(house, order),
        name=order.name,
        email=order.email,
        phone=order.phone,
        confirmed_to=order.email,
        tariff=offer.tariff,
        house_rules_id=house.current_rules_id,
        cancel_days_before=house.cancel_days_before,
        cancel_time=house.cancel_time,
        booked_by=by.user if by.is_house else None,
        spoken_code=new_spoken_code(house) if by.is_house else "",
        postcode=order.postcode,
        source=order.source,
        target_group=order.target_group,
        messages_offered=order.messages_offered,
        no_messages=order.no_messages,
        remark=order.remark,
        language=order.language,
        series=order.series,
        key=order.key or None,
        fingerprint=fingerprint,
    )
    _write_bookings(reservation, order, offer, desks)
    settle_given_back(house, offer.late.intersection(Slot(desk, moment) for moment, desk in desks.items()))
    return reservation


def _write_bookings(reservation: Reservation, order: Order, offer: Offer, desks: dict[Moment, int]) -> None:
    """The rows that take the slots, each with the price of its own date."""
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
    insert(rows, offer)
    use_trial(offer, rows)


def guest_of(house: Dorpshuis, order: Order) -> Guest:
    """The person of this house: by exact e-mail; without e-mail by phone and name; else new.

    Plain reading and writing: under the house's lock nobody else writes a guest of it, so there is nothing
    for which `get_or_create` would need its savepoint.
    """
    key = name_key(order.name)
    same = Guest.objects.none()
    if order.email:
        same = Guest.objects.filter(dorpshuis=house, email=order.email)
    elif order.phone:
        same = Guest.objects.filter(dorpshuis=house, email="", phone=order.phone, name_key=key)
    return same.only("pk").first() or Guest.objects.create(
        dorpshuis=house, name=order.name, name_key=key, email=order.email, phone=order.phone
    )
