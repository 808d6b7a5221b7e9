"""Close a month: freeze its figures on the fifth of the next. Safe to run twice, and late."""

import logging
from datetime import date, datetime

from django.db import transaction

from bookings.actions.lock import lock
from bookings.domain.months import closes_at, last_day, last_to_close, month_of, months_between, shifted
from bookings.models import ClosedMonth, PersonSummary, SlotSummary
from bookings.reports.begun import first_months, last_booked, last_closed
from bookings.reports.closing import Closing, had_an_offer, persons_closing, says_the_same, slots_of
from bookings.traces import hold_key, throw_away
from portal.base import clock
from portal.base.log import SYSTEM, Actor, record
from villages.models import Dorpshuis

DECEMBER = 12
logger = logging.getLogger(__name__)


def run() -> int:
    """Close whatever is due and not closed; gives how many rows it wrote. For the beat: cheap when nothing is due.

    A house that can't be closed does not stop the others; people are counted once all houses are closed.
    """
    until = last_to_close(clock.now())
    written, failed = 0, False
    for pk in _with_open_months(until):
        try:
            written += close_house(pk, until, SYSTEM)
        except Exception:
            failed = True
            logger.exception("closing.failed", extra={"dorpshuis": pk})
    for month in () if failed else _months_without_people(until):
        written += count_people(month, SYSTEM)
    return written


def next_at() -> datetime | None:
    """The next moment at which a month is to be closed."""
    return closes_at(shifted(last_to_close(clock.now()), 1))


def close_house(dorpshuis_id: int, until: date, by: Actor) -> int:
    """Freeze the slots of each month of this house up to `until` that is not closed yet; gives how many rows.

    Under the house's lock. Nobody can tick in those months any more, so it comes to the same however late it is.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        months = _open_months(house, until)
        if not months:
            return 0
        rows = slots_of(house, months, clock.now())
        if not rows:
            return 0
        number = _save(rows)
        record(by, "close_month", f"dorpshuis:{house.pk}", dorpshuis_id=house.pk)
    return number


def count_people(month: date, by: Actor) -> int:
    """Freeze who was there in this month, and in the quarter and year that end with it; gives how many rows.

    After December the key of the year goes, and with it all by which a person of two houses could be known: then
    nothing of that year is counted any more. Before that, counting again writes what differs as a new version.
    """
    with transaction.atomic():
        if _year_is_closed(month.year):
            return 0
        key = hold_key(month.year)
        if key is None or _year_is_closed(month.year):
            # Another closed it while this one waited: what it would read now is not what was there. No new key stays.
            transaction.set_rollback(True)
            return 0
        rows = persons_closing(month, key, clock.now())
        # Two at once write the same rows: the second finds them there.
        PersonSummary.objects.bulk_create(rows, ignore_conflicts=True)
        if month.month == DECEMBER:
            throw_away(month.year)
        record(by, "count_people", f"month:{month:%Y-%m}")
    return len(rows)


def correct_month(dorpshuis_id: int, month: date, by: Actor) -> bool:
    """Count a closed month of a house again, by the rows as they are now. What differs is a new version with its own
    date; the old one stays, and so does what a house that stopped since offered then. Gives whether there was
    anything to correct. People: `count_people` again.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        old = ClosedMonth.objects.filter(dorpshuis=house, month=month).newest().first()
        if old is None:
            return False
        found = slots_of(house, [month], clock.now(), was_open=had_an_offer(old))
        if not found or says_the_same(old, found[0]):
            return False
        found[0][0].version = old.version + 1
        _save(found)
        record(by, "correct_month", f"dorpshuis:{house.pk}", dorpshuis_id=house.pk)
    return True


# --- parts ------------------------------------------------------------------------------------------------


def _with_open_months(until: date) -> list[int]:
    """The houses that have a month to close. At most five queries when there is none.

    One that stopped only has the months in which a slot counts, see `last_booked`.
    """
    status = Dorpshuis.Status
    houses = list(Dorpshuis.objects.filter(status__in=(status.OPEN, status.STOPPED)).order_by("pk"))
    closed, first = last_closed([house.pk for house in houses]), first_months(houses, clock.today())
    stopped = [house.pk for house in houses if not house.takes_bookings]
    booked = last_booked(stopped, last_day(until))
    return [
        house.pk
        for house in houses
        if _first_open(closed.get(house.pk), first[house.pk])
        <= (until if house.takes_bookings else month_of(booked.get(house.pk, date.min)))
    ]


def _first_open(closed: date | None, first: date) -> date:
    return shifted(closed, 1) if closed else first


def _open_months(house: Dorpshuis, until: date) -> list[date]:
    closed = last_closed([house.pk]).get(house.pk)
    return list(months_between(_first_open(closed, first_months([house], clock.today())[house.pk]), until))


def _year_is_closed(year: int) -> bool:
    december = PersonSummary.objects.filter(scope=PersonSummary.Scope.NETWORK, span=PersonSummary.Span.YEAR)
    return december.filter(first=date(year, 1, 1)).exists()


def _months_without_people(until: date) -> list[date]:
    """The closed months of which nobody was counted yet, in order."""
    closed = set(ClosedMonth.objects.filter(month__lte=until).values_list("month", flat=True).distinct().order_by())
    network = PersonSummary.objects.filter(scope=PersonSummary.Scope.NETWORK, span=PersonSummary.Span.MONTH)
    return sorted(closed - set(network.values_list("first", flat=True)))


def _save(closings: list[Closing]) -> int:
    ClosedMonth.objects.bulk_create(closed for closed, _ in closings)
    rows = [row for _, rows in closings for row in rows]
    SlotSummary.objects.bulk_create(rows)
    return len(closings) + len(rows)
