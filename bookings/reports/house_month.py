"""What a house sees of its own figures: a month beside the average, the year, the dagdelen, what was earned."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.charts import Column
from bookings.domain.compare import FEWEST_TO_COMPARE, Average
from bookings.domain.figures import SlotFigures, Weekly, rate
from bookings.domain.months import QUARTER, YEAR, Period, Span, shifted
from bookings.models import Booking
from bookings.reports.months import HouseMonth, weekly_figures
from bookings.wording import tariff_words
from portal.base.words import maand, maand_letter
from villages.models import Dorpshuis

# The counts that stand beside the average, in this order; the indented ones are parts of the one above them.
COUNTED = (
    ("offered", _("Aangeboden"), False),
    ("booked", _("Geboekt"), False),
    ("used", _("Gebruikt"), False),
    ("assumed", _("Aangenomen"), True),
    ("no_show", _("Niet gekomen"), False),
    ("late_cancelled", _("Laat geannuleerd"), False),
    ("closed", _("Gesloten"), False),
    ("full", _("Volle dagdelen"), False),
    ("together", _("Samen aan het werk"), False),
)
# What of the used slots was for whom.
USES = (("standing", _("Vaste plekken")), ("social", _("Maatschappelijk gebruik")))
PEOPLE = (
    ("unique", _("Unieke gasten")),
    ("new", _("Nieuwe gasten")),
    ("returning", _("Terugkerende gasten")),
    ("regular", _("Vaste gasten")),
)


@dataclass(frozen=True)
class Line:
    """A figure of the house, and the average of the others (None: there is none)."""

    name: str
    own: int
    average: float | None
    is_part: bool = False


@dataclass(frozen=True)
class Part:
    """So many of the used slots, and how much of them in percent (None under twenty)."""

    name: str
    number: int
    share: float | None


@dataclass(frozen=True)
class Earned:
    """What belongs to a tariff and a way to pay: so many slots, so many cents."""

    tariff: str
    paid: str
    slots: int
    cents: int


def lines_of(row: HouseMonth, average: Average | None) -> list[Line]:
    """The counts of the month beside the average."""
    return [
        Line(str(name), getattr(row.slots, column), _mean(average, column), is_part)
        for column, name, is_part in COUNTED
    ]


def uses_of(slots: SlotFigures) -> list[Part]:
    """Standing and social use of what was used. They may overlap: a standing place can be for nothing."""
    return [Part(str(name), number := getattr(slots, column), rate(number, slots.used)) for column, name in USES]


def people_of(row: HouseMonth) -> list[tuple[str, str]]:
    """Who was there, as far as the house itself may see it: name and number, `<5`, or nothing."""
    return named_people(row.own_people)


def named_people(shown: Mapping[str, str]) -> list[tuple[str, str]]:
    """The columns about people with their names."""
    return [(str(name), shown[column]) for column, name in PEOPLE]


def income_of(*rows: HouseMonth) -> list[Earned]:
    """What was earned in these months together, by tariff and payment kind; the largest sum first."""
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        for kind, (slots, cents) in row.income.items():
            sums[kind][0] += slots
            sums[kind][1] += cents
    found = [
        Earned(tariff_words(tariff), _paid_words(paid), slots, cents) for (tariff, paid), (slots, cents) in sums.items()
    ]
    return sorted(found, key=lambda one: (-one.cents, one.tariff, one.paid))


def average_beside(row: HouseMonth, averages: Mapping[date, Average]) -> tuple[Average | None, str]:
    """The average of the others in that month, or in words why there is none."""
    if row.is_provisional:
        return None, gettext("Deze maand is nog niet afgesloten. Daarna zie je hier het gemiddelde.")
    average = averages.get(row.month)
    if average is None:
        sentence = gettext("Er is geen gemiddelde: daarvoor moeten minstens %(number)d andere dorpshuizen meedoen.")
        return None, sentence % {"number": FEWEST_TO_COMPARE}
    return average, ""


def quarter_by(rows: Iterable[HouseMonth], month: date) -> Period:
    """The last whole quarter that ends with the last closed month of these, or before it; without one with `month`."""
    closed = max((row.month for row in rows if not row.is_provisional), default=month)
    last = shifted(closed, -(closed.month % QUARTER))
    return Period(shifted(last, 1 - QUARTER), Span.QUARTER)


def weekly_of(house: Dorpshuis, rows: Iterable[HouseMonth], quarter: Period) -> dict[Weekly, SlotFigures]:
    """By weekday and dagdeel over a whole quarter; empty unless all its months are closed. One query.

    Never of less than a quarter: in a week or a month a cell can be one guest.
    """
    months = [row for row in rows if row.month in quarter.months and not row.is_provisional]
    if len(months) < QUARTER:
        return {}
    return weekly_figures(months, {}).get(house.pk, {})


def if_average(row: HouseMonth, averages: Mapping[date, Average]) -> int | None:
    """How many slots would have been used in this closed month if this were an average house; None: nobody can say."""
    average = None if row.is_provisional else averages.get(row.month)
    return average.expected(row.slots.offered) if average else None


def columns_of(rows: Iterable[HouseMonth], months: Iterable[date], averages: Mapping[date, Average]) -> list[Column]:
    """The used slots of each of these months, as a chart wants them, beside what an average house would have."""
    found = {row.month: row for row in rows}
    wanted = list(months)
    return [
        Column(
            name=maand(month),
            short=maand_letter(month),
            value=found[month].slots.used if month in found else None,
            year=str(month.year) if number == 0 or month.month == 1 else "",
            beside=if_average(found[month], averages) if month in found else None,
            provisional=month in found and found[month].is_provisional,
            year_ago=month == shifted(wanted[-1], -YEAR),
            now=month == wanted[-1],
        )
        for number, month in enumerate(wanted)
    ]


def row_of(rows: Iterable[HouseMonth], month: date) -> HouseMonth | None:
    """The row of this month; None when the house has none."""
    return next((row for row in rows if row.month == month), None)


def _mean(average: Average | None, column: str) -> float | None:
    return float(getattr(average.together, column)) / average.houses if average else None


def _paid_words(paid: str) -> str:
    return str(Booking.Paid(paid).label) if paid else gettext("nog niet betaald")
