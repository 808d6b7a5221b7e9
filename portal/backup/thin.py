"""Which backups stay."""

from collections.abc import Callable, Collection
from datetime import datetime

DAILY, WEEKLY, MONTHLY = 7, 4, 12


def to_keep(made: Collection[datetime]) -> set[datetime]:
    """The newest of each of the last 7 days, 4 weeks and 12 months that have one; the very newest always."""
    periods: list[tuple[Callable[[datetime], object], int]] = [
        (datetime.date, DAILY),
        (lambda at: at.isocalendar()[:2], WEEKLY),
        (lambda at: (at.year, at.month), MONTHLY),
    ]
    return {at for period, number in periods for at in _newest_of_each(made, period, number)}


def _newest_of_each(made: Collection[datetime], period: Callable[[datetime], object], number: int) -> list[datetime]:
    """The newest of each of the last `number` periods that have one."""
    newest: dict[object, datetime] = {}
    for at in sorted(made):
        newest[period(at)] = at
    return sorted(newest.values())[-number:]
