"""The average of the other houses in closed months, beside which a house sees its own. Slots only, never people."""

from collections import defaultdict
from datetime import date

from bookings.domain.compare import Average, average_of
from bookings.domain.figures import SlotFigures
from bookings.models import ClosedMonth, SlotSummary
from bookings.reports.months import SUMS, summed
from villages.models import Dorpshuis


def averages_of_others(house: Dorpshuis, first: date, last: date) -> dict[date, Average]:
    """Of each month between two (both included) that of the houses beside this one that offered something in it.

    Only of months in which they were five or more; a house of which a month is not closed is not in that month's. Two
    queries.
    """
    rows = ClosedMonth.objects.exclude(dorpshuis=house).between(first, last).newest()
    months = dict(rows.order_by().values_list("pk", "month"))
    sums = SlotSummary.objects.filter(closed_month__in=list(months)).order_by().values("closed_month").annotate(**SUMS)
    found: defaultdict[date, list[SlotFigures]] = defaultdict(list)
    for row in sums:
        found[months[row["closed_month"]]].append(summed(row))
    averages = {month: average_of(houses) for month, houses in found.items()}
    return {month: average for month, average in averages.items() if average is not None}
