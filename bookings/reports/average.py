"""The average of the other houses in a closed month, beside which a house sees its own. Slots only, never people."""

from datetime import date

from bookings.domain.compare import Average, average_of
from bookings.domain.figures import SlotFigures
from bookings.reports.months import weekly_figures
from villages.models import Dorpshuis


def average_of_others(house: Dorpshuis, month: date) -> Average | None:
    """Of the houses beside this one that offered something in this closed month; None of fewer than five. Two queries.

    A month that is not closed for one of them counts that one not.
    """
    others = list(Dorpshuis.objects.exclude(pk=house.pk).only("pk"))
    found = weekly_figures(others, month, month, live={})
    return average_of(SlotFigures.total(cells.values()) for cells in found.values())
