"""Standing places: which there are, agreeing on a new one, and what can be done with one."""

import secrets
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bookings.actions.standing import agree, check_wish, end, extend, plan_longer, plan_standing, release
from bookings.beheer.standing_form import StandingForm
from bookings.domain.dagdelen import parse_day
from bookings.domain.standing import asks_about_end
from bookings.models import StandingPlace
from bookings.refusals import LongerChanged, NotReleasable, NotThatDay, Refused, StandingChanged
from bookings.standing import Dated, LongerPlan, StandingPlan
from bookings.standing_days import held
from bookings.visit import Visit, enter
from bookings.wording import pattern_words
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from villages.models import Desk

DOOR = "vaste-plekken"
PER_PAGE = 20
A_YEAR = timedelta(days=364)
NO_DAY = gettext_lazy("Deze dag kennen we niet. Er is niets veranderd.")
NOT_RELEASED = gettext_lazy("Deze datum is al begonnen of voorbij, of hoort niet bij deze vaste plek.")
NOT_ENDED = gettext_lazy("Kies een dag van vandaag of later, voor het einde dat er nu staat. Er is niets veranderd.")
NOT_EXTENDED = gettext_lazy("Kies een latere dag, hoogstens twee jaar vooruit. Er is niets veranderd.")
CHANGED = gettext_lazy("Er is net iets veranderd. Er is nog niets verlengd. Kijk na wat er nu staat.")
DONE = {
    "nieuw": gettext_lazy("De vaste plek staat klaar. De gebruiker krijgt bericht."),
    "vrij": gettext_lazy("Deze datum is vrijgegeven. Een ander kan het bureau nu boeken."),
    "verleng": gettext_lazy("De vaste plek gaat door. De gebruiker krijgt bericht."),
    "stop": gettext_lazy("De vaste plek stopt. De gebruiker krijgt bericht."),
}
UNKNOWN_BUTTON = gettext_lazy("Deze knop kennen we niet. Er is niets veranderd.")


@login_required
@require_safe
def standing_places(request: LoggedInRequest, slug: str) -> HttpResponse:
    """Who has a place here, and who had."""
    visit = enter(request, slug, DOOR)
    rows, today = StandingPlace.objects.filter(dorpshuis=visit.dorpshuis).with_names(), clock.today()
    page = Paginator(rows.running(today), PER_PAGE).get_page(request.GET.get("blad"))
    over = rows.over(today).order_by("-last_day")[:PER_PAGE]
    context = {
        "running": [(row, pattern_words(row.pattern), _asks(row)) for row in page],
        "over": [(row, pattern_words(row.pattern)) for row in over],
        "page": page,
    }
    return visit.show(request, "beheer/standing_places.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_standing_place(request: LoggedInRequest, slug: str) -> HttpResponse:
    """Ask; show what it does (POST without `afdruk`, which writes nothing); with the preview's fingerprint do it."""
    visit = enter(request, slug, DOOR)
    if request.method != "POST":
        return _ask(request, visit, StandingForm(visit.dorpshuis))
    form = StandingForm(visit.dorpshuis, request.POST)
    if not form.is_valid() or "wijzig" in request.POST:
        return _ask(request, visit, form, 200 if "wijzig" in request.POST else 422)
    seen = request.POST.get("afdruk", "")
    try:
        if not seen:
            check_wish(form.wish())
            return _preview(request, visit, form, plan_standing(visit.dorpshuis, form.wish()))
        place = agree(visit.dorpshuis.pk, form.wish(_form_key(request, visit)), visit.actor, seen)
    except StandingChanged as refusal:
        return _preview(request, visit, form, refusal.plan, changed=True)
    except Refused as refusal:
        form.refuse(refusal)
        return _ask(request, visit, form, 422)
    return _done("nieuw", visit, place)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def standing_detail(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """One place with its dates to come. POST: `doe` is vrij (`datum`), stop or verleng (`tot`)."""
    visit = enter(request, slug, DOOR)
    rows = StandingPlace.objects.filter(dorpshuis=visit.dorpshuis).with_names()
    place = get_object_or_404(rows, pk=number)
    if request.method != "POST":
        return _show(request, visit, place)
    try:
        day = parse_day(request.POST.get("datum", ""))
    except ValueError:
        return _show(request, visit, place, NO_DAY, 422)
    return _act(request, visit, place, day)


def _act(request: LoggedInRequest, visit: Visit, place: StandingPlace, day: date) -> HttpResponse:
    act = request.POST.get("doe", "")
    if act in ("stop", "verleng") and day == place.last_day:  # a second tap: it ends on that day already
        return redirect("standing-detail", visit.dorpshuis.slug, place.pk)
    match act:
        case "vrij":
            try:
                release(place, day, visit.actor)
            except NotReleasable:
                return _show(request, visit, place, NOT_RELEASED, 409)
        case "stop":
            try:
                end(place, day, visit.actor)
            except NotThatDay:
                return _show(request, visit, place, NOT_ENDED, 422)
        case "verleng":
            return _go_on(request, visit, place, day)
        case _:
            return _show(request, visit, place, UNKNOWN_BUTTON, 422)
    return _done(act, visit, place)


def _go_on(request: LoggedInRequest, visit: Visit, place: StandingPlace, day: date) -> HttpResponse:
    """Let it go on; when somebody has one of the new dates, that is shown first."""
    seen = request.POST.get("afdruk", "")
    try:
        plan = plan_longer(visit.dorpshuis, place, day)
        if plan.clashes and not seen:
            return _show(request, visit, place, longer=plan)
        extend(place, day, visit.actor, seen or plan.fingerprint)
    except NotThatDay:
        return _show(request, visit, place, NOT_EXTENDED, 422)
    except LongerChanged as refusal:
        return _show(request, visit, place, CHANGED, 409, longer=refusal.plan)
    return _done("verleng", visit, place)


def _done(what: str, visit: Visit, place: StandingPlace) -> HttpResponse:
    """Back to the page of this place, which says what happened."""
    return redirect(f"{reverse('standing-detail', args=[visit.dorpshuis.slug, place.pk])}?gedaan={what}")


def _asks(place: StandingPlace) -> bool:
    """Whether somebody should say if it goes on."""
    return place.ended_at is None and asks_about_end(place.last_day, clock.today())


def _ask(request: LoggedInRequest, visit: Visit, form: StandingForm, status: int = 200) -> HttpResponse:
    picked = {
        name: str(form[name].value() or "") for name in ("weekdag", "dagdeel", "elke", "bureau", "tarief", "taal")
    }
    return visit.show(request, "beheer/standing_new.html", {"form": form, "picked": picked}, status=status)


def _preview(
    request: LoggedInRequest, visit: Visit, form: StandingForm, plan: StandingPlan, *, changed: bool = False
) -> HttpResponse:
    """What it does; with `changed` a fresh one, and nothing was done."""
    names = {desk.pk: desk.name for desk in form.desks}
    context: dict[str, Any] = {
        "form": form,
        "plan": plan,
        "pattern": pattern_words(plan.wish.pattern),
        "dates": [
            (dated, names.get(dated.desk_id or 0, ""), names.get(dated.rival_to or 0, "")) for dated in plan.dates
        ],
        "changed": changed,
        "key": request.POST.get("sleutel") or secrets.token_urlsafe(16),
    }
    return visit.show(request, "beheer/standing_preview.html", context, status=409 if changed else 200)


def _show(
    request: LoggedInRequest,
    visit: Visit,
    place: StandingPlace,
    problem: str | Promise = "",
    status: int = 200,
    longer: LongerPlan | None = None,
) -> HttpResponse:
    """The place; with `longer` whom going on hits, and the button that does it."""
    (one,) = held([place])
    today = clock.today()
    context = {
        "place": place,
        "held": one,
        "is_over": place.last_day < today,
        "asks": _asks(place),
        "today": today,
        "a_year_on": place.last_day + A_YEAR,
        "problem": problem,
        "done": "" if problem or longer else DONE.get(request.GET.get("gedaan", ""), ""),
        "typed": request.POST,
        "longer": longer,
        "clashes": _clashes(longer) if longer else [],
    }
    return visit.show(request, "beheer/standing_detail.html", context, status=status)


def _clashes(plan: LongerPlan) -> list[tuple[Dated, str, str]]:
    """The new dates that somebody has, each with the name of the desk, and of the one that she moves to."""
    numbers = {number for dated in plan.clashes for number in (dated.desk_id, dated.rival_to) if number}
    names = dict(Desk.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return [(dated, names.get(dated.desk_id or 0, ""), names.get(dated.rival_to or 0, "")) for dated in plan.clashes]


def _form_key(request: LoggedInRequest, visit: Visit) -> str:
    """Names this form of this person in this house, so that a second tap on its button is the same standing place."""
    typed = request.POST.get("sleutel", "")
    if not typed:
        return ""
    secret = f"{visit.dorpshuis.pk}\x1f{request.user.pk}\x1f{typed}"
    return salted_hmac("bookings.standing-form", secret, algorithm="sha256").hexdigest()
