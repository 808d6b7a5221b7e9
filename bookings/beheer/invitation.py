"""Accept an invitation to a team: by the link of a mail, or by the code on paper."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bookings import refusals
from bookings.actions.team import Newcomer, join
from bookings.codes import invitation_with_code, invitation_with_number, invitation_with_token, typed_code
from bookings.contact import NameForm, clean_address, email_field
from bookings.wording import role_may, role_words
from portal.base import clock
from portal.base.accounts.models import User
from portal.base.accounts.sessions import log_in_proven
from portal.base.log import GUEST
from portal.base.log import house as actor_of
from portal.base.tries import count_wrong_try, may_try
from villages.models import Invitation, Membership

REMEMBERED = "uitnodiging"  # in the session: the number of the invitation whose code was typed before logging in
TRIES, CODE = 10, "invitation-code"
NO_CODE = gettext_lazy(
    "Vul de code in: zestien letters. Een code heeft geen cijfers, en niet de letters A, E, I, L, O, Q, U en V."
)
WRONG_CODE = gettext_lazy(
    "Deze code kennen we niet. Kijk de letters nog eens na. Klopt het niet? Vraag het dorpshuis om een nieuwe."
)
TOO_OFTEN = gettext_lazy(
    "Er is te vaak een verkeerde code ingevuld. Probeer het over een uur weer, of bel het dorpshuis."
)


class AcceptForm(NameForm):
    """Her name; the house sees it in its team."""

    no_name = gettext_noop("Vul je naam in. Dan weet het team wie je bent.")


class CodeForm(AcceptForm):
    """The code, her name and her address. Who is logged in needs only the code, and a name if she has none."""

    code = forms.CharField(
        required=False,
        max_length=100,
        error_messages=dict.fromkeys(("max_length", "null_characters_not_allowed"), NO_CODE),
    )
    email = email_field(required=True)
    field_order = ("code", "naam", "email")

    def clean_code(self) -> str:
        code = typed_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(NO_CODE)
        return code

    def clean_email(self) -> str:
        return clean_address(self.cleaned_data["email"])


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The invitation of a mailed link, with one button; the button accepts. Whoever only looks changes nothing."""
    invitation = invitation_with_token(token)
    if invitation is None:
        return _gone(request, None)
    if request.method != "POST":
        return _ask(request, invitation)
    return _accept(request, invitation, is_proven=True)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """The form for a code on paper, and what it sends. After logging in the code is not asked again."""
    me = _me(request)
    remembered = invitation_with_number(request.session.get(REMEMBERED)) if me else None
    if request.method != "POST":
        return _ask(request, remembered) if remembered else _type(request, _code_form(me))
    if remembered and "code" not in request.POST:
        return _accept(request, remembered, is_proven=False)
    form = _code_form(me, request.POST)
    if not form.is_valid():
        return _type(request, form, 422)
    if not may_try(request, CODE, TRIES):
        form.add_error("code", TOO_OFTEN)
        return _type(request, form, 429)
    invitation = invitation_with_code(form.cleaned_data["code"])
    if invitation is None:
        count_wrong_try(request, CODE)
        form.add_error("code", WRONG_CODE)
        return _type(request, form, 422)
    return _join(request, invitation, Newcomer(form.cleaned_data.get("email", ""), form.cleaned_data.get("naam", "")))


def _accept(request: HttpRequest, invitation: Invitation, *, is_proven: bool) -> HttpResponse:
    """The one button: with her name, if we don't know it."""
    name = ""
    if invitation.is_open(clock.now()) and _asks_name(request, invitation):
        form = AcceptForm(request.POST)
        if not form.is_valid():
            return _ask(request, invitation, form, 422)
        name = form.cleaned_data["naam"]
    return _join(request, invitation, Newcomer(invitation.email, name, is_proven=is_proven))


def _join(request: HttpRequest, invitation: Invitation, newcomer: Newcomer) -> HttpResponse:
    me = _me(request)
    try:
        user = join(invitation, newcomer, actor_of(me) if me else GUEST)
    except refusals.InvitationGone:
        return _gone(request, invitation)
    except refusals.AlreadyInTeam:
        return _already(request, invitation)
    except refusals.KnownAddress:
        return _log_in_first(request, invitation, newcomer)
    request.session.pop(REMEMBERED, None)
    if me is None:
        log_in_proven(request, user)
    return redirect("today", invitation.dorpshuis.slug)


def _ask(
    request: HttpRequest, invitation: Invitation, form: AcceptForm | None = None, status: int = 200
) -> HttpResponse:
    """Which house, which role, as whom; and the button."""
    if not invitation.is_open(clock.now()):
        return _gone(request, invitation)
    me = _me(request)
    if me and Membership.objects.own(invitation.dorpshuis).filter(user=me).exists():
        return _already(request, invitation, 200)
    context = {"form": form or AcceptForm(), "asks_name": _asks_name(request, invitation)}
    return _show(request, "accept", invitation, context, status)


def _asks_name(request: HttpRequest, invitation: Invitation) -> bool:
    """Who is logged in, or has an account at the address of the mail, may have given her name before."""
    user = _me(request) or User.objects.filter(email=invitation.email).first()
    return user is None or not user.name


def _code_form(me: User | None, data: Any = None) -> CodeForm:
    form = CodeForm(data)
    if me:
        del form.fields["email"]
        if me.name:
            del form.fields["naam"]
    return form


def _type(request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    return render(request, "invitation/code.html", {"form": form}, status=status)


def _log_in_first(request: HttpRequest, invitation: Invitation, newcomer: Newcomer) -> HttpResponse:
    """The address is somebody's: she logs in, comes back, and accepts as herself. The code stays in her session."""
    back = request.path if newcomer.is_proven else reverse("invitation-code")
    if not newcomer.is_proven:
        request.session[REMEMBERED] = invitation.pk
    return _show(request, "log_in", invitation, {"next": back}, 409)


def _already(request: HttpRequest, invitation: Invitation, status: int = 409) -> HttpResponse:
    return _show(request, "already", invitation, {}, status)


def _gone(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """Used, withdrawn, past its end (410), or never there (404): what to do is the same."""
    house = invitation.dorpshuis if invitation else None
    return render(request, "invitation/gone.html", {"house": house}, status=410 if invitation else 404)


def _show(
    request: HttpRequest, template: str, invitation: Invitation, context: dict[str, Any], status: int
) -> HttpResponse:
    words = {"role": role_words(invitation.role), "may": role_may(invitation.role)}
    page = {"invitation": invitation, "house": invitation.dorpshuis} | words
    return render(request, f"invitation/{template}.html", page | context, status=status)


def _me(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
