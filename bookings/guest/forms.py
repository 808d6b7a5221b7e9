"""What a guest types. Shape only: whether a desk is free is the action's business."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy

from bookings.contact import ContactForm, clean_address, email_field
from bookings.models import Reservation


def postcode_field() -> forms.RegexField:
    """The four digits of a Dutch postcode, never the letters: those tell the street."""
    message = gettext_lazy("Vul de vier cijfers van je postcode in.")
    return forms.RegexField(
        r"\A[1-9][0-9]{3}\Z",
        required=False,
        error_messages={"invalid": message, "null_characters_not_allowed": message},
    )


class BookingForm(ContactForm):
    """Name, and e-mail or phone; the rest may stay empty."""

    bedrag = forms.IntegerField(required=False, min_value=0, max_value=10_000_000)
    postcode = postcode_field()
    doelgroep = forms.ChoiceField(
        required=False,
        choices=[("", ""), *Reservation.TargetGroup.choices],
        error_messages={"invalid_choice": gettext_lazy("Deze doelgroep kennen we niet. Kies er een uit de lijst.")},
    )
    # Hidden beside the box: whoever sends it was offered the choice.
    berichten = forms.BooleanField(required=False)
    geen_berichten = forms.BooleanField(required=False)
    opmerking = forms.CharField(
        required=False,
        max_length=500,
        error_messages={
            "max_length": gettext_lazy("Maak je opmerking korter: hoogstens 500 tekens."),
            "null_characters_not_allowed": gettext_lazy("Er staat een vreemd teken in je opmerking. Typ hem opnieuw."),
        },
    )


class DetailsForm(ContactForm):
    """A member's name and number; her address is the one that she logs in with."""

    email = None  # type: ignore[assignment]  # how Django drops a field of the parent

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data


class AnswersForm(forms.Form):
    """Three questions on the private page; each may stay empty."""

    NO_ANSWER = ("", gettext_lazy("Zeg ik liever niet"))

    postcode = postcode_field()
    gevonden = forms.ChoiceField(
        required=False,
        choices=[NO_ANSWER, *Reservation.FoundBy.choices],
        error_messages={"invalid_choice": gettext_lazy("Kies uit de lijst hoe je deze werkplek vond.")},
    )
    doelgroep = forms.ChoiceField(
        required=False,
        choices=[NO_ANSWER, *Reservation.TargetGroup.choices],
        error_messages={"invalid_choice": gettext_lazy("Kies uit de lijst wat het best bij je past.")},
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
