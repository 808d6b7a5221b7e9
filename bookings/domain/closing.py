"""The arithmetic of closing: which desks go when only so many stay, and which free dagdeel is nearest."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from bookings.domain.dagdelen import Moment

EARLIER_COSTS = 7


@dataclass(frozen=True, slots=True)
class DeskUse:
    """A desk in the period that closes: how often it is open, booked, and booked by who chose it herself."""

    desk_id: int
    open: int
    booked: int
    chosen: int


def desks_that_go(uses: Sequence[DeskUse], keep: int) -> tuple[int, ...]:
    """The desks to close so that `keep` stay, in the house's own order: those that hit nobody first.

    Then those whose guests can move without a word; a desk that is shut already goes before an open one,
    and of equals the last. Empty when there are no more than `keep`.
    """
    number = max(0, len(uses) - keep)
    order = {use.desk_id: place for place, use in enumerate(uses)}
    ranked = sorted(uses, key=lambda use: (use.chosen, use.booked, use.open, -order[use.desk_id]))
    return tuple(sorted((use.desk_id for use in ranked[:number]), key=order.__getitem__))


def nearest(moment: Moment, free: Iterable[Moment], without: Collection[Moment] = (), *, most: int = 1) -> list[Moment]:
    """The free moments that are nearest in days, then in dagdeel; `most` of them, fewer when there are not so many.

    The moment itself comes first: another desk may be free then. A day before it counts as a week further: work
    that was planned is easier done later.
    """

    def far(other: Moment) -> tuple[int, int]:
        days = (other.date - moment.date).days
        return (days if days >= 0 else EARLIER_COSTS - days), abs(other.dagdeel.order - moment.dagdeel.order)

    return nsmallest(most, (other for other in free if other not in without), key=far)
