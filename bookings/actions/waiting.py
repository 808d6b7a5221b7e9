"""The waiting list of a dagdeel that is full: on it, off it, and taking the place that is held for her."""

from datetime import datetime, time

from django.db import transaction

from bookings.actions.book import guest_of
from bookings.actions.lock import lock
from bookings.actions.pass_on import pass_on_at
from bookings.actions.slots import settle_given_back
from bookings.actions.spoken import new_spoken_code
from bookings.actions.turns import is_due, let_go, serve
from bookings.domain.availability import Supply, begins_at, cell_at
from bookings.domain.dagdelen import Moment, local
from bookings.domain.prices import USUAL, price_on, usual_kind
from bookings.domain.retention import TERMS, Kept, gone_on, newest_gone
from bookings.domain.waiting import can_wait, tells_again
from bookings.models import Booking, Guest, Reservation, Waiting
from bookings.order import Order
from bookings.queries import given_back_late, supplies, taken
from bookings.refusals import NotBookable, NotFull, PriceChanged, TooMany, TurnIsOver
from bookings.tell import tell_booked
from bookings.tell_waiting import tell_on_the_list
from portal.base import clock
from portal.base.log import SYSTEM, Actor, record
from villages.models import Dorpshuis
from villages.models.messages import messages_of

State = Waiting.State
KEPT = TERMS[Kept.WAITING]


def join(order: Order, by: Actor) -> Waiting:
    """Put her on the list of the one dagdeel of this order. Who is on it stays where she is, and is mailed her link.

    Raises NotFull when it can be booked now, NotBookable when nobody can wait for it (closed, past, by phone), and
    TooMany when she waits for as many dagdelen as the house lets one guest have to come; the house itself may add more.
    """
    (moment,) = order.moments
    with transaction.atomic():
        house = lock(order.dorpshuis_id)
        offered = _full(house, moment, known_guest=order.known_guest or by.is_house, by=by)
        wait = _on_it(house, order, moment) or _write(house, order, moment, offered, by)
        tell_on_the_list(wait)
        record(by, "wait", str(wait), dorpshuis_id=house.pk)
    return wait


def leave(wait: Waiting, by: Actor) -> bool:
    """Take her off the list, and let the next one have what was held for her. Gives False when she was off it."""
    with transaction.atomic():
        house = lock(wait.dorpshuis_id)
        row = Waiting.objects.select_related("reservation").get(pk=wait.pk)
        if not row.is_listed:
            return False
        let_go([row])
        Waiting.objects.filter(pk=row.pk).update(state=State.LEFT, turn_until=None)
        serve(house, [row.moment])
        record(by, "leave_list", str(row), dorpshuis_id=house.pk)
    return True


def take_place(wait: Waiting, by: Actor, *, promised_cents: int | None = None) -> Reservation:
    """Book the desk that is held for her, at the price and the terms of now. Taking it twice is taking it once.

    Raises TurnIsOver, NotBookable when the house shut it meanwhile, PriceChanged.
    """
    with transaction.atomic():
        house = lock(wait.dorpshuis_id)
        row = Waiting.objects.select_related("reservation").get(pk=wait.pk)
        if row.state == State.TAKEN:
            return row.reservation
        hold = _hold_of(row)
        kind, cents = _price(house, hold)
        if promised_cents is not None and promised_cents != cents:
            raise PriceChanged(cents)
        _make_booking(house, row, hold, kind, cents)
        tell_booked(row.reservation, by)
        record(by, "take_place", f"reservation:{row.reservation_id}", dorpshuis_id=house.pk)
    return row.reservation


def pass_on() -> int:
    """What time alone does on every list: turns that end and begin. Gives how many rows changed; 0 the second time."""
    houses = Dorpshuis.objects.filter(waiting__state__in=State.listed).distinct().order_by("pk")
    return sum(pass_on_at(house.pk, SYSTEM) for house in houses if is_due(house))


def next_pass_on() -> datetime | None:
    """The next moment at which time alone may do something on a list; None when nobody waits."""
    now = clock.now()
    rows = Waiting.objects.on_the_list().select_related("dorpshuis")
    moments = [row.turn_until for row in rows if row.turn_until is not None]
    for house in {row.dorpshuis for row in rows}:
        days = [row.date for row in rows if row.dorpshuis_id == house.pk]
        supply = supplies([house], min(days), max(days))[house.pk]
        moments += [begins_at(supply, row.moment) for row in rows if row.dorpshuis_id == house.pk]
    if rows:
        moments.append(tells_again(now))
    return min((moment for moment in moments if moment > now), default=None)


def clear_lists() -> int:
    """Delete who waited for a dagdeel of more than thirty days ago, with all that only that needed. Gives how many.

    Who took a place keeps her reservation: that is a booking as any other.
    """
    old = Waiting.objects.up_to(newest_gone(clock.today(), KEPT)).order_by("dorpshuis")
    return sum(map(_clear_list, old.values_list("dorpshuis", flat=True).distinct()))


def _clear_list(dorpshuis_id: int) -> int:
    """Of one house, all or nothing: who is no longer on a list is found by nobody, and would stay."""
    with transaction.atomic():
        house = lock(dorpshuis_id)
        rows = list(Waiting.objects.filter(dorpshuis=house).up_to(newest_gone(clock.today(), KEPT)))
        Waiting.objects.filter(pk__in=[row.pk for row in rows]).delete()
        _forget_who_only_waited(rows)
    return len(rows)


def _forget_who_only_waited(rows: list[Waiting]) -> None:
    empty = Reservation.objects.filter(pk__in=[row.reservation_id for row in rows], bookings=None)
    guests = {one.guest_id for one in empty}
    empty.delete()
    others = Guest.objects.filter(merged_into__isnull=False).values("merged_into")
    Guest.objects.filter(pk__in=guests, reservations=None, emptied_at=None).exclude(pk__in=others).delete()


def next_clear_at() -> datetime | None:
    """When the next of these lists is cleared: as that day begins."""
    first = Waiting.objects.order_by("date").values_list("date", flat=True).first()
    return local(gone_on(first, KEPT), time(0)) if first else None


# --- parts, called under the house's lock -----------------------------------------------------------------


def _full(house: Dorpshuis, moment: Moment, *, known_guest: bool, by: Actor) -> Supply:
    """What the house offers then, when it is full. Raises NotFull, NotBookable."""
    now = clock.now()
    serve(house, [moment])
    supply = supplies([house], moment.date, moment.date)[house.pk]
    occupied = taken([house.pk], moment.date, moment.date, now)[house.pk]
    cell = cell_at(supply, moment, occupied.get(moment, ()), now, known_guest=known_guest)
    has_list = messages_of(house).waiting_list
    if has_list and can_wait(supply, cell, now, known_guest=known_guest, by_house=by.is_house):
        return supply
    raise NotFull if (cell.bookable_by_house if by.is_house else cell.bookable) else NotBookable({moment: cell})


def _on_it(house: Dorpshuis, order: Order, moment: Moment) -> Waiting | None:
    """Her place on this list, by the very address; without one by the number. One row for one person."""
    rows = Waiting.objects.filter(dorpshuis=house).on_the_list().at([moment]).select_related("reservation")
    if order.email:
        return rows.of_contact(order.email, "").first()
    return rows.of_contact("", order.phone).filter(reservation__email="").first()


def _write(house: Dorpshuis, order: Order, moment: Moment, supply: Supply, by: Actor) -> Waiting:
    """Who she is, and her place at the end of the list. Raises TooMany, but not for the house."""
    hers = Waiting.objects.filter(dorpshuis=house, date__gte=clock.today()).on_the_list()
    if not by.is_house and hers.of_contact(order.email, order.phone).count() >= house.guest_limit:
        raise TooMany
    reservation = Reservation.objects.create(
        dorpshuis=house,
        guest=guest_of(house, order),
        name=order.name,
        email=order.email,
        phone=order.phone,
        confirmed_to=order.email,
        tariff=usual_kind(supply.tariffs, moment.date) or USUAL,
        house_rules_id=house.current_rules_id,
        cancel_days_before=house.cancel_days_before,
        cancel_time=house.cancel_time,
        booked_by=by.user if by.is_house else None,
        spoken_code=new_spoken_code(house) if by.is_house else "",
        source=order.source,
        language=order.language,
    )
    return Waiting.objects.create(
        dorpshuis=house, reservation=reservation, date=moment.date, dagdeel=moment.dagdeel.value
    )


def _hold_of(row: Waiting) -> Booking:
    """The desk that is held for her at this moment. Raises TurnIsOver."""
    hold = Booking.objects.filter(reservation=row.reservation_id, state=Booking.State.HELD).first()
    if row.state != State.OFFERED or hold is None or not hold.occupies_at(clock.now()):
        raise TurnIsOver
    return hold


def _price(house: Dorpshuis, hold: Booking) -> tuple[str, int]:
    """The usual tariff of now and its price in cents. Raises NotBookable when the desk is not offered (any more)."""
    supply = supplies([house], hold.date, hold.date)[house.pk]
    cell = cell_at(supply, hold.moment, (), clock.now(), known_guest=True)
    kind = usual_kind(supply.tariffs, hold.date)
    cents = price_on(supply.tariffs, kind, hold.date) if kind else None
    if not cell.bookable or hold.desk_id not in cell.open_ids or kind is None or cents is None:
        raise NotBookable({hold.moment: cell})
    return kind, cents


def _make_booking(house: Dorpshuis, row: Waiting, hold: Booking, kind: str, cents: int) -> None:
    """The hold becomes a booking, on the terms of today; who gave this desk back late owes nothing now."""
    now = clock.now()
    booked = {"state": Booking.State.BOOKED, "held_until": None, "price_cents": cents, "tariff": kind}
    Booking.objects.filter(pk=hold.pk).update(**booked, created_at=now)
    Reservation.objects.filter(pk=row.reservation_id).update(
        tariff=kind,
        house_rules=house.current_rules_id,
        cancel_days_before=house.cancel_days_before,
        cancel_time=house.cancel_time,
        created_at=now,
    )
    Waiting.objects.filter(pk=row.pk).update(state=State.TAKEN, turn_until=None)
    settle_given_back(house, given_back_late(house.pk, [hold.moment]) & {hold.slot})
