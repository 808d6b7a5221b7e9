"""Giving back for a guest: one dagdeel, or all of a contact; and mailing a confirmation once more."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bookings import refusals
from bookings.actions.cancel import cancel
from bookings.actions.guests import cancel_contact, confirm_again
from bookings.beheer.guests import known_guest, show_guest
from bookings.domain.dagdelen import Moment
from bookings.models import Guest, Reservation
from bookings.person import as_shown, coming_of_contact
from bookings.visit import Visit, enter
from portal.base.accounts.http import LoggedInRequest

MOST_DIGITS = 18
CHOOSE_HERE = gettext_lazy("Kies op deze pagina wat je wilt afzeggen. Er is niets veranderd.")
NOTHING_TO_CANCEL = gettext_lazy("Dit dagdeel is al afgezegd, of het is al voorbij. Er is niets veranderd.")
NOTHING_LEFT = gettext_lazy("Er staat niets meer dat je kunt afzeggen.")
CHANGED = gettext_lazy("Er is net iets veranderd. Kijk de lijst na en tik nog een keer op de knop.")
NOTHING_TO_CONFIRM = gettext_lazy("Deze boeking gaat niet meer door, of er is geen e-mailadres. Er is niets verstuurd.")
TOO_MANY_MAILS = gettext_lazy("Vandaag is deze bevestiging al vijf keer gemaild. Bel je gast, of probeer het morgen.")


def done(slug: str, number: int, word: str) -> HttpResponse:
    """To the guest's page, which says what was done."""
    return redirect(f"{reverse('guest', args=[slug, number])}?klaar={word}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_one(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """Give back `dagdeel` of `reservering` as the house, for nothing; she is told. A GET changes nothing."""
    visit = enter(request, slug, "gasten")
    row = known_guest(visit, number)
    if request.method != "POST":
        return redirect("guest", slug, number)
    try:
        moment = Moment.parse(request.POST.get("dagdeel", ""))
    except ValueError:
        return show_guest(request, visit, row, CHOOSE_HERE, 422)
    try:
        cancel(_reservation(request, row), visit.actor, moments=[moment])
    except refusals.NothingToCancel:
        return show_guest(request, visit, row, NOTHING_TO_CANCEL, 409)
    return done(slug, number, "afgezegd")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_all(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """All that is to come of her address or her number; by POST it is given back, as long as it is what was shown."""
    visit = enter(request, slug, "gasten")
    row = known_guest(visit, number)
    if request.method != "POST":
        return _all_page(request, visit, row)
    try:
        cancel_contact(row, request.POST.get("afdruk", ""), visit.actor)
    except refusals.NotAsShown:
        return _all_page(request, visit, row, CHANGED, 409)
    except (refusals.NothingToCancel, refusals.GuestGone):
        return _all_page(request, visit, row, NOTHING_LEFT, 409)
    return done(slug, number, "alles-afgezegd")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_again(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """Mail the confirmation of `reservering` once more. A GET changes nothing."""
    visit = enter(request, slug, "gasten")
    row = known_guest(visit, number)
    if request.method != "POST":
        return redirect("guest", slug, number)
    try:
        confirm_again(_reservation(request, row), visit.actor)
    except refusals.NothingToConfirm:
        return show_guest(request, visit, row, NOTHING_TO_CONFIRM, 409)
    except refusals.TooManyMails:
        return show_guest(request, visit, row, TOO_MANY_MAILS, 422)
    return done(slug, number, "mail")


def _reservation(request: LoggedInRequest, row: Guest) -> Reservation:
    """The reservation of this guest that the button names; Http404 for one of somebody else."""
    asked = request.POST.get("reservering", "")
    known = asked.isascii() and asked.isdecimal() and len(asked) <= MOST_DIGITS
    return get_object_or_404(Reservation, pk=int(asked) if known else 0, guest=row)


def _all_page(
    request: LoggedInRequest, visit: Visit, row: Guest, problem: str | Promise = "", status: int = 200
) -> HttpResponse:
    rows = coming_of_contact(visit.dorpshuis, row)
    context = {"guest": row, "coming": rows, "shown": as_shown(rows), "problem": problem}
    return visit.show(request, "beheer/guests/cancel_all.html", context, status)
