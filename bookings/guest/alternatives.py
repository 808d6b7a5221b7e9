"""What can be booked instead, when nothing of the choice can: near in time, then in another village (rule 8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext

from bookings import wording
from bookings.domain.availability import Cell, last_bookable_day
from bookings.domain.dagdelen import Week
from bookings.nearby import Nearby, free_nearby
from bookings.reader import CellReader
from bookings.wish import Wish, url_to_choose
from villages.models import Dorpshuis

MOST = 3


@dataclass(frozen=True)
class Alternative:
    """A dagdeel that is free: its words, and the address that chooses it. `by_trial`: by her code it costs nothing."""

    cell: Cell
    url: str
    by_trial: bool = False

    @property
    def cents(self) -> int:
        """What it costs her."""
        return 0 if self.by_trial else self.cell.cents or 0

    @property
    def words(self) -> str:
        return wording.moment_words(self.cell.moment)

    @property
    def places(self) -> str:
        return wording.places_words(self.cell)

    @property
    def value(self) -> str:
        return str(self.cell.moment)

    @property
    def promise(self) -> str:
        return wording.promise(self.cents)


def alternatives(wish: Wish, reader: CellReader, dorpshuis: Dorpshuis) -> list[Alternative]:
    """At most three free dagdelen of one price, from the day that was wished for on.

    One price, so that the form that offers them can carry the sum that its buttons promise. A trial code of the wish
    holds: the page looked at it before.
    """
    if not wish.moments:
        return []
    found: list[Alternative] = []
    kept = Wish(source=wish.source, trial=wish.trial)
    for cell in _from_wished_day(wish, reader):
        if found and cell.cents != found[0].cell.cents:
            continue
        url = url_to_choose(dorpshuis.slug, cell.moment, kept)
        found.append(Alternative(cell, url, by_trial=bool(wish.trial and cell.cents)))
        if len(found) == MOST:
            break
    return found


def _from_wished_day(wish: Wish, reader: CellReader) -> Iterator[Cell]:
    """Bookable cells from the first wished day to the end of the window, then from today to that day."""
    today, last = reader.now.date(), last_bookable_day(reader.policy, reader.now)
    wished = min(wish.moments).date
    first = wished if today <= wished <= last else today
    days = [today + timedelta(days=n) for n in range((last - today).days + 1)]
    for day in [*(d for d in days if d >= first), *(d for d in days if d < first)]:
        yield from (cell for cell in reader.on(day) if cell.bookable)


@dataclass(frozen=True)
class Elsewhere:
    """Another house that is free then: the address that chooses all that is free of it there."""

    nearby: Nearby
    url: str

    @property
    def far(self) -> str:
        """ "8 km" """
        return wording.km_words(self.nearby.km)

    @property
    def when(self) -> str:
        """ "woensdag 25 november, ochtend" """
        return gettext(" en ").join(wording.moment_words(cell.moment) for cell in self.nearby.cells)

    @property
    def places(self) -> str:
        """The fewest desks that are free at any of it: "4 plekken vrij"."""
        return wording.free_words(min(self.nearby.cells, key=lambda cell: cell.free))


def elsewhere(wish: Wish, reader: CellReader, dorpshuis: Dorpshuis) -> list[Elsewhere]:
    """At most three houses near this one that are free at what was wished. Six queries; none without a wish."""
    return [
        Elsewhere(nearby, _url(nearby, wish.source))
        for nearby in free_nearby(dorpshuis, wish.moments, reader.now, most=MOST)
    ]


def _url(nearby: Nearby, source: str) -> str:
    chosen = Wish(source=source).with_moments(nearby.moments)
    path = reverse("house", args=[nearby.dorpshuis.slug])
    return f"{path}{chosen.query(Week.of(nearby.moments[0].date))}#jouw-keuze"
