"""Two ways in beside the code of a mail: the device itself, and the app's code as a second step."""

from typing import Any

from allauth.account.stages import LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal.base.accounts import app_codes, limits, passkeys, sessions
from portal.base.accounts.models import User
from portal.base.accounts.stages import SecondFactor
from portal.login import HOUR_SECONDS, ask_page, let_in, no_longer
from portal.security.guard import next_of


@sensitive_post_parameters("credential")
@never_cache
@require_POST
def with_device(request: HttpRequest) -> HttpResponse:
    """Without `credential` the challenge, as JSON for the script; with it she is in, or reads why not."""
    if not limits.may(request, "passkey", ""):
        return ask_page(
            request, problem=gettext("Dit is te vaak geprobeerd. Wacht tien minuten en probeer het weer."), status=429
        )
    answer = request.POST.get("credential", "")
    if not answer:
        if not request.user.is_authenticated:
            request.session.set_expiry(HOUR_SECONDS)
        return HttpResponse(passkeys.begin_log_in(), content_type="application/json")
    try:
        user = passkeys.redeem(answer)
    except passkeys.Refused:
        return ask_page(request, problem=unknown_device(), status=422)
    if not user.is_active:
        return ask_page(request, problem=no_longer(), status=422)
    sessions.record_second_factor(request, user, "webauthn")
    return let_in(request, user, next_of(request))


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def with_app(request: HttpRequest) -> HttpResponse:
    """The second step of who has an app: its code, or one from paper. Without a first step: back to that."""
    stage: Any = LoginStageController.enter(request, SecondFactor.key)
    if stage is None or stage.login.user is None:  # her account is gone since the first step
        return redirect("login")
    if request.method != "POST":
        return render(request, "security/app_code.html")
    user: User = stage.login.user
    kind, problem, status = check_code(request, user)
    if problem:
        return render(request, "security/app_code.html", {"problem": problem}, status=status)
    if not user.is_active:
        return ask_page(request, problem=no_longer(), status=422)
    sessions.record_second_factor(request, user, kind)
    answer: HttpResponse = stage.exit()
    return answer


def check_code(request: HttpRequest, user: User) -> tuple[str, str, int]:
    """Which code she typed, why it is none, and the status that says so. Five tries in ten minutes."""
    key = f"app:{user.pk}"
    if not limits.may(request, "login_failed", key):
        return "", too_many_wrong(), 429
    kind = app_codes.check(user, request.POST.get("code", ""))
    if not kind:
        return "", gettext("Deze code klopt niet, of is al gebruikt. Wacht op de volgende code in je app."), 422
    limits.forget(request, "login_failed", key)
    return kind, "", 200


def too_many_wrong() -> str:
    """What somebody reads who guessed too often."""
    return gettext("Er is te vaak een verkeerde code ingevuld. Wacht tien minuten en probeer het weer.")


def unknown_device() -> str:
    """What somebody reads whose device we don't know."""
    return gettext("Met dit apparaat lukt het niet. Probeer het op een andere manier.")
