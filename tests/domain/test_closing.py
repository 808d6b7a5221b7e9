"""Which desks go when only so many stay, and which free dagdeel is nearest."""

from datetime import date

import pytest

from bookings.domain.closing import DeskUse, desks_that_go, nearest
from bookings.domain.dagdelen import Dagdeel, Moment

MONDAY, TUESDAY, WEDNESDAY, FRIDAY = (date(2026, 11, day) for day in (23, 24, 25, 27))
FAR_AHEAD = date(2026, 12, 4)


def use(desk: int, booked: int = 0, chosen: int = 0, opened: int = 10) -> DeskUse:
    return DeskUse(desk, opened, booked, chosen)


@pytest.mark.parametrize(
    ("uses", "keep", "gone"),
    [
        ([use(1), use(2), use(3), use(4)], 2, (3, 4)),
        ([use(1), use(2, 1), use(3), use(4, 1)], 2, (1, 3)),
        ([use(1, 3), use(2, 1, 1), use(3, 1)], 1, (1, 3)),
        ([use(1, 1, 1), use(2, 2, 2), use(3, 3, 3)], 1, (1, 2)),
        ([use(1, opened=0), use(2), use(3)], 2, (1,)),
        ([use(1), use(2)], 2, ()),
        ([use(1), use(2)], 5, ()),
        ([use(1), use(2)], 0, (1, 2)),
        ([], 1, ()),
    ],
)
def test_desks_that_hit_nobody_go_first(uses: list[DeskUse], keep: int, gone: tuple[int, ...]) -> None:
    assert desks_that_go(uses, keep) == gone


def at(day: date, part: Dagdeel = Dagdeel.OCHTEND) -> Moment:
    return Moment(day, part)


NOON = Dagdeel.MIDDAG


@pytest.mark.parametrize(
    ("free", "found"),
    [
        ([at(TUESDAY, NOON), at(WEDNESDAY)], at(TUESDAY, NOON)),
        ([at(MONDAY), at(WEDNESDAY)], at(WEDNESDAY)),
        ([at(MONDAY), at(FRIDAY)], at(FRIDAY)),
        ([at(MONDAY), at(FAR_AHEAD)], at(MONDAY)),
        ([at(WEDNESDAY, NOON), at(WEDNESDAY)], at(WEDNESDAY)),
        ([at(TUESDAY, NOON), at(TUESDAY)], at(TUESDAY)),
        ([], None),
    ],
)
def test_the_nearest_is_the_nearest_day_and_rather_later_then_the_same_dagdeel(
    free: list[Moment], found: Moment | None
) -> None:
    assert nearest(at(TUESDAY), free) == ([found] if found else [])


def test_what_she_has_already_is_not_proposed() -> None:
    assert nearest(at(TUESDAY), [at(WEDNESDAY), at(FRIDAY)], {at(WEDNESDAY)}) == [at(FRIDAY)]
