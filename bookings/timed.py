"""What must happen by itself: each rule does what is due by now. Beat only ticks.

A rule may be run at any moment, twice, late, and by two workers at once: what it wrote once has a unique key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bookings.actions import closing_month, idle, miss_you, retention, waiting
from bookings.timed_guests import next_reminder, next_way_in, remind, tell_way_in
from bookings.timed_month import next_months, tell_months
from bookings.timed_team import next_day_list, next_nudge, next_week, nudge, tell_day_lists, tell_weeks

logger = structlog.get_logger("bookings.timed")


@dataclass(frozen=True)
class Rule:
    """Something that becomes due with time alone.

    `run` does all that is due at `clock.now()` and gives how many rows it wrote: 0 the second time. `next_at` gives
    the next moment (aware) at which it may have something to do; None when nothing stands that it could be about.
    """

    name: str
    run: Callable[[], int]
    next_at: Callable[[], datetime | None]


RULES: tuple[Rule, ...] = (
    Rule("waiting_list", waiting.pass_on, waiting.next_pass_on),
    Rule("reminder", remind, next_reminder),
    Rule("way_in", tell_way_in, next_way_in),
    Rule("retention_guests", retention.forget_guests, retention.next_guest),
    Rule("retention_calls", retention.forget_calls, retention.next_call_note),
    Rule("retention_requests", retention.forget_requests, retention.next_request),
    Rule("retention_who", retention.forget_who, retention.next_who),
    Rule("clear_lists", waiting.clear_lists, waiting.next_clear_at),
    Rule("miss_you", miss_you.ask_missed, miss_you.next_missed),
    Rule("idle", idle.warn_or_forget_idle, idle.next_idle),
    Rule("day_list", tell_day_lists, next_day_list),
    Rule("nudge", nudge, next_nudge),
    Rule("weekly_line", tell_weeks, next_week),
    Rule("closing", closing_month.run, closing_month.next_at),
    Rule("month", tell_months, next_months),
)


def run_all() -> int:
    """Run each rule; one that fails is logged and stops no other. Gives how many rows were written."""
    return sum(_run(rule) for rule in RULES)


def next_at() -> datetime | None:
    """The next moment (aware) at which any rule may have something to do."""
    return min((moment for rule in RULES if (moment := rule.next_at())), default=None)


def _run(rule: Rule) -> int:
    try:
        count = rule.run()
    except Exception:  # whatever goes wrong in one rule, the others go on; the next tick tries it again
        logger.exception("timed.failed", rule=rule.name)
        return 0
    if count:
        logger.info("timed.done", rule=rule.name, rows=count)
    return count
