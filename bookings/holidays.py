"""The holidays that a house is asked about: their names, and the school holidays from the file in `data/`."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from bookings.domain.holidays import Holiday, coming
from portal.base import clock

SCHOOL_FILE = Path(__file__).parent / "data" / "schoolvakanties-noord.csv"

NAMES: dict[str, Promise] = {
    "nieuwjaarsdag": gettext_lazy("Nieuwjaarsdag"),
    "goede-vrijdag": gettext_lazy("Goede Vrijdag"),
    "pasen": gettext_lazy("Pasen"),
    "koningsdag": gettext_lazy("Koningsdag"),
    "bevrijdingsdag": gettext_lazy("Bevrijdingsdag"),
    "hemelvaartsdag": gettext_lazy("Hemelvaartsdag"),
    "pinksteren": gettext_lazy("Pinksteren"),
    "kerst": gettext_lazy("Kerst"),
    "herfstvakantie": gettext_lazy("Herfstvakantie"),
    "kerstvakantie": gettext_lazy("Kerstvakantie"),
    "voorjaarsvakantie": gettext_lazy("Voorjaarsvakantie"),
    "meivakantie": gettext_lazy("Meivakantie"),
    "zomervakantie": gettext_lazy("Zomervakantie"),
}


@cache
def school_holidays() -> tuple[Holiday, ...]:
    """Those of region Noord, as the file has them."""
    with SCHOOL_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Holiday(
                row["vakantie"],
                date.fromisoformat(row["eerste_dag"]),
                date.fromisoformat(row["laatste_dag"]),
                is_school=True,
                sure=row["zeker"] == "ja",
            )
            for row in csv.DictReader(lines)
        )


def coming_holidays() -> list[Holiday]:
    """All that are not over and end within a year, in order; of one that began the days that are left."""
    today = clock.today()
    return [one.from_day(today) for one in coming(school_holidays(), today)]


def reason_for(holiday: Holiday) -> str:
    """Why the house is shut then: kept, so Dutch whatever the language of the page."""
    with translation.override("nl"):
        return str(NAMES[holiday.kind])
