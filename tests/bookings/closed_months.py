"""Closed months, written directly: what the pages of figures show."""

from datetime import date
from typing import Any

from bookings.models import ClosedMonth, PersonSummary, SlotSummary
from villages.models import Dorpshuis

OCTOBER = date(2026, 10, 1)


def closed(house: Dorpshuis, used: int, month: date = OCTOBER, *, part: str = "ochtend", **fields: Any) -> ClosedMonth:
    """A closed month of a house: of 100 places on Tuesdays so many used."""
    row, _ = ClosedMonth.objects.get_or_create(dorpshuis=house, month=month, defaults={"definition": 1})
    counts = dict.fromkeys(
        (
            "assumed",
            "no_show",
            "late_cancelled",
            "closed",
            "standing",
            "social",
            "dagdelen",
            "full",
            "together",
            "cents",
        ),
        0,
    )
    SlotSummary.objects.create(
        closed_month=row, weekday=1, dagdeel=part, **counts | {"used": used, "offered": 100} | fields
    )
    return row


def several(house: Dorpshuis, used: int, **fields: Any) -> None:
    """August to October."""
    for month in (8, 9, 10):
        closed(house, used, date(2026, month, 1), **fields)


def people(scope: str, key: str, unique: int, **fields: Any) -> None:
    PersonSummary.objects.create(
        scope=scope, key=key, span="month", first=OCTOBER, definition=1, unique=unique, new=0, returning=unique,
        regular=0, **fields,
    )  # fmt: skip
