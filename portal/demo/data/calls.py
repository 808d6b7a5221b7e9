"""One guest to phone: somebody without e-mail who booked by herself, so that the call list is never empty."""

from datetime import timedelta

from bookings import queries
from bookings.actions.book import book
from bookings.domain.availability import Cell, cells_on
from bookings.models import CallEntry
from bookings.order import Order
from portal.base import clock
from portal.base.log import GUEST
from villages.models import Dorpshuis

NAME, PHONE = "Jantje Wolters", "+31521121315"
AT_MOST_EVERY = timedelta(days=14)
AHEAD = timedelta(days=21)


def add(house: Dorpshuis) -> None:
    """Let her book, unless somebody was on the list in the last two weeks: what is called stays called."""
    recent = clock.now() - AT_MOST_EVERY
    if CallEntry.objects.filter(dorpshuis=house, created_at__gte=recent).exists():
        return
    cell = _quiet(house)
    if cell is not None:
        book(Order(house.pk, (cell.moment,), NAME, phone=PHONE), GUEST)


def _quiet(house: Dorpshuis) -> Cell | None:
    """A dagdeel, some days from now, at which nobody comes yet."""
    first, last = clock.today() + timedelta(days=3), clock.today() + AHEAD
    supply = queries.supplies([house], first, last)[house.pk]
    occupied = queries.taken([house.pk], first, last, clock.now())[house.pk]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    cells = cells_on(supply, days, occupied, clock.now()).values()
    return next((cell for cell in cells if cell.bookable and cell.free == cell.total), None)
