"""How to open the door, on the private page only and only when it is nearly time (rule 16)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bookings import wording
from bookings.domain.policy import shows_way_in, way_in_from
from bookings.guest.booking_lines import BookingLine
from portal.base import clock
from villages.models import AccessWay


@dataclass(frozen=True)
class Key:
    """What opens the door, and for which dagdelen in words."""

    text: str
    moments: list[str]


@dataclass(frozen=True)
class WayIn:
    """The keys to read now, and from when the next can be read (local); None when there is no next."""

    keys: list[Key]
    next_from: datetime | None


def way_in(coming: Iterable[BookingLine], ways: Iterable[AccessWay]) -> WayIn:
    """For the dagdelen that stand and are not over, by the house's own private texts."""
    now = clock.now()
    secret = [way for way in ways if way.private_text]
    keys: dict[str, Key] = {}
    later: list[datetime] = []
    for line in coming:
        row = line.booking
        for way in secret:
            if way.dagdeel not in ("", row.dagdeel):
                continue
            if shows_way_in(row.date, line.ends_at, now):
                keys.setdefault(way.private_text, Key(way.private_text, [])).moments.append(
                    wording.moment_words(row.moment)
                )
            elif now < way_in_from(row.date):
                later.append(way_in_from(row.date))
    return WayIn(list(keys.values()), min(later, default=None))
