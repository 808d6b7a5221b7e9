"""The first screen of BOKD's coordinators: this month in every house. Totals only, never a guest's name."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.domain.availability import cells_on
from bookings.domain.dagdelen import Moment, local
from bookings.models import Booking
from bookings.queries import supplies
from portal.base import clock
from villages.access import coordinators_only
from villages.models import Dorpshuis, HouseRequest

# Design, figures: no percentage under 20 offered.
FEWEST_FOR_RATE = 20


@dataclass(frozen=True)
class HouseMonth:
    """Slots of a house in this month so far: offered and booked, whole numbers."""

    dorpshuis: Dorpshuis
    desks: int
    offered: int
    booked: int

    @property
    def rate(self) -> int | None:
        """Booked of offered in whole percent; None when too few were offered to say."""
        return round(100 * self.booked / self.offered) if self.offered >= FEWEST_FOR_RATE else None


@coordinators_only
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every house that takes bookings, in the month so far; and which houses were asked for."""
    now = clock.now()
    first = now.date().replace(day=1)
    requests = HouseRequest.objects.open().select_related("village__municipality")
    context = {"rows": month_rows(first, now.date()), "month": first, "requests": requests}
    return render(request, "bokd/overview.html", context)


def month_rows(first: date, last: date) -> list[HouseMonth]:
    """The slots that have begun, per house, between two days. Six queries however many houses."""
    now = clock.now()
    houses = list(Dorpshuis.objects.public().with_place())
    houses = [house for house in houses if house.takes_bookings]
    offers = supplies(houses, first, last)
    booked = _booked(first, last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    rows = []
    for house in houses:
        supply = offers[house.pk]
        cells = [
            c for c in cells_on(supply, days, {}, now).values() if c.begin and now >= local(c.moment.date, c.begin)
        ]
        offered = sum(cell.total for cell in cells)
        taken = sum(len(booked.get((house.pk, cell.moment), set()) & set(cell.open_ids)) for cell in cells)
        desks = sum(desk.exists_on(last) and not desk.is_table for desk in supply.desks)
        rows.append(HouseMonth(house, desks, offered, taken))
    return rows


def _booked(first: date, last: date) -> dict[tuple[int, Moment], set[int]]:
    """The booked desks per house and moment: taken, or cancelled too late and not taken again."""
    states = (*Booking.State.occupying, Booking.State.LATE_CANCELLED)
    found: dict[tuple[int, Moment], set[int]] = {}
    rows = Booking.objects.filter(state__in=states).exclude(state=Booking.State.HELD).between(first, last)
    for row in rows.only("dorpshuis_id", "desk_id", "date", "dagdeel"):
        found.setdefault((row.dorpshuis_id, row.moment), set()).add(row.desk_id)
    return found
