"""Place names as people type them: without the dots, with an article or not, a letter wrong."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

SHORTEST_START = 3  # letters from which the beginning of a name counts
SURE, LIKELY = 0.85, 0.6  # how alike a name must be to be meant, and to be offered
MOST_OFFERED = 4

_APOSTROPHES = re.compile("['’‘ʼ`´]")
_NUMBERS = {"1e": "eerste", "1ste": "eerste", "2e": "tweede", "2de": "tweede", "3e": "derde", "3de": "derde"}
_ARTICLES = {"het": "t"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its number, its name, and the municipality that tells it from one of the same name."""

    number: int
    name: str
    municipality: str

    @property
    def full(self) -> str:
        return f"{self.name} ({self.municipality})"


@dataclass(frozen=True, slots=True)
class Match:
    """The places that were meant (several: ask which), else those that look like it."""

    found: tuple[Place, ...] = ()
    offered: tuple[Place, ...] = ()
    guessed: bool = False


def fold(name: str) -> str:
    """The name's letters and digits only: "2e Exloërmond" and "tweede exloermond" fold to the same."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.findall(r"[a-z0-9]+", _APOSTROPHES.sub("", plain))
    return "".join(_NUMBERS.get(word, _ARTICLES.get(word, word)) for word in words)


def match(typed: str, places: Iterable[Place]) -> Match:
    """What was meant: the very name, else the start of one, else the one that differs by a letter.

    A start that lacks a word's worth of letters (Steenwijk, of Steenwijksmoer) may well be another place, so it is
    owned up to as a guess.
    """
    known = list(places)
    wanted = fold(typed)
    if not wanted:
        return Match()
    found = [place for place in known if wanted in (fold(place.name), fold(place.full))]
    if not found and len(wanted) >= SHORTEST_START:
        found = [place for place in known if fold(place.name).startswith(wanted)]
    if not found:
        return _alike(wanted, known)
    far = len(found) == 1 and _letters_more(found[0], wanted) >= SHORTEST_START
    return Match(tuple(found), guessed=far)


def _letters_more(place: Place, wanted: str) -> int:
    """How many letters the name has beyond the beginning of it that was typed."""
    return len(fold(place.name)) - len(wanted)


def _alike(wanted: str, known: list[Place]) -> Match:
    by_name: dict[str, list[Place]] = {}
    for place in known:
        by_name.setdefault(fold(place.name), []).append(place)
    sure = get_close_matches(wanted, by_name, n=2, cutoff=SURE)
    if len(sure) == 1 and len(wanted) > SHORTEST_START:  # with a letter wrong in three, it is another name (Ees, Gees)
        return Match(tuple(by_name[sure[0]]), guessed=True)
    within = [name for name in by_name if len(wanted) > SHORTEST_START and wanted in name]
    likely = dict.fromkeys([*within, *get_close_matches(wanted, by_name, n=MOST_OFFERED, cutoff=LIKELY)])
    offered = [place for name in likely for place in by_name[name]]
    return Match(offered=tuple(offered[:MOST_OFFERED]))
