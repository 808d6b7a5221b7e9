"""What else is free when the house called something off, in words, each with the address that chooses it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from bookings.domain.dagdelen import Moment, Week
from bookings.nearby import Nearby
from bookings.proposals import Instead
from bookings.wish import Wish
from bookings.wording import km_words, moment_words
from villages.models import Dorpshuis


@dataclass(frozen=True)
class Alternative:
    """One proposal: its words, and the whole address that chooses it."""

    words: str
    url: str


def link_to_choose(house: Dorpshuis, moments: Collection[Moment]) -> str:
    """The whole address of the house's page with these chosen, in the week of the first."""
    week = Week.of(min(moments).date)
    return settings.PUBLIC_URL + reverse("house", args=[house.slug]) + Wish(moments=tuple(sorted(moments))).query(week)


def alternatives(house: Dorpshuis, instead: Instead) -> list[Alternative]:
    """These proposals in the language of now. Free for anybody, so also for who opens the link on another device."""
    here = [Alternative(moment_words(moment), link_to_choose(house, [moment])) for moment in instead.moments]
    return here + [
        Alternative(_house_words(near), link_to_choose(near.dorpshuis, near.moments)) for near in instead.houses
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
