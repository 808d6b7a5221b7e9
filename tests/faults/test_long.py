"""Faults on the whole portal: web server, workers, beats, PostgreSQL, Redis and a mail server, each a process that is
killed or stopped. What a guest saw as booked stands, every due mail arrives, and twice only in the one window that
`delivery.deliver` names. How many came twice is printed.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from threading import Thread

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from bookings.models import CallEntry, Reservation
from portal import servers
from portal.base import clock
from portal.base.models import OutboxMail
from portal.base.tasks import sweep_outbox
from tests.bench.load import moments
from tests.conftest import Say
from tests.factories import make_booking, make_house, morning
from tests.faults.deadly import Step
from tests.faults.inbox import TAKEN
from tests.faults.test_short import tap_until_done
from tests.faults.world import PATIENCE, World, all_sent, let_all_leave, until, world
from tests.races.crowd import Visitor, visitor

pytestmark = [pytest.mark.long, pytest.mark.alone]

GUESTS = 200
TAPPERS = 4
SLOW = "slow"


@pytest.fixture
def whole(django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with servers._private_folder(None) as folder, django_db_blocker.unblock(), world(folder) as mine:
        yield mine


def report(whole: World, say: Say, fault: str) -> None:
    came = whole.inbox.times
    say(f"{fault}: {sum(came.values())} mails arrived for {OutboxMail.objects.count()}, {whole.inbox.twice} twice")


def each_arrived(whole: World) -> bool:
    """Whether everybody who had to get a mail got one at least."""
    return set(whole.inbox.times) == set(OutboxMail.objects.values_list("recipient", flat=True))


# --- a worker that is killed ------------------------------------------------------------------------------


def test_a_worker_killed_at_each_step_of_a_mail_costs_no_mail(whole: World, say: Say) -> None:
    house = make_house(desks=len(Step))
    for step in Step:
        whole.start_worker(step.name, die_at=step)
        make_booking(house, morning())
        assert until(whole.flag(step).exists), f"nobody died {step.value}"
        died, before = clock.now(), whole.inbox.twice
        assert let_all_leave(lambda died=died: died)  # type: ignore[misc]
        say(f"killed {step.value}: {whole.inbox.twice - before} twice")
        assert whole.inbox.twice - before == int(step is Step.BEFORE_WRITTEN)
        whole.end(step.name)
    assert each_arrived(whole)


# --- guests who book while a server is gone ---------------------------------------------------------------


def guests(whole: World) -> list[Visitor]:
    """Each with the page in front of her, for a desk of her own."""
    whole.portal.start_web(workers=2, threads=4)
    whole.portal.until_healthy()
    house = make_house(desks=4)
    when = islice(moments(), GUESTS)
    return [visitor(whole.live, house, f"Gast{n}", moment) for n, moment in enumerate(when)]


def book_through(crowd: list[Visitor], faults: dict[int, Callable[[], None]]) -> tuple[list[str], int]:
    """All book, some at a time; each fault comes when so many are done. What each saw, and how many taps failed."""
    seen: list[tuple[str, int]] = []

    def tap_all(these: list[Visitor]) -> None:
        seen.extend(map(tap_until_done, these))

    threads = [Thread(target=tap_all, args=(crowd[n::TAPPERS],)) for n in range(TAPPERS)]
    for thread in threads:
        thread.start()
    for number, fault in faults.items():
        assert until(lambda number=number: len(seen) >= number)  # type: ignore[misc]
        fault()
    for thread in threads:
        thread.join(PATIENCE)
    connections.close_all()
    return [reference for reference, _ in seen], sum(failed for _, failed in seen)


def stands(references: list[str]) -> bool:
    """Whether just these are booked, each once."""
    return sorted(references) == sorted(Reservation.objects.values_list("reference", flat=True))


def test_redis_stopped_and_started_during_many_bookings(whole: World, say: Say) -> None:
    crowd = guests(whole)
    whole.start_beat("beat")
    whole.start_worker("worker")
    whole.until_at_work()
    seen, failed = book_through(crowd, {40: whole.broker.stop, 120: whole.broker.start})
    assert (len(seen), failed, stands(seen)) == (GUESTS, 0, True)
    assert let_all_leave()
    report(whole, say, "Redis stopped and started")
    assert (each_arrived(whole), whole.inbox.twice, whole.died()) == (True, 0, [])


def test_postgresql_restarted_during_many_bookings(whole: World, say: Say) -> None:
    crowd = guests(whole)
    whole.start_beat("beat")
    whole.start_worker("worker")
    whole.until_at_work()

    def restart() -> None:
        whole.database.stop()
        time.sleep(1)
        whole.database.start()

    seen, failed = book_through(crowd, {40: restart, 120: restart})
    say(f"{failed} taps were answered with an error, and done once more")
    assert (len(seen), stands(seen)) == (GUESTS, True)
    # Who claimed one and lost the database then, lives and forgot it; who remembers it writes it down by then.
    assert let_all_leave(lambda: clock.now() - timedelta(seconds=20))
    report(whole, say, "PostgreSQL restarted twice")
    assert (each_arrived(whole), whole.died()) == (True, [])


# --- more than one of each --------------------------------------------------------------------------------


def test_two_workers_and_two_beats_send_each_mail_once(whole: World, say: Say) -> None:
    reservation = make_booking(make_house(), morning())
    OutboxMail.objects.bulk_create(
        OutboxMail(
            key=f"veel:{n}",
            kind=CallEntry.Kind.CONFIRMATION,
            subject=f"reservation:{reservation.pk}",
            recipient=f"gast-{n}@voorbeeld.example",
            lane=OutboxMail.Lane.BULK,
        )
        for n in range(GUESTS)
    )
    for number in (1, 2):
        whole.start_worker(f"worker-{number}")
        whole.start_beat(f"beat-{number}")
    for _ in range(4):
        sweep_outbox.delay()
    assert until(all_sent)
    report(whole, say, "Two workers and two beats")
    assert (each_arrived(whole), whole.inbox.twice, whole.died()) == (True, 0, [])


# --- a mail server that has a bad day ---------------------------------------------------------------------


def test_after_a_mail_server_s_bad_day_each_mail_came_twice_only_what_it_took_unsaid(whole: World, say: Say) -> None:
    """It is slow, says later, refuses, and hangs up after it took a mail."""
    house = make_house(desks=20)
    for _ in range(20):
        make_booking(house, morning())
    answers = iter(["451 Later", None, SLOW, "452 Full", None, TAKEN, SLOW] * 3)
    unsaid: list[str] = []

    def answer(to: str) -> str | None:
        said = next(answers, TAKEN)
        unsaid.extend([to] if said is None else [])
        time.sleep(1 if said == SLOW else 0)
        return TAKEN if said == SLOW else said

    whole.inbox.answer = answer
    whole.start_worker("worker")
    assert let_all_leave()
    report(whole, say, "A mail server's bad day")
    assert (each_arrived(whole), whole.inbox.twice) == (True, len(unsaid))
