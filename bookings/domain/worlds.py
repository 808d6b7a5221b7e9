"""Another world that looks the same to a reader: the proof that she can't know a number that she does not see."""

import random
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

NO_LIMIT = 10**9
# So many steps one attempt takes at most, and so many attempts there are for each other number.
STEPS, STARTS = 150, 4

Bounds = tuple[int, int]
CellName = tuple[Hashable, str]  # a row, and which of its columns
Rule = tuple[tuple[int, ...], tuple[int, ...]]  # cells by number: the first together are at most the second together


@dataclass(frozen=True, slots=True, eq=False)
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


class Worlds:
    """Cells with their true values, and the rules that hold in every world."""

    def __init__(self, values: Mapping[CellName, int], relations: Iterable[Relation]) -> None:
        self.numbers = {name: number for number, name in enumerate(values)}
        self.truth = list(values.values())
        self.near: list[list[Rule]] = [[] for _ in self.truth]
        for rule in self._rules(relations):
            for number in {*rule[0], *rule[1]}:
                self.near[number].append(rule)

    def _rules(self, relations: Iterable[Relation]) -> Iterable[Rule]:
        for relation in relations:
            whole, parts = self.numbers[relation.whole], tuple(self.numbers[part] for part in relation.parts)
            if relation.upper:
                yield (whole,), parts
            if relation.lower:
                yield parts, (whole,)
            if relation.each:
                yield from (((part,), (whole,)) for part in parts)

    def another(self, name: CellName, bounds: Mapping[CellName, Bounds], values: Iterable[int]) -> bool:
        """Whether one is found in which this cell has one of these values, and every cell stays within its bounds.

        From the truth, mended by one at a time where a rule is broken. That none is found says nothing.
        """
        number, limits, chance = self.numbers[name], list(bounds.values()), random.Random(0)  # noqa: S311 - no secret
        wanted = list(values)
        return any(self._mended(number, value, limits, chance) for _ in range(STARTS) for value in wanted)

    def _mended(self, number: int, value: int, limits: Sequence[Bounds], chance: random.Random) -> bool:
        world = {number: value}
        broken = [rule for rule in self.near[number] if not self._holds(rule, world)]
        for _ in range(STEPS):
            if not broken:
                return True
            low, high = chance.choice(broken)
            moves = [(one, self._at(one, world) - 1) for one in low] + [(one, self._at(one, world) + 1) for one in high]
            free = [(one, to) for one, to in moves if one != number and limits[one][0] <= to <= limits[one][1]]
            if not free:
                return False
            one, to = chance.choice(free)
            world[one] = to
            broken = [rule for rule in dict.fromkeys([*broken, *self.near[one]]) if not self._holds(rule, world)]
        return False

    def _at(self, number: int, world: Mapping[int, int]) -> int:
        return world.get(number, self.truth[number])

    def _holds(self, rule: Rule, world: Mapping[int, int]) -> bool:
        low, high = rule
        truth, get = self.truth, world.get
        return sum(get(one, truth[one]) for one in low) <= sum(get(one, truth[one]) for one in high)
