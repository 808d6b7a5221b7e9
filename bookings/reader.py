"""The cells of one house, each worked out once, when it is asked for."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Self

from bookings.domain.availability import BookingPolicy, Cell, Supply, cell_at, last_bookable_day
from bookings.domain.dagdelen import Dagdeel, Moment, Week
from bookings.domain.lasting import Lasting, lasting
from bookings.queries import Taken, desk_rows, supplies, taken
from portal.base import clock
from villages.models import Desk, Dorpshuis


@dataclass
class CellReader:
    """A house's supply and its taken desks, and the cells that follow from them."""

    supply: Supply
    occupied: Taken
    now: datetime
    desks: list[Desk] = field(default_factory=list)
    known_guest: bool = False
    _cells: dict[Moment, Cell] = field(default_factory=dict, init=False)

    @classmethod
    def read(cls, dorpshuis: Dorpshuis, days: Collection[date] = (), *, known_guest: bool = False) -> Self:
        """Read in five queries: the booking window, and these other days. Only of those are bookings known."""
        now = clock.now()
        today, last = now.date(), now.date() + timedelta(days=dorpshuis.window_days)
        first_day, last_day = min([today, *days]), max([last, *days])
        rows = desk_rows([dorpshuis.pk], first_day, last_day)
        supply = supplies([dorpshuis], first_day, last_day, rows)[dorpshuis.pk]
        occupied = taken([dorpshuis.pk], today, last, now, also=days)[dorpshuis.pk]
        desks = [desk for desk in rows if desk.valid_until is None or desk.valid_until >= today]
        return cls(supply, occupied, now, desks, known_guest)

    @classmethod
    def read_all(cls, dorpshuizen: Collection[Dorpshuis]) -> dict[int, Self]:
        """A reader of the booking window for each house, by its number: five queries for any number of them."""
        now = clock.now()
        first, last = now.date(), now.date() + timedelta(days=max((h.window_days for h in dorpshuizen), default=0))
        ids = [house.pk for house in dorpshuizen]
        rows = desk_rows(ids, first, last)
        desks: dict[int, list[Desk]] = {pk: [] for pk in ids}
        for desk in rows:
            desks[desk.room.dorpshuis_id].append(desk)
        offers, occupied = supplies(dorpshuizen, first, last, rows), taken(ids, first, last, now)
        return {pk: cls(offers[pk], occupied[pk], now, desks[pk]) for pk in ids}

    def only(self, desk_ids: Collection[int]) -> Self:
        """The same house as if it had just these desks."""
        desks = tuple(desk for desk in self.supply.desks if desk.desk_id in desk_ids)
        return replace(self, supply=replace(self.supply, desks=desks))

    @property
    def policy(self) -> BookingPolicy:
        return self.supply.policy

    def at(self, moment: Moment) -> Cell:
        """The cell of this dagdeel."""
        if moment not in self._cells:
            occupied = self.occupied.get(moment, ())
            self._cells[moment] = cell_at(self.supply, moment, occupied, self.now, known_guest=self.known_guest)
        return self._cells[moment]

    def on(self, day: date) -> list[Cell]:
        """The three cells of a day."""
        return [self.at(Moment(day, part)) for part in Dagdeel]

    def can_be_booked_in(self, week: Week) -> bool:
        """Whether the booking window has a day of this week."""
        return Week.of(self.now.date()) <= week <= Week.of(last_bookable_day(self.policy, self.now))

    def lasting(self) -> Lasting:
        """How long all of this stays true when nobody writes."""
        return lasting(self.supply, self.occupied.holds, self.now)

    def next_bookable(self, first: date | None = None) -> list[Cell]:
        """The bookable cells of the first day (from today, or from `first`) that has one; else empty."""
        day, last = first or self.now.date(), last_bookable_day(self.policy, self.now)
        while day <= last:
            found = [cell for cell in self.on(day) if cell.bookable]
            if found:
                return found
            day += timedelta(days=1)
        return []
