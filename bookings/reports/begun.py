"""From when a house has figures."""

from collections.abc import Collection
from datetime import date

from django.db.models import Max, Min

from bookings.domain.figures import COUNTED_STATES
from bookings.domain.months import month_of, shifted
from bookings.models import Booking, ClosedMonth
from villages.models import Desk, Dorpshuis
from villages.models.validity import LONG_AGO


def first_months(houses: Collection[Dorpshuis], today: date) -> dict[int, date]:
    """Of each house the month of which it has its first figures. Three queries.

    The first that was closed; else that of its first desk, or of its first booking when nobody wrote down since when
    the desks are there; else the month before this one.
    """
    ids = [house.pk for house in houses]
    if not ids:
        return {}
    closed = dict(ClosedMonth.objects.filter(dorpshuis__in=ids).values_list("dorpshuis").annotate(Min("month")))
    desks = Desk.objects.filter(room__dorpshuis__in=ids, valid_from__gt=LONG_AGO)
    begun = dict(desks.order_by().values_list("room__dorpshuis").annotate(Min("valid_from")))
    rows = Booking.objects.filter(dorpshuis__in=ids, state__in=COUNTED_STATES, date__lte=today)
    booked = dict(rows.order_by().values_list("dorpshuis").annotate(Min("date")))
    usual = shifted(month_of(today), -1)
    found = {}
    for pk in ids:
        known = [days[pk] for days in (begun, booked) if pk in days]
        found[pk] = closed.get(pk) or month_of(min(known, default=usual))
    return found


def last_closed(ids: Collection[int]) -> dict[int, date]:
    """The last closed month of each of these houses that has one. One query."""
    rows = ClosedMonth.objects.filter(dorpshuis__in=ids).order_by()
    return dict(rows.values_list("dorpshuis").annotate(Max("month")))


def last_booked(ids: Collection[int], until: date = date.max) -> dict[int, date]:
    """The last day up to `until` on which somebody was booked in each of these houses that stopped. One query.

    Only what counts in a house that offers nothing any more: no meeting table, and nothing that was cancelled.
    """
    rows = Booking.objects.filter(dorpshuis__in=ids, state__in=COUNTED_STATES, date__lte=until, desk__is_table=False)
    there = rows.exclude(state=Booking.State.LATE_CANCELLED).order_by()
    return dict(there.values_list("dorpshuis").annotate(Max("date")))
