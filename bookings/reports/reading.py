"""The figures of months that are not closed yet, straight from the rows. The same queries for any number of houses."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from bookings.domain.availability import Supply
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.figures import COUNTED_STATES, Counted, Taken, count
from bookings.domain.months import last_day, months_between
from bookings.models import Booking, GuestTrace, Reservation
from bookings.queries import supplies
from villages.models import Dorpshuis, Tariff

ByMonth = dict[date, Counted]
ByMoment = defaultdict[Moment, list[Taken]]


def read_months(
    houses: Collection[Dorpshuis], first: date, last: date, now: datetime, *, was_open: bool = False
) -> dict[int, ByMonth]:
    """By house and month, from the month of `first` up to that of `last`, as far as begun at `now` (aware, local).

    Six queries. What was offered on a day is what held on that day. A house that no longer takes bookings offers
    nothing, unless it `was_open` in these months; what is booked there still counts.
    """
    months = list(months_between(first, last))
    begin, end = months[0], min(last_day(months[-1]), now.date())
    if not houses or end < begin:
        return {house.pk: {month: Counted({}, {}, frozenset()) for month in months} for house in houses}
    ids = [house.pk for house in houses]
    found, taken = supplies(houses, begin, end), _taken(ids, begin, end)
    offers = {pk: _desks_only(supply, was_open=was_open) for pk, supply in found.items()}
    return {pk: {month: count(offers[pk], taken[pk], _days(month, end), now) for month in months} for pk in ids}


def _is_social(tariff: str, group: str, *, is_standing: bool) -> bool:
    """At that tariff, by who says she comes for that, or a standing place for nothing."""
    for_nothing = is_standing and tariff == Tariff.Kind.GRATIS
    return tariff == Tariff.Kind.MAATSCHAPPELIJK or group == Reservation.TargetGroup.ASSOCIATION or for_nothing


def _desks_only(supply: Supply, *, was_open: bool) -> Supply:
    """A meeting table is counted apart from the desks."""
    desks = tuple(desk for desk in supply.desks if not desk.is_table)
    return replace(supply, desks=desks, takes_bookings=supply.takes_bookings or was_open)


def _days(month: date, end: date) -> list[date]:
    """The days of this month up to `end`."""
    number = (min(last_day(month), end) - month).days + 1
    return [month + timedelta(days=n) for n in range(number)]


def _taken(ids: Collection[int], first: date, last: date) -> defaultdict[int, ByMoment]:
    """What was booked, by house and moment; holds and what was given back in time are left out. Two queries."""
    rows = Booking.objects.filter(dorpshuis__in=ids, state__in=COUNTED_STATES).between(first, last)
    columns = rows.filter(desk__is_table=False).values_list(
        "dorpshuis_id", "desk_id", "date", "dagdeel", "state", "price_cents", "tariff", "paid_how", "standing_id",
        "reservation__target_group", "reservation__guest_id", "reservation__guest__email", "reservation__guest__phone",
    )  # fmt: skip
    traced = frozenset(GuestTrace.objects.filter(guest__dorpshuis__in=ids).values_list("guest_id", flat=True))
    found: defaultdict[int, ByMoment] = defaultdict(lambda: defaultdict(list))
    for house, desk, day, part, state, cents, tariff, paid, standing, group, guest, email, phone in columns:
        moment = Moment(day, Dagdeel(part))
        taken = Taken(
            desk_id=desk,
            moment=moment,
            state=state,
            cents=cents,
            tariff=tariff,
            paid=paid,
            standing=standing is not None,
            social=_is_social(tariff, group, is_standing=standing is not None),
            guest=guest,
            known=bool(email or phone) or guest in traced,
        )
        found[house][moment].append(taken)
    return found
