"""What a member has here of herself: her name and number, a copy of all of it, and the end of it."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from bookings import refusals, wording
from bookings.actions.member import check_may_go, export_member, forget_member
from bookings.guest import memory
from bookings.guest.forms import DetailsForm
from bookings.guest.member import phone_words
from bookings.models import Booking
from bookings.person import Facts, as_shown, beyond_proof, coming_of_address, guests_of_address
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from portal.base.accounts.members import verified_address
from portal.base.accounts.models import User
from portal.base.log import GUEST


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def details(request: LoggedInRequest) -> HttpResponse:
    """Her name and number, which the booking form then holds already."""
    user = request.user
    if request.method != "POST":
        form = DetailsForm(initial={"naam": user.name, "telefoon": phone_words(user)})
        return _details_page(request, form, saved="bewaard" in request.GET)
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return _details_page(request, form, status=422)
    user.keep_details(form.cleaned_data["naam"], form.cleaned_data["telefoon"])
    return redirect(reverse("my-details") + "?bewaard=ja")


def _details_page(
    request: LoggedInRequest, form: DetailsForm, *, saved: bool = False, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "saved": saved, "address": verified_address(request.user)}
    return render(request, "mine/details.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def copy(request: LoggedInRequest) -> HttpResponse:
    """All that is kept of her, to read and print (`vorm=pagina`) or as a file. By a button: the log keeps it."""
    if request.method != "POST":
        return redirect("my-details")
    if request.POST.get("vorm") == "bestand":
        with translation.override(settings.LANGUAGE_CODE):  # what programs read is in one language
            return _file(export_member(request.user, GUEST))
    context = {"copy": export_member(request.user, GUEST), "made_at": clock.now()}
    return render(request, "mine/copy.html", context)


def _file(found: Facts) -> HttpResponse:
    content = {"gemaakt_op": clock.local(clock.now())} | found
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mijn-gegevens.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete(request: LoggedInRequest) -> HttpResponse:
    """What is given back, what goes and what stays; by POST all of it is deleted, and she is logged out."""
    if request.method != "POST":
        return _delete_page(request)
    try:
        # Without a fingerprint this is no button of ours: then what was shown is never what there is.
        forget_member(request.user, request.POST.get("afdruk") or "-", GUEST)
    except refusals.NotAsShown:
        return _delete_page(request, changed=True, status=409)
    except refusals.StillInCharge:
        return _delete_page(request, status=409)
    logout(request)
    answer = redirect("my-data-gone")
    answer.delete_cookie(memory.COOKIE, samesite="Lax")  # what was booked here leads nowhere any more
    return answer


@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """Where she is led when it is done."""
    return render(request, "mine/gone.html")


def _delete_page(request: LoggedInRequest, *, changed: bool = False, status: int = 200) -> HttpResponse:
    user = request.user
    address = verified_address(user)
    coming, guests = coming_of_address(address), guests_of_address(address)
    beyond = {row.dorpshuis_id for row in beyond_proof(address, guests)}
    houses = {guest.dorpshuis_id: guest.dorpshuis for guest in guests}
    context: dict[str, Any] = {
        "address": address,
        "coming": [(wording.moment_words(row.moment), row) for row in coming],
        "shown": as_shown(coming),
        "changed": changed,
        "in_charge": _in_charge(user),
        "houses": list(houses.values()),
        "beyond": [house for pk, house in houses.items() if pk in beyond],
        "owed_cents": sum(row.open_cents for row in _past(address, coming)),
    }
    return render(request, "mine/delete.html", context, status=status)


def _past(address: str, coming: list[Booking]) -> list[Booking]:
    """What she may still owe something for."""
    rows = Booking.objects.confirmed_to(address).filter(state__in=Booking.State.due, paid_how="")
    return list(rows.exclude(pk__in=[row.pk for row in coming]))


def _in_charge(user: User) -> refusals.StillInCharge | None:
    """Why she can't go yet, if so."""
    try:
        check_may_go(user)
    except refusals.StillInCharge as why:
        return why
    return None
