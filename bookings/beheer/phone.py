"""Booking for somebody on the phone: who, when, and one button, in half a minute."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods

from bookings import refusals, wording
from bookings.actions.book import book
from bookings.actions.trial import MOST_A_DAY
from bookings.beheer.callers import LONGEST, Caller, caller, find_callers
from bookings.beheer.grid import Grid, read_grid
from bookings.beheer.phone_trial import GONE, LONGEST_CODE, give_now, read_trial
from bookings.contact import ContactForm
from bookings.domain.dagdelen import Moment, parse_day, read_moments
from bookings.keys import belongs_to, new_key
from bookings.order import Order
from bookings.trial import typed_trial
from bookings.visit import Visit, enter
from portal.base.accounts.http import LoggedInRequest
from portal.base.words import euro

LONGEST_KEY = 120
LONGEST_TARIFF = 15
SOURCE = "telefoon"
OLD_PAGE = gettext_lazy("Deze pagina was te oud. Kijk alles na en tik nog een keer op de knop.")
NOTHING_CHOSEN = gettext_lazy("Kies een dagdeel.")
UNREADABLE = gettext_lazy("Een dagdeel in de keuze kennen we niet. Kies een dagdeel hieronder.")
UNKNOWN_TARIFF = gettext_lazy("Deze prijs geldt niet op deze dagen. Kies een andere prijs.")
TOO_MANY_CODES = gettext_lazy("Er zijn vandaag al %(number)s proefcodes gegeven. Morgen kan het weer.")
FREE_AGAIN = gettext_lazy("Net was er geen plek, en nu toch weer wel. Tik nog een keer op de knop.")


class PhoneForm(ContactForm):
    """Who calls: the volunteer types it for her."""

    no_name = gettext_noop("Vul de naam in. Dan weet je wie er komt.")
    no_contact = gettext_noop(
        "Vraag een telefoonnummer of een e-mailadres. Dan kun je bellen of mailen als er iets verandert."
    )
    contact_field = "telefoon"

    bedrag = forms.IntegerField(required=False, min_value=0, max_value=10_000_000)


@dataclass(frozen=True)
class Asked:
    """Which dagdelen, which price and which trial code; from the address or from the form. Nothing is believed."""

    moments: tuple[Moment, ...]
    unreadable: int
    tariff: str
    first_day: date | None
    trial: str

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        """From `dagdeel` (repeatable), `tarief`, `proef`, and `toon` or `vanaf` for the first day that is shown."""
        moments, unreadable = read_moments(data.getlist("dagdeel"))
        try:
            first_day = parse_day(data.get("toon") or data.get("vanaf", ""))
        except ValueError:
            first_day = None
        tariff, trial = data.get("tarief", "")[:LONGEST_TARIFF], data.get("proef", "")[:LONGEST_CODE]
        return cls(moments, unreadable, tariff, first_day, trial)


@dataclass(frozen=True)
class Problem:
    """Why nothing was booked: the status of the answer and its sentences."""

    status: int
    lines: list[str] = field(default_factory=list)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def phone_booking(request: LoggedInRequest, slug: str) -> HttpResponse:
    """The page; by POST the booking: 302 to what to say, or the page with 409 or 422 and all that was typed.

    `?zoek=` finds guests of this house, `?gast=` fills one in, `?dagdeel=` and `?tarief=` choose beforehand.
    """
    visit = enter(request, slug, "boek")
    if request.method == "POST":
        if request.POST.get("stap") == "proef":
            return _give(request, visit)
        only_look = "toon" in request.POST or request.POST.get("stap") == "kijk"
        return _look(request, visit) if only_look else _book(request, visit)
    target = request.headers.get("HX-Target", "")
    if target == "bekend":
        return _suggest(request, visit)
    known = _picked(request, visit)
    form = PhoneForm(initial=_filled(known)) if known else PhoneForm()
    part = "#wie" if target == "wie" else ""
    return _page(request, visit, form, Asked.read(request.GET), known=known, part=part)


def _suggest(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    """Guests of this house for what is being typed, in the field for the name or for the number."""
    text = next((request.GET[name] for name in ("zoek", "naam", "telefoon") if name in request.GET), "")
    context = {"callers": find_callers(visit.dorpshuis, text), "searched": "", "known": None}
    return visit.show(request, "beheer/phone.html#bekend", context)


def _picked(request: LoggedInRequest, visit: Visit) -> Caller | None:
    """The guest who was tapped; Http404 for one of another house, or nobody's number."""
    if "gast" not in request.GET:
        return None
    known = caller(visit.dorpshuis, request.GET["gast"])
    if known is None:
        raise Http404
    return known


def _filled(known: Caller) -> dict[str, str]:
    return {"naam": known.guest.name, "telefoon": known.phone, "email": known.guest.email}


def _look(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    """The sum of what is chosen now, or other weeks: nothing is booked, and nothing typed is lost."""
    part = "#som" if request.headers.get("HX-Target", "") == "som" else ""
    form = PhoneForm(initial=request.POST.dict())
    return _page(request, visit, form, Asked.read(request.POST), part=part)


def _give(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    """A trial code for this caller: it stands in the form, and nothing is booked yet."""
    asked, form = Asked.read(request.POST), PhoneForm(initial=request.POST.dict())
    key = request.POST.get("sleutel", "")[:LONGEST_KEY]
    if not belongs_to(request, key):
        return _page(request, visit, form, asked, Problem(422, [str(OLD_PAGE)]))
    try:
        asked = replace(asked, trial=give_now(visit, request.user.pk, key))
    except refusals.TooManyCodes:
        return _page(request, visit, form, asked, Problem(422, [TOO_MANY_CODES % {"number": MOST_A_DAY}]))
    return _page(request, visit, form, asked)


def _book(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    asked, form = Asked.read(request.POST), PhoneForm(request.POST)
    trial = read_trial(visit.dorpshuis, asked.trial)
    # An order that was made before may come once more: its own code is used by then, and the action answers for it.
    lines = _mistakes(request, asked, form) + ([trial.problem] if trial.problem and not trial.known else [])
    if lines or not form.is_valid():
        return _page(request, visit, form, asked, Problem(422, lines))
    try:
        booked = book(_order(request, visit, asked, form), visit.actor)
    except refusals.Refused as refusal:
        return _page(request, visit, form, asked, _refused(refusal, visit))
    return redirect("phone-booked", visit.dorpshuis.slug, booked.reservation.pk)


def _mistakes(request: LoggedInRequest, asked: Asked, form: PhoneForm) -> list[str]:
    """What is wrong with the order itself, before anything is asked of the house."""
    if not belongs_to(request, request.POST.get("sleutel", "")[:LONGEST_KEY]):
        return [str(OLD_PAGE)]
    lines = [str(UNREADABLE)] if asked.unreadable else []
    if not asked.moments and not asked.unreadable:
        lines.append(str(NOTHING_CHOSEN))
    if "bedrag" in form.errors:
        lines.append(str(OLD_PAGE))
    return lines


def _order(request: LoggedInRequest, visit: Visit, asked: Asked, form: PhoneForm) -> Order:
    data = form.cleaned_data
    return Order(
        dorpshuis_id=visit.dorpshuis.pk,
        moments=asked.moments,
        tariff=asked.tariff,
        name=data["naam"],
        email=data["email"],
        phone=data["telefoon"],
        key=request.POST["sleutel"],
        promised_cents=data["bedrag"],
        source=SOURCE,
        trial=typed_trial(asked.trial),
    )


def _refused(refusal: refusals.Refused, visit: Visit) -> Problem:
    """Why the house refused it; the page adds a sentence for each dagdeel that is gone."""
    match refusal:
        case refusals.PriceChanged(total_cents=total):
            sentence = gettext("Het kost nu %(total)s. Klopt dat? Tik dan nog een keer op de knop.")
            return Problem(409, [sentence % {"total": euro(total)}])
        case refusals.TooMany():
            return Problem(422, [wording.too_many_at_once(visit.dorpshuis)])
        case refusals.TrialGone():
            return Problem(409, [str(GONE)])
        case refusals.UnknownTariff():
            return Problem(422, [str(UNKNOWN_TARIFF)])
        case _:
            return Problem(409)


def _page(
    request: LoggedInRequest,
    visit: Visit,
    form: PhoneForm,
    asked: Asked,
    problem: Problem | None = None,
    *,
    known: Caller | None = None,
    part: str = "",
) -> HttpResponse:
    trial = read_trial(visit.dorpshuis, asked.trial)
    grid = read_grid(visit.dorpshuis, asked.moments, asked.tariff, asked.first_day, by_trial=bool(trial.code))
    searched = request.GET.get("zoek", "").strip()[:LONGEST]
    context = {
        "form": form,
        "grid": grid,
        "trial": trial,
        "known": known,
        "searched": searched,
        "callers": find_callers(visit.dorpshuis, searched) if searched else [],
        "key": new_key(request),
        "problem": problem,
        "notices": _notices(grid, asked, problem),
    }
    status = problem.status if problem else 200
    return visit.show(request, f"beheer/phone.html{part}", context, status)


def _notices(grid: Grid, asked: Asked, problem: Problem | None) -> list[str]:
    """All that is to be said above the form, each once."""
    lines = [*(problem.lines if problem else []), *grid.dropped]
    if asked.unreadable:
        lines.append(str(UNREADABLE))
    if problem and problem.status == 409 and not lines:  # noqa: PLR2004 - the status is its own name
        lines.append(str(FREE_AGAIN))
    return list(dict.fromkeys(lines))
