"""What a member has booked, whichever the house: all that was confirmed to her own address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings import wording
from bookings.domain.availability import Supply, opening_on
from bookings.domain.dagdelen import once_more
from bookings.domain.policy import free_until
from bookings.guest.my_waits import waits_of
from bookings.guest.series import can_book_again
from bookings.models import Booking
from bookings.models.booking import BookingQuerySet
from bookings.queries import supplies
from bookings.standing_days import held_with
from bookings.wish import url_to_choose_all
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from portal.base.accounts.members import verified_address
from portal.base.words import dagdeel
from villages.models import Dorpshuis

PER_PAGE = 10


@dataclass(frozen=True)
class MyDay:
    """The dagdelen of one reservation on one day, all in one state; times local, one pair for each.

    `free_until` only while giving back all of it is free.
    """

    bookings: list[Booking]
    times: list[tuple[time, time]]
    free_until: datetime | None
    again_url: str
    series_url: str

    @property
    def house(self) -> Dorpshuis:
        return self.bookings[0].dorpshuis

    @property
    def words(self) -> str:
        """ "woensdag 25 november, ochtend + middag" """
        parts = " + ".join(dagdeel(row.dagdeel) for row in self.bookings)
        return f"{wording.day_words(self.bookings[0].date)}, {parts}"

    @property
    def url(self) -> str:
        return reverse("booking", args=[self.bookings[0].reservation.reference])

    @property
    def due_cents(self) -> int:
        return sum(row.due_cents for row in self.bookings)

    @property
    def state_words(self) -> str:
        """Empty for what simply went as booked."""
        told = [row.state_words for row in self.bookings if row.state not in Booking.State.expected]
        return ", ".join(dict.fromkeys(told)).capitalize()


@require_safe
@login_required
def mine(request: LoggedInRequest) -> HttpResponse:
    """What is still to come, or with `?toon=geweest` what was; ten on a page."""
    address = verified_address(request.user)
    rows, today = Booking.objects.confirmed_to(address).not_changed(), clock.today()
    coming, past = rows.filter(standing=None).coming(today), rows.no_longer_coming(today)
    shows_past = request.GET.get("toon") == "geweest"
    page = Paginator(past.newest_first() if shows_past else coming.in_order(), PER_PAGE).get_page(
        request.GET.get("blad")
    )
    counts = {"coming": _days(coming), "past": _days(past)}
    standing = [] if shows_past else held_with(address, given_back=request.GET.get("vrij", ""))
    context = {
        "standing": standing,
        "waits": [] if shows_past else waits_of(address),
        "off_list": request.GET.get("wachtlijst") == "weg",
        "address": address,
        "shows_past": shows_past,
        "page": page,
        "counts": counts,
        "list": _listed(page),
    }
    return render(request, "mine.html", context)


def _days(rows: BookingQuerySet) -> int:
    """How many lines these are."""
    return rows.order_by().values("reservation", "date", "state").distinct().count()


def _listed(rows: Iterable[Booking]) -> list[MyDay]:
    """These bookings with their clock times, one line a day; four queries for any number of houses."""
    bookings = list(rows)
    if not bookings:
        return []
    houses = {row.dorpshuis_id: row.dorpshuis for row in bookings}
    days = [row.date for row in bookings]
    offers, now = supplies(list(houses.values()), min(days), max(days)), clock.now()
    grouped: dict[tuple[int, date, str], list[Booking]] = {}
    for row in bookings:
        grouped.setdefault((row.reservation_id, row.date, row.state), []).append(row)
    return [_day(sorted(group, key=lambda row: row.moment), offers, now) for group in grouped.values()]


def _day(group: list[Booking], offers: dict[int, Supply], now: datetime) -> MyDay:
    openings = [opening_on(offers[row.dorpshuis_id], row.moment) for row in group]
    until = min(free_until(row.reservation, row.date, row.created_at) for row in group)
    is_free = group[0].state == Booking.State.BOOKED and now < until
    house, moments = group[0].dorpshuis, [once_more(row.moment, clock.local(now).date()) for row in group]
    repeats = group[0].state not in Booking.State.cancelled and group[0].standing_id is None
    again = can_book_again(house)
    return MyDay(
        bookings=group,
        times=[(opening.begin, opening.end) for opening in openings if opening],
        free_until=clock.local(until) if is_free else None,
        again_url=url_to_choose_all(house.slug, moments) if again else "",
        series_url=reverse("series", args=[group[0].reservation.reference]) if again and repeats else "",
    )
