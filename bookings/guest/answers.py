"""What a guest may tell from her private page: three answers that help the house, and her language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from bookings.actions.language import set_language, set_reminders
from bookings.guest.booking import answer
from bookings.guest.booking_lines import reservation_of
from bookings.guest.forms import AnswersForm
from bookings.guest.house import Problem
from bookings.models import Reservation
from portal.base.log import GUEST


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep her answers; an empty one takes back what she said before."""
    reservation = reservation_of(reference)
    if request.method != "POST":
        return redirect("booking", reference)
    form = AnswersForm(request.POST)
    if not form.is_valid():
        problem = Problem(
            422, gettext("Je antwoorden zijn nog niet bewaard"), [str(e[0]) for e in form.errors.values()]
        )
        return answer(request, reservation, problem, form)
    given = form.cleaned_data
    reservation.keep_answers(given["postcode"], given["gevonden"], given["doelgroep"])
    return redirect(reverse("booking", args=[reference]) + "#vragen")


@require_http_methods(["GET", "HEAD", "POST"])
def mail_language(request: HttpRequest, reference: str) -> HttpResponse:
    """Write her mails in Dutch or in English (`taal`)."""
    reservation = reservation_of(reference)
    if request.method != "POST":
        return redirect("booking", reference)
    try:
        language = Reservation.Language(request.POST.get("taal", ""))
    except ValueError:
        lines = [gettext("Kies op deze pagina Nederlands of Engels.")]
        return answer(request, reservation, Problem(422, gettext("Je mails blijven zoals ze zijn"), lines))
    set_language(reservation, language, GUEST)
    return redirect(reverse("booking", args=[reference]) + "#taal")


@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest, reference: str) -> HttpResponse:
    """Send her no reminders any more, or send them again (`wil` is `nee` or `ja`), of all that she has here."""
    reservation = reservation_of(reference)
    if request.method != "POST":
        return redirect("booking", reference)
    wanted = request.POST.get("wil", "")
    if wanted not in ("ja", "nee"):
        lines = [gettext("Gebruik de knop op deze pagina.")]
        return answer(request, reservation, Problem(422, gettext("Er is niets veranderd"), lines))
    set_reminders(reservation, GUEST, wanted=wanted == "ja")
    return redirect(reverse("booking", args=[reference]) + "#herinneringen")
