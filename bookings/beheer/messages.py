"""What to say on the phone, per entry of the call list: true now, as a mail is composed when it is sent."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from bookings import wording
from bookings.beheer.grid import nearest_free
from bookings.beheer.spoken import SpokenLine, spoken_lines, ways_in
from bookings.domain.availability import Supply, cell_at, last_bookable_day
from bookings.domain.dagdelen import Moment, parse_day
from bookings.models import Booking, CallEntry, Reservation, StandingPlace, Waiting
from bookings.queries import Taken, policy_of, supplies, taken
from portal.base import clock
from portal.base.words import in_zin
from villages.models import AccessWay, Closure, Dorpshuis

Kind = CallEntry.Kind
State = Booking.State
MOST_ALTERNATIVES = 2
# Of all that a guest booked for one day, whatever the reservations; their keys end with the day.
OF_A_DAY = (Kind.REMINDER, Kind.WAY_IN)
OVER = gettext_lazy("het dagdeel is al voorbij.")
NOTHING_LEFT = gettext_lazy("alles is intussen afgezegd.")
STANDS_AGAIN = gettext_lazy("de boeking staat weer.")


@dataclass(frozen=True)
class Alternative:
    """A dagdeel with a free desk, in words, and the page that books it for this guest."""

    words: str
    url: str


@dataclass(frozen=True)
class Said:
    """What an entry says now: its dagdelen, what stands besides; `not_needed` tells why nobody has to call."""

    lines: list[SpokenLine] = field(default_factory=list)
    standing: list[SpokenLine] = field(default_factory=list)
    before: list[SpokenLine] = field(default_factory=list)
    closure: Closure | None = None
    day: date | None = None
    pattern: str = ""
    moment: Moment | None = None
    until: datetime | None = None
    by_house: bool = False
    not_needed: str | Promise = ""

    @property
    def total_cents(self) -> int:
        """What she owes for these dagdelen."""
        return sum(line.booking.due_cents for line in self.lines)


@dataclass(frozen=True)
class House:
    """What is read once for all entries of a page."""

    dorpshuis: Dorpshuis
    supply: Supply
    occupied: Taken
    ways: list[AccessWay]

    def alternatives(self, reservation: Reservation, said: Said) -> list[Alternative]:
        """The nearest free dagdelen that she has not booked, when the house called hers off."""
        lost = [line.booking for line in said.lines if line.booking.proposal == Booking.Proposal.OTHER_DAY]
        if not lost or not (said.by_house or said.closure):
            return []
        hers = {line.booking.moment for line in said.standing}
        cells = nearest_free(self.supply, self.occupied, lost[0].moment, MOST_ALTERNATIVES + len(hers))
        free = [cell.moment for cell in cells if cell.moment not in hers][:MOST_ALTERNATIVES]
        return [Alternative(wording.when_words(moment), booking_url(reservation, moment)) for moment in free]

    def has_place(self, moment: Moment) -> bool:
        """Whether the house can book this dagdeel now."""
        cell = cell_at(self.supply, moment, self.occupied.get(moment, ()), clock.now(), known_guest=True)
        return cell.bookable_by_house


@dataclass(frozen=True)
class Facts:
    """What is known of one entry: all bookings of its reservation, in order."""

    entry: CallEntry
    lines: list[SpokenLine]
    house: House

    @property
    def standing(self) -> list[SpokenLine]:
        return [line for line in self.lines if line.can_cancel]

    def number(self, place: int) -> int:
        """A number in the entry's key, such as that of the closure; 0 when there is none."""
        part = [*self.entry.key.split(":"), "", "", ""][place]
        return int(part) if part.isascii() and part.isdecimal() else 0

    @property
    def day(self) -> date | None:
        """The day with which the entry's key ends; None when it ends with something else."""
        return _last_day(self.entry)

    def called_off(self) -> list[SpokenLine]:
        """What the closure of this entry called off and did not come back."""
        closure = self.number(1)
        off = [line for line in self.lines if line.booking.state == State.HOUSE_CANCELLED]
        return [line for line in off if line.booking.closure_id == closure]


def read_house(dorpshuis: Dorpshuis, days: Collection[date]) -> House:
    """The house's offer on these days and in its booking window, and how to get in. Six queries."""
    now = clock.now()
    last = last_bookable_day(policy_of(dorpshuis), now)
    supply = supplies([dorpshuis], min([now.date(), *days]), max([last, *days]))[dorpshuis.pk]
    occupied = taken([dorpshuis.pk], now.date(), last, now)[dorpshuis.pk]
    return House(dorpshuis, supply, occupied, list(dorpshuis.access_ways.all()))


def facts_of(dorpshuis: Dorpshuis, entries: Collection[CallEntry]) -> list[Facts]:
    """What is known of these entries: seven queries for any number of them."""
    found: defaultdict[int, list[Booking]] = defaultdict(list)
    where = Q(reservation__in=[entry.reservation_id for entry in entries])
    for entry in entries:
        if day := _day_of(entry):
            where |= Q(reservation__guest=entry.reservation.guest_id, date=day)
    rows = list(Booking.objects.filter(where).select_related("closure", "reservation").in_order())
    for row in rows:
        found[row.reservation_id].append(row)
    house = read_house(dorpshuis, {row.date for row in rows})
    spoken = {pk: spoken_lines(mine[0].reservation, mine, house.supply) for pk, mine in found.items()}
    every = [line for lines in spoken.values() for line in lines]
    return [Facts(entry, _lines_of(entry, spoken, every), house) for entry in entries]


def _day_of(entry: CallEntry) -> date | None:
    """The day that such an entry is about, of all that its guest booked; None for one about a reservation."""
    return _last_day(entry) if entry.kind in OF_A_DAY else None


def _last_day(entry: CallEntry) -> date | None:
    try:
        return parse_day(entry.key.rsplit(":", 1)[-1])
    except ValueError:
        return None


def _lines_of(entry: CallEntry, spoken: dict[int, list[SpokenLine]], every: list[SpokenLine]) -> list[SpokenLine]:
    day = _day_of(entry)
    if day is None:
        return spoken.get(entry.reservation_id, [])
    guest = entry.reservation.guest_id
    mine = [line for line in every if (line.booking.date, line.booking.reservation.guest_id) == (day, guest)]
    return sorted(mine, key=lambda line: (line.booking.moment, line.booking.pk))


def booking_url(reservation: Reservation, moment: Moment | None = None) -> str:
    """The page that books for this guest, with this dagdeel and her own price chosen."""
    guest = reservation.guest
    query = [] if guest.emptied_at else [("gast", str(guest.merged_into_id or guest.pk))]
    query += [("dagdeel", str(moment)), ("tarief", reservation.tariff)] if moment else []
    return f"{reverse('phone-booking', args=[reservation.dorpshuis.slug])}?{urlencode(query, safe=':')}"


def said(facts: Facts) -> Said:
    """What this entry says now."""
    return _SAID[Kind(facts.entry.kind)](facts)


def _confirmation(facts: Facts) -> Said:
    if facts.standing:
        return Said(facts.standing)
    still = [line for line in facts.lines if line.stands]
    return Said(still, not_needed=OVER if still else NOTHING_LEFT)


def _cancellation(facts: Facts) -> Said:
    first = next((line.booking for line in facts.lines if line.booking.pk == facts.number(2)), None)
    if first is None or first.cancelled_at is None:
        return Said(facts.standing, not_needed=STANDS_AGAIN)
    same_act = [
        line
        for line in facts.lines
        if line.booking.cancelled_at == first.cancelled_at
        and line.booking.state in State.cancelled
        and line.booking.closure_id is None
    ]
    nothing_due = not any(line.booking.due_cents for line in same_act)
    over = nothing_due and all(line.is_over for line in same_act)
    by_house = first.state == State.HOUSE_CANCELLED
    return Said(same_act, facts.standing, by_house=by_house, not_needed=OVER if over else "")


def _called_off(facts: Facts) -> Said:
    off = facts.called_off()
    if not off:
        return Said(facts.standing, not_needed=STANDS_AGAIN if facts.standing else NOTHING_LEFT)
    coming = [line for line in off if not line.is_over]
    return Said(coming or off, facts.standing, closure=off[0].booking.closure, not_needed="" if coming else OVER)


def _change(facts: Facts) -> Said:
    came_from = {line.booking.changed_from_id for line in facts.standing}
    before = [line for line in facts.lines if line.booking.pk in came_from]
    return Said(facts.standing, before=before, not_needed="" if facts.standing else NOTHING_LEFT)


def _undone(facts: Facts) -> Said:
    """What stands now: it goes on after all, or at another time."""
    return Said(facts.standing, not_needed="" if facts.standing else NOTHING_LEFT)


def _reopened(facts: Facts) -> Said:
    off = facts.called_off()
    free = [line for line in off if not line.is_over and facts.house.has_place(line.booking.moment)]
    if free:
        return Said(free, facts.standing, closure=free[0].booking.closure)
    why = (
        STANDS_AGAIN if not off else OVER if all(line.is_over for line in off) else gettext("er is dan geen plek meer.")
    )
    return Said(off, facts.standing, not_needed=why)


def _undelivered(facts: Facts) -> Said:
    off = [line for line in facts.lines if line.booking.state == State.HOUSE_CANCELLED and not line.is_over]
    return Said(off, facts.standing) if facts.standing or off else _waits(facts)


def _waits(facts: Facts) -> Said:
    """For what she waits, and until when a desk is held for her; when she has nothing booked."""
    wait = Waiting.objects.filter(reservation=facts.entry.reservation_id).first()
    if wait is None:
        return Said(not_needed=gettext("er staat niets meer geboekt."))
    if not wait.is_listed or wait.date < clock.today():
        return Said(not_needed=gettext("je gast staat niet meer op de wachtlijst."))
    in_turn = wait.turn_until is not None and clock.now() < wait.turn_until
    until = clock.local(wait.turn_until) if in_turn and wait.turn_until else None
    return Said(pattern=in_zin(wording.when_words(wait.moment)), moment=wait.moment, until=until)


def _standing(facts: Facts) -> Said:
    """What was agreed, or that it ends soon: the same is known of both."""
    place = StandingPlace.objects.running(clock.today()).filter(reservation=facts.entry.reservation_id).first()
    if place is None:
        return Said(facts.standing, not_needed=gettext("deze vaste plek is gestopt."))
    names_end = facts.entry.kind in (Kind.STANDING_END, Kind.LONGER)
    other_end = names_end and not facts.entry.key.endswith(f":{place.last_day}")
    going_on = gettext("deze vaste plek gaat door.") if other_end else ""
    words = wording.pattern_words(place.pattern)
    return Said(facts.standing, day=place.last_day, pattern=words, not_needed=going_on)


def _stopped(facts: Facts) -> Said:
    """That it ends sooner, and the dates that no longer go on."""
    place = StandingPlace.objects.filter(reservation=facts.entry.reservation_id).first()
    if place is None or not facts.entry.key.endswith(f":{place.last_day}"):
        return Said(facts.standing, not_needed=gettext("er is iets anders afgesproken."))
    off = [line for line in facts.lines if line.booking.state == State.HOUSE_CANCELLED and not line.is_over]
    gone = [line for line in off if line.booking.closure_id is None and line.booking.date > place.last_day]
    return Said(gone, facts.standing, day=place.last_day, pattern=wording.pattern_words(place.pattern))


def _clash(facts: Facts) -> Said:
    day = facts.day
    if day is None:
        return Said(facts.standing, not_needed=NOTHING_LEFT)
    if any(line.booking.date == day and line.booking.standing_id for line in facts.lines):
        return Said(day=day, not_needed=gettext("er is intussen een bureau vrij."))
    return Said([], facts.standing, day=day, not_needed=OVER if day < clock.today() else "")


def _unused(facts: Facts) -> Said:
    since = facts.day
    if since is None:
        return Said(facts.standing, not_needed=NOTHING_LEFT)
    missed = [line for line in facts.lines if line.booking.state == State.NO_SHOW and line.booking.date >= since]
    came = any(line.booking.state == State.USED and line.booking.date >= since for line in facts.lines)
    return Said(missed, not_needed=gettext("de vaste plek wordt weer gebruikt.") if came else "")


def _reminder(facts: Facts) -> Said:
    """What she has coming on that day; of use as long as she can still cancel something of it for nothing."""
    if not facts.standing:
        return Said(facts.standing, not_needed=OVER if any(line.stands for line in facts.lines) else NOTHING_LEFT)
    in_time = any(line.free_until for line in facts.standing)
    return Said(facts.standing, not_needed="" if in_time else gettext("gratis annuleren kan niet meer."))


def _place_free(facts: Facts) -> Said:
    """Her turn on the waiting list: as long as the house can book it for her, also after her turn."""
    wait = Waiting.objects.filter(reservation=facts.entry.reservation_id).first()
    if wait is None or wait.state not in (Waiting.State.CALLED, Waiting.State.PASSED):
        return Said(not_needed=gettext("je gast staat niet meer op de wachtlijst."))
    has_place = facts.house.has_place(wait.moment)
    none = "" if has_place else gettext("er is dan geen plek meer.")
    return Said(pattern=in_zin(wording.when_words(wait.moment)), moment=wait.moment, not_needed=none)


_SAID: dict[Kind, Callable[[Facts], Said]] = {
    Kind.CONFIRMATION: _confirmation,
    Kind.CANCELLATION: _cancellation,
    Kind.CALLED_OFF: _called_off,
    Kind.CHANGE: _change,
    Kind.UNDONE: _undone,
    Kind.REOPENED: _reopened,
    Kind.UNDELIVERED: _undelivered,
    Kind.STANDING: _standing,
    Kind.STANDING_END: _standing,
    Kind.LONGER: _standing,
    Kind.STOPPED: _stopped,
    Kind.TIMES: _undone,
    Kind.CLASH: _clash,
    Kind.UNUSED: _unused,
    Kind.REMINDER: _reminder,
    Kind.WAY_IN: _confirmation,
    Kind.PLACE_FREE: _place_free,
}


def entry_ways_in(facts: Facts, told: Said) -> list[AccessWay]:
    """How to get in for what stands in this entry."""
    return ways_in(facts.house.ways, told.lines)
