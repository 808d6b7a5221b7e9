"""What the period has besides its charts: what became of what was booked, what was earned, what volunteers worked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bookings.domain.figures import SlotFigures
from bookings.reports.house_month import Earned, income_of, named_people
from bookings.reports.months import HouseMonth


@dataclass(frozen=True)
class More:
    """Of all asked houses and months together. `people`: name and text of each column that may be shown.

    `hours`: as the houses entered them, None when none did; `hours_missing`: not for each house and month.
    """

    slots: SlotFigures
    income: list[Earned]
    people: list[tuple[str, str]]
    hours: int | None
    hours_missing: bool


def more_of(rows: Collection[HouseMonth], people: Mapping[str, str]) -> More:
    """Of these months; `people` as the page may show them, empty when it may not."""
    hours = [row.volunteer_hours for row in rows if row.volunteer_hours is not None]
    return More(
        slots=SlotFigures.total(row.slots for row in rows),
        income=income_of(*rows),
        people=named_people(people) if people else [],
        hours=sum(hours) if hours else None,
        hours_missing=len(hours) < len(rows),
    )
