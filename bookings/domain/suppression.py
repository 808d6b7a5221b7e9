"""Which figures about persons are not shown, so that nobody can be counted out (rule 11).

One to four people show as "fewer than five". What would give such a cell away, by a total, another period or a group
of houses, is not shown either. What was shown before stays shown: only new cells can be hidden.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bookings.domain.figures import PersonFigures

FEW = 5
# So many houses of a group must have had guests.
FEWEST_HOUSES = 3
NO_LIMIT = 10**9
# How far a cell may be from what gives it away, and how often bounds are narrowed: more changes nothing in practice.
FARTHEST, ROUNDS = 8, 40
COLUMNS = ("unique", "new", "returning", "regular")

Bounds = tuple[int, int]
CellName = tuple[Hashable, str]  # a row, and which of its columns


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


@dataclass(frozen=True, slots=True)
class Relation:
    """How a cell depends on others: at most their sum (`upper`), at least their sum (`lower`), or each (`each`)."""

    whole: CellName
    parts: tuple[CellName, ...]
    upper: bool = False
    lower: bool = False
    each: bool = False

    @classmethod
    def sum(cls, whole: CellName, parts: Iterable[CellName]) -> "Relation":
        """It is their sum."""
        return cls(whole, tuple(parts), upper=True, lower=True)

    @classmethod
    def union(cls, whole: CellName, parts: Iterable[CellName]) -> "Relation":
        """Everybody in one of them, once: as many as the largest at least, as all together at most."""
        return cls(whole, tuple(parts), upper=True, each=True)

    @classmethod
    def within(cls, part: CellName, whole: CellName) -> "Relation":
        """All of the one are among the other."""
        return cls(whole, (part,), each=True)


@dataclass
class Sheet:
    """Cells with their values, how they depend on one another, and what of them is not shown.

    `settled`: cells that were decided before. `hidden`: not shown at all; `silent` of those say nothing of how many
    (a group over too few houses); the others are known to be five or more.
    """

    values: dict[CellName, int]
    relations: list[Relation]
    settled: Collection[CellName] = ()
    hidden: set[CellName] = field(default_factory=set)
    silent: set[CellName] = field(default_factory=set)

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
        """Cells of too few people that a reader can work out by bounds."""
        known = narrowed(self.bounds(), self.relations)
        return {name for name, (low, high) in known.items() if low >= high and not self._may_be_known(name)}

    def _may_be_known(self, name: CellName) -> bool:
        return not is_few(self.values[name]) or name in self.silent


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
        members = {relation.whole, *relation.parts}
        if not members.isdisjoint(names):
            found |= members
    return found


def narrowed(bounds: Mapping[CellName, Bounds], relations: Sequence[Relation]) -> dict[CellName, Bounds]:
    """The bounds of each cell after all that follows from the relations, one at a time until nothing changes."""
    known = dict(bounds)
    for _ in range(ROUNDS):
        changed = False
        for relation in relations:
            for name, (low, high) in _implied(relation, known):
                old = known[name]
                new = max(old[0], low), min(old[1], high)
                if new != old:
                    known[name], changed = new, True
        if not changed:
            break
    return known


def _implied(relation: Relation, known: Mapping[CellName, Bounds]) -> list[tuple[CellName, Bounds]]:
    """What one relation says of its cells."""
    low, high = known[relation.whole]
    lows, highs = (sum(known[part][end] for part in relation.parts) for end in (0, 1))
    found: list[tuple[CellName, Bounds]] = []
    if relation.upper:
        found.append((relation.whole, (0, highs)))
        found += [(part, (low - (highs - known[part][1]), NO_LIMIT)) for part in relation.parts]
    if relation.lower:
        found.append((relation.whole, (lows, NO_LIMIT)))
        found += [(part, (0, high - (lows - known[part][0]))) for part in relation.parts]
    if relation.each:
        found.append((relation.whole, (max((known[part][0] for part in relation.parts), default=0), NO_LIMIT)))
        found += [(part, (0, high)) for part in relation.parts]
    return found


def group_is_silent(houses: int, cells: Collection[tuple[int, bool]]) -> bool:
    """Whether a column of a group of houses is not shown.

    `houses`: in how many there were guests; `cells`: of each house its number in that column and whether it is hidden.
    Fewer than three houses, or exactly one of them hidden while the rest are shown.
    """
    return houses < FEWEST_HOUSES or sum(hidden or is_few(value) for value, hidden in cells) == 1
