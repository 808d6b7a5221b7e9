"""Somebody who tries to work out hidden numbers: from all that is shown, and how it hangs together.

For each hidden cell of one to four people she looks for another way to fill in everything. First from the truth with
another number in that cell, mended step by step at random until all her rules hold again: quick, and mostly enough.
Finds she none, she goes through all ways in order, each time with what follows from what she has filled in. Is there
none, she knows the number (strict: a search that is too long for her counts as none). Her rules are written out again
here, from what the pages say.
"""

import random
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bookings.domain.figures import PersonFigures
from bookings.domain.months import Span
from bookings.reports.hiding import Cell, Place, Row

FEW = range(1, 5)
MOST = 60
STEPS, STARTS = 400, 4
LONGEST = 300

World = dict[Cell, int]
Bounds = dict[Cell, tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Rule:
    """`low`: the cells that together are at most the cells of `high` together."""

    low: tuple[Cell, ...]
    high: tuple[Cell, ...]

    def holds(self, world: World) -> bool:
        return sum(world[cell] for cell in self.low) <= sum(world[cell] for cell in self.high)


def at_most_sum(whole: Cell, parts: list[Cell]) -> list[Rule]:
    return [Rule((whole,), tuple(parts))]


def at_least_sum(whole: Cell, parts: list[Cell]) -> list[Rule]:
    return [Rule(tuple(parts), (whole,))]


def at_least_each(whole: Cell, parts: list[Cell]) -> list[Rule]:
    return [Rule((part,), (whole,)) for part in parts]


def rules_of(
    rows: dict[Row, PersonFigures], groups: dict[Place, list[int]], apart: Collection[Row] = ()
) -> Iterator[Rule]:
    """All that follows from what the figures mean. `apart`: of houses whose people are in no group then."""
    for row in rows:
        (scope, _), period = row
        yield from at_least_each((row, "unique"), [(row, "new"), (row, "returning")])
        yield from at_least_each((row, "returning"), [(row, "regular")])
        if scope != "house" and period.first.month == 1:
            yield from at_most_sum((row, "unique"), [(row, "new")])
        shorter = {Span.MONTH: [], Span.QUARTER: [Span.MONTH], Span.YEAR: [Span.MONTH, Span.QUARTER]}[period.span]
        for span in shorter:
            parts = [other for other in rows if other[0] == row[0] and other[1].span is span]
            parts = [other for other in parts if period.first <= other[1].first <= period.last]
            if changed := _changed(row, span, rows, groups, apart):
                yield from _rules_of_change(row, parts, [one for one in rows if one[0] in changed], apart)
                continue
            for name in ("unique", "new", "returning", "regular"):
                cells = [(other, name) for other in parts]
                yield from at_most_sum((row, name), cells)
                yield from at_least_each((row, name), cells)
                if name == "new":
                    yield from at_least_sum((row, name), cells)
        yield from _rules_of_group(row, rows, groups, apart)


def _changed(
    row: Row, span: Span, rows: Collection[Row], groups: dict[Place, list[int]], apart: Collection[Row]
) -> set[Place]:
    """The houses of this group that were apart in some of these periods, and in others not."""
    within = {one for _, one in rows if one.span is span and row[1].first <= one.first <= row[1].last}
    houses = {("house", str(pk)) for pk in groups.get(row[0], ())}
    periods = [row[1], *within]
    return {one for one in houses if len({(one, when) in apart for when in periods if (one, when) in rows}) > 1}


def _rules_of_change(row: Row, parts: list[Row], theirs: list[Row], apart: Collection[Row]) -> Iterator[Rule]:
    """Who is in the one and not in the other was in one of those houses."""
    period = row[1]
    now = tuple((one, "unique") for one in theirs if one[1] == period and one not in apart)
    months = tuple((one, "unique") for one in theirs if one[1].span is Span.MONTH and one[1].first <= period.last)
    for name, others in (("unique", now), ("new", months), ("returning", months), ("regular", months)):
        cells = tuple((part, name) for part in parts)
        yield Rule(((row, name),), (*cells, *others))
        if name == "new":
            yield Rule(cells, ((row, name), *others))
    for part in parts:
        gone = {place for place, when in theirs if when == period and (place, when) in apart}
        then = tuple((one, "unique") for one in theirs if one[1] == part[1] and one[0] in gone and one not in apart)
        yield Rule(((part, "unique"),), ((row, "unique"), *then))
        yield from (Rule(((part, name),), ((row, name), *months)) for name in ("returning", "regular"))


def _rules_of_group(
    row: Row, rows: dict[Row, PersonFigures], groups: dict[Place, list[int]], apart: Collection[Row]
) -> Iterator[Rule]:
    place, period = row
    if place not in groups:
        return
    houses = [(("house", str(pk)), period) for pk in groups[place]]
    parts: list[list[Row]] = [[one for one in houses if one in rows and one not in apart]]
    if place[0] == "network":
        parts.append([other for other in rows if other[0][0] == "municipality" and other[1] == period])
        yield from at_most_sum((row, "new"), [(one, "new") for one in parts[1]])
    for some in parts:
        yield from at_most_sum((row, "unique"), [(one, "unique") for one in some])
        yield from at_least_each((row, "unique"), [(one, "unique") for one in some])


def what_she_sees(texts: dict[Cell, str]) -> Bounds:
    """The bounds of each cell by its text alone."""
    return {cell: {"<5": (1, 4), "": (0, MOST)}.get(text) or (int(text), int(text)) for cell, text in texts.items()}


def solved(
    rows: dict[Row, PersonFigures],
    groups: dict[Place, list[int]],
    texts: dict[Cell, str],
    apart: Collection[Row] = (),
) -> list[Cell]:
    """The cells of one to four people of which only one number is left."""
    truth: World = {(row, name): getattr(rows[row], name) for row, name in texts}
    return worked_out(truth, what_she_sees(texts), rules_of(rows, groups, apart))


def worked_out(truth: World, seen: Bounds, rules: Iterable[Rule]) -> list[Cell]:
    """The cells of one to four people of which she knows no more than that, and of which only one number is left."""
    near: dict[Cell, list[Rule]] = {cell: [] for cell in seen}
    for rule in rules:
        assert rule.holds(truth), rule
        for cell in (*rule.low, *rule.high):
            near[cell].append(rule)
    few = [cell for cell in seen if truth[cell] in FEW and seen[cell] in {(0, 4), (1, 4)}]
    return [cell for cell in few if not _has_another(cell, truth, seen, near)]


def _has_another(cell: Cell, truth: World, seen: Bounds, near: dict[Cell, list[Rule]]) -> bool:
    """Whether all her rules can hold with another number in this cell."""
    chance = random.Random(0)
    values = [value for value in range(seen[cell][0], seen[cell][1] + 1) if value != truth[cell]]
    values.sort(key=lambda value: abs(value - truth[cell]))
    if any(_mended(cell, value, dict(truth), (seen, near, chance)) for _ in range(STARTS) for value in values):
        return True
    return any(Search(seen, near, truth).finds(cell, value) for value in values)


def _mended(cell: Cell, value: int, world: World, what: tuple[Bounds, dict[Cell, list[Rule]], random.Random]) -> bool:
    """Change other cells, one by one and at random, until nothing is broken; False when that takes too long."""
    seen, near, chance = what
    world[cell] = value
    broken = [rule for rule in near[cell] if not rule.holds(world)]
    for _ in range(STEPS):
        if not broken:
            return True
        rule = chance.choice(broken)
        moves = [(one, world[one] - 1) for one in rule.low] + [(one, world[one] + 1) for one in rule.high]
        free = [(one, to) for one, to in moves if one != cell and seen[one][0] <= to <= seen[one][1]]
        if not free:
            return False
        one, to = chance.choice(free)
        world[one] = to
        broken = [rule for rule in dict.fromkeys([*broken, *near[one]]) if not rule.holds(world)]
    return False


class Search:
    """Every way to fill in the cells, the likeliest first: nothing is left out."""

    def __init__(self, seen: Bounds, near: dict[Cell, list[Rule]], truth: World) -> None:
        self.bounds, self.near, self.truth = dict(seen), near, truth
        self.rules = list(dict.fromkeys(rule for rules in near.values() for rule in rules))
        self.left = LONGEST

    def finds(self, cell: Cell, value: int) -> bool:
        """Whether there is a way with this number in this cell."""
        self.bounds[cell] = value, value
        return self._follows(self.rules) is not None and self._rest()

    def _rest(self) -> bool:
        """Fill in what is open: each cell as near to the truth as it may be, until a rule is broken."""
        self.left -= 1
        world = {one: min(max(self.truth[one], low), high) for one, (low, high) in self.bounds.items()}
        broken = next((rule for rule in self.rules if not rule.holds(world)), None)
        if broken is None or self.left < 0:
            return broken is None
        is_open = [one for one in (*broken.low, *broken.high) if self.bounds[one][0] < self.bounds[one][1]]
        cell = min(is_open, key=lambda one: self.bounds[one][1] - self.bounds[one][0])
        low, high = self.bounds[cell]
        return any(
            self._with(cell, value)
            for value in sorted(range(low, high + 1), key=lambda value: abs(value - self.truth[cell]))
        )

    def _with(self, cell: Cell, value: int) -> bool:
        before, self.bounds[cell] = self.bounds[cell], (value, value)
        changed = self._follows(self.near[cell])
        if changed is not None:
            if self._rest():
                return True
            self.bounds.update(changed)
        self.bounds[cell] = before
        return False

    def _follows(self, rules: list[Rule]) -> Bounds | None:
        """Narrow what follows from these rules; gives what the cells were before, None when a rule can't hold."""
        before: Bounds = {}
        todo = dict.fromkeys(rules)
        while todo:
            rule, _ = todo.popitem()
            slack = sum(self.bounds[one][1] for one in rule.high) - sum(self.bounds[one][0] for one in rule.low)
            if slack < 0:
                self.bounds.update(before)
                return None
            for one in (*rule.low, *rule.high):
                low, high = self.bounds[one]
                if high - low > slack:
                    before.setdefault(one, (low, high))
                    self.bounds[one] = (low, low + slack) if one in rule.low else (high - slack, high)
                    todo |= dict.fromkeys(self.near[one])
        return before
