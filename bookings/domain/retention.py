"""How long what is known of somebody is kept. Counted in whole local days, so that no night of 23 or 25 hours matters.

One table: the rules that empty, the house's page and the privacy page say the same.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Term:
    """How long: so many months and so many days after."""

    months: int = 0
    days: int = 0


class Kept(StrEnum):
    """What is kept for a while: each counts from a day of its own."""

    GUEST = "guest"  # name and contact, from the last dagdeel in that house
    WAITING = "waiting"  # who waited for a dagdeel and never had it; from that dagdeel
    CALL = "call"  # who rang, when, and what was noted; from the day on which the call was done
    REQUEST = "request"  # somebody asks for a desk in her village; from the last contact
    ACCOUNT = "account"  # a member who does not come back; from her last sign of life until she is warned
    LOG = "log"  # who of a team did something; from that day. What was done stays, without a name


TERMS = {
    Kept.GUEST: Term(months=24),
    Kept.WAITING: Term(days=30),
    Kept.CALL: Term(days=30),
    Kept.REQUEST: Term(months=12),
    Kept.ACCOUNT: Term(months=24),
    Kept.LOG: Term(days=90),
}
# From the mail until the account goes.
WARNED = Term(months=1)


def after(day: date, term: Term) -> date:
    """This day and so much later; the 31st of a month without one becomes its last day."""
    months = day.year * MONTHS_A_YEAR + day.month - 1 + term.months
    year, month = divmod(months, MONTHS_A_YEAR)
    month += 1
    return date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=term.days)


def gone_on(last: date, term: Term) -> date:
    """The first day on which it is no longer there, when `last` is the day from which is counted."""
    return after(last, term) + timedelta(days=1)


def newest_gone(today: date, term: Term) -> date:
    """The newest `last` of what is to be gone by today: each day up to it is, and no later one."""
    day = after(today, Term(months=-term.months, days=-term.days)) + timedelta(days=3)
    while gone_on(day, term) > today:
        day -= timedelta(days=1)
    return day


def per_month(days: Iterable[date]) -> list[tuple[date, int]]:
    """How many of these days each month has, by its first day, the earliest first."""
    return sorted(Counter(day.replace(day=1) for day in days).items())
