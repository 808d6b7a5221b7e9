"""The words of the figures' pages: what stands out, and which months."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils.translation import gettext, gettext_noop

from bookings.domain.dagdelen import Dagdeel
from bookings.domain.months import Period, Span
from bookings.domain.signals import Sign, Signal
from portal.base.words import getal, maand, met_weekdag

A_MONDAY = date(2024, 1, 1)

SENTENCES = {
    Sign.EMPTY_HOUSE: gettext_noop("al drie maanden leeg. Niemand gebruikte een van de %(of)s plekken."),
    Sign.SHUT: gettext_noop("al drie maanden dicht."),
    Sign.NO_OFFER: gettext_noop("al drie maanden geen plekken om te boeken."),
    Sign.LESS: gettext_noop(
        "minder gebruikt. De drie maanden ervoor ongeveer %(of)s plekken per maand, nu %(number)s."
    ),
    Sign.EMPTY_DAGDEEL: gettext_noop("%(part)s al drie maanden leeg. Niemand gebruikte een van de %(of)s plekken."),
    Sign.EMPTY_PARTS: gettext_noop("%(number)s van de %(of)s dagdelen in de week al drie maanden leeg."),
    Sign.EMPTY_PART: gettext_noop("%(moment)s al drie maanden leeg. Niemand gebruikte een van de %(of)s plekken."),
    Sign.STAYED_AWAY: gettext_noop("gasten blijven weg. Van %(of)s geboekte plekken bleven er %(number)s leeg."),
    Sign.UNTICKED: gettext_noop("bij %(number)s van de %(of)s gebruikte plekken vinkte niemand aan wie er was."),
    Sign.MORE: gettext_noop("meer gebruikt. De drie maanden ervoor ongeveer %(of)s plekken per maand, nu %(number)s."),
    Sign.BUSY_PART: gettext_noop("%(moment)s loopt goed. Van de %(of)s plekken zijn er %(number)s gebruikt."),
}
PARTS = {
    Dagdeel.OCHTEND: gettext_noop("elke ochtend"),
    Dagdeel.MIDDAG: gettext_noop("elke middag"),
    Dagdeel.AVOND: gettext_noop("elke avond"),
}


def signal_words(signal: Signal) -> str:
    """What stands out, to follow the name of the house and a colon: "dinsdagavond al drie maanden leeg. …"."""
    words = {"number": getal(signal.number), "of": getal(signal.of), "part": "", "moment": ""}
    if signal.dagdeel is not None:
        words["part"] = gettext(PARTS[signal.dagdeel])
        words["moment"] = met_weekdag(A_MONDAY + timedelta(days=signal.weekday or 0), signal.dagdeel.value)
    return gettext(SENTENCES[signal.sign]) % words


def months_words(first: date, last: date) -> str:
    """`oktober 2026`, `augustus 2026 tot en met oktober 2026`."""
    if first == last:
        return maand(first)
    return gettext("%(first)s tot en met %(last)s") % {"first": maand(first), "last": maand(last)}


def period_words(period: Period) -> str:
    """The month, quarter or year as words: `oktober 2026`, `2026`."""
    if period.span is Span.YEAR:
        return str(period.first.year)
    return months_words(period.first, period.last.replace(day=1))


def listed(months: list[date], word: Callable[[date], str] = maand) -> str:
    """`oktober 2026 en november 2026`."""
    words = [word(month) for month in months]
    if len(words) < 2:  # noqa: PLR2004
        return "".join(words)
    return gettext("%(begin)s en %(end)s") % {"begin": ", ".join(words[:-1]), "end": words[-1]}
