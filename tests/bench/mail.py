"""How thousands of mails that are due at once leave through two workers, and a log-in code in the middle of them.

Real workers, each a process with one child, on the bench's PostgreSQL and Redis; real mails, composed from
reservations; a mail server in this process. Imported when Django is set up.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction
from redis import Redis

from bookings.models import CallEntry, Reservation
from portal import serve
from portal.base import clock, outbox
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from portal.base.tasks import sweep_outbox
from tests.bench import load
from tests.factories import make_booking, make_house
from tests.faults.inbox import Inbox, inbox

DUE = 10_000
RESERVATIONS = 48
# The measuring ends here also when not all have left: the rate is known by then.
MOST_SECONDS = 60.0
CODE_AFTER = 20.0
BEAT = 30.0
KB = 1024
LASTS = timedelta(minutes=15)
CODE_FOR = "code@voorbeeld.example"


@dataclass
class Mailed:
    """What was measured: seconds, MB of each worker at its peak, statements per mail."""

    due: int
    left: int = 0
    seconds: float = 0
    per_second: float = 0
    least_per_second: float = 0
    twice: int = 0
    code_seconds: float = 0
    worker_mb: list[int] = field(default_factory=list)
    queries_per_mail: float = 0
    most_queued: int = 0

    def __str__(self) -> str:
        minutes = self.due / self.per_second / 60
        return (
            f"Mail: of {self.due} due at once {self.left} left through two workers in {self.seconds:.0f} s, "
            f"{self.twice} of them twice.\n"
            f"{self.per_second:.0f} per second, {self.least_per_second:.0f} in the slowest ten seconds: "
            f"all in {minutes:.1f} minutes.\n"
            f"A log-in code asked in the middle left after {self.code_seconds:.1f} s. "
            f"Peak of each worker: {' and '.join(map(str, self.worker_mb))} MB.\n"
            f"{self.queries_per_mail:g} SQL statements per mail; at most {self.most_queued} messages waited in Redis."
        )


def measure(portal: serve.Stack) -> Mailed:
    """Let two workers send what is due. There is no mail before and after; `portal` has database and Redis."""
    OutboxMail.objects.all().delete()
    reservations = _reservations()
    found = Mailed(DUE, queries_per_mail=_queries_per_mail(reservations))
    _put(reservations, DUE)
    with inbox() as arrived, _workers(portal, arrived) as workers:
        _watch(found, arrived, workers, Redis.from_url(portal.env["REDIS_URL"]))
    OutboxMail.objects.all().delete()
    return found


def _reservations() -> list[Reservation]:
    house = make_house("mailhuis")
    made = [make_booking(house, moment) for moment in islice(load.moments(), RESERVATIONS)]
    OutboxMail.objects.all().delete()
    return made


def _put(reservations: list[Reservation], number: int) -> None:
    """So many mails in lane BULK, due now, about these reservations in turn."""
    OutboxMail.objects.bulk_create(
        [
            OutboxMail(
                key=f"meting:{n}",
                kind=CallEntry.Kind.CONFIRMATION,
                subject=f"reservation:{reservations[n % len(reservations)].pk}",
                recipient=f"gast-{n}@voorbeeld.example",
                lane=OutboxMail.Lane.BULK,
            )
            for n in range(number)
        ],
        batch_size=1000,
    )


def _queries_per_mail(reservations: list[Reservation]) -> float:
    """What each mail more asks, sent from this process, which has no mail server. The first of a mail warms up."""
    counted = []
    for number in (1, 10, 30):
        _put(reservations, number)
        counted.append(load.queries_of(delivery.drain))
        OutboxMail.objects.all().delete()
    return (counted[2] - counted[1]) / 20


@contextmanager
def _workers(portal: serve.Stack, arrived: Inbox) -> Iterator[list[int]]:
    """Two workers with one child each that send to this inbox; gives their process ids."""
    mine = serve.Stack(portal.env | {"EMAIL_URL": arrived.url}, portal.lock, portal.own)
    try:
        for number in (1, 2):
            mine.start_celery(f"Worker {number}", "worker", "--concurrency=1", "-n", f"w{number}@%h")
        yield [process.pid for process in mine.processes.values()]
    finally:
        mine.end()


def _watch(found: Mailed, arrived: Inbox, workers: list[int], broker: Redis) -> None:
    """Ask for sweeps as beat does, and for one log-in code; look on until all have left, or it has been long enough."""
    sweep_outbox.delay()
    _until_first(arrived)
    begin = beat = time.monotonic()
    asked = 0.0
    found.worker_mb = [0] * len(workers)
    while (now := time.monotonic()) - begin < MOST_SECONDS and len(arrived.arrived) < DUE:
        if now - beat > BEAT:
            beat = now
            sweep_outbox.delay()
        if not asked and now - begin > CODE_AFTER:
            asked = now
            _ask_code()
        found.most_queued = max(found.most_queued, int(str(broker.llen("celery"))))
        found.worker_mb = [max(pair) for pair in zip(found.worker_mb, map(_size, workers), strict=True)]
        time.sleep(0.5)
    _reckon(found, arrived, begin, asked)


def _until_first(arrived: Inbox) -> None:
    """Return when the workers are up and the first mail came."""
    deadline = time.monotonic() + MOST_SECONDS
    while not arrived.arrived:
        if time.monotonic() > deadline:
            raise RuntimeError("no mail came")
        time.sleep(0.05)


def _ask_code() -> None:
    ready = outbox.Ready("Je code", "De code is 123 456.", "<p>De code is 123 456.</p>", clock.now() + LASTS)
    with transaction.atomic():
        outbox.put_ready(f"code:{CODE_FOR}", "account", CODE_FOR, ready)


def _size(pid: int) -> int:
    """MB of this process and its children; what they share counts once."""
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return sum(map(_share, [str(pid), *children])) // KB
    return 0


def _share(pid: str) -> int:
    """kB of this process, with its part of what it shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _reckon(found: Mailed, arrived: Inbox, begin: float, asked: float) -> None:
    times = sorted(mail.at for mail in arrived.arrived if mail.to != CODE_FOR)
    codes = [mail.at for mail in arrived.arrived if mail.to == CODE_FOR]
    found.left, found.twice = len(times), arrived.twice
    found.seconds = times[-1] - begin
    found.per_second = found.left / found.seconds
    tens = Counter(int((at - begin) // 10) for at in times)
    found.least_per_second = min((tens[n] for n in range(int(found.seconds // 10))), default=0) / 10
    found.code_seconds = codes[0] - asked if codes else MOST_SECONDS
