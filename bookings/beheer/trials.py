"""Trial codes: the house lets somebody work for one dagdeel for nothing."""

import secrets

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bookings import refusals
from bookings.actions.trial import MOST_A_DAY, give_trial, withdraw_trial
from bookings.contact import clean_address, email_field
from bookings.fingerprint import sealed
from bookings.models import Reservation, TrialCode
from bookings.trial import code_of, groups_of, trial_link
from bookings.visit import Visit, enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest

How = TrialCode.How
PER_PAGE = 20
UNKNOWN_BUTTON = gettext_lazy("Deze knop kennen we niet. Er is niets veranderd.")
UNKNOWN_LANGUAGE = gettext_lazy("Kies Nederlands of Engels.")
NO_ADDRESS = gettext_lazy("Vul het e-mailadres in van wie de code krijgt. Of geef de code zelf.")
TOO_MANY = gettext_lazy("Er zijn vandaag al %(number)s proefcodes gegeven. Morgen kan het weer.")
GONE = gettext_lazy("Deze proefcode is al gebruikt of ingetrokken. Er is niets veranderd.")
DONE = {
    "verstuurd": gettext_lazy("De mail met de proefcode wordt verstuurd."),
    "ingetrokken": gettext_lazy("De proefcode is ingetrokken. Hij werkt niet meer."),
}


class GiveForm(forms.Form):
    """By mail: to which address, and in which language."""

    email = email_field()
    taal = forms.ChoiceField(
        choices=Reservation.Language.choices,
        error_messages={"required": UNKNOWN_LANGUAGE, "invalid_choice": UNKNOWN_LANGUAGE},
    )

    def clean_email(self) -> str:
        if not self.cleaned_data["email"]:
            raise forms.ValidationError(NO_ADDRESS)
        return clean_address(self.cleaned_data["email"])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trials(request: LoggedInRequest, slug: str) -> HttpResponse:
    """The codes that still hold; POST gives a new one (`hoe=mail`, `kaart` or `hand`)."""
    visit = enter(request, slug, "gasten")
    if request.method != "POST":
        return _page(request, visit)
    how = request.POST.get("hoe", "")
    if how not in How.values:
        return _page(request, visit, UNKNOWN_BUTTON, 422)
    form = GiveForm(request.POST)
    if how == How.MAIL and not form.is_valid():
        return _page(request, visit, status=422, form=form)
    by_mail = {"email": form.cleaned_data["email"], "language": form.cleaned_data["taal"]} if how == How.MAIL else {}
    name = _form_name(request, visit, how, *by_mail.values())
    try:
        given = give_trial(visit.dorpshuis.pk, how, visit.actor, form=name, **by_mail)
    except refusals.TooManyCodes:
        return _page(request, visit, TOO_MANY % {"number": MOST_A_DAY}, 422, form if by_mail else None)
    if how == How.MAIL:
        return redirect(f"{reverse('trials', args=[slug])}?gedaan=verstuurd")
    return redirect("trial", slug, given.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """One code, large and on a card of A6 to print; POST takes it back."""
    visit = enter(request, slug, "gasten")
    row = get_object_or_404(TrialCode.objects.select_related("dorpshuis"), pk=number, dorpshuis=visit.dorpshuis)
    if request.method == "POST":
        try:
            withdraw_trial(row, visit.actor)
        except refusals.TrialGone:
            return _page(request, visit, GONE, 409)
        return redirect(f"{reverse('trials', args=[slug])}?gedaan=ingetrokken")
    if not TrialCode.objects.open_on(clock.today()).filter(pk=row.pk).exists():
        return _page(request, visit, GONE, 409)
    link = trial_link(row)
    context = {"row": row, "groups": groups_of(code_of(row)), "where": link.split("//")[-1].partition("?")[0]}
    return visit.show(request, "beheer/trials/card.html", context)


def _form_name(request: LoggedInRequest, visit: Visit, *said: str) -> str:
    """The form that was tapped with what it says, as the table keeps it; one without a key is a form of its own.

    Who goes back and gives the code in another way, or to another address, gives another code.
    """
    key = request.POST.get("sleutel", "")[:80] or secrets.token_hex(8)
    return sealed("trial", str(visit.dorpshuis.pk), str(request.user.pk), key, *said)


def _page(
    request: LoggedInRequest,
    visit: Visit,
    problem: str | Promise = "",
    status: int = 200,
    form: GiveForm | None = None,
) -> HttpResponse:
    codes = TrialCode.objects.filter(dorpshuis=visit.dorpshuis)
    open_codes = codes.open_on(clock.today()).select_related("given_by")
    context = {
        "page": Paginator(open_codes, PER_PAGE).get_page(request.GET.get("pagina", "1")),
        "used": codes.count() - codes.unused().count(),
        "form": form or GiveForm(initial={"taal": "nl"}),
        "languages": Reservation.Language.choices,
        "key": secrets.token_urlsafe(12),
        "problem": problem,
        "done": DONE.get(request.GET.get("gedaan", ""), ""),
    }
    return visit.show(request, "beheer/trials/trials.html", context, status)
