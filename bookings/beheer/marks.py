"""The buttons of the day: a tick beside a guest, and somebody who walks in."""

from datetime import date

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bookings.actions.walk_in import Arrival
from bookings.actions.walk_in import walk_in as seat_walk_in
from bookings.beheer.acts import PAYING, Act, why_not
from bookings.beheer.daylist import day_list, day_url, may_see_day, may_tick, moment_on, row_of, runs_the_house
from bookings.beheer.pending import LONGEST_NUMBER, ask_again
from bookings.beheer.today import Problem, read_day, show_day
from bookings.models import Booking
from bookings.queries import supplies
from bookings.refusals import Refused
from bookings.visit import Visit, enter
from portal.base import clock

UNKNOWN_ACT = gettext_lazy("Deze knop kennen we niet. Tik op een knop op deze pagina.")
OLD_PAGE = gettext_lazy("Deze pagina was te oud. Tik nog een keer op Loopt binnen.")


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, slug: str, day: str) -> HttpResponseBase:
    """Tick, pay, or take it back: `boeking` is whom, `doe` is what. GET only leads to the day."""
    if not request.user.is_authenticated:
        return ask_again(request, slug, day)
    visit, shown = enter(request, slug, "dag"), read_day(day)  # type: ignore[arg-type]  # she is logged in
    if not may_tick(visit, shown):
        raise PermissionDenied
    if request.method != "POST":
        return redirect("today", slug) if not may_see_day(visit, shown) else redirect(day_url(visit, shown))
    booking, act = _booking(request, visit, shown), Act.read(request.POST.get("doe", ""))
    if act is None:
        return show_day(request, visit, _page_of(request, visit, shown), Problem(422, [str(UNKNOWN_ACT)]))
    if act.waives and not runs_the_house(visit):
        raise PermissionDenied
    try:
        done = act.carry_out(booking, visit.actor)
    except Refused as refusal:
        return _refused(request, visit, booking, why_not(refusal))
    return _done(request, visit, done, act)


def _booking(request: HttpRequest, visit: Visit, shown: date) -> Booking:
    number = request.POST.get("boeking", "")
    if not number.isdecimal() or len(number) > LONGEST_NUMBER:
        raise Http404
    rows = Booking.objects.filter(dorpshuis=visit.dorpshuis, date=shown, pk=int(number))
    booking = rows.with_names().with_first_time().first()
    if booking is None:
        raise Http404
    return booking


def _page_of(request: HttpRequest, visit: Visit, shown: date) -> date:
    """On which day's page the button stood: yesterday is asked about on today's, the only one that a host sees."""
    is_asked = request.POST.get("terug") == "vandaag" or not may_see_day(visit, shown)
    return clock.today() if is_asked else shown


def _done(request: HttpRequest, visit: Visit, booking: Booking, act: Act) -> HttpResponse:
    if getattr(request, "htmx", False):
        return _row(request, visit, booking, act=act)
    if request.POST.get("terug") == "vandaag" or not may_see_day(visit, booking.date):
        return redirect(f"{reverse('today', args=[visit.dorpshuis.slug])}#gevraagd")
    page = request.POST.get("pagina", "")
    query = f"?pagina={page}" if page.isdecimal() and page != "1" else ""
    return redirect(f"{day_url(visit, booking.date)}{query}#b{booking.pk}")


def _refused(request: HttpRequest, visit: Visit, booking: Booking, words: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return _row(request, visit, booking, words=words, status=409)
    line = f"{booking.reservation.name}: {words}"
    return show_day(request, visit, _page_of(request, visit, booking.date), Problem(409, [line], booking.dagdeel))


def _row(
    request: HttpRequest, visit: Visit, booking: Booking, *, act: Act | None = None, words: str = "", status: int = 200
) -> HttpResponse:
    """The one row that was tapped, as it stands now, and a sentence for who can't see it."""
    supply = supplies([visit.dorpshuis], booking.date, booking.date)[visit.dorpshuis.pk]
    booking = Booking.objects.with_names().with_first_time().get(pk=booking.pk)
    context = {
        "row": row_of(supply, booking, clock.now()),
        "visit": visit,
        "dorpshuis": visit.dorpshuis,
        "runs": runs_the_house(visit),
        "mark_url": request.path,
        "act": act,
        "words": words,
        "is_asked": request.POST.get("terug") == "vandaag",
    }
    return render(request, "beheer/tick.html", context, status=status)


# --- somebody walks in ------------------------------------------------------------------------------------


class WalkInForm(forms.Form):
    """`dagdeel`, `sleutel` (the form's key), and if she says so her `naam` and how she paid (`betaald`)."""

    dagdeel = forms.CharField(max_length=10)
    sleutel = forms.CharField(min_length=8, max_length=40)
    naam = forms.CharField(
        max_length=80,
        required=False,
        error_messages={"max_length": gettext_lazy("De naam is te lang. Hij mag 80 tekens zijn.")},
    )
    betaald = forms.ChoiceField(choices=[("", ""), ("pin", "pin"), ("contant", "contant")], required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: HttpRequest, slug: str, day: str) -> HttpResponseBase:
    """Somebody walks in: she gets a free desk and is there at once. GET only leads to the day."""
    if not request.user.is_authenticated:
        return ask_again(request, slug, day)
    visit, shown = enter(request, slug, "dag"), read_day(day)  # type: ignore[arg-type]  # she is logged in
    if not may_see_day(visit, shown):
        raise PermissionDenied
    if request.method != "POST":
        return redirect(day_url(visit, shown))
    form = WalkInForm(request.POST)
    try:
        moment = moment_on(shown, request.POST.get("dagdeel", ""))
    except ValueError:
        return show_day(request, visit, shown, Problem(422, [str(UNKNOWN_ACT)]))
    if not form.is_valid():
        lines = form.errors.get("naam") or [OLD_PAGE]
        return _not_seated(request, visit, Problem(422, [str(line) for line in lines], moment.dagdeel))
    guest = Arrival(
        moment, form.cleaned_data["sleutel"], form.cleaned_data["naam"], PAYING.get(form.cleaned_data["betaald"], "")
    )
    try:
        booking = seat_walk_in(visit.dorpshuis.pk, guest, visit.actor)
    except Refused as refusal:
        return _not_seated(request, visit, Problem(409, [why_not(refusal)], moment.dagdeel))
    if getattr(request, "htmx", False):
        return _seated(request, visit, moment.date, moment.dagdeel, booking)
    return redirect(f"{day_url(visit, shown)}#b{booking.pk}")


def _seated(request: HttpRequest, visit: Visit, shown: date, dagdeel: str, booking: Booking) -> HttpResponse:
    return render(request, "beheer/walked_in.html", _part_context(request, visit, shown, dagdeel, booking))


def _not_seated(request: HttpRequest, visit: Visit, problem: Problem) -> HttpResponse:
    shown = read_day(request.resolver_match.kwargs["day"]) if request.resolver_match else clock.today()
    if not getattr(request, "htmx", False):
        return show_day(request, visit, shown, problem)
    context = _part_context(request, visit, shown, problem.dagdeel) | {"problem": problem}
    return render(request, "beheer/walked_in.html", context, status=problem.status)


def _part_context(
    request: HttpRequest, visit: Visit, shown: date, dagdeel: str, booking: Booking | None = None
) -> dict[str, object]:
    """The dagdeel in which she walked in, with her row."""
    found = day_list(visit, shown)
    supply = supplies([visit.dorpshuis], shown, shown)[visit.dorpshuis.pk]
    return {
        "part": next(part for part in found.parts if part.dagdeel == dagdeel),
        "row": row_of(supply, booking, clock.now()) if booking else None,
        "visit": visit,
        "dorpshuis": visit.dorpshuis,
        "runs": runs_the_house(visit),
        "mark_url": reverse("mark", args=[visit.dorpshuis.slug, shown.isoformat()]),
        "walk_in_url": request.path,
        "typed_name": "" if booking else request.POST.get("naam", ""),
    }
