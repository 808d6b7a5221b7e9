"""What to say to who was booked by phone, a slip of paper for her, and giving a dagdeel back for her."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bookings import refusals, wording
from bookings.actions.cancel import cancel
from bookings.beheer.spoken import SpokenLine, spoken_lines, ways_in
from bookings.domain.dagdelen import Moment
from bookings.models import Booking, Reservation
from bookings.queries import supplies
from bookings.visit import Visit, enter
from portal.base.accounts.http import LoggedInRequest

State = Booking.State
NOTHING_TO_CANCEL = gettext_lazy("Dit dagdeel is al afgezegd, of het is al voorbij. Er is niets veranderd.")
CHOOSE_HERE = gettext_lazy("Kies op deze pagina wat je wilt afzeggen.")


@login_required
@require_safe
def phone_booked(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """What to say, in large letters; also where a caller's booking is found again."""
    visit = enter(request, slug, "boek")
    return _page(request, visit, _reservation(visit, number))


@login_required
@require_safe
def phone_slip(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """The same on a slip of paper: words and the code, and nothing that opens her private page."""
    visit = enter(request, slug, "boek")
    return visit.show(request, "beheer/slip.html", _context(visit, _reservation(visit, number)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def phone_cancel(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """Give back one dagdeel for who asks it on the phone, for nothing. A GET changes nothing."""
    visit = enter(request, slug, "boek")
    reservation = _reservation(visit, number)
    if request.method != "POST":
        return redirect("phone-booked", slug, number)
    try:
        moment = Moment.parse(request.POST.get("dagdeel", ""))
    except ValueError:
        return _page(request, visit, reservation, CHOOSE_HERE, 422)
    try:
        cancel(reservation, visit.actor, moments=[moment], on_phone=True)
    except refusals.NothingToCancel:
        return _page(request, visit, reservation, NOTHING_TO_CANCEL, 409)
    return redirect("phone-booked", slug, number)


def _reservation(visit: Visit, number: int) -> Reservation:
    """The reservation with this number in this house; Http404 for one of another."""
    rows = Reservation.objects.select_related("guest")
    return get_object_or_404(rows, pk=number, dorpshuis=visit.dorpshuis)


def _page(
    request: LoggedInRequest, visit: Visit, reservation: Reservation, problem: str | Promise = "", status: int = 200
) -> HttpResponse:
    return visit.show(request, "beheer/booked.html", _context(visit, reservation) | {"problem": problem}, status)


def _context(visit: Visit, reservation: Reservation) -> dict[str, Any]:
    lines = _lines(visit, reservation)
    standing = [line for line in lines if line.stands]
    gone = [line for line in lines if not line.stands]
    free_until = {line.free_until for line in standing}
    return {
        "reservation": reservation,
        "lines": lines,
        "standing": standing,
        "gone": gone,
        "total_cents": sum(line.booking.due_cents for line in standing),
        "late_cents": sum(line.booking.open_cents for line in gone if line.booking.state == State.LATE_CANCELLED),
        "is_settled": _is_settled(gone),
        "ways_in": ways_in(visit.dorpshuis.access_ways.all(), standing),
        "pay_words": wording.pay_words(visit.dorpshuis),
        "one_deadline": next(iter(free_until)) if len(free_until) == 1 else None,
        "first": standing[0] if standing else None,
        "guest_number": reservation.guest.merged_into_id or reservation.guest_id,
        "is_somebody": reservation.guest.emptied_at is None,
    }


def _is_settled(gone: list[SpokenLine]) -> bool:
    """Whether something was given back and nothing is left to pay: who came and has not paid yet is not told so."""
    is_cancelled = any(line.booking.state in State.cancelled for line in gone)
    return is_cancelled and not any(line.booking.open_cents for line in gone)


def _lines(visit: Visit, reservation: Reservation) -> list[SpokenLine]:
    rows = list(Booking.objects.filter(reservation=reservation).select_related("desk").in_order())
    if not rows:
        return []
    supply = supplies([visit.dorpshuis], min(row.date for row in rows), max(row.date for row in rows))
    return spoken_lines(reservation, rows, supply[visit.dorpshuis.pk])
