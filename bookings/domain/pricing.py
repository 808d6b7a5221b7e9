"""What becomes of a house's prices when one begins or ends. What held before that day stays as it was."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bookings.domain.prices import TariffSpan

DAY = timedelta(days=1)
# Further ahead nobody knows what a dagdeel will cost.
FURTHEST = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A price of this kind from a day on; or, without `cents`, the end of the kind: this is the first day without."""

    kind: str
    first_day: date
    cents: int | None = None
    by_guests: bool = True

    @property
    def is_end(self) -> bool:
        return self.cents is None


def changed(spans: Iterable[TariffSpan], change: PriceChange) -> list[TariffSpan]:
    """The prices of this kind as they are with the change, by their first day.

    A new price ends the one that holds on its first day, takes the place of one that would begin on that very
    day, and holds until the next coming one. The end of a kind takes every coming price of it away.
    """
    own = sorted((span for span in spans if span.kind == change.kind), key=lambda span: span.first_day)
    before = [_until(span, change.first_day - DAY) for span in own if span.first_day < change.first_day]
    if change.cents is None:
        return before
    later = [span for span in own if span.first_day > change.first_day]
    new = TariffSpan(change.kind, change.cents, change.first_day, _end(own, later, change), change.by_guests)
    return [*before, new, *later]


def without_effect(spans: Iterable[TariffSpan], change: PriceChange) -> bool:
    """Whether all stays as it is: the same price holds then already, or there is nothing to end."""
    own = sorted((span for span in spans if span.kind == change.kind), key=lambda span: span.first_day)
    if change.is_end:
        return changed(own, change) == own
    holding = [span for span in own if span.holds_on(change.first_day)]
    now = max(holding, key=lambda span: span.first_day, default=None)
    return now is not None and (now.cents, now.by_guests) == (change.cents, change.by_guests)


def _until(span: TariffSpan, last: date) -> TariffSpan:
    return span if span.last_day is not None and span.last_day <= last else replace(span, last_day=last)


def _end(own: list[TariffSpan], later: list[TariffSpan], change: PriceChange) -> date | None:
    """The day before the next coming price; an end that was set for the kind stays too."""
    ends = [span.first_day - DAY for span in later[:1]]
    holding = [span for span in own if span.holds_on(change.first_day)]
    if holding and (last := max(holding, key=lambda span: span.first_day).last_day) is not None:
        ends.append(last)
    return min(ends, default=None)
