"""The dagdelen of a reservation as its private page shows them."""

from dataclasses import dataclass
from datetime import datetime, time

from django.shortcuts import get_object_or_404

from bookings import wording
from bookings.domain.availability import ends_at, opening_on
from bookings.domain.policy import cancel_cost, free_until
from bookings.models import Booking, Reservation, Waiting
from bookings.queries import supplies
from portal.base import clock
from portal.base.words import in_zin


@dataclass(frozen=True)
class BookingLine:
    """One dagdeel of the reservation as the page shows it; money in cents, times local."""

    booking: Booking
    begin: time | None
    end: time | None
    ends_at: datetime
    is_over: bool
    can_cancel: bool
    cost_cents: int
    free_until: datetime | None

    @property
    def state_words(self) -> str:
        return self.booking.state_words

    @property
    def cents(self) -> int:
        return self.booking.price_cents

    @property
    def cancelled(self) -> bool:
        return self.booking.state in Booking.State.cancelled

    @property
    def by_house(self) -> bool:
        return self.booking.state == Booking.State.HOUSE_CANCELLED

    @property
    def when(self) -> str:
        """ "woensdagochtend 25 november", "morgenochtend" """
        return in_zin(wording.when_words(self.booking.moment))

    @property
    def last_act(self) -> tuple[datetime, str] | None:
        """When she cancelled it, or changed another one into it, and which; None when she did neither."""
        row, old = self.booking, self.booking.changed_from
        if self.cancelled:
            return (row.cancelled_at, "cancelled") if row.cancelled_at and not self.by_house else None
        return (old.cancelled_at, "changed") if old and old.cancelled_at else None

    @property
    def value(self) -> str:
        return str(self.booking.moment)


@dataclass(frozen=True)
class CalledOff:
    """A dagdeel that the house called off: which, why (may be empty), and what the house says about it."""

    words: str
    reason: str
    text: str


def reservation_of(reference: str) -> Reservation:
    """The reservation behind this reference, with its house; Http404 for one that nobody has (any more).

    Who is on a waiting list, or was, has booked nothing: her page is another one.
    """
    rows = Reservation.objects.exclude(pk__in=Waiting.objects.without_booking().values("reservation"))
    house = ("dorpshuis__village__municipality", "dorpshuis__current_rules", "dorpshuis__messages")
    rows = rows.select_related(*house, "house_rules", "standing", "guest")
    return get_object_or_404(rows, reference=reference)


def lines_of(reservation: Reservation) -> list[BookingLine]:
    """Its dagdelen in order, without those that were changed into another. Five queries."""
    bookings = list(reservation.bookings.not_changed().select_related("desk", "closure", "changed_from").in_order())
    if not bookings:
        return []
    days = [row.date for row in bookings]
    house, now = reservation.dorpshuis, clock.now()
    supply = supplies([house], min(days), max(days))[house.pk]
    lines = []
    for row in bookings:
        opening = opening_on(supply, row.moment)
        ends = ends_at(supply, row.moment)
        can_cancel = row.state == Booking.State.BOOKED and now < ends
        cost = cancel_cost(reservation, row.date, row.created_at, row.price_cents, now)
        until = free_until(reservation, row.date, row.created_at)
        lines.append(
            BookingLine(
                booking=row,
                begin=opening.begin if opening else None,
                end=opening.end if opening else None,
                ends_at=ends,
                is_over=now >= ends,
                can_cancel=can_cancel,
                cost_cents=cost.cents if can_cancel else 0,
                free_until=clock.local(until) if can_cancel and not cost.late else None,
            )
        )
    return lines


def newest_act(lines: list[BookingLine], since: datetime) -> str:
    """What she did last after that instant: "changed" or "cancelled"; empty when she did neither."""
    acts = [act for line in lines if (act := line.last_act) and act[0] > since]
    return max(acts)[1] if acts else ""


def called_off(lines: list[BookingLine]) -> list[CalledOff]:
    """What the house called off of these by closing, in words."""
    rows = [(line.booking.moment, line.booking.closure) for line in lines if line.by_house]
    return [CalledOff(wording.moment_words(moment), off.reason, off.guest_text) for moment, off in rows if off]


def cancelled_by_house(lines: list[BookingLine]) -> list[str]:
    """What the house cancelled of these without closing, in words: it may be that she asked for it by phone."""
    return [wording.moment_words(line.booking.moment) for line in lines if line.by_house and not line.booking.closure]
