"""Many mails at once: codes and confirmations never wait behind them, and what sends them stays small and shared."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from portal.base import clock, outbox
from portal.base.models import OutboxMail
from portal.base.outbox import delivery, line, registry, tasks
from portal.base.outbox.tasks import drain_outbox, sweep_outbox
from portal.celery import app
from tests.base.test_outbox import compose
from tests.factories import MONDAY_NINE
from tests.post import Post

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.time_machine(MONDAY_NINE, tick=False)]

Lane = OutboxMail.Lane


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_composers", {"brief": compose})


def put(key: str, lane: OutboxMail.Lane) -> None:
    outbox.put(key, "brief", f"ding:{key}", f"{key}@voorbeeld.example", lane=lane)


def put_bulk(number: int) -> None:
    for n in range(number):
        put(f"veel-{n}", Lane.BULK)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the broker: the moment until which each drain goes on."""
    asked: list[str] = []
    monkeypatch.setattr(drain_outbox, "delay", asked.append)
    return asked


@pytest.fixture
def one_mail_a_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "SLICE", -1)


# --- who goes first ---------------------------------------------------------------------------------------


def test_bulk_queues_no_task_and_others_do(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    with django_capture_on_commit_callbacks() as asked:
        put_bulk(20)
        put("boeking", Lane.BOOKING)
        put("code", Lane.CODE)
    assert len(asked) == 2


def test_what_is_more_urgent_and_comes_in_the_middle_goes_before_the_rest(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = line.Line.send
    put_bulk(5)

    def send_and_ask(self: line.Line, message: Any) -> None:
        send(self, message)
        if len(post.mails) == 2:
            put("boeking", Lane.BOOKING)
            put("code", Lane.CODE)

    monkeypatch.setattr(line.Line, "send", send_and_ask)
    delivery.drain()
    who = [address.partition("@")[0] for address in post.recipients]
    assert who == ["veel-0", "veel-1", "code", "boeking", "veel-2", "veel-3", "veel-4"]


# --- in slices --------------------------------------------------------------------------------------------


def test_a_slice_ends_in_time_and_says_that_more_is_due(post: Post, one_mail_a_slice: None) -> None:
    put_bulk(3)
    assert [delivery.drain() for _ in range(4)] == [True, True, True, False]
    assert len(post.mails) == 3


def test_when_one_slice_is_not_enough_two_tasks_share_the_rest(
    post: Post, one_mail_a_slice: None, queued: list[str]
) -> None:
    put_bulk(3)
    sweep_outbox()
    assert queued == [(clock.now() + tasks.ROUND).isoformat()] * 2


def test_a_slice_that_was_enough_asks_for_nothing(post: Post, queued: list[str]) -> None:
    put_bulk(3)
    sweep_outbox()
    assert (len(post.mails), queued) == (3, [])


@pytest.mark.parametrize(("seconds", "goes_on"), [(1, 1), (0, 0)])
def test_a_drain_asks_for_the_next_until_beat_asks_anew(
    post: Post, one_mail_a_slice: None, queued: list[str], seconds: int, goes_on: int
) -> None:
    put_bulk(2)
    until = (clock.now() + timedelta(seconds=seconds)).isoformat()
    drain_outbox(until)
    assert queued == [until] * goes_on


def test_a_mail_server_that_is_ill_ends_the_round(post: Post, queued: list[str]) -> None:
    post.answer = "451 Try again later"
    put_bulk(9)
    sweep_outbox()
    assert (queued, OutboxMail.objects.filter(attempts=1).count()) == ([], delivery.GIVE_UP_AFTER)


def test_mails_that_can_not_be_composed_hold_up_no_other_however_many(post: Post) -> None:
    for n in range(5):
        outbox.put(f"gif:{n}", "bestaat-niet", f"ding:{n}", "anna@voorbeeld.example", lane=Lane.CODE)
    put_bulk(2)
    delivery.drain()
    assert (len(post.mails), OutboxMail.objects.waiting().count()) == (2, 5)


def test_a_tick_that_nobody_took_is_worth_nothing_a_minute_later() -> None:
    often = [tick for tick in app.conf.beat_schedule.values() if tick["schedule"] == 30.0]
    assert {tick["options"]["expires"] for tick in often} == {60.0}


# --- at little cost ---------------------------------------------------------------------------------------


def queries_for(number: int) -> int:
    OutboxMail.objects.all().delete()
    put_bulk(number)
    with CaptureQueriesContext(connection) as made:
        delivery.drain()
    return len(made)


def test_each_mail_costs_the_same_few_queries_however_many_wait(post: Post) -> None:
    one, ten, fifty = (queries_for(number) for number in (1, 10, 50))
    assert (ten - one, fifty - ten) == (9 * 4, 40 * 4)


def test_many_mails_go_over_one_connection_and_not_too_many(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "MAILS", 5)
    put_bulk(12)
    delivery.drain()
    assert (len(post.mails), len(post.lines)) == (12, 3)


def test_after_a_refusal_the_next_mail_goes_over_a_fresh_connection(post: Post) -> None:
    post.answers = ["250 OK", "550 No such user"]
    put_bulk(4)
    delivery.drain()
    assert (len(post.mails), len(post.lines)) == (3, 2)


# --- when the database goes away --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_was_sent_while_the_database_went_away_is_written_down_and_not_sent_twice(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite is no server that goes away")
    copy = delivery._copy
    gone: list[object] = []

    def lose_and_copy(*given: Any) -> dict[str, str]:
        if not gone:
            gone.append(connections["default"].connection.close())
        return copy(*given)

    monkeypatch.setattr(delivery, "_copy", lose_and_copy)
    put_bulk(2)
    delivery.drain()
    assert (gone, len(post.mails), OutboxMail.objects.sent().count()) == ([None], 2, 2)
