"""The one POST that this portal exists for: a desk booked."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from bookings import refusals, wording
from bookings.actions.book import book as book_order
from bookings.guest.choice import desk_taken
from bookings.guest.forms import BookingForm
from bookings.guest.house import Problem, house_answer
from bookings.guest.member import member_of
from bookings.guest.memory import known_here, remember
from bookings.guest.trial import GONE, trial_of
from bookings.keys import belongs_to
from bookings.order import Order
from bookings.wish import Wish
from portal.base.log import GUEST
from portal.base.words import euro
from villages.access import public_dorpshuis, public_dorpshuis_to_book
from villages.models import Desk, Dorpshuis, Tariff

NOT_YET = gettext_noop("Je boeking is nog niet gelukt")
OTHER_BROWSER = gettext_noop(
    "Deze pagina was te oud, of kwam uit een andere browser. Kijk alles na en tik nog een keer op de knop."
)
NO_COOKIE = gettext_noop(
    "Je browser stuurde geen cookie mee. Zonder die cookie kunnen we niet boeken. "
    "Sta cookies toe voor deze site, kijk alles na en tik nog een keer op de knop."
)
NOTHING_CHOSEN = gettext_noop("Kies eerst een dagdeel in de week.")
STRANGE_SUM = gettext_noop("Het bedrag op de knop klopte niet. Kijk het na en tik nog een keer op de knop.")
OTHER_PRICE = gettext_noop("De prijs is veranderd. Het kost nu %(sum)s. Is dat goed? Tik dan nog een keer op de knop.")
LONGEST_KEY = 120
# Fields that the form takes and the page does not show: their sentences stand with the problem.
NOT_ON_THE_PAGE = ("postcode", "doelgroep", "opmerking")


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """Book what the form carries: 302 to the private page, or the fresh page with 409 or 422.

    A GET changes nothing: who reopens the address of a refused order gets the house's page.
    """
    if request.method != "POST":
        return redirect("house", slug)
    dorpshuis = public_dorpshuis_to_book(slug)
    wish = Wish.read(request.POST)
    form = BookingForm(request.POST)
    problem = _problem_with_form(request, wish, form)
    if problem:
        return house_answer(request, public_dorpshuis(slug), wish, form, problem)
    if problem := _problem_with_trial(request, dorpshuis, wish):
        wish = replace(wish, trial="", strange_trial=False)
        return house_answer(request, public_dorpshuis(slug), wish, form, problem)
    try:
        booked = book_order(_order(request, dorpshuis, wish, form), GUEST)
    except refusals.Refused as refusal:
        dorpshuis = public_dorpshuis(slug)
        left, problem = _refused(refusal, wish, dorpshuis)
        return house_answer(request, dorpshuis, left, form, problem)
    response = redirect("booking", booked.reservation.reference)
    remember(request, response, booked.reservation.reference)
    _learn(request, form)
    return response


def _learn(request: HttpRequest, form: BookingForm) -> None:
    """A member need not type her name and number again; what she typed for somebody else is not hers."""
    member = member_of(request)
    if member and form.cleaned_data["email"] == member.email:
        member.learn_details(form.cleaned_data["naam"], form.cleaned_data["telefoon"])


def book_without_cookie(request: HttpRequest, slug: str) -> HttpResponse:
    """The CSRF cookie is gone, or of another form: 403 with a fresh form that holds what was typed."""
    line = OTHER_BROWSER if settings.CSRF_COOKIE_NAME in request.COOKIES else NO_COOKIE
    dorpshuis = public_dorpshuis(slug)
    form = BookingForm(request.POST)
    form.is_valid()
    return house_answer(
        request, dorpshuis, Wish.read(request.POST), form, Problem(403, gettext(NOT_YET), [gettext(line)])
    )


def _problem_with_form(request: HttpRequest, wish: Wish, form: BookingForm) -> Problem | None:
    """What is wrong with the form itself, before anything is asked of the house.

    The page adds a sentence for each dagdeel, desk or tariff that it can't read.
    """
    valid = form.is_valid()
    if not belongs_to(request, request.POST.get("sleutel", "")[:LONGEST_KEY]):
        return Problem(422, gettext(NOT_YET), [gettext(OTHER_BROWSER)])
    lines = [gettext(NOTHING_CHOSEN)] if not wish.moments and not wish.unreadable else []
    if "bedrag" in form.errors:
        lines.append(gettext(STRANGE_SUM))
    lines += [str(line) for name in NOT_ON_THE_PAGE for line in form.errors.get(name, [])]
    unknown_tariff = bool(wish.tariff) and wish.tariff not in Tariff.Kind.values
    if lines or not valid or wish.unreadable or wish.unknown_desk or unknown_tariff:
        return Problem(422, gettext(NOT_YET), lines)
    return None


def _problem_with_trial(request: HttpRequest, dorpshuis: Dorpshuis, wish: Wish) -> Problem | None:
    """A code that is none of this house; whether one is still open only the action can say."""
    trial = trial_of(request, dorpshuis, wish)
    return Problem(422, gettext(NOT_YET), [trial.problem]) if trial.problem and not trial.known else None


def _order(request: HttpRequest, dorpshuis: Dorpshuis, wish: Wish, form: BookingForm) -> Order:
    data = form.cleaned_data
    return Order(
        dorpshuis_id=dorpshuis.pk,
        moments=wish.moments,
        desk_id=wish.desk_id,
        tariff=wish.tariff,
        name=data["naam"],
        email=data["email"],
        phone=data["telefoon"],
        key=request.POST["sleutel"],
        promised_cents=data["bedrag"],
        known_guest=dorpshuis.staffed_only_for_new and known_here(request, dorpshuis.pk),
        postcode=data["postcode"],
        source=wish.source,
        target_group=data["doelgroep"],
        messages_offered=bool(data["berichten"]),
        no_messages=data["geen_berichten"],
        remark=data["opmerking"],
        trial=wish.trial,
        language=get_language() or settings.LANGUAGE_CODE,
    )


def _refused(refusal: refusals.Refused, wish: Wish, dorpshuis: Dorpshuis) -> tuple[Wish, Problem]:
    """What is left of the wish and why; the page adds a sentence for each dagdeel that it drops."""
    match refusal:
        case refusals.NotBookable():
            return wish, Problem(409, gettext(NOT_YET))
        case refusals.DeskTaken(moments=moments):
            desk = Desk.objects.get(pk=wish.desk_id or 0)
            return replace(wish, desk_id=None), Problem(409, gettext(NOT_YET), [desk_taken(desk, m) for m in moments])
        case refusals.PriceChanged(total_cents=total):
            return wish, Problem(409, gettext(NOT_YET), [gettext(OTHER_PRICE) % {"sum": euro(total)}])
        case refusals.TrialGone():
            return replace(wish, trial=""), Problem(409, gettext(NOT_YET), [gettext(GONE)])
        case refusals.TooMany():
            return wish, Problem(422, gettext(NOT_YET), [wording.too_many(dorpshuis)])
        case _:
            return wish, Problem(422, gettext(NOT_YET))
