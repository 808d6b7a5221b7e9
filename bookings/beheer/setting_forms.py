"""What board and treasurer type about their house: a form per subject, each mistake with a sentence of its own."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext, gettext_lazy

from bookings.actions.settings import Values
from bookings.beheer.close_form import NO_DAY, STRANGE
from portal.base import clock
from portal.base.words import dagdeel
from villages.models import AccessWay, Dagdeel, Facility

TOO_LONG = gettext_lazy("Dit is te lang. Maak het korter: hoogstens %(limit_value)s tekens.")
NO_NUMBER = gettext_lazy("Vul een heel getal in.")
NO_TIME = gettext_lazy("Vul een tijd in, bijvoorbeeld 17:00.")
BAD_LINK = gettext_lazy("Deze link klopt niet. Hij begint met https://.")
NOT_IN_LIST = gettext_lazy("Kies uit de lijst.")
MORE_FACILITIES, MOST_FACILITIES = 3, 40
# A number of four to six digits, as the code of a lock has: the public text may hold none.
_LIKE_A_CODE = re.compile(r"(?<!\d)\d{4,6}(?!\d)")


def words(label: Any, *, most: int, lines: int = 0, help_text: Any = "") -> forms.CharField:
    """A text of at most so many characters; of more than one line if `lines`."""
    widget = forms.Textarea({"rows": lines}) if lines else forms.TextInput({"autocomplete": "off"})
    errors = {"max_length": TOO_LONG, "null_characters_not_allowed": STRANGE}
    return forms.CharField(
        required=False, label=label, max_length=most, widget=widget, help_text=help_text, error_messages=errors
    )


def number(label: Any, low: int, high: int, *, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    """A whole number from `low` up to and with `high`."""
    wrong = gettext_lazy("Kies een getal van %(limit_value)s of meer.")
    high_wrong = gettext_lazy("Kies een getal van hoogstens %(limit_value)s.")
    return forms.IntegerField(
        required=required,
        label=label,
        min_value=low,
        max_value=high,
        help_text=help_text,
        error_messages={"required": NO_NUMBER, "invalid": NO_NUMBER, "min_value": wrong, "max_value": high_wrong},
    )


def tick(label: Any, help_text: Any = "") -> forms.BooleanField:
    """Yes or no."""
    return forms.BooleanField(required=False, label=label, help_text=help_text)


@dataclass(frozen=True)
class Group:
    """Fields that belong together, with the words above them; without words they are all there is."""

    words: str
    fields: list[BoundField]


class SettingForm(forms.Form):
    """The fields of one subject. `columns`: which field is which column of the house."""

    columns: Mapping[str, str] = {}

    @classmethod
    def of(cls, values: Values) -> "SettingForm":
        """The form with what stands now."""
        return cls(initial=cls.initial_of(values))

    @classmethod
    def initial_of(cls, values: Values) -> dict[str, Any]:
        """What stands now, by the names of the fields."""
        return {name: values[column] for name, column in cls.columns.items()}

    def values(self) -> Values:
        """What was typed, once it is valid, as the action wants it."""
        return {column: plain(self.cleaned_data[name]) for name, column in self.columns.items()}

    def groups(self) -> list[Group]:
        """The fields as the page shows them."""
        return [Group("", list(self))]


def plain(value: Any) -> Any:
    """The value; text with one kind of line end, as the table has it."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


class TextsForm(SettingForm):
    columns = {"tekst": "intro", "waarom": "why"}
    tekst = words(gettext_lazy("Korte tekst over je huis"), most=400, lines=4)
    waarom = words(gettext_lazy("Waarom hier werken?"), most=400, lines=4, help_text=gettext_lazy("Drie korte regels."))


class InternetForm(SettingForm):
    columns = {"omlaag": "internet_down", "omhoog": "internet_up", "gemeten": "internet_measured_on"}
    omlaag = number(gettext_lazy("Downloaden, in Mbit per seconde"), 1, 100_000, required=False)
    omhoog = number(gettext_lazy("Uploaden, in Mbit per seconde"), 1, 100_000, required=False)
    gemeten = forms.DateField(
        required=False,
        label=gettext_lazy("Gemeten op"),
        input_formats=("%Y-%m-%d", "%d-%m-%Y"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": NO_DAY},
    )

    def clean_gemeten(self) -> Any:
        day = self.cleaned_data["gemeten"]
        if day and day > clock.today():
            raise forms.ValidationError(gettext("Deze dag komt nog. Kies de dag waarop je hebt gemeten."))
        return day


class PayForm(SettingForm):
    columns = {"pin": "pay_pin", "contant": "pay_cash", "link": "pay_link", "factuur": "pay_account"}
    pin = tick(gettext_lazy("Pin"))
    contant = tick(gettext_lazy("Contant"))
    factuur = tick(gettext_lazy("Op factuur, voor organisaties"))
    link = forms.URLField(
        required=False,
        label=gettext_lazy("Betaallink"),
        max_length=200,
        assume_scheme="https",
        help_text=gettext_lazy("Bijvoorbeeld van je bank. Leeg: geen betaallink."),
        error_messages={"invalid": BAD_LINK, "max_length": TOO_LONG, "null_characters_not_allowed": STRANGE},
    )

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise forms.ValidationError(BAD_LINK)
        return link


class CancelForm(SettingForm):
    columns = {"dagen": "cancel_days_before", "tijd": "cancel_time"}
    dagen = number(
        gettext_lazy("Hoeveel dagen ervoor?"), 0, 14, help_text=gettext_lazy("0 is op de dag zelf, 1 is de dag ervoor.")
    )
    tijd = forms.TimeField(
        label=gettext_lazy("Tot hoe laat?"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": NO_TIME, "invalid": NO_TIME},
    )


class AheadForm(SettingForm):
    columns = {"vooruit": "window_days", "voor": "lead_minutes"}
    vooruit = number(gettext_lazy("Tot hoeveel dagen vooruit kan een gast boeken?"), 1, 365)
    voor = number(gettext_lazy("Tot hoeveel minuten voor het begin?"), 0, 7 * 24 * 60)


class LimitsForm(SettingForm):
    columns = {"per-boeking": "order_limit", "per-gast": "guest_limit"}

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.fields["per-boeking"] = number(gettext("Hoeveel dagdelen in een boeking?"), 1, 30)
        self.fields["per-gast"] = number(gettext("Hoeveel komende dagdelen per gast?"), 2, 1000)

    def clean(self) -> dict[str, Any]:
        order, guest = self.cleaned_data.get("per-boeking"), self.cleaned_data.get("per-gast")
        if order and guest and guest < 2 * order:
            least = gettext("Kies minstens twee keer het aantal per boeking: %(number)s of meer.")
            self.add_error("per-gast", least % {"number": 2 * order})
        return self.cleaned_data


class FirstTimeForm(SettingForm):
    columns = {"eerste": "staffed_only_for_new"}
    eerste = tick(gettext_lazy("Wie voor het eerst komt, boekt alleen als er een vrijwilliger is"))


class BokdForm(SettingForm):
    columns = {"samen": "joint_reporting"}
    samen = tick(gettext_lazy("BOKD mag onze cijfers over personen meetellen"))


class RulesForm(SettingForm):
    columns = {"kort": "bullets", "tekst": "text"}
    kort = words(gettext_lazy("In het kort"), most=1000, lines=5, help_text=gettext_lazy("Een regel per punt."))
    tekst = words(gettext_lazy("De hele tekst"), most=10_000, lines=8)

    def clean_kort(self) -> str:
        text: str = self.cleaned_data["kort"]
        if not text.strip():
            raise forms.ValidationError(gettext("Zet er minstens een regel in."))
        return text


class RowsForm(SettingForm):
    """Rows of fields: each has a number, and the same names."""

    @classmethod
    def of(cls, values: Values) -> "SettingForm":
        return cls(initial=cls.initial_of(values))

    def row(self, number: object) -> dict[str, Any]:
        """What was typed in this row, by the names without its number."""
        end = f"-{number}"
        return {name.removesuffix(end): plain(v) for name, v in self.cleaned_data.items() if name.endswith(end)}

    def group(self, legend: str, number: object) -> Group:
        """The fields of this row."""
        return Group(legend, [field for field in self if field.name.endswith(f"-{number}")])


class FacilitiesForm(RowsForm):
    """All facilities that there are, and room for three more; one without a title is not there."""

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        rows = sum(name.startswith("wat-") for name in (self.data if self.is_bound else self.initial))
        self.count = min(rows + (0 if self.is_bound else MORE_FACILITIES), MOST_FACILITIES)
        for n in range(1, self.count + 1):
            self.fields[f"soort-{n}"] = choice(gettext("Soort"), [("", "–"), *Facility.Kind.choices])
            self.fields[f"wat-{n}"] = words(gettext("Wat is er?"), most=60)
            self.fields[f"uitleg-{n}"] = words(gettext("Uitleg"), most=160)

    @classmethod
    def initial_of(cls, values: Values) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for n, row in enumerate(values["rows"], 1):
            found |= {f"soort-{n}": row["kind"], f"wat-{n}": row["title"], f"uitleg-{n}": row["text"]}
        return found

    def clean(self) -> dict[str, Any]:
        for n in range(1, self.count + 1):
            row = self.row(n)
            if (row.get("soort") or row.get("uitleg")) and row.get("wat") == "":
                self.add_error(f"wat-{n}", gettext("Vul in wat er is. Of maak de hele regel leeg."))
            if row.get("wat") and row.get("soort") == "":
                self.add_error(f"soort-{n}", NOT_IN_LIST)
        return self.cleaned_data

    def values(self) -> Values:
        rows = [self.row(n) for n in range(1, self.count + 1)]
        return {"rows": [{"kind": r["soort"], "title": r["wat"], "text": r["uitleg"]} for r in rows if r["wat"]]}

    def groups(self) -> list[Group]:
        numbers = range(1, self.count + 1)
        return [self.group(gettext("Voorziening %(number)s") % {"number": n}, n) for n in numbers]


class WaysInForm(RowsForm):
    """How a guest gets in: for each dagdeel, and for those that say nothing of their own."""

    ORDER = ("elk", *Dagdeel.values)

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        for part in self.ORDER:
            self.fields[f"manier-{part}"] = choice(gettext("Manier"), [("", "–"), *AccessWay.Method.choices])
            self.fields[f"iedereen-{part}"] = words(
                gettext("Wat iedereen mag lezen"), most=200, help_text=gettext("Noem hier geen code en geen adres.")
            )
            self.fields[f"geheim-{part}"] = words(
                gettext("Alleen voor wie geboekt heeft"),
                most=600,
                lines=2,
                help_text=gettext("Bijvoorbeeld de code. De gast leest dit vanaf de avond ervoor."),
            )

    @classmethod
    def initial_of(cls, values: Values) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for row in values["rows"]:
            part = row["dagdeel"] or "elk"
            found |= {f"manier-{part}": row["method"], f"iedereen-{part}": row["public_text"]}
            found |= {f"geheim-{part}": row["private_text"]}
        return found

    def clean(self) -> dict[str, Any]:
        for part in self.ORDER:
            row = self.row(part)
            if (row.get("manier") or row.get("geheim")) and row.get("iedereen") == "":
                self.add_error(f"iedereen-{part}", gettext("Vul ook in wat iedereen mag lezen. Of maak alles leeg."))
            if _LIKE_A_CODE.search(row.get("iedereen", "")):
                hidden = gettext("Dit lijkt op een code. Zet die in het vak voor wie geboekt heeft.")
                self.add_error(f"iedereen-{part}", hidden)
        return self.cleaned_data

    def values(self) -> Values:
        found = []
        for part in self.ORDER:
            row = self.row(part)
            if row["iedereen"]:
                texts = {"public_text": row["iedereen"], "private_text": row["geheim"]}
                found.append(
                    {
                        "dagdeel": "" if part == "elk" else part,
                        "method": row["manier"] or AccessWay.Method.STAFFED.value,
                        **texts,
                    }
                )
        return {"rows": sorted(found, key=lambda row: row["dagdeel"])}

    def groups(self) -> list[Group]:
        legends = {"elk": gettext("Elk dagdeel waar hieronder niets staat")}
        return [self.group(legends.get(part) or str(dagdeel(part)).capitalize(), part) for part in self.ORDER]


def choice(label: str, choices: Iterable[tuple[str, Any]]) -> forms.ChoiceField:
    """One of a list; empty when the list has that."""
    options = list(choices)
    return forms.ChoiceField(
        required=False, label=label, choices=options, error_messages={"invalid_choice": NOT_IN_LIST}
    )


# How the page says what another typed.
YES, NO, EMPTY = gettext_lazy("ja"), gettext_lazy("nee"), gettext_lazy("leeg")
