"""What else is free when the house called something off: proposals in words, each with the address that chooses it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.conf import settings
from django.urls import reverse

from bookings.domain.availability import last_bookable_day
from bookings.domain.dagdelen import Moment, Week
from bookings.guest.reader import CellReader
from bookings.guest.wish import Wish
from bookings.models import Booking
from bookings.wording import moment_words
from villages.models import Dorpshuis

MOST = 3


@dataclass(frozen=True)
class Instead:
    """One proposal: its words, and the whole address that chooses it."""

    words: str
    url: str


def link_to_choose(house: Dorpshuis, moments: Collection[Moment]) -> str:
    """The whole address of the house's page with these chosen, in the week of the first."""
    week = Week.of(min(moments).date)
    return settings.PUBLIC_URL + reverse("house", args=[house.slug]) + Wish(moments=tuple(sorted(moments))).query(week)


def instead_of(house: Dorpshuis, gone: Iterable[Booking], standing: Iterable[Booking]) -> list[Instead]:
    """At most three free dagdelen in this house, the nearest to the first that is gone; not what she has already.

    Proposals: nothing is held. Free for anybody, so also for who opens the link on another device.
    """
    wanted = min(row.moment for row in gone)
    hers = {row.moment for row in standing}
    free = (moment for moment in _nearest(CellReader.read(house), wanted) if moment not in hers)
    return [Instead(moment_words(moment), link_to_choose(house, [moment])) for moment in sorted(islice(free, MOST))]


def _nearest(reader: CellReader, wanted: Moment) -> Iterator[Moment]:
    """What can be booked: the same day, the days after, then the days before; within a day by nearness."""
    for day in _days(reader, wanted.date):
        free = [cell.moment for cell in reader.on(day) if cell.bookable]
        yield from sorted(free, key=lambda moment: abs(moment.dagdeel.order - wanted.dagdeel.order))


def _days(reader: CellReader, wanted: date) -> list[date]:
    today, last = reader.now.date(), last_bookable_day(reader.policy, reader.now)
    days = [today + timedelta(days=n) for n in range((last - today).days + 1)]
    return [day for day in days if day >= wanted] + [day for day in reversed(days) if day < wanted]
