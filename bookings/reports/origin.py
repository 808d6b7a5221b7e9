"""Where the guests of a quarter or a year come from, and who they are: counted at closing, hidden as far as it must be.

Never of a month: it would be of too few people, and months come out of quarters by subtraction.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop

from bookings.domain.distance import Point, distance_km
from bookings.domain.months import QUARTER, Period, Span
from bookings.domain.origin import BANDS, FAR, UNKNOWN, Home, Origin, band_of
from bookings.domain.suppression import FEW, Sheet, is_few, protect
from bookings.domain.worlds import CellName, Relation
from bookings.models import PersonSummary, Reservation
from bookings.reports.hiding import HOUSE, MUNICIPALITY, NETWORK, Place, Row, Sets
from bookings.reports.persons import DaysOf
from villages.models import Dorpshuis

POSTCODE, DISTANCE, GROUP, PEOPLE = "postcode", "distance", "group", "people"
KINDS = (POSTCODE, DISTANCE, GROUP)
DIGITS = 4

GROUPS = {
    Reservation.TargetGroup.ZZP: gettext_noop("Werkt voor zichzelf"),
    Reservation.TargetGroup.HOME_WORKER: gettext_noop("Werkt voor een baas"),
    Reservation.TargetGroup.STUDENT: gettext_noop("Studeert"),
    Reservation.TargetGroup.ASSOCIATION: gettext_noop("Komt voor een vereniging of zorg"),
    Reservation.TargetGroup.VISITOR: gettext_noop("Is op bezoek"),
    Reservation.TargetGroup.OTHER: gettext_noop("Iets anders"),
}

Counts = dict[str, dict[str, int]]  # by kind, and by postcode, distance or target group
Shown = dict[str, set[str]]  # by kind, which of them


@dataclass(frozen=True)
class Homes:
    """What is known of where people live: the postcode of a guest by number, and where a postcode is; and of who they
    are: the target group that a guest gave.

    The portal knows only where the postcodes of its own houses are; how far others are nobody can say.
    """

    postcodes: Mapping[Any, str]
    spots: Mapping[str, Point]
    groups: Mapping[Any, str]

    def home(self, person: object, houses: Iterable[Point]) -> Home:
        """Her postcode, and how far it is from the nearest of these houses."""
        postcode = self.postcodes.get(person, "")
        spot = self.spots.get(postcode)
        if spot is None:
            return UNKNOWN, postcode
        return band_of(min(distance_km(spot, one) for one in houses)), postcode

    def of_persons(self, persons: Mapping[int, str]) -> "Homes":
        """The same by the hash of a person in all houses."""
        found = {persons[guest]: postcode for guest, postcode in self.postcodes.items() if guest in persons}
        groups = {persons[guest]: group for guest, group in self.groups.items() if guest in persons}
        return Homes(found, self.spots, groups)


def homes_of(ids: Collection[int]) -> Homes:
    """What guests of these houses answered last. Three queries."""
    answers = Reservation.objects.filter(dorpshuis__in=ids).order_by("created_at", "pk")
    postcodes = answers.exclude(postcode="").values_list("guest_id", "postcode")
    groups = answers.exclude(target_group="").values_list("guest_id", "target_group")
    houses = Dorpshuis.objects.exclude(postcode="").select_related("village").order_by("-pk")
    spots = {house.postcode.strip()[:DIGITS]: house.coordinates for house in houses}
    return Homes(_last_given(postcodes), spots, _last_given(groups))


def _last_given(answers: Iterable[tuple[int, str]]) -> dict[int, str]:
    """The last answer of each guest, in the order in which those were given: of one person in two houses the last
    one in it counts.
    """
    found: dict[int, str] = {}
    for guest, value in answers:
        found.pop(guest, None)
        found[guest] = value
    return found


def origin_of(
    days: Mapping[int, DaysOf], period: Period, homes: Homes, spots: Mapping[int, Point], *, nested: bool
) -> Origin | None:
    """Where those come from who were there in this period; None of a month. `days` and `spots` by house."""
    if period.span is Span.MONTH:
        return None
    came: dict[object, list[Point]] = {}
    for house, of_house in days.items():
        for person, dates in of_house.items():
            if any(period.first <= day <= period.last for day in dates):
                came.setdefault(person, []).append(spots[house])
    counted = Counter(homes.home(person, places) for person, places in came.items())
    groups = Counter(homes.groups[person] for person in came if person in homes.groups)
    return Origin(len(came), counted, nested=nested, groups=groups)


# --- what may be shown ------------------------------------------------------------------------------------


@dataclass
class Told:
    """Of each row of a year how many people there were, where they come from, and what of that is shown."""

    people: dict[Row, int]
    counts: dict[Row, Counts]
    shown: dict[Row, Shown]
    settled: set[Row]
    sets: Sets


def as_written(
    fresh: Mapping[Row, Origin],
    unseen: Collection[Row],
    old: Mapping[Row, PersonSummary],
    groups: Mapping[Place, Collection[int]],
    apart: Collection[Row] = (),
) -> dict[Row, dict[str, Any]]:
    """What is written of where people come from, with what of it may be shown.

    `unseen`: the rows of which the number of people is not shown; `old`: what was written before of this year;
    `apart`: the rows of houses that are in no group. Of a group in a year in which that changed nothing is shown.
    """
    before = {row: one for row, one in old.items() if one.origin}
    sets = Sets({*before, *fresh}, groups, frozenset(apart))
    told = Told(
        people={row: one.unique for row, one in before.items()} | {row: one.people for row, one in fresh.items()},
        counts={row: _counts(one.origin) for row, one in before.items()}
        | {row: counts_of(one) for row, one in fresh.items()},
        shown={row: _shown(one.origin) for row, one in before.items()} | {row: _shown({}) for row in fresh},
        settled=set(before),
        sets=sets,
    )
    barred = {*unseen, *(row for row in fresh if _has_changed(row, sets))}
    seen = {row: one for row, one in fresh.items() if one.people >= FEW and row not in barred}
    for row, one in seen.items():
        told.shown[row][DISTANCE] = one.shown_distances()
        told.shown[row][GROUP] = one.shown_groups()
    _protect(DISTANCE, told)
    _protect(GROUP, told)
    for row, one in seen.items():
        told.shown[row][POSTCODE] = one.shown_postcodes(told.shown[row][DISTANCE])
    _protect(POSTCODE, told)
    return {
        row: {**told.counts[row], "shown": {kind: sorted(keys) for kind, keys in told.shown[row].items()}}
        for row in fresh
    }


def _protect(kind: str, told: Told) -> None:
    """Show no longer what would give a part of too few people away in another period, house or group.

    All postcodes (or distances, or answers) at once: what is left in a row for one says something of the others.
    """
    if not any(one[kind] for one in told.shown.values()):
        return
    keys = sorted({key for one in told.counts.values() for key in one[kind]})
    found = {row: [key for key in keys if one[kind].get(key)] for row, one in told.counts.items()}
    values: dict[CellName, int] = {(row, key): told.counts[row][kind][key] for row in found for key in found[row]}
    within = [row for row in found if found[row]]
    values |= {(row, PEOPLE): told.people[row] for row in within}
    relations = [Relation((row, PEOPLE), tuple((row, key) for key in found[row]), lower=True) for row in within]
    for key in keys:
        relations += _relations(kind, key, [row for row in found if key in found[row]], told.sets)
    # What is too few is not shown anyhow, and how many people there were is: only a part that is shown can be hidden.
    settled = [
        cell for cell, number in values.items() if is_few(number) or cell[1] == PEOPLE or cell[0] in told.settled
    ]
    sheet = Sheet(values, relations, settled=settled)
    sheet.silent = {
        (row, key) for row in found for key in found[row]
        if values[row, key] >= FEW and key not in told.shown[row][kind]
    }  # fmt: skip
    hidden = protect(sheet)
    for row in found.keys() - told.settled:
        told.shown[row][kind] -= {key for key in found[row] if (row, key) in hidden}


def _has_changed(row: Row, sets: Sets) -> bool:
    """Whether this is a group's year of which a quarter has other houses in it."""
    return bool(sets.changed(row, _quarters(*row)))


def _relations(kind: str, key: str, rows: Collection[Row], sets: Sets) -> list[Relation]:
    """A year and its quarters; a group and its houses; the network and its municipalities.

    Of a group the nearest house that somebody used counts, so a distance is no more than its parts, and may be less.
    """
    found, known = [], set(rows)
    for place, period in rows:
        each = kind != DISTANCE or place[0] == HOUSE
        for parts in _parts(place, period, sets):
            cells = tuple((row, key) for row in parts if row in known)
            if cells:
                found.append(Relation(((place, period), key), cells, upper=True, each=each))
    return found


def _parts(place: Place, period: Period, sets: Sets) -> Iterator[list[Row]]:
    if not _has_changed((place, period), sets):
        yield _quarters(place, period)
    if place in sets.groups:
        yield sets.houses((place, period))
    if place[0] == NETWORK:
        yield [(other, period) for other in sets.groups if other[0] == MUNICIPALITY]


def _quarters(place: Place, period: Period) -> list[Row]:
    return [(place, Period(one, Span.QUARTER)) for one in period.months[::QUARTER]] if period.span is Span.YEAR else []


def counts_of(origin: Origin) -> Counts:
    """All that was counted, as it is written."""
    return {POSTCODE: origin.postcodes, DISTANCE: origin.distances, GROUP: dict(origin.groups)}


def _counts(origin: Mapping[str, Any]) -> Counts:
    return {kind: dict(origin.get(kind, {})) for kind in KINDS}


def _shown(origin: Mapping[str, Any]) -> Shown:
    return {kind: set(origin.get("shown", {}).get(kind, ())) for kind in KINDS}


# --- to be shown ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """So many people from here: a postcode, a distance, or a target group. `key` is empty for who is left over."""

    key: str
    number: int

    @property
    def group(self) -> str:
        """The target group in words."""
        return gettext(GROUPS[Reservation.TargetGroup(self.key)])


@dataclass(frozen=True)
class OriginTable:
    """Where the people of a period come from and who they are, as far as it may be shown; the last part of each is who
    is left over.
    """

    period: Period
    people: int
    postcodes: list[Part]
    distances: list[Part]
    groups: list[Part]


def origin_table(scope: str, key: str, period: Period) -> OriginTable | None:
    """Of a house, municipality, operator or the network, in a quarter or year; None when nothing may be shown.

    One query.
    """
    rows = PersonSummary.objects.filter(scope=scope, key=key, span=period.span.value, first=period.first)
    row = rows.order_by("version").last()
    if row is None or not any(_shown(row.origin).values()):
        return None
    postcodes, distances, groups = (_table(kind, row) for kind in KINDS)
    return OriginTable(period, row.unique, postcodes, distances, groups)


def _table(kind: str, row: PersonSummary) -> list[Part]:
    counts, shown = _counts(row.origin)[kind], _shown(row.origin)[kind]
    order = [str(limit) for limit in BANDS] + [FAR]
    if kind == DISTANCE:
        keys = [key for key in order if key in shown]
    else:
        keys = sorted(shown, key=lambda key: (-counts[key], key))
    parts = [Part(key, counts[key]) for key in keys]
    rest = row.unique - sum(part.number for part in parts)
    return [*parts, Part("", rest)] if parts and rest else parts
