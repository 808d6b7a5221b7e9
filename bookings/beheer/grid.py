"""The dagdelen that a volunteer can book for somebody: two weeks as big choices, and what the chosen ones cost."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext_lazy

from bookings import wording
from bookings.domain.availability import Cell, Closed, Status, Supply, cell_at, last_bookable_day
from bookings.domain.dagdelen import Dagdeel, Moment, Week
from bookings.domain.prices import choosable_kinds, free_one, price_on, usual_kind
from bookings.domain.waiting import can_wait
from bookings.queries import Taken, policy_of, supplies, taken
from portal.base import clock
from villages.models import Dorpshuis
from villages.models.messages import messages_of

SHOWN = timedelta(days=13)


@dataclass(frozen=True)
class Choice:
    """A cell of the grid with its words; `chosen` only when it can be taken."""

    cell: Cell
    words: str
    reason: str
    chosen: bool
    can_wait: bool = False

    @property
    def value(self) -> str:
        return str(self.cell.moment)

    @property
    def can_take(self) -> bool:
        return self.cell.bookable_by_house


@dataclass(frozen=True)
class GridDay:
    """A day on which the house is open now and then; `new_week`: the first of its week that is shown."""

    date: date
    choices: list[Choice]
    new_week: bool


@dataclass(frozen=True)
class TariffChoice:
    """A kind of price, with what it costs in cents on the first chosen day."""

    kind: str
    words: str
    cents: int
    chosen: bool


@dataclass(frozen=True)
class Grid:
    """What can be chosen from `first_day` on, what is chosen, and what it costs together, in cents."""

    days: list[GridDay]
    first_day: date
    earlier: date | None
    later: date | None
    chosen: list[Cell]
    dropped: list[str]
    tariffs: list[TariffChoice]
    tariff: str
    total_cents: int
    by_trial: bool = False

    @property
    def columns(self) -> int:
        """How many days of the week are shown."""
        return len({day.date.weekday() for day in self.days})

    @property
    def total_words(self) -> str:
        return wording.total_words(len(self.chosen), self.total_cents)

    @property
    def promise(self) -> str:
        return wording.house_promise(self.total_cents)


def read_grid(
    dorpshuis: Dorpshuis,
    moments: tuple[Moment, ...],
    tariff: str,
    first_day: date | None = None,
    *,
    by_trial: bool = False,
) -> Grid:
    """Two weeks from `first_day` (default today) and the days of what is chosen. Five queries.

    `by_trial`: the dearest that is chosen is free.
    """
    today = clock.today()
    last = last_bookable_day(policy_of(dorpshuis), clock.now())
    first = min(max(first_day or today, today), last)
    # Somebody may ask for the year 2100: what lies outside what can be shown is dropped with its reason.
    near = [m.date for m in moments if today <= m.date <= last + SHOWN]
    shown = sorted({*(first + timedelta(days=n) for n in range(SHOWN.days + 1)), *near})
    supply, cells = _cells(dorpshuis, shown, moments)
    chosen = [cells[m] for m in moments if cells[m].bookable_by_house]
    dropped = [why_not(cells[m], dorpshuis) for m in moments if not cells[m].bookable_by_house]
    kind, tariffs = _tariffs(supply, chosen, tariff)
    prices = {c.moment: price_on(supply.tariffs, kind, c.moment.date, by_guest=False) or 0 for c in chosen}
    free = free_one(prices) if by_trial else None
    return Grid(
        days=_days(cells, shown, {cell.moment for cell in chosen}, dorpshuis, _to_wait_for(dorpshuis, supply, cells)),
        first_day=first,
        earlier=max(first - SHOWN, today) if first > today else None,
        later=first + SHOWN + timedelta(days=1) if first + SHOWN < last else None,
        chosen=chosen if tariffs else [],
        dropped=dropped if tariffs or not chosen else [*dropped, str(NO_PRICE)],
        tariffs=tariffs,
        tariff=kind,
        total_cents=sum(cents for moment, cents in prices.items() if moment != free),
        by_trial=free is not None,
    )


def _cells(dorpshuis: Dorpshuis, shown: list[date], moments: tuple[Moment, ...]) -> tuple[Supply, dict[Moment, Cell]]:
    """What the house offers on these days, and how each dagdeel of them and each of the moments stands now."""
    now = clock.now()
    supply = supplies([dorpshuis], min(shown), max(shown))[dorpshuis.pk]
    occupied = taken([dorpshuis.pk], min(shown), max(shown), now)[dorpshuis.pk]
    wanted = _all_moments(shown, moments)
    return supply, {m: cell_at(supply, m, occupied.get(m, ()), now, known_guest=True) for m in wanted}


def _to_wait_for(dorpshuis: Dorpshuis, supply: Supply, cells: dict[Moment, Cell]) -> set[Moment]:
    """The dagdelen for which somebody can be put on the waiting list."""
    if not messages_of(dorpshuis).waiting_list:
        return set()
    now = clock.now()
    return {moment for moment, cell in cells.items() if can_wait(supply, cell, now, known_guest=True, by_house=True)}


def _days(
    cells: dict[Moment, Cell], shown: list[date], picked: set[Moment], dorpshuis: Dorpshuis, full: set[Moment]
) -> list[GridDay]:
    """The days on which the house ever is open, each with the dagdelen that the house has at all."""
    parts = [part for part in Dagdeel if any(_scheduled(cells[Moment(day, part)]) for day in shown)]
    open_days = [day for day in shown if any(_scheduled(cells[Moment(day, part)]) for part in parts)]
    return [
        GridDay(
            day, [_choice(cells[Moment(day, part)], dorpshuis, picked, full) for part in parts], Week.of(day) != week
        )
        for week, day in zip([None, *map(Week.of, open_days)], open_days, strict=False)
    ]


NO_PRICE = gettext_lazy("Deze dagen hebben samen geen prijs die klopt. Boek ze apart.")


def _scheduled(cell: Cell) -> bool:
    """Whether the week has this dagdeel at all: what never is open need not be shown."""
    return cell.closed not in (Closed.WEEKDAY, Closed.DAGDEEL)


def _all_moments(days: Iterable[date], moments: Iterable[Moment]) -> set[Moment]:
    return {Moment(day, part) for day in days for part in Dagdeel} | set(moments)


def _choice(cell: Cell, dorpshuis: Dorpshuis, chosen: set[Moment], full: set[Moment]) -> Choice:
    words = wording.places_words(cell) if cell.bookable_by_house else wording.status_words(_as_full(cell))
    why = "" if cell.bookable_by_house else wording.reason(_as_full(cell), policy_of(dorpshuis))
    return Choice(cell, words, why, cell.moment in chosen, cell.moment in full)


def _as_full(cell: Cell) -> Cell:
    """For the house a dagdeel that runs or is by phone is an ordinary one: without a free desk it is full."""
    return replace(cell, status=Status.VOL) if cell.status in (Status.BELLEN, Status.TE_LAAT) else cell


def why_not(cell: Cell, dorpshuis: Dorpshuis) -> str:
    """A whole sentence on why the house can't book this dagdeel."""
    return wording.why_not(_as_full(cell), dorpshuis, policy_of(dorpshuis))


def _tariffs(supply: Supply, chosen: list[Cell], asked: str) -> tuple[str, list[TariffChoice]]:
    """All kinds of the house that hold on all chosen days (else today), and which of them is chosen."""
    days = sorted({cell.moment.date for cell in chosen}) or [clock.today()]
    kinds = choosable_kinds(supply.tariffs, days, by_guest=False)
    usual = usual_kind(supply.tariffs, *days) or next(iter(kinds), "")
    kind = asked if asked in kinds else usual
    choices = []
    for other in kinds:
        cents = price_on(supply.tariffs, other, days[0], by_guest=False) or 0
        choices.append(TariffChoice(other, wording.tariff_words(other), cents, other == kind))
    return kind, choices


def nearest_free(supply: Supply, occupied: Taken, moment: Moment, most: int) -> list[Cell]:
    """The free dagdelen from the day of this one on, or from today: what to propose when it can't go on."""
    now = clock.now()
    day = max(moment.date, now.date())
    found: list[Cell] = []
    while day <= last_bookable_day(supply.policy, now) and len(found) < most:
        for part in Dagdeel:
            cell = cell_at(supply, Moment(day, part), occupied.get(Moment(day, part), ()), now, known_guest=True)
            if cell.bookable_by_house:
                found.append(cell)
        day += timedelta(days=1)
    return found[:most]
