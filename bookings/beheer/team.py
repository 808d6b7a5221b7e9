"""The team of a house: who is in it, who was asked, and who may do what."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bookings import refusals
from bookings.actions import team as act
from bookings.codes import grouped
from bookings.contact import clean_address, email_field
from bookings.visit import Visit, enter
from bookings.wording import role_may, role_words
from portal.base import clock, outbox
from portal.base.accounts.http import LoggedInRequest
from villages.doors import DOORS, Door
from villages.models import Dorpshuis, Invitation, Membership

Role = Membership.Role
UNKNOWN_ROLE = gettext_lazy("Kies een rol uit de lijst.")
UNKNOWN_BUTTON = gettext_lazy("Deze knop kennen we niet. Er is niets veranderd.")
NO_ADDRESS = gettext_lazy("Vul het e-mailadres in van wie je uitnodigt. Of maak een code op papier.")
IN_TEAM = gettext_lazy("Dit e-mailadres hoort al bij het team. Een andere rol geef je bij “Wijzig”.")
INVITED = gettext_lazy(
    "Dit e-mailadres heeft al een uitnodiging. Die staat hieronder. Stuur hem daar opnieuw, of trek hem in."
)
TOO_MANY = gettext_lazy("Je nodigde vandaag al %(number)s keer iemand uit. Morgen kan het weer.")
GONE = gettext_lazy("Deze uitnodiging is net gebruikt of ingetrokken. Er is niets veranderd.")
LAST = gettext_lazy(
    "Er moet iemand overblijven die het team kiest. Dit is de laatste. "
    "Maak eerst iemand anders lid van het bestuur. Daarna kan dit wel."
)
DONE = {
    "verstuurd": gettext_lazy("De uitnodiging is verstuurd."),
    "ingetrokken": gettext_lazy("De uitnodiging is ingetrokken. De link of de code werkt niet meer."),
    "rol": gettext_lazy("De rol is veranderd. Er gaat een mail naar deze persoon."),
    "weg": gettext_lazy("Deze persoon hoort niet meer bij het team. Er gaat een mail naar deze persoon."),
}


@dataclass(frozen=True)
class RoleChoice:
    """A role as one chooses it."""

    value: str
    words: str
    may: str


@dataclass(frozen=True)
class OpenTo:
    """A room, and for each role whether it opens."""

    door: Door
    opens: list[bool]


class InviteForm(forms.Form):
    """Which role, and for a mail which address."""

    rol = forms.ChoiceField(
        choices=Role.choices, error_messages={"required": UNKNOWN_ROLE, "invalid_choice": UNKNOWN_ROLE}
    )
    email = email_field()

    def clean_email(self) -> str:
        return clean_address(self.cleaned_data["email"])


class MailForm(InviteForm):
    """The same for a mail: then the address is needed."""

    def clean_email(self) -> str:
        if not self.cleaned_data["email"]:
            raise forms.ValidationError(NO_ADDRESS)
        return super().clean_email()


@login_required
@require_safe
def team(request: LoggedInRequest, slug: str) -> HttpResponse:
    """Who is in the team, who was asked, and what each may."""
    return _page(request, enter(request, slug, "team"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: LoggedInRequest, slug: str) -> HttpResponse:
    """Invite by mail (`hoe=mail`, `email`), or by a code that is shown once (`hoe=papier`). A GET changes nothing."""
    visit = enter(request, slug, "team")
    if request.method != "POST":
        return redirect("team", slug)
    how = request.POST.get("hoe", "mail")
    form = MailForm(request.POST) if how == "mail" else InviteForm({"rol": request.POST.get("rol", "")})
    if how not in ("mail", "papier"):
        return _page(request, visit, UNKNOWN_BUTTON, 422)
    if not form.is_valid():
        return _page(request, visit, status=422, form=form)
    try:
        invited = act.invite(visit.dorpshuis.pk, form.cleaned_data["rol"], form.cleaned_data["email"], visit.actor)
    except refusals.Refused as refusal:
        return _refused(request, visit, refusal, form)
    return _told(request, visit, invited)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act_on_invitation(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """Take it back (`doe=intrekken`), or make it anew (`doe=opnieuw`). A GET changes nothing."""
    visit = enter(request, slug, "team")
    invitation = get_object_or_404(Invitation, pk=number, dorpshuis=visit.dorpshuis)
    if request.method != "POST":
        return redirect("team", slug)
    wanted = request.POST.get("doe", "")
    try:
        if wanted == "intrekken":
            act.withdraw_invitation(invitation, visit.actor)
            return _done(visit, "ingetrokken")
        if wanted == "opnieuw":
            return _told(request, visit, act.invite_again(invitation, visit.actor))
    except refusals.Refused as refusal:
        return _refused(request, visit, refusal)
    return _page(request, visit, UNKNOWN_BUTTON, 422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """Somebody of the team, and her role (`rol`). Who comes from the operator is not found here."""
    visit = enter(request, slug, "team")
    row = _member(visit, number)
    if request.method != "POST":
        return _member_page(request, visit, row)
    role = request.POST.get("rol", "")
    if role not in Role.values:
        return _member_page(request, visit, row, UNKNOWN_ROLE, 422)
    try:
        act.change_role(row, role, visit.actor)
    except refusals.NotInCharge:
        raise PermissionDenied from None
    except refusals.LastKeeper:
        return _member_page(request, visit, row, LAST, 409)
    return _done(visit, "rol")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """Asks whether somebody, or she herself, is to leave the team; the button does it."""
    visit = enter(request, slug, "team")
    row = _member(visit, number)
    if request.method != "POST":
        return _leave_page(request, visit, row)
    try:
        act.leave(row, visit.actor)
    except refusals.NotInCharge:
        raise PermissionDenied from None
    except refusals.LastKeeper:
        return _leave_page(request, visit, row, LAST, 409)
    return _done(visit, "weg")


def _member(visit: Visit, number: int) -> Membership:
    """Raises Http404 for a number of another house, or of the operator."""
    return get_object_or_404(Membership.objects.own(visit.dorpshuis).select_related("user"), pk=number)


def _member_page(
    request: LoggedInRequest, visit: Visit, row: Membership, problem: str | Promise = "", status: int = 200
) -> HttpResponse:
    context = {"row": row, "is_me": row.user == request.user, "roles": role_choices(), "problem": problem}
    return visit.show(request, "beheer/team/member.html", context, status)


def _leave_page(
    request: LoggedInRequest, visit: Visit, row: Membership, problem: str | Promise = "", status: int = 200
) -> HttpResponse:
    context = {"row": row, "is_me": row.user == request.user, "problem": problem}
    return visit.show(request, "beheer/team/leave.html", context, status)


def _told(request: LoggedInRequest, visit: Visit, invited: act.Invited) -> HttpResponse:
    """Mailed: back to the team. On paper: this answer is the only place where the code ever stands."""
    if not invited.code:
        return _done(visit, "verstuurd")
    context = {
        "invitation": invited.invitation,
        "role": role_words(invited.invitation.role),
        "groups": grouped(invited.code),
        "where": settings.PUBLIC_URL.split("//")[-1] + reverse("invitation-code").rstrip("/"),
    }
    return visit.show(request, "beheer/team/code.html", context)


def _done(visit: Visit, what: str) -> HttpResponse:
    """To the team with a sentence; who may no longer see it goes to where she may."""
    still = Membership.objects.of(visit.actor.user, visit.dorpshuis) if visit.actor.user else Membership.objects.none()
    roles = {row.role for row in still}
    if roles & set(visit.door.roles):
        return redirect(f"{reverse('team', args=[visit.dorpshuis.slug])}?gedaan={what}")
    return redirect("today", visit.dorpshuis.slug) if roles else redirect("home")


def _refused(
    request: LoggedInRequest, visit: Visit, refusal: refusals.Refused, form: InviteForm | None = None
) -> HttpResponse:
    sentences: dict[type[refusals.Refused], tuple[str | Promise, int]] = {
        refusals.AlreadyInTeam: (IN_TEAM, 422),
        refusals.AlreadyInvited: (INVITED, 422),
        refusals.TooManyInvitations: (TOO_MANY % {"number": act.MOST_A_DAY}, 422),
        refusals.InvitationGone: (GONE, 409),
    }
    if type(refusal) not in sentences:
        raise PermissionDenied
    return _page(request, visit, *sentences[type(refusal)], form=form)


def _page(
    request: LoggedInRequest,
    visit: Visit,
    problem: str | Promise = "",
    status: int = 200,
    form: InviteForm | None = None,
) -> HttpResponse:
    house = visit.dorpshuis
    own = list(Membership.objects.own(house).in_order())
    invitations = list(Invitation.objects.open_at(clock.now()).filter(dorpshuis=house))
    context = {
        "own": own,
        "of_operator": _of_operator(house),
        "invitations": invitations,
        "not_mailed": _not_mailed(own, invitations),
        "roles": role_choices(),
        "role_names": Role.labels,
        "rooms": rooms(house),
        "form": form or InviteForm(initial={"rol": Role.VOLUNTEER}),
        "problem": problem,
        "done": DONE.get(request.GET.get("gedaan", ""), ""),
    }
    return visit.show(request, "beheer/team/team.html", context, status)


def _not_mailed(own: list[Membership], invitations: list[Invitation]) -> set[Membership | Invitation]:
    """Whose last mail from this page never arrived. One query."""
    about: dict[str, Membership | Invitation] = {f"team:{row.dorpshuis_id}:{row.user_id}": row for row in own}
    about |= {f"invitation:{row.pk}": row for row in invitations}
    return {about[subject] for subject in outbox.never_arrived(list(about))}


def _of_operator(house: Dorpshuis) -> list[Membership]:
    if house.operator_id is None:
        return []
    return list(Membership.objects.filter(operator=house.operator_id).in_order())


def role_choices() -> list[RoleChoice]:
    """The roles, from few rights to many, with what each lets somebody do."""
    return [RoleChoice(role.value, role_words(role), role_may(role)) for role in Role]


def rooms(house: Dorpshuis) -> list[OpenTo]:
    """Who may what: each room that has a page, and for which roles its door opens."""
    return [OpenTo(door, [role in door.roles for role in Role.values]) for door in DOORS if _has_page(door, house)]


def _has_page(door: Door, house: Dorpshuis) -> bool:
    try:
        return bool(reverse(door.url_name, args=[house.slug]))
    except NoReverseMatch:
        return False
