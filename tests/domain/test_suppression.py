"""What is hidden of people's figures, and that nobody can work it out."""

import random
from collections.abc import Collection
from datetime import date

import pytest

from bookings.domain.figures import PersonFigures, count_persons
from bookings.domain.months import Period, Span, ends_with, months_between
from bookings.domain.suppression import (
    COLUMNS,
    Sheet,
    group_is_silent,
    hidden_in_row,
    protect,
    shown,
)
from bookings.domain.worlds import CellName, Relation, Worlds
from bookings.reports.hiding import Cell, Place, Row, hidden_of
from tests.domain.solver import solved

YEAR = 2026


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (120, "120")])
def test_one_to_four_people_are_fewer_than_five(value: int, text: str) -> None:
    assert shown(value) == text
    assert shown(value, hidden=True) == ""


@pytest.mark.parametrize(
    ("row", "hidden"),
    [
        (PersonFigures(0, 0, 0, 0), set()),
        (PersonFigures(20, 8, 12, 5), set()),
        (PersonFigures(3, 1, 2, 0), set()),
        # One part of two is hidden: then the other is hidden too.
        (PersonFigures(15, 3, 12, 0), {"returning"}),
        (PersonFigures(15, 12, 3, 0), {"new"}),
        # There is no other part: then the whole.
        (PersonFigures(15, 3, 0, 0), {"unique"}),
        (PersonFigures(15, 3, 4, 0), set()),
        # Four and four is the only sum of two that gives eight.
        (PersonFigures(8, 4, 4, 0), {"unique"}),
    ],
)
def test_what_would_give_a_cell_of_its_row_away_is_hidden_too(row: PersonFigures, hidden: set[str]) -> None:
    assert hidden_in_row(row) == hidden


@pytest.mark.parametrize(
    ("houses", "cells", "silent"),
    [
        (2, [(9, False), (9, False), (0, False)], True),
        (3, [(9, False), (9, False), (9, False)], False),
        # Exactly one is hidden and the rest shown.
        (3, [(9, False), (9, False), (3, False)], True),
        (3, [(9, False), (9, True), (9, False)], True),
        (4, [(9, False), (2, False), (3, False), (9, False)], False),
    ],
)
def test_a_group_is_shown_over_three_houses_and_not_when_one_of_them_stands_alone(
    houses: int, cells: list[tuple[int, bool]], silent: bool
) -> None:
    assert group_is_silent(houses, cells) is silent


def cell(name: str) -> CellName:
    return name, "new"


def sheet(quarter: int, *months: int) -> Sheet:
    """A quarter that is the sum of its months; the months were shown before."""
    names = [cell(f"month {number}") for number in range(len(months))]
    values = dict(zip(names, months, strict=True)) | {cell("quarter"): quarter}
    return Sheet(values, [Relation.sum(cell("quarter"), names)], settled=names)


def test_a_quarter_that_gives_a_month_away_is_hidden() -> None:
    assert protect(sheet(16, 3, 6, 7)) == {cell("quarter")}


def test_a_quarter_of_which_two_months_are_hidden_is_shown() -> None:
    assert protect(sheet(13, 3, 3, 7)) == set()


def test_a_quarter_of_which_both_months_must_be_four_is_hidden() -> None:
    assert protect(sheet(15, 4, 4, 7)) == {cell("quarter")}


def test_another_world_proves_that_a_number_can_not_be_known() -> None:
    names = [cell("a"), cell("b")]
    worlds = Worlds({cell("sum"): 7, names[0]: 4, names[1]: 3}, [Relation.sum(cell("sum"), names)])
    bounds = {cell("sum"): (7, 7), names[0]: (1, 4), names[1]: (1, 4)}
    assert worlds.another(names[0], bounds, [3])
    assert not worlds.another(names[0], bounds, [1, 2])


# --- the solver -------------------------------------------------------------------------------------------


World = tuple[dict[Row, PersonFigures], dict[Place, list[int]], dict[Cell, str], set[Row]]


def world_of(seed: int, until: int, refuses: Collection[int] = ()) -> World:
    """A small province over a year up to a month: what is counted, and what is shown of it month after month.

    `refuses`: the months after which the first house shares nothing about persons (it did before, and does after the
    others).
    """
    chance = random.Random(seed)
    houses = list(range(1, chance.randint(3, 6) + 1))
    groups: dict[Place, list[int]] = {
        ("municipality", "GM1"): houses[:-1] if chance.random() < 0.5 else houses[: len(houses) // 2],
        ("operator", "1"): chance.sample(houses, chance.randint(1, len(houses))),
        ("network", ""): houses,
    }
    rest = [house for house in houses if house not in groups["municipality", "GM1"]]
    groups["municipality", "GM2"] = rest
    days: dict[int, dict[object, set[date]]] = {house: {} for house in houses}
    for person in range(chance.choice([8, 15, 30, 60])):
        for house in chance.sample(houses, chance.choice([1, 1, 1, 2])):
            habit = chance.choice([1, 1, 2, 4, 12])
            came = {date(YEAR, chance.randint(1, 12), chance.randint(1, 28)) for _ in range(habit)}
            if chance.random() < 0.3:
                came.add(date(YEAR - 1, chance.randint(9, 12), 5))
            days[house][person] = came
    rows: dict[Row, PersonFigures] = {}
    hidden: dict[Row, set[str]] = {}
    apart: set[Row] = set()
    for month in months_between(date(YEAR, 1, 1), date(YEAR, until, 1)):
        out = [1] if month.month in refuses else []
        others = {place: rest for place, ids in groups.items() if (rest := [one for one in ids if one not in out])}
        rows |= _counted(days, others, month)
        apart |= {(("house", str(one)), period) for one in out for period in ends_with(month)}
        hidden |= hidden_of(rows, dict(hidden), groups, apart)
    texts = {
        (row, name): shown(getattr(rows[row], name), hidden=name in hidden[row]) for row in rows for name in COLUMNS
    }
    return rows, groups, texts, apart


def _counted(
    days: dict[int, dict[object, set[date]]], groups: dict[Place, list[int]], month: date
) -> dict[Row, PersonFigures]:
    """What closing this month counts."""
    found: dict[Row, PersonFigures] = {}
    for period in ends_with(month):
        for house, persons in days.items():
            found[("house", str(house)), period] = count_persons(persons, period.first, period.last)
        for place, houses in groups.items():
            together: dict[object, set[date]] = {}
            for house in houses:
                for person, came in days[house].items():
                    together.setdefault(person, set()).update(day for day in came if day.year == YEAR)
            found[place, period] = count_persons(together, period.first, period.last)
    return found


def nothing_is_found(seed: int) -> None:
    for until in (2, 3, 12):
        assert solved(*world_of(seed, until)) == [], (seed, until)


@pytest.mark.parametrize("seed", range(6))
def test_nobody_can_work_out_a_hidden_number(seed: int) -> None:
    nothing_is_found(seed)


# All year; from the middle of the third quarter on; in the second quarter only.
@pytest.mark.parametrize("refuses", [range(1, 13), range(8, 13), range(4, 7)], ids=str)
# The last: of a group that is only this house, so that it has no row in some months.
@pytest.mark.parametrize("seed", [0, 1, 2, 511])
def test_nobody_can_work_out_a_hidden_number_beside_a_house_that_shares_none(seed: int, refuses: range) -> None:
    for until in (6, 9, 12):
        rows, groups, texts, apart = world_of(seed, until, refuses)
        now = {cell: "" if cell[0][0] == ("house", "1") and until in refuses else text for cell, text in texts.items()}
        assert solved(rows, groups, texts, apart) == []
        assert solved(rows, groups, now, apart) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 200))
def test_nobody_can_work_out_a_hidden_number_in_many_provinces(seed: int) -> None:
    nothing_is_found(seed)


# Provinces in which bounds alone did not see that a number could be worked out.
@pytest.mark.parametrize("seed", [130, 236, 304])
def test_nobody_can_work_out_a_hidden_number_by_adding_up_what_groups_have_left(seed: int) -> None:
    assert solved(*world_of(seed, 12)) == []


def test_the_solver_finds_what_is_not_protected() -> None:
    """A house of which one month is hidden, and its quarter and year are shown."""
    months = [Period(date(YEAR, month, 1)) for month in (1, 2, 3)]
    house = "house", "1"
    rows = {(house, period): PersonFigures(9, new, 9, 9) for period, new in zip(months, (3, 6, 7), strict=True)}
    rows[house, Period(date(YEAR, 1, 1), Span.QUARTER)] = PersonFigures(16, 16, 9, 9)
    texts = {(row, name): shown(getattr(rows[row], name)) for row in rows for name in COLUMNS}
    assert solved(rows, {}, texts) == [((house, months[0]), "new")]


def test_something_is_left_to_see_of_the_groups() -> None:
    """In a province in which many come, the network's figures are shown."""
    rows, _groups, texts, _apart = world_of(3, 12)
    seen = [text for (row, name), text in texts.items() if name == "unique" and text.isdigit() and rows[row].unique]
    assert len(seen) > 5
