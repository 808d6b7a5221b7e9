"""The outbox with many mails, several workers and a mail server that has a bad day: each arrives, and once."""

import smtplib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import cycle
from typing import Any
from unittest import mock

import pytest
import time_machine

from portal.base import clock
from portal.base.models import OutboxMail
from portal.base.outbox import delivery, registry
from tests.base.test_outbox import _look_and_take, compose
from tests.factories import MONDAY_NINE
from tests.post import HANGS_UP, PATIENCE, SILENT, TAKEN, TAKEN_UNSAID, Post
from tests.races.crowd import at_once, meeting

pytestmark = [pytest.mark.database, pytest.mark.time_machine(MONDAY_NINE, tick=False)]

State = OutboxMail.State
MANY = 500


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_composers", {"brief": compose})


def put_many(number: int) -> None:
    """As if a broker had lost them all: only the sweep knows of them."""
    OutboxMail.objects.bulk_create(
        OutboxMail(key=f"brief:{n}", kind="brief", subject=f"ding:{n}", recipient=f"gast-{n}@voorbeeld.example")
        for n in range(number)
    )


def arrived(post: Post) -> Counter[str]:
    """How often each mail came, by what it is about."""
    return Counter(str(mail["Subject"]) for mail in post.mails)


def once_each(number: int) -> Counter[str]:
    return Counter(f"Over ding:{n}" for n in range(number))


# --- many mails, two workers ------------------------------------------------------------------------------


def _sweep_all(wait: object) -> None:
    """What beat asks a worker for, until nothing waits."""
    wait()  # type: ignore[operator]
    while OutboxMail.objects.due(clock.now()).exists():
        delivery.sweep()


def two_sweepers(number: int) -> None:
    put_many(number)
    at_once([partial(_sweep_all, meeting(2))] * 2)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_that_sweep_send_five_hundred_mails_once_each(post: Post) -> None:
    two_sweepers(MANY)
    assert arrived(post) == once_each(MANY)
    assert set(OutboxMail.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_guard_on_the_claim_they_send_some_twice(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_claim", _look_and_take(meeting(2)))
    two_sweepers(100)
    assert max(arrived(post).values()) > 1


# --- a mail server that has a bad day ---------------------------------------------------------------------


@contextmanager
def impatient(post: Post) -> Iterator[None]:
    """Within this, who waits for the answer to her mail soon gives up: once the server has it, and not before."""
    send = smtplib.SMTP.send

    def send_and_lose_patience(self: smtplib.SMTP, data: Any) -> None:
        send(self, data)
        if isinstance(data, bytes) and data.endswith(b"\r\n.\r\n"):  # the end of a mail
            assert post.has_one.wait(PATIENCE)
            assert self.sock is not None
            self.sock.settimeout(0.2)

    with mock.patch.object(smtplib.SMTP, "send", send_and_lose_patience):
        yield


def later(minutes: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False)


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", [SILENT, HANGS_UP, "421 Going down"])
def test_a_server_that_gives_no_answer_is_asked_again_and_gets_it_once(post: Post, trouble: str) -> None:
    post.answers = [trouble]
    put_many(1)
    with impatient(post):
        delivery.sweep()
    assert (post.mails, OutboxMail.objects.get().state) == ([], "waiting")
    with later(1):
        delivery.sweep()
        delivery.sweep()
    assert (arrived(post), OutboxMail.objects.get().state) == (once_each(1), "sent")


@pytest.mark.django_db
def test_an_answer_that_is_lost_may_send_it_twice_under_one_number(post: Post) -> None:
    """The one window: the server took it and could not say so. Twice is better than never."""
    post.answers = [TAKEN_UNSAID]
    put_many(1)
    with impatient(post):
        delivery.sweep()
    with later(1):
        delivery.sweep()
    assert (len(post.mails), len({mail["Message-ID"] for mail in post.mails})) == (2, 1)


def bad_day() -> Iterator[str]:
    return cycle(["451 Later", TAKEN, HANGS_UP, TAKEN, TAKEN, "452 Full"])


@pytest.mark.django_db
def test_after_a_bad_day_each_mail_has_come_once(post: Post) -> None:
    number, answers = 60, bad_day()
    post.answers = [next(answers) for _ in range(2 * number)]
    put_many(number)
    for hour in range(24):
        with later(hour * 60):
            delivery.sweep()
    assert arrived(post) == once_each(number)


@pytest.mark.django_db
def test_a_mail_that_is_refused_stops_no_other(post: Post) -> None:
    post.answers = ["550 No such user", TAKEN] * 30
    put_many(60)
    while delivery.sweep():
        pass
    assert Counter(OutboxMail.objects.values_list("state", flat=True)) == {"sent": 30, "failed": 30}
    assert (len(post.mails), max(arrived(post).values())) == (30, 1)
