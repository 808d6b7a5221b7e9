"""Show once more who you are: before something that matters, and before the Django admin."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.base.accounts import app_codes, codes, factors, limits, passkeys, sessions
from portal.base.accounts.http import LoggedInRequest
from portal.login import too_often, why_not
from portal.security.guard import next_of
from portal.security.log_in import check_code, unknown_device

PENDING = "again_code"  # in the session: the number of the code that was mailed


@sensitive_post_parameters("code", "credential")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def again(request: LoggedInRequest) -> HttpResponse:
    """With the device, with the app's code, or for who has no app with a code by mail."""
    if request.method != "POST":
        return _page(request)
    if "credential" in request.POST:
        return _by_device(request)
    if app_codes.is_on(request.user):
        return _by_app(request)
    return _by_mail(request)


@sensitive_post_parameters("code", "credential")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def second_step(request: LoggedInRequest) -> HttpResponse:
    """With the device or the app's code only. Who has neither is led to setting one up."""
    if not factors.has_any(request.user):
        return render(request, "security/second_needed.html", status=200 if request.method != "POST" else 409)
    if request.method != "POST":
        return _page(request, only_factor=True)
    return _by_device(request, True) if "credential" in request.POST else _by_app(request, True)


def _by_device(request: LoggedInRequest, only_factor: bool = False) -> HttpResponse:
    try:
        user = passkeys.redeem(request.POST["credential"])
    except passkeys.Refused:
        return _page(request, only_factor=only_factor, problem=unknown_device(), status=422)
    if user != request.user:
        problem = gettext("Dit apparaat is van een ander account.")
        return _page(request, only_factor=only_factor, problem=problem, status=422)
    return _proven(request, "webauthn")


def _by_app(request: LoggedInRequest, only_factor: bool = False) -> HttpResponse:
    kind, problem, status = check_code(request, request.user)
    if problem:
        return _page(request, only_factor=only_factor, problem=problem, status=status)
    return _proven(request, kind)


def _by_mail(request: LoggedInRequest) -> HttpResponse:
    email, number = request.user.email, request.session.get(PENDING)
    if "nieuw" in request.POST or not number:
        if not limits.may(request, "request_login_code", email):
            return _page(request, problem=too_often(), status=429)
        codes.drop(number or 0)
        request.session[PENDING] = codes.ask(email).pk
        return redirect(f"{request.path}?{urlencode({'next': next_of(request)}, safe='/')}")
    try:
        codes.redeem(number, request.POST.get("code", ""))
    except codes.Refused as refusal:
        if not refusal.left:
            del request.session[PENDING]
        return _page(request, problem=why_not(refusal), status=422)
    del request.session[PENDING]
    return _proven(request, "")


def _proven(request: LoggedInRequest, kind: str) -> HttpResponse:
    if kind:
        sessions.record_second_factor(request, request.user, kind)
    sessions.prove(request)
    return redirect(next_of(request) or "my-keys")


def _page(request: LoggedInRequest, *, only_factor: bool = False, problem: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "next": next_of(request) or reverse("my-keys"),
        "has_app": app_codes.is_on(request.user),
        "has_passkey": passkeys.has_any(request.user),
        "is_asked": PENDING in request.session,
        "only_factor": only_factor,
        "problem": problem,
    }
    return render(request, "security/again.html", context, status=status)
