"""Why a booking can't go on when the house offers less: a reason as "Dicht" has one, kept with the change.

Dutch whatever the language of the page: it is kept, and the guests of the house read it.
"""

from datetime import date, timedelta

from django.utils import translation
from django.utils.translation import gettext

from bookings.domain.dagdelen import Dagdeel
from portal.base import clock
from portal.base.words import dag_en_maand, dagdeel, weekdag

KEPT_IN = "nl"
MONDAY = date(2024, 1, 1)


def weekday_words(weekday: int) -> str:
    """ "dinsdag" for 1"""
    return weekdag(MONDAY + timedelta(days=weekday))


def from_words(day: date) -> str:
    """ "1 december", with the year when it is not this one."""
    return dag_en_maand(day) if day.year == clock.today().year else f"{dag_en_maand(day)} {day.year}"


def hours_stop_words(place: tuple[int, Dagdeel], day: date) -> str:
    """ "de ochtend op dinsdag stopt vanaf 1 december" """
    weekday, part = place
    with translation.override(KEPT_IN):
        sentence = gettext("de %(part)s op %(weekday)s stopt vanaf %(day)s")
        return sentence % {"part": dagdeel(part), "weekday": weekday_words(weekday), "day": from_words(day)}


def extra_stops_words(part: Dagdeel, day: date) -> str:
    """ "de extra ochtend op 12 december gaat niet door" """
    with translation.override(KEPT_IN):
        sentence = gettext("de extra %(part)s op %(day)s gaat niet door")
        return sentence % {"part": dagdeel(part), "day": from_words(day)}


def extra_words(part: Dagdeel, day: date) -> str:
    """ "extra open: de ochtend op 12 december" """
    with translation.override(KEPT_IN):
        return gettext("extra open: de %(part)s op %(day)s") % {"part": dagdeel(part), "day": from_words(day)}


def week_changes_words(day: date) -> str:
    """ "het rooster is anders vanaf 1 december" """
    with translation.override(KEPT_IN):
        return gettext("het rooster is anders vanaf %(day)s") % {"day": from_words(day)}


def gone_words(name: str, day: date) -> str:
    """ "Bureau 4 is er niet meer vanaf 1 december" """
    with translation.override(KEPT_IN):
        return gettext("%(name)s is er niet meer vanaf %(day)s") % {"name": name, "day": from_words(day)}
