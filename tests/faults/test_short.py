"""Faults, in short: a worker that is killed, Redis gone and back, the database gone and back. The long forms have real
workers and servers that stop (`test_long.py`).
"""

import os
import signal
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import httpx
import psycopg
import pytest
import time_machine
from celery import current_app
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from bookings.models import Reservation
from portal.base import clock
from portal.base.models import OutboxMail
from portal.base.outbox import delivery, registry
from tests.base.test_outbox import compose
from tests.base.test_outbox_load import put_many
from tests.factories import make_house, morning
from tests.faults.deadly import Step, arm
from tests.faults.servers import Broker, broker
from tests.monday import from_monday_nine
from tests.post import Post
from tests.races.crowd import Visitor, visitors

pytestmark = [pytest.mark.django_db(transaction=True), from_monday_nine]

State = OutboxMail.State
PATIENCE = 120.0
SOME_SECONDS = 20  # two or three, and the rest for a machine that is busy


# --- a worker that is killed ------------------------------------------------------------------------------


def killed(step: Step) -> bool:
    """Let another process sweep, and die at this step; whether it did."""
    inherited = connection.connection
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # from Python 3.12: threads; the child uses none of ours
        pid = os.fork()
    if not pid:
        try:
            connection.connection = None  # ours, and kept: to close it would say goodbye for the parent
            arm(step)
            delivery.sweep()
        finally:
            os._exit(0 if inherited else 1)
    return _end_of(pid) == signal.SIGKILL


def _end_of(pid: int) -> int | None:
    """The signal that this child died of; one that hangs is killed, and gives None."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


@pytest.mark.parametrize(("step", "twice"), [(step, int(step is Step.BEFORE_WRITTEN)) for step in Step])
def test_a_worker_that_is_killed_costs_no_mail_and_repeats_one_only_in_the_one_window(
    post: Post, monkeypatch: pytest.MonkeyPatch, step: Step, twice: int
) -> None:
    monkeypatch.setattr(registry, "_composers", {"brief": compose})
    put_many(3)
    assert killed(step)
    delivery.sweep()
    with time_machine.travel(clock.now() + delivery.CLAIM_HOLDS + timedelta(minutes=1), tick=False):
        delivery.sweep()
    arrived = Counter(str(mail["Message-ID"]) for mail in post.mails)
    print(f"{step.value}: {sum(arrived.values()) - len(arrived)} of {len(arrived)} mails twice")
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {State.SENT}
    assert (len(arrived), sum(arrived.values())) == (3, 3 + twice)


# --- guests who book meanwhile ----------------------------------------------------------------------------

GUESTS = 6


def crowd(server: LiveServer) -> list[Visitor]:
    return visitors(server, make_house("het-huis", desks=GUESTS), GUESTS, morning())


def tap_until_done(one: Visitor) -> tuple[str, int]:
    """What a guest does who sees an error: once more. Gives the reference that she saw, and how often it failed."""
    deadline, failed = time.monotonic() + PATIENCE, 0
    while time.monotonic() < deadline:
        answer = one.tap()
        if answer.status_code == httpx.codes.FOUND:
            return answer.headers["Location"].strip("/").split("/")[-1], failed
        failed += 1
        time.sleep(0.1)
    raise AssertionError(f"she could not book: {answer.status_code} {answer.text[:2000]}")


def standing(references: list[str]) -> bool:
    """Whether just these are booked, each once, and each has its mail."""
    found = sorted(Reservation.objects.values_list("reference", flat=True))
    subjects = {f"reservation:{pk}" for pk in Reservation.objects.values_list("pk", flat=True)}
    mailed = Counter(OutboxMail.objects.values_list("subject", flat=True))
    return found == sorted(references) and mailed == Counter(subjects)


@pytest.fixture
def redis_of_our_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """The broker of this process is a Redis that we may stop."""
    conf: Any = current_app.conf
    before = conf.broker_url, conf.broker_transport_options
    with broker() as mine:
        conf.broker_url = f"redis+socket://{mine.socket}"
        monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
        yield mine
    conf.broker_url, conf.broker_transport_options = before


def test_redis_gone_and_back_costs_no_booking_no_mail_and_shows_no_error(
    live_server: LiveServer, redis_of_our_own: Broker, post: Post
) -> None:
    acts = {2: redis_of_our_own.stop, 5: redis_of_our_own.start}
    seen = []
    for number, one in enumerate(crowd(live_server)):
        acts.get(number, int)()
        seen.append(tap_until_done(one))
    assert [failed for _, failed in seen] == [0] * GUESTS
    assert standing([reference for reference, _ in seen])
    delivery.sweep()
    assert len(post.mails) == len({mail["Message-ID"] for mail in post.mails}) == GUESTS


def test_a_redis_that_hangs_costs_a_guest_some_seconds_and_no_booking(
    live_server: LiveServer, redis_of_our_own: Broker, post: Post
) -> None:
    """Without a limit she would wait until it answers, or her browser gives up."""
    (one,) = visitors(live_server, make_house("het-huis"), 1, morning())
    began = time.monotonic()
    redis_of_our_own.process.send_signal(signal.SIGSTOP)
    try:
        reference, failed = tap_until_done(one)
    finally:
        redis_of_our_own.process.send_signal(signal.SIGCONT)
    assert (failed, standing([reference])) == (0, True)
    assert time.monotonic() - began < SOME_SECONDS
    delivery.sweep()
    assert len(post.mails) == 1


def shut_the_database() -> None:
    """As a restart: everybody is thrown out, and for a moment nobody comes in."""
    name = connection.settings_dict["NAME"]
    parameters = connection.get_connection_params() | {"dbname": "postgres", "cursor_factory": None}
    connection.close()
    where = {key: parameters[key] for key in ("dbname", "user", "host", "port") if parameters.get(key)}
    with psycopg.connect(**where, autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        time.sleep(0.3)
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def test_what_a_guest_saw_as_booked_stands_when_the_database_was_gone(live_server: LiveServer, post: Post) -> None:
    seen: list[tuple[str, int]] = []
    guests = crowd(live_server)
    half = [
        Thread(target=lambda these=these: seen.extend(map(tap_until_done, these)))
        for these in (guests[::2], guests[1::2])
    ]
    for thread in half:
        thread.start()
    while len(seen) < 1:
        time.sleep(0.01)
    shut_the_database()
    for thread in half:
        thread.join(PATIENCE)
    print(f"{sum(failed for _, failed in seen)} taps were answered with an error, and done once more")
    assert standing([reference for reference, _ in seen])
    delivery.sweep()
    assert len(post.mails) == len({mail["Message-ID"] for mail in post.mails}) == GUESTS
