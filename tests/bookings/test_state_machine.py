"""Whatever people do and in whatever order: no slot twice, counts that are right, prices that stay.

More of it: `STATE_MACHINE_EXAMPLES=500 STATE_MACHINE_STEPS=60`; others: `--hypothesis-profile=default`.
"""

import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bookings.actions.book import book
from bookings.actions.cancel import cancel
from bookings.actions.change import Change, change
from bookings.actions.close import Closing, change_offer, close, reopen
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.week import Hours, week_on
from bookings.models import Booking, CallEntry, Reservation
from bookings.offer import DeskGoes, WeekWish, week_rows
from bookings.order import Order
from bookings.reader import CellReader
from bookings.refusals import Refused
from portal.base import clock
from portal.base.log import GUEST, Actor
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from tests.bookings.ledger import Ledger, everything, two_weeks
from tests.factories import (
    HOURS,
    at,
    desks_of,
    house_actor,
    make_desks,
    make_hold,
    make_house,
    make_openings,
    make_room,
)
from villages.models import Closure, Desk, Opening, Room, Tariff

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# The evening before the Sunday on which summer time ends: too late to cancel tomorrow for nothing.
BEGIN = at(date(2026, 10, 24), 18)
CONTACTS = (
    {"name": "Marieke", "email": "marieke@voorbeeld.example"},
    {"name": "Marieke", "email": "marieke@voorbeeld.example", "phone": "+31612345678"},
    {"name": "Jan", "phone": "+31612345678"},
    {"name": "Sanne", "email": "sanne@voorbeeld.example"},
)

# Mostly the same few slots, so that people get in each other's way.
AHEAD = st.sampled_from([1, 1, 1, 1, 2, 0])
PART = st.sampled_from([Dagdeel.OCHTEND, Dagdeel.OCHTEND, Dagdeel.OCHTEND, Dagdeel.MIDDAG, Dagdeel.AVOND])
PARTS = st.sampled_from([frozenset({Dagdeel.OCHTEND}), frozenset(Dagdeel), frozenset({Dagdeel.MIDDAG, Dagdeel.AVOND})])
MOMENTS = st.sets(st.tuples(AHEAD, PART), min_size=1, max_size=3)
WHICH = st.integers(0, 50)
CONTACT = st.sampled_from(CONTACTS)
SELDOM = st.sampled_from([False, False, True])


class DorpshuisMachine(RuleBasedStateMachine):
    """A house with three desks in two rooms, open every day, and all that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.travel = time_machine.travel(BEGIN, tick=False)
        self.clock = self.travel.start()
        self.known_prices: dict[int, tuple[int, str]] = {}
        self.known_offers: dict[str, int] = {}

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize()
    def make_the_house(self) -> None:
        self.house = make_house(desks=2, parts=(), order_limit=3, guest_limit=12)
        make_desks(make_room(self.house, "Zolder"), 1)
        make_openings(self.house, tuple(Dagdeel), weekdays=range(7))
        for line in Opening.objects.filter(weekday=6):
            line.rooms.set(Room.objects.filter(name="Kantoor"))
        self.by_house = house_actor(self.house)

    # --- help for the rules -----------------------------------------------------------------------------

    def moments(self, wanted: set[tuple[int, Dagdeel]]) -> tuple[Moment, ...]:
        return tuple(sorted(Moment(self.day(ahead), part) for ahead, part in wanted))

    def day(self, ahead: int) -> date:
        return clock.today() + timedelta(days=ahead)

    def actor(self, by_house: bool) -> Actor:
        return self.by_house if by_house else GUEST

    def act(self, action: Callable[[], Any], entries: tuple[int, ...] = (1,)) -> None:
        """Do it: a refusal writes nothing, anything else leaves so many entries in the log."""
        before, logged = everything(), LogEntry.objects.count()
        try:
            action()
        except Refused:
            assert everything() == before
        else:
            assert LogEntry.objects.count() - logged in entries

    # --- what can happen --------------------------------------------------------------------------------

    @rule(wanted=MOMENTS, contact=CONTACT, by_house=SELDOM)
    def book_any_desk(self, wanted: set[tuple[int, Dagdeel]], contact: dict[str, str], by_house: bool) -> None:
        order = Order(self.house.pk, self.moments(wanted), **contact)  # type: ignore[arg-type]
        self.act(lambda: book(order, self.actor(by_house)))

    @rule(wanted=MOMENTS, contact=CONTACT, which=WHICH)
    def book_one_desk(self, wanted: set[tuple[int, Dagdeel]], contact: dict[str, str], which: int) -> None:
        desk = desks_of(self.house)[which % 3]
        order = Order(self.house.pk, self.moments(wanted), desk_id=desk.pk, **contact)  # type: ignore[arg-type]
        self.act(lambda: book(order, GUEST))

    @precondition(lambda self: Booking.objects.filter(state=Booking.State.BOOKED).exists())
    @rule(which=WHICH, by_house=SELDOM, part=st.none() | PARTS, minutes=st.sampled_from([20, 0]))
    def cancel_some_or_all(self, which: int, by_house: bool, part: frozenset[Dagdeel] | None, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))
        reservations = list(Reservation.objects.filter(bookings__state=Booking.State.BOOKED).order_by("-pk"))
        reservation = reservations[which % len(reservations)]
        mine = [row.moment for row in reservation.bookings.all()]
        moments = None if part is None else [moment for moment in mine if moment.dagdeel in part]
        self.act(lambda: cancel(reservation, self.actor(by_house), moments=moments))

    @precondition(lambda self: Booking.objects.filter(state=Booking.State.BOOKED).exists())
    @rule(which=WHICH, ahead=AHEAD, part=PART, by_house=SELDOM, picks=SELDOM)
    def change_one(self, which: int, ahead: int, part: Dagdeel, *, by_house: bool, picks: bool) -> None:
        self.clock.shift(timedelta(minutes=which % 8))
        rows = list(Booking.objects.exclude(state=Booking.State.HELD).select_related("reservation").order_by("-pk"))
        old, desk = rows[which % len(rows)], desks_of(self.house)[which % 3]
        wish = Change(old.moment, Moment(self.day(ahead), part), desk_id=desk.pk if picks else None)
        self.act(lambda: change(old.reservation, wish, self.actor(by_house)), entries=(0, 1))

    @precondition(lambda self: Closure.objects.shutting().standing().count() < 2)
    @rule(ahead=st.sampled_from([1, 1, 0, -1]), days=st.integers(0, 1), parts=PARTS, what=WHICH)
    def close_something(self, ahead: int, days: int, parts: frozenset[Dagdeel], what: int) -> None:
        rooms, desks = list(self.house.rooms.order_by("pk")), desks_of(self.house)
        targets: list[dict[str, Any]] = [{}, *({"room": room} for room in rooms)]
        targets += [{"desks": (desk,)} for desk in desks] + [{"desks": tuple(desks[:2])}]
        first, last = self.day(ahead), self.day(ahead + days)
        closing = Closing(first, last, "dorpsfeest", parts, **targets[what % len(targets)])
        self.act(lambda: close(self.house.pk, closing, self.by_house))

    @precondition(lambda self: Closure.objects.exists())
    @rule(which=WHICH)
    def reopen_one(self, which: int) -> None:
        closures = list(Closure.objects.order_by("-pk"))
        self.act(lambda: reopen(closures[which % len(closures)], self.by_house), entries=(0, 1))

    @precondition(lambda self: Desk.objects.filter(valid_until=None).count() > 1)
    @rule(which=WHICH, ahead=st.sampled_from([1, 2, 0]))
    def retire_one(self, which: int, ahead: int) -> None:
        desk = desks_of(self.house)[which % 3]
        self.act(lambda: change_offer(self.house.pk, DeskGoes(desk.pk, self.day(ahead)), self.by_house))

    @rule(place=st.tuples(st.integers(0, 6), PART), ahead=st.sampled_from([1, 2, 1, 0]), opens=SELDOM)
    def change_the_week(self, place: tuple[int, Dagdeel], ahead: int, *, opens: bool) -> None:
        day = self.day(ahead)
        week = week_on(week_rows(self.house), day)
        week.pop(place, None)
        if opens:
            begin, end = HOURS[place[1]]
            week[place] = Hours(begin, end)
        self.act(lambda: change_offer(self.house.pk, WeekWish(day, week), self.by_house))

    @rule(minutes=st.sampled_from([20, 9, 90, 240, 1440]))
    def let_time_pass(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    @rule(ahead=AHEAD, cents=st.integers(0, 2000))
    def change_the_price(self, ahead: int, cents: int) -> None:
        Tariff.objects.update_or_create(
            dorpshuis=self.house, kind="standaard", valid_from=self.day(ahead), defaults={"cents": cents}
        )

    @rule(which=WHICH, ahead=AHEAD, part=PART, minutes=st.sampled_from([60, 600, 5]))
    def hold_a_desk(self, which: int, ahead: int, part: Dagdeel, minutes: int) -> None:
        moment = Moment(self.day(ahead), part)
        cell = CellReader.read(self.house).at(moment)
        in_the_way = set(Booking.objects.at([moment]).occupying().values_list("desk_id", flat=True))
        free = [desk for desk in desks_of(self.house) if desk.pk in set(cell.free_ids) - in_the_way]
        if free:
            make_hold(free[which % len(free)], moment, clock.now() + timedelta(minutes=minutes))

    # --- what is always true ----------------------------------------------------------------------------

    @invariant()
    def the_house_is_right(self) -> None:
        ledger = Ledger(self.house, clock.now())
        assert ledger.sold_twice() == []
        assert ledger.homeless() == []
        assert ledger.paid_twice() == set()
        assert ledger.changed_and_still_there() == []
        self.the_page_counts_what_the_tables_hold(ledger)
        self.nobody_is_called_off_without_a_word(ledger)
        self.what_was_offered_stays(ledger)
        self.no_price_ever_changes(ledger)

    def the_page_counts_what_the_tables_hold(self, ledger: Ledger) -> None:
        moments = two_weeks(clock.today())
        reader = CellReader.read(self.house, [moments[-1].date])
        cells = [reader.at(moment) for moment in moments]
        assert {str(cell.moment): (cell.free, cell.total) for cell in cells} == ledger.counts(moments)
        taken = [len(ledger.taken_desks(cell.moment) & set(cell.open_ids)) for cell in cells]
        assert [cell.free + number for cell, number in zip(cells, taken, strict=True)] == [c.total for c in cells]

    def nobody_is_called_off_without_a_word(self, ledger: Ledger) -> None:
        off = {(row.closure_id, row.reservation_id) for row in ledger.rows if row.state == "house_cancelled"}
        keys = {f"closure:{closure}:{reservation}" for closure, reservation in off if closure}
        held = {f"closure:{row.closure_id}:{row.reservation_id}" for row in ledger.rows if row.held_until}
        told = {*OutboxMail.objects.values_list("key", flat=True), *CallEntry.objects.values_list("key", flat=True)}
        assert keys - held <= told

    def what_was_offered_stays(self, ledger: Ledger) -> None:
        yesterday = [Moment(self.day(-1), part) for part in Dagdeel]
        offered = {moment: total for moment, (_, total) in ledger.counts(yesterday).items()}
        assert {m: self.known_offers.setdefault(m, total) for m, total in offered.items()} == offered

    def no_price_ever_changes(self, ledger: Ledger) -> None:
        prices = ledger.prices()
        assert {pk: prices[pk] for pk in self.known_prices} == self.known_prices
        self.known_prices = prices


@pytest.mark.parametrize("examples", [10, pytest.param(40, marks=pytest.mark.long)])
def test_whatever_happens_the_house_stays_right(examples: int) -> None:
    bounds = settings(
        max_examples=int(os.environ.get("STATE_MACHINE_EXAMPLES", examples)),
        stateful_step_count=int(os.environ.get("STATE_MACHINE_STEPS", "20")),
        deadline=None,
        phases=[Phase.generate],  # the smallest example costs minutes; the first one that fails can be read
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(DorpshuisMachine, settings=bounds)
