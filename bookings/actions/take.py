"""What booking and changing share: what the house has to offer, which desk it becomes, the rows that take it.

Parts of an action, called under the house's lock.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from django.db import IntegrityError

from bookings.actions.standing_dates import write_until
from bookings.actions.turns import serve
from bookings.domain.allocation import Slot, allocate
from bookings.domain.availability import Cell, Supply, cell_at
from bookings.domain.dagdelen import Moment
from bookings.domain.prices import price_on
from bookings.models import Booking
from bookings.queries import supplies, taken_or_late
from bookings.refusals import DeskTaken, NotBookable, UnknownDesk, UnknownTariff
from portal.base import clock
from villages.models import Desk, Dorpshuis


@dataclass(frozen=True)
class Offer:
    """What the house has for these moments, read under its lock; prices in cents, of one tariff.

    `late`: slots of these days that were cancelled late and not taken again. `trial`: the number of the
    trial code that is used, and the dagdeel that is free by it.
    """

    supply: Supply
    cells: dict[Moment, Cell]
    late: frozenset[Slot] = frozenset()
    tariff: str = ""
    prices: dict[Moment, int] = field(default_factory=dict)
    trial: tuple[int, Moment] | None = None

    def at_tariff(self, tariff: str, *, by_guest: bool) -> "Offer":
        """The same with the prices of this tariff. Raises UnknownTariff when a day has none to choose."""
        prices: dict[Moment, int] = {}
        for moment in self.cells:
            cents = price_on(self.supply.tariffs, tariff, moment.date, by_guest=by_guest)
            if cents is None:
                raise UnknownTariff
            prices[moment] = cents
        return replace(self, tariff=tariff, prices=prices)


def offer_for(house: Dorpshuis, moments: Collection[Moment], *, known_guest: bool, by_house: bool) -> Offer:
    """Check that every moment can be booked; without prices as yet. Raises NotBookable.

    Beyond the day until which the dates of standing places are written, those are written first. And whoever waits for
    one of them goes before: what became free in any way is hers first.
    """
    now = clock.now()
    days = [moment.date for moment in moments]
    if house.standing_until is not None and house.standing_until < max(days):
        write_until(house, max(days))
    serve(house, moments)
    supply = supplies([house], min(days), max(days))[house.pk]
    occupied, late = taken_or_late(house.pk, min(days), max(days), now)
    known = known_guest or by_house
    cells = {m: cell_at(supply, m, occupied.get(m, ()), now, known_guest=known) for m in moments}
    shut = {m: cell for m, cell in cells.items() if not _may_take(cell, by_house=by_house)}
    if shut:
        raise NotBookable(shut)
    return Offer(supply, cells, late)


def _may_take(cell: Cell, *, by_house: bool) -> bool:
    """A guest books what is free; the house itself whatever has a free desk and is not over."""
    return cell.bookable_by_house if by_house else cell.bookable


def desks_for(house: Dorpshuis, offer: Offer, desk_id: int | None) -> dict[Moment, int]:
    """A desk for each moment: the chosen one, or the best of those that are free.

    Raises UnknownDesk, DeskTaken, NotBookable.
    """
    if desk_id is not None:
        if not Desk.objects.filter(pk=desk_id, room__dorpshuis=house).exists():
            raise UnknownDesk
        clashes = [m for m, cell in offer.cells.items() if desk_id not in cell.choosable_ids]
        if clashes:
            raise DeskTaken(clashes)
        return dict.fromkeys(offer.cells, desk_id)
    free = {moment: cell.free_ids for moment, cell in offer.cells.items()}
    desks = allocate(offer.cells, free, offer.late)
    if desks is None:
        raise NotBookable(offer.cells)
    return desks


# How PostgreSQL and SQLite name the constraint of rule 2.
SLOT_TAKEN = ("one_booking_per_slot", "UNIQUE constraint failed: bookings_booking.desk_id")


def insert(rows: list[Booking], offer: Offer) -> None:
    """Write the rows that take the slots. Raises NotBookable when the database says that one is taken.

    The lock makes a clash impossible; the constraint makes sure. No savepoint of its own: a refusal ends the
    whole act, so nothing may ask the database anything more in this transaction.
    """
    try:
        Booking.objects.bulk_create(rows)
    except IntegrityError as error:
        if not any(words in str(error) for words in SLOT_TAKEN):
            raise
        raise NotBookable(offer.cells) from error
