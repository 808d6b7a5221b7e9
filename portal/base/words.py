"""Words for dates, times and money: the same on pages, in mails and in refusals, in the language that is active.

Dutch unless English is active. Names of days and months are tables; what is a sentence or a lone word is translated
like all other texts, by `gettext`.
"""

from dataclasses import dataclass
from datetime import date, time

from django.utils.translation import get_language, gettext, gettext_noop

HARD_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The names of a language, from Monday and from January."""

    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DUTCH = _Calendar(
    _names("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
    _names("ma di wo do vr za zo"),
    _names("januari februari maart april mei juni juli augustus september oktober november december"),
    _names("jan feb mrt apr mei jun jul aug sep okt nov dec"),
)
ENGLISH = _Calendar(
    _names("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    _names("Mon Tue Wed Thu Fri Sat Sun"),
    _names("January February March April May June July August September October November December"),
    _names("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
)

_PARTS = (gettext_noop("ochtend"), gettext_noop("middag"), gettext_noop("avond"))
# Where Dutch has one word for the day and its dagdeel together.
_TODAY = {
    "ochtend": gettext_noop("Vanochtend"),
    "middag": gettext_noop("Vanmiddag"),
    "avond": gettext_noop("Vanavond"),
}


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _calendar() -> _Calendar:
    return ENGLISH if _is_english() else DUTCH


def euro(cents: int) -> str:
    """750 as `€ 7,50`, with a hard space so that it never breaks; in English as `€7.50`."""
    euros, rest = divmod(abs(cents), 100)
    minus = "-" if cents < 0 else ""
    if _is_english():
        return f"{minus}€{euros:,}.{rest:02}"
    return f"€{HARD_SPACE}{minus}{euros:,}".replace(",", ".") + f",{rest:02}"


def datum(day: date) -> str:
    """`woensdag 25 november`, `Wednesday 25 November`."""
    return f"{weekdag(day)} {dag_en_maand(day)}"


def datum_kort(day: date) -> str:
    """`wo 25 nov`, for where there is little room."""
    names = _calendar()
    return f"{names.short_weekdays[day.weekday()]} {day.day} {names.short_months[day.month - 1]}"


def dag_en_maand(day: date) -> str:
    """`25 november`."""
    return f"{day.day} {_calendar().months[day.month - 1]}"


def maand(day: date) -> str:
    """`november 2026`."""
    return f"{_calendar().months[day.month - 1]} {day.year}"


def weekdag(day: date) -> str:
    """`woensdag`."""
    return _calendar().weekdays[day.weekday()]


def weekday_name(number: int) -> str:
    """`woensdag` for 2: Monday is 0."""
    return _calendar().weekdays[number]


def maand_letter(day: date) -> str:
    """`n` for November, for under a bar."""
    return _calendar().short_months[day.month - 1][:1].lower()


def maand_kort(day: date) -> str:
    """`nov 2026`."""
    return f"{_calendar().short_months[day.month - 1]} {day.year}"


def getal(number: int) -> str:
    """1690 as `1.690`; in English `1,690`."""
    return f"{number:,}" if _is_english() else f"{number:,}".replace(",", ".")


def verschil(number: int) -> str:
    """More or less than before, with its sign: `+119`, `−6`, `0`."""
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{getal(abs(number))}"


def procent(rate: float) -> str:
    """16.1 as `16,1%`; in English `16.1%`."""
    return f"{rate:.1f}%" if _is_english() else f"{rate:.1f}%".replace(".", ",")


def uur(at: time) -> str:
    """`08.30`, in English `8:30`; the word "uur" is the sentence's own."""
    return f"{at.hour}:{at:%M}" if _is_english() else f"{at:%H.%M}"


def dagdeel(part: str) -> str:
    """`ochtend`, in English `morning`."""
    return gettext(str(part))


def met_weekdag(day: date, part: str) -> str:
    """`woensdagochtend`, `Wednesday morning`."""
    return gettext("%(weekday)s%(part)s") % {"weekday": weekdag(day), "part": dagdeel(part)}


def met_dagdeel(day_words: str, part: str) -> str:
    """The day with its dagdeel: `Vanmiddag`, `Morgenochtend`, `Woensdag 25 november, ochtend`."""
    if day_words == gettext("Vandaag"):
        return gettext(_TODAY[part])
    if day_words == gettext("Morgen"):
        return gettext("Morgen%(part)s") % {"part": dagdeel(part)}
    return f"{day_words}, {dagdeel(part)}"


def in_zin(words: str) -> str:
    """As it stands within a sentence: `morgenochtend`, `tomorrow morning`; English days keep their capital."""
    is_day = words.split(" ", 1)[0] in _calendar().weekdays
    return words if is_day else f"{words[:1].lower()}{words[1:]}"


def telefoon_link(number: str) -> str:
    """`+31521123456` or `06 12345678` as the address that makes a phone call."""
    return "tel:" + "".join(char for char in number if char in "+0123456789")
