"""Races about closing: a booking while the button is tapped, two volunteers, undo while a guest takes another."""

from datetime import date
from functools import partial

import pytest

from bookings.actions.book import Booked, book
from bookings.actions.close import Closed, close, reopen
from bookings.actions.plan import plan_close, with_options
from bookings.closing import Agreed, Closing
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from bookings.refusals import NotBookable, PlanChanged
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from tests.factories import house_actor, make_booking, make_closed, make_house, make_order, next_workday, rows_of
from tests.races.crowd import at_once, outcome
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.race]

EMAIL = "anna@voorbeeld.example"


def closing(day: date) -> Closing:
    return Closing(day, day, "dorpsfeest")


def agreed(house: Dorpshuis, day: date, form: str = "") -> Agreed:
    return Agreed(with_options(plan_close(house, closing(day))).fingerprint, form)


def test_a_booking_while_the_button_is_tapped_is_refused_or_shown_first() -> None:
    house = make_house(desks=4)
    by = house_actor(house)
    for week in range(1, 7):
        day = next_workday(7 * week - 6)
        make_booking(house, Moment(day, Dagdeel.OCHTEND))
        tap = outcome(partial(close, house.pk, closing(day), by, agreed(house, day)))
        ask = outcome(partial(book, make_order(house, Moment(day, Dagdeel.MIDDAG)), GUEST))
        asked, closed = at_once([ask, tap])
        assert (type(asked), type(closed)) in ((Booked, PlanChanged), (NotBookable, Closed))


def test_eight_taps_of_one_form_are_one_closure_and_one_mail() -> None:
    house = make_house()
    day = next_workday()
    make_booking(house, Moment(day, Dagdeel.OCHTEND))
    tap = outcome(partial(close, house.pk, closing(day), house_actor(house), agreed(house, day, "formulier")))
    given = at_once([tap] * 8)
    assert {row.closure.pk for row in given if isinstance(row, Closed)} == {Closure.objects.get().pk}
    assert (len(given), OutboxMail.objects.filter(kind="called_off").count()) == (8, 1)


def test_of_two_volunteers_with_the_same_preview_one_closes() -> None:
    house = make_house()
    day = next_workday()
    make_booking(house, Moment(day, Dagdeel.OCHTEND))
    taps = [partial(close, house.pk, closing(day), house_actor(house), agreed(house, day, form)) for form in "ab"]
    given = at_once([outcome(tap) for tap in taps])
    assert sorted(type(row).__name__ for row in given) == ["Closed", "PlanChanged"]
    assert Closure.objects.count() == 1


def test_closing_and_undoing_at_once_leave_no_booking_in_what_is_shut() -> None:
    house = make_house()
    by = house_actor(house)
    for week in range(1, 5):
        day = next_workday(7 * week - 6)
        Booking.objects.all().delete()
        make_booking(house, Moment(day, Dagdeel.OCHTEND))
        first = make_closed(house, day).closure
        at_once([outcome(partial(reopen, first, by)), outcome(partial(close, house.pk, closing(day), by))])
        assert [state for _, state, _ in rows_of(house)] == ["house_cancelled"]


def test_two_volunteers_undo_once() -> None:
    house = make_house()
    day = next_workday()
    make_booking(house, Moment(day, Dagdeel.OCHTEND))
    closure = make_closed(house, day).closure
    given = at_once([outcome(partial(reopen, closure, house_actor(house))) for _ in range(8)])
    assert sorted(len(row) for row in given if isinstance(row, list)) == [0] * 7 + [1]
    assert [state for _, state, _ in rows_of(house)] == ["booked"]


def test_undo_while_the_guest_takes_another_never_sells_her_slot_twice() -> None:
    house = make_house(desks=1)
    by = house_actor(house)
    for week in range(1, 5):
        day = next_workday(7 * week - 6)
        moment = Moment(day, Dagdeel.OCHTEND)
        make_booking(house, moment, email=EMAIL)
        closure = make_closed(house, day).closure
        order = make_order(house, Moment(day, Dagdeel.OCHTEND), email=EMAIL)
        at_once([outcome(partial(reopen, closure, by)), outcome(partial(book, order, GUEST))])
        assert Booking.objects.at([moment]).filter(state=Booking.State.BOOKED).count() == 1
