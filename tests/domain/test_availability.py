"""What one cell of the week says: each status, to the minute, and what takes desks away."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.availability import (
    Closed,
    ClosedSpan,
    DeskSpan,
    Status,
    cells_on,
    ends_at,
    last_bookable_day,
    open_desks,
    opening_on,
)
from bookings.domain.dagdelen import Dagdeel, Moment, local
from bookings.domain.prices import TariffSpan
from tests.domain.values import (
    DESKS,
    HALL,
    LONG_AGO,
    MONDAY,
    NOW,
    OFFICE,
    POLICY,
    TUESDAY,
    at,
    cell,
    closed,
    every_day,
    make_supply,
    morning,
    opening,
    policy,
)

EVENING = Moment(TUESDAY, Dagdeel.AVOND)
AFTERNOON = Moment(TUESDAY, Dagdeel.MIDDAG)
ALL = (1, 2, 3)
ONE_SECOND = timedelta(seconds=1)
LATER_HOURS: dict[str, Any] = {"begin": time(9), "end": time(13)}


# --- each status ------------------------------------------------------------------------------------------


def test_a_free_dagdeel_says_how_many_at_what_hours_and_for_how_much() -> None:
    found = cell(morning(), 2)
    assert (found.status, found.free_ids, found.open_ids) == (Status.VRIJ, (1, 3), ALL)
    assert (found.begin, found.end, found.cents) == (time(8, 30), time(12, 30), 750)


def test_free_and_total_count_the_desks() -> None:
    found = cell(morning(), 2)
    assert (found.free, found.total, found.offered, found.bookable) == (2, 3, True, True)


def test_with_all_desks_taken_it_is_full() -> None:
    found = cell(morning(), *ALL)
    assert (found.status, found.free, found.total) == (Status.VOL, 0, 3)


def test_a_weekday_without_a_line_is_closed() -> None:
    found = cell(morning(), openings=(opening(MONDAY),))
    assert (found.status, found.closed, found.total) == (Status.GESLOTEN, Closed.WEEKDAY, 0)


def test_a_dagdeel_without_a_line_on_an_open_day_is_closed() -> None:
    assert cell(EVENING).closed is Closed.DAGDEEL


def test_a_house_that_takes_no_bookings_is_closed() -> None:
    assert cell(takes_bookings=False).status is Status.GESLOTEN


def test_without_desks_it_is_closed_for_want_of_desks() -> None:
    found = cell(desks=())
    assert (found.status, found.closed) == (Status.GESLOTEN, Closed.NO_DESKS)


def test_a_house_with_one_desk_is_worth_it() -> None:
    assert cell(desks=DESKS[:1]).free_ids == (1,)


# --- boundaries in time -----------------------------------------------------------------------------------


def test_it_is_free_until_the_second_before_it_begins() -> None:
    assert cell(now=at(TUESDAY, 8, 30) - ONE_SECOND).status is Status.VRIJ


def test_from_its_beginning_it_is_too_late() -> None:
    assert cell(now=at(TUESDAY, 8, 30)).status is Status.TE_LAAT


def test_it_is_too_late_until_the_second_before_its_end() -> None:
    assert cell(now=at(TUESDAY, 12, 30) - ONE_SECOND).status is Status.TE_LAAT


def test_from_its_end_it_is_past() -> None:
    assert cell(now=at(TUESDAY, 12, 30)).status is Status.VOORBIJ


def test_the_lead_time_ends_to_the_second() -> None:
    edge = at(TUESDAY, 7, 30)
    found = [cell(now=now, policy=policy(lead_minutes=60)).status for now in (edge - ONE_SECOND, edge)]
    assert found == [Status.VRIJ, Status.TE_LAAT]


def test_the_last_day_of_the_window_can_be_booked_and_the_next_cannot() -> None:
    days = [MONDAY + timedelta(days=60), MONDAY + timedelta(days=61)]
    assert [cell(morning(day)).status for day in days] == [Status.VRIJ, Status.NOG_NIET]


def test_the_window_moves_on_at_midnight_in_drenthe() -> None:
    day = MONDAY + timedelta(days=61)
    nows = [at(TUESDAY, 0) - ONE_SECOND, at(TUESDAY, 0)]
    assert [cell(morning(day), now=now).status for now in nows] == [Status.NOG_NIET, Status.VRIJ]


def test_the_last_bookable_day_is_counted_from_today() -> None:
    assert last_bookable_day(policy(window_days=1), NOW) == TUESDAY


def test_beyond_the_window_a_full_dagdeel_is_not_yet() -> None:
    assert cell(morning(MONDAY + timedelta(days=61)), *ALL).status is Status.NOG_NIET


def test_a_full_dagdeel_that_began_is_too_late() -> None:
    assert cell(morning(), *ALL, now=at(TUESDAY, 9)).status is Status.TE_LAAT


# --- by phone ---------------------------------------------------------------------------------------------


def test_by_appointment_asks_to_phone() -> None:
    found = cell(openings=every_day(by_appointment=True))
    assert (found.status, found.free, found.bookable) == (Status.BELLEN, 3, False)


def test_by_appointment_and_full_is_full() -> None:
    assert cell(morning(), *ALL, openings=every_day(by_appointment=True)).status is Status.VOL


def test_without_a_tariff_one_has_to_phone() -> None:
    found = cell(tariffs=())
    assert (found.status, found.cents) == (Status.BELLEN, None)


def test_with_only_a_tariff_of_the_house_one_has_to_phone() -> None:
    assert cell(tariffs=(TariffSpan("gratis", 0, LONG_AGO, None, by_guests=False),)).status is Status.BELLEN


def test_a_dagdeel_for_nothing_is_no_dagdeel_without_a_tariff() -> None:
    found = cell(tariffs=(TariffSpan("gratis", 0, LONG_AGO, None),))
    assert (found.status, found.cents) == (Status.VRIJ, 0)


@pytest.mark.parametrize(
    ("rule", "staffed", "known", "expected"),
    [
        (True, False, False, Status.BELLEN),
        (True, False, True, Status.VRIJ),
        (True, True, False, Status.VRIJ),
        (False, False, False, Status.VRIJ),
    ],
)
def test_a_first_time_guest_comes_when_somebody_is_there(
    rule: bool, staffed: bool, known: bool, expected: Status
) -> None:
    found = cell(known=known, policy=policy(staffed_only_for_new=rule), openings=every_day(staffed=staffed))
    assert found.status is expected


def test_being_known_does_not_open_what_is_by_appointment() -> None:
    assert cell(known=True, openings=every_day(by_appointment=True)).status is Status.BELLEN


# --- closures ---------------------------------------------------------------------------------------------


def test_a_closed_house_says_why() -> None:
    found = cell(closures=(closed(),))
    assert (found.status, found.closed, found.reason) == (Status.GESLOTEN, Closed.CLOSURE, "dorpsfeest")
    assert (found.begin, found.total) == (time(8, 30), 0)


def test_a_closure_shuts_only_its_own_dagdelen() -> None:
    closures = (closed(TUESDAY, Dagdeel.MIDDAG),)
    assert [cell(m, closures=closures).total for m in (morning(), AFTERNOON)] == [3, 0]


def test_a_closure_shuts_only_its_own_days() -> None:
    days = [TUESDAY + timedelta(days=n) for n in (-1, 0, 1)]
    assert [cell(morning(day), closures=(closed(),)).total for day in days] == [3, 0, 3]


def test_a_closed_room_takes_its_own_desks_away() -> None:
    found = cell(closures=(closed(room_id=OFFICE),))
    assert (found.status, found.open_ids) == (Status.VRIJ, (3,))


def test_closed_desks_are_not_offered() -> None:
    assert cell(closures=(closed(desk_ids=frozenset({1, 3})),)).open_ids == (2,)


def test_closures_of_all_rooms_together_close_the_house() -> None:
    found = cell(closures=(closed(room_id=OFFICE), closed(room_id=HALL)))
    assert (found.status, found.closed) == (Status.GESLOTEN, Closed.CLOSURE)


def test_a_booking_at_a_closed_desk_counts_neither_as_free_nor_as_taken() -> None:
    found = cell(morning(), 1, closures=(closed(desk_ids=frozenset({1})),))
    assert (found.free, found.total) == (2, 2)


# --- the schedule -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_lines_the_one_that_began_last_counts(order: int) -> None:
    lines = (opening(TUESDAY, first_day=TUESDAY, **LATER_HOURS), *every_day())[::order]
    before = morning(TUESDAY - timedelta(days=7))
    now = at(before.date - timedelta(days=1), 9)
    assert [cell(m, now=now, openings=lines).begin for m in (before, morning())] == [time(8, 30), time(9)]


def test_a_line_that_ended_gives_way_to_the_one_before() -> None:
    for_a_while = opening(TUESDAY, first_day=MONDAY, last_day=TUESDAY, **LATER_HOURS)
    days = [TUESDAY, TUESDAY + timedelta(days=7)]
    assert [cell(morning(d), openings=(for_a_while, *every_day())).begin for d in days] == [time(9), time(8, 30)]


def test_a_line_for_one_room_offers_only_its_desks() -> None:
    assert cell(openings=every_day(room_ids=frozenset({HALL}))).open_ids == (3,)


def test_a_line_for_a_room_without_desks_is_closed_for_want_of_desks() -> None:
    assert cell(openings=every_day(room_ids=frozenset({99}))).closed is Closed.NO_DESKS


def test_a_line_that_is_over_offers_nothing() -> None:
    assert cell(openings=(opening(TUESDAY, last_day=MONDAY),)).closed is Closed.WEEKDAY


def test_a_dagdeel_ends_at_the_end_of_its_line() -> None:
    assert ends_at(make_supply(), morning()) == at(TUESDAY, 12, 30)


def test_a_dagdeel_without_a_line_ends_with_its_day() -> None:
    assert ends_at(make_supply(), EVENING) == at(TUESDAY + timedelta(days=1), 0)


# --- desks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("offset", "there"), [(-1, False), (0, True), (2, True), (3, False)])
def test_a_desk_is_there_from_its_first_day_to_its_last(offset: int, there: bool) -> None:
    desk = DeskSpan(1, OFFICE, TUESDAY, TUESDAY + timedelta(days=2))
    moment = morning(TUESDAY + timedelta(days=offset))
    assert cell(moment, now=at(MONDAY, 7), desks=(desk,)).offered is there


# --- all together -----------------------------------------------------------------------------------------


def test_the_cells_of_two_days_are_in_order() -> None:
    found = cells_on(make_supply(), [MONDAY, TUESDAY], {}, NOW)
    assert list(found) == [Moment(day, part) for day in (MONDAY, TUESDAY) for part in Dagdeel]


def test_the_cells_of_a_day_know_what_is_taken_in_each() -> None:
    found = cells_on(make_supply(), [TUESDAY], {morning(): {1, 2}}, NOW)
    assert [found[m].free for m in (morning(), AFTERNOON, EVENING)] == [1, 3, 0]


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)])
@pytest.mark.parametrize(
    ("minutes", "expected"), [(-1, Status.VRIJ), (0, Status.TE_LAAT), (239, Status.TE_LAAT), (240, Status.VOORBIJ)]
)
def test_a_daylight_saving_sunday_goes_by_the_clock_on_the_wall(sunday: date, minutes: int, expected: Status) -> None:
    now = at(sunday, 8, 30) + timedelta(minutes=minutes)
    assert cell(morning(sunday), now=now).status is expected


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)])
def test_a_lead_of_a_day_is_the_same_time_on_the_wall_the_day_before(sunday: date) -> None:
    edge = at(sunday - timedelta(days=1), 8, 30)
    rules = policy(lead_minutes=24 * 60)
    found = [cell(morning(sunday), now=now, policy=rules).status for now in (edge - ONE_SECOND, edge)]
    assert found == [Status.VRIJ, Status.TE_LAAT]


WEEK = st.dates(MONDAY, MONDAY + timedelta(days=6))
SOME_DESKS = st.frozensets(st.sampled_from(ALL))
CLOSURES = st.lists(
    st.builds(
        closed, WEEK, st.sampled_from(Dagdeel), room_id=st.sampled_from([None, OFFICE, HALL]), desk_ids=SOME_DESKS
    )
)
MOMENTS = st.builds(Moment, WEEK, st.sampled_from(Dagdeel))
TIMES = st.builds(lambda day, hour: local(day, time(hour)), WEEK, st.integers(0, 23))


@given(MOMENTS, SOME_DESKS, CLOSURES, TIMES)
def test_free_and_taken_make_the_total(
    moment: Moment, taken: frozenset[int], closures: list[ClosedSpan], now: datetime
) -> None:
    found = cell(moment, *taken, now=now, closures=tuple(closures))
    assert found.free + len(taken & set(found.open_ids)) == found.total


@given(MOMENTS, SOME_DESKS, CLOSURES, TIMES)
def test_bookable_means_a_free_desk_a_price_and_a_line(
    moment: Moment, taken: frozenset[int], closures: list[ClosedSpan], now: datetime
) -> None:
    found = cell(moment, *taken, now=now, closures=tuple(closures))
    assert not found.bookable or (found.free > 0 and found.cents is not None and found.begin is not None)


@given(MOMENTS, CLOSURES)
def test_a_closure_never_adds_a_desk(moment: Moment, closures: list[ClosedSpan]) -> None:
    supply, shut = make_supply(), make_supply(closures=tuple(closures))
    line = opening_on(supply, moment)
    assert line is None or set(open_desks(shut, moment, line)[0]) <= set(open_desks(supply, moment, line)[0])


@given(MOMENTS, st.integers(0, 24 * 60), st.integers(0, 14 * 24 * 60))
def test_time_never_makes_a_dagdeel_earlier_than_it_was(moment: Moment, lead: int, minutes: int) -> None:
    rules = policy(lead_minutes=lead, window_days=3)
    order = [Status.NOG_NIET, Status.VRIJ, Status.TE_LAAT, Status.VOORBIJ]
    now = NOW - timedelta(days=7) + timedelta(minutes=minutes)
    if moment.dagdeel is not Dagdeel.AVOND:
        steps = [order.index(cell(moment, now=t, policy=rules).status) for t in (now, now + timedelta(hours=1))]
        assert steps == sorted(steps)


def test_the_usual_house_is_open_60_days_ahead() -> None:
    assert last_bookable_day(POLICY, NOW) == date(2027, 1, 22)
