"""Who waits for a dagdeel that is full: put on the list for a caller, and taken off it."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from bookings import refusals, wording
from bookings.actions.waiting import join, leave, take_place
from bookings.beheer.grid import why_not
from bookings.beheer.phone import SOURCE, PhoneForm
from bookings.domain.dagdelen import Moment
from bookings.models import Waiting
from bookings.order import Order
from bookings.visit import Visit, enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest

State = Waiting.State
MOST_DIGITS = 9
CHOOSE = gettext_noop("Kies bij Boek voor iemand een dagdeel dat vol is.")
FREE = gettext_noop("Er is nu plek. Je kunt dit dagdeel gewoon boeken.")
TOO_LATE = gettext_noop("De plek wordt niet meer voor deze gast vastgehouden. Er is niets geboekt.")


@dataclass(frozen=True)
class List:
    """The list of one dagdeel, with its words."""

    words: str
    waits: list[Waiting]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_list(request: LoggedInRequest, slug: str) -> HttpResponse:
    """All who wait in this house. By POST `wachtlijst` (a dagdeel) puts a caller on its list: 302 to what to say,
    409 or 422; `weg` (a number) takes somebody off, and `boek` books for her the desk that is held for her.
    """
    visit = enter(request, slug, "boek")
    if request.method != "POST":
        return _page(request, visit, {"added": _of(visit, request.GET.get("gezet", ""))})
    if "weg" in request.POST:
        wait = _of(visit, request.POST["weg"])
        if wait is not None:
            leave(wait, visit.actor)
        return redirect("waiting-list", slug)
    if "boek" in request.POST:
        return _take(request, visit)
    return _add(request, visit)


def _take(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    """Book for her what is held for her: 302 to what to say, 409 when it no longer is."""
    wait = _of(visit, request.POST["boek"], (*State.listed, State.TAKEN))  # taken: perhaps by her own first tap
    if wait is None:
        return _page(request, visit, {"late": gettext(TOO_LATE)}, 409)
    try:
        reservation = take_place(wait, visit.actor)
    except (refusals.TurnIsOver, refusals.NotBookable):
        return _page(request, visit, {"late": gettext(TOO_LATE)}, 409)
    return redirect("phone-booked", visit.dorpshuis.slug, reservation.pk)


def _add(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    form = PhoneForm(request.POST)
    try:
        moment = Moment.parse(request.POST.get("wachtlijst", ""))
    except ValueError:
        return _page(request, visit, {"form": PhoneForm(), "problem": gettext(CHOOSE)}, 422)
    asked = {"form": form, "moment": moment, "words": wording.moment_words(moment)}
    if not form.is_valid():
        return _page(request, visit, asked, 422)
    try:
        wait = join(_order(visit, moment, form), visit.actor)
    except refusals.NotFull:
        return _page(request, visit, asked | {"problem": gettext(FREE)}, 409)
    except refusals.NotBookable as refusal:
        return _page(request, visit, asked | {"problem": why_not(refusal.cells[moment], visit.dorpshuis)}, 409)
    return redirect(f"{reverse('waiting-list', args=[visit.dorpshuis.slug])}?gezet={wait.pk}")


def _order(visit: Visit, moment: Moment, form: PhoneForm) -> Order:
    return Order(
        dorpshuis_id=visit.dorpshuis.pk,
        moments=(moment,),
        name=form.cleaned_data["naam"],
        email=form.cleaned_data["email"],
        phone=form.cleaned_data["telefoon"],
        source=SOURCE,
    )


def _of(visit: Visit, number: str, states: tuple[str, ...] = State.listed) -> Waiting | None:
    """Who waits in this house with this number, and stands so on its list; None for nobody."""
    if not number.isascii() or not number.isdecimal() or len(number) > MOST_DIGITS:
        return None
    rows = Waiting.objects.filter(dorpshuis=visit.dorpshuis, state__in=states)
    return rows.select_related("reservation").filter(pk=int(number)).first()


def _page(request: LoggedInRequest, visit: Visit, context: dict[str, Any], status: int = 200) -> HttpResponse:
    rows = Waiting.objects.filter(dorpshuis=visit.dorpshuis, date__gte=clock.today()).on_the_list()
    rows = rows.select_related("reservation")
    ordered = sorted(rows, key=lambda wait: (wait.moment, wait.created_at, wait.pk))
    lists = [
        List(wording.moment_words(at), list(waits)) for at, waits in groupby(ordered, key=lambda wait: wait.moment)
    ]
    return visit.show(request, "beheer/waiting.html", {"lists": lists, **context}, status)
