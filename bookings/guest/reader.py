"""The cells of one house, each worked out once, when it is asked for."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bookings.domain.availability import Cell, Supply, cell_at, last_bookable_day
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.queries import Taken, desk_rows, supplies, taken
from portal.base import clock
from villages.models import Dorpshuis


class CellReader:
    """Reads supply and bookings in five queries, for the whole booking window and the days asked for."""

    def __init__(self, dorpshuis: Dorpshuis, days: Iterable[date] = (), *, known_guest: bool = False) -> None:
        self.now = clock.now()
        today = self.now.date()
        span = [today, today + timedelta(days=dorpshuis.window_days), *days]
        first, last = min(span), max(span)
        rows = desk_rows([dorpshuis.pk], first, last)
        supply = supplies([dorpshuis], first, last, rows)[dorpshuis.pk]
        self.desks = [desk for desk in rows if desk.valid_until is None or desk.valid_until >= today]
        self._setup(supply, taken([dorpshuis.pk], first, last, self.now)[dorpshuis.pk], known_guest=known_guest)

    @classmethod
    def over(cls, supply: Supply, occupied: Taken, now: datetime) -> "CellReader":
        """A reader over what was read in one batch for several houses; no query."""
        reader = cls.__new__(cls)
        reader.now = now
        reader.desks = []
        reader._setup(supply, occupied, known_guest=False)
        return reader

    def _setup(self, supply: Supply, occupied: Taken, *, known_guest: bool) -> None:
        self.supply = supply
        self.policy = supply.policy
        self._taken = occupied
        self._known_guest = known_guest
        self._cells: dict[Moment, Cell] = {}

    def at(self, moment: Moment) -> Cell:
        """The cell of this dagdeel."""
        if moment not in self._cells:
            occupied = self._taken.get(moment, ())
            self._cells[moment] = cell_at(self.supply, moment, occupied, self.now, known_guest=self._known_guest)
        return self._cells[moment]

    def on(self, day: date) -> list[Cell]:
        """The three cells of a day."""
        return [self.at(Moment(day, part)) for part in Dagdeel]

    def next_bookable(self) -> list[Cell]:
        """The bookable cells of the first day that has one; empty when the window has none."""
        day, last = self.now.date(), last_bookable_day(self.policy, self.now)
        while day <= last:
            found = [cell for cell in self.on(day) if cell.bookable]
            if found:
                return found
            day += timedelta(days=1)
        return []
