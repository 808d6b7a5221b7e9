"""Dutch words for dates, times and money: the same on pages, in mails and in refusals."""

from datetime import date, time

HARD_SPACE = "\N{NO-BREAK SPACE}"

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
SHORT_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")

# Where Dutch has one word for the day and its dagdeel together.
TODAY = {"ochtend": "Vanochtend", "middag": "Vanmiddag", "avond": "Vanavond"}


def euro(cents: int) -> str:
    """750 as `€ 7,50`, with a hard space so that it never breaks."""
    euros, rest = divmod(abs(cents), 100)
    minus = "-" if cents < 0 else ""
    return f"€{HARD_SPACE}{minus}{euros:,}".replace(",", ".") + f",{rest:02}"


def datum(day: date) -> str:
    """`woensdag 25 november`."""
    return f"{WEEKDAYS[day.weekday()]} {dag_en_maand(day)}"


def datum_kort(day: date) -> str:
    """`wo 25 nov`, for where there is little room."""
    return f"{WEEKDAYS[day.weekday()][:2]} {day.day} {SHORT_MONTHS[day.month - 1]}"


def dag_en_maand(day: date) -> str:
    """`25 november`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def maand(day: date) -> str:
    """`november 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def weekdag(day: date) -> str:
    """`woensdag`."""
    return WEEKDAYS[day.weekday()]


def uur(at: time) -> str:
    """`08.30`; the word "uur" is the sentence's own."""
    return f"{at:%H.%M}"


def met_dagdeel(day_words: str, dagdeel: str) -> str:
    """The day with its dagdeel: `Vanmiddag`, `Morgenochtend`, `Woensdag 25 november, ochtend`."""
    if day_words == "Vandaag":
        return TODAY[dagdeel]
    if day_words == "Morgen":
        return f"Morgen{dagdeel}"
    return f"{day_words}, {dagdeel}"


def telefoon_link(number: str) -> str:
    """`+31521123456` or `06 12345678` as the address that makes a phone call."""
    return "tel:" + "".join(char for char in number if char in "+0123456789")
