"""Until when a week that was drawn stays true: looked at minute by minute, and over the nights of summer time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bookings.domain.availability import BookingPolicy, DeskSpan, OpeningSpan, Supply, cells_on
from bookings.domain.dagdelen import AMSTERDAM, Dagdeel, Moment, local
from bookings.domain.lasting import lasting
from bookings.domain.prices import TariffSpan, usual_price

LONG_AGO = date(2020, 1, 1)
POLICY = BookingPolicy(7, 0, False, 1, time(17), 10, 20)
DAY = date(2026, 11, 25)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
HOURS = {
    Dagdeel.OCHTEND: (time(1), time(2, 30)),  # a house for the nights on which the clock changes
    Dagdeel.MIDDAG: (time(2, 40), time(13)),
    Dagdeel.AVOND: (time(18, 30), time(22)),
}


def supply(day: date, lead_minutes: int = 0) -> Supply:
    """A house whose desks, tariffs and window change about this day."""
    openings = [OpeningSpan(n, part, *hours, LONG_AGO, None) for n in range(7) for part, hours in HOURS.items()]
    tariffs = (TariffSpan("standaard", 750, LONG_AGO, day), TariffSpan("standaard", 900, day + timedelta(1), None))
    desks = (DeskSpan(1, 1, LONG_AGO, None), DeskSpan(2, 1, LONG_AGO, day), DeskSpan(3, 1, day + timedelta(1), None))
    return Supply(True, replace(POLICY, lead_minutes=lead_minutes), desks, tuple(openings), (), tariffs)


def shown(offer: Supply, hold: datetime, now: datetime) -> object:
    """What a page shows at this moment: two weeks of cells, the price of today, the date that "morgen" follows from."""
    days = [now.date() + timedelta(days=n) for n in range(-1, 10)]
    held = {Moment(days[3], Dagdeel.AVOND): {1}} if now < hold else {}
    return now.date(), usual_price(offer.tariffs, now.date()), cells_on(offer, days, held, now)


@pytest.mark.parametrize("lead", [0, 45, 3 * 24 * 60])
@pytest.mark.parametrize("day", [DAY, SPRING, AUTUMN])
def test_what_lasts_is_what_would_be_made_anew(day: date, lead: int) -> None:
    offer = supply(day, lead_minutes=lead)
    first = local(day - timedelta(days=1), time(22)).astimezone(UTC)
    moments = [(first + timedelta(minutes=10 * n)).astimezone(AMSTERDAM) for n in range(6 * 30)]
    hold = moments[28] + timedelta(minutes=5)  # in the second of the hours that autumn has twice
    pages = {moment.astimezone(UTC): shown(offer, hold, moment) for moment in moments}
    for number, made in enumerate(moments):
        kept = lasting(offer, [hold] if made < hold else [], made)
        for later in moments[number:]:
            if kept.holds_at(later):
                assert pages[later.astimezone(UTC)] == pages[made.astimezone(UTC)], (made, later)


@pytest.mark.parametrize(
    ("at", "lead", "until"),
    [
        (time(0), 0, time(1)),  # too late
        (time(1), 0, time(2, 30)),  # over
        (time(2, 30), 10, time(13)),  # the afternoon of this house could be booked until now
        (time(13), 30, time(18)),
        (time(18, 30), 0, time(22)),
    ],
)
def test_it_ends_when_a_dagdeel_is_too_late_or_over(at: time, lead: int, until: time) -> None:
    assert lasting(supply(DAY, lead_minutes=lead), [], local(DAY, at)).until == local(DAY, until)


def test_it_ends_with_the_day() -> None:
    assert lasting(supply(DAY), [], local(DAY, time(22))).until == local(DAY + timedelta(days=1), time(0))


def test_it_ends_with_the_day_also_where_nothing_is_offered() -> None:
    empty = replace(supply(DAY), openings=())
    assert lasting(empty, [], local(DAY, time(9))).until == local(DAY + timedelta(days=1), time(0))


def test_it_ends_with_the_first_hold() -> None:
    holds = [datetime(2026, 11, 25, hour, tzinfo=UTC) for hour in (10, 9)]
    assert lasting(supply(DAY), holds, local(DAY, time(9))).until == local(DAY, time(10))


def test_a_dagdeel_of_another_day_that_becomes_too_late_today_ends_it() -> None:
    late = lasting(supply(DAY, lead_minutes=2 * 24 * 60), [], local(DAY, time(13)))
    assert late.until == local(DAY, time(18, 30))


def test_before_it_was_made_it_does_not_hold() -> None:
    made = local(DAY, time(9))
    kept = lasting(supply(DAY), [], made)
    assert [kept.holds_at(at) for at in (made - timedelta(minutes=1), made, kept.until)] == [False, True, False]
