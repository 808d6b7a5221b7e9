"""What a dagdeel costs from a day on. A booking keeps its own price, so no booking is hit."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from bookings.actions.lock import lock
from bookings.domain.prices import USUAL, TariffSpan, tariff_on, usual_kind
from bookings.domain.pricing import FURTHEST, PriceChange, changed, without_effect
from bookings.fingerprint import sealed
from bookings.models import Booking
from bookings.refusals import InThePast, NoPriceLeft, NotAsShown, NothingChanges, TooFarAhead
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import Dorpshuis, Tariff

Chooser = Tariff.Chooser


@dataclass(frozen=True)
class PricePlan:
    """What a change of prices does; `keeping`: dagdelen booked from that day on at this kind of price.

    `before`: what holds on the day without it; `replaced`: coming prices that fall away; `next`: the one that
    follows. `usual`: the kind that a guest has from then on without choosing; None: then she must phone.
    """

    change: PriceChange
    before: TariffSpan | None
    replaced: tuple[TariffSpan, ...]
    next: TariffSpan | None
    last_day: date | None
    usual: str | None
    usual_before: str | None
    keeping: int
    fingerprint: str

    @property
    def leaves_no_price(self) -> bool:
        """Whether guests can no longer book by themselves, who could before."""
        return self.usual is None and self.usual_before is not None

    @property
    def other_usual(self) -> str:
        """The kind that takes the place of the usual price; empty when nothing does."""
        return self.usual if self.usual and self.usual_before == USUAL != self.usual else ""


def plan_price(house: Dorpshuis, change: PriceChange) -> PricePlan:
    """What this change would do; nothing is written. Raises InThePast, TooFarAhead, NothingChanges."""
    if change.first_day < clock.today():
        raise InThePast
    if change.first_day > clock.today() + FURTHEST:
        raise TooFarAhead
    spans = spans_of(house)
    if without_effect(spans, change):
        raise NothingChanges
    own = changed(spans, change)
    then = [*(span for span in spans if span.kind != change.kind), *own]
    new = next((span for span in own if not change.is_end and span.first_day == change.first_day), None)
    kept = {span.first_day for span in own} - {change.first_day}
    return PricePlan(
        change,
        before=tariff_on(spans, change.kind, change.first_day),
        replaced=tuple(s for s in spans if s.kind == change.kind and s.first_day not in kept),
        next=next((span for span in own if span.first_day > change.first_day), None),
        last_day=new.last_day if new else None,
        usual=usual_kind(then, change.first_day),
        usual_before=usual_kind(spans, change.first_day),
        keeping=_keeping(house, change),
        fingerprint=sealed("prices", str(change), str(sorted(map(str, spans)))),
    )


def set_price(dorpshuis_id: int, change: PriceChange, by: Actor, seen: str, *, by_phone: bool = False) -> PricePlan:
    """Begin or end a price. `seen`: the fingerprint of the plan that was shown.

    `by_phone`: said that without any price guests must phone. Raises InThePast, TooFarAhead, NothingChanges;
    NoPriceLeft without that; NotAsShown when prices were changed since. A second tap finds NothingChanges.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        plan = plan_price(house, change)
        if plan.fingerprint != seen:
            raise NotAsShown
        if plan.leaves_no_price and not by_phone:
            raise NoPriceLeft
        _write(house, change)
        verb = "end_price" if change.is_end else "set_price"
        record(by, verb, f"dorpshuis:{house.pk}", dorpshuis_id=house.pk)
    return plan


def spans_of(house: Dorpshuis) -> list[TariffSpan]:
    """All prices that the house ever had, has and will have. One query."""
    rows = Tariff.objects.filter(dorpshuis=house).order_by("pk")
    return [
        TariffSpan(row.kind, row.cents, row.valid_from, row.valid_until, row.chooser in Chooser.by_guests)
        for row in rows
    ]


def _keeping(house: Dorpshuis, change: PriceChange) -> int:
    rows = Booking.objects.filter(dorpshuis=house, tariff=change.kind)
    return rows.still_booked_from(change.first_day).count()


def _write(house: Dorpshuis, change: PriceChange) -> None:
    """End rows, take away what never held, and begin the new one: the rows of before keep what they offered."""
    then = {span.first_day: span for span in changed(spans_of(house), change)}
    for row in Tariff.objects.filter(dorpshuis=house, kind=change.kind):
        span = then.get(row.valid_from)
        if span is None or row.valid_from == change.first_day:
            row.delete()
        elif span.last_day != row.valid_until:
            Tariff.objects.filter(pk=row.pk).update(valid_until=span.last_day)
    if change.cents is not None:
        _begin(house, then[change.first_day])


def _begin(house: Dorpshuis, span: TariffSpan) -> None:
    Tariff.objects.create(
        dorpshuis=house,
        kind=span.kind,
        cents=span.cents,
        chooser=Chooser.GUEST if span.by_guests else Chooser.HOUSE,
        valid_from=span.first_day,
        valid_until=span.last_day,
    )
