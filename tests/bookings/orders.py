"""What the tests of `book` share: a guest, weeks of mornings, and "refused without a trace"."""

from datetime import date, timedelta

import pytest

from bookings.actions.book import book
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Guest, Reservation
from bookings.order import Order
from bookings.refusals import Refused
from portal.base.log import GUEST
from portal.base.log.models import LogEntry

EMAIL = "marieke@voorbeeld.example"
PHONE = "+31612345678"
TUESDAY = date(2026, 11, 24)
# Workday mornings from the Tuesday after MONDAY_NINE on.
DAYS = [TUESDAY + timedelta(days=n) for n in range(28)]
MORNINGS = [Moment(day, Dagdeel.OCHTEND) for day in DAYS if day.weekday() < 5]


def refuse(order: Order, refusal: type[Refused]) -> None:
    """The order is refused, and leaves nothing behind."""
    before = [model.objects.count() for model in (Booking, Reservation, Guest, LogEntry)]
    with pytest.raises(refusal):
        book(order, GUEST)
    assert [model.objects.count() for model in (Booking, Reservation, Guest, LogEntry)] == before
