"""What the house says about a standing place: shape only, each mistake with a sentence of its own."""

import unicodedata
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from bookings.beheer.close_form import NO_DAY, STRANGE, DayField
from bookings.contact import ReachForm, clean_name
from bookings.domain.dagdelen import Dagdeel
from bookings.domain.standing import Pattern
from bookings.models import Reservation, StandingPlace
from bookings.refusals import EndsBeforeItBegins, InThePast, NoDates, Refused, TooLong
from bookings.standing import Wish
from portal.base import clock
from portal.base.words import weekdag
from villages.models import Desk, Dorpshuis, Tariff

WHO_LENGTH = 55
USUAL_LENGTH = timedelta(days=364)
FARTHEST = timedelta(days=2 * 365)
UNKNOWN = gettext_lazy("Dit kennen we niet in dit dorpshuis. Kies opnieuw.")
TOO_LONG = gettext_lazy("Maak dit korter: hoogstens %(limit_value)s tekens.")
REFUSED: dict[type[Refused], tuple[str, Promise]] = {
    InThePast: ("van", gettext_lazy("Deze dag is al geweest. Kies vandaag of later.")),
    EndsBeforeItBegins: ("tot", gettext_lazy("De laatste dag ligt voor de eerste dag. Kies een latere dag.")),
    TooLong: ("tot", gettext_lazy("Een vaste plek duurt hoogstens twee jaar. Kies een eerdere dag.")),
    NoDates: ("weekdag", gettext_lazy("In deze tijd valt geen enkele dag. Kies een andere weekdag of andere dagen.")),
}


def _text(most: int) -> forms.CharField:
    messages = {"max_length": TOO_LONG, "null_characters_not_allowed": STRANGE}
    return forms.CharField(required=False, max_length=most, error_messages=messages)


def _choice(choices: Any = ()) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, error_messages={"required": UNKNOWN, "invalid_choice": UNKNOWN})


class StandingForm(ReachForm):
    """Who, which desk, when, until when, at what price. `wish` is what it says, when it is valid."""

    no_contact = gettext_noop("Vul een e-mailadres of een telefoonnummer in. Dan kun je de vaste gebruiker bereiken.")

    organisatie = _text(WHO_LENGTH)
    naam = _text(WHO_LENGTH)
    taal = _choice(Reservation.Language.choices)
    weekdag = _choice()
    dagdeel = _choice([(part.value, part.value) for part in Dagdeel])
    elke = _choice(StandingPlace.Every.choices)
    van = DayField()
    tot = DayField()
    bureau = forms.ModelChoiceField(
        Desk.objects.none(), required=False, error_messages={"invalid_choice": UNKNOWN, "invalid_pk_value": UNKNOWN}
    )
    tarief = _choice()
    feestdagen = forms.BooleanField(required=False)

    def __init__(self, house: Dorpshuis, data: QueryDict | None = None) -> None:
        today = clock.today()
        usual = {"weekdag": "1", "dagdeel": "middag", "elke": "1", "van": today, "tot": today + USUAL_LENGTH}
        super().__init__(data, initial=usual | {"tarief": Tariff.Kind.GRATIS, "feestdagen": True, "taal": "nl"})
        self.house = house
        desks = Desk.objects.filter(room__dorpshuis=house).during(today, today + FARTHEST).select_related("room")
        self.desks = list(desks)
        self.weekdays = [(str(n), weekdag(date(2024, 1, 1) + timedelta(days=n))) for n in range(7)]
        kinds = set(Tariff.objects.filter(dorpshuis=house).during(today, today).values_list("kind", flat=True))
        self.tariffs = [(k, words) for k, words in Tariff.Kind.choices if k in kinds | {Tariff.Kind.GRATIS}]
        self.fields["bureau"].queryset = desks  # type: ignore[attr-defined]
        self.fields["weekdag"].choices = self.weekdays  # type: ignore[attr-defined]
        self.fields["tarief"].choices = self.tariffs  # type: ignore[attr-defined]

    def clean_organisatie(self) -> str:
        return _name(self.cleaned_data["organisatie"], gettext("Vul de naam van de organisatie in."))

    def clean_naam(self) -> str:
        return _name(self.cleaned_data["naam"], gettext("Vul in wie er komt werken."))

    def clean_van(self) -> date:
        if self.cleaned_data["van"] is None:
            raise forms.ValidationError(NO_DAY)
        return self.cleaned_data["van"]  # type: ignore[no-any-return]

    def clean_tot(self) -> date:
        if self.cleaned_data["tot"] is None:
            raise forms.ValidationError(gettext("Kies een laatste dag. Een vaste plek zonder einde kan niet."))
        return self.cleaned_data["tot"]  # type: ignore[no-any-return]

    def wish(self, form: str = "") -> Wish:
        """What it says; only when it is valid."""
        data = self.cleaned_data
        return Wish(
            Pattern(
                int(data["weekdag"]),
                Dagdeel(data["dagdeel"]),
                data["van"],
                data["tot"],
                int(data["elke"]),
                data["feestdagen"],
            ),
            organisation=data["organisatie"],
            name=data["naam"],
            email=data["email"],
            phone=data["telefoon"],
            desk=data["bureau"],
            tariff=data["tarief"],
            language=data["taal"],
            form=form,
        )

    def refuse(self, refusal: Refused) -> None:
        """Say at the right field why it can't be. Raises the refusal when it has no words here."""
        field, words = next((REFUSED[kind] for kind in REFUSED if isinstance(refusal, kind)), ("", ""))
        if not field:
            raise refusal
        self.add_error(field, str(words))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The same as fields of the form with the button."""
        return [(name, self.data.get(name, "")) for name in self.fields]


def _name(typed: str, missing: str) -> str:
    name = clean_name(typed)
    if not any(unicodedata.category(char).startswith("L") for char in name):
        raise forms.ValidationError(missing)
    if "<" in name or ">" in name:
        raise forms.ValidationError(gettext("De tekens < en > kunnen niet in een naam. Typ hem opnieuw."))
    return name
