"""Where guests come from, by postcode of four digits and by distance, who they say they are, and what may be shown.

A part is shown from five people on. What is left over is nobody, or five people or more, and can't be divided in one
way only: else the smallest part that is shown joins it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bookings.domain.suppression import FEW, is_few

# As far as this many kilometres, as the crow flies; beyond the last it is far.
BANDS = (5, 10, 25)
FAR = "far"
UNKNOWN = ""

Home = tuple[str, str]  # how far, and which postcode; either may be unknown


def band_of(km: float) -> str:
    """The name of the distance: the kilometres that it is under, or far."""
    return next((str(limit) for limit in BANDS if km < limit), FAR)


@dataclass(frozen=True)
class Origin:
    """Where the people of a house or group come from in a period, and what they say they come for (`groups`).

    `nested`: a postcode has one distance, as in a house.
    """

    people: int
    homes: Mapping[Home, int]
    nested: bool = True
    groups: Mapping[str, int] = field(default_factory=dict)

    @property
    def distances(self) -> dict[str, int]:
        return _known((band, number) for (band, _), number in self.homes.items())

    @property
    def postcodes(self) -> dict[str, int]:
        return _known((postcode, number) for (_, postcode), number in self.homes.items())

    def shown_distances(self) -> set[str]:
        """The distances that may be shown."""
        counts = self.distances
        barred = {band for band in counts if self.nested and self._gives_away(band)}
        return shown_parts(counts, self.people, barred)

    def shown_postcodes(self, distances: Collection[str]) -> set[str]:
        """The postcodes that may be shown beside these distances."""
        if not self.nested:
            return shown_parts(self.postcodes, self.people)
        totals = self.distances
        found = shown_parts(self._at(UNKNOWN), self.people - sum(totals[band] for band in distances))
        for band in distances:
            found |= shown_parts(self._at(band), totals[band])
        return found

    def shown_groups(self) -> set[str]:
        """Of what they say they come for, what may be shown."""
        return shown_parts(self.groups, self.people)

    def _gives_away(self, band: str) -> bool:
        counts, whole = self._at(band), self.distances[band]
        shown = shown_parts(counts, whole)
        return _can_be_worked_out(counts, whole, shown)

    def _at(self, band: str) -> dict[str, int]:
        return _known((postcode, number) for (one, postcode), number in self.homes.items() if one == band)


def shown_parts(counts: Mapping[str, int], whole: int, barred: Collection[str] = ()) -> set[str]:
    """The parts of so many people that may be shown; `barred`: not these."""
    shown = {key for key, number in counts.items() if number >= FEW and key not in barred}
    while shown and _can_be_worked_out(counts, whole, shown):
        shown.remove(min(shown, key=lambda key: (counts[key], key)))
    return shown


def _can_be_worked_out(counts: Mapping[str, int], whole: int, shown: Collection[str]) -> bool:
    """Whether what is left over is too few, or so many that each part of it must be as many as a hidden one can be."""
    rest = whole - sum(counts[key] for key in shown)
    hidden = [number for key, number in counts.items() if key not in shown]
    all_few = bool(hidden) and all(is_few(number) for number in hidden)
    return is_few(rest) or (all_few and rest == (FEW - 1) * len(hidden))


def _known(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for key, number in pairs:
        if key:
            found[key] += number
    return dict(found)
