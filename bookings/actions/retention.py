"""What was kept long enough goes by itself: guests, notes of calls, requests, and who did what.

Each `forget_…` does what is due, in small parts, and gives how many rows that were; each `next_…` says when the next
will be.
Members who do not come back: `actions/idle.py`.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Min
from django.db.models.functions import Coalesce, Greatest, TruncDate

from bookings.actions.forget import empty_all
from bookings.actions.lock import lock
from bookings.domain.retention import TERMS, Kept, gone_on, newest_gone
from bookings.models import CallAttempt, CallEntry, Guest
from bookings.models.call_entry import CallEntryQuerySet
from portal.base import clock, deletions
from portal.base.log import SYSTEM, Actor, record
from portal.base.log.models import LogEntry
from villages.models import HouseRequest

# A house is locked for one part at a time; what is left after so many parts waits for the next tick.
PART = 25
MOST_PARTS = 8


def forget_guests() -> int:
    """Empty the guests whose last dagdeel in their house was 24 months ago."""
    due = Guest.objects.last_here_by(_newest(Kept.GUEST)).order_by("dorpshuis_id", "pk")
    rows = list(due.values_list("dorpshuis_id", "pk")[: PART * MOST_PARTS])
    houses = {house: [pk for of, pk in rows if of == house] for house, _ in rows}
    parts = [(house, numbers[n : n + PART]) for house, numbers in houses.items() for n in range(0, len(numbers), PART)]
    return sum(forget_guests_of(house, numbers, SYSTEM) for house, numbers in parts)


def forget_guests_of(dorpshuis_id: int, numbers: list[int], by: Actor) -> int:
    """Empty these guests of one house, as far as they are still due now that nobody can book. Gives how many."""
    with transaction.atomic():
        house = lock(dorpshuis_id)
        due = _still_due(house.pk, numbers)
        for row in due:
            empty_all(row)
            record(by, "retention", f"guest:{row.pk}", dorpshuis_id=house.pk)
    return len(due)


def _still_due(dorpshuis_id: int, numbers: list[int]) -> list[Guest]:
    due = Guest.objects.last_here_by(_newest(Kept.GUEST))
    return list(due.filter(pk__in=numbers, dorpshuis=dorpshuis_id).order_by("pk"))


def next_guest() -> datetime | None:
    """When the next guest is emptied, as far as nobody books again."""
    since = TruncDate("created_at", tzinfo=clock.AMSTERDAM)
    rows = Guest.objects.known().with_last_day().annotate(counted_from=Greatest(Coalesce("last_day", since), since))
    kept = rows.filter(counted_from__gt=_newest(Kept.GUEST)).order_by("counted_from")
    return _next(Kept.GUEST, list(kept.values_list("counted_from", flat=True)[:1]))


def forget_calls() -> int:
    """Take who rang, when and what was noted from calls that were done 30 days ago. That they were done stays."""
    rows = _old_calls().order_by("dorpshuis_id", "pk").values_list("dorpshuis_id", flat=True)
    return sum(forget_calls_of(house, SYSTEM) for house in sorted(set(rows)))


def forget_calls_of(dorpshuis_id: int, by: Actor) -> int:
    """The same of one house. Gives how many calls."""
    with transaction.atomic():
        house = lock(dorpshuis_id)
        numbers = list(_old_calls().filter(dorpshuis=house).values_list("pk", flat=True)[: PART * MOST_PARTS])
        CallAttempt.objects.filter(entry__in=numbers).delete()
        CallEntry.objects.filter(pk__in=numbers).update(done_by=None)
        if numbers:
            record(by, "retention_calls", f"dorpshuis:{house.pk}", dorpshuis_id=house.pk)
    return len(numbers)


def next_call_note() -> datetime | None:
    """When the next notes go."""
    first = CallEntry.objects.with_notes().aggregate(first=Min("done_at"))["first"]
    return _next(Kept.CALL, [clock.local(first).date()] if first else [])


def forget_requests(by: Actor = SYSTEM) -> int:
    """Delete who asked for a desk in her village, 12 months after the last contact; a restore does it again."""
    with transaction.atomic():
        rows = HouseRequest.objects.annotate(last=Coalesce("handled_at", "created_at"))
        numbers = list(rows.filter(last__lt=_until(Kept.REQUEST)).values_list("pk", flat=True)[: PART * MOST_PARTS])
        HouseRequest.objects.filter(pk__in=numbers).delete()
        deletions.write_down([f"houserequest:{pk}" for pk in numbers])
        if numbers:
            record(by, "retention_requests", f"houserequest:{numbers[0]}")
    return len(numbers)


def next_request() -> datetime | None:
    """When the next request goes."""
    first = HouseRequest.objects.aggregate(first=Min(Coalesce("handled_at", "created_at")))["first"]
    return _next(Kept.REQUEST, [clock.local(first).date()] if first else [])


def forget_who() -> int:
    """Take the person from what was done 90 days ago. What was done, and with what, stays: it names nobody."""
    old = LogEntry.objects.filter(at__lt=_until(Kept.LOG), actor__isnull=False)
    numbers = list(old.order_by("pk").values_list("pk", flat=True)[: PART * MOST_PARTS])
    return LogEntry.objects.filter(pk__in=numbers).update(actor=None)


def next_who() -> datetime | None:
    """When the next entry loses its person."""
    first = LogEntry.objects.filter(actor__isnull=False).aggregate(first=Min("at"))["first"]
    return _next(Kept.LOG, [clock.local(first).date()] if first else [])


# --- when -------------------------------------------------------------------------------------------------


def _newest(kept: Kept) -> date:
    return newest_gone(clock.today(), TERMS[kept])


def _until(kept: Kept) -> datetime:
    """Whatever is of before this moment is to be gone."""
    return _midnight(_newest(kept) + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=clock.AMSTERDAM)


def _next(kept: Kept, days: list[date]) -> datetime | None:
    return _midnight(gone_on(min(days), TERMS[kept])) if days else None


def _old_calls() -> CallEntryQuerySet:
    return CallEntry.objects.with_notes().filter(done_at__lt=_until(Kept.CALL))
