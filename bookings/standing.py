"""What the house agrees on for a standing place, and what each date of it becomes. Values only."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from django.utils.crypto import salted_hmac

from bookings.domain.dagdelen import Moment
from bookings.domain.standing import WRITTEN_BEYOND, Pattern
from bookings.models import Booking, StandingPlace
from villages.models import Desk, Dorpshuis

# Between the organisation and the name of who holds a standing place.
BETWEEN = " · "


@dataclass(frozen=True)
class Wish:
    """What the house wants to agree on. `phone` as +31612345678; `desk` None: any; `form`: which form it was."""

    pattern: Pattern
    organisation: str
    name: str
    email: str = ""
    phone: str = ""
    desk: Desk | None = None
    tariff: str = "gratis"
    language: str = "nl"
    form: str = ""

    @property
    def who(self) -> str:
        """The holder as the house's lists name her: `Politie · Sanne Kuipers`."""
        return BETWEEN.join(part for part in (self.organisation, self.name) if part)


class Fate(StrEnum):
    """What a date becomes."""

    FITS = "fits"
    MOVES = "moves"
    TAKEN = "taken"
    CLOSED = "closed"
    NOT_SCHEDULED = "not_scheduled"
    HOLIDAY = "holiday"
    OVER = "over"


@dataclass(frozen=True)
class Dated:
    """A date of a standing place. `rival`: who has the desk; she moves to `rival_to`, or (TAKEN) keeps it."""

    moment: Moment
    fate: Fate
    desk_id: int | None = None
    cents: int = 0
    tariff: str = ""
    reason: str = ""
    rival: Booking | None = None
    rival_to: int | None = None

    @property
    def is_written(self) -> bool:
        """Whether it becomes a booking."""
        return self.fate in (Fate.FITS, Fate.MOVES)

    @property
    def shown(self) -> list[object]:
        """The same as texts and numbers."""
        rival = self.rival and self.rival.pk
        return [str(self.moment), self.fate, self.desk_id, self.cents, self.tariff, rival, self.rival_to]


@dataclass(frozen=True)
class StandingPlan:
    """What agreeing does up to the day until which dates are written."""

    dorpshuis: Dorpshuis
    wish: Wish
    through: date
    dates: list[Dated] = field(default_factory=list)

    @property
    def written(self) -> list[Dated]:
        return [dated for dated in self.dates if dated.is_written]

    @property
    def moves(self) -> dict[int, int]:
        """Bookings that make room, and the desks that they go to."""
        return {d.rival.pk: d.rival_to for d in self.dates if d.fate is Fate.MOVES and d.rival and d.rival_to}

    @property
    def taken(self) -> list[Dated]:
        return [dated for dated in self.dates if dated.fate is Fate.TAKEN]

    @property
    def fingerprint(self) -> str:
        """A keyed hash of all that the preview shows: 64 hexadecimal digits; another plan, another one."""
        wish, pattern = self.wish, self.wish.pattern
        shown = [
            [self.dorpshuis.pk, wish.organisation, wish.name, wish.email, wish.phone, wish.tariff, wish.language],
            [pattern.weekday, pattern.dagdeel, str(pattern.first_day), str(pattern.last_day), pattern.every],
            [pattern.skip_holidays, wish.desk and wish.desk.pk, str(self.through)],
            [dated.shown for dated in self.dates],
        ]
        return salted_hmac("bookings.standing", json.dumps(shown), algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class LongerPlan:
    """What going on until another last day does, up to the day until which dates are written."""

    place: StandingPlace
    last_day: date
    dates: list[Dated]

    @property
    def clashes(self) -> list[Dated]:
        """The new dates that somebody has: she moves, or keeps hers."""
        return [dated for dated in self.dates if dated.fate in (Fate.MOVES, Fate.TAKEN)]

    @property
    def fingerprint(self) -> str:
        """A keyed hash of it: 64 hexadecimal digits."""
        shown = [self.place.pk, str(self.last_day), [dated.shown for dated in self.dates]]
        return salted_hmac("bookings.standing-longer", json.dumps(shown), algorithm="sha256").hexdigest()


def horizon(house: Dorpshuis, today: date) -> date:
    """Up to which day the dates of the house's standing places are written: the booking window and a week."""
    return today + timedelta(days=house.window_days) + WRITTEN_BEYOND
