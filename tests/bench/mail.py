"""How thousands of mails that are due at once leave through two workers, and a log-in code in the middle of them.

Real workers, each a process with one child, on the bench's PostgreSQL and Redis; reminders, each of a guest and a
booking of her own; a mail server in this process. Imported when Django is set up.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from redis import Redis

from bookings.models import Booking, CallEntry, Guest, Reservation
from bookings.tell_timed import guest_day_key
from portal import serve
from portal.base import clock, outbox
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from portal.base.tasks import sweep_outbox
from tests.bench import load
from tests.factories import DAY_PARTS, make_house, make_room
from tests.faults.inbox import Inbox, inbox
from villages.models import Desk

DUE = 10_000
DESKS = 20  # of each house
AT_ONCE = 1000
# The measuring ends here also when not all have left, on a machine that is busy: the rate is known by then.
MOST_SECONDS = 420.0
PATIENCE = 60.0
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
            f"Reminders: of {self.due} due at once {self.left} left through two workers in {self.seconds:.0f} s, "
            f"{self.twice} of them twice.\n"
            f"{self.per_second:.0f} per second, {self.least_per_second:.0f} in the slowest ten seconds: "
            f"all in {minutes:.1f} minutes.\n"
            f"A log-in code asked in the middle left after {self.code_seconds:.1f} s. "
            f"Peak of each worker: {' and '.join(map(str, self.worker_mb))} MB.\n"
            f"{self.queries_per_mail:g} SQL statements per reminder; "
            f"at most {self.most_queued} messages waited in Redis."
        )


def measure(portal: serve.Stack) -> Mailed:
    """Let two workers send what is due. There is no mail before and after; `portal` has database and Redis."""
    mails = list(_reminders(DUE))
    found = Mailed(DUE, queries_per_mail=_queries_per_mail(mails))
    _put(mails)
    with inbox() as arrived, _workers(portal, arrived) as workers:
        _watch(found, arrived, workers, Redis.from_url(portal.env["REDIS_URL"]))
    OutboxMail.objects.all().delete()
    return found


def _reminders(number: int) -> Iterator[OutboxMail]:
    """Of so many guests with a dagdeel of the same day, in many houses: as the rule writes them, not yet saved."""
    day = clock.today() + timedelta(days=3)  # no deadline has passed
    for row in _booked_on(day, number):
        yield OutboxMail(
            key=guest_day_key(CallEntry.Kind.REMINDER, row.reservation.guest_id, day),
            kind=CallEntry.Kind.REMINDER,
            subject=str(row.reservation),
            recipient=row.reservation.email,
            lane=OutboxMail.Lane.BULK,
        )


def _booked_on(day: date, number: int) -> list[Booking]:
    """So many bookings, each of a guest of her own, in houses that are full that day."""
    houses = [make_house(f"mailhuis-{n}", desks=0) for n in range(number // (DESKS * len(DAY_PARTS)))]
    rooms = [make_room(house) for house in houses]
    desks = Desk.objects.bulk_create(Desk(room=r, name=f"Bureau {n}", position=n) for r in rooms for n in range(DESKS))
    slots = [(desk, part) for desk in desks for part in DAY_PARTS]
    guests = Guest.objects.bulk_create(
        Guest(dorpshuis=desk.room.dorpshuis, name=f"Gast {n}", email=f"gast-{n}@voorbeeld.example")
        for n, (desk, _) in enumerate(slots)
    )
    reservations = Reservation.objects.bulk_create(
        Reservation(dorpshuis=guest.dorpshuis, guest=guest, name=guest.name, email=guest.email, tariff="standaard")
        for guest in guests
    )
    made = (
        Booking(
            dorpshuis=reservation.dorpshuis,
            reservation=reservation,
            desk=desk,
            date=day,
            dagdeel=part.value,
            price_cents=750,
            tariff="standaard",
        )
        for reservation, (desk, part) in zip(reservations, slots, strict=True)
    )
    return Booking.objects.bulk_create(made, batch_size=AT_ONCE)


def _put(mails: list[OutboxMail]) -> None:
    """These, due now, as if there had been no others."""
    OutboxMail.objects.all().delete()
    for mail in mails:
        mail.pk = None
    OutboxMail.objects.bulk_create(mails, batch_size=AT_ONCE)


def _queries_per_mail(mails: list[OutboxMail]) -> float:
    """What each mail more asks, sent from this process, which has no mail server. The first of a mail warms up."""
    counted = []
    for number in (1, 10, 30):
        _put(mails[:number])
        counted.append(load.queries_of(_send_all))
    return (counted[2] - counted[1]) / 20


def _send_all() -> None:
    while delivery.drain():
        pass
    if OutboxMail.objects.exclude(state=OutboxMail.State.SENT).exists():
        raise RuntimeError("not each reminder was sent")


@contextmanager
def _workers(portal: serve.Stack, arrived: Inbox) -> Iterator[list[int]]:
    """Two workers with one child each that send to this inbox; gives their process ids."""
    mine = serve.Stack(portal.env | {"EMAIL_URL": arrived.url}, portal.lock, portal.own)
    try:
        for number in (1, 2):
            mine.start_celery(f"Worker {number}", *serve.WORKER, "--concurrency=1", "-n", f"w{number}@%h")
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
    deadline = time.monotonic() + PATIENCE
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
