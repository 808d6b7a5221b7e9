"""Who would like to come when. Pure and reproducible: the same house and day give the same wishes.

So a later run adds only what came up since: a wish is met once the moment at which it was booked has
passed, and the reference of its reservation is made from house, day and guest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bookings.domain.dagdelen import local
from portal.demo.data import names
from portal.demo.data.spec import AVOND, MIDDAG, OCHTEND, HouseSpec, Person

GROWTH_DAYS = 425
# By month: spring and autumn are for working, summer is not.
SEASON = (0.9, 1.0, 1.05, 1.0, 0.9, 0.85, 0.45, 0.5, 1.05, 1.15, 1.15, 0.8)
# How a visit ends; the rest is ticked as used, or by nobody.
ENDINGS = (("free_cancel", 0.06), ("late_cancel", 0.035), ("no_show", 0.04))
PARTS = ((OCHTEND,), (OCHTEND,), (MIDDAG,), (MIDDAG,), (OCHTEND, MIDDAG), (AVOND,))


@dataclass(frozen=True, slots=True)
class Wish:
    """One guest, one day. `ending` and `fraction` say how it ends and how soon she cancels."""

    person: Person
    day: date
    dagdelen: tuple[str, ...]
    made_at: datetime
    ending: str
    fraction: float


def wishes(house: HouseSpec, opened: date, last: date) -> Iterator[Wish]:
    """All wishes for a house from the day it opened until `last` (included)."""
    habits, pool = (*house.people, *names.regulars(house)), names.passers_by(house)
    for number in range((last - opened).days + 1):
        day = opened + timedelta(days=number)
        dice = Random(f"{house.slug}:{day}")
        comers = [(person, person.dagdelen) for person in habits if _comes(person, day, number, dice)]
        comers += [(dice.choice(pool), dice.choice(PARTS)) for _ in range(_visits(house, day, number, dice))]
        seen: set[str] = set()
        for person, dagdelen in comers:
            wish = _wish(house, person, day, dagdelen)
            if person.key not in seen:
                yield wish
            seen.add(person.key)


def _comes(person: Person, day: date, number: int, dice: Random) -> bool:
    roll = dice.random()
    if number < person.since or day.weekday() not in person.weekdays:
        return False
    if person.sure:
        return day.toordinal() // 7 % 2 == 0
    return roll < person.chance * min(1.0, SEASON[day.month - 1])


def _visits(house: HouseSpec, day: date, number: int, dice: Random) -> int:
    """How many day guests: more as the house is better known, fewer in summer."""
    at_first, later = house.crowd.visits
    weekly = at_first + (later - at_first) * min(1.0, number / GROWTH_DAYS)
    expected = weekly * SEASON[day.month - 1] / 5
    return sum(dice.random() < expected / 4 for _ in range(4))


def _wish(house: HouseSpec, person: Person, day: date, dagdelen: tuple[str, ...]) -> Wish:
    dice = Random(f"{house.slug}:{day}:{person.key}")
    ahead = timedelta(days=dice.randint(*person.lead))
    made_at = local(day - ahead, time(dice.randint(8, 20), dice.randint(0, 59)))
    return Wish(person, day, dagdelen, made_at, _ending(house, person, dice), dice.uniform(0.05, 0.95))


def _ending(house: HouseSpec, person: Person, dice: Random) -> str:
    if person.sure:
        return "used"
    roll = dice.random()
    for ending, share in ENDINGS:
        if roll < share:
            return ending
        roll -= share
    return "unticked" if dice.random() < house.crowd.unticked else "used"
