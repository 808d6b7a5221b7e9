"""When a guest who stayed away is asked why: once, on a working day, by day, and not after months. Aware times out."""

from datetime import datetime, time, timedelta

from bookings.domain.dagdelen import AMSTERDAM, local

AWAY = timedelta(days=45)
# After that it is no question of a house that misses her, but post from somebody she has forgotten.
FORGOTTEN = timedelta(days=90)
# Written from ten to seven, so that none leaves outside nine to eight.
WRITTEN_FROM, WRITTEN_UNTIL = time(10), time(19)
SENT_FROM, SENT_UNTIL = time(9), time(20)
SATURDAY = 5


def next_writing(now: datetime) -> datetime:
    """The next moment after now at which such mails begin to be written: ten on a working day."""
    day = now.astimezone(AMSTERDAM).date()
    if local(day, WRITTEN_FROM) <= now:
        day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return local(day, WRITTEN_FROM)


def may_write(now: datetime) -> bool:
    """Whether such a mail may be written now."""
    return _by_day(now, WRITTEN_FROM, WRITTEN_UNTIL)


def may_send(now: datetime) -> bool:
    """Whether it may leave now: not in a weekend, and between nine and eight."""
    return _by_day(now, SENT_FROM, SENT_UNTIL)


def _by_day(now: datetime, first: time, last: time) -> bool:
    here = now.astimezone(AMSTERDAM)
    return here.weekday() < SATURDAY and first <= here.time() < last
