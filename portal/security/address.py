"""Another e-mail address: first it is shown to be hers, and only then anything changes."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.base.accounts import codes, limits, members
from portal.base.accounts.http import LoggedInRequest
from portal.login import AddressForm, too_often, why_not
from portal.security.guard import proven_recently
from portal.security.room import said

PENDING = "new_address"  # in the session: the number of the code that went to the new address, and that address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proven_recently
def address(request: LoggedInRequest) -> HttpResponse:
    """Ask for another address. Whether an account has it is not looked at: no answer, no time tells."""
    if request.method != "POST":
        return _page(request, AddressForm())
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    email = form.cleaned_data["email"]
    if email == request.user.email:
        form.add_error("email", gettext("Dit is al je e-mailadres."))
        return _page(request, form, status=422)
    if not limits.may(request, "request_login_code", email):
        return _page(request, form, problem=too_often(), status=429)
    codes.drop(request.session.get(PENDING, {}).get("number", 0))
    number = codes.ask(email, "account/email/new_address").pk
    request.session[PENDING] = {"number": number, "email": email}
    return redirect("my-address-code")


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proven_recently
def code(request: LoggedInRequest) -> HttpResponse:
    """Type the code from the new address; from then on that is hers."""
    pending = request.session.get(PENDING)
    if not pending:
        return redirect("my-address")
    if request.method != "POST":
        return _code_page(request, pending["email"])
    try:
        email = codes.redeem(pending["number"], request.POST.get("code", ""))
    except codes.Refused as refusal:
        return _code_page(request, pending["email"], why_not(refusal), over=not refusal.left, status=422)
    del request.session[PENDING]
    try:
        members.move(request.user, email)
    except members.Taken:
        problem = gettext("Er is al een account met dit adres. Log uit, en log daarmee in.")
        return _page(request, AddressForm(), problem=problem, status=409)
    return redirect(said("adres"))


def _page(request: LoggedInRequest, form: AddressForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "problem": problem}
    return render(request, "security/address.html", context, status=status)


def _code_page(
    request: LoggedInRequest, email: str, problem: str = "", *, over: bool = False, status: int = 200
) -> HttpResponse:
    context = {"email": email, "problem": problem, "over": over, "minutes": codes.LIFE.seconds // 60}
    return render(request, "security/address_code.html", context, status=status)
