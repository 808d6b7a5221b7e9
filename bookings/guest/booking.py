"""The guest's private page: what she booked, what it costs, and giving it back."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bookings import refusals, wording
from bookings.actions.cancel import cancel
from bookings.domain.availability import ends_at, opening_on
from bookings.domain.dagdelen import Moment
from bookings.domain.policy import GRACE, cancel_cost, free_until
from bookings.guest.house import Problem
from bookings.guest.masks import masked_email, masked_phone
from bookings.guest.memory import references
from bookings.models import Booking, Reservation
from bookings.queries import supplies
from portal.base import clock
from portal.base.log import GUEST
from portal.base.words import datum, euro
from villages.models import Dorpshuis


@dataclass(frozen=True)
class BookingLine:
    """One dagdeel of the reservation as the page shows it; money in cents, times local."""

    booking: Booking
    begin: time | None
    end: time | None
    can_cancel: bool
    cost_cents: int
    free_until: datetime | None

    @property
    def state_words(self) -> str:
        return str(Booking.State(self.booking.state).label)

    @property
    def cents(self) -> int:
        return self.booking.price_cents

    @property
    def cancelled(self) -> bool:
        return self.booking.state in Booking.State.cancelled

    @property
    def called_off(self) -> bool:
        return self.booking.state == Booking.State.HOUSE_CANCELLED

    @property
    def value(self) -> str:
        return str(self.booking.moment)


@dataclass(frozen=True)
class CalledOff:
    """A dagdeel that the house called off: which, why (may be empty), and what the house says about it."""

    words: str
    reason: str
    text: str


@require_safe
def booking(request: HttpRequest, reference: str) -> HttpResponse:
    """The private page behind 128 random bits."""
    return _answer(request, _reservation(reference))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_booking(request: HttpRequest, reference: str) -> HttpResponse:
    """Give back one dagdeel (`dagdeel`) or all, at the cost that the button named (`kosten`, cents).

    A GET changes nothing: it shows the page with its buttons.
    """
    reservation = _reservation(reference)
    if request.method != "POST":
        return redirect("booking", reference)
    try:
        moments = [Moment.parse(request.POST["dagdeel"])] if "dagdeel" in request.POST else None
        promised = int(request.POST["kosten"]) if "kosten" in request.POST else None
    except ValueError:
        return _answer(request, reservation, Problem(422, NOT_CANCELLED, [CHOOSE_HERE]))
    try:
        cancel(reservation, GUEST, moments=moments, promised_cents=promised)
    except refusals.NothingToCancel:
        line = "Dit dagdeel is al geannuleerd, of het is al voorbij. Klopt dat niet? Bel het dorpshuis."
        return _answer(request, reservation, Problem(409, NOT_CANCELLED, [line]))
    except refusals.CostChanged as refusal:
        line = f"Annuleren kost nu {euro(refusal.cost_cents)}. Wil je dat? Tik dan nog een keer op de knop."
        return _answer(request, reservation, Problem(409, NOT_CANCELLED, [line]))
    return redirect("booking", reference)


NOT_CANCELLED = "Er is niets geannuleerd"
CHOOSE_HERE = "Kies op deze pagina wat je wilt annuleren."


def _reservation(reference: str) -> Reservation:
    rows = Reservation.objects.select_related(
        "dorpshuis__village__municipality", "dorpshuis__current_rules", "house_rules"
    )
    return get_object_or_404(rows, reference=reference)


def _answer(request: HttpRequest, reservation: Reservation, problem: Problem | None = None) -> HttpResponse:
    context = _context(request, reservation) | {"problem": problem}
    return render(request, "booking.html", context, status=problem.status if problem else 200)


def _context(request: HttpRequest, reservation: Reservation) -> dict[str, Any]:
    now = clock.now()
    lines = _lines(reservation, now)
    standing = [line for line in lines if not line.cancelled]
    first_day = min((line.booking.date for line in standing), default=None)
    held = references(request)
    fresh = reservation.reference in held and now - reservation.created_at < GRACE
    return {
        "reservation": reservation,
        "dorpshuis": reservation.dorpshuis,
        "lines": lines,
        "total_cents": sum(line.booking.due_cents for line in lines),
        "cancel_all_cents": sum(line.cost_cents for line in lines if line.can_cancel),
        "can_cancel_count": sum(line.can_cancel for line in lines),
        "just_booked": fresh and len(standing) == len(lines),
        "all_cancelled": not standing,
        "called_off": [_called_off(line.booking) for line in lines if line.called_off],
        "choose_again_url": _choose_again(reservation.dorpshuis),
        "greeting_day": datum(first_day).split(" ", 1)[0] if first_day else "",
        "masked_email": masked_email(reservation.email),
        "masked_phone": masked_phone(str(reservation.phone)),
        "twice": _booked_twice(reservation, lines, held),
        "ways_in": reservation.dorpshuis.access_ways.all(),
        "pay_words": wording.pay_words(reservation.dorpshuis),
    }


def _called_off(row: Booking) -> CalledOff:
    closure = row.closure
    words = wording.moment_words(row.moment)
    return CalledOff(words, closure.reason if closure else "", closure.guest_text if closure else "")


def _choose_again(dorpshuis: Dorpshuis) -> str:
    """To the house's week; to the list when the house has no page any more."""
    public = dorpshuis.status in Dorpshuis.Status.public
    return reverse("house", args=[dorpshuis.slug]) if public else reverse("houses")


def _lines(reservation: Reservation, now: datetime) -> list[BookingLine]:
    rows = Booking.objects.filter(reservation=reservation, changed_to=None)
    bookings = list(rows.select_related("desk", "closure", "changed_from").in_order())
    days = [row.date for row in bookings]
    house = reservation.dorpshuis
    supply = supplies([house], min(days), max(days))[house.pk]
    lines = []
    for row in bookings:
        opening = opening_on(supply, row.moment)
        can_cancel = row.state == Booking.State.BOOKED and now < ends_at(supply, row.moment)
        cost = cancel_cost(reservation, row.date, row.created_at, row.price_cents, now)
        until = free_until(reservation, row.date, row.created_at)
        lines.append(
            BookingLine(
                booking=row,
                begin=opening.begin if opening else None,
                end=opening.end if opening else None,
                can_cancel=can_cancel,
                cost_cents=cost.cents if can_cancel else 0,
                free_until=clock.local(until) if can_cancel and not cost.late else None,
            )
        )
    return lines


@dataclass(frozen=True)
class Earlier:
    """An earlier booking of the same dagdeel by this same browser."""

    url: str


def _booked_twice(reservation: Reservation, lines: list[BookingLine], held: list[str]) -> Earlier | None:
    """Rule 3: only the browser that made the first is told that a dagdeel is booked twice."""
    others = [reference for reference in held if reference != reservation.reference]
    moments = {line.booking.moment for line in lines if line.booking.is_occupying}
    if reservation.reference not in held or not others or not moments:
        return None
    phone = reservation.phone.as_e164 if reservation.phone else ""
    rows = Booking.objects.occupying().at(moments).of_contact(reservation.email, phone)
    other = rows.filter(reservation__reference__in=others, dorpshuis=reservation.dorpshuis_id).first()
    return Earlier(reverse("booking", args=[other.reservation.reference])) if other else None
