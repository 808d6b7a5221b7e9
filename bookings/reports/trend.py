"""The bars of thirteen months, from what a page read."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext

from bookings.charts import BarChart, Column, bars
from bookings.domain.compare import Average
from bookings.domain.months import shifted
from bookings.reports.picture import TREND, Month
from bookings.reports.wish import ReportWish
from portal.base.words import maand, maand_letter

MANY = 16
JANUARY = 1


def trend_chart(months: Sequence[Month], wish: ReportWish, averages: Sequence[Average | None] = ()) -> BarChart:
    """Used slots per month; yellow is the last month, grey the same month a year before. `averages`: a mark each."""
    ago = shifted(wish.last, -TREND)
    columns = []
    for number, one in enumerate(months):
        average = averages[number] if averages else None
        columns.append(
            Column(
                name=maand(one.month),
                short=maand_letter(one.month),
                value=one.slots.used if one.houses else None,
                year=str(one.month.year) if number == 0 or one.month.month == JANUARY else "",
                beside=average.expected(one.slots.offered) if average and one.houses else None,
                provisional=one.is_provisional,
                year_ago=one.month == ago and len(months) <= MANY,
                now=one.month == wish.last,
            )
        )
    return bars(_apart(columns), gettext("Gebruikte plekken"))


def _apart(columns: list[Column]) -> list[Column]:
    """No two years over one another: the first goes when the next follows within three months."""
    soon = any(column.year for column in columns[1:3])
    if not soon or not columns:
        return columns
    return [replace(columns[0], year=""), *columns[1:]]
