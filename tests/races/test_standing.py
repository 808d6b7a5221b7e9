"""Standing places among others who want the same desks at the same moment."""

from datetime import timedelta
from functools import partial

import pytest

from bookings.actions.book import Booked, book
from bookings.actions.standing import agree, plan_standing, release, top_up
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, StandingPlace
from bookings.refusals import NotBookable, StandingChanged
from portal.base import clock
from portal.base.log import GUEST, SYSTEM
from portal.base.log.models import LogEntry
from tests.factories import house_actor, make_house, make_order, make_standing, make_wish
from tests.races.crowd import at_once, booked, outcome
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.race]


@pytest.fixture
def house() -> Dorpshuis:
    return make_house(desks=1, window_days=28)


def test_of_a_standing_place_and_a_guest_on_the_last_desk_one_has_each_date(house: Dorpshuis) -> None:
    wish, by = make_wish(skip_holidays=False), house_actor(house)
    shown = plan_standing(house, wish)
    guests = [outcome(partial(book, make_order(house, dated.moment), GUEST)) for dated in shown.written[:3]]
    hers, *theirs = at_once([outcome(partial(agree, house.pk, wish, by, shown.fingerprint)), *guests])
    assert isinstance(hers, StandingPlace | StandingChanged)
    assert {type(result) for result in theirs} <= {Booked, NotBookable}
    assert len(booked(house)) == len(set(booked(house)))
    if isinstance(hers, StandingChanged):
        assert not Booking.objects.filter(standing__isnull=False).exists()


def test_given_back_by_four_at_once_it_is_given_back_once_and_never_revived(house: Dorpshuis) -> None:
    place = make_standing(house, skip_holidays=False)
    day = place.bookings.filter(date__gt=clock.today()).earliest("date").date
    jobs = [outcome(partial(release, place, day, GUEST)) for _ in range(3)]
    given = at_once([*jobs, outcome(partial(top_up, house.pk, SYSTEM))])
    assert sorted(result for result in given[:3] if isinstance(result, bool)) == [False, False, True]
    assert place.bookings.get(date=day).state == Booking.State.CANCELLED
    assert LogEntry.objects.filter(verb="release_standing").count() == 1


def test_topped_up_while_a_guest_books_each_date_has_one_of_them(house: Dorpshuis) -> None:
    place = make_standing(house, skip_holidays=False)
    last = place.bookings.latest("date")
    place.bookings.filter(pk=last.pk).delete()
    Dorpshuis.objects.update(standing_until=last.date - timedelta(days=1))
    order = make_order(house, Moment(last.date, Dagdeel.MIDDAG))
    jobs = [outcome(partial(top_up, house.pk, SYSTEM)) for _ in range(2)]
    at_once([*jobs, outcome(partial(book, order, house_actor(house)))])
    assert place.bookings.filter(date=last.date).count() == 1  # whoever came first wrote it first
    assert len(booked(house)) == len(set(booked(house)))


def test_twice_the_same_form_at_once_is_one_standing_place(house: Dorpshuis) -> None:
    wish, by = make_wish(form="formulier"), house_actor(house)
    shown = plan_standing(house, wish).fingerprint
    given = at_once([outcome(partial(agree, house.pk, wish, by, shown)) for _ in range(3)])
    assert {type(result) for result in given} == {StandingPlace}
    assert StandingPlace.objects.count() == 1
