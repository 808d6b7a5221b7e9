"""What a guest types. Shape only: whether a desk is free is the action's business."""

import unicodedata
from typing import Any, Self

from django import forms
from phonenumber_field.formfields import PhoneNumberField

from bookings.models import Reservation

NAME_LENGTH = 120
EMAIL_LENGTH = 254
EMAIL_TOO_LONG = "Dit e-mailadres is te lang. Kijk het na."
NO_CONTACT = "Vul je e-mailadres of je telefoonnummer in. Dan kunnen we je bereiken."


def email_field(*, required: bool = False) -> forms.EmailField:
    """An e-mail address, with sentences for what can be wrong with it."""
    return forms.EmailField(
        required=required,
        max_length=EMAIL_LENGTH,
        error_messages={
            "required": "Vul je e-mailadres in.",
            "invalid": "Dit e-mailadres klopt niet helemaal. Er moet een @ in staan.",
            "max_length": EMAIL_TOO_LONG,
            "null_characters_not_allowed": "Er staat een vreemd teken in je e-mailadres. Typ het opnieuw.",
        },
    )


def postcode_field() -> forms.RegexField:
    """The four digits of a Dutch postcode, never the letters: those tell the street."""
    message = "Vul de vier cijfers van je postcode in."
    return forms.RegexField(
        r"\A[1-9][0-9]{3}\Z",
        required=False,
        error_messages={"invalid": message, "null_characters_not_allowed": message},
    )


def clean_address(email: str) -> str:
    """The address in small letters. Raises ValidationError when that makes it too long."""
    small = email.lower()
    if len(small) > EMAIL_LENGTH:  # some capitals become two characters
        raise forms.ValidationError(EMAIL_TOO_LONG)
    return small


class ContactForm(forms.Form):
    """E-mail or phone: one of the two is enough."""

    email = email_field()
    telefoon = PhoneNumberField(
        required=False,
        region="NL",
        error_messages={
            "invalid": "Dit telefoonnummer klopt niet. Nederlands: 10 cijfers. Uit een ander land: begin met +.",
            "null_characters_not_allowed": "Er staat een vreemd teken in je telefoonnummer. Typ het opnieuw.",
        },
    )

    def clean_email(self) -> str:
        return clean_address(self.cleaned_data["email"])

    def clean_telefoon(self) -> str:
        number = self.cleaned_data["telefoon"]
        return number.as_e164 if number else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        asked = "email" not in self.errors and "telefoon" not in self.errors
        if asked and not data.get("email") and not data.get("telefoon"):
            self.add_error("email", NO_CONTACT)
        return data


class BookingForm(ContactForm):
    """Name, and e-mail or phone; the rest may stay empty."""

    naam = forms.CharField(
        required=False,
        strip=True,
        error_messages={"null_characters_not_allowed": "Er staat een vreemd teken in je naam. Typ je naam opnieuw."},
    )
    bedrag = forms.IntegerField(required=False, min_value=0, max_value=10_000_000)
    postcode = postcode_field()
    doelgroep = forms.ChoiceField(
        required=False,
        choices=[("", ""), *Reservation.TargetGroup.choices],
        error_messages={"invalid_choice": "Deze doelgroep kennen we niet. Kies er een uit de lijst."},
    )
    geen_berichten = forms.BooleanField(required=False)
    opmerking = forms.CharField(
        required=False,
        max_length=500,
        error_messages={
            "max_length": "Maak je opmerking korter: hoogstens 500 tekens.",
            "null_characters_not_allowed": "Er staat een vreemd teken in je opmerking. Typ hem opnieuw.",
        },
    )

    def clean_naam(self) -> str:
        name = clean_name(self.cleaned_data["naam"])
        if not any(unicodedata.category(char).startswith("L") for char in name):
            raise forms.ValidationError("Vul je naam in. Dan weet de vrijwilliger wie er komt.")
        if len(name) > NAME_LENGTH:
            raise forms.ValidationError(f"Maak je naam korter: hoogstens {NAME_LENGTH} tekens.")
        if "<" in name or ">" in name:
            raise forms.ValidationError("De tekens < en > kunnen niet in een naam. Typ je naam opnieuw.")
        return name


class AnswersForm(forms.Form):
    """Three questions on the private page; each may stay empty."""

    NO_ANSWER = ("", "Zeg ik liever niet")

    postcode = postcode_field()
    gevonden = forms.ChoiceField(
        required=False,
        choices=[NO_ANSWER, *Reservation.FoundBy.choices],
        error_messages={"invalid_choice": "Kies uit de lijst hoe je deze werkplek vond."},
    )
    doelgroep = forms.ChoiceField(
        required=False,
        choices=[NO_ANSWER, *Reservation.TargetGroup.choices],
        error_messages={"invalid_choice": "Kies uit de lijst wat het best bij je past."},
    )

    @classmethod
    def of(cls, reservation: Reservation) -> Self:
        """The form with what she answered before."""
        given = (reservation.postcode, reservation.found_by, reservation.target_group)
        return cls(initial=dict(zip(("postcode", "gevonden", "doelgroep"), given, strict=True)))


class LostLinkForm(forms.Form):
    """The address that a confirmation went to."""

    email = email_field(required=True)

    def clean_email(self) -> str:
        return clean_address(self.cleaned_data["email"])


def clean_name(text: str) -> str:
    """The name without control and direction marks (nobody types those on purpose), spaces folded."""
    kept = (" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    return " ".join("".join(char for char in kept if unicodedata.category(char) not in ("Cc", "Cf", "Cs")).split())
