"""The demo's clock is moved on: to the next thing that happens by itself, or a day. On the way all that becomes due is
done, moment by moment, as it would be by itself.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from bookings.actions.standing import top_up
from bookings.models import CallEntry
from bookings.tasks import call_undelivered
from bookings.timed import RULES, Rule
from portal.base import clock
from portal.base.log import SYSTEM
from portal.base.models import DemoClock, OutboxMail
from portal.base.outbox import delivery
from portal.demo import data
from villages.models import Dorpshuis

# How far is looked, in how many steps, and how long somebody waits at most for the page.
HORIZON = timedelta(days=14)
MOST_STEPS, MOST_SECONDS = 80, 15.0
SWEEPS = 5
NIGHT = timedelta(hours=3, minutes=10)
DAY = timedelta(days=1)


@dataclass(slots=True)
class Happened:
    """What a move did: how many mails per subject, how many new calls, and per rule how many rows."""

    mails: list[tuple[str, int]] = field(default_factory=list)
    calls: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    nothing_until: str = ""


def move_to_next() -> Happened | None:
    """To the next moment at which something happens. None when somebody else moved the clock meanwhile."""
    return _move(clock.now() + HORIZON, until_something=True)


def move_a_day() -> Happened | None:
    """A day on, by all that is due on the way. None when somebody else moved the clock meanwhile."""
    return _move(clock.now() + DAY, until_something=False)


def _move(last: datetime, *, until_something: bool) -> Happened | None:
    walk = _Walk()
    stop = time.monotonic() + MOST_SECONDS
    for _ in range(MOST_STEPS):
        moment = _next()
        if moment is None or moment > last or time.monotonic() > stop:
            break
        if not walk.to(moment):
            return None
        if until_something and walk.has_met_something():
            break
    if not until_something and not walk.to(last):
        return None
    if until_something and not walk.has_met_something() and not walk.back():
        return None
    if walk.began.date() != clock.today():
        _add_examples()
    return _keep(walk.told(last))


class _Walk:
    """From where the clock stood, moment by moment: what is due at each is done there."""

    def __init__(self) -> None:
        self.seen = self.stood = clock.ahead()
        self.began = clock.now()
        self.done: Counter[str] = Counter()

    def to(self, moment: datetime) -> bool:
        """Set the clock to this moment and do what is due; False when somebody else moved it meanwhile."""
        # In UTC: over a night in which the clocks change the hours on the wall do not add up.
        by = self.seen + max(moment.astimezone(UTC) - clock.now().astimezone(UTC), timedelta(0))
        if not clock.run_ahead(by, seen=self.seen):
            return False
        self.seen = by
        self.done.update({source.name: source.run() for source in _sources()})
        return True

    def back(self) -> bool:
        """Nothing was written on the way: the clock stands where it stood. False when somebody else moved it."""
        if not clock.run_ahead(self.stood, seen=self.seen):
            return False
        self.seen = self.stood
        return True

    def has_met_something(self) -> bool:
        """Whether a row was written, a mail was sent, or a call has come up."""
        return bool(self.done.total() or _mails_since(self.began).exists() or _calls_since(self.began))

    def told(self, last: datetime) -> Happened:
        """What to say of it; `last`: until when it would have gone on."""
        happened = Happened(
            mails=Counter(_mails_since(self.began).values_list("sent_subject", flat=True)).most_common(),
            calls=_calls_since(self.began),
            rules={name: count for name, count in self.done.items() if count},
        )
        if not (happened.mails or happened.calls or happened.rules):
            happened.nothing_until = last.date().isoformat()
        return happened


def _sources() -> tuple[Rule, ...]:
    """All that happens by itself, in the order in which it is done: mails last, so that they tell of the others."""
    return (
        *RULES,
        Rule("standing", _top_up, _next_night),
        Rule("undelivered", _call_undelivered, _no_time),
        Rule("calls", _no_rows, _next_call),
        Rule("mails", _send, _next_mail),
    )


def _next() -> datetime | None:
    """The next moment after now at which something may happen."""
    now = clock.now()
    moments = [moment for source in _sources() if (moment := source.next_at())]
    return min((moment for moment in moments if moment > now), default=None)


# --- what happens besides the rules ------------------------------------------------------------------------


def _top_up() -> int:
    houses = Dorpshuis.objects.filter(standing_until__isnull=False).order_by("pk")
    return sum(top_up(pk, SYSTEM) for pk in houses.values_list("pk", flat=True))


def _next_night() -> datetime | None:
    """The next night round of the standing places, which beat does by the real clock."""
    if not Dorpshuis.objects.filter(standing_until__isnull=False).exists():
        return None
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return next(at for at in (midnight + NIGHT, midnight + DAY + NIGHT) if at > clock.now())


def _call_undelivered() -> int:
    before = CallEntry.objects.count()
    call_undelivered()
    return CallEntry.objects.count() - before


def _send() -> int:
    """Send what is due, a few rounds: each takes a limited number. Counted from the table, see `_Walk.told`."""
    for _ in range(SWEEPS):
        if not OutboxMail.objects.due(clock.now()).exists():
            break
        delivery.sweep()
    return 0


def _next_mail() -> datetime | None:
    later = OutboxMail.objects.waiting().filter(next_try__gt=clock.now())
    return later.order_by("next_try").values_list("next_try", flat=True).first()


def _next_call() -> datetime | None:
    later = CallEntry.objects.filter(done_at__isnull=True, visible_from__gt=clock.now())
    return later.order_by("visible_from").values_list("visible_from", flat=True).first()


def _no_rows() -> int:
    return 0


def _no_time() -> datetime | None:
    return None


# --- what to say of it -------------------------------------------------------------------------------------


def _mails_since(began: datetime) -> Any:
    return OutboxMail.objects.sent().filter(sent_at__gt=began)


def _calls_since(began: datetime) -> int:
    return CallEntry.objects.to_do(clock.now()).filter(visible_from__gt=began).count()


def _keep(happened: Happened) -> Happened:
    DemoClock.objects.update_or_create(pk=1, defaults={"happened": asdict(happened)})
    return happened


def _add_examples() -> None:
    """As at each start: guests of today, and bookings that were made since. Then no page of before is shown again."""
    data.load()
    with transaction.atomic():
        for pk in Dorpshuis.objects.order_by("pk").values_list("pk", flat=True):
            Dorpshuis.objects.lock_and_move_on(pk)


def until_all_read(wait: Callable[[float], None] = time.sleep) -> None:
    """Return when every process has the new time: then the page that follows tells the same everywhere."""
    wait(clock.OFFSET_KEPT_SECONDS)
