"""Where things stand on the map of Drenthe: a drawing of 430 by 415, in which a pin moves aside for another."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Protocol

from bookings.drenthe import LAND, Spot, spot
from villages.models import Dorpshuis, Village

APART = 36  # so that no pin hides another's number, and a thumb hits the one it means
STEPS = sorted(product(range(-3, 4), repeat=2), key=lambda step: (step[0] ** 2 + step[1] ** 2, step))
TOWNS_IN_SIGHT = 5
ABOVE, BELOW = -8, 20  # the baseline of a town's name, from its dot
PIN_HALF = 22


class Row(Protocol):
    """A house of the list beside the map."""

    @property
    def number(self) -> int: ...
    @property
    def dorpshuis(self) -> Dorpshuis: ...
    @property
    def url(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def lit(self) -> bool: ...


@dataclass(frozen=True)
class Pin:
    x: int
    y: int
    row: Row


@dataclass(frozen=True)
class Label:
    x: int
    y: int
    name: str


@dataclass(frozen=True)
class Map:
    """All that is drawn on the land."""

    land: str
    dots: str
    towns: list[Label]
    here: Spot | None
    here_name: str
    pins: list[Pin]


def draw(found: Iterable[Row], villages: Iterable[Village], village: Village | None) -> Map:
    """The villages as dots, the big towns by name, a ring where she looks, the houses as numbered pins."""
    places = list(villages)
    spots = [spot((place.latitude, place.longitude)) for place in places]
    towns = sorted((p for p in places if p.kind == Village.Kind.STAD), key=lambda p: -(p.population or 0))
    pins: list[Pin] = []
    for row in found:
        x, y = aside(spot(row.dorpshuis.coordinates), [(pin.x, pin.y) for pin in pins])
        pins.append(Pin(x, y, row))
    return Map(
        land=LAND,
        dots="".join(f"M{x} {y}h0" for x, y in spots),
        towns=[label for town in towns[:TOWNS_IN_SIGHT] for label in _label(town, pins)],
        here=spot((village.latitude, village.longitude)) if village else None,
        here_name=village.name if village else "",
        pins=pins,
    )


def aside(wanted: Spot, others: list[Spot]) -> Spot:
    """The free spot nearest to the wanted one; the wanted one itself when all around is taken."""
    for east, south in STEPS:
        x, y = wanted[0] + east * APART // 2, wanted[1] + south * APART // 2
        if all((x - left) ** 2 + (y - top) ** 2 >= APART**2 for left, top in others):
            return x, y
    return wanted


def _label(town: Village, pins: list[Pin]) -> list[Label]:
    """Its name above its dot, or under it where a pin is in the way; without room none."""
    x, y = spot((town.latitude, town.longitude))
    half = 4 * len(town.name) + PIN_HALF
    for line in (y + ABOVE, y + BELOW):
        if not any(abs(pin.x - x) < half and abs(pin.y - line) < PIN_HALF for pin in pins):
            return [Label(x, line, town.name)]
    return []
