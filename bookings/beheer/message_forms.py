"""Which messages go out by themselves: what a house chooses for all, and what somebody of its team for herself."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from bookings.beheer.setting_forms import NOT_IN_LIST, Group, SettingForm, tick
from villages.models import Membership
from villages.models.messages import FIRST_HOUR, LAST_HOUR


def hour_field(label: Any, *, none: Any, help_text: Any = "") -> forms.TypedChoiceField:
    """An hour of the day as a number, or None in these words."""
    hours = [(hour, f"{hour}.00") for hour in range(FIRST_HOUR, LAST_HOUR + 1)]
    return forms.TypedChoiceField(
        required=False,
        label=label,
        choices=[("", none), *hours],
        coerce=int,
        empty_value=None,
        help_text=help_text,
        error_messages={"invalid_choice": NOT_IN_LIST},
    )


class MessagesForm(SettingForm):
    """The switches of the house: first what guests get, then what the team gets."""

    columns = {
        "herinnering": "reminders",
        "binnenkomen": "way_in",
        "wachtlijst": "waiting_list",
        "mis": "miss_you",
        "vaste-plek": "standing_end",
        "daglijst": "day_list_hour",
        "aanvinken": "nudge",
        "week": "weekly_line",
        "maand": "monthly",
    }
    FOR_TEAM = ("daglijst", "aanvinken", "week", "maand")

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.fields |= _for_guests() | _for_team()

    def groups(self) -> list[Group]:
        team = [field for field in self if field.name in self.FOR_TEAM]
        guests = [field for field in self if field.name not in self.FOR_TEAM]
        return [Group(gettext("Aan gasten"), guests), Group(gettext("Aan het team"), team)]


def _for_guests() -> dict[str, forms.Field]:
    return {
        "herinnering": tick(
            gettext("Herinnering voor een gast komt"),
            gettext("Vijf uur voor gratis annuleren stopt. Een gast kan dit voor zichzelf uitzetten."),
        ),
        "binnenkomen": tick(
            gettext("De avond ervoor: hoe kom je binnen"),
            gettext(
                "Alleen als er een code of een sleutel is. Die staat niet in de mail, wel op de pagina van de gast."
            ),
        ),
        "wachtlijst": tick(
            gettext("Wachtlijst"), gettext("Is een dagdeel vol? Dan kan een gast een mail vragen als er plek komt.")
        ),
        "mis": tick(
            gettext("We missen je"),
            gettext("Een mail aan wie al 45 dagen niet kwam. Alleen aan gasten die daar geen nee tegen zeiden."),
        ),
        "vaste-plek": tick(
            gettext("Een vaste plek loopt af"), gettext("Een maand ervoor vragen we of de vaste plek doorgaat.")
        ),
    }


def _for_team() -> dict[str, forms.Field]:
    return {
        "daglijst": hour_field(
            gettext("Hoe laat mailen we wie er vandaag komt?"),
            none=gettext("geen mail"),
            help_text=gettext(
                "Aan het hele team. Ieder kan zelf een ander uur kiezen, of geen. Komt er niemand? Dan geen mail."
            ),
        ),
        "aanvinken": tick(
            gettext("Wie is niet aangevinkt"),
            gettext("Een regel de ochtend erna. Alleen aan wie van het team daarvoor koos."),
        ),
        "week": tick(
            gettext("Elke maandag een regel over de week"), gettext("Aan het bestuur: geboekt, gebruikt en dicht.")
        ),
        "maand": tick(
            gettext("Elke maand de cijfers"),
            gettext("Aan het bestuur, op de zesde: de maand ervoor naast het gemiddelde van andere dorpshuizen."),
        ),
    }


class MyMessagesForm(forms.Form):
    """What somebody of the team with these roles gets herself: a host sees no other day than today."""

    def __init__(self, *args: Any, roles: Collection[str], **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.fields["daglijst"] = hour_field(
            gettext_lazy("Hoe laat mailen we wie er vandaag komt?"),
            none=gettext_lazy("geen mail"),
            help_text=gettext_lazy("Met de namen van die dag. Komt er niemand? Dan geen mail."),
        )
        if set(roles) & set(Membership.Role.running):
            self.fields["aanvinken"] = tick(
                gettext_lazy("Een regel als gisteren niet alles is aangevinkt"),
                gettext_lazy("Om 9.00 uur, een keer per dag."),
            )
        if Membership.Role.BOARD in roles:
            self.fields["week"] = tick(gettext_lazy("Elke maandag een regel over de week"))
            self.fields["maand"] = tick(gettext_lazy("Elke maand de cijfers"))
