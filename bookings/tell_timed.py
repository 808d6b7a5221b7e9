"""What is told because its time has come: a mail in the outbox, or a line on the house's call list.

Each event has a unique key, so that two ticks at once tell it once. What is no longer of use is skipped: once, with
a line in the log.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.db import transaction

from bookings.domain.due import is_due
from bookings.models import CallEntry
from portal.base import clock, outbox
from portal.base.models import OutboxMail

# Mails to who runs the house: never a call.
DAY_LIST, NUDGE, WEEKLY_LINE = "day_list", "nudge", "weekly_line"
# The figures of a month: of the network to a coordinator, of a house to its board.
MONTH, HOUSE_MONTH = "month", "house_month"
AT_ONCE = 500

logger = structlog.get_logger("bookings.tell")


@dataclass(frozen=True)
class Due:
    """A message about one event, named by its `key`: to be told from `at`, and of use until `until` (both aware).

    To `recipient`; without one it is a call about this reservation of this house.
    """

    key: str
    kind: str
    at: datetime
    until: datetime
    subject: str
    recipient: str
    language: str = "nl"
    house: int = 0
    reservation: int = 0

    def mail(self, now: datetime) -> OutboxMail:
        """The row in the outbox."""
        return OutboxMail(
            key=self.key,
            kind=self.kind,
            subject=self.subject,
            recipient=self.recipient,
            language=self.language,
            lane=OutboxMail.Lane.BULK,
            visible_from=now,
        )

    def call(self, now: datetime) -> CallEntry:
        """The line on the call list."""
        return CallEntry(
            dorpshuis_id=self.house,
            reservation_id=self.reservation,
            kind=self.kind,
            key=self.key,
            visible_from=now,
        )


def guest_day_key(kind: str, guest: int, day: date, apart: int = 0) -> str:
    """The name of the event that a guest is told something of a day: `reminder:12:2026-11-25`.

    `apart`: a reservation of that day that has another address than she has herself, and so a mail of its own.
    """
    return f"{kind}:{guest}.{apart}:{day}" if apart else f"{kind}:{guest}:{day}"


def not_told(found: Iterable[Due]) -> list[Due]:
    """Those of which nothing was told yet, by mail or by phone, nor skipped. Two queries for each 500."""
    return [due for some in _batches(found) for due in _unknown(some)]


def tell_due(found: Iterable[Due]) -> int:
    """Tell of these what is due now and was not told; write down what comes too late. Gives how many rows it wrote."""
    now = clock.now()
    come = [due for due in found if due.at <= now]
    return sum(_tell(some, now) for some in _batches(come))


def _batches(found: Iterable[Due]) -> Iterator[list[Due]]:
    rows = list(found)
    for first in range(0, len(rows), AT_ONCE):
        yield rows[first : first + AT_ONCE]


def _unknown(some: list[Due]) -> list[Due]:
    keys = [due.key for due in some]
    told = outbox.known(keys) | set(CallEntry.objects.filter(key__in=keys).values_list("key", flat=True))
    return [due for due in some if due.key not in told]


def _tell(some: list[Due], now: datetime) -> int:
    """A batch in one transaction: of a worker that dies in the middle the next tick begins anew."""
    with transaction.atomic():
        new = _unknown(some)
        useful = [due for due in new if is_due(due.at, now, due.until)]
        late = [due for due in new if now >= due.until]
        outbox.put_all([due.mail(now) for due in useful if due.recipient])
        calls = [due.call(now) for due in useful if not due.recipient]
        CallEntry.objects.bulk_create(calls, ignore_conflicts=True)
        outbox.skip_all([due.mail(now) for due in late])
    for due in late:
        logger.info("timed.skipped", key=due.key)
    return len(new)
