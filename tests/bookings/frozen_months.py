"""Closed months as rows, for who reads them: written directly, so that a test says which numbers are in them."""

from datetime import date
from typing import Any

from bookings.domain.figures import COUNTS
from bookings.models import ClosedMonth, PersonSummary, SlotSummary
from portal.base import clock
from villages.models import Dorpshuis

OCTOBER = date(2026, 10, 1)


def make_closed_month(house: Dorpshuis, month: date = OCTOBER, **fields: Any) -> ClosedMonth:
    """A closed month of which all was on Tuesday morning: counts by name (`used=12`), and columns of the month."""
    counts = {name: fields.pop(name, 0) for name in COUNTS}
    closed = ClosedMonth.objects.create(dorpshuis=house, month=month, definition=1, closed_at=clock.now(), **fields)
    SlotSummary.objects.create(closed_month=closed, weekday=1, dagdeel="ochtend", **counts)
    return closed


def make_people(scope: str, key: object, month: date = OCTOBER, unique: int = 0, **fields: Any) -> PersonSummary:
    """Who was there in a closed month."""
    numbers: dict[str, Any] = dict.fromkeys(("new", "returning", "regular"), 0) | fields
    return PersonSummary.objects.create(
        scope=scope, key=str(key), span="month", first=month, definition=1, unique=unique, **numbers
    )
