"""The guest's private page: what she booked, how to get in, what it costs, and what she can do about it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from bookings import wording
from bookings.agenda import FILE_NAME, Method, agenda_file
from bookings.domain.dagdelen import once_more
from bookings.domain.policy import GRACE
from bookings.guest.booking_lines import (
    BookingLine,
    called_off,
    cancelled_by_house,
    lines_of,
    newest_act,
    reservation_of,
)
from bookings.guest.forms import AnswersForm
from bookings.guest.house import Problem
from bookings.guest.masks import masked_email, masked_phone
from bookings.guest.member import member_of
from bookings.guest.memory import references
from bookings.guest.series import can_book_again
from bookings.guest.way_in import way_in
from bookings.models import Booking, Reservation, Waiting
from bookings.wish import url_to_choose
from portal.base import clock
from portal.base.accounts.members import verified_address
from portal.base.words import weekdag
from villages.models import Dorpshuis
from villages.models.messages import messages_of


@require_safe
def booking(request: HttpRequest, reference: str) -> HttpResponse:
    """The private page behind 128 random bits; of a standing place, and of who waits, that is another one."""
    try:
        reservation = reservation_of(reference)
    except Http404:
        if not Waiting.objects.filter(reservation__reference=reference).exists():
            raise
        return redirect("waiting", reference)
    if hasattr(reservation, "standing"):
        return redirect("standing-place", reference)
    return answer(request, reservation)


@require_safe
def agenda(request: HttpRequest, reference: str) -> HttpResponse:
    """The dagdelen as a file for her agenda; what does not go on is struck out in it."""
    reservation = reservation_of(reference)
    lines = [line for line in lines_of(reservation) if line.booking.state != Booking.State.HELD]
    with translation.override(reservation.language):
        file = agenda_file(reservation.dorpshuis, lines)
    response = HttpResponse(file, content_type=f"{Method.PUBLISH.content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


def answer(
    request: HttpRequest,
    reservation: Reservation,
    problem: Problem | None = None,
    answers: AnswersForm | None = None,
) -> HttpResponse:
    """The page, or the page with what went wrong, its status, and the answers as she typed them."""
    context = _context(request, reservation) | {"problem": problem, "answers": answers or AnswersForm.of(reservation)}
    return render(request, "booking.html", context, status=problem.status if problem else 200)


def _context(request: HttpRequest, reservation: Reservation) -> dict[str, Any]:
    lines = lines_of(reservation)
    standing = [line for line in lines if not line.cancelled]
    coming = [line for line in standing if not line.is_over]
    ways = list(reservation.dorpshuis.access_ways.all())
    held = references(request)
    now = clock.now()
    is_hers = _is_hers(request, reservation)
    fresh = reservation.reference in held and now - reservation.created_at < GRACE
    return {
        "reservation": reservation,
        "dorpshuis": reservation.dorpshuis,
        "lines": lines,
        **_sums(lines),
        "just_booked": fresh and len(standing) == len(lines),
        "just_did": newest_act(lines, now - GRACE) if coming else "",
        "all_cancelled": not standing,
        "coming": coming,
        "all_over": bool(standing) and not coming,
        "called_off": called_off(lines),
        "cancelled_by_house": cancelled_by_house(lines),
        "choose_again_url": _choose_again(reservation.dorpshuis),
        "once_more_url": _once_more(reservation.dorpshuis, standing),
        "can_book_series": is_hers and bool(standing) and can_book_again(reservation.dorpshuis),
        "answered": reservation.answered,
        "greeting_day": weekdag(coming[0].booking.date) if coming else "",
        **_masked(reservation),
        "twice": _booked_twice(reservation, lines, held, is_hers=is_hers),
        "ways_in": ways,
        "way_in": way_in([line for line in coming if line.booking.state != Booking.State.HELD], ways),
        "pay_words": wording.pay_words(reservation.dorpshuis),
        "sends_reminders": messages_of(reservation.dorpshuis).reminders,
    }


def _sums(lines: list[BookingLine]) -> dict[str, int]:
    """What it costs, and what giving back all of it would; in cents."""
    mine = [line for line in lines if line.can_cancel]
    return {
        "total_cents": sum(line.booking.due_cents for line in lines),
        "cancel_all_cents": sum(line.cost_cents for line in mine),
        "can_cancel_count": len(mine),
    }


def _masked(reservation: Reservation) -> dict[str, str]:
    """How to reach her, as much as her own page shows of it."""
    return {
        "masked_email": masked_email(reservation.email),
        "masked_confirmed_to": masked_email(reservation.confirmed_to),
        "masked_phone": masked_phone(str(reservation.phone)),
    }


def _choose_again(dorpshuis: Dorpshuis) -> str:
    """To the house's week; to the list when the house has no page any more."""
    public = dorpshuis.status in Dorpshuis.Status.public
    return reverse("house", args=[dorpshuis.slug]) if public else reverse("houses")


def _once_more(dorpshuis: Dorpshuis, standing: list[BookingLine]) -> str:
    """To the house's page with the same dagdeel of the next week chosen; empty when nobody can book there."""
    if not standing or not can_book_again(dorpshuis):
        return ""
    return url_to_choose(dorpshuis.slug, once_more(standing[-1].booking.moment, clock.today()))


def _is_hers(request: HttpRequest, reservation: Reservation) -> bool:
    """Whether who looks is the member to whose proven address it was confirmed. No query for who is not logged in."""
    member, address = member_of(request), reservation.confirmed_to
    return member is not None and bool(address) and verified_address(member) == address


@dataclass(frozen=True)
class Earlier:
    """Another booking of the same dagdeel by the same member, or by this same browser."""

    url: str
    words: str
    house: Dorpshuis


def _booked_twice(
    reservation: Reservation, lines: list[BookingLine], held: list[str], *, is_hers: bool
) -> Earlier | None:
    """Rule 3: only the member, or the browser that made the first, is told that a dagdeel is booked twice.

    A member wherever it is, by her proven address; a browser in this house.
    """
    moments = {line.booking.moment for line in lines if line.booking.is_occupying}
    if not moments:
        return None
    rows = Booking.objects.occupying().at(moments).exclude(reservation=reservation.pk).with_house().in_order()
    other = rows.confirmed_to(reservation.confirmed_to).first() if is_hers else None
    others = [reference for reference in held if reference != reservation.reference]
    if other is None and reservation.reference in held and others:
        phone = reservation.phone.as_e164 if reservation.phone else ""
        same = rows.of_contact(reservation.email, phone).filter(reservation__reference__in=others)
        other = same.filter(dorpshuis=reservation.dorpshuis_id).first()
    if other is None:
        return None
    url = reverse("booking", args=[other.reservation.reference])
    return Earlier(url, wording.moment_words(other.moment), other.dorpshuis)
