"""Plain values for the rules: a house with two desks in one room and a third in another."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bookings.domain.availability import BookingPolicy, Cell, ClosedSpan, DeskSpan, OpeningSpan, Supply, cell_at
from bookings.domain.dagdelen import Dagdeel, Moment, local
from bookings.domain.prices import TariffSpan

LONG_AGO = date(2020, 1, 1)
MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
OFFICE, HALL = 10, 20
HOURS = {
    Dagdeel.OCHTEND: (time(8, 30), time(12, 30)),
    Dagdeel.MIDDAG: (time(13), time(17)),
    Dagdeel.AVOND: (time(18, 30), time(22)),
}
POLICY = BookingPolicy(
    window_days=60,
    lead_minutes=0,
    staffed_only_for_new=False,
    cancel_days_before=1,
    cancel_time=time(17),
    order_limit=10,
    guest_limit=20,
)
DESKS = (DeskSpan(1, OFFICE, LONG_AGO, None), DeskSpan(2, OFFICE, LONG_AGO, None), DeskSpan(3, HALL, LONG_AGO, None))
TARIFF = TariffSpan("standaard", 750, LONG_AGO, None)


def opening(day: date, part: Dagdeel = Dagdeel.OCHTEND, **fields: Any) -> OpeningSpan:
    """A line of the schedule for the weekday of `day`, at the usual hours."""
    begin, end = HOURS[part]
    given: dict[str, Any] = {"begin": begin, "end": end, "first_day": LONG_AGO, "last_day": None} | fields
    return OpeningSpan(weekday=day.weekday(), dagdeel=part, **given)


def every_day(**fields: Any) -> tuple[OpeningSpan, ...]:
    """Mornings and afternoons on all seven days; no evenings."""
    days = [date(2026, 11, 23 + n) for n in range(7)]
    return tuple(opening(day, part, **fields) for day in days for part in (Dagdeel.OCHTEND, Dagdeel.MIDDAG))


def make_supply(**fields: Any) -> Supply:
    given: dict[str, Any] = {
        "takes_bookings": True,
        "policy": POLICY,
        "desks": DESKS,
        "openings": every_day(),
        "closures": (),
        "tariffs": (TARIFF,),
    }
    return Supply(**(given | fields))


def policy(**fields: Any) -> BookingPolicy:
    return replace(POLICY, **fields)


def closed(day: date = TUESDAY, *parts: Dagdeel, **fields: Any) -> ClosedSpan:
    """A closure of one day; of the whole house unless `fields` say less."""
    return ClosedSpan(day, day, frozenset(parts or Dagdeel), "dorpsfeest", **fields)


def morning(day: date = TUESDAY) -> Moment:
    return Moment(day, Dagdeel.OCHTEND)


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Local time in Drenthe."""
    return local(day, time(hour, minute, second))


NOW = at(MONDAY, 9)


def cell(moment: Moment | None = None, *taken: int, now: datetime = NOW, known: bool = False, **fields: Any) -> Cell:
    """The cell of a house with these fields; Tuesday morning, seen on Monday at nine, unless said otherwise."""
    return cell_at(make_supply(**fields), moment or morning(), taken, now, known_guest=known)
