"""The preview of a closing: who moves, who is called off with which choices, who hears of it and what."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext, ngettext

from bookings import wording
from bookings.beheer.closing_words import button_words, closing_words, closure_words
from bookings.closing import Plan, Times, Told
from bookings.domain.availability import Supply, ends_at
from bookings.domain.dagdelen import Moment
from bookings.mails.gone import called_off_text
from bookings.models import Booking
from bookings.proposals import Options
from bookings.queries import supplies
from portal.base import clock
from portal.base.words import HARD_SPACE
from villages.models import Closure

Proposal = Booking.Proposal


HER_LINK = "•••"


@dataclass(frozen=True)
class Choice:
    """One radio button: what the house proposes instead, with what that would be."""

    value: str
    words: str
    detail: str
    chosen: bool


@dataclass(frozen=True)
class Gone:
    """A booking that is called off, with the choices."""

    booking: Booking
    choices: list[Choice]

    @property
    def words(self) -> str:
        return wording.moment_words(self.booking.moment)


@dataclass(frozen=True)
class GuestView:
    """A guest who hears of it: her dagdelen, how and when, and per mail what it is about and its text.

    What it is about is said only where she gets more than one.
    """

    told: Told
    gone: list[Gone]
    ticked: bool
    mails: list[tuple[str, str]]

    @property
    def name(self) -> str:
        return self.told.reservation.name

    @property
    def phone(self) -> str:
        return self.told.reservation.number_words


@dataclass(frozen=True)
class Move:
    """A guest who gets another desk, without a mail."""

    name: str
    words: str
    old: str
    new: str


@dataclass(frozen=True)
class Shift:
    """A guest whose dagdelen go on at another time: each with the times that it has and gets, and how she hears it."""

    name: str
    by_mail: bool
    lines: list[tuple[str, Times]]


@dataclass(frozen=True)
class Preview:
    """All that the page shows before anything is done."""

    plan: Plan
    guests: list[GuestView]
    moves: list[Move]
    shut_already: list[str] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)

    @property
    def words(self) -> str:
        return closing_words(self.plan.closing)

    @property
    def is_closing(self) -> bool:
        """Whether something goes shut; else less is offered from a day on."""
        return self.plan.closing.cause == Closure.Cause.CLOSURE

    @property
    def gone_words(self) -> str:
        """ "Er gaan 3 boekingen niet door" """
        number = len(self.plan.called_off)
        words = ngettext("Er gaat %(number)s boeking niet door", "Er gaan %(number)s boekingen niet door", number)
        return words % {"number": number}

    @property
    def moved_words(self) -> str:
        number = len(self.moves)
        words = ngettext(
            "%(number)s boeking schuift op naar een ander bureau",
            "%(number)s boekingen schuiven op naar een ander bureau",
            number,
        )
        return words % {"number": number}

    @property
    def mail_words(self) -> str:
        number = len(self.mailed)
        words = ngettext("%(number)s gast krijgt een mail", "%(number)s gasten krijgen een mail", number)
        return words % {"number": number}

    @property
    def call_words(self) -> str:
        number = len(self.called)
        words = ngettext("%(number)s gast moet je bellen", "%(number)s gasten moet je bellen", number)
        return words % {"number": number}

    @property
    def shift_words(self) -> str:
        """ "Voor 2 gasten begint of eindigt het op een andere tijd" """
        number = len(self.shifts)
        words = ngettext(
            "Voor %(number)s gast begint of eindigt het op een andere tijd",
            "Voor %(number)s gasten begint of eindigt het op een andere tijd",
            number,
        )
        return words % {"number": number}

    @property
    def mailed(self) -> list[str]:
        """The name of each guest who gets a mail, once for a reservation."""
        told = (*self.plan.mails, *self.plan.shifted_mails)
        return list({guest.reservation.pk: guest.reservation.name for guest in told}.values())

    @property
    def called(self) -> list[str]:
        """The name of each guest who is to be phoned."""
        told = (*self.plan.calls, *self.plan.shifted_calls)
        return list({guest.reservation.pk: guest.reservation.name for guest in told}.values())

    @property
    def hits_nobody(self) -> bool:
        plan = self.plan
        return not (plan.called_off or plan.moved or plan.holds or plan.shifted)

    @property
    def hold_words(self) -> str:
        number = len(self.plan.holds)
        words = ngettext(
            "Er vervalt %(number)s plek voor de wachtlijst.",
            "Er vervallen %(number)s plekken voor de wachtlijst.",
            number,
        )
        return words % {"number": number}

    @property
    def has_choices(self) -> bool:
        """Whether another choice would make another mail."""
        return any(len(gone.choices) > 1 for guest in self.guests if guest.mails for gone in guest.gone)

    @property
    def button(self) -> str:
        return button_words(self.plan)

    @property
    def at_once(self) -> list[str]:
        """The names of who hears of it at once."""
        return [guest.name for guest in self.guests if guest.told.at_once]

    @property
    def called_off_ids(self) -> str:
        return ",".join(str(row.pk) for row in self.plan.called_off)

    @property
    def moved_ids(self) -> str:
        return ",".join(str(pk) for pk in sorted(self.plan.moves))


def preview_of(plan: Plan, chosen: Mapping[int, Proposal], called: Collection[int]) -> Preview:
    """The plan (with its options) as the page shows it, with what was chosen so far. Eight queries, whoever it hits."""
    texts = _texts(plan, chosen)
    guests = []
    for told in plan.told:
        gone = [Gone(row, _choices(plan.options[row.pk], row.moment, chosen.get(row.pk))) for row in told.rows]
        pk = told.reservation.pk
        guests.append(GuestView(told, gone, pk in called, texts.get(pk, [])))
    return Preview(plan, guests, _moves(plan), _shut_already(plan), _shifts(plan))


def _shifts(plan: Plan) -> list[Shift]:
    return [
        Shift(
            guest.reservation.name,
            guest.by_mail,
            [(wording.moment_words(row.moment), plan.times[row.pk]) for row in guest.rows],
        )
        for guest in plan.shifted
    ]


def _choices(options: Options, moment: Moment, chosen: Proposal | None) -> list[Choice]:
    details = {
        Proposal.OTHER_DAY: _day_words(options, moment),
        Proposal.OTHER_HOUSE: _house_words(options),
        Proposal.NOTHING: "",
    }
    picked = options.pick(chosen)
    return [Choice(p.value, str(p.label).capitalize(), details[p], p == picked) for p in options.choices]


def _day_words(options: Options, moment: Moment) -> str:
    if options.day == moment:
        return gettext("hetzelfde dagdeel, ander bureau")
    return wording.moment_words(options.day) if options.day else ""


def _house_words(options: Options) -> str:
    near = options.neighbour
    return f"{near.dorpshuis}, {wording.km_words(near.km).replace(' ', HARD_SPACE)}" if near else ""


def _moves(plan: Plan) -> list[Move]:
    if not plan.moved:
        return []
    rooms = plan.dorpshuis.rooms.prefetch_related("desks")
    names = {desk.pk: desk.name for room in rooms for desk in room.desks.all()}
    return [
        Move(row.reservation.name, wording.moment_words(row.moment), row.desk.name, names[plan.moves[row.pk]])
        for row in plan.moved
    ]


def _shut_already(plan: Plan) -> list[str]:
    """What else is closed in these days."""
    if plan.closing.cause != Closure.Cause.CLOSURE:
        return []
    rows = Closure.objects.filter(dorpshuis=plan.dorpshuis).shutting().standing()
    rows = rows.during(plan.closing.first_day, plan.closing.last_day).order_by("first_day", "pk")
    parts = plan.closing.parts
    return [
        f"{closure_words(row, [desk.name for desk in row.desks.all()])}: {row.reason}"
        for row in rows.select_related("room").prefetch_related("desks")
        if any(row.first_day <= part.last_day and part.first_day <= row.last_day for part in parts)
    ]


def _texts(plan: Plan, chosen: Mapping[int, Proposal]) -> dict[int, list[tuple[str, str]]]:
    """The mails of each guest who gets one, as they would be now, by reservation."""
    if not plan.mails or plan.around is None:
        return {}
    house = plan.dorpshuis
    prefetch_related_objects([house], "access_ways")
    standing = _standing(plan)
    days = [row.date for row in (*plan.called_off, *(row for hers in standing.values() for row in hers))]
    supply = supplies([house], min(days), max(days))[house.pk]
    now = clock.now()
    texts = {}
    for told in plan.mails:
        told.reservation.dorpshuis = house
        for row in told.rows:
            row.proposal = plan.options[row.pk].pick(chosen.get(row.pk))
        pk = told.reservation.pk
        texts[pk] = _mails(plan, told, supply, [row for row in standing[pk] if now < ends_at(supply, row.moment)])
    return texts


def _mails(plan: Plan, told: Told, supply: Supply, standing: list[Booking]) -> list[tuple[str, str]]:
    """What she reads of each closure that hits her, and which one that is when there are more."""
    each = told.per_mail(plan.closing)
    proposed = plan.around.instead_apart([hers.rows for _part, hers in each]) if plan.around else []
    found = []
    for (part, hers), instead in zip(each, proposed, strict=True):
        closure = Closure(dorpshuis=plan.dorpshuis, cause=part.cause, reason=part.reason, guest_text=part.guest_text)
        text = called_off_text(
            told.reservation, list(hers.rows), standing, closure=closure, supply=supply, instead=instead
        )
        # Her private link is hers alone, also in this house.
        text = text.replace(told.reservation.reference, HER_LINK)
        found.append((part.reason if len(each) > 1 else "", text))
    return found


def _standing(plan: Plan) -> defaultdict[int, list[Booking]]:
    """What goes on of each guest who gets a mail, by reservation; of today also what is over. One query."""
    off = {row.pk for row in plan.called_off}
    standing: defaultdict[int, list[Booking]] = defaultdict(list)
    rows = Booking.objects.filter(reservation__in=[told.reservation.pk for told in plan.mails])
    for row in rows.still_booked_from(clock.today()).exclude(pk__in=off).select_related("desk").in_order():
        standing[row.reservation_id].append(row)
    return standing
