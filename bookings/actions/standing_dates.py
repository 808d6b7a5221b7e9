"""What the dates of a standing place become, worked out from the rows, and the rows that take them.

Parts of an action. Planning writes nothing; what is carried out is planned under the house's lock.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from bookings.actions.move import move, plan_moves
from bookings.actions.slots import settle_given_back
from bookings.domain.allocation import Slot, allocate
from bookings.domain.availability import Supply, begins_at, open_desks, opening_on, without_tables
from bookings.domain.dagdelen import Moment
from bookings.domain.prices import kept_kind, price_on
from bookings.domain.standing import LONGEST, Pattern
from bookings.models import Booking, StandingPlace
from bookings.queries import Taken, supplies, taken
from bookings.refusals import NotThatDay
from bookings.standing import Dated, Fate, LongerPlan, StandingPlan, Wish, horizon
from bookings.tell import tell_clash
from portal.base import clock
from villages.models import Dorpshuis, Tariff

Kind = Tariff.Kind
DAY = timedelta(days=1)


def plan_standing(house: Dorpshuis, wish: Wish) -> StandingPlan:
    """What each of its dates becomes, as far as dates are written. Who did not choose her desk moves."""
    today = clock.today()
    through = max(horizon(house, today), house.standing_until or today)
    first = max(today, wish.pattern.first_day)
    days = list(wish.pattern.dates(first, through))
    if not days:
        return StandingPlan(house, wish, through)
    reader = Dates.read(house, first, through)
    dates = [reader.at(day, wish.pattern, wish.desk.pk if wish.desk else None, wish.tariff) for day in days]
    return StandingPlan(house, wish, through, _with_rivals(house, dates))


def plan_longer(house: Dorpshuis, place: StandingPlace, last_day: date) -> LongerPlan:
    """What its new dates become when it goes on until this day. Raises NotThatDay.

    One that was ended sooner has called dates off, which never come back: it does not go on.
    """
    today = clock.today()
    too_far = last_day > today + LONGEST
    if place.ended_at is not None or place.last_day < today or last_day <= place.last_day or too_far:
        raise NotThatDay
    through = max(horizon(house, today), house.standing_until or today)
    pattern = replace(place.pattern, last_day=last_day)
    days = list(pattern.dates(max(today, place.last_day + DAY), through))
    if not days:
        return LongerPlan(place, last_day, [])
    reader = Dates.read(house, days[0], days[-1])
    dates = [reader.at(day, pattern, place.desk_id, place.tariff) for day in days]
    return LongerPlan(place, last_day, _with_rivals(house, dates))


class Dates:
    """A house between two days, to say what a date of a standing place becomes."""

    def __init__(self, supply: Supply, occupied: Taken) -> None:
        self.supply, self.occupied = supply, occupied

    @classmethod
    def read(cls, house: Dorpshuis, first: date, last: date) -> "Dates":
        """Five queries."""
        occupied = taken([house.pk], first, last, clock.now())[house.pk]
        return cls(supplies([house], first, last)[house.pk], occupied)

    def at(self, day: date, pattern: Pattern, desk_id: int | None, tariff: str) -> Dated:
        """This date by itself. A desk that is found, counts as taken from then on."""
        moment = Moment(day, pattern.dagdeel)
        if pattern.is_skipped(day):
            return Dated(moment, Fate.HOLIDAY)
        opening = opening_on(self.supply, moment)
        if opening is None:
            return Dated(moment, Fate.NOT_SCHEDULED)
        if clock.now() >= begins_at(self.supply, moment):
            return Dated(moment, Fate.OVER)
        there, reason = open_desks(self.supply, moment, opening)
        wanted = (
            without_tables(self.supply, there) if desk_id is None else tuple(desk for desk in there if desk == desk_id)
        )
        if not wanted and there and not self._has(desk_id, day):
            return Dated(moment, Fate.TAKEN)  # her own desk is no longer there
        if not wanted:
            return Dated(moment, Fate.CLOSED, reason=reason or "")
        free = tuple(desk for desk in wanted if desk not in self.occupied.get(moment, ()))
        chosen = allocate([moment], {moment: free})
        kind, cents = self._price(tariff, day)
        if chosen is None:
            return Dated(moment, Fate.TAKEN, desk_id, cents, kind)
        self.occupied[moment].add(chosen[moment])
        return Dated(moment, Fate.FITS, chosen[moment], cents, kind)

    def _has(self, desk_id: int | None, day: date) -> bool:
        return any(desk.desk_id == desk_id and desk.exists_on(day) for desk in self.supply.desks)

    def _price(self, tariff: str, day: date) -> tuple[str, int]:
        """The tariff and cents of this date. Free counts as social use; for a tariff that ended the usual one."""
        tariffs = self.supply.tariffs
        kind = kept_kind(tariffs, tariff, day, by_guest=False)
        if tariff == Kind.GRATIS or kind is None:
            return Kind.MAATSCHAPPELIJK, 0
        return kind, price_on(tariffs, kind, day, by_guest=False) or 0


def _with_rivals(house: Dorpshuis, dates: list[Dated]) -> list[Dated]:
    """Who has the one desk that is wanted, and where she goes if she did not choose it. For "any" nobody moves."""
    lost = {Slot(d.desk_id, d.moment): d for d in dates if d.fate is Fate.TAKEN and d.desk_id is not None}
    if not lost:
        return dates
    rows = Booking.objects.filter(dorpshuis=house, desk__in={slot.desk_id for slot in lost}).occupying()
    rows = rows.at(slot.moment for slot in lost).select_related("reservation", "desk")
    rivals = {row.slot: row for row in rows if row.slot in lost}
    can_move = [row for row in rivals.values() if row.state == Booking.State.BOOKED and row.standing_id is None]
    wanted = {slot.desk_id for slot in lost}
    moves, _ = plan_moves(house, can_move, partial(_without, wanted))
    found = {d.moment: _met(d, rivals.get(slot), moves) for slot, d in lost.items()}
    return [found.get(dated.moment, dated) for dated in dates]


def _without(desks: set[int], supply: Supply) -> Supply:
    return replace(supply, desks=tuple(desk for desk in supply.desks if desk.desk_id not in desks))


def _met(dated: Dated, rival: Booking | None, moves: dict[int, int]) -> Dated:
    if rival is not None and rival.pk in moves:
        return replace(dated, fate=Fate.MOVES, rival=rival, rival_to=moves[rival.pk])
    return replace(dated, rival=rival)


def write_dates(house: Dorpshuis, place: StandingPlace, dates: Iterable[Dated]) -> None:
    """The bookings of these dates; whoever makes room is moved first. Under the house's lock."""
    written = [dated for dated in dates if dated.is_written]
    move(house, {d.rival.pk: d.rival_to for d in written if d.rival and d.rival_to})
    Booking.objects.bulk_create(
        Booking(
            dorpshuis=house,
            reservation_id=place.reservation_id,
            standing=place,
            desk_id=dated.desk_id or 0,
            date=dated.moment.date,
            dagdeel=dated.moment.dagdeel.value,
            price_cents=dated.cents,
            tariff=dated.tariff,
            desk_chosen=place.desk_id is not None,
        )
        for dated in written
    )
    settle_given_back(house, {Slot(d.desk_id, d.moment) for d in written if d.desk_id is not None})


def write_until(house: Dorpshuis, through: date) -> int:
    """Write what is not written yet of the house's standing places, up to this day; gives how many dates.

    Whatever became of a date that was written before, it is left alone. A date without a desk goes to the call list,
    once. Under the house's lock.
    """
    today = clock.today()
    through = max(through, house.standing_until or through)
    # Who has a desk of her own before who takes any.
    running = StandingPlace.objects.filter(dorpshuis=house).running(today).select_related("reservation")
    places = sorted(running, key=lambda place: (place.desk_id is None, place.pk))
    rows = Booking.objects.filter(standing__in=places, date__range=(today, through))
    there = set(rows.values_list("standing", "date"))
    count = 0
    for place in places:
        days = place.pattern.dates(max(today, place.first_day), through)
        fresh = [day for day in days if (place.pk, day) not in there]
        count += _write_place(house, place, fresh) if fresh else 0
    house.standing_until = through if places else None
    Dorpshuis.objects.filter(pk=house.pk).update(standing_until=house.standing_until)
    return count


def _write_place(house: Dorpshuis, place: StandingPlace, days: list[date]) -> int:
    reader = Dates.read(house, days[0], days[-1])
    dates = _with_rivals(house, [reader.at(day, place.pattern, place.desk_id, place.tariff) for day in days])
    write_dates(house, place, dates)
    known = set(place.known_clashes)
    for dated in dates:
        if dated.fate is Fate.TAKEN and str(dated.moment.date) not in known:
            tell_clash(place, dated.moment.date)
    report = known | {str(dated.moment.date) for dated in dates if dated.fate is Fate.TAKEN}
    if report != known:
        StandingPlace.objects.filter(pk=place.pk).update(known_clashes=sorted(report))
    return sum(dated.is_written for dated in dates)
