"""Whatever people do around a waiting list and in whatever order: one slot, one holder, first come first served."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bookings.actions.book import book
from bookings.actions.cancel import cancel
from bookings.actions.close import reopen
from bookings.actions.waiting import join, leave, pass_on, take_place
from bookings.domain import waiting as domain
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Reservation, Waiting
from bookings.order import Order
from bookings.refusals import Refused
from portal.base import clock
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from portal.base.outbox.registry import composer
from tests.factories import HOURS, at, house_actor, make_closed, make_house
from villages.models import Closure

pytestmark = [pytest.mark.django_db, pytest.mark.database]

State = Waiting.State
# The day before the night in which summer time ends: what follows is an evening, that night and a day after it.
BEGIN = at(date(2026, 10, 24), 16)
MOMENTS = (Moment(date(2026, 10, 25), Dagdeel.MIDDAG), Moment(date(2026, 10, 26), Dagdeel.OCHTEND))
PEOPLE = tuple(f"gast-{n}@voorbeeld.example" for n in range(5))
CALLERS = ("+31612345670", "+31612345671")
WHO, WHICH, MOMENT = st.sampled_from(PEOPLE), st.integers(0, 20), st.sampled_from(MOMENTS)
MINUTES = st.sampled_from([1, 20, 60, 119, 120, 240, 420])


class WaitingMachine(RuleBasedStateMachine):
    """A house with two desks, both taken, and people who want one."""

    def __init__(self) -> None:
        super().__init__()
        self.example: AbstractContextManager[None] = transaction.atomic()
        self.example.__enter__()
        self.travel = time_machine.travel(BEGIN, tick=False)
        self.clock = self.travel.start()
        self.turns: dict[int, int] = {}
        self.closed_for: set[int] = set()
        # Whether the lists are up to date: no more once time passed, or a slot became free unseen, until the tick.
        self.settled = True

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize(line=st.lists(WHO, max_size=4, unique=True), waited_for=MOMENT)
    def make_the_house(self, line: list[str], waited_for: Moment) -> None:
        self.house = make_house(desks=2, parts=())
        for weekday in (6, 0):
            for part, (begin, end) in list(HOURS.items())[:2]:
                self.house.openings.create(weekday=weekday, dagdeel=part.value, begin=begin, end=end)
        self.by_house = house_actor(self.house)
        for moment in MOMENTS:
            for name in ("een", "twee"):
                self.order(f"{name}-{moment.dagdeel}@voorbeeld.example", moment)
        for who in line:
            self.somebody_waits(who, waited_for)

    # --- help for the rules -----------------------------------------------------------------------------

    def order(self, email: str, moment: Moment) -> None:
        book(Order(self.house.pk, (moment,), "Gast", email=email), GUEST)

    def act(self, action: Callable[[], Any]) -> bool:
        """Do it; a refusal undoes all of it. Gives whether it was done."""
        try:
            with transaction.atomic():
                action()
        except Refused:
            return False
        return True

    def listed(self, moment: Moment | None = None) -> list[Waiting]:
        rows = Waiting.objects.on_the_list().first_first().select_related("reservation")
        return list(rows.at([moment]) if moment else rows)

    def ending(self, moment: Moment) -> datetime | None:
        """Until when an offer made now would hold, by the words of the rule."""
        now, begins = clock.now(), at(moment.date, *_hour(moment))
        left = begins.astimezone(UTC) - now.astimezone(UTC)
        if left <= timedelta(hours=1) or not 8 <= clock.local(now).hour < 21:
            return None
        return now + min(timedelta(hours=2), left / 2)

    def has_place(self, wait: Waiting) -> bool:
        rows = Booking.objects.filter(state=Booking.State.BOOKED).at([wait.moment])
        return rows.of_contact(wait.reservation.email, str(wait.reservation.phone or "")).exists()

    # --- what people do ---------------------------------------------------------------------------------

    @rule(who=WHO, moment=MOMENT)
    def somebody_waits(self, who: str, moment: Moment) -> None:
        self.act(lambda: join(Order(self.house.pk, (moment,), "Gast", email=who), GUEST))
        assert len([wait for wait in self.listed(moment) if wait.reservation.email == who]) <= 1

    @rule(phone=st.sampled_from(CALLERS), moment=MOMENT)
    def a_caller_waits(self, phone: str, moment: Moment) -> None:
        self.act(lambda: join(Order(self.house.pk, (moment,), "Beller", phone=phone), self.by_house))

    @rule(which=WHICH)
    def somebody_leaves(self, which: int) -> None:
        line = self.listed()
        if line:
            leave(line[which % len(line)], GUEST)

    @rule(which=WHICH)
    def a_booking_is_given_back(self, which: int) -> None:
        rows = list(Booking.objects.filter(state=Booking.State.BOOKED).order_by("pk"))
        if rows:
            row = rows[which % len(rows)]
            self.act(lambda: cancel(row.reservation, GUEST))

    @rule(which=WHICH, somebody_books_at_once=st.booleans())
    def a_slot_becomes_free_in_a_way_that_forgets_the_list(self, which: int, somebody_books_at_once: bool) -> None:
        rows = list(Booking.objects.filter(state=Booking.State.BOOKED).order_by("pk"))
        if rows:
            row = rows[which % len(rows)]
            Booking.objects.filter(pk=row.pk).update(state=Booking.State.CANCELLED)
            self.settled = False
            if somebody_books_at_once:
                self.somebody_else_books(row.moment)

    @rule(moment=MOMENT)
    def somebody_else_books(self, moment: Moment) -> None:
        before = self.listed(moment)
        if self.act(lambda: self.order("voorbij@voorbeeld.example", moment)):
            after = self.listed(moment)
            waits = [wait for wait in after if wait.state == State.WAITING and not self.has_place(wait)]
            # Who is called has a turn without a desk, perhaps since this very booking was asked for.
            called = any(wait.state == State.CALLED for wait in (*before, *after))
            assert not waits or called or self.ending(moment) is None

    @rule(which=WHICH)
    def somebody_takes_her_place(self, which: int) -> None:
        line = self.listed()
        if line:
            wait = line[which % len(line)]
            in_time = wait.turn_until is not None and clock.now() < wait.turn_until
            done = self.act(lambda: take_place(wait, GUEST))
            assert not done or (wait.state == State.OFFERED and in_time)

    @rule()
    def the_house_closes(self) -> None:
        if not Closure.objects.standing().exists() and clock.today() <= MOMENTS[0].date:
            self.closed_for |= {wait.pk for wait in self.listed()}
            make_closed(self.house, MOMENTS[0].date)
            self.settled = False

    @rule()
    def the_house_opens_again(self) -> None:
        for closure in Closure.objects.standing():
            self.closed_for |= {wait.pk for wait in self.listed()}
            reopen(closure, self.by_house)

    @rule(minutes=MINUTES)
    def time_passes(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))
        self.settled = False

    @rule()
    def the_tick(self) -> None:
        pass_on()
        assert pass_on() == 0
        self.settled = True

    # --- what is always so ------------------------------------------------------------------------------

    @invariant()
    def one_slot_has_one_holder(self) -> None:
        rows = [row for row in Booking.objects.occupying() if row.occupies_at(clock.now())]
        assert len({row.slot for row in rows}) == len(rows)
        held = [row for row in rows if row.state == Booking.State.HELD]
        hers = {wait.reservation_id: wait for wait in self.listed() if wait.state == State.OFFERED}
        now = clock.now()
        assert {row.reservation_id for row in held} <= set(hers)
        assert len({row.reservation_id for row in held}) == len(held)
        for wait in hers.values():
            (row,) = Booking.objects.filter(reservation=wait.reservation_id)
            assert (row.held_until, row.price_cents, row.moment) == (wait.turn_until, 0, wait.moment)
            assert row in held or row.held_until is None or row.held_until <= now

    @invariant()
    def nobody_waits_while_a_place_is_free(self) -> None:
        for moment in MOMENTS if self.settled else ():
            waits = self.listed(moment)
            if self.ending(moment) is None or Closure.objects.standing().exists():
                continue
            taken = [row for row in Booking.objects.at([moment]).occupying() if row.occupies_at(clock.now())]
            called = [wait for wait in waits if wait.state == State.CALLED]
            if 2 - len(taken) - len(called) > 0:
                assert [wait for wait in waits if wait.state == State.WAITING and not self.has_place(wait)] == []

    @invariant()
    def a_turn_that_is_over_is_passed_on(self) -> None:
        if self.settled:
            now = clock.now()
            assert [wait for wait in self.listed() if wait.turn_until is not None and wait.turn_until <= now] == []

    @invariant()
    def first_come_first_served_in_time_and_by_day(self) -> None:
        for wait in Waiting.objects.select_related("reservation").first_first():
            new = wait.turns - self.turns.get(wait.pk, 0)
            self.turns[wait.pk] = wait.turns
            if not new:
                continue
            assert new == 1
            assert wait.turns == 1 or wait.pk in self.closed_for
            ending = self.ending(wait.moment)
            assert ending is not None
            if wait.turn_until is not None:
                assert ending - timedelta(minutes=1) < wait.turn_until <= ending
            before = [one for one in self.listed(wait.moment) if (one.created_at, one.pk) < (wait.created_at, wait.pk)]
            assert [one for one in before if one.state == State.WAITING and not self.has_place(one)] == []

    @invariant()
    def who_is_off_the_list_holds_nothing_and_hears_no_more_of_a_place(self) -> None:
        gone = Waiting.objects.filter(state__in=(State.LEFT, State.PASSED, State.ENDED))
        reservations = list(gone.values_list("reservation", flat=True))
        assert not Booking.objects.filter(reservation__in=reservations).exists()
        subjects = [f"reservation:{pk}" for pk in gone.filter(state=State.LEFT).values_list("reservation", flat=True)]
        for mail in OutboxMail.objects.filter(subject__in=subjects):
            assert composer(mail.kind)(mail) is None
        assert Reservation.objects.count() >= len(reservations)


def _hour(moment: Moment) -> tuple[int, int]:
    begin = HOURS[moment.dagdeel][0]
    return begin.hour, begin.minute


def run(examples: int, steps: int) -> None:
    bounds = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(WaitingMachine, settings=bounds)


def test_whatever_happens_a_place_is_for_who_is_first() -> None:
    run(3, 12)


@pytest.mark.long
def test_however_long_it_goes_on_too() -> None:
    run(15, 30)


Act = Callable[[WaitingMachine], object]
MORNING = MOMENTS[1]


def waits(who: str) -> Act:
    return lambda machine: machine.somebody_waits(who, MORNING)


def calls(machine: WaitingMachine) -> None:
    machine.a_caller_waits(CALLERS[0], MORNING)


def gives_back(machine: WaitingMachine) -> None:
    machine.a_booking_is_given_back(2)


def forgets(machine: WaitingMachine) -> None:
    machine.a_slot_becomes_free_in_a_way_that_forgets_the_list(2, somebody_books_at_once=False)


def passes(minutes: int) -> Act:
    return lambda machine: machine.time_passes(minutes)


def takes(machine: WaitingMachine) -> None:
    machine.somebody_takes_her_place(0)


def books(machine: WaitingMachine) -> None:
    machine.somebody_else_books(MORNING)


def tick(machine: WaitingMachine) -> None:
    machine.the_tick()


ALWAYS = (
    WaitingMachine.one_slot_has_one_holder,
    WaitingMachine.nobody_waits_while_a_place_is_free,
    WaitingMachine.a_turn_that_is_over_is_passed_on,
    WaitingMachine.first_come_first_served_in_time_and_by_day,
    WaitingMachine.who_is_off_the_list_holds_nothing_and_hears_no_more_of_a_place,
)
ANNA, BERT = waits(PEOPLE[0]), waits(PEOPLE[1])
HISTORIES: dict[str, tuple[Act, ...]] = {
    "first come": (ANNA, BERT, gives_back),
    "the next": (ANNA, BERT, gives_back, passes(120), tick),
    "taken": (ANNA, gives_back, takes, BERT, gives_back),
    "at the very end": (ANNA, gives_back, passes(119), takes),
    "in the gap": (ANNA, forgets, books),
    "who is called holds nothing": (calls, ANNA, forgets, books),
    "at night": (ANNA, BERT, passes(300), forgets, tick, passes(660), tick, passes(120), tick),
}


def play(history: str) -> None:
    """One history, with all that is always so looked at after each act."""
    machine = WaitingMachine()
    try:
        machine.make_the_house([], MORNING)
        for act in HISTORIES[history]:
            act(machine)
            for so in ALWAYS:
                so(machine)
    finally:
        machine.teardown()


@pytest.mark.parametrize("history", HISTORIES)
def test_what_is_always_so_is_so_in_this_history(history: str) -> None:
    play(history)


def _last_first(line: Any, *args: Any, **named: Any) -> domain.Steps:
    return domain.steps(list(reversed(line)), *args, **named)


def _one_too_many(line: Any, free: int, *args: Any, **named: Any) -> domain.Steps:
    return domain.steps(line, free + 1, *args, **named)


def _for_ever(*args: Any, **named: Any) -> domain.Steps:
    todo = domain.steps(*args, **named)
    return replace(todo, until=todo.until + timedelta(hours=1) if todo.until else None)


def _nobody_passes(*args: Any, **named: Any) -> domain.Steps:
    return replace(domain.steps(*args, **named), over=())


def _nobody_is_next(line: Any, *args: Any, **named: Any) -> domain.Steps:
    todo = domain.steps(line, *args, **named)
    return replace(todo, given=()) if todo.over else todo


STEPS, SERVED, HOUR = "bookings.actions.turns.steps", "bookings.actions.take.serve", "bookings.domain.waiting.may_tell"
# A fault, where it is planted, and the history in which it must be seen.
FAULTS: dict[str, tuple[str, Callable[..., object], str]] = {
    "the last in line goes first": (STEPS, _last_first, "first come"),
    "one offer too many": (STEPS, _one_too_many, "first come"),
    "an hour too long": (STEPS, _for_ever, "first come"),
    "a turn never ends": (STEPS, _nobody_passes, "the next"),
    "nobody is next": (STEPS, _nobody_is_next, "the next"),
    "who books goes before who waits": (SERVED, lambda *_args: 0, "in the gap"),
    "an offer in the night": (HOUR, lambda _now: True, "at night"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_seen_in_its_history(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    where, wrong, history = FAULTS[fault]
    monkeypatch.setattr(where, wrong)
    with pytest.raises((AssertionError, ValueError, IndexError, KeyError)):
        play(history)
