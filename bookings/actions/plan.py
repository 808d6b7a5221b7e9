"""What a closing would do, worked out from the rows; writes nothing. `close` works it out again under the lock."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bookings.actions.move import plan_moves
from bookings.closing import AT_ONCE_WITHIN, LONGEST_DAYS, Closing, Closings, OfferChange, Plan, Times, Told
from bookings.domain.availability import Supply, begins_at, ends_at, open_desks, opening_on
from bookings.domain.closing import DeskUse, desks_that_go
from bookings.domain.dagdelen import Moment
from bookings.domain.holidays import is_covered
from bookings.models import Booking
from bookings.proposals import Around, Options
from bookings.queries import desk_rows, supplies
from bookings.refusals import EndsBeforeItBegins, InThePast, KeepsAll, NothingChanges, TooLong, UnknownPart
from portal.base import clock
from villages.models import Closure, Desk, Dorpshuis


def plan_close(house: Dorpshuis, closing: Closing) -> Plan:
    """Which bookings move, which are called off, who hears of it and how; always the same number of queries.

    Raises InThePast when it would begin before today, EndsBeforeItBegins, TooLong (366 days at most),
    UnknownPart, and KeepsAll when so many desks stay that none goes.
    """
    for part in closing.parts:
        _check(house, part)
    now = clock.now()
    desks = desk_rows([house.pk], closing.first_day, closing.last_day)
    supply = supplies([house], closing.first_day, closing.last_day, desks)[house.pk]
    coming = [row for row in _coming(house, closing) if row.occupies_at(now) and now < ends_at(supply, row.moment)]
    if closing.keep is not None:
        closing = replace(closing, desks=_desks_that_go(closing, desks, supply, coming), keep=None)
    return _plan(house, closing, [row for row in coming if closing.hits(row)], supply)


def plan_holidays(house: Dorpshuis, closings: Closings) -> Plan:
    """The same of several times in which the whole house is shut; what is shut already is left out.

    Raises what `plan_close` does, and NothingChanges when all of it is shut already. One query more.
    """
    rows = Closure.objects.filter(dorpshuis=house).whole_days(closings.first_day, closings.last_day)
    spans = [(row.first_day, row.last_day) for row in rows]
    left = [part for part in closings.parts if not is_covered(part.first_day, part.last_day, spans)]
    if not left:
        raise NothingChanges
    return plan_close(house, Closings.of(left))


def plan_offer(house: Dorpshuis, change: OfferChange) -> Plan:
    """The same of another schedule, or of a desk or room that goes. Raises InThePast: it begins tomorrow or later."""
    if change.first_day <= clock.today():
        raise InThePast
    coming = coming_from(house, change.first_day)
    last = max((row.date for row in coming), default=change.first_day)
    change = replace(change, last_day=last)
    supply = supplies([house], change.first_day, last)[house.pk]
    after = change.after(supply)
    plan = _plan(house, change, no_longer_offered(coming, supply, after), supply)
    return replace(plan, **_shifted(plan, coming, supply, after)) if change.edit else plan


def coming_from(house: Dorpshuis, first_day: date) -> list[Booking]:
    """What takes a slot from this day on, with reservation and desk, in order."""
    now = clock.now()
    rows = Booking.objects.filter(dorpshuis=house, state__in=(Booking.State.BOOKED, Booking.State.HELD))
    rows = rows.filter(date__gte=first_day).select_related("reservation", "desk__room").in_order()
    return [row for row in rows if row.occupies_at(now)]


def no_longer_offered(rows: Iterable[Booking], before: Supply, after: Supply) -> list[Booking]:
    """Those of which the slot was offered before, and is not after."""
    return [row for row in rows if _is_offered(before, row) and not _is_offered(after, row)]


def _shifted(plan: Plan, coming: list[Booking], before: Supply, after: Supply) -> dict[str, Any]:
    """What goes on at other clock times on its own date: whose it is, and those times."""
    off = {row.pk for row in plan.called_off}
    times: dict[int, Times] = {}
    for row in coming:
        old, new = opening_on(before, row.moment), opening_on(after, row.moment)
        stays = row.state == Booking.State.BOOKED and row.pk not in off
        if stays and old and new and (old.begin, old.end) != (new.begin, new.end):
            times[row.pk] = Times(old.begin, old.end, new.begin, new.end)
    return {"times": times, "shifted": _told([row for row in coming if row.pk in times], before)}


def _is_offered(supply: Supply, row: Booking) -> bool:
    opening = opening_on(supply, row.moment)
    return opening is not None and row.desk_id in open_desks(supply, row.moment, opening)[0]


def _plan(house: Dorpshuis, closing: Closing, hit: list[Booking], supply: Supply) -> Plan:
    """Who of these moves, who is called off, and who hears of it; `supply` is what is offered now."""
    moves, stuck = plan_moves(house, hit, closing.after)
    stuck.sort(key=lambda row: (row.moment, row.pk))
    off = [row for row in stuck if row.state == Booking.State.BOOKED]
    return Plan(
        house,
        closing,
        moved=tuple(row for row in hit if row.pk in moves),
        moves=moves,
        called_off=tuple(off),
        holds=tuple(row for row in stuck if row.state == Booking.State.HELD),
        told=_told(off, supply),
    )


def with_options(plan: Plan) -> Plan:
    """The same plan with what can be proposed to each guest instead."""
    around = Around(plan.dorpshuis, plan.called_off, plan.closing.after, plan.taken_by_moves)
    options: dict[int, Options] = {}
    for guest in plan.told:
        options |= around.options(guest.rows)
    return replace(plan, options=options, around=around)


def _check(house: Dorpshuis, closing: Closing) -> None:
    if closing.first_day < clock.today():
        raise InThePast
    if closing.last_day < closing.first_day:
        raise EndsBeforeItBegins
    if closing.days > LONGEST_DAYS:
        raise TooLong
    rooms = [closing.room] if closing.room else []
    rooms += [desk.room for desk in closing.desks]
    if any(room.dorpshuis_id != house.pk for room in rooms) or not closing.dagdelen:
        raise UnknownPart


def _coming(house: Dorpshuis, closing: Closing) -> list[Booking]:
    """The bookings of these days and dagdelen, at whatever desk. A dagdeel that runs now counts."""
    rows = Booking.objects.filter(dorpshuis=house, state__in=(Booking.State.BOOKED, Booking.State.HELD))
    rows = rows.between(closing.first_day, closing.last_day).filter(dagdeel__in=[p.value for p in closing.dagdelen])
    return list(rows.select_related("reservation", "desk__room").in_order())


def _desks_that_go(closing: Closing, desks: list[Desk], supply: Supply, coming: list[Booking]) -> tuple[Desk, ...]:
    """The desks to close so that only so many stay."""
    keep, desks = closing.keep or 0, [desk for desk in desks if not desk.is_table]
    if keep < 1 or keep >= len(desks):
        raise KeepsAll(len(desks))
    days = [closing.first_day + timedelta(days=n) for n in range(closing.days)]
    opened: Counter[int] = Counter()
    for moment in (Moment(day, part) for day in days for part in closing.dagdelen):
        opening = opening_on(supply, moment)
        opened.update(open_desks(supply, moment, opening)[0] if opening else ())
    booked = Counter(row.desk_id for row in coming)
    chosen = Counter(row.desk_id for row in coming if row.desk_chosen)
    uses = [DeskUse(desk.pk, opened[desk.pk], booked[desk.pk], chosen[desk.pk]) for desk in desks]
    gone = set(desks_that_go(uses, keep))
    return tuple(desk for desk in desks if desk.pk in gone)


def _told(rows: list[Booking], supply: Supply) -> tuple[Told, ...]:
    """Each guest once per reservation, in the order in which they booked."""
    soon = clock.now() + AT_ONCE_WITHIN
    by_reservation: defaultdict[int, list[Booking]] = defaultdict(list)
    for row in rows:
        by_reservation[row.reservation_id].append(row)
    return tuple(
        Told(hers[0].reservation, tuple(hers), any(begins_at(supply, row.moment) <= soon for row in hers))
        for _, hers in sorted(by_reservation.items())
    )
