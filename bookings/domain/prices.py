"""What a dagdeel costs: here and nowhere else a price is decided. Whole cents, VAT included."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bookings.domain.dagdelen import Moment

USUAL = "standaard"


@dataclass(frozen=True, slots=True)
class TariffSpan:
    """A tariff of one kind from a day until a day (both inclusive)."""

    kind: str
    cents: int
    first_day: date
    last_day: date | None
    by_guests: bool = True

    def holds_on(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


def tariff_on(tariffs: Iterable[TariffSpan], kind: str, day: date) -> TariffSpan | None:
    """The tariff of this kind on this day: of several, the one that began last. None: there is none."""
    holding = [span for span in tariffs if span.kind == kind and span.holds_on(day)]
    return max(holding, key=lambda span: span.first_day, default=None)


def price_on(tariffs: Iterable[TariffSpan], kind: str, day: date, *, by_guest: bool = True) -> int | None:
    """The price in cents of one dagdeel on this day; None when this person may not choose it then."""
    span = tariff_on(tariffs, kind, day)
    if span is None or (by_guest and not span.by_guests):
        return None
    return span.cents


def usual_kind(tariffs: Iterable[TariffSpan], *days: date) -> str | None:
    """The tariff that a guest has without choosing: standaard, else the first that guests may choose.

    On all these days together; None when there is none for all of them.
    """
    kinds = choosable_kinds(tuple(tariffs), days)
    return USUAL if USUAL in kinds else next(iter(kinds), None)


def usual_price(tariffs: Iterable[TariffSpan], day: date) -> int | None:
    """The price in cents that is shown for this day before anything is chosen; None: no tariff."""
    tariffs = tuple(tariffs)
    kind = usual_kind(tariffs, day)
    return None if kind is None else price_on(tariffs, kind, day)


def free_one(prices: Mapping[Moment, int]) -> Moment | None:
    """The dagdeel that a trial code makes free: the dearest, of equals the first. None: nothing costs anything."""
    dearest = max(prices.values(), default=0)
    return min((moment for moment, cents in prices.items() if cents == dearest), default=None) if dearest else None


def kept_kind(tariffs: Iterable[TariffSpan], kind: str, day: date, *, by_guest: bool = True) -> str | None:
    """The tariff of a booking that moves to this day: its own if it may be chosen then, else the usual one."""
    tariffs = tuple(tariffs)
    return usual_kind(tariffs, day) if price_on(tariffs, kind, day, by_guest=by_guest) is None else kind


def choosable_kinds(tariffs: tuple[TariffSpan, ...], days: Iterable[date], *, by_guest: bool = True) -> list[str]:
    """The kinds that can be chosen on all these days, in the order in which the house has them."""
    days = list(days)
    kinds = dict.fromkeys(span.kind for span in tariffs)
    return [k for k in kinds if all(price_on(tariffs, k, day, by_guest=by_guest) is not None for day in days)]
