"""Random histories of a house: what was offered, closed, booked, given back, walked in, held and deleted."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from bookings.actions.forget import forget
from bookings.models import Booking, Guest, Reservation, StandingPlace
from bookings.refusals import Refused
from portal.base.log import SYSTEM
from tests.factories import HOURS, at, make_desks, make_house, make_room
from villages.models import Closure, Desk, Dorpshuis, Opening, Room

PARTS = ("ochtend", "middag", "avond")
START, END = date(2026, 10, 1), date(2026, 11, 30)
DAYS = (END - START).days
State = Booking.State

DAY = st.integers(0, DAYS)
PART = st.sampled_from(PARTS)


@dataclass(frozen=True)
class Booked:
    """What became of a slot: the states of its rows, in order; only the last can occupy."""

    day: int
    part: str
    desk: int
    guest: int
    states: tuple[str, ...]
    tariff: str
    paid: str
    standing: bool
    outside: bool


BOOKED = st.builds(
    Booked,
    day=DAY,
    part=PART,
    desk=st.integers(0, 4),
    guest=st.integers(0, 9),
    states=st.sampled_from(
        [
            ("booked",),
            ("booked",),
            ("used",),
            ("used",),
            ("used",),
            ("no_show",),
            ("late_cancelled",),
            ("cancelled",),
            ("house_cancelled",),
            ("held",),
            ("retaken", "used"),
            ("retaken", "late_cancelled"),
            ("cancelled", "no_show"),
        ]
    ),  # fmt: skip
    tariff=st.sampled_from(["standaard", "standaard", "maatschappelijk", "gratis"]),
    paid=st.sampled_from(["", "pin", "cash", "waived"]),
    standing=st.sampled_from([False, False, True]),
    outside=st.booleans(),
)


@dataclass(frozen=True)
class Shut:
    """A closure from a day on, for so many days; of everything, a room or a desk; made and taken back on days."""

    day: int
    days: int
    parts: frozenset[str]
    what: str
    made: int
    reopened: int | None


SHUT = st.builds(
    Shut,
    day=DAY,
    days=st.integers(0, 6),
    parts=st.frozensets(PART, min_size=1),
    what=st.sampled_from(["house", "room", "desk"]),
    made=st.integers(-40, 3),
    reopened=st.none() | st.integers(0, 5),
)


@dataclass(frozen=True)
class History:
    """All that happened."""

    booked: list[Booked]
    shut: list[Shut]
    # On which days the week changes, a desk goes, one of its name comes; which guests are deleted in the end.
    weeks: list[tuple[int, int, str]]
    gone: list[tuple[int, int]]
    deleted: frozenset[int]


HISTORY = st.builds(
    History,
    booked=st.lists(BOOKED, min_size=15, max_size=60),
    shut=st.lists(SHUT, max_size=3),
    weeks=st.lists(st.tuples(DAY, st.integers(0, 6), PART), max_size=4),
    gone=st.lists(st.tuples(DAY, st.integers(0, 4)), max_size=2),
    deleted=st.frozensets(st.integers(0, 9), max_size=3),
)


def make_history(history: History) -> Dorpshuis:
    """A house with five desks in two rooms, open on workdays, to which all of this happened."""
    house = make_house(desks=3, parts=())
    upstairs = make_room(house, "Zolder")
    make_desks(upstairs, 2)
    desks = list(Desk.objects.filter(room__dorpshuis=house).order_by("pk"))
    _offer(house, upstairs, desks, history)
    for one in history.shut:
        _close(house, upstairs, desks, one)
    guests = [
        Guest.objects.create(
            dorpshuis=house,
            name=f"Gast {n}",
            email=f"gast-{n}@voorbeeld.example" if n % 3 == 0 else "",
            phone=f"+3161234567{n}" if n % 3 == 1 else "",
        )
        for n in range(10)
    ]
    _book(house, desks, guests, history.booked)
    for number in history.deleted:
        try:
            forget(guests[number], SYSTEM)
        except Refused:
            continue
    return house


def _offer(house: Dorpshuis, upstairs: Room, desks: list[Desk], history: History) -> None:
    lines = {
        (weekday, part): _line(house, weekday, part, date(2020, 1, 1)) for weekday in range(5) for part in PARTS[:2]
    }
    for number, weekday, part in sorted(history.weeks):
        day = START + timedelta(days=number)
        old = lines.get((weekday, part))
        if old is not None and old.valid_from < day:
            Opening.objects.filter(pk=old.pk).update(valid_until=day - timedelta(days=1))
        if old is None or number % 3 == 0:
            lines[weekday, part] = _line(house, weekday, part, day)
            if number % 2:
                lines[weekday, part].rooms.set([upstairs])
    for number, which in history.gone:
        day = START + timedelta(days=number)
        desk = desks[which]
        if Desk.objects.get(pk=desk.pk).valid_until is None:
            Desk.objects.filter(pk=desk.pk).update(valid_until=day)
            Desk.objects.create(room=desk.room, name=desk.name, valid_from=day + timedelta(days=3))


def _line(house: Dorpshuis, weekday: int, part: str, first: date) -> Opening:
    begin, end = next(hours for name, hours in HOURS.items() if name.value == part)
    found, _ = Opening.objects.get_or_create(
        dorpshuis=house, weekday=weekday, dagdeel=part, valid_from=first, defaults={"begin": begin, "end": end}
    )
    return found


def _close(house: Dorpshuis, upstairs: Room, desks: list[Desk], one: Shut) -> None:
    first = START + timedelta(days=one.day)
    made = datetime.combine(first + timedelta(days=one.made), time(15), tzinfo=at(first, 0).tzinfo)
    row = Closure.objects.create(
        dorpshuis=house,
        first_day=first,
        last_day=first + timedelta(days=one.days),
        reason="dorpsfeest",
        room=upstairs if one.what == "room" else None,
        created_at=made,
        reopened_at=None if one.reopened is None else made + timedelta(days=one.reopened, hours=1),
        **{part: part in one.parts for part in PARTS},
    )
    if one.what == "desk":
        row.desks.set(desks[:2])


def _book(house: Dorpshuis, desks: list[Desk], guests: list[Guest], found: list[Booked]) -> None:
    used = set()
    for one in found:
        slot = (one.day, one.part, one.desk)
        if slot in used:
            continue
        used.add(slot)
        reservation = _reservation(house, guests[one.guest], one)
        standing = _standing(house, reservation, one) if one.standing else None
        for state in one.states:
            Booking.objects.create(
                dorpshuis=house,
                reservation=reservation,
                desk=desks[one.desk],
                date=START + timedelta(days=one.day),
                dagdeel=one.part,
                state=state,
                price_cents=0 if one.tariff == "gratis" else 750,
                tariff=one.tariff,
                paid_how=one.paid if state == one.states[-1] else "",
                standing=standing if state == one.states[-1] else None,
                walk_in=one.outside and state == "used",
                outside_offer=one.outside and state == "used",
                held_until=at(END, 12) if state == State.HELD else None,
            )


def _reservation(house: Dorpshuis, guest: Guest, one: Booked) -> Reservation:
    group = Reservation.TargetGroup.ASSOCIATION if one.desk == 1 else ""
    return Reservation.objects.create(
        dorpshuis=house, guest=guest, name=guest.name, email=guest.email, tariff=one.tariff, target_group=group
    )


def _standing(house: Dorpshuis, reservation: Reservation, one: Booked) -> StandingPlace:
    return StandingPlace.objects.create(
        dorpshuis=house, reservation=reservation, weekday=0, dagdeel=one.part, first_day=START, last_day=END
    )
