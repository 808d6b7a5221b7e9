"""What a guest whose dagdeel the house calls off can take instead: a free dagdeel there, or a house nearby.

The one place that says so: for the preview of a closing, before it is done, and for the mail about it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from bookings.domain.availability import Supply, last_bookable_day
from bookings.domain.closing import nearest
from bookings.domain.dagdelen import Moment
from bookings.models import Booking
from bookings.nearby import Nearby, Neighbours
from bookings.reader import CellReader
from portal.base import clock
from villages.models import Dorpshuis

MOST = 3
FARTHEST_KM = 30.0

Proposal = Booking.Proposal


@dataclass(frozen=True)
class Options:
    """The first thing of each kind that can be proposed instead of one dagdeel; None: there is none."""

    day: Moment | None = None
    neighbour: Nearby | None = None

    @property
    def choices(self) -> list[Proposal]:
        """What the house can choose, the best for the guest first."""
        found = [Proposal.OTHER_DAY] if self.day else []
        found += [Proposal.OTHER_HOUSE] if self.neighbour else []
        return [*found, Proposal.NOTHING]

    def pick(self, chosen: Proposal | None) -> Proposal:
        """What was chosen; the best there is when nothing was, or nothing possible."""
        return chosen if chosen in self.choices else self.choices[0]

    @property
    def values(self) -> list[str]:
        """The same as texts, to see whether anything changed."""
        return [str(self.day or ""), self.neighbour.dorpshuis.slug if self.neighbour else ""]


@dataclass(frozen=True)
class Instead:
    """What one guest is proposed, three things at most: dagdelen in this house in order of time, and houses nearby."""

    moments: tuple[Moment, ...] = ()
    houses: tuple[Nearby, ...] = ()


@dataclass
class Around:
    """What is free in and around a house, to take instead of `gone` (with their reservations read).

    `after` makes of what is offered what will be, of a change that is not written yet, and `moved` the slots that
    its moves take. Twelve queries at most,
    each made when its answer is needed, whatever the number of bookings, guests and houses.
    """

    dorpshuis: Dorpshuis
    gone: Collection[Booking]
    after: Callable[[Supply], Supply] | None = None
    moved: Collection[tuple[Moment, int]] = ()

    def options(self, hers: Collection[Booking]) -> dict[int, Options]:
        """Per booking of one reservation what the house can propose instead."""
        days = self._days_for(hers)
        found = {}
        for row in hers:
            near = self._neighbours.free_at([row.moment], most=1, within_km=FARTHEST_KM)
            found[row.pk] = Options(days.get(row.pk), near[0] if near else None)
        return found

    def instead(self, hers: Collection[Booking]) -> Instead:
        """What is proposed for these bookings of one reservation, by what the house chose for each (`proposal`).

        For another day the nearest of each, then more around the first; a house nearby where that was chosen, or
        where there are too few other days. Proposals: nothing is held.
        """
        return self.instead_apart([hers])[0]

    def instead_apart(self, groups: Collection[Collection[Booking]]) -> list[Instead]:
        """The same for several mails about bookings of one reservation: no dagdeel is proposed in two of them."""
        beside = self._days_for([row for hers in groups for row in hers])
        said: set[Moment] = set()
        found = []
        for hers in groups:
            own = {row.pk for row in hers}
            others = said | {day for pk, day in beside.items() if pk not in own}
            found.append(self._instead(hers, beside, others))
            said.update(found[-1].moments)
        return found

    def _instead(self, hers: Collection[Booking], beside: dict[int, Moment], others: set[Moment]) -> Instead:
        by_day = [row for row in hers if row.proposal == Proposal.OTHER_DAY]
        by_house = [row.moment for row in hers if row.proposal == Proposal.OTHER_HOUSE]
        days = self._days(beside, by_day, MOST - bool(by_house), others) if by_day else []
        left = MOST - len(days)
        asked = by_house or [row.moment for row in by_day]
        houses = self._neighbours.free_at(asked, most=left, within_km=FARTHEST_KM) if left and asked else []
        return Instead(tuple(sorted(days)), tuple(houses))

    def _days(
        self, beside: dict[int, Moment], by_day: Collection[Booking], most: int, others: set[Moment]
    ) -> list[Moment]:
        """The day that stands beside each of these bookings, and the nearest to the first; none that `others` have."""
        days = [beside[row.pk] for row in sorted(by_day, key=lambda row: row.moment) if row.pk in beside][:most]
        first = min(row.moment for row in by_day)
        return [*days, *nearest(first, self._free, {*self._had[_guest(by_day)], *days, *others}, most=most - len(days))]

    def _days_for(self, hers: Collection[Booking]) -> dict[int, Moment]:
        """The nearest free dagdeel for each of these bookings: each another one, and none that she has already."""
        rows = sorted(hers, key=lambda row: (row.moment, row.pk))
        had = set(self._had[_guest(rows)])
        found: dict[int, Moment] = {}
        for row in rows:
            for day in nearest(row.moment, self._free, had):
                had.add(day)
                found[row.pk] = day
        return found

    @cached_property
    def _free(self) -> list[Moment]:
        """What a guest can book in this house."""
        reader = CellReader.read(self.dorpshuis)
        if self.after is not None:
            reader.supply = self.after(reader.supply)
        for moment, desk in self.moved:
            reader.occupied.setdefault(moment, set()).add(desk)
        first = reader.now.date()
        number = (last_bookable_day(reader.policy, reader.now) - first).days + 1
        days = [first + timedelta(days=n) for n in range(number)]
        return [cell.moment for day in days for cell in reader.on(day) if cell.bookable]

    @cached_property
    def _had(self) -> defaultdict[int, set[Moment]]:
        """The coming dagdelen of these guests in this house: no news to them."""
        guests = {row.reservation.guest_id for row in self.gone}
        rows = Booking.objects.filter(dorpshuis=self.dorpshuis, reservation__guest__in=guests, date__gte=clock.today())
        rows = rows.occupying().exclude(pk__in=[row.pk for row in self.gone])
        found: defaultdict[int, set[Moment]] = defaultdict(set)
        for row in rows.select_related("reservation"):
            found[row.reservation.guest_id].add(row.moment)
        return found

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours.read(self.dorpshuis, {row.moment for row in self.gone}, clock.now())


def _guest(rows: Collection[Booking]) -> int:
    """Whose they are: all of one reservation."""
    return next(iter(rows)).reservation.guest_id
