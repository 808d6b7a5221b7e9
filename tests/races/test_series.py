"""A weekly series among others who want the same desks."""

from datetime import timedelta
from functools import partial

import pytest

from bookings.actions.book import Booked, book
from bookings.actions.series import SeriesBooked, SeriesOrder, book_series
from bookings.domain.dagdelen import Moment
from bookings.models import Reservation
from bookings.refusals import NotBookable, SeriesChanged
from bookings.series import Member, pattern_of
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from tests.factories import make_booking, make_house, make_order, morning
from tests.races.crowd import at_once, booked, outcome
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.race]

EMAIL = "anna@voorbeeld.example"
WEEKS = 6


def wish(house: Dorpshuis, key: str = "sleutel") -> SeriesOrder:
    """Six weeks of the one desk of this house."""
    found = pattern_of(make_booking(house, morning(), email=EMAIL))
    assert found
    return SeriesOrder(found, Member("Anna", EMAIL, ""), tuple(found.dates(WEEKS)), WEEKS * 750, key)


def test_of_a_series_and_a_guest_on_the_last_desk_one_has_each_date() -> None:
    house = make_house(desks=1)
    series = wish(house)
    first = series.dates[0][0]
    moments = [Moment(first.date + timedelta(weeks=n), first.dagdeel) for n in range(WEEKS)]
    others = [outcome(partial(book, make_order(house, moment), GUEST)) for moment in reversed(moments)]
    hers, *theirs = at_once([outcome(partial(book_series, series, GUEST)), *others])
    got = len(hers.reservations) if isinstance(hers, SeriesBooked) else 0
    assert isinstance(hers, SeriesBooked | SeriesChanged)
    assert {type(result) for result in theirs} <= {Booked, NotBookable}
    assert got + sum(isinstance(result, Booked) for result in theirs) == WEEKS
    assert len(booked(house)) == len(set(booked(house))) == WEEKS + 1


def test_four_taps_on_one_form_are_one_series_and_one_mail() -> None:
    series = wish(make_house())
    given = at_once([outcome(partial(book_series, series, GUEST)) for _ in range(4)])
    assert [type(result) for result in given] == [SeriesBooked] * 4
    rows = Reservation.objects.exclude(series="")
    assert {len(result.reservations) for result in given if isinstance(result, SeriesBooked)} == {WEEKS}
    assert rows.count() == WEEKS
    assert OutboxMail.objects.filter(kind="series").count() == 1
