"""Whatever a house changes of its week, desks, prices and standing places, and in whatever order: what was stays.

Past offers and prices stay as they were, nobody loses a coming dagdeel without a message, no date that was given
back returns. The long form is part of `make test-long`; more: `OWN_HANDS_EXAMPLES=500 OWN_HANDS_STEPS=60`, and
others: `--hypothesis-profile=default`.
"""

import os
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
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
from bookings.actions.close import Closing, change_offer, close, reopen
from bookings.actions.offer import restore_offer
from bookings.actions.prices import plan_price, set_price, spans_of
from bookings.actions.rooms import DeskFields, add_desk
from bookings.actions.standing import agree, check_wish, end, extend, plan_standing, release, top_up
from bookings.actions.standing_dates import write_until
from bookings.domain.availability import open_desks, opening_on
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.prices import price_on
from bookings.domain.pricing import PriceChange
from bookings.domain.week import Hours, week_on
from bookings.models import Booking, CallEntry, Reservation, StandingPlace
from bookings.offer import DeskGoes, ExtraGoes, ExtraWish, RoomGoes, WeekWish, Wish, week_rows
from bookings.order import Order
from bookings.queries import supplies
from bookings.refusals import Refused
from portal.base import clock
from portal.base.log import GUEST, SYSTEM, Actor
from portal.base.models import OutboxMail
from tests.bookings.ledger import Ledger
from tests.factories import at, desks_of, house_actor, make_desks, make_house, make_openings, make_room, make_wish
from villages.models import Closure, Dorpshuis, Room

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# Two days before summer time ends.
BEGIN = at(date(2026, 10, 23), 12)
CONTACTS = (
    {"name": "Marieke", "email": "marieke@voorbeeld.example"},
    {"name": "Jan", "phone": "+31612345678"},
    {"name": "Sanne", "email": "sanne@voorbeeld.example"},
)
WEEK = timedelta(weeks=1)
KINDS = ("standaard", "commercieel")
State = Booking.State

# Mostly the same few slots, so that all of it meets.
AHEAD = st.sampled_from([1, 1, 1, 2, 2, 8, 0])
PART = st.sampled_from([Dagdeel.OCHTEND, Dagdeel.OCHTEND, Dagdeel.MIDDAG])
WHICH = st.integers(0, 50)
SELDOM = st.sampled_from([False, False, True])
EARLIER, USUAL = (time(8), time(12)), (time(8, 30), time(12, 30))


class OwnHandsMachine(RuleBasedStateMachine):
    """A house with three desks in two rooms, and all that it can set for itself."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.travel = time_machine.travel(BEGIN, tick=False)
        self.clock = self.travel.start()
        self.offers: dict[Moment, set[int]] = {}
        self.asked: dict[tuple[date, str], int | None] = {}
        self.frozen: dict[int, tuple[int, str]] = {}
        self.released: set[int] = set()
        self.names = iter(range(1, 1000))

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize()
    def make_the_house(self) -> None:
        self.house = make_house(desks=2, parts=(), window_days=14, order_limit=3, guest_limit=12)
        make_desks(make_room(self.house, "Zolder"), 1)
        make_openings(self.house, (Dagdeel.OCHTEND, Dagdeel.MIDDAG), weekdays=range(7))
        self.by_house = house_actor(self.house)

    # --- help for the rules -----------------------------------------------------------------------------

    def day(self, ahead: int) -> date:
        return clock.today() + timedelta(days=ahead)

    def act(self, action: Callable[[], object]) -> None:
        """Do it, or be refused with all that it wrote undone."""
        try:
            with transaction.atomic():
                action()
        except Refused:
            pass

    def wish(self, wish: Wish) -> None:
        self.act(lambda: change_offer(self.house.pk, wish, self.by_house))

    def place(self, which: int) -> StandingPlace:
        places = list(StandingPlace.objects.order_by("-pk"))
        return places[which % len(places)]

    # --- the house ---------------------------------------------------------------------------------------

    @rule(ahead=AHEAD, part=PART, hours=st.sampled_from([None, EARLIER, USUAL]), small=SELDOM)
    def change_the_week(self, ahead: int, part: Dagdeel, hours: tuple[time, time] | None, *, small: bool) -> None:
        day = self.day(ahead)
        week = week_on(week_rows(self.house), day)
        place = (day.weekday(), part)
        week.pop(place, None)
        if hours is not None:
            rooms = Room.objects.order_by("pk").values_list("pk", flat=True)[: 1 if small else 0]
            shift = timedelta(hours=0 if part is Dagdeel.OCHTEND else 5)
            begin, until = ((BEGIN.replace(hour=h.hour, minute=h.minute) + shift).time() for h in hours)
            week[place] = Hours(begin, until, frozenset(rooms))
        self.wish(WeekWish(day, week))

    @rule(ahead=AHEAD, part=st.sampled_from([Dagdeel.AVOND, Dagdeel.OCHTEND]))
    def add_an_extra_dagdeel(self, ahead: int, part: Dagdeel) -> None:
        hours = {Dagdeel.OCHTEND: USUAL, Dagdeel.AVOND: (time(19), time(22))}[part]
        self.wish(ExtraWish(self.day(ahead), part, Hours(*hours)))

    @rule(which=WHICH)
    def drop_an_extra_dagdeel(self, which: int) -> None:
        extras = [row.pk for row in week_rows(self.house) if row.once]
        if extras:
            self.wish(ExtraGoes(extras[which % len(extras)]))

    @rule(which=WHICH)
    def add_a_desk(self, which: int) -> None:
        rooms = list(self.house.rooms.order_by("pk"))
        fields = DeskFields(f"Nieuw {next(self.names)}")
        self.act(lambda: add_desk(self.house.pk, rooms[which % len(rooms)].pk, fields, self.by_house))

    @rule(which=WHICH, ahead=AHEAD)
    def retire_a_desk(self, which: int, ahead: int) -> None:
        desks = desks_of(self.house)
        self.wish(DeskGoes(desks[which % len(desks)].pk, self.day(ahead)))

    @rule(ahead=st.sampled_from([2, 8]), sure=st.sampled_from([False, False, False, True]))
    def retire_a_room(self, ahead: int, *, sure: bool) -> None:
        if sure:
            self.wish(RoomGoes(self.house.rooms.get(name="Zolder").pk, self.day(ahead)))

    @rule(ahead=AHEAD, cents=st.sampled_from([500, 750, 1000, None]), kind=st.sampled_from(KINDS))
    def change_a_price(self, ahead: int, cents: int | None, kind: str) -> None:
        change = PriceChange(kind, self.day(ahead), cents)

        def set_it() -> None:
            seen = plan_price(self.house, change).fingerprint
            set_price(self.house.pk, change, self.by_house, seen, by_phone=True)

        self.act(set_it)

    @rule(ahead=AHEAD, days=st.sampled_from([0, 0, 1, 8]), which=WHICH)
    def close_something(self, ahead: int, days: int, which: int) -> None:
        desks = desks_of(self.house)
        parts: list[dict[str, Any]] = [{}, {"room": desks[0].room}, {"desks": (desks[which % len(desks)],)}]
        closing = Closing(self.day(ahead), self.day(ahead + days), "dorpsfeest", **parts[which % 3])
        self.act(lambda: close(self.house.pk, closing, self.by_house))

    @precondition(lambda self: Closure.objects.standing().exists())
    @rule(which=st.sampled_from([0, 0, 0, 1, 2]))
    def take_it_back(self, which: int) -> None:
        closures = list(Closure.objects.standing().order_by("-pk"))
        self.act(lambda: reopen(closures[which % len(closures)], self.by_house))

    # --- standing places ---------------------------------------------------------------------------------

    @precondition(lambda self: StandingPlace.objects.count() < 4)
    @rule(ahead=AHEAD, part=PART, weeks=st.sampled_from([0, 2, 8]), which=WHICH, every=st.sampled_from([1, 1, 2]))
    def agree_on_a_place(self, ahead: int, part: Dagdeel, weeks: int, which: int, every: int) -> None:
        first, desks = self.day(ahead), desks_of(self.house)
        rule_ = {"weekday": first.weekday(), "dagdeel": part, "last_day": first + weeks * WEEK, "every": every}
        who = {"email": "", "phone": "+31612345699"} if which % 2 else {}
        desk = desks[which % len(desks)] if which % 3 else None
        wish = make_wish(first, **rule_, **who, desk=desk, tariff="commercieel" if which % 5 == 0 else "gratis")

        def do() -> None:
            check_wish(wish)
            agree(self.house.pk, wish, self.by_house, plan_standing(self.house, wish).fingerprint)

        self.act(do)

    @precondition(lambda self: StandingPlace.objects.exists())
    @rule(which=WHICH, day=st.sampled_from([0, 0, 1, 2]))
    def give_a_date_back(self, which: int, day: int) -> None:
        place = self.place(which)
        coming = list(place.bookings.filter(date__gte=clock.today()).in_order())
        if not coming:
            return
        row = coming[day % len(coming)]

        def do() -> None:
            if release(place, row.date, GUEST):
                self.released.add(row.pk)

        self.act(do)

    @precondition(lambda self: StandingPlace.objects.exists())
    @rule(which=WHICH, days=st.sampled_from([-1, 1, 7, 9]))
    def end_a_place(self, which: int, days: int) -> None:
        place = self.place(which)
        self.act(lambda: end(place, self.day(days), self.by_house))

    @precondition(lambda self: StandingPlace.objects.exists())
    @rule(which=WHICH, weeks=st.integers(1, 4))
    def extend_a_place(self, which: int, weeks: int) -> None:
        place = self.place(which)
        self.act(lambda: extend(place, place.last_day + weeks * WEEK, self.by_house))

    @rule()
    def let_a_night_pass(self) -> None:
        self.clock.move_to(at(self.day(1), 3))
        self.act(lambda: top_up(self.house.pk, SYSTEM))

    # --- guests, and time --------------------------------------------------------------------------------

    @rule(ahead=AHEAD, part=PART, who=st.sampled_from(CONTACTS), which=st.none() | WHICH)
    def book_a_desk(self, ahead: int, part: Dagdeel, who: dict[str, str], which: int | None) -> None:
        desks = desks_of(self.house)
        desk = None if which is None else desks[which % len(desks)].pk
        order = Order(self.house.pk, (Moment(self.day(ahead), part),), desk_id=desk, **who)  # type: ignore[arg-type]
        self.act(lambda: book(order, GUEST))

    @rule(which=WHICH)
    def book_an_extra_dagdeel(self, which: int) -> None:
        extra = next((row.span for row in week_rows(self.house) if row.once), None)
        if extra is not None:
            moment = Moment(extra.first_day, extra.dagdeel)
            order = Order(self.house.pk, (moment,), **CONTACTS[which % 3])  # type: ignore[arg-type]
            self.act(lambda: book(order, GUEST))

    @precondition(lambda self: Booking.objects.filter(state=State.BOOKED, standing=None).exists())
    @rule(which=WHICH, by_house=SELDOM)
    def cancel_one(self, which: int, *, by_house: bool) -> None:
        rows = Reservation.objects.filter(bookings__state=State.BOOKED, standing=None).order_by("-pk")
        reservation = list(rows)[which % len(rows)]
        actor: Actor = self.by_house if by_house else GUEST
        self.act(lambda: cancel(reservation, actor))

    @rule(minutes=st.sampled_from([5, 5, 20, 300, 1440, 4000]))
    def let_time_pass(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    # --- what is always true -----------------------------------------------------------------------------

    @invariant()
    def what_was_stays_and_nobody_is_forgotten(self) -> None:
        ledger = Ledger(self.house, clock.now())
        assert ledger.sold_twice() == []
        assert ledger.homeless() == []
        self.what_was_offered_stays(ledger)
        self.what_it_cost_stays()
        self.no_frozen_price_changes(ledger)
        self.who_lost_a_dagdeel_was_told(ledger)
        self.what_was_given_back_stays_away(ledger)

    def what_was_offered_stays(self, ledger: Ledger) -> None:
        days = [self.day(-n) for n in range(1, 5) if self.day(-n) >= BEGIN.date()]
        if not days:
            return
        supply = supplies([self.house], days[-1], days[0])[self.house.pk]
        for moment in (Moment(day, part) for day in days for part in Dagdeel):
            opening = opening_on(supply, moment)
            shown = set(open_desks(supply, moment, opening)[0]) if opening else set()
            assert shown == ledger.open_desks(moment) == self.offers.setdefault(moment, shown), moment

    def what_it_cost_stays(self) -> None:
        spans = spans_of(self.house)
        for kind in KINDS:
            for day in (self.day(-n) for n in range(1, 5)):
                cents = price_on(spans, kind, day, by_guest=False)
                assert cents == self.asked.setdefault((day, kind), cents), (kind, day)

    def no_frozen_price_changes(self, ledger: Ledger) -> None:
        prices = ledger.prices()
        assert {pk: prices[pk] for pk in self.frozen} == self.frozen
        self.frozen = prices

    def who_lost_a_dagdeel_was_told(self, ledger: Ledger) -> None:
        told = {*OutboxMail.objects.values_list("key", flat=True), *CallEntry.objects.values_list("key", flat=True)}
        for row in ledger.rows:
            if row.state == State.HOUSE_CANCELLED:
                assert self.keys_of(row) & told or self.took_another(row), row.pk
        self.who_has_other_times_is_told(told)

    def keys_of(self, row: Booking) -> set[str]:
        """The messages that may have told this: of a closure, of a cancellation, or of a standing place that ended."""
        if row.closure_id:
            return {f"closure:{row.closure_id}:{row.reservation_id}"}
        if row.standing is not None:
            return {f"stopped:{row.standing_id}:{row.standing.last_day}"}
        same_act = Booking.objects.filter(reservation=row.reservation_id, cancelled_at=row.cancelled_at)
        return {f"cancellation:{row.reservation_id}:{pk}" for pk in same_act.values_list("pk", flat=True)}

    def who_has_other_times_is_told(self, told: set[str]) -> None:
        """Each guest whose dagdeel got other clock times by a change that stands."""
        for change in Closure.objects.standing().filter(cause=Closure.Cause.SCHEDULE):
            rows = Booking.objects.filter(pk__in=[int(pk) for pk in change.was["times"]])
            assert {f"times:{change.pk}:{row.reservation_id}" for row in rows} <= told

    def took_another(self, row: Booking) -> bool:
        """Whether she took another dagdeel before the house took its closure back: that one stands for this one."""
        closure = row.closure
        if closure is None or closure.reopened_at is None:
            return False
        newer = Booking.objects.filter(reservation__guest=row.reservation.guest_id)
        return newer.filter(created_at__gt=closure.created_at, created_at__lte=closure.reopened_at).exists()

    def what_was_given_back_stays_away(self, ledger: Ledger) -> None:
        back = [row.pk for row in ledger.rows if row.pk in self.released and row.is_occupying]
        assert back == []
        assert list(self.coming_after_their_end(ledger)) == []

    def coming_after_their_end(self, ledger: Ledger) -> Iterator[int]:
        """Dates that stand although their place ended before."""
        ends = dict(StandingPlace.objects.values_list("pk", "last_day"))
        for row in ledger.rows:
            if row.standing_id and row.state == State.BOOKED and row.date > max(ends[row.standing_id], clock.today()):
                yield row.pk


def run(examples: int, steps: int) -> None:
    bounds = settings(
        max_examples=int(os.environ.get("OWN_HANDS_EXAMPLES", examples)),
        stateful_step_count=int(os.environ.get("OWN_HANDS_STEPS", steps)),
        deadline=None,
        phases=[Phase.generate],  # the smallest example costs minutes; the first one that fails can be read
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(OwnHandsMachine, settings=bounds)


def test_whatever_the_house_changes_what_was_stays_and_nobody_is_forgotten() -> None:
    run(examples=10, steps=25)


@pytest.mark.long
def test_however_long_the_house_goes_on_changing() -> None:
    run(examples=25, steps=40)


# --- controls: the faults that it must see, each in a history of its own -----------------------------------


def _nobody_is_told(*_args: object) -> None:
    pass


def _all_comes_back(house: Dorpshuis, through: date) -> int:
    back = Booking.objects.filter(standing__isnull=False, state=State.CANCELLED, date__gt=clock.today())
    for row in back:
        if not Booking.objects.filter(desk=row.desk_id, date=row.date, dagdeel=row.dagdeel).occupying().exists():
            Booking.objects.filter(pk=row.pk).update(state=State.BOOKED)
    return write_until(house, through)


def _whoever_booked_it(_house: Dorpshuis, closure: Closure) -> None:
    restore_offer(closure)


Act = Callable[[OwnHandsMachine], None]


def play(*history: Act) -> None:
    """Do these in a new house, and look after each whether all is right."""
    machine = OwnHandsMachine()
    try:
        machine.make_the_house()
        for act in history:
            act(machine)
            machine.what_was_stays_and_nobody_is_forgotten()
    finally:
        machine.teardown()


BOOKED_AND_SHUT: list[Act] = [
    lambda house: house.book_a_desk(ahead=2, part=Dagdeel.OCHTEND, who=CONTACTS[0], which=None),
    lambda house: house.close_something(ahead=2, days=0, which=0),
]
PLACE_ENDED: list[Act] = [
    lambda house: house.agree_on_a_place(ahead=1, part=Dagdeel.OCHTEND, weeks=8, which=1, every=1),
    lambda house: house.end_a_place(which=0, days=1),
]
OTHER_TIMES: list[Act] = [
    lambda house: house.book_a_desk(ahead=2, part=Dagdeel.OCHTEND, who=CONTACTS[0], which=None),
    lambda house: house.change_the_week(ahead=2, part=Dagdeel.OCHTEND, hours=EARLIER, small=False),
]
BOOKED_EXTRA: list[Act] = [
    lambda house: house.add_an_extra_dagdeel(ahead=1, part=Dagdeel.AVOND),
    lambda house: house.book_an_extra_dagdeel(which=0),
    lambda house: house.take_it_back(which=0),
]
DATE_GIVEN_BACK: list[Act] = [
    lambda house: house.agree_on_a_place(ahead=1, part=Dagdeel.OCHTEND, weeks=8, which=1, every=1),
    lambda house: house.give_a_date_back(which=0, day=1),
    lambda house: house.extend_a_place(which=0, weeks=1),
]


@pytest.mark.parametrize(
    ("history", "where", "fault"),
    [
        (BOOKED_AND_SHUT, "bookings.actions.close.tell_called_off", _nobody_is_told),
        (PLACE_ENDED, "bookings.actions.standing.tell_stopped", _nobody_is_told),
        (OTHER_TIMES, "bookings.actions.close.tell_other_times", _nobody_is_told),
        (BOOKED_EXTRA, "bookings.actions.close._take_back_offer", _whoever_booked_it),
        (DATE_GIVEN_BACK, "bookings.actions.standing.write_until", _all_comes_back),
    ],
    ids=[
        "who is called off hears nothing",
        "whose place ended hears nothing",
        "who has other times hears nothing",
        "what is booked is taken away",
        "what was given back comes back",
    ],
)
def test_a_planted_fault_is_seen_in_its_history(
    history: list[Act], where: str, fault: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    play(*history)
    monkeypatch.setattr(where, fault)
    with pytest.raises(AssertionError):
        play(*history)


def test_an_extra_dagdeel_counts_before_a_week_that_begins_that_day() -> None:
    play(
        lambda house: house.change_the_week(ahead=1, part=Dagdeel.OCHTEND, hours=None, small=False),
        lambda house: house.add_an_extra_dagdeel(ahead=1, part=Dagdeel.OCHTEND),
        lambda house: house.change_the_week(ahead=1, part=Dagdeel.OCHTEND, hours=EARLIER, small=True),
        lambda house: house.let_time_pass(minutes=2 * 1440),
    )
