"""The waiting list when several things happen at the same moment."""

from collections.abc import Callable
from functools import partial

import pytest

from bookings.actions import take
from bookings.actions.book import Booked, book
from bookings.actions.cancel import cancel
from bookings.actions.waiting import join, leave, pass_on, take_place
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Reservation, Waiting
from bookings.refusals import NotBookable, TurnIsOver
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from tests.factories import make_booking, make_house, make_order, make_waiting, next_workday
from tests.races.crowd import at_once, booked, outcome
from villages.models import Dorpshuis

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.race,
    pytest.mark.time_machine("2026-11-23 10:00:00+01:00", tick=True),
]

State = Waiting.State


@pytest.fixture
def moment() -> Moment:
    return Moment(next_workday(3), Dagdeel.OCHTEND)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house(desks=2)


def full(house: Dorpshuis, moment: Moment) -> list[Reservation]:
    return [make_booking(house, moment) for _ in range(2)]


def states() -> list[str]:
    return list(Waiting.objects.first_first().values_list("state", flat=True))


def test_two_frees_and_two_ticks_give_the_first_two_a_place_each(house: Dorpshuis, moment: Moment) -> None:
    both = full(house, moment)
    for _ in range(3):
        make_waiting(house, moment)
    jobs: list[Callable[[], object]] = [outcome(partial(cancel, one, GUEST)) for one in both]
    at_once([*jobs, pass_on, pass_on])
    assert states() == [State.OFFERED, State.OFFERED, State.WAITING]
    held = Booking.objects.filter(state=Booking.State.HELD)
    assert len({row.desk_id for row in held}) == held.count() == 2
    assert OutboxMail.objects.filter(kind="place").count() == 2


def test_a_free_and_three_bookings_the_place_is_hers_who_waited(house: Dorpshuis, moment: Moment) -> None:
    one, _ = full(house, moment)
    make_waiting(house, moment)
    guests = [outcome(partial(book, make_order(house, moment), GUEST)) for _ in range(3)]
    _, *answers = at_once([outcome(partial(cancel, one, GUEST)), *guests])
    assert {type(answer) for answer in answers} == {NotBookable}
    assert states() == [State.OFFERED]


def test_without_serving_first_a_guest_goes_before_who_waits(
    house: Dorpshuis, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what was freed by something that forgets the list, is sold over the head of who waits."""
    one, _ = full(house, moment)
    make_waiting(house, moment)
    Booking.objects.filter(reservation=one).update(state=Booking.State.CANCELLED)
    monkeypatch.setattr(take, "serve", lambda *_args: 0)
    guests = [outcome(partial(book, make_order(house, moment), GUEST)) for _ in range(3)]
    answers = at_once(guests)
    assert [type(answer) for answer in answers].count(Booked) == 1
    assert states() == [State.WAITING]


def test_what_was_freed_by_something_that_forgets_the_list_is_sold_to_nobody_else(
    house: Dorpshuis, moment: Moment
) -> None:
    one, _ = full(house, moment)
    make_waiting(house, moment)
    Booking.objects.filter(reservation=one).update(state=Booking.State.CANCELLED)
    guests = [outcome(partial(book, make_order(house, moment), GUEST)) for _ in range(3)]
    *answers, _ = at_once([*guests, pass_on])
    assert {type(answer) for answer in answers} == {NotBookable}
    assert states() == [State.OFFERED]


def test_taken_by_four_taps_and_let_go_at_once_it_is_one_of_both(house: Dorpshuis, moment: Moment) -> None:
    one, _ = full(house, moment)
    wait = make_waiting(house, moment)
    cancel(one, GUEST)
    taps = [outcome(partial(take_place, wait, GUEST)) for _ in range(4)]
    *answers, left = at_once([*taps, outcome(partial(leave, wait, GUEST))])
    assert {type(answer) for answer in answers} <= {Reservation, TurnIsOver}
    if left is True:
        assert states() == [State.LEFT]
        assert len(booked(house)) == 1
    else:
        assert states() == [State.TAKEN]
        assert len(booked(house)) == 2
    assert OutboxMail.objects.filter(key=f"confirmation:{wait.reservation_id}").count() == (left is not True)


def test_the_same_address_at_once_is_one_place_on_the_list(house: Dorpshuis, moment: Moment) -> None:
    full(house, moment)
    order = make_order(house, moment)
    at_once([outcome(partial(join, order, GUEST)) for _ in range(4)])
    assert Waiting.objects.count() == 1
