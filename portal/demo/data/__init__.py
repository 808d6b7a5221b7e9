"""The demo's invented data: fourteen months back, four weeks ahead. Each run adds only what is new."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from bookings.actions import closing_month
from portal.base import clock
from portal.demo import people
from portal.demo.data import bookings, calls, closures, standing, supply, waiting
from portal.demo.data.houses import HOUSES
from villages.data import places
from villages.models import Dorpshuis, HouseMessages, Municipality, Village

MONTHS_BACK = 14
WITH_A_CALL = ("over-entinghe", "de-veldkei")
WITH_A_STANDING_PLACE = "de-veldkei"
WITH_A_LIST = "de-veldkei"
# Elsewhere it is off, as in a new house.
THAT_MISSES_GUESTS = "de-veldkei"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much a run added."""

    houses: int
    reservations: int


def load() -> Loaded:
    """Add what is missing, all or nothing; what is there stays as it is."""
    with transaction.atomic():
        places.load(Municipality, Village)
        people.add_accounts()
        new = _add_houses()
        people.add_roles()
        # Like whatever takes a slot: first the lock of the house. Nothing moves on: the web server begins after this.
        of_the_demo = Dorpshuis.objects.filter(slug__in=[spec.slug for spec in HOUSES])
        rows = {row.slug: row for row in of_the_demo.locked()}
        added = 0
        for spec in HOUSES:
            opened = supply.opened_on(rows[spec.slug])
            closures.add(spec, rows[spec.slug], opened, is_new=spec.slug in new)
            holds_from = standing.add(rows[spec.slug]) if spec.slug == WITH_A_STANDING_PLACE else None
            added += bookings.add(spec, rows[spec.slug], opened, holds_from)
        for slug in WITH_A_CALL:
            calls.add(rows[slug])
        waiting.add(rows[WITH_A_LIST])
        HouseMessages.objects.get_or_create(dorpshuis=rows[THAT_MISSES_GUESTS], defaults={"miss_you": True})
        # The months that are over are closed at once, so that there are figures to look at.
        closing_month.run()
    return Loaded(len(new), added)


def first_day() -> date:
    """The Monday of the week fourteen months ago."""
    months = clock.today().year * 12 + clock.today().month - 1 - MONTHS_BACK
    first = date(months // 12, months % 12 + 1, 1)
    return first - timedelta(days=first.weekday())


def _add_houses() -> set[str]:
    """Write the houses that are not there; returns their slugs."""
    there = set(Dorpshuis.objects.values_list("slug", flat=True))
    missing = [spec for spec in HOUSES if spec.slug not in there]
    for spec in missing:
        supply.add(spec, first_day())
    return {spec.slug for spec in missing}
