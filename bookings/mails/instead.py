"""What else is free when the house called something off: proposals in words, each with the address that chooses it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from bookings.domain.availability import last_bookable_day
from bookings.domain.dagdelen import Moment, Week
from bookings.guest.reader import CellReader
from bookings.guest.wish import Wish
from bookings.models import Booking
from bookings.nearby import Nearby, free_nearby
from bookings.wording import km_words, moment_words
from portal.base import clock
from villages.models import Dorpshuis

Proposal = Booking.Proposal

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


def instead_of(house: Dorpshuis, gone: Collection[Booking], standing: Iterable[Booking]) -> list[Instead]:
    """At most three proposals, by what the house chose for the first that is gone (`Booking.proposal`).

    Another day in this house, and where it has too few in houses near by; or those houses alone; or nothing.
    Proposals: nothing is held. Free for anybody, so also for who opens the link on another device.
    """
    first = min(gone, key=lambda row: row.moment)
    if first.proposal == Proposal.NOTHING:
        return []
    here = _here(house, first.moment, {row.moment for row in standing}) if first.proposal == Proposal.OTHER_DAY else []
    elsewhere = _elsewhere(house, [row.moment for row in gone]) if len(here) < MOST else []
    return [*here, *elsewhere][:MOST]


def _here(house: Dorpshuis, wanted: Moment, hers: Collection[Moment]) -> list[Instead]:
    """Free dagdelen in this house, the nearest to the wanted one; not what she has already."""
    free = (moment for moment in _nearest(CellReader.read(house), wanted) if moment not in hers)
    return [Instead(moment_words(moment), link_to_choose(house, [moment])) for moment in sorted(islice(free, MOST))]


def _elsewhere(house: Dorpshuis, moments: Collection[Moment]) -> list[Instead]:
    """Houses near by that are free at these dagdelen, each with how far it is."""
    return [
        Instead(_house_words(near), link_to_choose(near.dorpshuis, near.moments))
        for near in free_nearby(house, moments, clock.now(), most=MOST)
    ]


def _house_words(near: Nearby) -> str:
    """`De Spil in Gasselte (8 km): woensdag 25 november, ochtend`"""
    place = gettext("%(house)s in %(village)s (%(far)s)") % {
        "house": near.dorpshuis,
        "village": near.dorpshuis.village.name,
        "far": km_words(near.km),
    }
    more = len(near.moments) - 1
    first = moment_words(near.moments[0])
    if not more:
        return f"{place}: {first}"
    others = ngettext("en nog %(count)s dagdeel", "en nog %(count)s dagdelen", more) % {"count": more}
    return f"{place}: {first}, {others}"


def _nearest(reader: CellReader, wanted: Moment) -> Iterator[Moment]:
    """What can be booked: the same day, the days after, then the days before; within a day by nearness."""
    for day in _days(reader, wanted.date):
        free = [cell.moment for cell in reader.on(day) if cell.bookable]
        yield from sorted(free, key=lambda moment: abs(moment.dagdeel.order - wanted.dagdeel.order))


def _days(reader: CellReader, wanted: date) -> list[date]:
    today, last = reader.now.date(), last_bookable_day(reader.policy, reader.now)
    days = [today + timedelta(days=n) for n in range((last - today).days + 1)]
    return [day for day in days if day >= wanted] + [day for day in reversed(days) if day < wanted]
