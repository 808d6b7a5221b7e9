"""Who comes today: the first screen of a house's volunteers."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings import wording
from bookings.beheer.visit import enter
from bookings.domain.availability import Cell, cells_on
from bookings.domain.dagdelen import parse_day
from bookings.models import Booking
from bookings.queries import policy_of, supplies, taken
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from villages.access import houses_of
from villages.models import Dorpshuis


@dataclass(frozen=True)
class GuestRow:
    name: str
    desk: str
    cents: int
    phone: str
    code: str


@dataclass(frozen=True)
class Part:
    """A dagdeel of the day with who comes."""

    cell: Cell
    closed_words: str
    guests: list[GuestRow] = field(default_factory=list)

    @property
    def dagdeel(self) -> str:
        return self.cell.moment.dagdeel.value

    @property
    def begin(self) -> object:
        return self.cell.begin

    @property
    def end(self) -> object:
        return self.cell.end

    @property
    def free(self) -> int:
        return self.cell.free

    @property
    def total(self) -> int:
        return self.cell.total


@login_required
@require_safe
def beheer(request: LoggedInRequest) -> HttpResponse:
    """To the house that this person runs."""
    houses = houses_of(request.user)
    if not houses:
        raise Http404
    return redirect("today", houses[0].slug)


@login_required
@require_safe
def today(request: LoggedInRequest, slug: str, day: str = "") -> HttpResponse:
    """The day list of a house."""
    visit = enter(request, slug, "dag")
    dorpshuis = visit.dorpshuis
    try:
        shown = parse_day(day) if day else clock.today()
    except ValueError:
        raise Http404 from None
    around = [shown - timedelta(days=1), shown + timedelta(days=1)]
    supply = supplies([dorpshuis], shown, shown)[dorpshuis.pk]
    occupied = taken([dorpshuis.pk], shown, shown, clock.now())[dorpshuis.pk]
    guests = _guests(dorpshuis.pk, shown)
    cells = cells_on(supply, [shown], occupied, clock.now(), known_guest=True).values()
    parts = [Part(cell, _closed_words(cell, dorpshuis), guests.get(cell.moment.dagdeel, [])) for cell in cells]
    urls = [reverse("day", args=[slug, near.isoformat()]) for near in around]
    context = {"day": shown, "parts": parts, "previous_url": urls[0], "next_url": urls[1]}
    return visit.show(request, "beheer/today.html", context)


def _closed_words(cell: Cell, dorpshuis: Dorpshuis) -> str:
    return "" if cell.offered else wording.reason(cell, policy_of(dorpshuis))


def _guests(dorpshuis_id: int, day: date) -> dict[str, list[GuestRow]]:
    rows = Booking.objects.filter(dorpshuis=dorpshuis_id).occupying().between(day, day)
    found: dict[str, list[GuestRow]] = {}
    for row in rows.select_related("reservation", "desk").in_order():
        phone = row.reservation.phone
        number, code = phone.as_national if phone else "", row.reservation.spoken_code
        guest = GuestRow(row.reservation.name, row.desk.name, row.price_cents, number, code)
        found.setdefault(row.dagdeel, []).append(guest)
    return found
