"""What the tables say, read row by row and in another way than the portal reads them: to compare the two."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from bookings.domain.dagdelen import AMSTERDAM, Dagdeel, Moment
from bookings.models import Booking, Guest, Reservation
from portal.base.log.models import LogEntry
from villages.models import Closure, Desk, Dorpshuis, Opening

Slot = tuple[int, date, str]

TAKES = ("booked", "held", "used", "no_show")
ALL_ROWS = (Booking, Reservation, Guest, Closure, Desk, Opening, LogEntry)


def everything() -> list[list[tuple[Any, ...]]]:
    """Every row that an action may write, to see that a refusal wrote none."""
    return [list(model._default_manager.order_by("pk").values_list()) for model in ALL_ROWS]


def pairs(rows: Iterable[tuple[int, int]]) -> defaultdict[int, set[int]]:
    """The second numbers of a table of pairs, by the first."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in rows:
        found[one].add(other)
    return found


class Ledger:
    """The rows of one house as they are now."""

    def __init__(self, house: Dorpshuis, now: datetime) -> None:
        self.now = now
        self.rows = list(Booking.objects.filter(dorpshuis=house))
        self.desks = list(Desk.objects.filter(room__dorpshuis=house).select_related("room"))
        self.lines = list(Opening.objects.filter(dorpshuis=house))
        self.rooms_of_line = pairs(Opening.rooms.through.objects.values_list("opening_id", "room_id"))
        self.closures = list(Closure.objects.filter(dorpshuis=house, cause="closure"))
        self.desks_of_closure = pairs(Closure.desks.through.objects.values_list("closure_id", "desk_id"))

    def line(self, day: date, part: str) -> Opening | None:
        """The line of the schedule that counts: the one that began last; of two of one day the extra one."""
        found = [line for line in self.lines if (line.weekday, line.dagdeel) == (day.weekday(), part)]
        holding = [line for line in found if line.valid_from <= day <= (line.valid_until or date.max)]
        return max(holding, key=lambda line: (line.valid_from, line.once)) if holding else None

    def is_shut(self, desk: Desk, day: date, part: str) -> bool:
        """Whether a closure takes this desk away."""
        for closure in self.closures:
            if not (closure.first_day <= day <= closure.last_day and getattr(closure, part)):
                continue
            line = self.line(day, part)
            ends = datetime.combine(day, line.end if line else time.max, tzinfo=AMSTERDAM)
            if closure.created_at >= ends or (closure.reopened_at is not None and closure.reopened_at < ends):
                continue
            named = self.desks_of_closure[closure.pk]
            if desk.pk in named or (not named and closure.room_id in (None, desk.room_id)):
                return True
        return False

    def is_there(self, desk: Desk, day: date) -> bool:
        """Whether the desk and its room exist on this day."""
        return all(row.valid_from <= day <= (row.valid_until or date.max) for row in (desk, desk.room))

    def open_desks(self, moment: Moment) -> set[int]:
        """The desks that the house offers then."""
        day, part = moment.date, moment.dagdeel.value
        line = self.line(day, part)
        if line is None:
            return set()
        rooms = self.rooms_of_line[line.pk]
        here = [desk for desk in self.desks if self.is_there(desk, day) and (not rooms or desk.room_id in rooms)]
        return {desk.pk for desk in here if not self.is_shut(desk, day, part)}

    def taken_desks(self, moment: Moment) -> set[int]:
        """The desks that somebody has then; a hold past its end is nobody's."""
        rows = [row for row in self.rows if (row.date, row.dagdeel) == (moment.date, moment.dagdeel.value)]
        standing = [row for row in rows if row.state in TAKES]
        return {row.desk_id for row in standing if row.held_until is None or self.now < row.held_until}

    def counts(self, moments: list[Moment]) -> dict[str, tuple[int, int]]:
        """Free and offered desks per moment."""
        found = {}
        for moment in moments:
            offered = self.open_desks(moment)
            found[str(moment)] = (len(offered - self.taken_desks(moment)), len(offered))
        return found

    def sold_twice(self) -> list[Slot]:
        """Slots with more than one row that takes them."""
        slots = Counter((row.desk_id, row.date, row.dagdeel) for row in self.rows if row.state in TAKES)
        return [slot for slot, number in slots.items() if number > 1]

    def paid_twice(self) -> set[Slot]:
        """Slots that were given back late, are due for it, and yet are somebody else's now."""
        late = {(row.desk_id, row.date, row.dagdeel) for row in self.rows if row.state == "late_cancelled"}
        used = {(row.desk_id, row.date, row.dagdeel) for row in self.rows if row.state in ("booked", "used", "no_show")}
        return late & used

    def changed_and_still_there(self) -> list[int]:
        """Bookings that were changed for another, and yet are not simply cancelled."""
        changed = {row.changed_from_id for row in self.rows}
        return [row.pk for row in self.rows if row.pk in changed and row.state != "cancelled"]

    def is_over(self, row: Booking) -> bool:
        line = self.line(row.date, row.dagdeel)
        if line is None:
            return self.now.date() > row.date
        return self.now >= datetime.combine(row.date, line.end, tzinfo=AMSTERDAM)

    def homeless(self) -> list[Slot]:
        """Coming bookings at a desk that is shut or gone."""
        coming = [row for row in self.rows if row.state == "booked" and not self.is_over(row)]
        lost = [row for row in coming if row.desk_id not in self.open_desks(Moment(row.date, Dagdeel(row.dagdeel)))]
        return [(row.desk_id, row.date, row.dagdeel) for row in lost]

    def prices(self) -> dict[int, tuple[int, str]]:
        return {row.pk: (row.price_cents, row.tariff) for row in self.rows}


def two_weeks(first: date) -> list[Moment]:
    """Every moment of two weeks from this day."""
    return [Moment(first + timedelta(days=n), part) for n in range(14) for part in Dagdeel]
