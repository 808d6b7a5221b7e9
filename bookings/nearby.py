"""Which other houses are free at these dagdelen, near ones first: for who can't come to the house she chose."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from bookings.domain.availability import Cell
from bookings.domain.dagdelen import Moment
from bookings.domain.distance import distance_km
from bookings.queries import supplies, taken
from bookings.reader import CellReader
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


@dataclass(frozen=True)
class Neighbours:
    """The other houses that take bookings, each with its distance and its cells: read once, asked for many guests."""

    now: datetime
    houses: list[tuple[Dorpshuis, float, CellReader]] = field(default_factory=list)

    @classmethod
    def read(cls, house: Dorpshuis, moments: Collection[Moment], now: datetime) -> Self:
        """Those of `house` (its village fetched), to ask about these moments. Six queries; none when all is past."""
        days = [moment.date for moment in moments if moment.date >= now.date()]
        if not days:
            return cls(now)
        others = [other for other in Dorpshuis.objects.public().with_place() if other.takes_bookings and other != house]
        offers = supplies(others, min(days), max(days))
        occupied = taken([other.pk for other in others], min(days), max(days), now)
        return cls(
            now,
            [
                (
                    other,
                    distance_km(house.coordinates, other.coordinates),
                    CellReader(offers[other.pk], occupied[other.pk], now),
                )
                for other in others
            ],
        )

    def free_at(self, moments: Collection[Moment], *, most: int = MOST, within_km: float | None = None) -> list[Nearby]:
        """At most `most` of them where any of these moments can be booked: with more of it free first, then near ones.

        Each never with more than one order there may hold. No query.
        """
        coming = sorted({moment for moment in moments if moment.date >= self.now.date()})[:MOST_MOMENTS]
        found = []
        for other, km, reader in self.houses:
            cells = (reader.at(moment) for moment in coming)
            free = tuple(cell for cell in cells if cell.bookable)[: other.order_limit]
            if free and (within_km is None or km <= within_km):
                found.append(Nearby(other, km, free))
        return sorted(found, key=lambda one: (-len(one.cells), one.km, one.dorpshuis.pk))[:most]


def free_nearby(house: Dorpshuis, moments: Collection[Moment], now: datetime, *, most: int = MOST) -> list[Nearby]:
    """At most `most` other houses where these moments can be booked at `now` (aware, local), as `free_at` says.

    Six queries however many houses; none when all of it is past. `house` needs its village fetched.
    """
    asked = sorted({moment for moment in moments if moment.date >= now.date()})[:MOST_MOMENTS]
    return Neighbours.read(house, asked, now).free_at(asked, most=most)
