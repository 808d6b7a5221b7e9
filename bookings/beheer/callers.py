"""The guests of one house, found by name or number: who is on the phone?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bookings.contact import clean_name
from bookings.models import Booking, Guest
from bookings.models.guest import GuestQuerySet, name_key
from portal.base import clock
from villages.models import Dorpshuis

MOST = 8
LONGEST = 60
# Fewer letters or digits than this would find half the village.
FEWEST = 2
MOST_COMING = 6
MOST_DIGITS = 9  # of a guest's number: more is no number of ours


@dataclass(frozen=True)
class Coming:
    """A dagdeel that she has booked: its reservation, words like "wo 25 nov ochtend", and the code if it has one."""

    booking: Booking

    @property
    def reservation_id(self) -> int:
        return self.booking.reservation_id

    @property
    def code(self) -> str:
        return self.booking.reservation.spoken_code


@dataclass(frozen=True)
class Caller:
    """A guest of this house, and what she has booked from today on."""

    guest: Guest
    coming: list[Coming] = field(default_factory=list)

    @property
    def phone(self) -> str:
        return self.guest.number_words


def find_callers(dorpshuis: Dorpshuis, text: str) -> list[Caller]:
    """At most eight guests of this house whose name or number has this in it. Two queries; none for too little."""
    found = seek(dorpshuis, text)
    return with_coming(found.order_by("name_key", "pk")[:MOST]) if found is not None else []


def seek(dorpshuis: Dorpshuis, text: str, *, by_address: bool = False) -> GuestQuerySet | None:
    """The guests of this house whose name, number or (`by_address`) e-mail has this in it; None for too little."""
    asked = clean_name(text[:LONGEST])
    # 06 12…, +31 6 12… and +31 (0)6 12… are one number: it is kept as the second.
    digits = "".join(char for char in asked.replace("(0)", "") if char.isascii() and char.isdecimal()).lstrip("0")
    known = known_guests(dorpshuis)
    if any(char.isdecimal() for char in asked) and not any(char.isalpha() for char in asked):
        return known.with_number_like(digits) if len(digits) > FEWEST else None
    folded = name_key(asked)
    if len(folded) < FEWEST:
        return None
    found = known.with_name_like(folded)
    return found | known.with_address_like(folded) if by_address else found


def caller(dorpshuis: Dorpshuis, number: str) -> Caller | None:
    """The guest of this house with this number, as it stands in an address; None when there is none."""
    if not (number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS):
        return None
    return next(iter(with_coming(known_guests(dorpshuis).filter(pk=int(number)))), None)


def with_coming(guests: Iterable[Guest]) -> list[Caller]:
    """These guests with what each of them has booked from today on. One query more."""
    rows = list(guests)
    if not rows:
        return []
    found: defaultdict[int, list[Coming]] = defaultdict(list)
    coming = Booking.objects.filter(
        reservation__guest__in=rows, date__gte=clock.today(), state=Booking.State.BOOKED
    ).select_related("reservation")
    for row in coming.in_order():
        found[row.reservation.guest_id].append(Coming(row))
    return [Caller(guest, found[guest.pk][:MOST_COMING]) for guest in rows]


def known_guests(dorpshuis: Dorpshuis) -> GuestQuerySet:
    """The guests of this house who are still somebody: not emptied, not taken together with another."""
    return Guest.objects.filter(dorpshuis=dorpshuis).known()
