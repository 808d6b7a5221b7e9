"""When the invented houses are closed: public holidays, each house's own weeks, and mishaps."""

from calendar import SUNDAY
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from dateutil.easter import easter

from bookings.domain.dagdelen import local
from bookings.models import Booking
from portal.base import clock
from portal.demo.data.spec import HouseSpec, Incident, YearlyClosure
from portal.demo.data.wishes import wishes
from villages.models import Closure, Dorpshuis

# Announced long before anybody in the demo books, so that it hits nobody.
ANNOUNCED = timedelta(days=120)


def add(spec: HouseSpec, house: Dorpshuis, opened: date, *, is_new: bool) -> None:
    """Write the closures that are announced by now and not there yet; never over somebody's booking."""
    today = clock.today()
    there = set(Closure.objects.filter(dorpshuis=house).values_list("first_day", "reason"))
    found = [] if spec.stays_open and not is_new else list(planned(spec, house, opened, today))
    if is_new:
        found += [_mishap(house, day, incident) for day, incident in mishaps(spec, opened, today)]
    fresh = [row for row in found if (row.first_day, row.reason) not in there]
    Closure.objects.bulk_create(row for row in fresh if is_new or not _hits(row))


def planned(spec: HouseSpec, house: Dorpshuis, opened: date, today: date) -> Iterator[Closure]:
    """Holidays and the house's own weeks, from its first day until as far as closures are announced."""
    for year in range(opened.year, (today + ANNOUNCED).year + 1):
        days = [(day, day, name, "", ()) for day, name in holidays(year)]
        own = [(*_days(rule, year), rule.reason, rule.text, rule.dagdelen) for rule in spec.closures]
        for first, last, reason, text, dagdelen in days + own:
            if first < opened or first > today + ANNOUNCED or (spec.stays_open and last >= today):
                continue
            made_at = min(local(first - ANNOUNCED, time(20, 15)), clock.now())
            row = Closure(
                dorpshuis=house, first_day=first, last_day=last, reason=reason, guest_text=text, created_at=made_at
            )
            for part in ("ochtend", "middag", "avond") if dagdelen else ():
                setattr(row, part, part in dagdelen)
            yield row


def mishaps(spec: HouseSpec, opened: date, today: date) -> Iterator[tuple[date, Incident]]:
    """The days on which something went wrong: in the past, and with guests on their way."""
    for incident in spec.incidents:
        since = opened + timedelta(days=incident.day)
        counts = Counter(
            wish.day
            for wish in wishes(spec, opened, min(since + timedelta(weeks=6), today - timedelta(days=1)))
            if wish.day >= since and wish.made_at < _told_at(wish.day)
        )
        busy = [day for day, number in sorted(counts.items()) if number > 1]
        if busy:
            yield busy[0], incident


def holidays(year: int) -> list[tuple[date, str]]:
    """Public holidays on which no dorpshuis offers desks."""
    sunday = easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == SUNDAY:  # then it is kept the day before
        kings_day -= timedelta(days=1)
    return [
        (sunday + timedelta(days=1), "tweede paasdag"),
        (kings_day, "Koningsdag"),
        (sunday + timedelta(days=39), "Hemelvaart"),
        (sunday + timedelta(days=50), "tweede pinksterdag"),
    ]


def _days(rule: YearlyClosure, year: int) -> tuple[date, date]:
    first = date(year, *rule.first)
    last = date(year, *rule.last)
    return first, last if last >= first else last.replace(year=year + 1)


def _mishap(house: Dorpshuis, day: date, incident: Incident) -> Closure:
    return Closure(
        dorpshuis=house,
        first_day=day,
        last_day=day,
        reason=incident.reason,
        guest_text=incident.text,
        created_at=_told_at(day),
    )


def _told_at(day: date) -> datetime:
    return local(day - timedelta(days=1), time(16, 40))


def _hits(row: Closure) -> bool:
    """Whether somebody has booked in these days: such a closure is a person's to make, with the button."""
    return Booking.objects.filter(dorpshuis=row.dorpshuis).occupying().between(row.first_day, row.last_day).exists()
