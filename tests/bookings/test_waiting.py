"""The waiting list: on it and off it, whose turn it is when a place comes, and taking that place."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import timed
from bookings.actions.book import book
from bookings.actions.cancel import cancel
from bookings.actions.change import Change, change
from bookings.actions.close import reopen
from bookings.actions.forget import forget
from bookings.actions.rooms import DeskFields, add_desk
from bookings.actions.standing import release
from bookings.actions.waiting import clear_lists, leave, next_clear_at, next_pass_on, pass_on, take_place
from bookings.models import Booking, CallEntry, Guest, Reservation, Waiting
from bookings.refusals import DeskTaken, NotBookable, NotFull, PriceChanged, TooMany, TurnIsOver
from portal.base import clock
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.factories import (
    at,
    desks_of,
    house_actor,
    make_booking,
    make_closed,
    make_house,
    make_order,
    make_standing,
    make_tariff,
    make_waiting,
)
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, on_monday
from villages.models import Dorpshuis
from villages.models.messages import HouseMessages

pytestmark = [pytest.mark.django_db, pytest.mark.database, on_monday]

State = Waiting.State
TWO_HOURS = timedelta(hours=2)
NINE = at(MONDAY, 9)
PHONE = "+31612345678"


@pytest.fixture
def house() -> Dorpshuis:
    """One desk, and on Wednesday morning it is taken."""
    house = make_house("veldkei", desks=1)
    make_booking(house, WEDNESDAY, email="eerder@voorbeeld.example")
    return house


def taken(house: Dorpshuis) -> Reservation:
    return Reservation.objects.get(dorpshuis=house, email="eerder@voorbeeld.example")


def wait(house: Dorpshuis, name: str, **fields: Any) -> Waiting:
    return make_waiting(house, WEDNESDAY, name=name, email=f"{name.lower()}@voorbeeld.example", **fields)


def call_in(house: Dorpshuis, phone: str = PHONE) -> Waiting:
    return make_waiting(house, WEDNESDAY, house_actor(house), name="Berta", email="", phone=phone)


def states() -> list[str]:
    return list(Waiting.objects.first_first().values_list("state", flat=True))


def held() -> list[tuple[str, int]]:
    rows = Booking.objects.filter(state=Booking.State.HELD).order_by("pk")
    return [(row.reservation.name, row.price_cents) for row in rows]


def told(kind: str) -> list[str]:
    return list(OutboxMail.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True))


def free_it(house: Dorpshuis) -> None:
    cancel(taken(house), GUEST)


def test_who_waits_is_on_the_list_and_is_mailed_her_link(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    assert (one.state, one.moment) == (State.WAITING, WEDNESDAY)
    assert told("on_the_list") == ["anna@voorbeeld.example"]
    assert LogEntry.objects.filter(verb="wait", subject=str(one)).count() == 1


def test_the_same_address_again_is_the_same_place(house: Dorpshuis) -> None:
    first, second = wait(house, "Anna"), wait(house, "Anna")
    assert first == second
    assert Waiting.objects.count() == 1
    assert told("on_the_list") == ["anna@voorbeeld.example"]


def test_on_another_day_the_link_is_mailed_again(house: Dorpshuis) -> None:
    wait(house, "Anna")
    with time_machine.travel(NINE + timedelta(days=1), tick=False):
        wait(house, "Anna")
    assert len(told("on_the_list")) == 2


def test_what_is_free_needs_no_waiting(house: Dorpshuis) -> None:
    with pytest.raises(NotFull):
        make_waiting(house, THURSDAY)


@pytest.mark.parametrize("hour", [12, 13])
def test_for_what_is_past_nobody_waits(house: Dorpshuis, hour: int) -> None:
    with time_machine.travel(at(WEDNESDAY.date, hour, 30), tick=False), pytest.raises(NotBookable):
        wait(house, "Anna")


def test_for_what_is_closed_nobody_waits(house: Dorpshuis) -> None:
    make_closed(house, WEDNESDAY.date)
    with pytest.raises(NotBookable):
        wait(house, "Anna")


def test_nobody_waits_for_more_than_the_house_lets_a_guest_have_unless_it_adds_her_itself(house: Dorpshuis) -> None:
    Dorpshuis.objects.update(order_limit=1, guest_limit=2)
    for moment in (WEDNESDAY_NOON, THURSDAY):
        make_booking(house, moment)
    for moment in (WEDNESDAY, WEDNESDAY_NOON):
        make_waiting(house, moment, email="anna@voorbeeld.example")
    with pytest.raises(TooMany):
        make_waiting(house, THURSDAY, email="anna@voorbeeld.example")
    assert Waiting.objects.count() == 2
    make_waiting(house, THURSDAY, house_actor(house), email="anna@voorbeeld.example")
    assert Waiting.objects.count() == 3


def test_when_a_place_comes_it_is_held_for_the_first_at_once(house: Dorpshuis) -> None:
    wait(house, "Anna")
    wait(house, "Bea")
    free_it(house)
    assert held() == [("Anna", 0)]
    assert states() == [State.OFFERED, State.WAITING]
    assert told("place") == ["anna@voorbeeld.example"]
    assert Booking.objects.get(state=Booking.State.HELD).held_until == NINE + TWO_HOURS


def _change(house: Dorpshuis) -> None:
    change(taken(house), Change(WEDNESDAY, THURSDAY), GUEST)


def _add_desk(house: Dorpshuis) -> None:
    add_desk(house.pk, desks_of(house)[0].room_id, DeskFields("Bureau 2"), house_actor(house))


@pytest.mark.parametrize("free", [free_it, _change, _add_desk])
def test_whatever_frees_a_place_gives_it_to_who_waits(house: Dorpshuis, free: Callable[[Dorpshuis], None]) -> None:
    wait(house, "Anna")
    free(house)
    assert held() == [("Anna", 0)]


def test_a_date_of_a_standing_place_that_is_given_back_too(house: Dorpshuis) -> None:
    place = make_standing(house, first_day=THURSDAY.date, weekday=3, dagdeel=THURSDAY.dagdeel)
    make_waiting(house, THURSDAY, name="Anna")
    release(place, THURSDAY.date, GUEST)
    assert held() == [("Anna", 0)]


def test_who_books_in_the_gap_does_not_go_before_who_waits(house: Dorpshuis) -> None:
    wait(house, "Anna")
    Booking.objects.update(state=Booking.State.CANCELLED)  # freed by something that forgets the list
    with pytest.raises(NotBookable):
        book(make_order(house, WEDNESDAY), GUEST)
    assert held() == [("Anna", 0)]
    assert told("place") == ["anna@voorbeeld.example"]
    assert LogEntry.objects.filter(verb="pass_on").count() == 1


def test_who_changes_to_the_gap_does_not_go_before_who_waits(house: Dorpshuis) -> None:
    wait(house, "Anna")
    Booking.objects.update(state=Booking.State.CANCELLED)  # freed by something that forgets the list
    other = make_booking(house, THURSDAY)
    with pytest.raises(NotBookable):
        change(other, Change(THURSDAY, WEDNESDAY), GUEST)
    assert held() == [("Anna", 0)]
    assert told("place") == ["anna@voorbeeld.example"]
    assert other.bookings.get().moment == THURSDAY


def test_who_picks_the_desk_that_is_for_who_waits_does_not_have_it() -> None:
    house = make_house("noord", desks=2)
    for number in (1, 2):
        make_booking(house, WEDNESDAY, email=f"eerder{number}@voorbeeld.example")
    wait(house, "Anna")
    Booking.objects.update(state=Booking.State.CANCELLED)
    with pytest.raises(DeskTaken):
        book(make_order(house, WEDNESDAY, desk_id=desks_of(house)[0].pk), GUEST)
    assert held() == [("Anna", 0)]


def test_what_is_held_can_be_booked_by_nobody_else(house: Dorpshuis) -> None:
    wait(house, "Anna")
    free_it(house)
    with pytest.raises(NotBookable):
        book(make_order(house, WEDNESDAY), GUEST)


def test_taking_it_books_it_at_the_price_of_now(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    free_it(house)
    make_tariff(house, "standaard", 900, valid_from=WEDNESDAY.date)
    Dorpshuis.objects.update(cancel_days_before=2)
    reservation = take_place(one, GUEST, promised_cents=900)
    row = Booking.objects.get(reservation=reservation)
    assert (row.state, row.price_cents, row.held_until) == (Booking.State.BOOKED, 900, None)
    reservation.refresh_from_db()
    assert (reservation.tariff, reservation.cancel_days_before) == ("standaard", 2)
    assert told("confirmation")[-1] == "anna@voorbeeld.example"
    assert states() == [State.TAKEN]


def test_another_price_than_the_button_said_is_refused(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    free_it(house)
    with pytest.raises(PriceChanged):
        take_place(one, GUEST, promised_cents=700)
    assert held() == [("Anna", 0)]


def test_tapping_twice_books_once(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    free_it(house)
    assert take_place(one, GUEST) == take_place(one, GUEST)
    assert told("confirmation").count("anna@voorbeeld.example") == 1


def test_before_her_turn_and_after_it_there_is_nothing_to_take(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    with pytest.raises(TurnIsOver):
        take_place(one, GUEST)
    free_it(house)
    with time_machine.travel(NINE + TWO_HOURS, tick=False), pytest.raises(TurnIsOver):
        take_place(one, GUEST)


def test_of_who_gave_it_back_late_nothing_is_due_once_it_is_taken(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    with time_machine.travel(at(MONDAY + timedelta(days=1), 18), tick=False):
        free_it(house)
        assert Booking.objects.get(reservation=taken(house)).state == Booking.State.LATE_CANCELLED
        take_place(one, GUEST)
    assert Booking.objects.get(reservation=taken(house)).state == Booking.State.RETAKEN


def test_after_two_hours_it_is_for_the_next_and_she_is_told_kindly(house: Dorpshuis) -> None:
    wait(house, "Anna")
    wait(house, "Bea")
    free_it(house)
    with time_machine.travel(NINE + TWO_HOURS, tick=False):
        assert pass_on() == 2
        assert pass_on() == 0
    assert held() == [("Bea", 0)]
    assert states() == [State.PASSED, State.OFFERED]
    assert told("turn_passed") == ["anna@voorbeeld.example"]


def no_mail_server_takes(kind: str) -> None:
    assert OutboxMail.objects.filter(kind=kind, state=OutboxMail.State.WAITING).update(attempts=3)


def test_whose_mail_was_not_taken_keeps_her_place_and_hears_of_it_in_her_next_turn(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    wait(house, "Bea")
    free_it(house)
    no_mail_server_takes("place")
    with time_machine.travel(NINE + TWO_HOURS, tick=False):
        assert (pass_on(), pass_on()) == (2, 0)
        assert (held(), states()) == ([("Bea", 0)], [State.WAITING, State.OFFERED])
        delivery.deliver(f"place:{one.reservation_id}:1")
    assert OutboxMail.objects.get(key=f"place:{one.reservation_id}:1").state == OutboxMail.State.DROPPED
    with time_machine.travel(NINE + 2 * TWO_HOURS, tick=False):
        assert (pass_on(), states()) == (2, [State.OFFERED, State.PASSED])
    assert told("turn_passed") == ["bea@voorbeeld.example"]


def test_whose_mail_is_never_taken_lets_the_next_have_it_after_two_turns(house: Dorpshuis) -> None:
    wait(house, "Anna")
    free_it(house)
    for turn, state in ((1, State.OFFERED), (2, State.PASSED)):
        no_mail_server_takes("place")
        with time_machine.travel(NINE + turn * TWO_HOURS, tick=False):
            assert (pass_on() > 0, pass_on(), states()) == (True, 0, [state])
    assert held() == []


def test_a_turn_that_ends_at_night_is_told_in_the_morning(house: Dorpshuis) -> None:
    wait(house, "Anna")
    with time_machine.travel(at(MONDAY, 20, 30), tick=False):
        free_it(house)
    with time_machine.travel(at(MONDAY, 22, 30), tick=False):
        pass_on()
    mail = OutboxMail.objects.get(kind="turn_passed")
    assert mail.visible_from == at(MONDAY + timedelta(days=1), 8)


def test_at_night_nobody_is_woken_and_at_eight_it_goes_on(house: Dorpshuis) -> None:
    wait(house, "Anna")
    with time_machine.travel(at(MONDAY, 21), tick=False):
        free_it(house)
        assert pass_on() == 0
        assert held() == []
        assert next_pass_on() == at(MONDAY + timedelta(days=1), 8)
    with time_machine.travel(at(MONDAY + timedelta(days=1), 8), tick=False):
        assert pass_on() == 1
    assert held() == [("Anna", 0)]


def test_in_the_last_hour_it_is_for_whoever_comes() -> None:
    house = make_house("noord", desks=1)
    make_booking(house, WEDNESDAY_NOON, email="eerder@voorbeeld.example")
    make_waiting(house, WEDNESDAY_NOON, name="Anna")
    with time_machine.travel(at(WEDNESDAY.date, 12), tick=False):
        free_it(house)
        assert held() == []
        book(make_order(house, WEDNESDAY_NOON), GUEST)


def test_when_the_dagdeel_begins_the_list_ends_without_a_mail(house: Dorpshuis) -> None:
    wait(house, "Anna")
    before = OutboxMail.objects.count()
    with time_machine.travel(at(WEDNESDAY.date, 8, 30), tick=False):
        assert pass_on() == 1
        assert pass_on() == 0
        assert next_pass_on() is None
    assert states() == [State.ENDED]
    assert OutboxMail.objects.count() == before


def test_leaving_is_leaving_and_gives_the_place_to_the_next(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    wait(house, "Bea")
    free_it(house)
    assert leave(one, GUEST)
    assert not leave(one, GUEST)
    assert held() == [("Bea", 0)]
    assert states() == [State.LEFT, State.OFFERED]


def test_who_left_can_come_again_at_the_end(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    wait(house, "Bea")
    leave(one, GUEST)
    wait(house, "Anna")
    free_it(house)
    assert held() == [("Bea", 0)]


def test_a_caller_is_called_and_nothing_is_held(house: Dorpshuis) -> None:
    call_in(house)
    free_it(house)
    assert held() == []
    assert states() == [State.CALLED]
    assert CallEntry.objects.filter(kind=CallEntry.Kind.PLACE_FREE).count() == 1


def test_while_a_caller_is_called_the_next_waits_her_turn(house: Dorpshuis) -> None:
    call_in(house)
    wait(house, "Anna")
    free_it(house)
    assert held() == []
    with time_machine.travel(NINE + TWO_HOURS, tick=False):
        pass_on()
    assert held() == [("Anna", 0)]
    assert told("turn_passed") == []


def test_the_house_books_for_the_caller_in_her_turn(house: Dorpshuis) -> None:
    call_in(house)
    wait(house, "Anna")
    free_it(house)
    book(make_order(house, WEDNESDAY, email="", phone=PHONE), house_actor(house))
    assert Booking.objects.filter(state=Booking.State.BOOKED, reservation__phone=PHONE).count() == 1


def test_who_booked_it_in_another_way_is_passed_over() -> None:
    house = make_house("noord", desks=2)
    make_booking(house, WEDNESDAY, email="eerder@voorbeeld.example")
    make_booking(house, WEDNESDAY, email="anna@voorbeeld.example")
    wait(house, "Anna")
    wait(house, "Bea")
    free_it(house)
    assert held() == [("Bea", 0)]
    assert states() == [State.WAITING, State.OFFERED]


def test_while_the_house_is_closed_the_list_sleeps_and_goes_on_after(house: Dorpshuis) -> None:
    wait(house, "Anna")
    free_it(house)
    closed = make_closed(house, WEDNESDAY.date)
    assert held() == []
    assert states() == [State.WAITING]
    assert pass_on() == 0
    reopen(closed.closure, house_actor(house))
    assert held() == [("Anna", 0)]
    assert OutboxMail.objects.filter(kind="place").count() == 2


def test_nothing_of_a_hold_stays_that_nobody_took(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    free_it(house)
    leave(one, GUEST)
    assert not Booking.objects.filter(reservation=one.reservation).exists()


def test_who_is_deleted_waits_no_longer_and_the_next_has_her_place(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    wait(house, "Bea")
    free_it(house)
    forget(Guest.objects.get(reservations=one.reservation), house_actor(house))
    assert held() == [("Bea", 0)]
    assert states() == [State.LEFT, State.OFFERED]
    assert Reservation.objects.get(pk=one.reservation_id).email == ""


def test_after_a_month_the_list_is_cleared_with_who_only_waited(house: Dorpshuis) -> None:
    wait(house, "Anna")
    day = WEDNESDAY.date + timedelta(days=31)
    assert next_clear_at() == at(day, 0)
    with time_machine.travel(at(day, 0) - timedelta(seconds=1), tick=False):
        assert clear_lists() == 0
    with time_machine.travel(at(day, 0), tick=False):
        assert clear_lists() == 1
        assert clear_lists() == 0
    assert not Guest.objects.filter(name="Anna").exists()
    assert not Reservation.objects.filter(name="Anna").exists()
    assert next_clear_at() is None


def test_who_took_the_place_keeps_her_booking_when_the_list_is_cleared(house: Dorpshuis) -> None:
    one = wait(house, "Anna")
    free_it(house)
    take_place(one, GUEST)
    with time_machine.travel(at(WEDNESDAY.date + timedelta(days=40), 0), tick=False):
        clear_lists()
    assert Booking.objects.filter(reservation=one.reservation_id).count() == 1


def test_the_tick_takes_no_lock_when_nothing_is_due(house: Dorpshuis) -> None:
    wait(house, "Anna")
    before = Dorpshuis.objects.filter(pk=house.pk).values().get()
    pass_on()
    assert Dorpshuis.objects.filter(pk=house.pk).values().get() == before


def test_where_nobody_waits_booking_asks_one_query_more() -> None:
    house = make_house("noord")
    with CaptureQueriesContext(connection) as made:
        book(make_order(house, WEDNESDAY), GUEST)
    assert sum("bookings_waiting" in query["sql"] for query in made) == 1


def test_a_second_tick_at_the_end_of_a_turn_does_nothing(house: Dorpshuis) -> None:
    wait(house, "Anna")
    free_it(house)
    rows = [table._default_manager.order_by("pk").values_list() for table in (Waiting, Booking, OutboxMail)]
    before = [list(row) for row in rows]
    assert pass_on() == 0
    assert [list(row.all()) for row in rows] == before
    assert next_pass_on() == clock.now() + TWO_HOURS


def test_a_house_that_has_no_list_puts_nobody_on_it_and_lets_the_old_one_sleep(house: Dorpshuis) -> None:
    wait(house, "Anna")
    HouseMessages.objects.create(dorpshuis=house, waiting_list=False)
    with pytest.raises(NotBookable):
        wait(house, "Bea")
    free_it(house)
    assert held() == []
    HouseMessages.objects.update(waiting_list=True)
    assert pass_on() == 1
    assert held() == [("Anna", 0)]


def test_the_lists_are_rules_of_the_tick(house: Dorpshuis) -> None:
    wait(house, "Anna")
    free_it(house)
    with time_machine.travel(NINE + TWO_HOURS, tick=False):
        timed.run_all()
        assert states() == [State.PASSED]
        assert timed.run_all() == 0
