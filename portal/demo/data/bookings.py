"""From wishes to reservations and bookings, within what the house really offers. Only adds."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from bookings import queries
from bookings.domain import policy, prices
from bookings.domain.allocation import Slot, allocate
from bookings.domain.availability import OpeningSpan, Supply, open_desks, opening_on
from bookings.domain.dagdelen import Dagdeel, Moment, local
from bookings.models import Booking, Guest, Reservation
from portal.base import clock
from portal.base.accounts.models import User
from portal.demo.data import guests, stage, standing
from portal.demo.data.spec import HouseSpec
from portal.demo.data.wishes import Wish, wishes
from villages.models import Closure, Dorpshuis, HouseRules, Membership, Tariff

AHEAD = timedelta(weeks=4)
State = Booking.State
# Who was there paid by card or in cash; of a few nobody wrote it down.
UNPAID, PIN = 0.07, 0.75


@dataclass(slots=True)
class House:
    """What the loader knows of one house while it adds bookings."""

    spec: HouseSpec
    row: Dorpshuis
    opened: date
    supply: Supply
    closures: list[Closure]
    rules: list[HouseRules]
    volunteer: User | None
    now: datetime
    # Slots that had a booking of whatever state: the demo never uses one twice.
    used: set[Slot] = field(default_factory=set)
    taken: Counter[Moment] = field(default_factory=Counter)

    @property
    def today(self) -> date:
        return self.now.date()


def add(spec: HouseSpec, row: Dorpshuis, opened: date, holds_from: date | None = None) -> int:
    """Write the reservations that were made by now and are not there yet; returns how many.

    From `holds_from` on the holder of the standing place books no more: her dates are written.
    """
    house = _house(spec, row, opened)
    there = set(row.reservations.values_list("reference", flat=True))
    usual, on_stage = wishes(spec, opened, house.today + AHEAD), stage.wishes(spec, house.supply, house.now)
    wanted = [*(w for w in usual if w.made_at <= house.now), *on_stage]
    if holds_from is not None:
        wanted = [w for w in wanted if w.person.key != standing.HOLDER or w.day < holds_from]
    fresh = [w for w in wanted if reference(spec, w) not in there]
    found = [made for w in sorted(fresh, key=lambda w: w.made_at) if (made := _bookings(house, w))]
    people = guests.for_wishes(row, (wish for wish, _ in found))
    Reservation.objects.bulk_create(_reservation(house, w, rows, people[w.person.key]) for w, rows in found)
    Booking.objects.bulk_create(booking for _, rows in found for booking in rows)
    return len(found)


def reference(spec: HouseSpec, wish: Wish) -> str:
    """Always the same for the same wish, so that a later run knows it. To be guessed: it is only the demo's."""
    digest = hashlib.sha256(f"demo:{spec.slug}:{wish.day}:{wish.person.key}".encode()).digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def _house(spec: HouseSpec, row: Dorpshuis, opened: date) -> House:
    now = clock.now()
    last = now.date() + AHEAD
    manager = Membership.objects.filter(dorpshuis=row, role=Membership.Role.VOLUNTEER).select_related("user").first()
    house = House(
        spec=spec,
        row=row,
        opened=opened,
        supply=queries.supplies([row], opened, last)[row.pk],
        closures=list(row.closures.standing().during(opened, last)),
        rules=list(row.rules.order_by("valid_from")),
        volunteer=manager.user if manager else None,
        now=now,
    )
    for booking in row.bookings.between(opened, last):
        house.used.add(booking.slot)
        house.taken[booking.moment] += booking.is_occupying
    return house


def _bookings(house: House, wish: Wish) -> tuple[Wish, list[Booking]] | None:
    """The bookings that meet a wish, their reservation still to be set; None when there is no place."""
    moments = [m for m in (Moment(wish.day, Dagdeel(part)) for part in wish.dagdelen) if _offers(house, wish, m)]
    if not moments:
        return None
    made_at = _made_at(house, wish, moments[0])
    hit = next((row for row in house.closures if _covers(row, moments) and made_at < row.created_at), None)
    if made_at > house.now or (hit is not None and wish.day >= house.today):
        return None
    supply = house.supply if hit is None else replace(house.supply, closures=())
    chosen = allocate(moments, {m: _free(house, supply, m) for m in moments})
    if chosen is None:
        return None
    rows = [_booking(house, wish, Slot(desk, moment), made_at, hit) for moment, desk in chosen.items()]
    for row in rows:
        house.used.add(row.slot)
        house.taken[row.moment] += row.is_occupying
    return wish, rows


def _offers(house: House, wish: Wish, moment: Moment) -> bool:
    """Whether she can come at this moment: by appointment only who books by phone."""
    opening = opening_on(house.supply, moment)
    return opening is not None and (not opening.by_appointment or not wish.person.email)


def _covers(row: Closure, moments: Iterable[Moment]) -> bool:
    whole = row.room_id is None and all(getattr(row, m.dagdeel.value) for m in moments)
    return whole and all(row.first_day <= m.date <= row.last_day for m in moments)


def _opening(house: House, moment: Moment) -> OpeningSpan:
    opening = opening_on(house.supply, moment)
    if opening is None:
        raise LookupError(moment)
    return opening


def _made_at(house: House, wish: Wish, first: Moment) -> datetime:
    """When she booked: in time for the first dagdeel, however late the wish came up."""
    begin = local(wish.day, _opening(house, first).begin)
    latest = begin - timedelta(minutes=house.supply.policy.lead_minutes)
    if wish.made_at < latest:
        return wish.made_at
    return latest - timedelta(minutes=10 + round(60 * wish.fraction))


def _free(house: House, supply: Supply, moment: Moment) -> tuple[int, ...]:
    """The desks of this moment that the demo may still take."""
    there, _ = open_desks(supply, moment, _opening(house, moment))
    if moment.date >= house.today and house.taken[moment] >= _most_coming(house, moment.date, len(there)):
        return ()
    return tuple(desk for desk in there if Slot(desk, moment) not in house.used)


def _most_coming(house: House, day: date, desks: int) -> int:
    """How many desks may be taken from today on: somebody who tries the demo finds a free one today and tomorrow."""
    most = house.spec.crowd.coming_at_most
    if most is not None:
        return most + (day == house.today)
    return desks - (day <= house.today + timedelta(days=1))


def _booking(house: House, wish: Wish, slot: Slot, made_at: datetime, hit: Closure | None) -> Booking:
    state, cancelled_at = _ending(house, wish, slot.moment, made_at, hit)
    kind, cents = _price(house, wish)
    marked = {} if cancelled_at else _marks(house, wish, slot.moment, state, cents)
    return Booking(
        **marked,
        dorpshuis=house.row,
        desk_id=slot.desk_id,
        date=slot.moment.date,
        dagdeel=slot.moment.dagdeel.value,
        state=state,
        price_cents=cents,
        tariff=kind,
        created_at=made_at,
        cancelled_at=cancelled_at,
        closure=hit,
    )


def _ending(
    house: House, wish: Wish, moment: Moment, made_at: datetime, hit: Closure | None
) -> tuple[State, datetime | None]:
    """The state it is in now, and when it was cancelled."""
    if hit is not None:
        return State.HOUSE_CANCELLED, hit.created_at
    free_until = policy.free_until(house.supply.policy, wish.day, made_at)
    begin = local(wish.day, _opening(house, moment).begin)
    if wish.ending == "free_cancel":
        return _cancelled(house, State.CANCELLED, made_at, min(free_until, begin), wish.fraction)
    if wish.ending == "late_cancel" and free_until < begin:
        return _cancelled(house, State.LATE_CANCELLED, free_until, begin, wish.fraction)
    if wish.day >= house.today or wish.ending == "unticked":
        return State.BOOKED, None
    return (State.NO_SHOW if wish.ending == "no_show" else State.USED), None


def _marks(house: House, wish: Wish, moment: Moment, state: State, cents: int) -> dict[str, Any]:
    """When she was ticked, by whom, and how she paid; nothing of who was not ticked."""
    if state not in (State.USED, State.NO_SHOW):
        return {}
    at = local(wish.day, _opening(house, moment).begin) + timedelta(minutes=round(wish.fraction * 40))
    found: dict[str, Any] = {"marked_at": at, "marked_by": house.volunteer}
    if state is State.USED and cents and wish.fraction >= UNPAID:
        how = Booking.Paid.PIN if wish.fraction < PIN else Booking.Paid.CASH
        found |= {"paid_how": how, "paid_at": at, "paid_by": house.volunteer}
    return found


def _cancelled(
    house: House, state: State, start: datetime, end: datetime, fraction: float
) -> tuple[State, datetime | None]:
    """Cancelled somewhere between two moments, if that has passed."""
    at = start + (end - start) * fraction
    return (state, at) if at <= house.now else (State.BOOKED, None)


def _price(house: House, wish: Wish) -> tuple[str, int]:
    """Her tariff on that day, in cents; where the house has none of that kind, the usual one."""
    for kind in (wish.person.tariff, Tariff.Kind.STANDAARD.value):
        cents = prices.price_on(house.supply.tariffs, kind, wish.day)
        if cents is not None:
            return kind, cents
    raise LookupError(f"{house.spec.slug} has no price on {wish.day}")


def _reservation(house: House, wish: Wish, rows: list[Booking], guest: Guest) -> Reservation:
    """The order of these bookings; sets it on them."""
    person = wish.person
    made_at = rows[0].created_at
    held = [rules for rules in house.rules if rules.valid_from <= made_at.date()]
    order = Reservation(
        dorpshuis=house.row,
        guest=guest,
        reference=reference(house.spec, wish),
        name=person.name,
        email=person.email,
        phone=person.phone,
        confirmed_to=person.email,
        tariff=rows[0].tariff,
        house_rules=held[-1] if held else house.rules[0],
        cancel_days_before=house.row.cancel_days_before,
        cancel_time=house.row.cancel_time,
        created_at=made_at,
        booked_by=None if person.email else house.volunteer,
        postcode=person.postcode,
        source="telefoon" if not person.email else person.source,
        target_group=person.target_group,
        messages_offered=bool(person.email),
    )
    for row in rows:
        row.reservation = order
    return order
