"""Rows to plain values, in one batch for any number of houses: always the same number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q

from bookings.domain.allocation import Slot
from bookings.domain.availability import BookingPolicy, ClosedSpan, DeskSpan, OpeningSpan, Supply, begins_at, ends_at
from bookings.domain.dagdelen import Dagdeel, Moment, local
from bookings.domain.prices import TariffSpan
from bookings.models import Booking
from villages.models import Closure, Desk, Dorpshuis, Opening, Tariff


class Taken(defaultdict[Moment, set[int]]):
    """The taken desks of each moment; in `holds` the ends of the holds among them (aware)."""

    def __init__(self) -> None:
        super().__init__(set)
        self.holds: list[datetime] = []

    def add(self, moment: Moment, desk: int, held_until: datetime | None, now: datetime) -> None:
        """Count this desk as taken, unless it was held until a time that is over."""
        if held_until is None or now < held_until:
            self[moment].add(desk)
            self.holds += [held_until] if held_until else []


def policy_of(dorpshuis: Dorpshuis) -> BookingPolicy:
    """The booking rules of this house as a plain value; no query."""
    return BookingPolicy(
        window_days=dorpshuis.window_days,
        lead_minutes=dorpshuis.lead_minutes,
        staffed_only_for_new=dorpshuis.staffed_only_for_new,
        cancel_days_before=dorpshuis.cancel_days_before,
        cancel_time=dorpshuis.cancel_time,
        order_limit=dorpshuis.order_limit,
        guest_limit=dorpshuis.guest_limit,
    )


def desk_rows(ids: Collection[int], first: date, last: date) -> list[Desk]:
    """The desks between two days with their rooms, in the house's own order. One query."""
    return list(Desk.objects.filter(room__dorpshuis__in=ids).during(first, last).select_related("room"))


def supplies(
    dorpshuizen: Iterable[Dorpshuis], first: date, last: date, rows: Iterable[Desk] | None = None
) -> dict[int, Supply]:
    """What each house offers between two days (both included), by the house's number.

    Four queries; three for who has the rows of the desks already.
    """
    houses = list(dorpshuizen)
    ids = [house.pk for house in houses]
    desks = _desks(ids, first, last) if rows is None else _spans(rows)
    openings = _openings(ids, first, last)
    closures = _closures(ids, first, last)
    tariffs = tariff_spans(ids, first, last)
    return {
        house.pk: Supply(
            takes_bookings=house.takes_bookings,
            policy=policy_of(house),
            desks=tuple(desks[house.pk]),
            openings=tuple(openings[house.pk]),
            closures=tuple(closures[house.pk]),
            tariffs=tuple(tariffs[house.pk]),
        )
        for house in houses
    }


def _desks(ids: Collection[int], first: date, last: date) -> defaultdict[int, list[DeskSpan]]:
    """The desks without what is special about them: all that a writer asks."""
    rows = Desk.objects.filter(room__dorpshuis__in=ids).during(first, last).values_list(
        "room__dorpshuis_id", "pk", "room_id", "valid_from", "room__valid_from", "valid_until", "room__valid_until",
        "is_table",
    )  # fmt: skip
    found: defaultdict[int, list[DeskSpan]] = defaultdict(list)
    for house, desk, room, begins, room_begins, ends, room_ends, is_table in rows:
        found[house].append(_span(desk, room, (begins, room_begins), (ends, room_ends), is_table=is_table))
    return found


def _spans(rows: Iterable[Desk]) -> defaultdict[int, list[DeskSpan]]:
    found: defaultdict[int, list[DeskSpan]] = defaultdict(list)
    for desk in rows:
        begins, ends = (desk.valid_from, desk.room.valid_from), (desk.valid_until, desk.room.valid_until)
        found[desk.room.dorpshuis_id].append(_span(desk.pk, desk.room_id, begins, ends, is_table=desk.is_table))
    return found


def _span(desk: int, room: int, begins: Iterable[date], ends: Iterable[date | None], *, is_table: bool) -> DeskSpan:
    """A desk is there as long as both it and its room are."""
    last = min((day for day in ends if day is not None), default=None)
    return DeskSpan(desk, room, max(begins), last, is_table)


def _openings(ids: Collection[int], first: date, last: date) -> defaultdict[int, list[OpeningSpan]]:
    rows = (
        Opening.objects.filter(dorpshuis__in=ids)
        .during(first, last)
        .order_by("pk")
        .values(
            "pk", "dorpshuis_id", "weekday", "dagdeel", "begin", "end",
            "valid_from", "valid_until", "staffed", "by_appointment", "rooms",
        )
    )  # fmt: skip
    found: defaultdict[int, list[OpeningSpan]] = defaultdict(list)
    for row, rooms in _grouped(rows, "rooms"):
        span = OpeningSpan(
            weekday=row["weekday"],
            dagdeel=Dagdeel(row["dagdeel"]),
            begin=row["begin"],
            end=row["end"],
            first_day=row["valid_from"],
            last_day=row["valid_until"],
            room_ids=rooms,
            staffed=row["staffed"],
            by_appointment=row["by_appointment"],
        )
        found[row["dorpshuis_id"]].append(span)
    return found


def _closures(ids: Collection[int], first: date, last: date) -> defaultdict[int, list[ClosedSpan]]:
    rows = (
        Closure.objects.filter(dorpshuis__in=ids)
        .shutting()
        .that_stood_since(local(first, time(0)))
        .during(first, last)
        .order_by("pk")
        .values(
            "pk", "dorpshuis_id", "first_day", "last_day", "ochtend", "middag", "avond", "reason", "room_id", "desks",
            "created_at", "reopened_at",
        )
    )  # fmt: skip
    found: defaultdict[int, list[ClosedSpan]] = defaultdict(list)
    for row, desks in _grouped(rows, "desks"):
        parts = frozenset(part for part in Dagdeel if row[part.value])
        span = ClosedSpan(
            row["first_day"],
            row["last_day"],
            parts,
            row["reason"],
            row["room_id"],
            desks,
            since=row["created_at"],
            until=row["reopened_at"],
        )
        found[row["dorpshuis_id"]].append(span)
    return found


def tariff_spans(ids: Collection[int], first: date, last: date) -> defaultdict[int, list[TariffSpan]]:
    """The tariffs that hold between two days, per house, in the order of their kinds. One query."""
    found: defaultdict[int, list[TariffSpan]] = defaultdict(list)
    rows = Tariff.objects.filter(dorpshuis__in=ids).during(first, last).order_by("pk")
    columns = rows.values_list("dorpshuis_id", "kind", "cents", "valid_from", "valid_until", "chooser")
    order = {kind: number for number, kind in enumerate(Tariff.Kind.values)}
    for house, kind, cents, begins, ends, chooser in sorted(columns, key=lambda row: order[row[1]]):
        found[house].append(TariffSpan(kind, cents, begins, ends, chooser in Tariff.Chooser.by_guests))
    return found


def _grouped(rows: Iterable[Any], many: str) -> list[tuple[Any, frozenset[int]]]:
    """Rows of a join with a many-to-many, brought back to one row with the set of the other side."""
    first_row: dict[int, Any] = {}
    others: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows:
        first_row.setdefault(row["pk"], row)
        if row[many] is not None:
            others[row["pk"]].add(row[many])
    return [(row, frozenset(others[pk])) for pk, row in first_row.items()]


def taken(
    ids: Collection[int], first: date, last: date, now: datetime, *, also: Collection[date] = ()
) -> dict[int, Taken]:
    """The taken desks per moment and house, between two days and on others; expired holds are free. One query."""
    found = {pk: Taken() for pk in ids}
    rows = (
        Booking.objects.filter(dorpshuis__in=ids)
        .occupying()
        .filter(Q(date__range=(first, last)) | Q(date__in=also))
        .values_list("dorpshuis_id", "desk_id", "date", "dagdeel", "held_until")
    )
    for house, desk, day, part, held_until in rows:
        found[house].add(Moment(day, Dagdeel(part)), desk, held_until, now)
    return found


def taken_or_late(dorpshuis_id: int, first: date, last: date, now: datetime) -> tuple[Taken, frozenset[Slot]]:
    """For who takes a slot: the taken desks between two days, and the slots that were given back late. One query."""
    occupied = Taken()
    late = set()
    rows = Booking.objects.filter(dorpshuis=dorpshuis_id).occupying_or_late().between(first, last)
    for desk, day, part, state, held_until in rows.values_list("desk_id", "date", "dagdeel", "state", "held_until"):
        moment = Moment(day, Dagdeel(part))
        if state == Booking.State.LATE_CANCELLED:
            late.add(Slot(desk, moment))
        else:
            occupied.add(moment, desk, held_until, now)
    return occupied, frozenset(late)


def given_back_late(dorpshuis_id: int, moments: Iterable[Moment]) -> set[Slot]:
    """Slots of these moments that were cancelled late and not taken again."""
    wanted = set(moments)
    rows = Booking.objects.filter(dorpshuis=dorpshuis_id, date__in={m.date for m in wanted}).given_back_late()
    return {booking.slot for booking in rows if booking.moment in wanted}


def ended_moments(dorpshuis: Dorpshuis, moments: Collection[Moment], now: datetime) -> set[Moment]:
    """Which of these are over by the house's own clock times; a moment no longer scheduled ends with its day."""
    if not moments:
        return set()
    days = [moment.date for moment in moments]
    supply = supplies([dorpshuis], min(days), max(days))[dorpshuis.pk]
    return {moment for moment in moments if now >= ends_at(supply, moment)}


def beginnings(dorpshuis: Dorpshuis, moments: Collection[Moment]) -> dict[Moment, datetime]:
    """When each of these begins by the house's own clock times; one no longer scheduled with its day."""
    if not moments:
        return {}
    days = [moment.date for moment in moments]
    supply = supplies([dorpshuis], min(days), max(days))[dorpshuis.pk]
    return {moment: begins_at(supply, moment) for moment in moments}
