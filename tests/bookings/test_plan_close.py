"""What a closing would do: worked out, shown, and then exactly that done, or nothing."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from bookings.actions.cancel import cancel
from bookings.actions.close import close
from bookings.actions.plan import plan_close, with_options
from bookings.closing import Agreed, Closing, Plan
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, CallAttempt, CallEntry
from bookings.refusals import EndsBeforeItBegins, InThePast, KeepsAll, PlanChanged, Refused, TooLong, UnknownPart
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from tests.bookings.ledger import everything
from tests.factories import (
    MONDAY_NINE,
    at,
    desks_of,
    house_actor,
    make_booking,
    make_closed,
    make_hold,
    make_house,
    make_village,
)
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.time_machine(MONDAY_NINE, tick=False)]

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, 23 + n) for n in range(3))
MORNING, NOON = (Moment(TUESDAY, part) for part in (Dagdeel.OCHTEND, Dagdeel.MIDDAG))
NEXT_MORNING = Moment(WEDNESDAY, Dagdeel.OCHTEND)
PHONE_ONLY: dict[str, Any] = {"email": "", "phone": "+31612345678"}


def shut(first: date = TUESDAY, last: date | None = None, **fields: Any) -> Closing:
    return Closing(first, last or first, "dorpsfeest", **fields)


def plan(house: Dorpshuis, closing: Closing | None = None) -> Plan:
    return with_options(plan_close(house, closing or shut()))


def told(house: Dorpshuis) -> list[tuple[str, bool]]:
    """Who would hear of closing on Tuesday: the name, and whether at once."""
    return [(guest.reservation.name, guest.at_once) for guest in plan(house).told]


def mails_and_calls() -> tuple[set[tuple[str, datetime]], set[tuple[int, datetime]]]:
    """Of being called off: address and moment of each mail, reservation and moment of each call."""
    mails = OutboxMail.objects.filter(kind="called_off").values_list("recipient", "visible_from")
    calls = CallEntry.objects.filter(kind="called_off").values_list("reservation_id", "visible_from")
    return set(mails), set(calls)


# --- what it says -----------------------------------------------------------------------------------------


def test_it_writes_nothing() -> None:
    house = make_house()
    make_booking(house)
    before = everything()
    plan(house)
    assert everything() == before


def test_each_guest_hears_of_it_once() -> None:
    house = make_house()
    make_booking(house, MORNING, NOON, name="Anna")
    make_booking(house, MORNING, name="Bert", **PHONE_ONLY)
    found = plan(house)
    assert [[guest.reservation.name for guest in some] for some in (found.mails, found.calls)] == [["Anna"], ["Bert"]]
    assert len(found.called_off) == 3


@pytest.mark.parametrize(("hour", "minute", "at_once"), [(6, 29, False), (6, 30, True), (12, 0, True)])
def test_at_once_to_who_would_come_within_two_hours(hour: int, minute: int, at_once: bool) -> None:
    house = make_house()
    make_booking(house, MORNING, name="Anna")
    with time_machine.travel(at(TUESDAY, hour, minute), tick=False):
        assert told(house) == [("Anna", at_once)]


def test_a_hold_goes_and_nobody_hears_of_it() -> None:
    house = make_house()
    make_hold(desks_of(house)[0], MORNING, at(TUESDAY, 8))
    found = plan(house)
    assert (len(found.holds), found.called_off, found.told) == (1, (), ())


def test_a_hold_that_has_ended_is_nothing() -> None:
    house = make_house()
    make_hold(desks_of(house)[0], MORNING, MONDAY_NINE)
    assert plan(house).holds == ()


def test_who_can_move_hears_nothing() -> None:
    house = make_house(desks=2)
    first, second = desks_of(house)
    booking = make_booking(house).bookings.get()
    found = plan(house, shut(desks=(first,)))
    assert (found.moves, found.moved, found.told) == ({booking.pk: second.pk}, (booking,), ())


# --- so many desks stay -----------------------------------------------------------------------------------


def test_with_two_desks_the_empty_ones_go() -> None:
    house = make_house(desks=4)
    desks = desks_of(house)
    for desk in (desks[1], desks[3]):
        make_booking(house, MORNING, desk_id=desk.pk)
    found = plan(house, shut(keep=2))
    assert (found.closing.desks, found.called_off) == ((desks[0], desks[2]), ())


def test_guests_without_a_chosen_desk_move_first() -> None:
    house = make_house(desks=2)
    first, second = desks_of(house)
    anyone = make_booking(house, NOON).bookings.get()
    make_booking(house, MORNING, desk_id=second.pk)
    found = plan(house, shut(keep=1))
    assert (found.closing.desks, found.moves, found.called_off) == ((first,), {anyone.pk: second.pk}, ())


def test_a_desk_that_another_closure_shuts_counts_as_gone() -> None:
    house = make_house(desks=3)
    second = desks_of(house)[1]
    make_closed(house, TUESDAY, desks=(second,))
    assert plan(house, shut(keep=2)).closing.desks == (second,)


@pytest.mark.parametrize("keep", [0, -1, 4, 5])
def test_all_desks_or_none_is_no_number(keep: int) -> None:
    with pytest.raises(KeepsAll) as caught:
        plan_close(make_house(desks=4), shut(keep=keep))
    assert caught.value.desks == 4


def test_closing_to_two_desks_closes_the_other_two() -> None:
    house = make_house(desks=4)
    closed = close(house.pk, shut(keep=2), house_actor(house))
    assert list(closed.closure.desks.all()) == desks_of(house)[2:]


# --- what it refuses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closing", "refusal"),
    [
        (shut(MONDAY - timedelta(days=1), TUESDAY), InThePast),
        (shut(WEDNESDAY, TUESDAY), EndsBeforeItBegins),
        (shut(TUESDAY, TUESDAY + timedelta(days=366)), TooLong),
        (shut(dagdelen=frozenset()), UnknownPart),
    ],
)
def test_it_refuses(closing: Closing, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        plan_close(make_house(), closing)


def test_a_year_is_not_too_long() -> None:
    assert plan_close(make_house(), shut(TUESDAY, TUESDAY + timedelta(days=365))).told == ()


# --- what can be proposed ---------------------------------------------------------------------------------


def only_options(house: Dorpshuis, closing: Closing | None = None) -> tuple[str, str]:
    """The day and the house that can be proposed to the only guest."""
    (options,) = plan(house, closing).options.values()
    return str(options.day or ""), options.neighbour.dorpshuis.slug if options.neighbour else ""


def test_the_nearest_free_day_and_the_nearest_free_house() -> None:
    house = make_house()
    make_house("ver", village=make_village("Ver", 52.9))
    make_house("dichtbij", village=make_village("Dichtbij", 52.81))
    make_booking(house)
    assert only_options(house) == (str(NEXT_MORNING), "dichtbij")


def test_no_day_in_what_closes_and_no_house_that_is_full() -> None:
    house = make_house()
    full = make_house("vol", desks=1)
    make_booking(full)
    make_booking(house)
    friday = Moment(date(2026, 11, 27), Dagdeel.OCHTEND)
    assert only_options(house, shut(MONDAY, WEDNESDAY + timedelta(days=1))) == (str(friday), "")


def test_no_house_beyond_thirty_kilometres_and_no_day_beyond_the_window() -> None:
    house = make_house(window_days=2)
    make_house("ver", village=make_village("Ver", 53.2))
    make_booking(house)
    assert only_options(house, shut(MONDAY, WEDNESDAY)) == ("", "")


def test_a_guest_with_two_dagdelen_is_proposed_two_and_none_that_she_has() -> None:
    house = make_house()
    make_booking(house, MORNING, NOON, NEXT_MORNING)
    days = [str(options.day) for options in plan(house).options.values()]
    assert days == ["2026-11-25:middag", "2026-11-26:middag"]


def test_a_slot_that_a_moved_guest_takes_is_not_proposed() -> None:
    house = make_house(desks=2, window_days=2)
    first, second = desks_of(house)
    make_booking(house, MORNING, desk_id=first.pk)
    for moment in (NOON, *(Moment(day, part) for day in (MONDAY, WEDNESDAY) for part in Dagdeel if part != "avond")):
        if moment != Moment(MONDAY, Dagdeel.OCHTEND):
            make_booking(house, moment)
            Booking.objects.filter(date=moment.date, dagdeel=moment.dagdeel).update(desk=first)
    found = plan(house, shut(MONDAY, WEDNESDAY, desks=(first,)))
    assert (len(found.moved), [options.day for options in found.options.values()]) == (4, [MORNING])
    assert set(found.moves.values()) == {second.pk}


# --- the fingerprint --------------------------------------------------------------------------------------


def test_the_same_plan_has_the_same_fingerprint() -> None:
    house = make_house()
    make_booking(house)
    assert plan(house).fingerprint == plan(house).fingerprint


@pytest.mark.parametrize(
    "change",
    [
        lambda house: make_booking(house, MORNING),
        lambda house: cancel(house.reservations.get(), GUEST),
        lambda house: house.reservations.update(email="ander@voorbeeld.example"),
        lambda house: house.reservations.update(email=""),
        lambda house: [make_booking(house, NEXT_MORNING) for _ in range(4)],
        lambda house: make_house("nieuw"),
    ],
    ids=["a booking more", "one less", "another address", "no address", "first proposal gone", "a house nearby"],
)
def test_whatever_the_preview_showed_changes_the_fingerprint(change: Any) -> None:
    house = make_house()
    make_booking(house)
    before = plan(house).fingerprint
    change(house)
    assert plan(house).fingerprint != before


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": "uitvaart"},
        {"guest_text": "Tot dan"},
        {"last_day": WEDNESDAY},
        {"dagdelen": frozenset([Dagdeel.OCHTEND])},
    ],
)
def test_another_closing_has_another_fingerprint(fields: dict[str, Any]) -> None:
    house = make_house()
    assert plan(house, replace(shut(), **fields)).fingerprint != plan(house).fingerprint


# --- agreed, and done -------------------------------------------------------------------------------------


def agree(house: Dorpshuis, **fields: Any) -> Agreed:
    return Agreed(plan(house).fingerprint, **fields)


def test_the_mails_and_calls_are_exactly_those_of_the_plan() -> None:
    house = make_house()
    make_booking(house, MORNING, NOON)
    make_booking(house, MORNING, **PHONE_ONLY)
    make_booking(house, NEXT_MORNING)
    with time_machine.travel(at(TUESDAY, 8), tick=False):
        found = plan(house)
        close(house.pk, shut(), house_actor(house), Agreed(found.fingerprint))
        go = {guest.reservation.pk: at(TUESDAY, 8, 0 if guest.at_once else 10) for guest in found.told}
    mails = {(guest.reservation.email, go[guest.reservation.pk]) for guest in found.mails}
    assert mails_and_calls() == (mails, {(guest.reservation.pk, go[guest.reservation.pk]) for guest in found.calls})
    assert (len(found.mails), len(found.calls)) == (1, 1)


def test_what_changed_meanwhile_is_not_done() -> None:
    house = make_house()
    make_booking(house)
    by, agreed = house_actor(house), agree(house)
    late = make_booking(house)
    before = everything()
    with pytest.raises(PlanChanged) as caught:
        close(house.pk, shut(), by, agreed)
    assert late.bookings.get() in caught.value.plan.called_off
    assert everything() == before


def test_the_choice_stands_on_the_booking() -> None:
    house = make_house()
    make_house("buren")
    rows = [make_booking(house).bookings.get() for _ in range(3)]
    choices = {rows[0].pk: Booking.Proposal.OTHER_HOUSE, rows[1].pk: Booking.Proposal.NOTHING}
    close(house.pk, shut(), house_actor(house), agree(house, choices=choices))
    assert [Booking.objects.get(pk=row.pk).proposal for row in rows] == ["huis", "niets", "dag"]


def test_who_was_phoned_already_is_done_on_the_call_list() -> None:
    house = make_house()
    called, other = (make_booking(house, **PHONE_ONLY, name=name) for name in ("Anna", "Bert"))
    CallEntry.objects.all().delete()
    by = house_actor(house)
    close(house.pk, shut(), by, agree(house, called=frozenset({called.pk})))
    done = {row.reservation_id: (row.done_at, row.done_by) for row in CallEntry.objects.all()}
    assert done == {called.pk: (MONDAY_NINE, by.user), other.pk: (None, None)}
    assert list(CallAttempt.objects.values_list("entry__reservation", "outcome")) == [(called.pk, "called")]


def test_who_gets_a_mail_is_not_on_the_call_list_because_of_a_tick() -> None:
    house = make_house()
    reservation = make_booking(house)
    close(house.pk, shut(), house_actor(house), agree(house, called=frozenset({reservation.pk})))
    assert (CallEntry.objects.count(), OutboxMail.objects.filter(kind="called_off").count()) == (0, 1)


def test_the_same_form_twice_is_the_same_closure() -> None:
    house = make_house()
    make_booking(house)
    agreed, by = agree(house, form="formulier"), house_actor(house)
    first, second = (close(house.pk, shut(), by, agreed) for _ in range(2))
    assert (second.closure, first.is_new, second.is_new) == (first.closure, True, False)
    assert Closure.objects.count() == 1


def test_a_form_of_another_house_answers_to_nobody_here() -> None:
    house, other = make_house(), make_house()
    close(other.pk, shut(), house_actor(other), agree(other, form="a"))
    assert close(house.pk, shut(), house_actor(house), agree(house, form="b")).is_new


# --- queries ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 300])
def test_the_plan_takes_the_same_queries_for_one_and_300_bookings(query_count: Any, number: int) -> None:
    house = make_house(desks=300)
    make_house("buren")
    reservation = make_booking(house)
    row = reservation.bookings.get()
    copies = [Booking(**{f: getattr(row, f) for f in COPIED}, desk=desk) for desk in desks_of(house)[1:number]]
    Booking.objects.bulk_create(copies)
    with query_count(23):
        assert len(plan(house).called_off) == number


CLOSING_QUERIES = 28
COPIED = ("dorpshuis", "reservation", "date", "dagdeel", "price_cents", "tariff")


@pytest.mark.parametrize("number", [1, 40])
def test_closing_takes_the_same_queries_for_one_guest_and_many(query_count: Any, number: int) -> None:
    house = make_house(desks=number)
    for _ in range(number):
        make_booking(house)
    by, agreed = house_actor(house), agree(house)
    with query_count(CLOSING_QUERIES):
        closed = close(house.pk, shut(), by, agreed)
    assert len(closed.cancelled_ids) == OutboxMail.objects.filter(kind="called_off").count() == number
