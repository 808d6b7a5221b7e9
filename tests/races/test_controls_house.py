"""What a house sets for itself, with the lock taken away: each race must see its fault, or it proves nothing."""

from functools import partial

import pytest
from django.db import connection

from bookings.actions import book as booking
from bookings.actions import close as closing
from bookings.actions import standing
from bookings.actions.book import Booked, book
from bookings.actions.close import Closed, change_offer
from bookings.actions.standing import agree, plan_standing, release
from bookings.domain.dagdelen import Moment
from bookings.models import Booking, StandingPlace
from bookings.offer import DeskGoes
from portal.base import clock
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from tests.factories import (
    desks_of,
    house_actor,
    make_house,
    make_order,
    make_standing,
    make_wish,
    morning,
    next_workday,
)
from tests.races.crowd import after, at_once, booked, meeting, outcome
from villages.models import Dorpshuis

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.race,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite the transaction itself is the lock"),
]


@pytest.fixture(autouse=True)
def _unlocked_standing(monkeypatch: pytest.MonkeyPatch, without_lock: None) -> None:
    """Standing places as well: the house is read and not locked."""
    monkeypatch.setattr(standing, "lock", lambda pk: Dorpshuis.objects.select_related("current_rules").get(pk=pk))


def test_a_desk_goes_while_a_guest_books_it_and_nobody_tells_her(monkeypatch: pytest.MonkeyPatch) -> None:
    house = make_house(desks=1)
    (desk,) = desks_of(house)
    retire = partial(change_offer, house.pk, DeskGoes(desk.pk, next_workday()), house_actor(house))
    ask = partial(book, make_order(house, morning(7), desk_id=desk.pk), GUEST)
    meet = meeting(2)
    after(monkeypatch, booking, "desks_for", meet)
    after(monkeypatch, closing, "plan_offer", meet)
    asked, gone = at_once([outcome(ask), outcome(retire)])
    assert isinstance(asked, Booked)
    assert isinstance(gone, Closed)
    assert (gone.cancelled_ids, Booking.objects.get().state) == ([], Booking.State.BOOKED)


def test_a_standing_place_and_a_guest_have_one_slot(monkeypatch: pytest.MonkeyPatch, without_constraint: None) -> None:
    house = make_house(desks=1, window_days=28)
    wish, by = make_wish(skip_holidays=False), house_actor(house)
    shown = plan_standing(house, wish)
    day: Moment = shown.written[1].moment
    meet = meeting(2)
    after(monkeypatch, booking, "desks_for", meet)
    after(monkeypatch, standing, "plan_standing", meet)
    order = make_order(house, day)
    hers, theirs = at_once(
        [outcome(partial(agree, house.pk, wish, by, shown.fingerprint)), outcome(partial(book, order, GUEST))]
    )
    assert isinstance(hers, StandingPlace)
    assert isinstance(theirs, Booked)
    assert len(booked(house)) > len(set(booked(house)))


def test_one_date_is_given_back_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    house = make_house(desks=1, window_days=28)
    place = make_standing(house, skip_holidays=False)
    day = place.bookings.filter(date__gt=clock.today()).earliest("date").date
    after(monkeypatch, standing, "begins_at", meeting(2))
    given = at_once([outcome(partial(release, place, day, GUEST)) for _ in range(2)])
    assert given == [True, True]
    assert LogEntry.objects.filter(verb="release_standing").count() == 2
