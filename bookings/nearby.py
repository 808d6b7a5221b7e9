"""Which other houses are free at these dagdelen, near ones first: for who can't come to the house she chose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bookings.domain.availability import Cell, cell_at
from bookings.domain.dagdelen import Moment
from bookings.domain.distance import distance_km
from bookings.queries import supplies, taken
from villages.models import Dorpshuis

MOST = 3
MOST_MOMENTS = 30  # as much as any order may hold: an address can name hundreds


@dataclass(frozen=True)
class Nearby:
    """A house, how far it is in kilometres, and its bookable cells of what was asked (at least one, in order)."""

    dorpshuis: Dorpshuis
    km: float
    cells: tuple[Cell, ...]

    @property
    def moments(self) -> tuple[Moment, ...]:
        return tuple(cell.moment for cell in self.cells)

    @property
    def cents(self) -> int:
        """What all of it costs there at the usual price."""
        return sum(cell.cents or 0 for cell in self.cells)


def free_nearby(house: Dorpshuis, moments: Collection[Moment], now: datetime, *, most: int = MOST) -> list[Nearby]:
    """At most `most` other houses where these moments can be booked at `now` (aware, local).

    Houses with more of the moments free come first, then near ones; each never more than one order there may hold.
    Six queries however many houses; none when all of it is past. `house` needs its village fetched.
    """
    coming = sorted({moment for moment in moments if moment.date >= now.date()})[:MOST_MOMENTS]
    if not coming:
        return []
    others = [other for other in Dorpshuis.objects.public().with_place() if other.takes_bookings and other != house]
    first, last = coming[0].date, coming[-1].date
    offers = supplies(others, first, last)
    occupied = taken([other.pk for other in others], first, last, now)
    found = []
    for other in others:
        cells = (cell_at(offers[other.pk], moment, occupied[other.pk].get(moment, ()), now) for moment in coming)
        free = tuple(cell for cell in cells if cell.bookable)[: other.order_limit]
        if free:
            found.append(Nearby(other, distance_km(house.coordinates, other.coordinates), free))
    return sorted(found, key=lambda one: (-len(one.cells), one.km, one.dorpshuis.pk))[:most]
