"""Who was there on which days: per house by guest, over houses by the hash of the year. Only reads.

Who was there is whose slot was used, as in `domain/figures.py`: ticked, or ticked by nobody in a slot that stood.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from django.db.models import Exists, Min, OuterRef, Q

from bookings.domain.figures import LOOKING_BACK, is_shut
from bookings.models import Booking, Guest, GuestTrace
from bookings.models.booking import BookingQuerySet
from bookings.queries import supplies
from bookings.traces import person_of
from villages.models import Closure, Dorpshuis

State = Booking.State

DaysOf = dict[object, set[date]]  # of each person the days on which she was there


def days_by_guest(ids: Collection[int], first: date, last: date) -> dict[int, DaysOf]:
    """By house and guest, up to `last`: her first day ever, and all from ninety days before `first`. Four queries.

    Who can't be told from others (she walked in and left nothing) is left out.
    """
    found: defaultdict[int, DaysOf] = defaultdict(dict)
    known = _known(ids)
    rows = _there(ids, last)
    columns = ("dorpshuis_id", "reservation__guest_id")
    recent = rows.filter(date__gte=first - LOOKING_BACK - timedelta(days=1))
    for house, guest, day in recent.values_list(*columns, "date").distinct():
        if guest in known:
            found[house].setdefault(guest, set()).add(day)
    for house, guest, day in rows.values(*columns).annotate(day=Min("date")).values_list(*columns, "day"):
        if guest in found[house]:
            found[house][guest].add(day)
    return {house: found[house] for house in ids}


def days_by_person(ids: Collection[int], last: date, persons: Mapping[int, str]) -> dict[int, DaysOf]:
    """By house and person, in the year of `last` up to that day. `persons`: the hash of each guest. Two queries."""
    found: defaultdict[int, DaysOf] = defaultdict(dict)
    rows = _there(ids, last).filter(date__gte=date(last.year, 1, 1))
    for house, guest, day in rows.values_list("dorpshuis_id", "reservation__guest_id", "date").distinct():
        if guest in persons:
            found[house].setdefault(persons[guest], set()).add(day)
    return {house: found[house] for house in ids}


def together(parts: Iterable[DaysOf]) -> DaysOf:
    """The days of each person over several houses."""
    found: defaultdict[object, set[date]] = defaultdict(set)
    for part in parts:
        for person, days in part.items():
            found[person] |= days
    return dict(found)


def persons_of(ids: Collection[int], year: int, key: bytes) -> dict[int, str]:
    """The hash of each guest of these houses, by number; of who was deleted what was kept. Two queries."""
    traces = GuestTrace.objects.filter(guest__dorpshuis__in=ids, year=year).values_list("guest_id", "person")
    rows = Guest.objects.filter(dorpshuis__in=ids).exclude(email="", phone="").only("email", "phone")
    return dict(traces) | {guest.pk: person_of(key, guest) for guest in rows}


def _known(ids: Collection[int]) -> set[int]:
    told_apart = ~Q(email="", phone="") | Exists(GuestTrace.objects.filter(guest=OuterRef("pk")))
    return set(Guest.objects.filter(told_apart, dorpshuis__in=ids).values_list("pk", flat=True))


def _there(ids: Collection[int], last: date) -> BookingQuerySet:
    rows = Booking.objects.filter(dorpshuis__in=ids, state__in=(State.USED, State.BOOKED), date__lte=last)
    rows = rows.filter(desk__is_table=False).order_by()
    return rows.exclude(pk__in=_shut_out(rows))


def _shut_out(rows: BookingQuerySet) -> list[int]:
    """Which of these stand in a slot that the house shut, and were not ticked: there was nobody. Few or none do.

    One query; six when there are bookings on days on which something was shut.
    """
    closures = Closure.objects.shutting().filter(dorpshuis=OuterRef("dorpshuis"))
    closures = closures.filter(first_day__lte=OuterRef("date"), last_day__gte=OuterRef("date"))
    found = list(rows.filter(Exists(closures), state=State.BOOKED))
    if not found:
        return []
    days, houses = [row.date for row in found], Dorpshuis.objects.filter(pk__in={row.dorpshuis_id for row in found})
    offers = supplies(houses, min(days), max(days))
    return [row.pk for row in found if is_shut(offers[row.dorpshuis_id], row.moment, row.desk_id)]
