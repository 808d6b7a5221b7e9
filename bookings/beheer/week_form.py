"""The normal week as a form: seven days of three dagdelen with clock times, from a day on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils.translation import gettext

from bookings.beheer.closing_words import listed
from bookings.domain.dagdelen import Dagdeel
from bookings.domain.week import WEEKDAYS, Hours, Place, overlapping
from bookings.offer import WeekWish
from bookings.offer_words import weekday_words
from portal.base import clock
from portal.base.words import dagdeel, uur
from villages.models import Room

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?", re.ASCII)
FARTHEST = timedelta(days=2 * 365)
# What a dagdeel that is shut now begins with, when it is ticked.
USUAL = {
    Dagdeel.OCHTEND: (time(8, 30), time(12, 30)),
    Dagdeel.MIDDAG: (time(13), time(17)),
    Dagdeel.AVOND: (time(18, 30), time(22)),
}


@dataclass
class CellForm:
    """One dagdeel of a weekday as it stands in the form, with what is wrong with it."""

    name: str
    dagdeel: Dagdeel
    is_open: bool
    begin: str
    end: str
    rooms: list[str] = field(default_factory=list)
    staffed: bool = True
    by_appointment: bool = False
    error: str = ""
    now: str = ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What it sends."""
        found = [(self.name, "1")] if self.is_open else []
        found += [(f"{self.name}-van", self.begin), (f"{self.name}-tot", self.end)]
        found += [(f"{self.name}-ruimte", pk) for pk in self.rooms]
        found += [(f"{self.name}-bemand", "1")] if self.staffed else []
        return found + ([(f"{self.name}-afspraak", "1")] if self.by_appointment else [])


@dataclass
class WeekForm:
    """What was typed, or the week as it is; `wish` is what it says, when there are no errors."""

    rooms: list[Room]
    first_day: date | None
    typed_day: str
    cells: dict[Place, CellForm]
    errors: list[tuple[str, str]] = field(default_factory=list)
    hours: dict[Place, Hours] = field(default_factory=dict)

    @classmethod
    def of(cls, rooms: list[Room], week: Mapping[Place, Hours], first_day: date) -> "WeekForm":
        """The week as it is."""
        cells = {place: _cell(place, week.get(place)) for place in _PLACES}
        return cls(rooms, first_day, first_day.isoformat(), cells)

    @classmethod
    def read(cls, rooms: list[Room], posted: QueryDict) -> "WeekForm":
        """What was typed, checked; each mistake with the field that it is in."""
        typed = posted.get("vanaf", "").strip()
        form = cls(rooms, read_day(typed), typed, {place: _typed(place, posted) for place in _PLACES})
        form._check_day()
        for place, cell in form.cells.items():
            if cell.is_open:
                form._check_cell(place, cell)
        form._check_days()
        if not form.errors and not form.hours:
            words = gettext("Kies minstens een dagdeel. Gaat het huis een tijd dicht? Gebruik dan Dicht.")
            form.errors.append(("week", words))
        return form

    @property
    def wish(self) -> WeekWish:
        """What it asks for; only of a form without errors."""
        return WeekWish(self.first_day or clock.today(), self.hours)

    @property
    def days(self) -> list[tuple[int, str, list[CellForm]]]:
        """The seven days in words, with their dagdelen."""
        return [(day, weekday_words(day), [self.cells[day, part] for part in Dagdeel]) for day in WEEKDAYS]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """All that it says: what the preview sends along."""
        return [("vanaf", self.typed_day), *(pair for cell in self.cells.values() for pair in cell.pairs)]

    def compare(self, week: Mapping[Place, Hours]) -> None:
        """Say beside each dagdeel that is another than it is now, what it is now."""
        names = {room.pk: room.name for room in self.rooms}
        for place, cell in self.cells.items():
            if self.hours.get(place) != week.get(place):
                cell.now = hours_words(week.get(place), names)

    def _check_day(self) -> None:
        today = clock.today()
        if self.first_day is None:
            self.errors.append(("vanaf", gettext("Deze dag kennen we niet. Kies een dag, bijvoorbeeld 1-12-2026.")))
        elif self.first_day <= today:
            self.errors.append(("vanaf", gettext("Kies morgen of later. Is het vandaag anders? Gebruik dan Dicht.")))
        elif self.first_day > today + FARTHEST:
            self.errors.append(("vanaf", gettext("Dat is te ver vooruit. Kies een dag binnen twee jaar.")))

    def _check_cell(self, place: Place, cell: CellForm) -> None:
        begin, end = read_time(cell.begin), read_time(cell.end)
        known = {str(room.pk) for room in self.rooms}
        if begin is None or end is None:
            cell.error = gettext("Vul een tijd in, bijvoorbeeld 8.30.")
        elif end <= begin:
            cell.error = gettext("Het eind ligt voor het begin. Kijk de tijden na.")
        elif not set(cell.rooms) <= known:
            cell.error = gettext("Deze ruimte is er niet. Kies opnieuw.")
        else:
            rooms = frozenset(int(pk) for pk in cell.rooms)
            self.hours[place] = Hours(begin, end, rooms, cell.staffed, cell.by_appointment)
            return
        self.errors.append((cell.name, f"{_name(place)}: {cell.error}"))

    def _check_days(self) -> None:
        for day in WEEKDAYS:
            hours = {part: self.hours[day, part] for part in Dagdeel if (day, part) in self.hours}
            part = overlapping(hours)
            if part is not None:
                cell = self.cells[day, part]
                cell.error = gettext("Dit begint voordat het dagdeel ervoor voorbij is. Kijk de tijden na.")
                self.errors.append((cell.name, f"{_name((day, part))}: {cell.error}"))


_PLACES = [(day, part) for day in WEEKDAYS for part in Dagdeel]


def read_time(text: str) -> time | None:
    """`8.30`, `08:30` or `8`; None for anything else."""
    match = _TIME.fullmatch(text.strip())
    try:
        return time(int(match[1]), int(match[2] or 0)) if match else None
    except ValueError:
        return None


def read_day(text: str) -> date | None:
    """`2026-12-01` or `1-12-2026`; None for anything else."""
    for shape in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def hours_words(hours: Hours | None, rooms: Mapping[int, str]) -> str:
    """ "8.30 tot 12.30 uur, Zaal, geen vrijwilliger"; of none "dicht"."""
    if hours is None:
        return gettext("dicht")
    times = gettext("%(begin)s tot %(end)s uur") % {"begin": uur(hours.begin), "end": uur(hours.end)}
    words = [times, listed(sorted(rooms.get(pk, "") for pk in hours.room_ids)) if hours.room_ids else ""]
    words += ["" if hours.staffed else gettext("geen vrijwilliger")]
    words += [gettext("alleen op afspraak")] if hours.by_appointment else []
    return ", ".join(word for word in words if word)


def place_words(place: Place) -> str:
    """ "dinsdag, ochtend" """
    return f"{weekday_words(place[0])}, {dagdeel(place[1])}"


def _name(place: Place) -> str:
    words = place_words(place)
    return f"{words[0].upper()}{words[1:]}"


def _cell(place: Place, hours: Hours | None) -> CellForm:
    day, part = place
    begin, end = (hours.begin, hours.end) if hours else USUAL[part]
    cell = CellForm(f"{day}-{part}", part, hours is not None, f"{begin:%H:%M}", f"{end:%H:%M}")
    if hours is not None:
        cell.rooms = [str(pk) for pk in sorted(hours.room_ids)]
        cell.staffed, cell.by_appointment = hours.staffed, hours.by_appointment
    return cell


def _typed(place: Place, posted: QueryDict) -> CellForm:
    day, part = place
    name = f"{day}-{part}"
    return CellForm(
        name,
        part,
        name in posted,
        posted.get(f"{name}-van", ""),
        posted.get(f"{name}-tot", ""),
        posted.getlist(f"{name}-ruimte"),
        staffed=f"{name}-bemand" in posted,
        by_appointment=f"{name}-afspraak" in posted,
    )
