"""Where people come from: what of it is shown, so that nobody is counted out."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bookings.domain.months import Period, Span
from bookings.domain.origin import Origin, band_of, shown_parts
from bookings.models import PersonSummary
from bookings.reports.hiding import Cell, Place, Row
from bookings.reports.origin import as_written
from tests.domain.solver import MOST, Rule, at_least_each, at_most_sum, worked_out


@pytest.mark.parametrize(("km", "band"), [(0, "5"), (4.9, "5"), (5, "10"), (12, "25"), (25, "far"), (300, "far")])
def test_a_distance_is_under_so_many_kilometres(km: float, band: str) -> None:
    assert band_of(km) == band


@pytest.mark.parametrize(
    ("counts", "people", "shown"),
    [
        ({}, 9, set()),
        ({"7991": 9}, 9, {"7991"}),
        ({"7991": 9, "7981": 3}, 20, {"7991"}),
        # Who is left over are too few: the smallest that is shown joins them.
        ({"7991": 9, "7981": 6, "7963": 3}, 18, {"7991"}),
        ({"7991": 9}, 12, set()),
        # Four and four is the only way to make eight of two that are too few.
        ({"7991": 9, "7981": 4, "7963": 4}, 17, set()),
        ({"7991": 9, "7981": 4, "7963": 4}, 18, {"7991"}),
        ({"7991": 9, "7981": 4, "7963": 3}, 16, {"7991"}),
    ],
)
def test_what_is_left_over_is_nobody_or_five_or_more(counts: dict[str, int], people: int, shown: set[str]) -> None:
    assert shown_parts(counts, people) == shown


def test_a_distance_of_which_the_postcodes_can_be_worked_out_is_not_shown() -> None:
    origin = Origin(20, {("5", "7991"): 4, ("5", "7981"): 4, ("", ""): 12})
    assert origin.shown_distances() == set()


def test_a_postcode_is_not_shown_when_it_tells_who_else_lives_as_far() -> None:
    """Seven within five kilometres, of whom five have one postcode: two would be left."""
    origin = Origin(20, {("5", "7991"): 5, ("5", "7981"): 2, ("", ""): 13})
    assert origin.shown_distances() == {"5"}
    assert origin.shown_postcodes({"5"}) == set()


# --- the solver -------------------------------------------------------------------------------------------

QUARTERS = [Period(date(2026, month, 1), Span.QUARTER) for month in (1, 4, 7, 10)]
YEAR = Period(date(2026, 1, 1), Span.YEAR)
POSTCODES = ["7991", "7981", "7963", "8351", "9411", ""]
GROUPS = ["zzp", "thuiswerker", "vereniging", "student", ""]
# How far each postcode is from the houses, by the number of the house; of the last two nobody knows.
BANDS = [["5", "5", "10", "10", "", ""], ["5", "10", "5", "25", "", ""], ["10", "10", "5", "5", "", ""]]
Written = dict[Row, dict[str, Any]]


def province(seed: int) -> tuple[dict[Row, Origin], Written, dict[Place, list[int]]]:
    """Some houses over a year: where people come from, and what is written of it quarter after quarter."""
    chance = random.Random(seed)
    houses = list(range(chance.randint(2, 5)))
    half = chance.randint(1, len(houses))
    groups: dict[Place, list[int]] = {
        ("network", ""): houses, ("municipality", "GM1"): houses[:half], ("municipality", "GM2"): houses[half:],
    }  # fmt: skip
    visits, other = [], random.Random(f"what she does {seed}")
    for _ in range(chance.choice([10, 25, 50])):
        home = min(chance.randrange(6), chance.randrange(6))
        where = chance.sample(houses, chance.choice([1, 1, 1, 2]))
        does = min(other.randrange(5), other.randrange(5))
        visits.append((home, where, chance.sample(range(4), chance.choice([1, 1, 2, 4])), GROUPS[does]))
    origins: dict[Row, Origin] = {}
    written: Written = {}
    for number, quarter in enumerate(QUARTERS):
        for period in [quarter, YEAR] if number == 3 else [quarter]:
            fresh = dict(_counted(visits, groups, period))
            old = {row: PersonSummary(unique=origins[row].people, origin=one) for row, one in written.items()}
            written |= as_written(fresh, {row for row in fresh if chance.random() < 0.2}, old, groups)
            origins |= fresh
    return origins, written, groups


def _counted(visits: list[Any], groups: dict[Place, list[int]], period: Period) -> Iterator[tuple[Row, Origin]]:
    places = {**{("house", str(house)): [house] for house in groups["network", ""]}, **groups}
    for place, houses in places.items():
        homes: dict[tuple[str, str], int] = {}
        groups_of: dict[str, int] = {}
        for home, where, quarters, does in visits:
            near = sorted((BANDS[house % 3][home] for house in where if house in houses), key=len)
            if near and (period == YEAR or any(QUARTERS[one] == period for one in quarters)):
                key = min(near, key=lambda band: int(band or 99)), POSTCODES[home]
                homes[key] = homes.get(key, 0) + 1
                if does:
                    groups_of[does] = groups_of.get(does, 0) + 1
        yield (place, period), Origin(sum(homes.values()), homes, nested=place[0] == "house", groups=groups_of)


def knows(origins: dict[Row, Origin], written: Written, groups: dict[Place, list[int]], kind: str) -> list[Cell]:
    """The parts of too few people that she works out; even if she knows which parts are no more than four."""
    truth: dict[Cell, int] = {}
    seen: dict[Cell, tuple[int, int]] = {}
    rules: list[Rule] = []
    for row, one in origins.items():
        shown = written[row]["shown"][kind]
        parts = written[row][kind]
        for key, number in parts.items():
            truth[row, key] = number
            seen[row, key] = (number, number) if key in shown else (0, 4) if number < 5 else (0, MOST)
        truth[row, "all"] = one.people
        seen[row, "all"] = (1, 4) if 0 < one.people < 5 else (one.people, one.people)
        rules.append(Rule(tuple((row, key) for key in parts), ((row, "all"),)))
    for row, key in (cell for cell in truth if cell[1] != "all"):
        for some in _parts(row, groups):
            cells = [(part, key) for part in some if (part, key) in truth]
            if cells:
                rules += at_most_sum((row, key), cells)
                if kind != "distance" or row[0][0] == "house":
                    rules += at_least_each((row, key), cells)
    return worked_out(truth, seen, rules)


def _parts(row: Row, groups: dict[Place, list[int]]) -> Iterator[list[Row]]:
    place, period = row
    if period == YEAR:
        yield [(place, quarter) for quarter in QUARTERS]
    if place in groups:
        yield [(("house", str(house)), period) for house in groups[place]]
    if place[0] == "network":
        yield [(other, period) for other in groups if other[0] == "municipality"]


@pytest.mark.parametrize("kind", ["postcode", "distance", "group"])
@pytest.mark.parametrize("seed", [*range(10), *(pytest.param(n, marks=pytest.mark.long) for n in range(10, 150))])
def test_nobody_can_work_out_how_few_come_from_somewhere(seed: int, kind: str) -> None:
    assert knows(*province(seed), kind) == []


# Provinces in which each part was protected by itself, and followed from what a row had left for the others.
@pytest.mark.parametrize(("seed", "kind"), [(226, "postcode"), (106, "group"), (120, "group")])
def test_nobody_can_work_out_a_part_by_what_a_row_has_left(seed: int, kind: str) -> None:
    assert knows(*province(seed), kind) == []


def test_the_solver_finds_a_quarter_that_its_year_gives_away() -> None:
    """Without what hides it: five in one quarter, nine in the year, so four in the other."""
    house = "house", "1"
    origins = {(house, period): Origin(20, {("", "7991"): number}) for period, number in
               [(QUARTERS[0], 5), (QUARTERS[1], 4), (YEAR, 9)]}  # fmt: skip
    shown = {"postcode": ["7991"], "distance": []}
    written = {row: {"postcode": one.postcodes, "distance": {}, "shown": shown} for row, one in origins.items()}
    written[house, QUARTERS[1]]["shown"] = {"postcode": [], "distance": []}
    assert knows(origins, written, {}, "postcode") == [((house, QUARTERS[1]), "7991")]


@pytest.mark.parametrize("kind", ["postcode", "group"])
def test_something_is_left_to_see(kind: str) -> None:
    """In a province in which many come, postcodes are shown, and what people do."""
    shown = [key for seed in range(10) for one in province(seed)[1].values() for key in one["shown"][kind]]
    assert len(shown) > 50
