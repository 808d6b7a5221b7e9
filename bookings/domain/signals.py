"""What stands out in the figures of one house: who needs help, and what goes well. About slots only, never people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bookings.domain.dagdelen import Dagdeel
from bookings.domain.figures import FEWEST_FOR_RATE, SlotFigures, Weekly, rate

# The months that are looked at together: in one month chance says too much.
MONTHS = 3
# A dagdeel of the week that was there about weekly: fewer slots say nothing.
FEWEST_IN_PART = 10
# So many slots less or more, and so much of what it was, before it is worth a call.
LEAST_CHANGE, MUCH_LESS, MUCH_MORE = 5, 0.6, 1.5
# One in five stays away, half is ticked by nobody, half of the slots is used.
AWAY, UNTICKED, BUSY = 5, 2, 2
MOST_PARTS = 2  # more empty dagdelen than this are named together
SEVERAL_DAYS = 3


class Sign(StrEnum):
    """What there is to say, the most urgent first; from MORE on it is good news."""

    EMPTY_HOUSE = "empty_house"
    SHUT = "shut"
    NO_OFFER = "no_offer"
    LESS = "less"
    EMPTY_DAGDEEL = "empty_dagdeel"
    EMPTY_PARTS = "empty_parts"
    EMPTY_PART = "empty_part"
    STAYED_AWAY = "stayed_away"
    UNTICKED = "unticked"
    MORE = "more"
    BUSY_PART = "busy_part"


ORDER = list(Sign)
GOOD = frozenset({Sign.MORE, Sign.BUSY_PART})


@dataclass(frozen=True, slots=True)
class Signal:
    """`number` of `of`: slots (of EMPTY_PARTS: dagdelen of the week). `weekday` 0 is Monday."""

    sign: Sign
    number: int = 0
    of: int = 0
    weekday: int | None = None
    dagdeel: Dagdeel | None = None

    @property
    def is_good(self) -> bool:
        return self.sign in GOOD

    @property
    def urgency(self) -> tuple[int, int]:
        """To sort by: the smaller, the sooner."""
        return ORDER.index(self.sign), -self.of


def signals_of(months: Sequence[SlotFigures], weekly: Mapping[Weekly, SlotFigures]) -> list[Signal]:
    """What stands out, the most urgent first.

    `months`: whole months in order, the last one last (six say most; under three nothing is said); `weekly`: the last
    three of them together, by weekday and dagdeel.
    """
    recent = list(months[-MONTHS:])
    if len(recent) < MONTHS:
        return []
    total = SlotFigures.total(recent)
    if not total.offered:
        return [Signal(Sign.SHUT if total.closed else Sign.NO_OFFER, of=total.closed)]
    if not total.used and total.offered >= FEWEST_FOR_RATE:
        return [Signal(Sign.EMPTY_HOUSE, of=total.offered)]
    found = [*_changes(months), *_empty(weekly), *_busy(weekly)]
    if total.no_show >= LEAST_CHANGE and total.no_show * AWAY >= total.booked:
        found.append(Signal(Sign.STAYED_AWAY, total.no_show, total.booked))
    if total.assumed >= LEAST_CHANGE and total.assumed * UNTICKED >= total.used:
        found.append(Signal(Sign.UNTICKED, total.assumed, total.used))
    return sorted(found, key=lambda signal: signal.urgency)


def _changes(months: Sequence[SlotFigures]) -> Iterator[Signal]:
    """The last month beside the three before it, by the share that was used: a month that was shut is no fall."""
    *_, last = months
    before = months[-1 - MONTHS : -1]
    if len(before) < MONTHS:
        return
    past = SlotFigures.total(before)
    now, then = rate(last.used, last.offered), rate(past.used, past.offered)
    usual = round(past.used / MONTHS)
    if now is None or then is None:
        return
    if now <= MUCH_LESS * then and usual - last.used >= LEAST_CHANGE:
        yield Signal(Sign.LESS, last.used, usual)
    elif now >= MUCH_MORE * then and last.used - usual >= LEAST_CHANGE:
        yield Signal(Sign.MORE, last.used, usual)


def _empty(weekly: Mapping[Weekly, SlotFigures]) -> Iterator[Signal]:
    """Dagdelen of the week that nobody used: a whole dagdeel (all evenings), else each, else how many."""
    known = {cell: figures for cell, figures in weekly.items() if figures.offered >= FEWEST_IN_PART}
    empty = {cell for cell, figures in known.items() if not figures.used}
    for part in Dagdeel:
        of_part = {cell for cell in known if cell[1] is part}
        if len(of_part) >= SEVERAL_DAYS and of_part <= empty:
            yield Signal(Sign.EMPTY_DAGDEEL, of=sum(known[cell].offered for cell in of_part), dagdeel=part)
            empty -= of_part
    if len(empty) > MOST_PARTS:
        yield Signal(Sign.EMPTY_PARTS, len(empty), len(known))
        return
    for weekday, part in sorted(empty, key=lambda cell: (cell[0], list(Dagdeel).index(cell[1]))):
        yield Signal(Sign.EMPTY_PART, of=known[weekday, part].offered, weekday=weekday, dagdeel=part)


def _busy(weekly: Mapping[Weekly, SlotFigures]) -> Iterator[Signal]:
    """The dagdeel of the week that runs best, if it is used for half."""
    known = {cell: figures for cell, figures in weekly.items() if figures.offered >= FEWEST_FOR_RATE}
    busy = {cell: figures for cell, figures in known.items() if figures.used * BUSY >= figures.offered}
    if busy:
        (weekday, part), figures = max(busy.items(), key=lambda item: (item[1].occupancy or 0, -item[0][0]))
        yield Signal(Sign.BUSY_PART, figures.used, figures.offered, weekday, part)
