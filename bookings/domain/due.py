"""When something is due that happens by itself, and until when it is of use. Aware times in and out.

Hours that somebody waits are counted in UTC, hours of the day on the clock of the wall: in the two nights in which
that clock jumps they are not the same.
"""

from datetime import UTC, date, datetime, time, timedelta

from bookings.domain.dagdelen import AMSTERDAM, local

REMINDED_BEFORE = timedelta(hours=5)
# Nobody is disturbed earlier or later than this; and who can still cancel must have time to do so.
DAY_BEGINS, DAY_ENDS = time(9), time(20)
TIME_TO_CANCEL = timedelta(hours=2)


def is_due(at: datetime, now: datetime, useful_until: datetime) -> bool:
    """Whether something of `at` is to be done now: its time has come, and it is still of use."""
    return at <= now < useful_until


def by_day(moment: datetime, last: datetime) -> datetime:
    """This moment between 9.00 and 20.00, local: late in the evening it becomes 20.00; at night 9.00 of that day, or
    20.00 of the day before when 9.00 would leave less than two hours until `last`.
    """
    day = moment.astimezone(AMSTERDAM)
    if day.time() > DAY_ENDS:
        return local(day.date(), DAY_ENDS)
    if day.time() >= DAY_BEGINS:
        return day
    morning = local(day.date(), DAY_BEGINS)
    if last.astimezone(UTC) - morning.astimezone(UTC) >= TIME_TO_CANCEL:
        return morning
    return local(day.date() - timedelta(days=1), DAY_ENDS)


def reminder_until(deadline: datetime, begins: datetime) -> datetime:
    """Until when a reminder is of use: as long as she can cancel for nothing, and has not begun."""
    return min(deadline, begins)


def reminder_at(deadline: datetime, begins: datetime) -> datetime:
    """When to remind of a day: five hours before she can no longer cancel for nothing, by day (9.00 to 20.00).

    `deadline` is the house's own, `begins` when her first dagdeel of that day does.
    """
    last = reminder_until(deadline, begins).astimezone(UTC)
    return by_day(last - REMINDED_BEFORE, last)


def hour_of(day: date, hour: int) -> datetime:
    """When the clock in Drenthe shows this hour on this day."""
    return local(day, time(hour))


# The days of which a rule that slept still looks whether something was missed.
LOOKED_BACK = timedelta(days=7)
LIST_USEFUL = timedelta(hours=3)
NUDGED_AT = 9
WEEKLY_AT, WEEKLY_USEFUL_DAYS = 8, 3


def day_list_span(day: date, hour: int) -> tuple[datetime, datetime]:
    """From when until when the list of a day is sent: from the hour that somebody chose, for three hours."""
    begin = hour_of(day, hour)
    return begin, (begin.astimezone(UTC) + LIST_USEFUL).astimezone(AMSTERDAM)


def nudge_span(day: date) -> tuple[datetime, datetime]:
    """From when until when to ask who came on this day: the next morning at 9.00, until the morning after that."""
    return hour_of(day + timedelta(days=1), NUDGED_AT), hour_of(day + timedelta(days=2), NUDGED_AT)


def weekly_span(day: date) -> tuple[datetime, datetime]:
    """In the week of this day, from when until when the line about the week before is sent: Monday 8.00 to Thursday."""
    monday = day - timedelta(days=day.weekday())
    return hour_of(monday, WEEKLY_AT), hour_of(monday + timedelta(days=WEEKLY_USEFUL_DAYS), 0)


MONTHLY_DAY, MONTHLY_AT, MONTHLY_USEFUL = 6, 8, timedelta(days=14)


def month_span(month: date, closed_at: datetime) -> tuple[datetime, datetime]:
    """From when until when the figures of a month are sent: on the sixth of the next at 8.00, for two weeks.

    When the month was closed later than that: the first 8.00 after the closing.
    """
    sixth = hour_of((month.replace(day=1) + timedelta(days=31)).replace(day=MONTHLY_DAY), MONTHLY_AT)
    closed = closed_at.astimezone(AMSTERDAM)
    morning = hour_of(closed.date(), MONTHLY_AT)
    after = morning if closed <= morning else hour_of(closed.date() + timedelta(days=1), MONTHLY_AT)
    begin = max(sixth, after)
    return begin, hour_of(begin.date() + MONTHLY_USEFUL, MONTHLY_AT)
