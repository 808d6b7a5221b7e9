"""Which cells of the people's figures are not shown: the rules of `domain/suppression.py` over the rows of a year."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bookings.domain.figures import PersonFigures
from bookings.domain.months import Period, Span
from bookings.domain.suppression import COLUMNS, Sheet, group_is_silent, hidden_in_row, protect
from bookings.domain.worlds import CellName, Relation
from villages.models import Dorpshuis

HOUSE, MUNICIPALITY, OPERATOR, NETWORK = "house", "municipality", "operator", "network"

Place = tuple[str, str]  # a scope and which of it
Row = tuple[Place, Period]  # whose figures, of which period
Cell = tuple[Row, str]  # and which column

# Stands in `hidden` of a house's row whose people are in no group: the house did not share them as it was closed.
APART = "groups"


@dataclass(frozen=True)
class Sets:
    """All rows of a year, the houses of each group, and which houses' rows are in no group."""

    rows: Collection[Row]
    groups: Mapping[Place, Collection[int]]
    apart: Collection[Row]

    def houses(self, row: Row) -> list[Row]:
        """The houses whose people are counted in this group's row."""
        place, period = row
        found = [((HOUSE, str(pk)), period) for pk in self.groups[place]]
        return [one for one in found if one in self.rows and one not in self.apart]

    def left_out(self, row: Row, period: Period | None = None) -> frozenset[str]:
        """The houses that are not counted in this group's row. `period`: of those that had figures in that one."""
        place, own = row
        if not self.apart:
            return frozenset()
        found = (str(pk) for pk in self.groups.get(place, ()) if ((HOUSE, str(pk)), own) in self.apart)
        return frozenset(pk for pk in found if period is None or ((HOUSE, pk), period) in self.rows)

    def changed(self, whole: Row, parts: Iterable[Row]) -> frozenset[str]:
        """The houses that are counted in a group's row, and not in those of a part of its period, or the other way."""
        differ = (self.left_out(whole, part[1]) ^ self.left_out(part) for part in parts)
        return frozenset[str]().union(*differ)


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
    rows: Mapping[Row, PersonFigures],
    settled: Mapping[Row, Collection[str]],
    groups: Mapping[Place, Collection[int]],
    apart: Collection[Row] = (),
) -> dict[Row, set[str]]:
    """The columns of each new row that are not shown.

    `rows`: all of one year, those that were written before too; `settled`: what was hidden in those; `apart`: those of
    houses that are in no group. What such a house has of its own is hidden as ever: it may share it some day.
    """
    sets = Sets(rows.keys(), groups, frozenset(apart))
    sheet = Sheet({(row, name): getattr(rows[row], name) for row in rows for name in COLUMNS}, relations(sets))
    for row, figures in rows.items():
        beside = hidden_in_row(figures)
        sheet.hidden |= {(row, name) for name in beside}
        sheet.silent |= {(row, name) for name in set(settled.get(row, ())) - beside - {APART}}
    for row in rows.keys() - settled.keys():
        sheet.silent |= {(row, name) for name in _too_small(row, rows, sheet, sets)}
    # A house's month could be read while it ran: it stays as its own row makes it.
    months = {row for row in rows if row[0][0] == HOUSE and row[1].span is Span.MONTH}
    sheet.settled = {(row, name) for row in (*settled, *months) for name in COLUMNS}
    hidden = protect(sheet)
    return {row: {name for name in COLUMNS if (row, name) in hidden} for row in rows if row not in settled}


def _too_small(row: Row, rows: Mapping[Row, PersonFigures], sheet: Sheet, sets: Sets) -> set[str]:
    """The columns of a group that are not shown for want of houses."""
    if row[0] not in sets.groups:
        return set()
    parts = sets.houses(row)
    number = sum(rows[one].unique > 0 for one in parts)
    hidden = sheet.hidden | sheet.silent
    return {
        name
        for name in COLUMNS
        if group_is_silent(number, [(getattr(rows[one], name), (one, name) in hidden) for one in parts])
    }


def relations(sets: Sets) -> list[Relation]:
    """All that a reader knows of how these numbers depend on one another."""
    found: list[Relation] = []
    for row in sets.rows:
        found += _in_row(row)
        found += _over_time(row, sets)
        if row[0] in sets.groups:
            found += _over_houses(row, sets)
    return found


def _in_row(row: Row) -> list[Relation]:
    pairs = (("new", "unique"), ("returning", "unique"), ("regular", "returning"))
    found = [Relation.within((row, part), (row, whole)) for part, whole in pairs]
    (scope, _), period = row
    if scope != HOUSE and period.first.month == 1:
        # In a group everybody is new in the year's first month, quarter and in the year.
        found.append(Relation.sum((row, "unique"), [(row, "new")]))
    return found


def _over_time(row: Row, sets: Sets) -> list[Relation]:
    """A quarter and its months, a year and its months, a year and its quarters."""
    place, period = row
    found = []
    for span in {Span.MONTH: (), Span.QUARTER: (Span.MONTH,), Span.YEAR: (Span.MONTH, Span.QUARTER)}[period.span]:
        every = [(place, Period(first, span)) for first in period.months]
        parts = [one for one in every if one in sets.rows]
        # Also by a month of which the group has no row, since none of its houses shared.
        if changed := sets.changed(row, every):
            found += _over_change(row, parts, sets, changed)
            continue
        found.append(Relation.sum((row, "new"), [(one, "new") for one in parts]))
        for name in ("unique", "returning", "regular"):
            found.append(Relation.union((row, name), [(one, name) for one in parts]))
    return found


def _over_change(whole: Row, parts: list[Row], sets: Sets, changed: Collection[str]) -> list[Relation]:
    """The same of a group of which a house began or ceased to share its people in between.

    It is off by who was in that house: at most in this very period or, to be new or to return, in the year until then.
    """
    out = sets.left_out(whole)
    later = [(HOUSE, pk) for pk in changed if pk not in out]
    found = [_off((whole, "unique"), parts, later, whole[1], sets, upper=True)]
    for part in parts:
        sooner = [(HOUSE, pk) for pk in out - sets.left_out(part)]
        found.append(_off((whole, "unique"), [part], sooner, part[1], sets, each=True))
    year = [one for one in sets.rows if one[0][0] == HOUSE and one[0][1] in changed and one[1].span is Span.MONTH]
    until = tuple((one, "unique") for one in year if one[1].first <= whole[1].last)
    for name, sums in (("new", True), ("returning", False), ("regular", False)):
        cells = tuple((part, name) for part in parts)
        found.append(Relation((whole, name), cells, upper=True, lower=sums, each=not sums, beside=until))
    return found


def _off(whole: CellName, parts: list[Row], houses: list[Place], period: Period, sets: Sets, **how: bool) -> Relation:
    """A relation that is off by the people of these houses in this period."""
    beside = tuple((one, "unique") for house in houses if (one := (house, period)) in sets.rows)
    return Relation(whole, tuple((part, "unique") for part in parts), beside=beside, **how)


def _over_houses(row: Row, sets: Sets) -> list[Relation]:
    """A group and its houses; the network and its municipalities."""
    place, period = row
    found = [Relation.union((row, "unique"), [(one, "unique") for one in sets.houses(row)])]
    if place[0] == NETWORK:
        parts = [one for other in sets.groups if other[0] == MUNICIPALITY and (one := (other, period)) in sets.rows]
        found.append(Relation.union((row, "unique"), [(one, "unique") for one in parts]))
        found.append(Relation((row, "new"), tuple((one, "new") for one in parts), upper=True))
    return found
