"""What a report is asked of: whole months, and which houses. Pages, exports and mails read the same address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext

from bookings.domain.dagdelen import parse_day
from bookings.domain.months import last_day, month_of, months_between, shifted
from villages.models import Dorpshuis

USUAL_MONTHS, MOST_MONTHS = 13, 60
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


class BadWish(Exception):
    """It can't be read; the text says why, for the reader."""


@dataclass(frozen=True)
class ReportWish:
    """Whole months, the first and the last by their first days, and the filters as they were given (empty: all).

    `widened`: the days that were asked for lie within these months.
    """

    first: date
    last: date
    widened: bool = False
    municipality: str = ""
    region: str = ""
    kind: str = ""
    operator: str = ""
    slugs: tuple[str, ...] = ()

    @property
    def months(self) -> list[date]:
        return list(months_between(self.first, self.last))

    def fits(self, house: Dorpshuis) -> bool:
        """Whether this house (with its place) is asked for."""
        municipality = house.village.municipality
        asked = (
            (self.municipality, municipality.gm_code),
            (self.region, municipality.region),
            (self.kind, house.kind),
            (self.operator, str(house.operator_id or "")),
        )
        return all(want in ("", has) for want, has in asked) and (not self.slugs or house.slug in self.slugs)

    def houses(self, houses: Iterable[Dorpshuis]) -> list[Dorpshuis]:
        """Those of these houses that are asked for. Raises BadWish when there is none."""
        found = [house for house in houses if self.fits(house)]
        if not found:
            raise BadWish(gettext("Er is geen dorpshuis dat hierbij past. Kies een andere gemeente, regio of soort."))
        return found


def read_wish(asked: QueryDict, today: date) -> ReportWish:
    """Read `van`, `tot` (a month or a day) and the filters. Without a period: thirteen months up to the running one.

    Raises BadWish.
    """
    running = month_of(today)
    until, until_day = _read(asked.get("tot", ""), last=True) or (running, last_day(running))
    last = min(until, running)
    since, since_day = _read(asked.get("van", ""), last=False) or (None, None)
    first = since or shifted(last, 1 - USUAL_MONTHS)
    _check(first, until, running, since_day, until_day)
    return ReportWish(
        first,
        last,
        widened=since_day not in (None, first) or (until_day != last_day(until)) or until > running,
        municipality=asked.get("gemeente", "").strip(),
        region=asked.get("regio", "").strip(),
        kind=asked.get("soort", "").strip(),
        operator=asked.get("exploitant", "").strip(),
        slugs=tuple(slug.strip() for slug in asked.getlist("huis") if slug.strip()),
    )


def _read(text: str, *, last: bool) -> tuple[date, date] | None:
    """The month, and the very day that was meant."""
    text = text.strip()
    if not text:
        return None
    month = _MONTH.fullmatch(text)
    try:
        day = parse_day(f"{text}-01" if month else text)
    except ValueError:
        sentence = gettext("Deze maand kunnen we niet lezen. Schrijf een maand zo: 2026-11. Of een dag zo: 2026-11-25.")
        raise BadWish(sentence) from None
    return month_of(day), last_day(day) if month and last else day


def _check(first: date, until: date, running: date, since: date | None, until_day: date) -> None:
    if (since and since > until_day) or until < first:
        raise BadWish(gettext("De laatste maand ligt voor de eerste. Draai ze om."))
    if first > running:
        raise BadWish(gettext("Deze maand moet nog komen. Kies een maand die al begonnen is."))
    if len(list(months_between(first, until))) > MOST_MONTHS:
        sentence = gettext("Dat is te lang. Kies hoogstens %(years)d jaar.")
        raise BadWish(sentence % {"years": MOST_MONTHS // 12})
