"""Book one or more dagdelen in one act: all or none."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from bookings.actions.book import book
from bookings.actions.cancel import cancel
from bookings.domain.availability import Status
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from bookings.refusals import DeskTaken, NotBookable, PriceChanged, UnknownDesk, UnknownTariff
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from tests.bookings.orders import EMAIL, MORNINGS, PHONE, refuse
from tests.conftest import QueryCount
from tests.factories import (
    MONDAY_NINE,
    afternoon,
    at,
    desks_of,
    house_actor,
    make_booked,
    make_booking,
    make_closed,
    make_desks,
    make_hold,
    make_house,
    make_openings,
    make_order,
    make_room,
    make_rules,
    make_tariff,
    morning,
    rows_of,
)
from villages.models import Dorpshuis, Opening, Tariff

TODAY = MONDAY_NINE.date()

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.time_machine(MONDAY_NINE, tick=False),
]

# --- what it asks of the database ----------------------------------------------------------------------------


@pytest.mark.parametrize("desks", [1, 40])
@pytest.mark.parametrize("known", [False, True])
def test_a_booking_takes_as_few_queries_however_many_desks(query_count: QueryCount, desks: int, *, known: bool) -> None:
    house = make_house(desks=desks)
    if known:
        make_booking(house, afternoon(), email=EMAIL)
    order = make_order(house, key="sleutel", email=EMAIL)
    with query_count(17 if known else 18):  # two of them begin and end the transaction
        book(order, GUEST)


# --- what is written --------------------------------------------------------------------------------------


def test_a_booking_takes_the_first_desk_of_the_house() -> None:
    house = make_house()
    make_booking(house, morning())
    assert rows_of(house) == [(str(morning()), "booked", desks_of(house)[0].pk)]


def test_a_booking_costs_the_tariff_of_the_house() -> None:
    reservation = make_booking(make_house(cents=750))
    assert reservation.bookings.values_list("price_cents", "tariff").get() == (750, "standaard")


def test_the_order_says_that_it_is_new() -> None:
    assert make_booked(make_house()).is_new is True


def test_the_reservation_keeps_what_was_typed() -> None:
    house = make_house()
    reservation = make_booking(house, name="Marieke", email=EMAIL, phone=PHONE, postcode="7991", remark="Tot dan")
    kept = (reservation.name, reservation.email, reservation.phone, reservation.postcode, reservation.remark)
    assert kept == ("Marieke", EMAIL, PHONE, "7991", "Tot dan")


def test_the_reservation_keeps_the_address_of_its_confirmation() -> None:
    assert make_booking(make_house(), email=EMAIL).confirmed_to == EMAIL


def test_the_reservation_keeps_the_house_rules_of_that_day() -> None:
    house = make_house()
    rules = make_rules(house)
    reservation = make_booking(house)
    make_rules(house, version=2)
    reservation.refresh_from_db()
    assert reservation.house_rules == rules


def test_each_reservation_has_a_reference_of_its_own() -> None:
    house = make_house()
    references = {make_booking(house).reference for _ in range(4)}
    assert [len(reference) for reference in references] == [26] * 4


def test_a_booking_is_logged_without_a_name() -> None:
    house = make_house()
    reservation = make_booking(house)
    entry = LogEntry.objects.get()
    said = (entry.actor_kind, entry.actor, entry.verb, entry.subject, entry.dorpshuis_id)
    assert said == ("guest", None, "book", f"reservation:{reservation.pk}", house.pk)


def test_a_booking_by_the_house_says_who_made_it() -> None:
    house = make_house()
    by = house_actor(house)
    assert make_booking(house, by=by).booked_by == by.user


def test_a_booking_by_a_guest_is_by_nobody_of_the_house() -> None:
    assert make_booking(make_house()).booked_by is None


# --- several dagdelen, all or none ------------------------------------------------------------------------


def test_adjoining_dagdelen_are_at_the_same_desk() -> None:
    house = make_house(desks=2)
    first, second = (desk.pk for desk in desks_of(house))
    make_booking(house, morning(), desk_id=first)
    make_booking(house, morning(), afternoon())
    assert rows_of(house)[1:] == [(str(morning()), "booked", second), (str(afternoon()), "booked", second)]


def test_with_one_of_two_dagdelen_full_neither_is_booked() -> None:
    house = make_house(desks=1)
    make_booking(house, afternoon())
    refuse(make_order(house, morning(), afternoon()), NotBookable)


def test_a_refusal_names_the_dagdelen_that_stand_in_the_way() -> None:
    house = make_house(desks=1)
    make_booking(house, afternoon())
    with pytest.raises(NotBookable) as caught:
        make_booking(house, morning(), afternoon())
    assert [(m, cell.status) for m, cell in caught.value.cells.items()] == [(afternoon(), Status.VOL)]


def test_all_desks_of_a_house_can_be_taken() -> None:
    house = make_house(desks=4)
    for _ in range(4):
        make_booking(house, morning())
    assert {desk for _, _, desk in rows_of(house)} == {desk.pk for desk in desks_of(house)}


# --- when it can't be booked ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (Moment(date(2026, 11, 20), Dagdeel.MIDDAG), Status.VOORBIJ),
        (Moment(date(2026, 11, 23), Dagdeel.OCHTEND), Status.TE_LAAT),
        (Moment(date(2027, 1, 25), Dagdeel.OCHTEND), Status.NOG_NIET),
        (Moment(date(2026, 11, 28), Dagdeel.OCHTEND), Status.GESLOTEN),
        (Moment(date(2026, 11, 24), Dagdeel.AVOND), Status.GESLOTEN),
    ],
)
def test_a_dagdeel_that_is_not_free_is_refused_with_its_status(moment: Moment, status: Status) -> None:
    with pytest.raises(NotBookable) as caught:
        make_booking(make_house(), moment)
    assert [cell.status for cell in caught.value.cells.values()] == [status]


def test_the_dagdeel_that_begins_a_minute_from_now_can_be_booked() -> None:
    house = make_house()
    with time_machine.travel(at(date(2026, 11, 23), 12, 59), tick=False):
        assert make_booked(house, Moment(date(2026, 11, 23), Dagdeel.MIDDAG)).is_new


def test_a_full_dagdeel_is_refused() -> None:
    house = make_house(desks=1)
    make_booking(house)
    refuse(make_order(house), NotBookable)


def test_a_closed_dagdeel_is_refused() -> None:
    house = make_house()
    make_closed(house, morning().date)
    refuse(make_order(house), NotBookable)


def test_a_house_that_does_not_take_bookings_refuses() -> None:
    refuse(make_order(make_house(status=Dorpshuis.Status.STOPPED)), NotBookable)


def test_a_dagdeel_by_appointment_is_refused_to_a_guest() -> None:
    house = make_house()
    Opening.objects.update(by_appointment=True)
    refuse(make_order(house), NotBookable)


def test_the_house_books_what_is_by_appointment() -> None:
    house = make_house()
    Opening.objects.update(by_appointment=True)
    assert make_booked(house, by=house_actor(house)).is_new


def test_the_house_can_not_book_by_appointment_what_is_full() -> None:
    house = make_house(desks=1)
    Opening.objects.update(by_appointment=True)
    by = house_actor(house)
    make_booking(house, by=by)
    with pytest.raises(NotBookable):
        make_booking(house, by=by)


def test_the_house_books_a_dagdeel_that_runs_while_it_lasts() -> None:
    house = make_house()
    assert make_booked(house, Moment(TODAY, Dagdeel.OCHTEND), by=house_actor(house)).is_new


@pytest.mark.parametrize("hour", [13, 20])
def test_the_house_books_nothing_that_is_over(hour: int) -> None:
    house = make_house()
    by = house_actor(house)
    with time_machine.travel(at(TODAY, hour), tick=False), pytest.raises(NotBookable):
        make_booking(house, Moment(TODAY, Dagdeel.OCHTEND), by=by)


def test_the_house_books_nothing_full_closed_or_beyond_its_window() -> None:
    house = make_house(desks=1)
    by = house_actor(house)
    make_booking(house, morning())
    make_closed(house, morning(2).date)
    for moment in (morning(), morning(2), morning(90)):
        with pytest.raises(NotBookable):
            make_booking(house, moment, by=by)


def test_who_is_booked_by_the_house_has_a_code_to_say_that_nobody_else_has() -> None:
    house = make_house(guest_limit=60)
    by = house_actor(house)
    codes = {make_booking(house, MORNINGS[n], by=by).spoken_code for n in range(10)}
    assert {len(code) for code in codes if code.isdecimal()} == {4}
    assert (len(codes), make_booking(house, MORNINGS[0]).spoken_code) == (10, "")


def test_one_number_and_two_names_are_two_guests() -> None:
    house = make_house()
    by = house_actor(house)
    names = ("Anna de Vries", "anna  DE vries", "Bert de Vries")
    found = [make_booking(house, by=by, name=name, email="", phone=PHONE).guest_id for name in names]
    assert (found[0] == found[1], found[0] == found[2]) == (True, False)


def test_a_first_time_guest_is_refused_when_nobody_is_there() -> None:
    house = make_house(staffed_only_for_new=True)
    Opening.objects.update(staffed=False)
    refuse(make_order(house), NotBookable)


def test_a_known_guest_books_when_nobody_is_there() -> None:
    house = make_house(staffed_only_for_new=True)
    Opening.objects.update(staffed=False)
    assert make_booked(house, known_guest=True).is_new


def test_the_house_books_a_first_time_guest_when_nobody_is_there() -> None:
    house = make_house(staffed_only_for_new=True)
    Opening.objects.update(staffed=False)
    assert make_booked(house, by=house_actor(house)).is_new


# --- prices -----------------------------------------------------------------------------------------------


def test_each_dagdeel_costs_the_price_of_its_own_date() -> None:
    house = make_house(cents=750)
    make_tariff(house, "standaard", 900, valid_from=MORNINGS[1].date)
    reservation = make_booking(house, MORNINGS[0], MORNINGS[1])
    assert list(reservation.bookings.in_order().values_list("price_cents", flat=True)) == [750, 900]


def test_a_new_tariff_changes_no_booking() -> None:
    house = make_house(cents=750)
    reservation = make_booking(house)
    Tariff.objects.update(cents=900)
    assert reservation.bookings.get().price_cents == 750


def test_a_chosen_tariff_counts() -> None:
    house = make_house()
    make_tariff(house, "maatschappelijk", 500)
    reservation = make_booking(house, tariff="maatschappelijk")
    assert (reservation.tariff, reservation.bookings.get().price_cents) == ("maatschappelijk", 500)


@pytest.mark.parametrize("tariff", ["maatschappelijk", "onzin"])
def test_a_tariff_that_the_house_does_not_have_is_refused(tariff: str) -> None:
    refuse(make_order(make_house(), tariff=tariff), UnknownTariff)


def test_a_tariff_that_begins_later_is_refused() -> None:
    house = make_house()
    make_tariff(house, "gratis", 0, valid_from=MORNINGS[5].date)
    refuse(make_order(house, MORNINGS[0], MORNINGS[5], tariff="gratis"), UnknownTariff)


def test_a_tariff_of_the_house_is_refused_to_a_guest() -> None:
    house = make_house()
    make_tariff(house, "gratis", 0, chooser=Tariff.Chooser.HOUSE)
    refuse(make_order(house, tariff="gratis"), UnknownTariff)


def test_the_house_gives_its_own_tariff() -> None:
    house = make_house()
    make_tariff(house, "gratis", 0, chooser=Tariff.Chooser.HOUSE)
    reservation = make_booking(house, by=house_actor(house), tariff="gratis")
    assert reservation.bookings.get().price_cents == 0


def test_the_sum_that_was_promised_is_booked() -> None:
    assert make_booked(make_house(cents=750), morning(), afternoon(), promised_cents=1500).is_new


@pytest.mark.parametrize("promised", [0, 1499, 1501])
def test_another_sum_than_was_promised_is_refused(promised: int) -> None:
    refuse(make_order(make_house(cents=750), morning(), afternoon(), promised_cents=promised), PriceChanged)


def test_a_changed_price_is_refused_with_the_new_sum() -> None:
    house = make_house(cents=750)
    Tariff.objects.update(cents=900)
    with pytest.raises(PriceChanged) as caught:
        make_booking(house, morning(), afternoon(), promised_cents=1500)
    assert caught.value.total_cents == 1800


# --- a chosen desk ----------------------------------------------------------------------------------------


def test_a_chosen_desk_is_taken_and_marked_as_chosen() -> None:
    house = make_house()
    third = desks_of(house)[2]
    booking = make_booking(house, desk_id=third.pk).bookings.get()
    assert (booking.desk, booking.desk_chosen) == (third, True)


def test_any_desk_is_not_marked_as_chosen() -> None:
    assert make_booking(make_house()).bookings.get().desk_chosen is False


def test_a_chosen_desk_that_is_taken_is_refused_though_others_are_free() -> None:
    house = make_house()
    desk = desks_of(house)[2]
    make_booking(house, afternoon(), desk_id=desk.pk)
    with pytest.raises(DeskTaken) as caught:
        make_booking(house, morning(), afternoon(), desk_id=desk.pk)
    assert caught.value.moments == [afternoon()]


def test_a_chosen_desk_that_is_shut_is_refused() -> None:
    house = make_house()
    desk = desks_of(house)[0]
    make_closed(house, morning().date, desks=(desk,))
    refuse(make_order(house, desk_id=desk.pk), DeskTaken)


def test_a_desk_of_another_house_is_refused() -> None:
    other = desks_of(make_house())[0]
    refuse(make_order(make_house(), desk_id=other.pk), UnknownDesk)


def test_a_desk_of_a_room_that_is_not_open_then_is_refused() -> None:
    house = make_house()
    (desk,) = make_desks(make_room(house, "Zolder"), 1)
    for line in Opening.objects.all():
        line.rooms.set(house.rooms.exclude(name="Zolder"))
    refuse(make_order(house, desk_id=desk.pk), DeskTaken)


# --- given back late, and held ----------------------------------------------------------------------------

LATE = at(date(2026, 11, 23), 20)


def given_back_late(house: Dorpshuis, **fields: Any) -> Booking:
    """A booking of tomorrow morning, cancelled this evening: after the deadline."""
    reservation = make_booking(house, **fields)
    with time_machine.travel(LATE, tick=False):
        cancel(reservation, GUEST)
    return reservation.bookings.get()


def test_a_late_cancelled_slot_that_is_taken_again_is_no_longer_due() -> None:
    house = make_house(desks=1)
    late = given_back_late(house)
    make_booking(house)
    late.refresh_from_db()
    assert (late.state, late.due_cents) == ("retaken", 0)


def test_a_late_cancelled_slot_stays_due_while_nobody_takes_it() -> None:
    house = make_house()
    late = given_back_late(house, desk_id=desks_of(house)[1].pk)
    make_booking(house, desk_id=desks_of(house)[0].pk)
    late.refresh_from_db()
    assert (late.state, late.due_cents) == ("late_cancelled", 750)


def test_any_desk_takes_the_one_that_was_given_back_late_first() -> None:
    house = make_house()
    third = desks_of(house)[2]
    given_back_late(house, desk_id=third.pk)
    assert make_booking(house).bookings.get().desk == third


def test_another_dagdeel_at_that_desk_settles_nothing() -> None:
    house = make_house(desks=1)
    late = given_back_late(house)
    make_booking(house, afternoon())
    late.refresh_from_db()
    assert late.state == "late_cancelled"


def test_a_hold_takes_its_slot() -> None:
    house = make_house(desks=1)
    make_hold(desks_of(house)[0], morning(), MONDAY_NINE + timedelta(seconds=1))
    refuse(make_order(house), NotBookable)


def test_a_hold_that_ended_is_freed() -> None:
    house = make_house(desks=1)
    (desk,) = desks_of(house)
    make_hold(desk, morning(), MONDAY_NINE)
    make_booking(house)
    assert rows_of(house) == [(str(morning()), "cancelled", desk.pk), (str(morning()), "booked", desk.pk)]


def test_a_second_booking_of_the_same_dagdeel_by_the_same_contact_is_made() -> None:
    house = make_house()
    assert [make_booked(house, email=EMAIL).is_new for _ in range(2)] == [True, True]


def test_evenings_and_saturdays_are_for_the_house_to_decide() -> None:
    house = make_house(parts=())
    make_openings(house, (Dagdeel.AVOND,), weekdays=[5])
    assert make_booked(house, Moment(date(2026, 11, 28), Dagdeel.AVOND)).is_new
