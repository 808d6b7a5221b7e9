"""How long what a page shows of a week stays true when nobody writes: until time alone changes a cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bookings.domain.availability import Supply, opening_on
from bookings.domain.dagdelen import Dagdeel, Moment, local


@dataclass(frozen=True, slots=True)
class Lasting:
    """From when until when (aware, as the clock in Drenthe shows it)."""

    made: datetime
    until: datetime

    def holds_at(self, now: datetime) -> bool:
        """Whether it is still true at `now` (aware, local).

        A dagdeel begins and ends by the clock on the wall, which shows an hour twice when summer time ends;
        a hold ends at an instant. So both must be before the end; in those two hours it may never hold.
        """
        return self.made <= now < self.until and now.timestamp() < self.until.timestamp()


def lasting(supply: Supply, holds: Iterable[datetime], now: datetime) -> Lasting:
    """What was made at `now` (aware, local) lasts until the first of these: a day begins (with it the window, the
    tariffs, the desks and words such as "morgen" move on), a dagdeel can no longer be booked, one is over, a hold ends.
    """
    midnight = local(now.date() + timedelta(days=1), time(0))
    lead = timedelta(minutes=supply.policy.lead_minutes)
    changes = [midnight, *(end.astimezone(midnight.tzinfo) for end in holds)]
    for days in range((midnight + lead - now).days + 2):
        for part in Dagdeel:
            moment = Moment(now.date() + timedelta(days=days), part)
            opening = opening_on(supply, moment)
            if opening is not None:
                changes += [local(moment.date, opening.begin) - lead, local(moment.date, opening.end)]
    return Lasting(now, min(change for change in changes if change > now or change.timestamp() > now.timestamp()))
