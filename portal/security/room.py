"""The room about logging in: what lets her in, and where she is in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from portal.base import clock
from portal.base.accounts import app_codes, passkeys, sessions
from portal.base.accounts.http import LoggedInRequest
from portal.base.accounts.models import Browser

DIGITS = 18  # more than a row's number can have
DONE = {
    "apparaat": lambda: gettext("Je kunt nu ook inloggen met dit apparaat."),
    "naam": lambda: gettext("De naam is veranderd."),
    "apparaat-weg": lambda: gettext("Met dat apparaat kun je niet meer inloggen."),
    "app-uit": lambda: gettext("De code-app staat uit. Je logt nu in met alleen de code uit de mail."),
    "browser": lambda: gettext("Je bent daar uitgelogd."),
    "browsers": lambda: gettext("Je bent op alle andere apparaten uitgelogd."),
    "adres": lambda: gettext("Je e-mailadres is veranderd."),
}


@require_safe
@login_required
def room(request: LoggedInRequest) -> HttpResponse:
    """All of it on one page; `?gedaan=` names what she did just now."""
    user = request.user
    done = DONE.get(request.GET.get("gedaan", ""))
    context = {
        "passkeys": passkeys.of(user),
        "app": app_codes.status(user),
        "browsers": Browser.objects.filter(user=user, session__expire_date__gt=clock.now()).order_by(
            "-seen_on", "-since"
        ),
        "here": request.session.session_key,
        "done": done() if done else "",
    }
    return render(request, "security/room.html", context)


@require_POST
@login_required
def log_out_elsewhere(request: LoggedInRequest) -> HttpResponse:
    """Log out in one other browser (`browser`), or in all others. One that is out already is simply out."""
    number = request.POST.get("browser", "")
    if not number:
        sessions.end_others(request, request.user)
        return redirect(said("browsers"))
    if number.isascii() and number.isdigit() and len(number) <= DIGITS:
        sessions.end(request.user, int(number))
    return redirect(said("browser"))


def said(done: str) -> str:
    """The room's address, that says what was done."""
    return f"{reverse('my-keys')}?gedaan={done}"
