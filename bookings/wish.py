"""What the visitor asks for, read from the address or from a form. Nothing is believed, nothing breaks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from bookings.domain.dagdelen import Moment, Week, read_moments
from bookings.trial import typed_trial

SOURCE_LENGTH = 40
MOST_DIGITS = 9  # of a desk's number: more is no number of ours


@dataclass(frozen=True)
class Wish:
    """A week to show, and what was chosen. `unreadable` counts dagdelen that make no sense."""

    week: Week | None = None
    unknown_week: bool = False
    moments: tuple[Moment, ...] = ()
    unreadable: int = 0
    desk_id: int | None = None
    unknown_desk: bool = False
    tariff: str = ""
    source: str = ""
    trial: str = ""
    strange_trial: bool = False

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        """From `?week=&dagdeel=&bureau=&tarief=&bron=&proef=` or the same fields of a form."""
        week, unknown_week = _week(data.get("week", ""))
        moments, unreadable = read_moments(data.getlist("dagdeel"))
        desk = data.get("bureau", "")
        desk_id = int(desk) if desk.isascii() and desk.isdecimal() and len(desk) <= MOST_DIGITS else None
        trial = data.get("proef", "").strip()
        return cls(
            week=week,
            unknown_week=unknown_week,
            moments=moments,
            unreadable=unreadable,
            desk_id=desk_id,
            unknown_desk=bool(desk) and desk_id is None,
            tariff=data.get("tarief", "")[:SOURCE_LENGTH],
            source="".join(c for c in data.get("bron", "") if c.isprintable())[:SOURCE_LENGTH],
            trial=typed_trial(trial),
            strange_trial=bool(trial) and not typed_trial(trial),
        )

    def with_moments(self, moments: Iterable[Moment]) -> "Wish":
        return replace(self, moments=tuple(moments))

    def query(self, week: Week | None = None) -> str:
        """The address' question part that asks for this again, in another week if given."""
        pairs = [("week", str(week or self.week))] if week or self.week else []
        pairs += [("dagdeel", str(moment)) for moment in self.moments]
        pairs += [("bureau", str(self.desk_id))] if self.desk_id is not None else []
        pairs += [("tarief", self.tariff)] if self.tariff else []
        pairs += [("proef", self.trial)] if self.trial else []
        pairs += [("bron", self.source)] if self.source else []
        return "?" + urlencode(pairs, safe=":")


def url_to_choose(slug: str, moment: Moment, wish: Wish | None = None) -> str:
    """The address of the house's page with just this moment chosen, and the rest as in `wish`."""
    chosen = (wish or Wish()).with_moments([moment]).query(Week.of(moment.date))
    return f"{reverse('house', args=[slug])}{chosen}#jouw-keuze"


def url_to_choose_all(slug: str, moments: Collection[Moment]) -> str:
    """The address of the house's page with all of these (at least one) chosen."""
    chosen = Wish().with_moments(moments).query(Week.of(min(moments).date))
    return f"{reverse('house', args=[slug])}{chosen}#jouw-keuze"


def _week(text: str) -> tuple[Week | None, bool]:
    if not text:
        return None, False
    try:
        return Week.parse(text), False
    except ValueError:
        return None, True
