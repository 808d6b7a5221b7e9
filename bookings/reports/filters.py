"""The form above the figures: which months and which houses, and the addresses that keep that choice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from bookings.domain.months import last_to_close, month_of, months_between, shifted
from bookings.reports.wish import ReportWish, read_wish
from portal.base import clock
from portal.base.words import maand
from villages.models import Dorpshuis

# So many months back can be chosen; an address may go further.
MONTHS_BACK = 36
KINDS = {
    Dorpshuis.Kind.DORPSHUIS: gettext_lazy("dorpshuis"),
    Dorpshuis.Kind.BUURTHUIS: gettext_lazy("buurthuis"),
    Dorpshuis.Kind.WIJKCENTRUM: gettext_lazy("wijkcentrum"),
    Dorpshuis.Kind.MFC: gettext_lazy("multifunctioneel centrum"),
    Dorpshuis.Kind.DORPSCENTRUM: gettext_lazy("dorpscentrum"),
    Dorpshuis.Kind.KULTURHUS: gettext_lazy("kulturhus"),
}


@dataclass(frozen=True)
class Option:
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Select:
    """A field of the form: its name in the address, its label, and what can be chosen."""

    name: str
    label: str
    options: list[Option]


def usual_wish(asked: QueryDict, today: date) -> ReportWish:
    """As `read_wish`, but without a period the last month that should be closed. Raises BadWish."""
    if asked.get("van", "").strip() or asked.get("tot", "").strip():
        return read_wish(asked, today)
    filled = asked.copy()
    filled["van"] = filled["tot"] = f"{last_to_close(clock.now()):%Y-%m}"
    return read_wish(filled, today)


def query(wish: ReportWish, **more: str) -> str:
    """The choice as the question part of an address, with more besides."""
    pairs = [
        ("van", f"{wish.first:%Y-%m}"), ("tot", f"{wish.last:%Y-%m}"), ("gemeente", wish.municipality),
        ("regio", wish.region), ("soort", wish.kind), ("exploitant", wish.operator),
        *(("huis", slug) for slug in wish.slugs), *more.items(),
    ]  # fmt: skip
    return "?" + urlencode([(name, value) for name, value in pairs if value])


def months_of(wish: ReportWish, today: date) -> list[Select]:
    """From which month and up to which."""
    running = month_of(today)
    first = min(wish.first, shifted(running, -MONTHS_BACK))
    months = list(months_between(first, running))[::-1]
    chosen = (("van", gettext("Van"), wish.first), ("tot", gettext("Tot en met"), wish.last))
    return [
        Select(name, label, [Option(f"{one:%Y-%m}", maand(one), one == month) for one in months])
        for name, label, month in chosen
    ]


def choices_of(wish: ReportWish, houses: Iterable[Dorpshuis]) -> list[Select]:
    """Municipality, region, kind and operator, as far as there is something to choose."""
    known = list(houses)
    municipalities = {house.village.municipality.gm_code: house.village.municipality.name for house in known}
    regions = {house.village.municipality.region: house.village.municipality.region for house in known}
    kinds = {house.kind: str(KINDS[Dorpshuis.Kind(house.kind)]) for house in known}
    operators = {str(house.operator_id): house.operator.name for house in known if house.operator is not None}
    found = (
        _select("gemeente", gettext("Gemeente"), gettext("Heel Drenthe"), wish.municipality, municipalities),
        _select("regio", gettext("Regio"), gettext("Alle regio’s"), wish.region, regions),
        _select("soort", gettext("Soort huis"), gettext("Alle soorten"), wish.kind, kinds),
        _select("exploitant", gettext("Welzijnsorganisatie"), gettext("Alle huizen"), wish.operator, operators),
    )
    return [select for select in found if select is not None]


def chosen_of(wish: ReportWish, houses: Iterable[Dorpshuis]) -> list[Dorpshuis]:
    """The houses that the address names one by one: the form keeps them, until they are unticked."""
    return [house for house in houses if house.slug in wish.slugs]


def _select(name: str, label: str, everything: str, chosen: str, known: dict[str, str]) -> Select | None:
    if not known or (len(known) == 1 and not chosen and name != "exploitant"):
        return None
    options = [Option(value, words, value == chosen) for value, words in sorted(known.items(), key=lambda one: one[1])]
    return Select(name, label, [Option("", everything, not chosen), *options])


def is_filtered(wish: ReportWish) -> bool:
    """Whether not all houses are asked for."""
    return bool(wish.municipality or wish.region or wish.kind or wish.operator or wish.slugs)
