"""Which desk for whom, when "any desk" is asked.

Adjoining dagdelen get the same desk where one is free in all of them. A desk that was given back late
is taken first: its former guest then owes nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from bookings.domain.dagdelen import Moment, runs


class Slot(NamedTuple):
    """One desk at one moment: the thing that is booked, and the key that the database guards."""

    desk_id: int
    moment: Moment


def allocate(
    moments: Iterable[Moment], free: Mapping[Moment, tuple[int, ...]], given_back: Collection[Slot] = ()
) -> dict[Moment, int] | None:
    """A free desk for each moment, or None when one of them has none.

    `free`: the free desks per moment, in the house's own order; `given_back`: slots cancelled late
    and not taken again.
    """
    chosen: dict[Moment, int] = {}
    for run in runs(moments):
        rest = run
        while rest:
            length, desk = _longest(rest, free, given_back)
            if length == 0:
                return None
            chosen |= dict.fromkeys(rest[:length], desk)
            rest = rest[length:]
    return chosen


def _longest(
    run: list[Moment], free: Mapping[Moment, tuple[int, ...]], given_back: Collection[Slot]
) -> tuple[int, int]:
    """The longest beginning of the run that one desk can take, and that desk; 0 when there is none."""
    for length in range(len(run), 0, -1):
        part = run[:length]
        desks = [d for d in free.get(part[0], ()) if all(d in free.get(m, ()) for m in part[1:])]
        if desks:
            best = max(desks, key=lambda d: sum(Slot(d, m) in given_back for m in part))
            return length, best
    return 0, 0
