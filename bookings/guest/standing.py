"""The holder's own page of a standing place: her dates, and a button to give one back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from bookings.actions.standing import release
from bookings.domain.dagdelen import parse_day
from bookings.guest.house import Problem
from bookings.models import StandingPlace
from bookings.refusals import NotReleasable
from bookings.standing_days import held
from portal.base.log import GUEST

NOT_RELEASED = gettext_noop("Er is niets vrijgegeven")
CHOOSE_HERE = gettext_noop("Kies op deze pagina welke dag je vrijgeeft.")
TOO_LATE = gettext_noop("Deze dag is al begonnen of voorbij, of hoort niet bij je vaste plek. Bel het dorpshuis.")


@require_safe
def standing_place(request: HttpRequest, reference: str) -> HttpResponse:
    """The private page behind 128 random bits."""
    return _page(request, _place_of(reference))


@require_http_methods(["GET", "HEAD", "POST"])
def release_date(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a date back (`datum`), and go on to the page, or with `naar=mijn` to her own. A GET changes nothing."""
    place = _place_of(reference)
    if request.method != "POST":
        return redirect("standing-place", reference)
    try:
        day = parse_day(request.POST.get("datum", ""))
    except ValueError:
        return _page(request, place, Problem(422, gettext(NOT_RELEASED), [gettext(CHOOSE_HERE)]))
    try:
        release(place, day, GUEST)
    except NotReleasable:
        return _page(request, place, Problem(409, gettext(NOT_RELEASED), [gettext(TOO_LATE)]))
    onward = reverse("mine") if request.POST.get("naar") == "mijn" else reverse("standing-place", args=[reference])
    return redirect(f"{onward}?vrij={day}")


def _place_of(reference: str) -> StandingPlace:
    """The standing place behind this reference; Http404 for one that nobody has (any more)."""
    rows = StandingPlace.objects.with_names().filter(reservation__reference=reference)
    return get_object_or_404(rows.select_related("dorpshuis__village__municipality"))


def _page(request: HttpRequest, place: StandingPlace, problem: Problem | None = None) -> HttpResponse:
    (one,) = held([place])
    context = {
        "place": place,
        "dorpshuis": place.dorpshuis,
        "held": one,
        "reference": place.reservation.reference,
        "given_back": one.given_back(request.GET.get("vrij", "")),
        "problem": problem,
    }
    return render(request, "standing.html", context, status=problem.status if problem else 200)
