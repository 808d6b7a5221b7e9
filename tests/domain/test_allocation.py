"""Which desk for whom, when any desk will do."""

from collections.abc import Collection
from itertools import product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.allocation import Slot, allocate
from bookings.domain.dagdelen import Dagdeel, Moment
from tests.domain.values import MONDAY, TUESDAY

MORNING, AFTERNOON, EVENING = (Moment(MONDAY, part) for part in Dagdeel)
MOMENTS = st.builds(Moment, st.sampled_from([MONDAY, TUESDAY]), st.sampled_from(Dagdeel))
# The house's own order need not be that of the numbers.
FREE = st.dictionaries(
    MOMENTS, st.permutations([1, 2, 3, 4]).flatmap(lambda p: st.integers(0, 4).map(lambda n: tuple(p[:n])))
)
SLOTS = st.sets(st.builds(Slot, st.integers(1, 4), MOMENTS))
WANTED = st.sets(MOMENTS, min_size=1)

Free = dict[Moment, tuple[int, ...]]


def changes(desks: dict[Moment, int]) -> int:
    """How often a guest has to move between two adjoining dagdelen."""
    return sum(other.follows(one) and desks[one] != desks[other] for one, other in product(desks, repeat=2))


def every_way(moments: Collection[Moment], free: Free) -> list[dict[Moment, int]]:
    """Each possible choice of free desks."""
    ordered = sorted(moments)
    return [dict(zip(ordered, desks, strict=True)) for desks in product(*(free.get(m, ()) for m in ordered))]


@given(WANTED, FREE, SLOTS)
def test_every_moment_gets_a_free_desk_or_nobody_gets_one(wanted: set[Moment], free: Free, back: set[Slot]) -> None:
    desks = allocate(wanted, free, back)
    if all(free.get(moment) for moment in wanted):
        assert desks is not None
        assert set(desks) == wanted
        assert all(desks[moment] in free[moment] for moment in wanted)
    else:
        assert desks is None


@given(WANTED, FREE, SLOTS)
def test_nobody_moves_more_often_than_needed(wanted: set[Moment], free: Free, back: set[Slot]) -> None:
    desks = allocate(wanted, free, back)
    if desks is not None:
        assert changes(desks) == min(map(changes, every_way(wanted, free)))


@given(MOMENTS, FREE, SLOTS)
def test_a_desk_that_was_given_back_late_goes_first(moment: Moment, free: Free, back: set[Slot]) -> None:
    given_back = {slot.desk_id for slot in back if slot.moment == moment} & set(free.get(moment, ()))
    desks = allocate([moment], free, back)
    if given_back:
        assert desks is not None
        assert desks[moment] in given_back


@given(MOMENTS, FREE)
def test_with_nothing_given_back_the_first_desk_of_the_house_goes(moment: Moment, free: Free) -> None:
    desks = allocate([moment], free)
    assert desks == ({moment: free[moment][0]} if free.get(moment) else None)


@given(st.lists(MOMENTS, min_size=1), FREE, SLOTS, st.randoms())
def test_the_order_of_asking_changes_nothing(wanted: list[Moment], free: Free, back: set[Slot], random: Random) -> None:
    shuffled = list(wanted)
    random.shuffle(shuffled)
    assert allocate(shuffled, free, sorted(back, key=str)) == allocate(wanted, free, back)


def test_a_whole_day_is_at_one_desk_though_others_come_first() -> None:
    free = {MORNING: (1, 2), AFTERNOON: (2, 3), EVENING: (3, 2)}
    assert allocate([MORNING, AFTERNOON, EVENING], free) == dict.fromkeys([MORNING, AFTERNOON, EVENING], 2)


def test_where_one_desk_is_not_free_all_day_the_guest_moves_once() -> None:
    free = {MORNING: (1, 2), AFTERNOON: (1, 3), EVENING: (3,)}
    assert allocate([MORNING, AFTERNOON, EVENING], free) == {MORNING: 1, AFTERNOON: 1, EVENING: 3}


def test_one_desk_all_day_goes_before_a_desk_that_was_given_back() -> None:
    free = {MORNING: (1, 2), AFTERNOON: (1,)}
    assert allocate([MORNING, AFTERNOON], free, {Slot(2, MORNING)}) == {MORNING: 1, AFTERNOON: 1}


def test_of_two_desks_for_the_whole_day_the_one_given_back_most_goes() -> None:
    free = {MORNING: (1, 2), AFTERNOON: (1, 2)}
    assert allocate([MORNING, AFTERNOON], free, {Slot(2, AFTERNOON)}) == {MORNING: 2, AFTERNOON: 2}


def test_nothing_asked_is_nothing_given() -> None:
    assert allocate([], {}) == {}
