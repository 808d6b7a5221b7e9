"""Ask for a desk in the house of one's own village."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from bookings.actions.apply import Application
from bookings.actions.apply import apply as apply_for
from bookings.contact import NAME_LENGTH, ReachForm, clean_name
from bookings.domain.names import Match, match
from bookings.guest.home import offered
from bookings.guest.search import LONGEST_NAME, place_of
from portal.base.log import GUEST
from villages.models import Village

NO_HOUSE_NAME = gettext_noop("Vul de naam van het dorpshuis in. Weet je die niet? Vul dan je dorp in.")
TRAP = "website"  # a field that people don't see
STRANGE = {"null_characters_not_allowed": gettext_lazy("Er staat een vreemd teken in. Typ het opnieuw.")}
NO_VILLAGE = gettext_noop("Vul de naam van je dorp in.")


class ApplyForm(ReachForm):
    """Which house, and who asks."""

    dorp = forms.CharField(
        max_length=LONGEST_NAME,
        error_messages={
            **STRANGE,
            "required": gettext_lazy("Vul de naam van je dorp in."),
            "max_length": gettext_lazy("Maak de naam van je dorp korter: hoogstens %(limit_value)s tekens."),
        },
    )
    huis = forms.CharField(required=False, error_messages=STRANGE)
    naam = forms.CharField(required=False, error_messages=STRANGE)
    opmerking = forms.CharField(
        required=False,
        max_length=500,
        error_messages={**STRANGE, "max_length": gettext_lazy("Maak je opmerking korter: hoogstens 500 tekens.")},
    )

    def clean_dorp(self) -> str:
        return _name(self.cleaned_data["dorp"], gettext(NO_VILLAGE))

    def clean_huis(self) -> str:
        return _name(self.cleaned_data["huis"], gettext(NO_HOUSE_NAME))

    def clean_naam(self) -> str:
        return _name(self.cleaned_data["naam"], gettext("Vul je naam in. Dan weet BOKD wie er vraagt."))


def _name(typed: str, missing: str) -> str:
    name = clean_name(typed)
    if not any(char.isalpha() for char in name):
        raise forms.ValidationError(missing)
    if len(name) > NAME_LENGTH:
        too_long = gettext("Maak deze naam korter: hoogstens %(number)s tekens.")
        raise forms.ValidationError(too_long % {"number": NAME_LENGTH})
    return name


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The form (`?dorp=` the village's slug), and what it sends: 302 to the thanks, or 422 with what was typed."""
    villages = list(Village.objects.select_related("municipality"))
    if request.method != "POST":
        here = next((village for village in villages if village.slug == request.GET.get("dorp")), None)
        return _answer(request, ApplyForm(initial={"dorp": place_of(here).full if here else ""}), villages)
    if request.POST.get(TRAP):
        return redirect("applied")
    form = ApplyForm(request.POST)
    matched = match(request.POST.get("dorp", "")[:LONGEST_NAME], (place_of(village) for village in villages))
    if form.is_valid() and len(matched.found) > 1:
        names = gettext(" of ").join(place.full for place in matched.found)
        form.add_error("dorp", gettext("Kies welk dorp je bedoelt: %(names)s.") % {"names": names})
    if not form.is_valid():
        return _answer(request, form, villages)
    apply_for(_application(form.cleaned_data, matched), GUEST)
    return redirect("applied")


@require_safe
def applied(request: HttpRequest) -> HttpResponse:
    """Thanks, and what happens next: the same words for everybody, also for who had asked before."""
    return render(request, "places/applied.html")


def _application(data: dict[str, Any], matched: Match) -> Application:
    return Application(
        place=data["dorp"],
        village_id=matched.found[0].number if matched.found else None,
        house_name=data["huis"],
        name=data["naam"],
        email=data["email"],
        phone=data["telefoon"],
        remark=" ".join(data["opmerking"].split()),
    )


def _answer(request: HttpRequest, form: ApplyForm, villages: list[Village]) -> HttpResponse:
    context = {"form": form, "places": offered(villages), "trap": TRAP}
    return render(request, "places/apply.html", context, status=422 if form.is_bound else 200)
