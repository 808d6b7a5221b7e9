"""Real work for who looks at the day of a house: guests today, and one of the last open day to be asked about."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bookings.domain.availability import Supply, open_desks, opening_on
from bookings.domain.dagdelen import Dagdeel, Moment, local
from portal.demo.data.spec import MIDDAG, OCHTEND, HouseSpec, Person
from portal.demo.data.wishes import Wish

FAR = 20
BOOKED_AHEAD = timedelta(days=12)
# Shares of an ending, see `bookings.payment`: of this one nobody wrote down a payment.
UNPAID, PAID = 0.01, 0.5

ANNEKE = Person("anneke", "Anneke Hofstee", "anneke.hofstee@voorbeeld.example", "+31521161718", "7991", source="buren")
HILBRAND = Person("hilbrand", "Hilbrand Smit", "", "+31521171819", "7981", target_group="zzp")
TOM = Person("tom", "Tom Bakker", "tom.bakker@voorbeeld.example", "", "7963", target_group="student")
# Who comes when: on the day itself as far as there is room, and on the open day before it.
TODAY = ((ANNEKE, OCHTEND), (HILBRAND, MIDDAG), (TOM, OCHTEND))
BEFORE = ((TOM, OCHTEND, "unticked", PAID), (HILBRAND, OCHTEND, "used", UNPAID))


def wishes(house: HouseSpec, supply: Supply, now: datetime) -> Iterator[Wish]:
    """The guests of today (or of the next open day) and of the open day before today."""
    if not house.on_stage:
        return
    if day := _open_day(supply, now.date(), 1):
        for person, dagdeel in TODAY:
            yield _wish(person, day, dagdeel, "used", PAID)
    if day := _open_day(supply, now.date() - timedelta(days=1), -1):
        for person, dagdeel, ending, share in BEFORE:
            yield _wish(person, day, dagdeel, ending, share)


def _wish(person: Person, day: date, dagdeel: str, ending: str, share: float) -> Wish:
    return Wish(person, day, (dagdeel,), local(day - BOOKED_AHEAD, time(9, 30)), ending, share)


def _open_day(supply: Supply, first: date, step: int) -> date | None:
    """The first day from this one on, or back, on which the house has desks in the morning."""
    days = (first + timedelta(days=n * step) for n in range(FAR))
    return next((day for day in days if _has_desks(supply, Moment(day, Dagdeel.OCHTEND))), None)


def _has_desks(supply: Supply, moment: Moment) -> bool:
    opening = opening_on(supply, moment)
    return opening is not None and bool(open_desks(supply, moment, opening)[0])
