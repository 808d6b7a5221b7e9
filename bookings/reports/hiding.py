"""Which cells of the people's figures are not shown: the rules of `domain/suppression.py` over the rows of a year."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from bookings.domain.figures import PersonFigures
from bookings.domain.months import Period, Span
from bookings.domain.suppression import COLUMNS, Sheet, group_is_silent, hidden_in_row, protect
from bookings.domain.worlds import Relation
from villages.models import Dorpshuis

HOUSE, MUNICIPALITY, OPERATOR, NETWORK = "house", "municipality", "operator", "network"

Place = tuple[str, str]  # a scope and which of it
Row = tuple[Place, Period]  # whose figures, of which period
Cell = tuple[Row, str]  # and which column


def groups_of(houses: Iterable[Dorpshuis]) -> dict[Place, list[int]]:
    """The groups that people are counted in, each with the numbers of its houses."""
    found: defaultdict[Place, list[int]] = defaultdict(list)
    for house in houses:
        found[MUNICIPALITY, house.village.municipality_id].append(house.pk)
        if house.operator_id is not None:
            found[OPERATOR, str(house.operator_id)].append(house.pk)
        found[NETWORK, ""].append(house.pk)
    return dict(found)


def hidden_of(
    rows: Mapping[Row, PersonFigures], settled: Mapping[Row, Collection[str]], groups: Mapping[Place, Collection[int]]
) -> dict[Row, set[str]]:
    """The columns of each new row that are not shown.

    `rows`: all of one year, those that were written before too; `settled`: what was hidden in those.
    """
    sheet = Sheet({(row, name): getattr(rows[row], name) for row in rows for name in COLUMNS}, relations(rows, groups))
    for row, figures in rows.items():
        beside = hidden_in_row(figures)
        sheet.hidden |= {(row, name) for name in beside}
        sheet.silent |= {(row, name) for name in set(settled.get(row, ())) - beside}
    for row in rows.keys() - settled.keys():
        sheet.silent |= {(row, name) for name in _too_small(row, rows, sheet, groups)}
    # A house's month could be read while it ran: it stays as its own row makes it.
    months = {row for row in rows if row[0][0] == HOUSE and row[1].span is Span.MONTH}
    sheet.settled = {(row, name) for row in (*settled, *months) for name in COLUMNS}
    hidden = protect(sheet)
    return {row: {name for name in COLUMNS if (row, name) in hidden} for row in rows if row not in settled}


def _too_small(
    row: Row, rows: Mapping[Row, PersonFigures], sheet: Sheet, groups: Mapping[Place, Collection[int]]
) -> set[str]:
    """The columns of a group that are not shown for want of houses."""
    place, period = row
    if place not in groups:
        return set()
    parts = [one for pk in groups[place] if (one := ((HOUSE, str(pk)), period)) in rows]
    number = sum(rows[one].unique > 0 for one in parts)
    hidden = sheet.hidden | sheet.silent
    return {
        name
        for name in COLUMNS
        if group_is_silent(number, [(getattr(rows[one], name), (one, name) in hidden) for one in parts])
    }


def relations(rows: Mapping[Row, PersonFigures], groups: Mapping[Place, Collection[int]]) -> list[Relation]:
    """All that a reader knows of how these numbers depend on one another."""
    found: list[Relation] = []
    for row in rows:
        found += _in_row(row)
        found += _over_time(row, rows)
        if row[0] in groups:
            found += _over_houses(row, rows, groups)
    return found


def _in_row(row: Row) -> list[Relation]:
    pairs = (("new", "unique"), ("returning", "unique"), ("regular", "returning"))
    found = [Relation.within((row, part), (row, whole)) for part, whole in pairs]
    (scope, _), period = row
    if scope != HOUSE and period.first.month == 1:
        # In a group everybody is new in the year's first month, quarter and in the year.
        found.append(Relation.sum((row, "unique"), [(row, "new")]))
    return found


def _over_time(row: Row, rows: Mapping[Row, PersonFigures]) -> list[Relation]:
    """A quarter and its months, a year and its months, a year and its quarters."""
    place, period = row
    found = []
    for span in {Span.MONTH: (), Span.QUARTER: (Span.MONTH,), Span.YEAR: (Span.MONTH, Span.QUARTER)}[period.span]:
        parts = [one for first in period.months if (one := (place, Period(first, span))) in rows]
        found.append(Relation.sum((row, "new"), [(one, "new") for one in parts]))
        for name in ("unique", "returning", "regular"):
            found.append(Relation.union((row, name), [(one, name) for one in parts]))
    return found


def _over_houses(
    row: Row, rows: Mapping[Row, PersonFigures], groups: Mapping[Place, Collection[int]]
) -> list[Relation]:
    """A group and its houses; the network and its municipalities."""
    place, period = row
    houses = [one for pk in groups[place] if (one := ((HOUSE, str(pk)), period)) in rows]
    found = [Relation.union((row, "unique"), [(one, "unique") for one in houses])]
    if place[0] == NETWORK:
        parts = [one for other in groups if other[0] == MUNICIPALITY and (one := (other, period)) in rows]
        found.append(Relation.union((row, "unique"), [(one, "unique") for one in parts]))
        found.append(Relation((row, "new"), tuple((one, "new") for one in parts), upper=True))
    return found
