"""Which figures about persons are not shown, so that nobody can be counted out (rule 11).

One to four people show as "fewer than five". What would give such a cell away, by a total, another period or a group
of houses, is not shown either. What was shown before stays shown: only new cells can be hidden.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from bookings.domain.figures import PersonFigures
from bookings.domain.worlds import NO_LIMIT, Bounds, CellName, Relation, Worlds

FEW = 5
# So many houses of a group must have had guests.
FEWEST_HOUSES = 3
# How far a cell may be from what gives it away: more changes nothing in practice.
FARTHEST = 8
COLUMNS = ("unique", "new", "returning", "regular")


def is_few(value: int) -> bool:
    """Whether this many people are too few to show."""
    return 0 < value < FEW


def shown(value: int, *, hidden: bool = False) -> str:
    """The cell as text: the number, `<5`, or nothing at all when it would give another away."""
    if hidden:
        return ""
    return f"<{FEW}" if is_few(value) else str(value)


def hidden_in_row(row: PersonFigures) -> frozenset[str]:
    """The columns of one row that must not be shown beside one that is too few.

    Strict: as if those who are new and those who return made up all, which is more than the figures say.
    """
    few = {name for name in ("new", "returning") if is_few(getattr(row, name))}
    if is_few(row.unique) or not few:
        return frozenset()
    if len(few) > 1:
        # The only sum of two such cells that has one answer.
        return frozenset({"unique"}) if row.unique == 2 * (FEW - 1) else frozenset()
    other = "returning" if few == {"new"} else "new"
    return frozenset({other if getattr(row, other) else "unique"})


@dataclass
class Sheet:
    """Cells with their values, how they depend on one another, and what of them is not shown.

    `settled`: cells that were decided before. `hidden`: not shown at all; `silent` of those say nothing of how many
    (a group over too few houses); the others are known to be five or more. `safe`: of which that was proven.
    """

    values: dict[CellName, int]
    relations: list[Relation]
    settled: Collection[CellName] = ()
    hidden: set[CellName] = field(default_factory=set)
    silent: set[CellName] = field(default_factory=set)
    safe: set[CellName] = field(default_factory=set)

    def bounds(self) -> dict[CellName, Bounds]:
        """What a reader knows of each cell by what is shown of it alone."""
        return {name: self._bounds_of(name, value) for name, value in self.values.items()}

    def _bounds_of(self, name: CellName, value: int) -> Bounds:
        if name in self.silent:
            return 0, NO_LIMIT
        if is_few(value):
            return 1, FEW - 1
        return (FEW, NO_LIMIT) if name in self.hidden and value else (value, value)

    def given_away(self) -> set[CellName]:
        """Cells of too few people of which it is not sure that a reader can't know the number.

        Sure is what another world proves, in which all that is shown is the same and this cell is not. It goes on
        proving that when more is hidden.
        """
        bounds, worlds = self.bounds(), Worlds(self.values, self.relations)
        open_cells = [name for name, value in self.values.items() if is_few(value) and name not in self.silent]
        for name in open_cells:
            others = [value for value in range(1, FEW) if value != self.values[name]]
            if name not in self.safe and worlds.another(name, bounds, others):
                self.safe.add(name)
        return {name for name in open_cells if name not in self.safe}


def protect(sheet: Sheet) -> set[CellName]:
    """Hide as many new cells as it takes until nothing is given away; gives all that are hidden now."""
    settled = set(sheet.settled)
    reach = 1
    while (given := sheet.given_away()) and reach <= FARTHEST:
        near = given
        for _ in range(reach):
            near = near | _neighbours(near, sheet.relations)
        blame = near - settled - sheet.silent
        sheet.silent |= blame
        reach = 1 if blame else reach + 1
    return sheet.hidden | sheet.silent


def _neighbours(names: Collection[CellName], relations: Iterable[Relation]) -> set[CellName]:
    found: set[CellName] = set()
    for relation in relations:
        members = {relation.whole, *relation.parts, *relation.beside}
        if not members.isdisjoint(names):
            found |= members
    return found


def group_is_silent(houses: int, cells: Collection[tuple[int, bool]]) -> bool:
    """Whether a column of a group of houses is not shown.

    `houses`: in how many there were guests; `cells`: of each house its number in that column and whether it is hidden.
    Fewer than three houses, or exactly one of them hidden while the rest are shown.
    """
    return houses < FEWEST_HOUSES or sum(hidden or is_few(value) for value, hidden in cells) == 1
