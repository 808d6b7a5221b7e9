"""What a volunteer says when she closes: shape only, each mistake with a sentence of its own."""

import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from bookings.beheer.closing_words import refusal_words
from bookings.closing import Closing
from bookings.domain.dagdelen import Dagdeel
from bookings.refusals import Refused
from portal.base import clock
from villages.models import Desk, Dorpshuis, Room

REASON_LENGTH, TEXT_LENGTH = 60, 600
FARTHEST = timedelta(days=2 * 365)
# Dutch whatever the language of the page: what is chosen is kept, and the guests of the house read it.
MOST_DIGITS = 9  # of a desk's number
REASONS = ("dorpsfeest", "uitvaart", "stembureau", "verwarming stuk", "vakantie")
DAY_WORDS = {
    "vandaag": gettext_lazy("Vandaag"),
    "morgen": gettext_lazy("Morgen"),
    "week": gettext_lazy("Deze week"),
    "dagen": gettext_lazy("Andere dagen"),
}
STRANGE = gettext_lazy("Er staat een vreemd teken in. Typ het opnieuw.")
NO_DAY = gettext_lazy("Deze dag kennen we niet. Kies een dag, bijvoorbeeld 25-11-2026.")
UNKNOWN = gettext_lazy("Dit kennen we niet in dit dorpshuis. Kies opnieuw.")
# Which field says more about what goes shut.
PART_OF = {"ruimte": "ruimte", "bureaus": "bureau", "aantal": "aantal"}
MISSING = {
    "ruimte": gettext_lazy("Kies welke ruimte dicht gaat."),
    "bureau": gettext_lazy("Kies welke bureaus dicht gaan."),
    "aantal": gettext_lazy("Vul in hoeveel bureaus open blijven."),
}


class DesksField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # takes none when it runs
    """Desks by their numbers. SQLite can't be asked for a number that is too long for a row: that is no desk."""

    def clean(self, value: Any) -> Any:
        if any(len(str(number)) > MOST_DIGITS for number in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class DayField(forms.DateField):
    """A day as browsers send it, or as people type it."""

    input_formats = ("%Y-%m-%d", "%d-%m-%Y")

    def __init__(self) -> None:
        super().__init__(required=False, error_messages={"invalid": NO_DAY})


class ClosingForm(forms.Form):
    """Which days, what, which dagdelen, why. `closing` is what it says, when it is valid."""

    wanneer = forms.ChoiceField(
        required=False, choices=DAY_WORDS.items(), initial="vandaag", error_messages={"invalid_choice": NO_DAY}
    )
    van = DayField()
    tot = DayField()
    wat = forms.ChoiceField(required=False, initial="huis", error_messages={"invalid_choice": UNKNOWN})
    ruimte = forms.ModelChoiceField(
        Room.objects.none(),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Deze ruimte is er niet. Kies opnieuw.")},
    )
    bureau = DesksField(
        Desk.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("Dit bureau is er niet. Kies opnieuw."),
            "invalid_pk_value": gettext_lazy("Dit bureau is er niet. Kies opnieuw."),
        },
    )
    aantal = forms.IntegerField(
        required=False, error_messages={"invalid": gettext_lazy("Vul een getal in, bijvoorbeeld 2.")}
    )
    dagdeel = forms.MultipleChoiceField(
        required=False,
        choices=[(part.value, part.value) for part in Dagdeel],
        initial=[part.value for part in Dagdeel],
        error_messages={"invalid_choice": gettext_lazy("Dit dagdeel kennen we niet. Kies ochtend, middag of avond.")},
    )
    reden = forms.CharField(
        required=False,
        max_length=REASON_LENGTH,
        error_messages={
            "max_length": gettext_lazy("Maak de reden korter: hoogstens %(limit_value)s tekens."),
            "null_characters_not_allowed": STRANGE,
        },
    )
    tekst = forms.CharField(
        required=False,
        max_length=TEXT_LENGTH,
        error_messages={
            "max_length": gettext_lazy("Maak de tekst korter: hoogstens %(limit_value)s tekens."),
            "null_characters_not_allowed": STRANGE,
        },
    )

    def __init__(
        self, house: Dorpshuis, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        today = clock.today()
        rooms = Room.objects.filter(dorpshuis=house).during(today, today + FARTHEST)
        desks = Desk.objects.filter(room__dorpshuis=house).during(today, today + FARTHEST).select_related("room")
        self.rooms, self.desks = list(rooms), list(desks)
        self.fields["ruimte"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["bureau"].queryset = desks  # type: ignore[attr-defined]
        self.fields["wat"].choices = list(self.parts_to_close.items())  # type: ignore[attr-defined]

    @property
    def parts_to_close(self) -> dict[str, str]:
        """What can go shut in this house, in words."""
        found = {"huis": gettext("Het hele huis")}
        if len(self.rooms) > 1:
            found["ruimte"] = gettext("Een ruimte")
        if len(self.desks) > 1:
            found["bureaus"] = gettext("Bepaalde bureaus")
        if sum(not desk.is_table for desk in self.desks) > 1:
            found |= {"aantal": gettext("Een paar bureaus blijven open")}
        return found

    def clean_reden(self) -> str:
        reason = " ".join(_visible(self.cleaned_data["reden"]).split())
        if not reason:
            raise forms.ValidationError(gettext("Zeg in een paar woorden waarom. Gasten zien dit."))
        return reason

    def clean_tekst(self) -> str:
        return _visible(self.cleaned_data["tekst"]).strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._forget_what_is_not_asked(data)
        if "dagdeel" not in self.errors and not data.get("dagdeel"):
            self.add_error("dagdeel", gettext("Kies minstens een dagdeel."))
        self._check_days(data)
        field = PART_OF.get(data.get("wat", ""), "")
        if field and field not in self.errors and data.get(field) != 0 and not data.get(field):
            self.add_error(field, MISSING[field])
        return data

    def _forget_what_is_not_asked(self, data: dict[str, Any]) -> None:
        """A mistake in a field of another choice is none: that field is not in sight."""
        asked = {PART_OF.get(data.get("wat", ""), "")} | ({"van", "tot"} if self._when(data) == "dagen" else set())
        for name in {"van", "tot", *PART_OF.values()} - asked:
            self.errors.pop(name, None)
            data.pop(name, None)

    def _check_days(self, data: dict[str, Any]) -> None:
        if "van" in self.errors or "tot" in self.errors or "wanneer" in self.errors:
            return
        if self._when(data) == "dagen" and data.get("van") is None:
            self.add_error("van", gettext("Kies vanaf welke dag."))
            return
        data["first"], data["last"] = self._days(data)
        if max(data["first"], data["last"]) > clock.today() + FARTHEST:
            self.add_error("tot", gettext("Dat is te ver vooruit. Kies dagen binnen twee jaar."))

    def _when(self, data: dict[str, Any]) -> str:
        """Which days; who names a day without more, means that day."""
        return str(data.get("wanneer") or ("dagen" if self.data.get("van") else "vandaag"))

    def _days(self, data: dict[str, Any]) -> tuple[date, date]:
        today = clock.today()
        match self._when(data):
            case "vandaag":
                return today, today
            case "morgen":
                return today + timedelta(days=1), today + timedelta(days=1)
            case "week":
                return today, today + timedelta(days=6 - today.weekday())
            case _:
                return data["van"], data.get("tot") or data["van"]

    @property
    def closing(self) -> Closing:
        """The closing that it asks for; only of a valid form."""
        data = self.cleaned_data
        return Closing(
            data["first"],
            data["last"],
            data["reden"],
            frozenset(Dagdeel(part) for part in data["dagdeel"]),
            room=data.get("ruimte"),
            desks=tuple(data.get("bureau", ())),
            guest_text=data["tekst"],
            keep=data.get("aantal"),
        )

    def refuse(self, refusal: Refused) -> None:
        """Say why this closing can't be."""
        self.add_error(*refusal_words(refusal))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """All that it says, with the days written out: what the preview sends along."""
        data = self.cleaned_data
        pairs = [("wanneer", "dagen"), ("van", data["first"]), ("tot", data["last"]), ("wat", data["wat"] or "huis")]
        pairs += [("ruimte", data["ruimte"].pk)] if "ruimte" in data else []
        pairs += [("bureau", desk.pk) for desk in data.get("bureau", ())]
        pairs += [("aantal", data["aantal"])] if "aantal" in data else []
        pairs += [("dagdeel", part) for part in data["dagdeel"]]
        pairs += [("reden", data["reden"]), ("tekst", data["tekst"])]
        return [(name, str(value)) for name, value in pairs]


def _visible(text: str) -> str:
    """The text without control and direction marks; line ends stay."""
    kept = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    return "".join(char for char in kept if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
