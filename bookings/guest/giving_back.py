"""Give back a dagdeel, or all, from the private page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from bookings import refusals
from bookings.actions.cancel import cancel
from bookings.domain.dagdelen import Moment
from bookings.guest.booking import answer
from bookings.guest.booking_lines import reservation_of
from bookings.guest.house import Problem
from bookings.models import Booking, Reservation
from portal.base.log import GUEST
from portal.base.words import euro

NOT_CANCELLED = gettext_noop("Er is niets geannuleerd")
ALREADY = gettext_noop("Dit was al geannuleerd")
NOTHING_TO_DO = gettext_noop("Het staat niet meer op jouw naam. Je hoeft niets meer te doen.")
COSTS_NOW = gettext_noop("Annuleren kost nu %(sum)s. Wil je dat? Tik dan nog een keer op de knop.")
FREE_NOW = gettext_noop("Annuleren is nu gratis. Wil je dat? Tik dan nog een keer op de knop.")
NOT_YOURS = gettext_noop("Dit dagdeel is al gewijzigd, of het is al voorbij. Klopt dat niet? Bel het dorpshuis.")
CHOOSE_HERE = gettext_noop("Kies op deze pagina wat je wilt annuleren.")


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_booking(request: HttpRequest, reference: str) -> HttpResponse:
    """Give back one dagdeel (`dagdeel`) or all, at the cost that the button named (`kosten`, cents).

    A GET changes nothing: it shows the page with its buttons. A standing place has a page and rules of its own.
    """
    reservation = reservation_of(reference)
    if request.method != "POST" or hasattr(reservation, "standing"):
        return redirect("booking", reference)
    try:
        moments = [Moment.parse(request.POST["dagdeel"])] if "dagdeel" in request.POST else None
        promised = int(request.POST["kosten"]) if "kosten" in request.POST else None
    except ValueError:
        return answer(request, reservation, Problem(422, gettext(NOT_CANCELLED), [gettext(CHOOSE_HERE)]))
    try:
        cancel(reservation, GUEST, moments=moments, promised_cents=promised)
    except refusals.NothingToCancel:
        return answer(request, reservation, _nothing_left(reservation, moments))
    except refusals.CostChanged as refusal:
        line = gettext(COSTS_NOW if refusal.cost_cents else FREE_NOW) % {"sum": euro(refusal.cost_cents)}
        return answer(request, reservation, Problem(409, gettext(NOT_CANCELLED), [line]))
    return redirect("booking", reference)


def _nothing_left(reservation: Reservation, moments: list[Moment] | None) -> Problem:
    """Why there was nothing to give back. Who tapped twice is told that it is done, not that it failed."""
    rows = reservation.bookings.not_changed()
    asked = rows if moments is None else rows.at(moments)
    if asked.exists() and not asked.exclude(state__in=Booking.State.cancelled).exists():
        return Problem(409, gettext(ALREADY), [gettext(NOTHING_TO_DO)])
    return Problem(409, gettext(NOT_CANCELLED), [gettext(NOT_YOURS)])
