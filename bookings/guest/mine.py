"""What a member has booked, whichever the house: all that was confirmed to her own address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bookings import wording
from bookings.domain.availability import opening_on
from bookings.domain.dagdelen import once_more
from bookings.domain.policy import free_until
from bookings.guest.forms import DetailsForm
from bookings.guest.member import phone_words
from bookings.models import Booking
from bookings.queries import supplies
from bookings.wish import url_to_choose
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from portal.base.accounts.members import verified_address
from villages.models import Dorpshuis

PER_PAGE = 10


@dataclass(frozen=True)
class MyBooking:
    """One dagdeel in her list; times local. `free_until` only while giving it back is free."""

    booking: Booking
    begin: time | None
    end: time | None
    free_until: datetime | None
    again_url: str

    @property
    def house(self) -> Dorpshuis:
        return self.booking.dorpshuis

    @property
    def words(self) -> str:
        return wording.moment_words(self.booking.moment)

    @property
    def url(self) -> str:
        return reverse("booking", args=[self.booking.reservation.reference])

    @property
    def state_words(self) -> str:
        """Empty for what simply went as booked."""
        state = Booking.State(self.booking.state)
        return "" if state in (Booking.State.BOOKED, Booking.State.USED) else str(state.label).capitalize()


@require_safe
@login_required
def mine(request: LoggedInRequest) -> HttpResponse:
    """What is still to come, or with `?toon=geweest` what was; ten on a page."""
    address = verified_address(request.user)
    rows, today = Booking.objects.confirmed_to(address).not_changed(), clock.today()
    coming, past = rows.coming(today), rows.no_longer_coming(today)
    shows_past = request.GET.get("toon") == "geweest"
    page = Paginator(past.newest_first() if shows_past else coming.in_order(), PER_PAGE).get_page(
        request.GET.get("blad")
    )
    counts = {"coming": coming.count(), "past": past.count()}
    context = {"address": address, "shows_past": shows_past, "page": page, "counts": counts, "list": _listed(page)}
    return render(request, "mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def details(request: LoggedInRequest) -> HttpResponse:
    """Her name and number, which the booking form then holds already."""
    user = request.user
    if request.method != "POST":
        form = DetailsForm(initial={"naam": user.name, "telefoon": phone_words(user)})
        return _details_page(request, form, saved="bewaard" in request.GET)
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return _details_page(request, form, status=422)
    user.keep_details(form.cleaned_data["naam"], form.cleaned_data["telefoon"])
    return redirect(reverse("my-details") + "?bewaard=ja")


def _details_page(request: HttpRequest, form: DetailsForm, *, saved: bool = False, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "saved": saved}
    return render(request, "mine/details.html", context, status=status)


def _listed(rows: Iterable[Booking]) -> list[MyBooking]:
    """These bookings with their clock times; four queries for any number of houses."""
    bookings = list(rows)
    if not bookings:
        return []
    houses = {row.dorpshuis_id: row.dorpshuis for row in bookings}
    days = [row.date for row in bookings]
    offers, now = supplies(list(houses.values()), min(days), max(days)), clock.now()
    found = []
    for row in bookings:
        opening = opening_on(offers[row.dorpshuis_id], row.moment)
        until = free_until(row.reservation, row.date, row.created_at)
        found.append(
            MyBooking(
                booking=row,
                begin=opening.begin if opening else None,
                end=opening.end if opening else None,
                free_until=clock.local(until) if row.state == Booking.State.BOOKED and now < until else None,
                again_url=_again(row, now.date()),
            )
        )
    return found


def _again(row: Booking, today: date) -> str:
    """To the house's page with the same dagdeel chosen; empty when nobody can book there."""
    house = row.dorpshuis
    if not house.takes_bookings or house.status not in Dorpshuis.Status.public:
        return ""
    return url_to_choose(house.slug, once_more(row.moment, today))
