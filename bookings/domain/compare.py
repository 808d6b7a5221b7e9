"""One house beside the others."""

from collections.abc import Iterable
from dataclasses import dataclass

from bookings.domain.figures import SlotFigures

# Of fewer houses an average says more about one of them than about all.
FEWEST_TO_COMPARE = 5


@dataclass(frozen=True, slots=True)
class Average:
    """The slots of `houses` other houses together."""

    houses: int
    together: SlotFigures

    @property
    def occupancy(self) -> float | None:
        """Used of offered in percent, all houses together; None under twenty offered."""
        return self.together.occupancy

    def expected(self, offered: int) -> int | None:
        """How many of so many offered slots would be used if this were an average house."""
        if not self.together.offered:
            return None
        return round(offered * self.together.used / self.together.offered)


def average_of(others: Iterable[SlotFigures]) -> Average | None:
    """The average of the houses that offered anything; None when they are fewer than five."""
    found = [figures for figures in others if figures.offered]
    if len(found) < FEWEST_TO_COMPARE:
        return None
    return Average(len(found), SlotFigures.total(found))
