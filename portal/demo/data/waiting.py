"""A full dagdeel with somebody who waits for it: give a place back and see what becomes of it."""

from datetime import timedelta

from bookings import queries
from bookings.actions.book import book
from bookings.actions.waiting import join
from bookings.domain.availability import Cell, cells_on
from bookings.models import Waiting
from bookings.order import Order
from portal.base import clock
from portal.base.log import GUEST
from villages.models import Dorpshuis

# In the order in which they book; the last one finds it full.
PEOPLE = ("Fenna Hofstee", "Jur Boelens", "Trijntje Kamps", "Wubbo Eleveld", "Aaltje Mulder", "Roelie Smeenge")
NAME = "Geesje Pruntel"
AHEAD = timedelta(days=10)


def add(house: Dorpshuis) -> None:
    """Fill the dagdeel that is nearest to full and put somebody on its list, unless there is such a list."""
    if Waiting.objects.filter(dorpshuis=house, date__gt=clock.today()).on_the_list().exists():
        return
    cell = _busy(house)
    if cell is None:
        return
    for name in PEOPLE[: cell.free]:
        book(Order(house.pk, (cell.moment,), name, email=_address(name)), GUEST)
    join(Order(house.pk, (cell.moment,), NAME, email=_address(NAME)), GUEST)


def _address(name: str) -> str:
    return f"{name.split(maxsplit=1)[0].lower()}@voorbeeld.example"


def _busy(house: Dorpshuis) -> Cell | None:
    """Of the dagdelen some days from now the one with the fewest free desks, but not none."""
    first, last = clock.today() + timedelta(days=3), clock.today() + AHEAD
    supply = queries.supplies([house], first, last)[house.pk]
    occupied = queries.taken([house.pk], first, last, clock.now())[house.pk]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    cells = [cell for cell in cells_on(supply, days, occupied, clock.now()).values() if cell.bookable]
    return min((cell for cell in cells if cell.free <= len(PEOPLE)), key=lambda cell: cell.free, default=None)
