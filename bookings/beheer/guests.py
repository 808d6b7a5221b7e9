"""The guests of the house: who was here last, found by name, address or number; and the page of one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from bookings.beheer.callers import LONGEST, known_guests, seek
from bookings.models import Booking, Guest
from bookings.models.guest import GuestQuerySet
from bookings.person import as_shown, coming_of, coming_of_contact
from bookings.visit import Visit, enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest

PER_PAGE = 25
MOST_ALIKE = 5
State, Paid = Booking.State, Booking.Paid

# What was done on the page before; the word stands in the address.
DONE = {
    "afgezegd": gettext_lazy(
        "Het dagdeel is afgezegd. Je gast krijgt een mail. Zonder e-mailadres staat je gast op de bellijst."
    ),
    "alles-afgezegd": gettext_lazy(
        "Alles is afgezegd. Wie een e-mailadres heeft, krijgt een mail. De anderen staan op de bellijst."
    ),
    "gewijzigd": gettext_lazy("De gegevens zijn gewijzigd."),
    "samengevoegd": gettext_lazy("De twee gasten zijn nu een gast."),
    "mail": gettext_lazy("De bevestiging gaat nog een keer weg."),
    "verwijderd": gettext_lazy("De gegevens van deze gast zijn verwijderd."),
}


@login_required
@require_safe
def guests(request: LoggedInRequest, slug: str) -> HttpResponse:
    """Who was here last, 25 a page; `?zoek=` finds by name, a part of the address, or the number."""
    visit = enter(request, slug, "gasten")
    searched = request.GET.get("zoek", "").strip()[:LONGEST]
    found = seek(visit.dorpshuis, searched, by_address=True) if searched else known_guests(visit.dorpshuis)
    page = Paginator(_newest_first(found if found is not None else Guest.objects.none()), PER_PAGE)
    context = {
        "page": page.get_page(request.GET.get("pagina")),
        "searched": searched,
        "too_little": found is None,
        "done": DONE.get(request.GET.get("klaar", ""), ""),
    }
    return visit.show(request, "beheer/guests/list.html", context)


@login_required
@require_safe
def guest(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """All about one guest. Who was taken together with another is found there; who was deleted, nowhere."""
    visit = enter(request, slug, "gasten")
    row = get_object_or_404(Guest, pk=number, dorpshuis=visit.dorpshuis)
    if row.merged_into_id:
        return redirect("guest", slug, row.merged_into_id)
    return show_guest(request, visit, known_guest(visit, number))


def known_guest(visit: Visit, number: int) -> Guest:
    """The guest of this house with this number; Http404 for one of another, or who is nobody any more."""
    return get_object_or_404(known_guests(visit.dorpshuis), pk=number)


def show_guest(
    request: LoggedInRequest, visit: Visit, row: Guest, problem: str | Promise = "", status: int = 200
) -> HttpResponse:
    """Her page, or her page with what went wrong."""
    coming = coming_of(visit.dorpshuis, row)
    past = Booking.objects.of_guest(row).not_changed().exclude(pk__in=[booking.pk for booking in coming])
    context = {
        "guest": row,
        "coming": coming,
        "counts": _counts(past),
        "page": _past_page(past, request.GET.get("pagina", "")),
        "of_contact": len(coming_of_contact(visit.dorpshuis, row)),
        "alike": list(Guest.objects.like(row)[:MOST_ALIKE]),
        "problem": problem,
        "done": DONE.get(request.GET.get("klaar", ""), "") if not problem else "",
    }
    return visit.show(request, "beheer/guests/guest.html", context, status)


def _newest_first(found: GuestQuerySet) -> GuestQuerySet:
    """By the last day on which they were expected; who never was yet, by the day of the first booking."""
    was_here = Q(reservations__bookings__state__in=State.occupying, reservations__bookings__date__lte=clock.today())
    comes = Q(reservations__bookings__state=State.BOOKED, reservations__bookings__date__gt=clock.today())
    rows = found.annotate(
        last_day=Max("reservations__bookings__date", filter=was_here),
        coming=Count("reservations__bookings", filter=comes),
    )
    since = TruncDate("created_at", tzinfo=clock.AMSTERDAM)
    return rows.order_by(Coalesce("last_day", since).desc(), "-pk")


def _counts(past: Any) -> dict[str, Any]:
    """How often she came, did not, or cancelled late, and what is not paid yet in cents. One query."""
    owed = Q(state__in=State.due, paid_how="")
    counts: dict[str, Any] = past.aggregate(
        used=Count("pk", filter=Q(state=State.USED)),
        unticked=Count("pk", filter=Q(state=State.BOOKED)),
        no_show=Count("pk", filter=Q(state=State.NO_SHOW)),
        late=Count("pk", filter=Q(state__in=(State.LATE_CANCELLED, State.RETAKEN))),
        owed_cents=Coalesce(Sum("price_cents", filter=owed), 0),
        paid_cents=Coalesce(Sum("price_cents", filter=~Q(paid_how__in=("", Paid.WAIVED))), 0),
        on_account=Count("pk", filter=Q(paid_how=Paid.ACCOUNT)),
        rows=Count("pk"),
    )
    return counts


def _past_page(past: Any, asked: str) -> Page[Booking]:
    return Paginator(past.select_related("desk").in_order().reverse(), PER_PAGE).get_page(asked)


def about(visit: Visit, row: Guest) -> dict[str, Any]:
    """What the pages that end or change something show of her, with the fingerprints that their buttons carry."""
    coming = coming_of(visit.dorpshuis, row)
    past = Booking.objects.of_guest(row).not_changed().exclude(pk__in=[booking.pk for booking in coming])
    counts = _counts(past)
    return {
        "guest": row,
        "coming": coming,
        "shown": as_shown(coming),
        "counts": counts,
        "kept": counts["rows"] + len(coming),
        "alike": list(Guest.objects.like(row)[:MOST_ALIKE]),
    }
