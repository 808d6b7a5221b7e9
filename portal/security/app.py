"""Her app for codes: set it up, turn it off, new codes for on paper."""

from typing import Any

from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.base.accounts import app_codes, limits, sessions
from portal.base.accounts.http import LoggedInRequest
from portal.security.guard import proven_recently
from portal.security.room import said

PENDING = "new_app"  # in the session, sealed: the secret of an app that has not shown a code yet


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proven_recently
def app(request: LoggedInRequest) -> HttpResponse:
    """What an app is, with a button; then the square to scan; then the codes for on paper. Or turn it off."""
    user, is_on = request.user, app_codes.is_on(request.user)
    if request.method != "POST":
        return _page(request, is_on=is_on)
    if "uit" in request.POST:
        app_codes.turn_off(user)
        return redirect(said("app-uit"))
    if is_on:
        return redirect("code-app")
    if "begin" in request.POST or PENDING not in request.session:
        request.session[PENDING] = app_codes.new_secret()
        return redirect("code-app")
    return _turn_on(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proven_recently
def paper(request: LoggedInRequest) -> HttpResponse:
    """New codes for on paper, shown in the answer to the button and never again."""
    if not app_codes.is_on(request.user):
        return redirect("code-app")
    if request.method != "POST":
        return _page(request, is_on=True)
    return _paper(request, app_codes.new_paper(request.user))


def _turn_on(request: LoggedInRequest) -> HttpResponse:
    key = f"new-app:{request.user.pk}"
    if not limits.may(request, "login_failed", key):
        return _page(
            request,
            problem=gettext("Er is te vaak een verkeerde code ingevuld. Wacht tien minuten en probeer het weer."),
            status=429,
        )
    try:
        fresh = app_codes.turn_on(request.user, request.session[PENDING], request.POST.get("code", ""))
    except IntegrityError:  # twice at the same instant: the app of the other tap is on
        return redirect("code-app")
    if fresh is None:
        problem = gettext("Deze code klopt niet. Kijk of de tijd van je telefoon goed staat en typ de nieuwste code.")
        return _page(request, problem=problem, status=422)
    limits.forget(request, "login_failed", key)
    del request.session[PENDING]
    sessions.record_second_factor(request, request.user, "totp")
    return _paper(request, fresh)


def _page(request: LoggedInRequest, *, is_on: bool = False, problem: str = "", status: int = 200) -> HttpResponse:
    sealed = request.session.get(PENDING)
    to_scan = app_codes.to_scan(request.user, sealed) if sealed and not is_on else None
    context: dict[str, Any] = {"is_on": is_on, "new": to_scan, "problem": problem}
    return render(request, "security/app.html", context, status=status)


def _paper(request: LoggedInRequest, fresh: list[str]) -> HttpResponse:
    groups = [(code[:4], code[4:]) for code in fresh]
    return render(request, "security/paper.html", {"codes": groups})
