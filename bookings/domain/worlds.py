"""Another world that looks the same to a reader: the proof that she can't know a number that she does not see."""

import random
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

NO_LIMIT = 10**9
# So many steps one attempt takes at most, and so many attempts there are for each other number.
STEPS, STARTS = 150, 4

Bounds = tuple[int, int]
CellName = tuple[Hashable, str]  # a row, and which of its columns
Cells = tuple[tuple[int, ...], tuple[int, ...]]  # by number: the first together are at most the second together
Changes = dict[int, int]  # of cells by number, how much more (or less) they are than in truth


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """How a cell depends on others: at most their sum (`upper`), at least their sum (`lower`), or each (`each`).

    `beside`: cells by which that may be off, in whichever direction.
    """

    whole: CellName
    parts: tuple[CellName, ...]
    upper: bool = False
    lower: bool = False
    each: bool = False
    beside: tuple[CellName, ...] = ()

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


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """Cells by number: those of `low` together are at most those of `high` together.

    `spare`: how much less they are in truth; `signs`: whether one more in a cell adds to that, or takes from it.
    """

    low: tuple[int, ...]
    high: tuple[int, ...]
    spare: int
    signs: Mapping[int, int]

    def holds(self, changes: Changes) -> bool:
        """Whether it holds in the world with these changes. Few cells change, and a rule may have hundreds."""
        left, signs = self.spare, self.signs
        for one, by in changes.items():
            if one in signs:
                left += signs[one] * by
        return left >= 0


class Worlds:
    """Cells with their true values, and the rules that hold in every world."""

    def __init__(self, values: Mapping[CellName, int], relations: Iterable[Relation]) -> None:
        self.numbers = {name: number for number, name in enumerate(values)}
        self.truth = list(values.values())
        self.near: list[list[Rule]] = [[] for _ in self.truth]
        known: dict[Cells, Rule] = {}
        for low, high in self._rules(relations):
            rule = known[low, high] = known.get((low, high)) or self._rule(low, high)
            for number in {*low, *high}:
                self.near[number].append(rule)

    def _rule(self, low: tuple[int, ...], high: tuple[int, ...]) -> Rule:
        spare = sum(self.truth[one] for one in high) - sum(self.truth[one] for one in low)
        signs = Counter(high)
        signs.subtract(low)
        return Rule(low, high, spare, dict(signs))

    def _rules(self, relations: Iterable[Relation]) -> Iterable[Cells]:
        for relation in relations:
            whole, parts = self.numbers[relation.whole], tuple(self.numbers[part] for part in relation.parts)
            beside = tuple(self.numbers[one] for one in relation.beside)
            if relation.upper:
                yield (whole,), (*parts, *beside)
            if relation.lower:
                yield parts, (whole, *beside)
            if relation.each:
                yield from (((part,), (whole, *beside)) for part in parts)

    def another(self, name: CellName, bounds: Mapping[CellName, Bounds], values: Iterable[int]) -> bool:
        """Whether one is found in which this cell has one of these values, and every cell stays within its bounds.

        From the truth, mended by one at a time where a rule is broken. That none is found says nothing.
        """
        number, limits, chance = self.numbers[name], list(bounds.values()), random.Random(0)  # noqa: S311 - no secret
        wanted = list(values)
        return any(self._mended(number, value, limits, chance) for _ in range(STARTS) for value in wanted)

    def _mended(self, number: int, value: int, limits: Sequence[Bounds], chance: random.Random) -> bool:
        changes = {number: value - self.truth[number]}
        broken = [rule for rule in self.near[number] if not rule.holds(changes)]
        for _ in range(STEPS):
            if not broken:
                return True
            rule = chance.choice(broken)
            moves = [(one, self._at(one, changes) - 1) for one in rule.low]
            moves += [(one, self._at(one, changes) + 1) for one in rule.high]
            free = [(one, to) for one, to in moves if one != number and limits[one][0] <= to <= limits[one][1]]
            if not free:
                return False
            one, to = chance.choice(free)
            changes[one] = to - self.truth[one]
            broken = [rule for rule in dict.fromkeys([*broken, *self.near[one]]) if not rule.holds(changes)]
        return False

    def _at(self, number: int, changes: Changes) -> int:
        return self.truth[number] + changes.get(number, 0)
