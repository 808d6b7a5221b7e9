"""The waiting list as a guest sees it: on it from the house's page, and her own private page of it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from bookings import refusals, wording
from bookings.actions.waiting import join, leave, take_place
from bookings.contact import NameForm, clean_address, email_field
from bookings.domain.availability import Cell, Status
from bookings.domain.dagdelen import Moment
from bookings.domain.prices import usual_price
from bookings.domain.waiting import can_wait
from bookings.guest.house import Problem
from bookings.guest.masks import masked_email
from bookings.guest.member import member_of, typed_before
from bookings.guest.memory import known_here, remember
from bookings.models import Waiting
from bookings.order import Order
from bookings.reader import CellReader
from bookings.wish import url_to_choose
from portal.base import clock
from portal.base.accounts.members import verified_address
from portal.base.log import GUEST
from portal.base.words import euro
from villages.access import public_dorpshuis
from villages.models import Dorpshuis
from villages.models.messages import messages_of

SOURCE = "wachtlijst"
NOT_ON_IT = gettext_noop("Je staat nog niet op de wachtlijst")
NOT_BOOKED = gettext_noop("Je hebt nog niet geboekt")
TOO_LATE = gettext_noop("De plek wordt niet meer voor je vastgehouden. Je ziet hieronder hoe het nu is.")
SHUT = gettext_noop("Het dorpshuis is dan niet meer open. Je hoeft niets te betalen.")
ASLEEP = gettext_noop(
    "Dit dorpshuis gebruikt de wachtlijst nu niet. Je krijgt dus geen mail. Bel om te vragen of er plek is: %(phone)s."
)
COSTS_NOW = gettext_noop("Het kost nu %(total)s. Wil je dat? Tik dan nog een keer op de knop.")


class WaitForm(NameForm):
    """Who waits, and where the mail goes."""

    email = email_field(required=True)

    def clean_email(self) -> str:
        return clean_address(self.cleaned_data["email"])


@dataclass(frozen=True)
class Asked:
    """The dagdeel that is asked for, as the house has it now, and whether one can wait for it."""

    dorpshuis: Dorpshuis
    cell: Cell
    can_wait: bool
    why_not: str

    @property
    def moment(self) -> Moment:
        return self.cell.moment

    @property
    def words(self) -> str:
        return wording.moment_words(self.moment)

    @property
    def book_url(self) -> str:
        """Where it can be booked, when it is free."""
        return url_to_choose(self.dorpshuis.slug, self.moment) if self.cell.bookable else ""


@require_http_methods(["GET", "HEAD", "POST"])
def wait_for(request: HttpRequest, slug: str) -> HttpResponse:
    """The form for one full dagdeel (`?dagdeel=`), and what it sends: 302 to the answer, the same for every address.

    What is free by now, or can't be waited for, is said with status 409; a wrong field with 422. The member whose
    proven address it is goes on to her page.
    """
    dorpshuis = public_dorpshuis(slug)
    asked = _asked(request, dorpshuis)
    if asked is None:
        return redirect("house", slug)
    if request.method != "POST":
        return _form(request, asked, WaitForm(initial=typed_before(request)))
    form = WaitForm(request.POST)
    if not form.is_valid():
        return _form(request, asked, form, Problem(422, gettext(NOT_ON_IT)))
    try:
        wait = join(_order(request, asked, form), GUEST)
    except (refusals.NotFull, refusals.NotBookable):
        return _form(request, _asked(request, dorpshuis) or asked, form, Problem(409, gettext(NOT_ON_IT)))
    except refusals.TooMany:
        return _form(request, asked, form, Problem(422, gettext(NOT_ON_IT), [wording.too_many(dorpshuis)]))
    member = member_of(request)
    if member is not None and verified_address(member) == wait.reservation.email:
        return redirect("waiting", wait.reservation.reference)
    return redirect(f"{reverse('waiting-joined', args=[slug])}?dagdeel={asked.moment}")


@require_safe
def joined(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next: the same words for everybody, also for who was on the list already (rule 3)."""
    dorpshuis = public_dorpshuis(slug)
    moment = _moment(request.GET.get("dagdeel", ""))
    if moment is None:
        return redirect("house", slug)
    return render(request, "waiting/joined.html", {"dorpshuis": dorpshuis, "words": wording.moment_words(moment)})


@require_safe
def waiting(request: HttpRequest, reference: str) -> HttpResponse:
    """Her private page behind 128 random bits; who took the place goes on to her booking."""
    wait = _wait_of(reference)
    if wait.state == Waiting.State.TAKEN:
        return redirect("booking", reference)
    return _page(request, wait)


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Book what is held for her, at the sum on the button (`bedrag`, cents). A GET changes nothing."""
    wait = _wait_of(reference)
    if request.method != "POST":
        return redirect("waiting", reference)
    promised = request.POST.get("bedrag", "")
    cents = int(promised) if promised.isascii() and promised.isdecimal() and len(promised) < 9 else None  # noqa: PLR2004
    try:
        take_place(wait, GUEST, promised_cents=cents)
    except refusals.TurnIsOver:
        return _page(request, _wait_of(reference), Problem(409, gettext(NOT_BOOKED), [gettext(TOO_LATE)]))
    except refusals.NotBookable:
        return _page(request, wait, Problem(409, gettext(NOT_BOOKED), [gettext(SHUT)]))
    except refusals.PriceChanged as refusal:
        line = gettext(COSTS_NOW) % {"total": euro(refusal.total_cents)}
        return _page(request, wait, Problem(409, gettext(NOT_BOOKED), [line]))
    response = redirect("booking", reference)
    remember(request, response, reference)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def leave_list(request: HttpRequest, reference: str) -> HttpResponse:
    """Off the list, or let go what is held for her: one button. On to her page, or with `naar=mijn` to all she has."""
    wait = _wait_of(reference)
    if request.method == "POST":
        leave(wait, GUEST)
        if request.POST.get("naar") == "mijn":
            return redirect(f"{reverse('mine')}?wachtlijst=weg")
    return redirect("waiting", reference)


def _moment(text: str) -> Moment | None:
    try:
        return Moment.parse(text)
    except ValueError:
        return None


def _asked(request: HttpRequest, dorpshuis: Dorpshuis) -> Asked | None:
    """What is asked for, from the address or from the form; None for no dagdeel at all: then the week is shown."""
    data = request.POST if request.method == "POST" else request.GET
    moment = _moment(data.get("dagdeel", ""))
    if moment is None:
        return None
    known = dorpshuis.staffed_only_for_new and known_here(request, dorpshuis.pk)
    reader = CellReader.read(dorpshuis, [moment.date], known_guest=known)
    cell = reader.at(moment)
    has_list = messages_of(dorpshuis).waiting_list
    can = has_list and can_wait(reader.supply, cell, reader.now, known_guest=known)
    why = "" if can or cell.bookable else wording.why_not(cell, dorpshuis, reader.policy)
    if cell.status is Status.VOL and not can:
        why = gettext("Voor dit dagdeel is er geen wachtlijst. Bel het dorpshuis.")
    return Asked(dorpshuis, cell, can, why)


def _order(request: HttpRequest, asked: Asked, form: WaitForm) -> Order:
    return Order(
        dorpshuis_id=asked.dorpshuis.pk,
        moments=(asked.moment,),
        name=form.cleaned_data["naam"],
        email=form.cleaned_data["email"],
        known_guest=asked.dorpshuis.staffed_only_for_new and known_here(request, asked.dorpshuis.pk),
        source=SOURCE,
        language=get_language() or "nl",
    )


def _form(request: HttpRequest, asked: Asked, form: WaitForm, problem: Problem | None = None) -> HttpResponse:
    context = {"asked": asked, "dorpshuis": asked.dorpshuis, "form": form, "problem": problem}
    status = problem.status if problem else 200
    response = render(request, "waiting/join.html", context, status=status)
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response


def _wait_of(reference: str) -> Waiting:
    """Her place behind this reference; Http404 for one that nobody has (any more)."""
    rows = Waiting.objects.with_names().select_related("dorpshuis__messages")
    return get_object_or_404(rows, reservation__reference=reference)


def _page(request: HttpRequest, wait: Waiting, problem: Problem | None = None) -> HttpResponse:
    context = _context(wait) | {"problem": problem}
    return render(request, "waiting/waiting.html", context, status=problem.status if problem else 200)


def _context(wait: Waiting) -> dict[str, Any]:
    now = clock.now()
    reader = CellReader.read(wait.dorpshuis, [wait.date], known_guest=True)
    cell = reader.at(wait.moment)
    cents = usual_price(reader.supply.tariffs, wait.date)
    in_turn = wait.turn_until is not None and wait.state in Waiting.State.in_turn and now < wait.turn_until
    held = in_turn and wait.state == Waiting.State.OFFERED
    return {
        "wait": wait,
        "dorpshuis": wait.dorpshuis,
        "reference": wait.reservation.reference,
        "words": wording.moment_words(wait.moment),
        "cell": cell,
        "held": held,
        "until": clock.local(wait.turn_until) if held and wait.turn_until else None,
        "place": _place_words(wait) if wait.is_listed and not held else "",
        "can_book": cell.bookable and wait.dorpshuis.takes_bookings,
        "asleep": _asleep(wait.dorpshuis),
        "is_over": cell.status is Status.VOORBIJ or not wait.is_listed,
        "shut": wording.why_not(cell, wait.dorpshuis, reader.policy) if cell.status is Status.GESLOTEN else "",
        "cents": cents,
        "promise": wording.promise(cents) if cents is not None else "",
        "pay_words": wording.pay_words(wait.dorpshuis),
        "cancel_words": wording.cancel_words(reader.policy),
        "masked_email": masked_email(wait.reservation.email),
        "house_url": url_to_choose(wait.dorpshuis.slug, wait.moment),
    }


def _asleep(dorpshuis: Dorpshuis) -> str:
    """What to do when the house switched its list off, so that nobody is mailed; else empty."""
    if messages_of(dorpshuis).waiting_list:
        return ""
    return gettext(ASLEEP) % {"phone": dorpshuis.phone.as_national}


def _place_words(wait: Waiting) -> str:
    """Her place in the line; of the others nothing but how many go before. Empty when she went off it just now."""
    line = Waiting.objects.filter(dorpshuis=wait.dorpshuis_id).on_the_list().at([wait.moment]).first_first()
    numbers = list(line.values_list("pk", flat=True))
    if wait.pk not in numbers:
        return ""
    place = numbers.index(wait.pk) + 1
    if place == 1:
        return gettext("Je bent de eerste. Komt er plek, dan mailen we jou.")
    return gettext("Je bent nummer %(place)s op de lijst.") % {"place": place}
