"""The list of a day: per dagdeel who comes, who was there and who paid, as a page shows it."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from bookings import wording
from bookings.actions.walk_in import NAME
from bookings.beheer.acts import PAYING, WORDS
from bookings.domain.availability import Cell, Closed, Supply, begins_at, cells_on
from bookings.domain.dagdelen import Dagdeel, Moment, local
from bookings.domain.policy import UNDO_FOR
from bookings.domain.ticks import can_undo, opens_at
from bookings.models import Booking
from bookings.models.guest import e164
from bookings.queries import policy_of, supplies, taken
from bookings.visit import Visit
from portal.base import clock
from villages.models import Membership

PER_PAGE = 60
LOOK_AROUND = timedelta(days=14)
# When the schedule is silent: until when it is morning, and until when afternoon.
MORNING_ENDS, AFTERNOON_ENDS = time(12, 30), time(17)

State = Booking.State
NO_NAME = gettext_noop("Gast zonder naam")


@dataclass(frozen=True)
class GuestRow:
    """A booking on the list. `begins` (aware): from an hour before, it can be ticked."""

    booking: Booking
    begins: datetime
    now: datetime
    number: int = 0

    @property
    def name(self) -> str:
        name = self.booking.reservation.name or NO_NAME
        return gettext(name) if name in (NO_NAME, NAME) else name

    @property
    def phone(self) -> str:
        """Her number in words."""
        return self.booking.reservation.number_words

    @property
    def dialled(self) -> str:
        """The same as +31612345678: what a telephone dials."""
        return e164(self.booking.reservation.phone)

    @property
    def is_used(self) -> bool:
        return self.booking.state == State.USED

    @property
    def is_no_show(self) -> bool:
        return self.booking.state == State.NO_SHOW

    @property
    def is_late(self) -> bool:
        return self.booking.state == State.LATE_CANCELLED

    @property
    def is_past(self) -> bool:
        return self.booking.date < self.now.date()

    @property
    def is_first_time(self) -> bool:
        return getattr(self.booking, "first_time", False) and not self.booking.walk_in

    @property
    def can_mark(self) -> bool:
        return not self.is_late and self.now >= opens_at(self.begins)

    @property
    def is_settled(self) -> bool:
        return (self.is_used or self.is_no_show) and not self.booking.open_cents

    @property
    def hides_pay(self) -> bool:
        """Whether paying is folded away: she is not there yet, did not come, or paid."""
        return bool(self.booking.paid_how) or not (self.is_used or self.is_late)

    @property
    def marked(self) -> bool:
        """Whether it is known at what time she was ticked."""
        return (self.is_used or self.is_no_show) and self.booking.marked_at is not None

    @property
    def paid_act(self) -> str:
        """The button that says how it was paid."""
        return next((name for name, how in PAYING.items() if how == self.booking.paid_how), "")

    @property
    def paid_words(self) -> str:
        return str(WORDS.get(self.paid_act, ""))

    @property
    def mark_url(self) -> str:
        """Where its buttons lead: to its own day."""
        booking = self.booking
        return reverse("mark", args=[booking.dorpshuis.slug, booking.date.isoformat()])

    @property
    def undo(self) -> str:
        """The tick that can still be taken back; empty when there is none."""
        if not self.booking.ticks:
            return ""
        made = self.booking.ticks[-1]
        return made["id"] if can_undo(datetime.fromisoformat(made["at"]), self.now) else ""

    @property
    def version(self) -> str:
        """The booking's number and what the row shows of it, to know which rows changed."""
        row = self.booking
        return f"{row.pk}.{row.state}.{row.paid_how}.{self.undo}.{self.can_mark:d}"


@dataclass(frozen=True)
class Part:
    """A dagdeel of the day with who comes; `is_past` only on the day itself."""

    cell: Cell
    closed_words: str
    is_past: bool
    takes_walk_ins: bool
    rows: list[GuestRow] = field(default_factory=list)

    @property
    def dagdeel(self) -> str:
        return self.cell.moment.dagdeel.value

    @property
    def desks_words(self) -> str:
        return wording.desks_words(self.cell)

    @property
    def unticked(self) -> int:
        return sum(row.booking.state == State.BOOKED for row in self.rows)

    @property
    def key(self) -> str:
        """A new key for a form: two taps on it are one walk-in."""
        return secrets.token_urlsafe(12)


@dataclass(frozen=True)
class NextDay:
    """The next open day, in short: the names per dagdeel."""

    day: date
    names: dict[str, list[str]]

    @property
    def iso(self) -> str:
        return self.day.isoformat()

    @property
    def words(self) -> str:
        """ "Morgen, dinsdag 24 november" or "Maandag 30 november" """
        words = wording.day_words(self.day)
        if self.day == clock.today() + timedelta(days=1):
            return gettext("Morgen, %(day)s") % {"day": words}
        return f"{words[0].upper()}{words[1:]}"


@dataclass(frozen=True)
class DayList:
    """All that the page of a day shows."""

    day: date
    parts: list[Part]
    page: Page[Booking]
    asked: list[GuestRow]
    next_day: NextDay | None
    closed_words: str

    @property
    def is_today(self) -> bool:
        return self.day == clock.today()

    @property
    def rows(self) -> list[GuestRow]:
        """The guests in the order of the day, however the page orders its dagdelen."""
        parts = sorted(self.parts, key=lambda part: part.cell.moment)
        return [row for part in parts for row in part.rows]


def day_list(visit: Visit, shown: date, number: str = "1") -> DayList:
    """The list of this day, page `number` of it. Fifteen queries at most, however many bookings."""
    house, now = visit.dorpshuis, clock.now()
    first, last = shown - LOOK_AROUND, shown + LOOK_AROUND
    supply = supplies([house], first, last)[house.pk]
    occupied = taken([house.pk], shown, shown, now)[house.pk]
    of_house = Booking.objects.filter(dorpshuis=house).with_names()
    rows = of_house.between(shown, shown).on_the_list().with_first_time().in_order()
    page = Paginator(rows, PER_PAGE).get_page(number)
    cells = list(cells_on(supply, [shown], occupied, now, known_guest=True).values())
    closed = [wording.reason(cell, policy_of(house)) for cell in cells if not cell.offered]
    asked: list[GuestRow] = []
    if shown == now.date() and (before := last_open_day(supply, shown, now)):
        doubtful = of_house.between(before, before).asked_about(now - UNDO_FOR).in_order()[:PER_PAGE]
        asked = [row_of(supply, booking, now) for booking in doubtful]
    return DayList(
        day=shown,
        parts=_parts(visit, supply, cells, page, now),
        page=page,
        asked=asked,
        next_day=_next_day(visit, supply, shown, now),
        closed_words=_whole_day(cells, closed),
    )


def row_of(supply: Supply, booking: Booking, now: datetime, number: int = 0) -> GuestRow:
    """This booking as a row; `number` is its line on the list."""
    return GuestRow(booking, begins_at(supply, booking.moment), now, number)


def last_open_day(supply: Supply, day: date, now: datetime) -> date | None:
    """The last day before this one on which the house was open, within two weeks."""
    return next((d for n in range(1, LOOK_AROUND.days) if _open_on(supply, d := day - timedelta(days=n), now)), None)


def _open_on(supply: Supply, day: date, now: datetime) -> bool:
    return any(cell.offered for cell in cells_on(supply, [day], {}, now).values())


def _parts(visit: Visit, supply: Supply, cells: list[Cell], page: Page[Booking], now: datetime) -> list[Part]:
    """The dagdelen, those that are over last."""
    found: dict[str, list[GuestRow]] = {}
    for number, booking in enumerate(page.object_list, start=page.start_index()):
        found.setdefault(booking.dagdeel, []).append(row_of(supply, booking, now, number))
    parts = [_part(visit, cell, found.get(cell.moment.dagdeel, []), now) for cell in cells]
    return sorted(parts, key=lambda part: part.is_past)


def _part(visit: Visit, cell: Cell, rows: list[GuestRow], now: datetime) -> Part:
    is_today, here = cell.moment.date == now.date(), dagdeel_by_the_clock(now)
    if cell.begin and cell.end:
        past = now >= local(cell.moment.date, cell.end)
        has_begun = now >= opens_at(local(cell.moment.date, cell.begin))
    else:
        past, has_begun = cell.moment.dagdeel.order < here.order, cell.moment.dagdeel is here
    return Part(
        cell=cell,
        closed_words="" if cell.offered else wording.reason(cell, policy_of(visit.dorpshuis)),
        is_past=is_today and past,
        takes_walk_ins=is_today and has_begun and not past,
        rows=rows,
    )


def dagdeel_by_the_clock(now: datetime) -> Dagdeel:
    """Which dagdeel it is where the schedule does not say."""
    if now.time() < MORNING_ENDS:
        return Dagdeel.OCHTEND
    return Dagdeel.MIDDAG if now.time() < AFTERNOON_ENDS else Dagdeel.AVOND


def _whole_day(cells: list[Cell], words: list[str]) -> str:
    """Why the house is closed all day; empty when it is open."""
    if len(words) < len(cells):
        return ""
    why = [word for cell, word in zip(cells, words, strict=True) if cell.closed is Closed.CLOSURE]
    return (why or words)[0]


def _next_day(visit: Visit, supply: Supply, day: date, now: datetime) -> NextDay | None:
    ahead = (day + timedelta(days=n) for n in range(1, LOOK_AROUND.days))
    coming = next((other for other in ahead if _open_on(supply, other, now)), None)
    if coming is None:
        return None
    rows = Booking.objects.filter(dorpshuis=visit.dorpshuis).between(coming, coming).not_ticked()
    names: dict[str, list[str]] = {}
    for booking in rows.with_names().in_order()[:PER_PAGE]:
        name = booking.reservation.name
        names.setdefault(booking.dagdeel, []).append(name if runs_the_house(visit) else name.partition(" ")[0])
    open_parts = [cell.moment for cell in cells_on(supply, [coming], {}, now).values() if cell.offered]
    return NextDay(coming, {moment.dagdeel.value: names.get(moment.dagdeel, []) for moment in open_parts})


def may_see_day(visit: Visit, day: date) -> bool:
    """A host sees the names of today; who runs the house those of every day."""
    return day == clock.today() or runs_the_house(visit)


def may_tick(visit: Visit, day: date) -> bool:
    """A host ticks the guests of today, and answers for the last two weeks when she is asked."""
    return may_see_day(visit, day) or clock.today() - LOOK_AROUND < day < clock.today()


def runs_the_house(visit: Visit) -> bool:
    """Whether she does more than receive guests."""
    return bool(visit.roles & set(Membership.Role.running))


def day_url(visit: Visit, day: date) -> str:
    """Where the list of this day stands for her."""
    slug = visit.dorpshuis.slug
    return reverse("today", args=[slug]) if day == clock.today() else reverse("day", args=[slug, day.isoformat()])


def moment_on(day: date, text: str) -> Moment:
    """The dagdeel of this name on this day. Raises ValueError for any other text."""
    return Moment(day, Dagdeel(text))
