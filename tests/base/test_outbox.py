"""The outbox against a real mail server: what is put in it arrives once, or says why not."""

import base64
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from structlog.testing import capture_logs

from portal.base import clock, outbox
from portal.base.models import OutboxMail
from portal.base.outbox import delivery, registry
from portal.base.tasks import deliver_mail, sweep_outbox
from tests.factories import MONDAY_NINE
from tests.post import TAKEN, Post
from tests.races.crowd import at_once, meeting

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.time_machine(MONDAY_NINE, tick=False)]

State = OutboxMail.State


def compose(mail: OutboxMail) -> EmailMultiAlternatives | None:
    message = EmailMultiAlternatives(f"Over {mail.subject}", f"Taal: {translation.get_language()}")
    message.attach_alternative("<p>Hallo</p>", "text/html")
    return message


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds of mail that no app knows."""
    monkeypatch.setattr(registry, "_composers", {})
    outbox.register("brief", compose)
    outbox.register("onwaar", lambda mail: None)


def put(key: str = "brief:1", kind: str = "brief", **fields: Any) -> OutboxMail:
    outbox.put(key, kind, "ding:1", "anna@voorbeeld.example", **fields)
    return OutboxMail.objects.get(key=key)


def state_of(key: str = "brief:1") -> str:
    return OutboxMail.objects.get(key=key).state


def later(**time: float) -> Any:
    return time_machine.travel(clock.now() + timedelta(**time), tick=False)


# --- put --------------------------------------------------------------------------------------------------


def test_the_same_event_is_put_once() -> None:
    put()
    outbox.put("brief:1", "onwaar", "ding:2", "iemand.anders@voorbeeld.example")
    assert list(OutboxMail.objects.values_list("key", "kind", "recipient")) == [
        ("brief:1", "brief", "anna@voorbeeld.example")
    ]


def test_what_is_rolled_back_is_not_sent(
    post: Post, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as queued, transaction.atomic():
        put()
        transaction.set_rollback(True)
    delivery.sweep()
    assert (queued, post.mails, OutboxMail.objects.count()) == ([], [], 0)


def test_a_mail_for_later_is_not_queued_now(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as queued:
        put(visible_from=clock.now() + timedelta(minutes=10))
    assert queued == []


def test_a_mail_for_later_is_sent_when_its_time_has_come(post: Post) -> None:
    put(visible_from=clock.now() + timedelta(minutes=10))
    delivery.sweep()
    assert post.mails == []
    with later(minutes=10):
        delivery.sweep()
    assert len(post.mails) == 1


def test_what_nobody_began_to_send_can_be_withdrawn(post: Post) -> None:
    put()
    put("brief:2")
    deliver_mail("brief:2")
    outbox.withdraw(["brief:1", "brief:2"])
    assert list(OutboxMail.objects.values_list("key", flat=True)) == ["brief:2"]


# --- deliver ----------------------------------------------------------------------------------------------


def test_a_task_that_runs_twice_sends_once(post: Post) -> None:
    put()
    deliver_mail("brief:1")
    deliver_mail("brief:1")
    sweep_outbox()
    sweep_outbox()
    assert (post.recipients, state_of()) == (["anna@voorbeeld.example"], "sent")


def test_an_unknown_key_is_no_fault(post: Post) -> None:
    deliver_mail("brief:404")
    assert post.mails == []


def test_it_is_composed_in_the_mail_s_own_language(post: Post) -> None:
    put()
    OutboxMail.objects.update(language="en")
    deliver_mail("brief:1")
    assert post.mails[0].get_body(("plain",)).get_content().strip() == "Taal: en"  # type: ignore[union-attr]


def test_what_was_sent_is_kept(post: Post) -> None:
    put()
    deliver_mail("brief:1")
    mail = OutboxMail.objects.get()
    assert (mail.sent_subject, mail.sent_text, mail.sent_html) == ("Over ding:1", "Taal: nl", "<p>Hallo</p>")
    assert mail.sent_at == clock.now()


def test_after_thirty_days_words_and_address_go_and_the_event_stays(post: Post) -> None:
    put()
    deliver_mail("brief:1")
    with later(days=30, minutes=1):
        delivery.sweep()
    mail = OutboxMail.objects.get()
    assert (mail.key, mail.recipient, mail.sent_subject, mail.sent_text, mail.sent_html) == ("brief:1", "", "", "", "")


def test_what_is_no_longer_true_is_dropped(post: Post) -> None:
    put(kind="onwaar")
    deliver_mail("brief:1")
    assert (post.mails, state_of()) == ([], "dropped")


def test_what_is_dropped_says_so_in_the_log_by_its_key_alone(post: Post) -> None:
    put(kind="onwaar")
    with capture_logs() as logs:
        deliver_mail("brief:1")
    assert logs == [{"event": "mail dropped", "key": "brief:1", "log_level": "info"}]


def test_without_a_mail_server_it_counts_as_sent_and_is_kept(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    put()
    delivery.sweep()
    assert (state_of(), OutboxMail.objects.get().sent_text) == ("sent", "Taal: nl")


def test_the_most_urgent_goes_first(post: Post) -> None:
    put("veel", lane=outbox.Lane.BULK)
    put("boeking")
    put("code", lane=outbox.Lane.CODE)
    OutboxMail.objects.filter(key="code").update(recipient="code@voorbeeld.example")
    OutboxMail.objects.filter(key="veel").update(recipient="veel@voorbeeld.example")
    delivery.sweep()
    assert post.recipients == ["code@voorbeeld.example", "anna@voorbeeld.example", "veel@voorbeeld.example"]


# --- bad luck ---------------------------------------------------------------------------------------------


def test_a_server_that_says_later_is_asked_again_and_gets_it_once(post: Post) -> None:
    post.answers = ["451 Try again later"]
    put()
    delivery.sweep()
    assert (post.mails, state_of()) == ([], "waiting")
    delivery.sweep()
    assert state_of() == "waiting"
    with later(minutes=1):
        delivery.sweep()
    assert (len(post.mails), state_of()) == (1, "sent")


def test_the_pauses_grow_and_after_a_day_it_has_failed(post: Post) -> None:
    post.answer = "451 Try again later"
    put()
    pauses = []
    for _ in range(20):
        mail = OutboxMail.objects.get()
        with time_machine.travel(mail.next_try, tick=False):
            delivery.sweep()
        pauses.append(OutboxMail.objects.get().next_try - mail.next_try)
    assert [pause.seconds // 60 for pause in pauses if pause] == [1, 5, 15, 60, 180, 360, 720]
    assert (state_of(), OutboxMail.objects.get().attempts) == ("failed", 8)


def test_a_mail_that_the_server_refuses_has_failed_at_once(post: Post) -> None:
    post.answer = "550 No such user"
    put()
    delivery.sweep()
    assert (post.mails, state_of(), OutboxMail.objects.get().attempts) == ([], "failed", 1)


def test_a_server_that_does_not_want_our_sender_costs_no_mail(post: Post) -> None:
    post.to_us = "530 5.7.0 Authentication required"
    for number in range(9):
        put(f"brief:{number}")
    delivery.sweep()
    assert OutboxMail.objects.filter(attempts=1).count() == delivery.GIVE_UP_AFTER
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {"waiting"}
    post.to_us = TAKEN
    with later(minutes=1):
        delivery.sweep()
    assert len(post.mails) == 9


def test_a_server_that_is_not_there_costs_no_mail(post: Post, settings: Settings) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for number in range(9):
        put(f"brief:{number}")
    delivery.sweep()
    tried = OutboxMail.objects.filter(attempts=1).count()
    settings.EMAIL_PORT = port
    with later(minutes=1):
        delivery.sweep()
    assert (tried, len(post.mails)) == (3, 9)


def test_a_mail_that_can_not_be_composed_stops_no_other(post: Post) -> None:
    put("brief:1", kind="bestaat-niet")
    put("brief:2")
    delivery.sweep()
    assert (state_of("brief:1"), state_of("brief:2")) == ("waiting", "sent")


def test_a_line_break_in_the_address_makes_no_header(post: Post) -> None:
    put()
    OutboxMail.objects.update(recipient="anna@voorbeeld.example\nBcc: kwaad@voorbeeld.example")
    delivery.sweep()
    assert (post.mails, state_of()) == ([], "failed")


def test_the_claim_of_a_worker_that_died_is_freed(post: Post) -> None:
    put()
    assert delivery._claim("brief:1")
    with later(minutes=9):
        delivery.sweep()
        assert post.mails == []
    with later(minutes=11):
        delivery.sweep()
    assert (len(post.mails), state_of()) == (1, "sent")


def test_a_mail_that_kills_every_worker_fails_in_the_end(post: Post) -> None:
    put()
    OutboxMail.objects.update(state=State.CLAIMED, claimed_at=clock.now() - timedelta(hours=1), attempts=8)
    delivery.sweep()
    assert (post.mails, state_of()) == ([], "failed")


def test_who_was_slower_than_the_claim_does_not_undo_what_another_wrote(post: Post) -> None:
    put()
    slow = delivery._claim("brief:1")
    assert slow
    with later(minutes=11):
        delivery.sweep()
        delivery._settle(slow, State.FAILED)
    assert state_of() == "sent"


@pytest.mark.django_db(transaction=True)
def test_with_a_dead_broker_the_row_stands_and_the_sweep_sends_it_once(
    post: Post, dead_broker: None, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction.atomic():
        put()
    assert (state_of(), "Connection refused" in caplog.text) == ("waiting", True)
    delivery.sweep()
    delivery.sweep()
    assert len(post.mails) == 1


# --- two workers ------------------------------------------------------------------------------------------

MANY = 100


def _deliver_all(first: Callable[[], None]) -> None:
    keys = list(OutboxMail.objects.order_by("pk").values_list("key", flat=True))
    first()
    for key in keys:
        deliver_mail(key)


def two_workers() -> list[str]:
    """Both try each mail, at the same moment; gives the numbers of what arrived."""
    for number in range(MANY):
        put(f"brief:{number}")
    wait = meeting(2)
    at_once([partial(_deliver_all, wait)] * 2)
    return sorted(OutboxMail.objects.filter(state=State.SENT).values_list("key", flat=True))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_outbox_send_each_mail_once(post: Post) -> None:
    two_workers()
    numbers = [mail["Message-ID"] for mail in post.mails]
    assert (len(numbers), len(set(numbers))) == (MANY, MANY)


def _look_and_take(wait: Callable[[], None]) -> Callable[[str], OutboxMail | None]:
    """The claim as it would be without its guard: first look, then take; both looked before the first takes."""

    def claim(key: str) -> OutboxMail | None:
        mail = OutboxMail.objects.due(clock.now()).filter(key=key).first()
        wait()
        if mail:
            mail.state = State.CLAIMED
            mail.save(update_fields=["state"])
        return mail

    return claim


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_guard_on_the_claim_mails_are_sent_twice(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_claim", _look_and_take(meeting(2)))
    two_workers()
    numbers = [mail["Message-ID"] for mail in post.mails]
    assert len(numbers) > len(set(numbers)) == MANY


# --- mails with a secret ----------------------------------------------------------------------------------


def put_secret(key: str = "code:1", minutes: int = 15) -> OutboxMail:
    until = clock.now() + timedelta(minutes=minutes)
    ready = outbox.Ready("Je code", "De code is 123 456.", "<p>De code is 123 456.</p>", until)
    outbox.put_ready(key, "account", "anna@voorbeeld.example", ready)
    return OutboxMail.objects.get(key=key)


def test_a_secret_is_kept_encrypted_and_arrives_as_it_was_written(post: Post) -> None:
    mail = put_secret()
    assert "De code is" not in mail.sealed
    assert b"De code is" not in base64.urlsafe_b64decode(mail.sealed)  # nor is it only written in other letters
    delivery.sweep()
    (arrived,) = post.mails
    assert arrived["Subject"] == "Je code"
    assert "De code is 123 456." in str(arrived.get_body(("plain",)))


@pytest.mark.django_db(transaction=True)
def test_with_a_dead_broker_a_secret_is_sent_at_once(post: Post, dead_broker: None) -> None:
    with transaction.atomic():
        put()
        put_secret()
    assert [mail["Subject"] for mail in post.mails] == ["Je code"]
    assert (state_of(), state_of("code:1")) == ("waiting", "sent")


def test_nothing_is_left_of_a_secret_that_was_sent(post: Post) -> None:
    put_secret()
    delivery.sweep()
    mail = OutboxMail.objects.get()
    assert (mail.state, mail.recipient, mail.sealed) == ("sent", "", "")
    assert (mail.sent_subject, mail.sent_text, mail.sent_html) == ("", "", "")


def test_in_the_demo_it_can_be_read_after_sending(post: Post, settings: Settings) -> None:
    settings.DEMO = True
    put_secret()
    delivery.sweep()
    mail = OutboxMail.objects.get()
    assert (mail.recipient, mail.sealed, mail.sent_text) == ("anna@voorbeeld.example", "", "De code is 123 456.")


def test_a_secret_that_comes_too_late_is_not_sent(post: Post) -> None:
    put_secret()
    with later(minutes=15):
        delivery.sweep()
    mail = OutboxMail.objects.get()
    assert (post.mails, mail.state, mail.recipient, mail.sealed) == ([], "dropped", "", "")


def test_a_secret_that_is_refused_for_good_is_emptied(post: Post) -> None:
    post.answers = ["550 No such user"]
    put_secret()
    delivery.sweep()
    assert OutboxMail.objects.values_list("state", "sealed").get() == ("failed", "")


def test_with_another_secret_key_it_is_worth_nothing(post: Post, settings: Settings) -> None:
    put_secret()
    settings.SECRET_KEY = "een andere sleutel"
    delivery.sweep()
    assert (post.mails, state_of("code:1")) == ([], "dropped")


def test_the_key_before_this_one_still_opens_it(post: Post, settings: Settings) -> None:
    put_secret()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "een andere sleutel"
    delivery.sweep()
    assert state_of("code:1") == "sent"


def test_a_code_that_comes_during_many_mails_goes_before_the_rest(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        put(f"brief:{number}", lane=outbox.Lane.BULK)
    deliver, order = delivery.deliver, []

    def deliver_and_ask(key: str, line: Any) -> Any:
        order.append(key)
        if len(order) == 2:
            put_secret()
        return deliver(key, line)

    monkeypatch.setattr(delivery, "deliver", deliver_and_ask)
    delivery.sweep()
    assert order == ["brief:0", "brief:1", "code:1", "brief:2", "brief:3", "brief:4"]
