"""Her passkeys: add one, name it, take it away."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bookings.contact import clean_name
from portal.base.accounts import passkeys, sessions
from portal.base.accounts.device import device_of
from portal.base.accounts.http import LoggedInRequest
from portal.base.accounts.models import Browser
from portal.security.guard import proven_recently
from portal.security.room import said


@sensitive_post_parameters("credential")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proven_recently
def add(request: LoggedInRequest) -> HttpResponse:
    """The page with the button; without `credential` its POST gives the challenge, with it the passkey is kept."""
    if request.method != "POST":
        return _add_page(request)
    if len(passkeys.of(request.user)) >= passkeys.MOST:
        return _add_page(request, gettext("Je hebt er al tien. Haal er eerst een weg."), 409)
    if "credential" not in request.POST:
        return HttpResponse(passkeys.begin_adding(request.user), content_type="application/json")
    try:
        passkeys.add(request.user, _name(request) or _name_of(request), request.POST["credential"])
    except passkeys.Refused:
        return _add_page(request, gettext("Het is niet gelukt. Probeer het nog een keer."), 422)
    sessions.record_second_factor(request, request.user, "webauthn")
    return redirect(said("apparaat"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@proven_recently
def passkey(request: LoggedInRequest, number: int) -> HttpResponse:
    """One of hers: another name, or (`doe=weg`) away. Another's is not there."""
    row = next((key for key in passkeys.of(request.user) if key.pk == number), None)
    if row is None:
        raise Http404
    if request.method != "POST":
        return _page(request, row)
    if request.POST.get("doe") == "weg":
        row.delete()
        return redirect(said("apparaat-weg"))
    name = _name(request)
    if not name:
        return _page(request, row, gettext("Vul een naam in. Zo herken je het apparaat later."), 422)
    passkeys.rename(row, name)
    return redirect(said("naam"))


def _name(request: LoggedInRequest) -> str:
    return clean_name(request.POST.get("naam", ""))[: passkeys.NAME_LENGTH]


def _name_of(request: LoggedInRequest) -> str:
    """What to call this device if she gives it no name."""
    browser, system = device_of(request.headers.get("user-agent", ""))
    return str(Browser(browser=browser, system=system)) if browser or system else gettext("Mijn apparaat")


def _add_page(request: LoggedInRequest, problem: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"name": _name_of(request), "problem": problem, "most": passkeys.NAME_LENGTH}
    return render(request, "security/add_passkey.html", context, status=status)


def _page(request: LoggedInRequest, row: Any, problem: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"row": row, "problem": problem, "most": passkeys.NAME_LENGTH}
    return render(request, "security/passkey.html", context, status=status)
