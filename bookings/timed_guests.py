"""What guests are told when its time has come: a reminder of a day, and the evening before how to get in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q

from bookings.domain.availability import begins_at
from bookings.domain.dagdelen import Dagdeel, Moment, local
from bookings.domain.due import LOOKED_BACK, reminder_at, reminder_until
from bookings.domain.policy import deadline, way_in_from
from bookings.models import Booking, CallEntry
from bookings.queries import supplies
from bookings.tell_timed import Due, guest_day_key, not_told, tell_due
from portal.base import clock
from villages.models import AccessWay, Dorpshuis, switched_on

Kind = CallEntry.Kind
MOST_DAYS_BEFORE = 14  # as far ahead as a house may have its deadline
_COLUMNS = (
    "dorpshuis_id",
    "reservation_id",
    "reservation__guest_id",
    "reservation__guest__email",
    "reservation__email",
    "reservation__language",
    "reservation__cancel_days_before",
    "reservation__cancel_time",
    "date",
    "dagdeel",
    "created_at",
)


@dataclass(frozen=True)
class Row:
    """A booked dagdeel, as much of it as decides whether its guest is told something. Also its terms of cancelling."""

    house: int
    reservation: int
    guest: int
    guest_email: str
    email: str
    language: str
    cancel_days_before: int
    cancel_time: time
    date: date
    dagdeel: str
    created_at: datetime

    @property
    def moment(self) -> Moment:
        return Moment(self.date, Dagdeel(self.dagdeel))


@dataclass(frozen=True)
class Timed:
    """A dagdeel, and from when until when there is something to tell about it."""

    row: Row
    at: datetime
    until: datetime


def remind() -> int:
    """Remind each guest once of a day on which she has something that she can still cancel for nothing."""
    return tell_due(_reminders(clock.today() - LOOKED_BACK, soon_only=True))


def next_reminder() -> datetime | None:
    """When the next guest is reminded of her day."""
    return _next(_reminders(clock.today()))


def tell_way_in() -> int:
    """The evening before: tell how to get in, where that stands on her private page only."""
    today = clock.today()
    last = today + timedelta(days=1) if clock.now() >= way_in_from(today + timedelta(days=1)) else today
    return tell_due(_ways_in(today - LOOKED_BACK, last))


def next_way_in() -> datetime | None:
    """When the next guest is told how to get in."""
    return _next(_ways_in(clock.today()))


def _next(found: Iterable[Due]) -> datetime | None:
    now = clock.now()
    return min((max(due.at, now) for due in not_told(found) if due.until > now), default=None)


def _reminders(first: date, *, soon_only: bool = False) -> list[Due]:
    """Who has something booked from this day on: one query, and five for houses whose deadline is on the day itself."""
    where = Q(reservation__guest__no_reminders=False) & switched_on("reminders", "dorpshuis__")
    if soon_only:
        near = clock.today() + timedelta(days=2)
        far = Q(reservation__cancel_days_before__gt=1, date__lte=near + timedelta(days=MOST_DAYS_BEFORE - 1))
        where &= Q(date__lte=near) | far
    rows = _booked(first, where)
    begins = _begins(row for row in rows if not row.cancel_days_before)
    timed = []
    for row in rows:
        # A deadline on an earlier day comes before any beginning: that of the day will do.
        begin = begins.get((row.house, row.moment)) or local(row.date, time(0))
        last = deadline(row, row.date)
        timed.append(Timed(row, reminder_at(last, begin), reminder_until(last, begin)))
    return list(_per_guest_and_day(Kind.REMINDER, timed))


def _ways_in(first: date, last: date | None = None) -> list[Due]:
    """Who comes on these days by a way in that is not for everybody: one query, and six for who was not told yet."""
    ways = AccessWay.objects.filter(dorpshuis=OuterRef("dorpshuis"), dagdeel__in=(OuterRef("dagdeel"), ""))
    where = Q(Exists(ways.exclude(private_text=""))) & switched_on("way_in", "dorpshuis__")
    if last is not None:
        where &= Q(date__lte=last)
    # Until its day is over is too long: what is known of the schedule decides, but only of who was not told yet.
    rows = [Timed(row, way_in_from(row.date), local(row.date, time(23, 59))) for row in _booked(first, where)]
    keys = {due.key for due in not_told(_per_guest_and_day(Kind.WAY_IN, rows))}
    left = [timed.row for timed in rows if _key(Kind.WAY_IN, timed.row) in keys]
    begins = _begins(left)
    exact = [Timed(row, way_in_from(row.date), begins[row.house, row.moment]) for row in left]
    return list(_per_guest_and_day(Kind.WAY_IN, exact))


def _booked(first: date, where: Q) -> list[Row]:
    """What is booked from this day on and fits; not the dates of a standing place, whose holder knows her way."""
    rows = Booking.objects.filter(where, state=Booking.State.BOOKED, date__gte=first, standing=None)
    return [Row(*values) for values in rows.order_by("reservation_id", "date", "pk").values_list(*_COLUMNS)]


def _begins(rows: Iterable[Row]) -> dict[tuple[int, Moment], datetime]:
    """When these dagdelen begin by the houses' own clock times. Five queries, none for no rows."""
    moments: defaultdict[int, set[Moment]] = defaultdict(set)
    for row in rows:
        moments[row.house].add(row.moment)
    if not moments:
        return {}
    days = [moment.date for found in moments.values() for moment in found]
    offers = supplies(Dorpshuis.objects.filter(pk__in=moments), min(days), max(days))
    return {(house, moment): begins_at(offers[house], moment) for house in moments for moment in moments[house]}


def _key(kind: str, row: Row) -> str:
    """One for all that a guest has on a day; what has another address than hers is apart."""
    return guest_day_key(kind, row.guest, row.date, 0 if row.email == row.guest_email else row.reservation)


def _per_guest_and_day(kind: str, timed: Iterable[Timed]) -> Iterator[Due]:
    """One message for all dagdelen of a guest on a day, from the first that has something until the last.

    Not of what was booked after its time had come: who just booked has the confirmation, or was on the phone.
    """
    found: defaultdict[str, list[Timed]] = defaultdict(list)
    for one in timed:
        if one.row.created_at < one.at:
            found[_key(kind, one.row)].append(one)
    for key, mine in found.items():
        row = mine[0].row
        yield Due(
            key=key,
            kind=kind,
            at=min(one.at for one in mine),
            until=max(one.until for one in mine),
            subject=f"reservation:{row.reservation}",
            recipient=row.email,
            language=row.language,
            house=row.house,
            reservation=row.reservation,
        )
