"""What the house can propose to a guest whose dagdeel it calls off: another day here, or a house nearby."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from bookings.domain.availability import ClosedSpan, Supply, cell_at, last_bookable_day
from bookings.domain.closing import nearest
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.distance import distance_km
from bookings.models import Booking
from bookings.queries import Taken, supplies, taken
from portal.base import clock
from villages.models import Dorpshuis

FARTHEST_KM = 30.0

Proposal = Booking.Proposal


@dataclass(frozen=True)
class Neighbour:
    """A house with a free desk then, and how far it is."""

    dorpshuis: Dorpshuis
    km: float


@dataclass(frozen=True)
class Options:
    """The first thing of each kind that can be proposed instead of one dagdeel; None: there is none."""

    day: Moment | None = None
    neighbour: Neighbour | None = None

    @property
    def choices(self) -> list[Proposal]:
        """What the house can choose, the best for the guest first."""
        found = [Proposal.OTHER_DAY] if self.day else []
        found += [Proposal.OTHER_HOUSE] if self.neighbour else []
        return [*found, Proposal.NOTHING]

    @property
    def values(self) -> list[str]:
        """The same as texts, to see whether anything changed."""
        return [str(self.day or ""), self.neighbour.dorpshuis.slug if self.neighbour else ""]


def options_for(
    house: Dorpshuis, rows: Collection[Booking], shut: ClosedSpan, moved: Iterable[tuple[Moment, int]] = ()
) -> dict[int, Options]:
    """Per booking (with its reservation read) what can be proposed once `shut` holds and `moved` slots are taken.

    Twelve queries, whatever the number of bookings and houses.
    """
    if not rows:
        return {}
    free = _free_days(house, shut, moved)
    hers = _had_already(house, {row.reservation.guest_id for row in rows})
    near = _free_houses(house, {row.moment for row in rows})
    found = {}
    for row in rows:
        had = hers[row.reservation.guest_id]
        day = nearest(row.moment, free, had)
        if day:
            had.add(day)  # her next dagdeel gets another one
        found[row.pk] = Options(day, near.get(row.moment))
    return found


def _free_days(house: Dorpshuis, shut: ClosedSpan, moved: Iterable[tuple[Moment, int]]) -> list[Moment]:
    """What a guest can book in this house."""
    now = clock.now()
    first, last = now.date(), now.date() + timedelta(days=house.window_days)
    supply = supplies([house], first, last)[house.pk]
    supply = replace(supply, closures=(*supply.closures, shut))
    occupied = taken([house.pk], first, last, now)[house.pk]
    for moment, desk in moved:
        occupied[moment].add(desk)
    days = [first + timedelta(days=n) for n in range((last_bookable_day(supply.policy, now) - first).days + 1)]
    moments = [Moment(day, part) for day in days for part in Dagdeel]
    return [moment for moment in moments if _bookable(supply, moment, occupied)]


def _had_already(house: Dorpshuis, guests: Collection[int]) -> defaultdict[int, set[Moment]]:
    """The coming dagdelen of these guests in this house: no news to them."""
    rows = Booking.objects.filter(dorpshuis=house, reservation__guest__in=guests, date__gte=clock.today()).occupying()
    found: defaultdict[int, set[Moment]] = defaultdict(set)
    for row in rows.select_related("reservation"):
        found[row.reservation.guest_id].add(row.moment)
    return found


def _free_houses(house: Dorpshuis, moments: Collection[Moment]) -> dict[Moment, Neighbour]:
    """The nearest other house with a free desk, at each of these moments that has one."""
    others = Dorpshuis.objects.filter(status=Dorpshuis.Status.OPEN).exclude(pk=house.pk).select_related("village")
    ways = [Neighbour(other, distance_km(house.coordinates, other.coordinates)) for other in others]
    ways = sorted((way for way in ways if way.km <= FARTHEST_KM), key=lambda way: (way.km, way.dorpshuis.name))
    days = [moment.date for moment in moments]
    offers = supplies([way.dorpshuis for way in ways], min(days), max(days))
    occupied = taken([way.dorpshuis.pk for way in ways], min(days), max(days), clock.now())
    found = {}
    for moment in moments:
        free = (w for w in ways if _bookable(offers[w.dorpshuis.pk], moment, occupied[w.dorpshuis.pk]))
        if first := next(free, None):
            found[moment] = first
    return found


def _bookable(supply: Supply, moment: Moment, occupied: Taken) -> bool:
    return cell_at(supply, moment, occupied.get(moment, ()), clock.now()).bookable
