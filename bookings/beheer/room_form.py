"""What a volunteer says of a room or a desk: shape only, each mistake with a sentence of its own."""

import unicodedata

from django import forms
from django.utils.translation import gettext, gettext_lazy

from bookings.actions.rooms import DeskFields, RoomFields

NO_NAME = gettext_lazy("Vul een naam in, bijvoorbeeld Bureau 5.")
TOO_LONG = gettext_lazy("Maak dit korter: hoogstens %(limit_value)s tekens.")
STRANGE = gettext_lazy("Er staat een vreemd teken in. Typ het opnieuw.")
NO_NUMBER = gettext_lazy("Vul een getal in van 1 tot en met 999.")
TEXT = {"required": NO_NAME, "max_length": TOO_LONG, "null_characters_not_allowed": STRANGE}
NUMBER = {"invalid": NO_NUMBER, "min_value": NO_NUMBER, "max_value": NO_NUMBER}

# In the order of the page: the field, and its words.
TRAITS = {
    "zitsta": ("height_adjustable", gettext_lazy("Zit-stabureau")),
    "scherm": ("monitor", gettext_lazy("Met scherm")),
    "rolstoel": ("wheelchair", gettext_lazy("Geschikt voor een rolstoel")),
    "raam": ("daylight", gettext_lazy("Bij het raam")),
    "bellen": ("calls", gettext_lazy("Bellen mag")),
}


class NameForm(forms.Form):
    """A name and a place in the order."""

    naam = forms.CharField(max_length=40, error_messages=TEXT)
    volgorde = forms.IntegerField(required=False, min_value=1, max_value=999, error_messages=NUMBER)

    def clean_naam(self) -> str:
        name = unicodedata.normalize("NFC", self.cleaned_data["naam"])
        name = " ".join("".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).split())
        if not name:
            raise forms.ValidationError(NO_NAME)
        return name

    @property
    def sentences(self) -> list[str]:
        """What is wrong."""
        return [str(error) for errors in self.errors.values() for error in errors]


class DeskForm(NameForm):
    """What is special about a desk. `desk` is what it says, when it is valid."""

    zitsta = forms.BooleanField(required=False)
    scherm = forms.BooleanField(required=False)
    rolstoel = forms.BooleanField(required=False)
    raam = forms.BooleanField(required=False)
    bellen = forms.BooleanField(required=False)

    @property
    def desk(self) -> DeskFields:
        data = self.cleaned_data
        traits = {column: data[name] for name, (column, _) in TRAITS.items()}
        return DeskFields(data["naam"], data["volgorde"] or 1, **traits)

    @property
    def traits(self) -> list[tuple[str, object, bool]]:
        """Each tick with its words, and whether it is on."""
        return [(name, words, bool(self[name].value())) for name, (_, words) in TRAITS.items()]

    @staticmethod
    def of(desk: DeskFields) -> "DeskForm":
        """The form as the desk is."""
        ticks = {name: getattr(desk, column) for name, (column, _) in TRAITS.items()}
        return DeskForm(initial={"naam": desk.name, "volgorde": desk.position, **ticks})


class RoomForm(NameForm):
    """How quiet a room is. `room` is what it says, when it is valid."""

    naam = forms.CharField(max_length=80, error_messages=TEXT)
    rust = forms.CharField(required=False, max_length=200, error_messages=TEXT)

    @property
    def room(self) -> RoomFields:
        data = self.cleaned_data
        return RoomFields(data["naam"], " ".join(data["rust"].split()), data["volgorde"] or 1)

    @staticmethod
    def of(room: RoomFields) -> "RoomForm":
        """The form as the room is."""
        return RoomForm(initial={"naam": room.name, "volgorde": room.position, "rust": room.quiet_text})


def in_words(fields: DeskFields | RoomFields) -> dict[str, str]:
    """What is said of a desk or room: each field of the page in words, with its value in words."""
    found = {gettext("Naam"): fields.name, gettext("Volgorde"): str(fields.position)}
    if isinstance(fields, RoomFields):
        return found | {gettext("Hoe rustig is het er?"): fields.quiet_text or gettext("leeg")}
    yes, no = gettext("ja"), gettext("nee")
    return found | {str(words): yes if getattr(fields, column) else no for column, words in TRAITS.values()}
