"""Who was there on which days: per house by guest, over houses by the hash of the year. Only reads."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from django.db.models import Min

from bookings.domain.figures import LOOKING_BACK
from bookings.models import Booking, Guest, GuestTrace
from bookings.models.booking import BookingQuerySet
from bookings.traces import person_of

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
    """By house and person, in the year of `last` up to that day. `persons`: the hash of each guest. One query."""
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
    rows = Guest.objects.filter(dorpshuis__in=ids).exclude(email="", phone="")
    traced = GuestTrace.objects.filter(guest__dorpshuis__in=ids)
    return {*rows.values_list("pk", flat=True), *traced.values_list("guest_id", flat=True)}


def _there(ids: Collection[int], last: date) -> BookingQuerySet:
    rows = Booking.objects.filter(dorpshuis__in=ids, state__in=(State.USED, State.BOOKED), date__lte=last)
    return rows.filter(desk__is_table=False).order_by()
