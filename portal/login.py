"""The way in, by a code that is mailed, and the way out."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bookings.contact import clean_address, email_field
from bookings.guest import memory
from portal.base.accounts import codes, limits
from portal.base.accounts.members import member_of
from portal.base.accounts.models import User
from portal.base.display import language_of
from portal.security.guard import next_of
from villages.access import houses_of

# In the session of the browser that asked: the number of its code, the address, and where she was going.
PENDING = "login_code"
HOUR_SECONDS = 3600

TOO_OFTEN = gettext_noop("Er zijn te veel codes gevraagd. Probeer het later nog een keer.")
NO_LONGER = gettext_noop("Met dit e-mailadres kun je niet meer inloggen. Bel het dorpshuis of BOKD.")
LOST = gettext_noop("We weten niet meer welke code je vroeg. Vraag een nieuwe code, in deze browser.")
OVER = gettext_noop("Deze code werkt niet meer. Vraag een nieuwe code.")


class AddressForm(forms.Form):
    """Where the code goes."""

    email = email_field(required=True)

    def clean_email(self) -> str:
        return clean_address(self.cleaned_data["email"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for a code. Every address gets the same answer, in the same time, whether we know it or not."""
    if request.method != "POST":
        return ask_page(request)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return ask_page(request, form, status=422)
    email = form.cleaned_data["email"]
    if not limits.may(request, "request_login_code", email):
        return ask_page(request, form, problem=too_often(), status=429)
    return _send_code(request, email, next_of(request))


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Type the code and be in; or, with `nieuw`, ask for another."""
    pending = request.session.get(PENDING)
    if request.method != "POST":
        return _code_page(request, pending) if pending else redirect("login")
    if not pending:
        return ask_page(request, problem=gettext(LOST), status=422)
    if "nieuw" in request.POST:
        if not limits.may(request, "request_login_code", pending["email"]):
            return _code_page(request, pending, problem=too_often(), status=429)
        return _send_code(request, pending["email"], pending["next"])
    try:
        email = codes.redeem(pending["number"], request.POST.get("code", ""))
    except codes.Refused as refusal:
        return _code_page(request, pending, problem=why_not(refusal), over=not refusal.left, status=422)
    return _let_in(request, email, pending["next"])


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Log out and go home, or to the page of ours that asked for it."""
    to = next_of(request)
    logout(request)
    answer = redirect(to or "home")
    answer.delete_cookie(memory.COOKIE, samesite="Lax")  # what was booked here was booked by who is out now
    return answer


def _send_code(request: HttpRequest, email: str, then: str) -> HttpResponse:
    """Mail a code and show where to type it; the one before is worth nothing from then on."""
    before = request.session.get(PENDING)
    if before:
        codes.drop(before["number"])
    request.session[PENDING] = {"number": codes.ask(email).pk, "email": email, "next": then}
    if not request.user.is_authenticated:
        request.session.set_expiry(HOUR_SECONDS)  # an address that somebody typed is not kept for weeks
    return redirect("login-code")


def _let_in(request: HttpRequest, email: str, then: str) -> HttpResponse:
    """Log in whose address this is; who has a second factor is asked for it first."""
    user = member_of(email)
    del request.session[PENDING]
    if not user.is_active:
        return ask_page(request, problem=no_longer(), status=422)
    record_authentication(request, user, method="code", email=email)
    return let_in(request, user, then)


def let_in(request: HttpRequest, user: User, then: str) -> HttpResponse:
    """Log in who has shown who she is, by way of allauth's stages. Who was logged in here before is out."""
    someone_else = request.user.is_authenticated and request.user != user
    user.reads(language_of(request))
    answer: HttpResponse = perform_login(request, user, email=user.email, redirect_url=then or begin(user))
    if someone_else:
        answer.delete_cookie(memory.COOKIE, samesite="Lax")
    return answer


def begin(user: User) -> str:
    """The page where she begins: her house, the figures, or her bookings."""
    if houses_of(user):
        return reverse("beheer")
    return reverse("bokd" if user.is_coordinator else "mine")


def ask_page(
    request: HttpRequest, form: AddressForm | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page to log in, with what went wrong."""
    context: dict[str, Any] = {"form": form or AddressForm(), "next": next_of(request), "problem": problem}
    return render(request, "account/login.html", context, status=status)


def _code_page(
    request: HttpRequest, pending: dict[str, Any], *, problem: str = "", over: bool = False, status: int = 200
) -> HttpResponse:
    context = {"email": pending["email"], "problem": problem, "over": over, "minutes": codes.LIFE.seconds // 60}
    return render(request, "account/code.html", context, status=status)


def too_often() -> str:
    """What somebody reads who asked for too many codes."""
    return gettext(TOO_OFTEN)


def no_longer() -> str:
    """What somebody reads whose account was closed."""
    return gettext(NO_LONGER)


def why_not(refusal: codes.Refused) -> str:
    """Why this code let nobody in, and how often she may still try."""
    if not refusal.left:
        return gettext(OVER)
    words = ngettext(
        "Dat is niet de code uit de mail. Kijk hem na. Je kunt het nog één keer proberen.",
        "Dat is niet de code uit de mail. Kijk hem na. Je kunt het nog %(number)s keer proberen.",
        refusal.left,
    )
    return words % {"number": refusal.left}
