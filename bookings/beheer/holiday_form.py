"""Which holidays a volunteer ticks, and the days that she gives a school holiday: each mistake with its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from bookings.beheer.closing_words import period_words
from bookings.beheer.week_form import read_day
from bookings.closing import Closing, Closings
from bookings.domain.holidays import Holiday, is_covered, last_proposed
from bookings.holidays import NAMES, coming_holidays, reason_for
from bookings.wording import day_words
from portal.base import clock
from villages.models import Closure

NOTHING = gettext_lazy("Zet minstens een vinkje.")
NO_DAY = gettext_lazy("Deze dag kennen we niet. Kies een dag, bijvoorbeeld 25-11-2026.")
SWAPPED = gettext_lazy("De laatste dag ligt voor de eerste dag. Kijk de dagen na.")


@dataclass
class Row:
    """A holiday on the page: whether it is ticked, its days as they stand in the fields, and what is wrong with them.

    `closure`: a closure that shuts it already, with all others together.
    """

    holiday: Holiday
    ticked: bool
    first_typed: str
    last_typed: str
    closure: Closure | None = None
    problem: str = ""

    @property
    def key(self) -> str:
        return self.holiday.key

    @property
    def name(self) -> Promise:
        return NAMES[self.holiday.kind]

    @property
    def days(self) -> str:
        """When it is, whatever was typed."""
        return period_words(self.holiday.first_day, self.holiday.last_day)

    @property
    def first(self) -> date:
        """The first day that goes shut; only of a row without a problem."""
        return self._day(self.first_typed, self.holiday.first_day)

    @property
    def last(self) -> date:
        return self._day(self.last_typed, self.holiday.last_day)

    def _day(self, typed: str, usual: date) -> date:
        """What was typed; of a public holiday, and of an empty field, the day that it is."""
        return (read_day(typed) or usual) if self.holiday.is_school and typed else usual

    def check(self) -> None:
        """Say what is wrong with the days that were typed."""
        today, until = clock.today(), last_proposed(clock.today())
        typed = [text for text in (self.first_typed, self.last_typed) if text]
        if self.holiday.is_school and any(read_day(text) is None for text in typed):
            self.problem = str(NO_DAY)
        elif self.last < self.first:
            self.problem = str(SWAPPED)
        elif self.first < today or self.last > until:
            words = gettext("Kies dagen van vandaag tot en met %(day)s.")
            self.problem = words % {"day": day_words(until)}

    @property
    def closing(self) -> Closing:
        """The closure that this tick asks for."""
        return Closing(self.first, self.last, reason_for(self.holiday))


class HolidayForm:
    """All holidays of the coming year with their ticks: as the page begins (`data` None), or as they were sent."""

    def __init__(self, closures: list[Closure], data: QueryDict | None = None) -> None:
        picked = None if data is None else set(data.getlist("kies"))
        self.rows = [_row(one, closures, picked, data or {}) for one in coming_holidays()]
        self.problem = ""
        if data is not None:
            self._check()

    def _check(self) -> None:
        for row in self.picked:
            row.check()
        if not self.picked:
            self.problem = str(NOTHING)

    @property
    def picked(self) -> list[Row]:
        return [row for row in self.rows if row.ticked]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Each with the place on the page that it is about."""
        found = [("feestdagen", self.problem)] if self.problem else []
        return found + [(f"van-{row.key}", f"{row.name}: {row.problem}") for row in self.rows if row.problem]

    @property
    def feasts(self) -> list[Row]:
        return [row for row in self.rows if not row.holiday.is_school]

    @property
    def school(self) -> list[Row]:
        return [row for row in self.rows if row.holiday.is_school]

    @property
    def any_unsure(self) -> bool:
        return any(not row.holiday.sure and row.closure is None for row in self.school)

    @property
    def all_shut(self) -> bool:
        """Whether nothing is left to ask."""
        return all(row.closure for row in self.rows)

    @property
    def closings(self) -> Closings:
        """What the ticks ask for; only of a form without errors."""
        return Closings.of(row.closing for row in self.picked)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """All that it says: what the preview sends along."""
        pairs = [("kies", row.key) for row in self.picked]
        for row in self.picked:
            if row.holiday.is_school:
                pairs += [(f"van-{row.key}", str(row.first)), (f"tot-{row.key}", str(row.last))]
        return pairs


def _row(one: Holiday, closures: list[Closure], picked: set[str] | None, data: Mapping[str, str]) -> Row:
    shut = _closure_of(one, closures)
    ticked = one.usual and shut is None if picked is None else one.key in picked
    first, last = data.get(f"van-{one.key}", ""), data.get(f"tot-{one.key}", "")
    return Row(one, ticked, first.strip() or str(one.first_day), last.strip() or str(one.last_day), shut)


def _closure_of(one: Holiday, closures: list[Closure]) -> Closure | None:
    """A closure that shuts (a part of) this holiday, when all together shut the whole of it."""
    if not is_covered(one.first_day, one.last_day, [(row.first_day, row.last_day) for row in closures]):
        return None
    there = [row for row in closures if row.first_day <= one.last_day and one.first_day <= row.last_day]
    return min(there, key=lambda row: (row.last_day - row.first_day, row.pk))
