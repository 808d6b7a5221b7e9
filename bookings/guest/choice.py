"""What is chosen on the house page, worked out into lines, a sum and a button; the rest with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, time

from django.utils.translation import gettext, gettext_noop

from bookings import wording
from bookings.domain.availability import Cell
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.prices import choosable_kinds, free_one, price_on, usual_kind
from bookings.reader import CellReader
from bookings.wish import Wish
from villages.models import Desk, Dorpshuis, Tariff

UNREADABLE = gettext_noop("Een dagdeel in je keuze kennen we niet. Kies een dagdeel in de week.")
UNKNOWN_DESK = gettext_noop("Dit bureau is er niet in dit dorpshuis. Kies een ander bureau, of laat het ons kiezen.")
UNKNOWN_TARIFF = gettext_noop("Deze prijs kun je hier niet kiezen. Je ziet nu de gewone prijs.")


@dataclass(frozen=True)
class Line:
    """One chosen dagdeel, with its own price in cents."""

    moment: Moment
    begin: time
    end: time
    cents: int
    by_trial: bool = False

    @property
    def date(self) -> date:
        return self.moment.date

    @property
    def dagdeel(self) -> Dagdeel:
        return self.moment.dagdeel

    @property
    def value(self) -> str:
        return str(self.moment)


@dataclass(frozen=True)
class Option:
    """One line of a list to choose from."""

    value: str
    label: str
    selected: bool
    cents: int | None = None


@dataclass(frozen=True)
class Choice:
    """All that the ticket and the booking form show."""

    lines: list[Line]
    tariff: str
    tariffs: list[Option]
    desk_id: int | None
    desks: list[Option]
    key: str
    elsewhere: list[str] = field(default_factory=list)
    trial: str = ""

    @property
    def total_cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def total_words(self) -> str:
        return wording.total_words(len(self.lines), self.total_cents)

    @property
    def promise(self) -> str:
        return wording.promise(self.total_cents)


@dataclass(frozen=True)
class Weighed:
    """The wish after a look at the house: what can be booked, and sentences on what was dropped."""

    cells: list[Cell]
    desk: Desk | None
    tariff: str
    dropped: list[str]
    trial: str = ""


def weigh(wish: Wish, reader: CellReader, dorpshuis: Dorpshuis, desks: list[Desk]) -> Weighed:
    """Drop from the wish what can't be booked, each with its reason (rule 8)."""
    dropped = [gettext(UNREADABLE)] if wish.unreadable else []
    desk = next((d for d in desks if d.pk == wish.desk_id), None)
    if wish.unknown_desk or (wish.desk_id is not None and desk is None):
        dropped.append(gettext(UNKNOWN_DESK))
    cells = []
    for cell in map(reader.at, wish.moments):
        if not cell.bookable:
            dropped.append(wording.why_not(cell, dorpshuis, reader.policy))
        elif desk is not None and desk.pk not in cell.choosable_ids:
            dropped.append(desk_taken(desk, cell.moment))
        else:
            cells.append(cell)
    if len(cells) > reader.policy.order_limit:
        dropped.append(wording.too_many(dorpshuis))
        cells = cells[: reader.policy.order_limit]
    return _priced(wish, reader, Weighed(cells, desk, "", dropped))


def _priced(wish: Wish, reader: CellReader, weighed: Weighed) -> Weighed:
    """With a tariff; dagdelen that have no price of that kind are dropped: they are another order."""
    if not weighed.cells:
        return weighed
    tariff = _tariff(wish.tariff, reader, [cell.moment.date for cell in weighed.cells])
    dropped = [*weighed.dropped, gettext(UNKNOWN_TARIFF)] if wish.tariff not in ("", tariff) else list(weighed.dropped)
    cells = []
    for cell in weighed.cells:
        if price_on(reader.supply.tariffs, tariff, cell.moment.date) is None:
            dropped.append(wording.other_price(cell.moment))
        else:
            cells.append(cell)
    return Weighed(cells, weighed.desk, tariff, dropped, wish.trial)


def desk_taken(desk: Desk, moment: Moment) -> str:
    """The sentence for a chosen desk that is not free then."""
    sentence = gettext("%(desk)s is dan al bezet. Kies een ander bureau, of laat het ons kiezen.")
    return wording.about(moment, sentence % {"desk": desk.name})


def choose(weighed: Weighed, reader: CellReader, desks: list[Desk], shown: Iterable[date], key: str) -> Choice | None:
    """The choice as the page shows it, or None when nothing of it can be booked."""
    if not weighed.cells:
        return None
    days = [cell.moment.date for cell in weighed.cells]
    kinds = choosable_kinds(reader.supply.tariffs, days)
    week = set(shown)
    return Choice(
        lines=_lines(weighed, reader),
        tariff=weighed.tariff,
        tariffs=[_tariff_option(kind, reader, days, weighed.tariff) for kind in kinds],
        desk_id=weighed.desk.pk if weighed.desk else None,
        desks=_desk_options(weighed, desks),
        key=key,
        elsewhere=[str(cell.moment) for cell in weighed.cells if cell.moment.date not in week],
        trial=weighed.trial,
    )


def _tariff(asked: str, reader: CellReader, days: list[date]) -> str:
    """The tariff to show: the one that was asked for, else the usual one of all days, else of the first."""
    tariffs = reader.supply.tariffs
    if asked in choosable_kinds(tariffs, days):
        return asked
    return usual_kind(tariffs, *days) or usual_kind(tariffs, min(days)) or ""


def _lines(weighed: Weighed, reader: CellReader) -> list[Line]:
    """Each with the price of its own date; with a trial code the dearest is free."""
    lines = [_line(cell, reader, weighed.tariff) for cell in weighed.cells]
    free = free_one({line.moment: line.cents for line in lines}) if weighed.trial else None
    return [replace(line, cents=0, by_trial=True) if line.moment == free else line for line in lines]


def _line(cell: Cell, reader: CellReader, tariff: str) -> Line:
    cents = price_on(reader.supply.tariffs, tariff, cell.moment.date)
    assert cell.begin is not None and cell.end is not None and cents is not None  # noqa: S101, PT018 - bookable
    return Line(cell.moment, cell.begin, cell.end, cents)


def _tariff_option(kind: str, reader: CellReader, days: list[date], selected: str) -> Option:
    cents = price_on(reader.supply.tariffs, kind, min(days))
    return Option(kind, str(Tariff.Kind(kind).label), kind == selected, cents)


def _desk_options(weighed: Weighed, desks: list[Desk]) -> list[Option]:
    """Any desk, and the desks that are free at all chosen moments."""
    free = set.intersection(*(set(cell.choosable_ids) for cell in weighed.cells))
    options = [Option("", gettext("Maakt niet uit"), weighed.desk is None)]
    for desk in desks:
        if desk.pk in free:
            label = ", ".join([desk.name, *desk.traits])
            options.append(Option(str(desk.pk), label, weighed.desk is not None and weighed.desk.pk == desk.pk))
    return options
