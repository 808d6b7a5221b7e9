"""What stands out in a house's figures, and what does not."""

import pytest

from bookings.domain.compare import average_of
from bookings.domain.dagdelen import Dagdeel
from bookings.domain.figures import SlotFigures
from bookings.domain.signals import Sign, Signal, signals_of

OCHTEND, AVOND = Dagdeel.OCHTEND, Dagdeel.AVOND


def month(used: int, offered: int = 100, **fields: int) -> SlotFigures:
    return SlotFigures(offered=offered, used=used, **fields)


def signs(months: list[SlotFigures], weekly: dict[tuple[int, Dagdeel], SlotFigures] | None = None) -> list[Sign]:
    return [signal.sign for signal in signals_of(months, weekly or {})]


STEADY = [month(20)] * 4


@pytest.mark.parametrize("months", [[], [month(0)], [month(0), month(0)]])
def test_under_three_months_nothing_is_said(months: list[SlotFigures]) -> None:
    assert signs(months, {(1, AVOND): month(0)}) == []


def test_a_steady_house_has_no_signal() -> None:
    assert signs(STEADY, {(1, AVOND): month(5)}) == []


def test_an_evening_that_nobody_used_is_named() -> None:
    weekly = {(1, AVOND): month(0, 26), (1, OCHTEND): month(5, 26)}
    assert signals_of(STEADY, weekly) == [Signal(Sign.EMPTY_PART, of=26, weekday=1, dagdeel=AVOND)]


def test_a_dagdeel_that_was_hardly_there_is_not() -> None:
    assert signs(STEADY, {(1, AVOND): month(0, 9)}) == []


def test_all_evenings_are_named_once() -> None:
    weekly = {(day, AVOND): month(0, 13) for day in range(4)} | {(0, OCHTEND): month(9, 52)}
    assert signals_of(STEADY, weekly) == [Signal(Sign.EMPTY_DAGDEEL, of=52, dagdeel=AVOND)]


def test_more_than_two_empty_dagdelen_are_counted() -> None:
    weekly = {(day, OCHTEND): month(int(day == 0), 26) for day in range(4)}
    assert signals_of(STEADY, weekly) == [Signal(Sign.EMPTY_PARTS, 3, 4)]


def test_a_house_that_nobody_used_has_that_signal_only() -> None:
    assert signals_of([month(0)] * 3, {(1, AVOND): month(0)}) == [Signal(Sign.EMPTY_HOUSE, of=300)]


@pytest.mark.parametrize(("closed", "sign"), [(60, Sign.SHUT), (0, Sign.NO_OFFER)])
def test_a_house_that_offered_nothing_was_shut_or_has_no_desks(closed: int, sign: Sign) -> None:
    assert signs([month(0, 0, closed=closed)] * 3) == [sign]


@pytest.mark.parametrize(
    ("used", "offered", "expected"),
    [(12, 100, [Sign.LESS]), (13, 100, []), (29, 100, []), (30, 100, [Sign.MORE]), (4, 20, []), (1, 19, [])],
)
def test_a_fall_and_a_rise_are_by_share_of_what_was_offered(used: int, offered: int, expected: list[Sign]) -> None:
    assert signs([*[month(20)] * 3, month(used, offered)]) == expected


def test_a_few_less_is_no_fall() -> None:
    assert signs([*[month(6)] * 3, month(2)]) == []


def test_many_who_stay_away_are_a_signal_and_a_few_never() -> None:
    assert signs([month(20, no_show=2)] * 3) == []
    assert signals_of([month(20, no_show=5)] * 3, {}) == [Signal(Sign.STAYED_AWAY, 15, 75)]
    assert signs([month(1, no_show=1)] * 3) == []


def test_a_house_that_does_not_tick_is_a_signal() -> None:
    assert signals_of([month(20, assumed=10)] * 3, {}) == [Signal(Sign.UNTICKED, 30, 60)]


def test_the_best_dagdeel_is_good_news() -> None:
    weekly = {(0, OCHTEND): month(26, 52), (1, OCHTEND): month(40, 52), (2, OCHTEND): month(19, 19)}
    (signal,) = signals_of(STEADY, weekly)
    assert signal == Signal(Sign.BUSY_PART, 40, 52, 1, OCHTEND)
    assert signal.is_good


def test_what_is_urgent_comes_first() -> None:
    months = [*[month(20)] * 3, month(10, assumed=10)]
    assert signs(months, {(1, AVOND): month(0)}) == [Sign.LESS, Sign.EMPTY_PART]


# --- beside the others ------------------------------------------------------------------------------------


def test_of_four_houses_there_is_no_average() -> None:
    assert average_of([month(20)] * 4) is None
    assert average_of([*[month(20)] * 4, month(0, 0)]) is None


def test_the_average_of_five_is_that_of_all_their_slots() -> None:
    average = average_of([*[month(10)] * 4, month(60, 600)])
    assert average is not None
    assert (average.houses, average.occupancy, average.expected(50)) == (5, 10.0, 5)
