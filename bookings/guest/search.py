"""What the visitor looks for: a place, a day and a dagdeel. What makes no sense gets a sentence, never an error."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from bookings.domain.dagdelen import Dagdeel, Moment, parse_day
from bookings.domain.names import Match, Place, match
from bookings.guest.needs import Needs
from bookings.wish import Wish
from bookings.wording import day_words
from villages.models import Village

LONGEST_NAME = 80
FIELDS = ("plaats", "dag", "dagdeel")
_DUTCH_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)

NO_PLACE = gettext_noop(
    "Deze plaats kennen we niet in Drenthe. Kijk of je de naam goed hebt getypt, of kies een plaats dichtbij."
)
NO_DAY = gettext_noop("Deze datum kennen we niet. Schrijf de dag zo: 25-11-2026.")
PAST_DAY = gettext_noop("Deze dag is al voorbij. Kies vandaag of een dag die nog komt.")
NO_PART = gettext_noop("Dit dagdeel kennen we niet. Kies ochtend, middag of avond.")
TOO_FAR = gettext_noop("Zo ver vooruit kun je nog niet boeken. Kies een dag tot %(day)s.")


@dataclass(frozen=True)
class Question:
    """The question as it was typed."""

    place: str = ""
    day: str = ""
    part: str = ""
    source: str = ""
    needs: Needs = Needs()

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        """From `?plaats=&dag=&dagdeel=&met=&bron=`."""
        place, day, part = (data.get(name, "").replace("\0", "").strip()[:LONGEST_NAME] for name in FIELDS)
        return cls(place, day, part, Wish.read(data).source, Needs.read(data))

    @property
    def asked(self) -> bool:
        return bool(self.place or self.day or self.part or self.needs.asked)


@dataclass(frozen=True)
class Window:
    """What can be asked for: from today until the last day of any house, and what is free first."""

    today: date
    last: date
    first_free: Moment


@dataclass(frozen=True)
class Search:
    """The question understood, as far as it can be. A problem is the sentence for its field."""

    question: Question
    moment: Moment
    matched: Match
    problems: dict[str, str]

    @property
    def clear(self) -> bool:
        """Whether there is one question to answer: asked, without a mistake, about at most one place."""
        return self.question.asked and not self.problems and len(self.matched.found) <= 1

    @property
    def place(self) -> Place | None:
        """The one place that was meant, if any."""
        return self.matched.found[0] if len(self.matched.found) == 1 else None

    @property
    def typed_day(self) -> str:
        """What stands in the date field: what was typed, if that was no day."""
        return self.question.day if "dag" in self.problems else self.moment.date.isoformat()

    @property
    def choices(self) -> tuple[Place, ...]:
        """The places to choose from: several that were meant, or those that look like what was typed."""
        return self.matched.offered if not self.matched.found else () if self.place else self.matched.found

    def query(self, place: Place | None, *, with_needs: bool = True) -> str:
        """The address' question part that asks for this place, at the same day and dagdeel."""
        pairs = [("plaats", place.full)] if place else []
        pairs += [("dag", self.moment.date.isoformat()), ("dagdeel", self.moment.dagdeel.value)]
        pairs += self.question.needs.pairs if with_needs else []
        pairs += [("bron", self.question.source)] if self.question.source else []
        return f"?{urlencode(pairs)}"

    @property
    def status(self) -> int:
        return 422 if self.problems else 200


def understand(question: Question, villages: Iterable[Village], window: Window) -> Search:
    """Which place, day and dagdeel are meant; what was left empty is what is free first."""
    matched = match(question.place, (place_of(village) for village in villages))
    day, wrong_day = _day(question.day, window)
    part = next((part for part in Dagdeel if part == question.part.lower()), None)
    wrong = {
        "plaats": gettext(NO_PLACE) if question.place and not matched.found else "",
        "dag": wrong_day,
        "dagdeel": gettext(NO_PART) if question.part and part is None else "",
    }
    moment = Moment(day, part or window.first_free.dagdeel)
    return Search(question, moment, matched, {name: words for name, words in wrong.items() if words})


def place_of(village: Village) -> Place:
    """The village as a plain value."""
    return Place(village.pk, village.name, village.municipality.name)


def search_url(village: Village, source: str) -> str:
    """The address that looks round this village; it keeps where she heard of us."""
    pairs = [("plaats", place_of(village).full)] + ([("bron", source)] if source else [])
    return f"{reverse('home')}?{urlencode(pairs)}"


def _day(typed: str, window: Window) -> tuple[date, str]:
    """The day that was typed (else the first free one), and what is wrong with it."""
    if not typed:
        return window.first_free.date, ""
    try:
        day = parse_day(_as_iso(typed))
    except ValueError:
        return window.first_free.date, gettext(NO_DAY)
    if day < window.today:
        return window.first_free.date, gettext(PAST_DAY)
    if day > window.last:
        return window.first_free.date, gettext(TOO_FAR) % {"day": day_words(window.last)}
    return day, ""


def _as_iso(typed: str) -> str:
    """25-11-2026, as people type it where a browser shows no calendar, to 2026-11-25."""
    found = _DUTCH_DAY.fullmatch(typed)
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else typed
