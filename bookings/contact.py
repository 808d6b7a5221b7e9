"""Who a guest is and how to reach her, as typed: by herself, or by a volunteer on the phone. Shape only."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from phonenumber_field.formfields import PhoneNumberField

NAME_LENGTH = 120
EMAIL_LENGTH = 254
EMAIL_TOO_LONG = gettext_lazy("Dit e-mailadres is te lang. Kijk het na.")
EMAIL_STRANGE = gettext_lazy("Er staat een vreemd teken in je e-mailadres. Typ het opnieuw.")


def email_field(*, required: bool = False) -> forms.EmailField:
    """An e-mail address, with sentences for what can be wrong with it."""
    return forms.EmailField(
        required=required,
        max_length=EMAIL_LENGTH,
        error_messages={
            "required": gettext_lazy("Vul je e-mailadres in."),
            "invalid": gettext_lazy("Dit e-mailadres klopt niet helemaal. Er moet een @ in staan."),
            "max_length": EMAIL_TOO_LONG,
            "null_characters_not_allowed": EMAIL_STRANGE,
        },
    )


def clean_address(email: str) -> str:
    """The address in small letters. Raises ValidationError when that makes it too long, or one that no mail reaches.

    Django lets some letters through before the @ that only look like ours; mail servers don't. And behind it what
    nobody sees, such as a space without width that came along with a copied address.
    """
    if not email.rpartition("@")[0].isascii() or any(unicodedata.category(char) == "Cf" for char in email):
        raise forms.ValidationError(EMAIL_STRANGE)
    small = email.lower()
    if len(small) > EMAIL_LENGTH:  # some capitals become two characters
        raise forms.ValidationError(EMAIL_TOO_LONG)
    return small


class ReachForm(forms.Form):
    """E-mail or phone: one of the two is enough. Who types for somebody else has other words for that."""

    contact_field = "email"
    no_contact = gettext_noop("Vul je e-mailadres of je telefoonnummer in. Dan kunnen we je bereiken.")

    email = email_field()
    telefoon = PhoneNumberField(
        required=False,
        region="NL",
        error_messages={
            "invalid": gettext_lazy(
                "Dit telefoonnummer klopt niet. Nederlands: 10 cijfers. Uit een ander land: begin met +."
            ),
            "null_characters_not_allowed": gettext_lazy(
                "Er staat een vreemd teken in je telefoonnummer. Typ het opnieuw."
            ),
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
            self.add_error(self.contact_field, gettext(self.no_contact))
        return data


class NameForm(forms.Form):
    """A name that a person can have."""

    no_name = gettext_noop("Vul je naam in. Dan weet de vrijwilliger wie er komt.")

    naam = forms.CharField(
        required=False,
        strip=True,
        error_messages={
            "null_characters_not_allowed": gettext_lazy("Er staat een vreemd teken in je naam. Typ je naam opnieuw.")
        },
    )

    def clean_naam(self) -> str:
        name = clean_name(self.cleaned_data["naam"])
        if not any(unicodedata.category(char).startswith("L") for char in name):
            raise forms.ValidationError(gettext(self.no_name))
        if len(name) > NAME_LENGTH:
            too_long = gettext("Maak je naam korter: hoogstens %(number)s tekens.")
            raise forms.ValidationError(too_long % {"number": NAME_LENGTH})
        if "<" in name or ">" in name:
            raise forms.ValidationError(gettext("De tekens < en > kunnen niet in een naam. Typ je naam opnieuw."))
        return name


class ContactForm(NameForm, ReachForm):
    """A name, and e-mail or phone."""

    field_order = ("naam",)


def clean_name(text: str) -> str:
    """The name without control and direction marks (nobody types those on purpose), spaces folded."""
    kept = (" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    return " ".join("".join(char for char in kept if unicodedata.category(char) not in ("Cc", "Cf", "Cs")).split())
