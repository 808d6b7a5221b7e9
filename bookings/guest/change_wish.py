"""What a guest asks of the change page, read from its address or its form. Nothing is believed, nothing breaks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self, TypeVar
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop

from bookings.domain.dagdelen import Moment, Week

T = TypeVar("T")

MOST_DIGITS = 9  # of a number in a form: more is no number of ours

UNREADABLE = {
    "van": gettext_noop("We weten niet welk dagdeel je wilt wijzigen. Kies het op deze pagina."),
    "naar": gettext_noop("Het nieuwe dagdeel kennen we niet. Kies een dagdeel in de week."),
    "week": gettext_noop("Deze week kennen we niet. Je ziet nu de week van je boeking."),
    "bureau": gettext_noop("Dit bureau kennen we niet. Kies een ander bureau, of laat het ons kiezen."),
    "bedrag": gettext_noop("Het bedrag op de knop klopte niet. Kijk het na en tik nog een keer op de knop."),
}


@dataclass(frozen=True)
class ChangeWish:
    """Which dagdeel becomes which, at which desk and for which sum (cents); and the week to show.

    `unreadable` names the fields that make no sense.
    """

    old: Moment | None = None
    new: Moment | None = None
    week: Week | None = None
    desk_id: int | None = None
    promised_cents: int | None = None
    unreadable: tuple[str, ...] = ()

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        """From `?van=&naar=&week=&bureau=&bedrag=` or the same fields of a form; an empty one is not asked."""
        unreadable: list[str] = []
        return cls(
            old=_read(data, "van", Moment.parse, unreadable),
            new=_read(data, "naar", Moment.parse, unreadable),
            week=_read(data, "week", Week.parse, unreadable),
            desk_id=_read(data, "bureau", _number, unreadable),
            promised_cents=_read(data, "bedrag", _number, unreadable),
            unreadable=tuple(unreadable),
        )

    @property
    def sentences(self) -> list[str]:
        """What could not be read, each in words."""
        return [gettext(UNREADABLE[name]) for name in self.unreadable]

    def without_new(self) -> "ChangeWish":
        return replace(self, new=None, desk_id=None)

    def query(self, *, week: Week | None = None, new: Moment | None = None) -> str:
        """The address' question part for this dagdeel, with another week or a new dagdeel."""
        pairs = [("van", str(self.old))] if self.old else []
        pairs += [("week", str(week))] if week else []
        pairs += [("naar", str(new))] if new else []
        return "?" + urlencode(pairs, safe=":")


def _read(data: QueryDict, name: str, reads: Callable[[str], T], unreadable: list[str]) -> T | None:
    """The field as a value; None when it is empty, or makes no sense: then its name joins `unreadable`."""
    text = data.get(name, "")
    try:
        return reads(text) if text else None
    except ValueError:
        unreadable.append(name)
        return None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise ValueError("not a number")
    return int(text)
