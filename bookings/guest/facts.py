"""What the page of a house tells from the rows that it has read already: its desks, its rooms, the way there."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext, ngettext_lazy

from villages.models import Desk, Dorpshuis, Room

# The field of a desk, and its words for one desk and for more.
TRAITS = {
    "height_adjustable": ngettext_lazy("%(number)s zit-stabureau", "%(number)s zit-stabureaus", "number"),
    "monitor": ngettext_lazy("%(number)s met scherm", "%(number)s met scherm", "number"),
    "daylight": ngettext_lazy("%(number)s bij het raam", "%(number)s bij het raam", "number"),
    "wheelchair": ngettext_lazy(
        "%(number)s geschikt voor een rolstoel", "%(number)s geschikt voor een rolstoel", "number"
    ),
}
MAP = "https://www.openstreetmap.org/"


@dataclass(frozen=True)
class DeskFacts:
    """ "4 bureaus", and "2 zit-stabureaus, 1 met scherm"; the second is empty when nothing is special."""

    count: str
    special: str


def desk_facts(desks: Sequence[Desk]) -> DeskFacts | None:
    """How many desks there are and what is special about them; None without desks."""
    tables = sum(desk.is_table for desk in desks)
    desks = [desk for desk in desks if not desk.is_table]
    if not desks:
        return None
    counts = {name: sum(bool(getattr(desk, name)) for desk in desks) for name in TRAITS}
    found = [str(TRAITS[name] % {"number": number}) for name, number in counts.items() if number]
    if calls := sum(desk.calls for desk in desks):
        everywhere = calls == len(desks)
        found.append(gettext("bellen mag") if everywhere else gettext("bellen mag bij %(number)s") % {"number": calls})
    if tables:
        words = ngettext("daarnaast %(number)s overlegtafel", "daarnaast %(number)s overlegtafels", tables)
        found.append(words % {"number": tables})
    count = ngettext("%(number)s bureau", "%(number)s bureaus", len(desks)) % {"number": len(desks)}
    return DeskFacts(count, ", ".join(found))


def rooms_with_words(desks: Sequence[Desk]) -> list[Room]:
    """The rooms of these desks that say how quiet they are, each once, in the order of the desks."""
    return [room for room in {desk.room_id: desk.room for desk in desks}.values() if room.quiet_text]


@dataclass(frozen=True)
class Route:
    """A map for who wants to go there, opened by nobody but the guest."""

    url: str
    words: str


def route(dorpshuis: Dorpshuis) -> Route:
    """The house on the map; its village when it is not known where in the village it stands."""
    latitude, longitude = dorpshuis.coordinates
    if dorpshuis.latitude is None or dorpshuis.longitude is None:
        words = gettext("Bekijk %(village)s op de kaart") % {"village": dorpshuis.village.name}
        return Route(f"{MAP}#map=14/{latitude}/{longitude}", words)
    pin = urlencode({"mlat": latitude, "mlon": longitude})
    return Route(f"{MAP}?{pin}#map=17/{latitude}/{longitude}", gettext("Bekijk het dorpshuis op de kaart"))
