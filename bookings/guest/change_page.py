"""What the change page shows: what she has now, the week to choose from, and the change that she chose."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext, gettext_noop

from bookings import wording
from bookings.actions.trial import is_trial
from bookings.domain.availability import Cell, ends_at, last_bookable_day, opening_on
from bookings.domain.dagdelen import Dagdeel, Moment, Week
from bookings.domain.policy import booked_at_after_change, free_until
from bookings.domain.prices import kept_kind, price_on
from bookings.guest.change_wish import ChangeWish
from bookings.guest.choice import UNKNOWN_DESK, Option, desk_taken
from bookings.guest.house import CellView, Day, WeekView, hours_of
from bookings.models import Booking, Reservation
from bookings.reader import CellReader
from portal.base import clock
from villages.models import Dorpshuis

GONE = gettext_noop("Dit dagdeel is al geannuleerd, gewijzigd of voorbij. Klopt dat niet? Bel het dorpshuis.")
ALREADY_HELD = gettext_noop("Dit dagdeel heb je al in deze boeking. Kies een ander dagdeel.")
SAME_MOMENT_FULL = gettext_noop("Er is dan geen ander bureau vrij. Je eigen plek houd je. Kies een ander dagdeel.")


@dataclass(frozen=True)
class OldLine:
    """A booking that she can change; times local, `free_until` the end of changing it herself."""

    booking: Booking
    begin: time | None
    end: time | None
    free_until: datetime

    @property
    def url(self) -> str:
        return ChangeWish(old=self.booking.moment).query()


@dataclass(frozen=True)
class NewCell(CellView):
    """A cell of the week: with an address when she can choose it; `mine` says which of it is hers."""

    url: str = ""
    mine: str = ""


@dataclass(frozen=True)
class Proposal:
    """The change that she chose, worked out: price in cents, until when it can be given back for nothing."""

    moment: Moment
    begin: time | None
    end: time | None
    cents: int
    free_until: datetime | None
    desks: list[Option]

    @property
    def value(self) -> str:
        return str(self.moment)

    @property
    def promise(self) -> str:
        return wording.change_promise(self.cents)


@dataclass
class Scene:
    """The reservation as it stands, and what the house has for it. `rows` take a slot now."""

    reservation: Reservation
    rows: list[Booking]
    reader: CellReader
    notes: list[str] = field(default_factory=list)
    unknown_desk: bool = False

    @property
    def coming(self) -> list[Booking]:
        """Booked, and not over."""
        now, supply = self.reader.now, self.reader.supply
        return [r for r in self.rows if r.state == Booking.State.BOOKED and now < ends_at(supply, r.moment)]

    @property
    def changeable(self) -> list[OldLine]:
        """Coming, and still free to give back."""
        lines = []
        for row in self.coming:
            until = free_until(self.reservation, row.date, row.created_at)
            if self.reader.now < until:
                opening = opening_on(self.reader.supply, row.moment)
                begin, end = (opening.begin, opening.end) if opening else (None, None)
                lines.append(OldLine(row, begin, end, clock.local(until)))
        return lines


def change_context(reservation: Reservation, wish: ChangeWish, *, known_guest: bool) -> dict[str, Any]:
    """All that the template needs; `notes` are sentences on what was left out of the wish."""
    house = reservation.dorpshuis
    rows = list(Booking.objects.filter(reservation=reservation).occupying().select_related("desk").in_order())
    reader = CellReader.read(house, _days(rows, wish), known_guest=known_guest)
    scene = Scene(reservation, rows, reader, notes=wish.sentences)
    lines = scene.changeable
    old = _chosen_old(scene, lines, wish, house)
    proposal = _proposal(scene, old, wish, house) if old and wish.new else None
    return {
        "reservation": reservation,
        "dorpshuis": house,
        "is_public": house.status in Dorpshuis.Status.public,
        "lines": lines,
        "too_late": bool(scene.coming) and not lines,
        "old": old,
        "proposal": proposal,
        "week": _week(scene, old, proposal, wish) if old else None,
        "pay_words": wording.pay_words(house),
        "notes": scene.notes,
        "unknown_desk": scene.unknown_desk,
    }


def _days(rows: list[Booking], wish: ChangeWish) -> set[Any]:
    """The days beside the booking window that the page may show."""
    weeks = [wish.week, Week.of(wish.new.date) if wish.new else None, *(Week.of(row.date) for row in rows)]
    return {day for week in weeks if week for day in week.days}


def _chosen_old(scene: Scene, lines: list[OldLine], wish: ChangeWish, house: Dorpshuis) -> OldLine | None:
    """The booking that she wants to change: the one she names, or the only one there is."""
    if wish.old is None:
        return lines[0] if len(lines) == 1 else None
    found = next((line for line in lines if line.booking.moment == wish.old), None)
    if found is None:
        too_late = any(row.moment == wish.old for row in scene.coming)
        scene.notes.append(wording.too_late_to_change(house) if too_late else gettext(GONE))
    return found


def _proposal(scene: Scene, old: OldLine, wish: ChangeWish, house: Dorpshuis) -> Proposal | None:
    """The chosen change; None when it can't be, with a note that says why."""
    assert wish.new is not None  # noqa: S101 - asked only with a new dagdeel
    cell = scene.reader.at(wish.new)
    same = wish.new == old.booking.moment
    cents = _cents(scene, old, cell)
    if not same and any(row.moment == wish.new for row in scene.rows):
        scene.notes.append(gettext(ALREADY_HELD))
    elif not cell.bookable or cents is None:
        scene.notes.append(gettext(SAME_MOMENT_FULL) if same else wording.why_not(cell, house, scene.reader.policy))
    else:
        booked_at = booked_at_after_change(
            scene.reservation, old.booking.date, old.booking.created_at, scene.reader.now
        )
        until = clock.local(free_until(scene.reservation, cell.moment.date, booked_at))
        desks = _desk_options(scene, cell, wish.desk_id, any_desk=not same)
        return Proposal(cell.moment, cell.begin, cell.end, cents, until if scene.reader.now < until else None, desks)
    return None


def _cents(scene: Scene, old: OldLine, cell: Cell) -> int | None:
    """The new date's own price, in the tariff that the booking keeps."""
    tariffs, day = scene.reader.supply.tariffs, cell.moment.date
    kind = kept_kind(tariffs, old.booking.tariff, day)
    cents = price_on(tariffs, kind, day) if kind else None
    return 0 if cents and is_trial(old.booking) else cents


def _desk_options(scene: Scene, cell: Cell, wanted: int | None, *, any_desk: bool) -> list[Option]:
    """Any desk, and each that is free then; at the same moment only another desk makes a change."""
    desk = next((desk for desk in scene.reader.desks if desk.pk == wanted), None)
    if wanted is not None and desk is None:
        scene.unknown_desk = True
        scene.notes.append(gettext(UNKNOWN_DESK))
    elif desk is not None and desk.pk not in cell.choosable_ids:
        scene.notes.append(desk_taken(desk, cell.moment))
    options = [Option("", gettext("Maakt niet uit"), desk is None)] if any_desk else []
    free = [other for other in scene.reader.desks if other.pk in cell.choosable_ids]
    return options + [Option(str(d.pk), ", ".join([d.name, *d.traits]), d.pk == wanted) for d in free]


def _week(scene: Scene, old: OldLine, proposal: Proposal | None, wish: ChangeWish) -> WeekView:
    """The week that she asked for, else that of her choice, else the first from her booking with a free desk."""
    reader, asked = scene.reader, ChangeWish(old=old.booking.moment)
    week = wish.week or (Week.of(wish.new.date) if wish.new else _first_week(reader, old))
    chosen = proposal.moment if proposal else None
    days = [Day(day, [_cell(scene, c, asked, week, chosen) for c in reader.on(day)]) for day in week.days]
    last = Week.of(last_bookable_day(reader.policy, reader.now))
    return WeekView(
        week=week,
        days=days,
        hours=[hours_of(part, days) for part in Dagdeel],
        previous_url=asked.query(week=week.shifted(-1)) if week > Week.of(reader.now.date()) else None,
        next_url=asked.query(week=week.shifted(1)) if week < last else None,
    )


def _first_week(reader: CellReader, old: OldLine) -> Week:
    of_old = Week.of(old.booking.date)
    upcoming = reader.next_bookable(max(reader.now.date(), of_old.monday))
    return Week.of(upcoming[0].moment.date) if upcoming else of_old


def _cell(scene: Scene, cell: Cell, asked: ChangeWish, week: Week, chosen: Moment | None) -> NewCell:
    """A cell as she sees it: hers, free to choose, or shut with its reason."""
    is_old, is_mine = cell.moment == asked.old, any(row.moment == cell.moment for row in scene.rows)
    hers = gettext("Dit heb je nu") if is_old else gettext("Ook van jou")
    can_choose = cell.bookable and (is_old or not is_mine)
    return NewCell(
        cell,
        wording.status_words(cell),
        wording.reason(cell, scene.reader.policy),
        cell.moment == chosen,
        url=asked.query(week=week, new=cell.moment) if can_choose else "",
        mine=hers if is_mine else "",
    )
