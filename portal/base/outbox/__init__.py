"""The outbox: every mail is a row first, written in the transaction of what it tells.

An app registers, per kind, a function that composes the message; `put` writes the row; `delivery` sends it
after the commit. So a mail is never sent for what was rolled back, and never lost with a dead broker.
"""

from collections.abc import Collection, Container, Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from portal.base import clock
from portal.base.outbox.delivery import deliver, drop_if_untrue
from portal.base.outbox.models import OutboxMail
from portal.base.outbox.registry import Compose, register
from portal.base.outbox.sealed import Ready, seal
from portal.base.outbox.tasks import deliver_mail

__all__ = [
    "Compose",
    "Lane",
    "Ready",
    "State",
    "forget",
    "forget_address",
    "forget_numbers",
    "hurry",
    "known",
    "never_arrived",
    "not_taken",
    "put",
    "put_all",
    "put_ready",
    "put_since",
    "readdress",
    "register",
    "skip_all",
    "undelivered",
    "waiting_about",
    "withdraw",
]

Lane = OutboxMail.Lane
State = OutboxMail.State


def put(
    key: str,
    kind: str,
    subject: str,
    recipient: str,
    *,
    lane: Lane = Lane.BOOKING,
    language: str = settings.LANGUAGE_CODE,
    visible_from: datetime | None = None,
    keeps_nothing: bool = False,
) -> None:
    """Write one mail, in the caller's transaction; a second one with the same key changes nothing.

    `key` names the event (`confirmation:123`), `subject` what it is about (`reservation:123`). It is sent
    as soon as the transaction is committed, or by the sweep once it is visible. `keeps_nothing`: once it is sent
    or given up neither address nor words are kept (but in the demo, where all mail is shown).
    """
    mail = OutboxMail(key=key, kind=kind, subject=subject, recipient=recipient, lane=lane, language=language)
    mail.visible_from, mail.keeps_nothing = visible_from or clock.now(), keeps_nothing and not settings.DEMO
    put_all([mail])


def put_ready(key: str, kind: str, recipient: str, ready: Ready, *, language: str = settings.LANGUAGE_CODE) -> None:
    """Write a mail with a secret in it, before all others: it stands here encrypted until it is sent, nothing
    composes it, and nothing of it stays. Nobody is found by it: its subject is its key.
    """
    mail = OutboxMail(key=key, kind=kind, subject=key, recipient=recipient, lane=Lane.CODE, language=language)
    mail.sealed, mail.keeps_nothing = seal(ready), not settings.DEMO
    put_all([mail])


def put_all(mails: list[OutboxMail]) -> None:
    """Write these as `put` writes one, in one query: what is told of one event to many.

    Each that is due has a task of its own, except in lane BULK: those wait for the sweep, half a minute at most.
    """
    for mail in mails:
        mail.next_try = mail.visible_from
    OutboxMail.objects.bulk_create(mails, ignore_conflicts=True)
    now = clock.now()
    for mail in mails:
        if mail.visible_from <= now and mail.lane != Lane.BULK:
            _queue(mail.key, is_code=mail.lane == Lane.CODE)


def _queue(key: str, *, is_code: bool = False) -> None:
    """Robust: a broker that is dead costs nobody her booking; the sweep sends the mail later.

    A log-in code can't wait for that, since without a broker nothing asks for a sweep: this process sends it itself.
    """

    def queue() -> None:  # a function with a name: Django can't report the failure of a `partial`
        try:
            deliver_mail.delay(key)
        except OperationalError:
            if not is_code:
                raise
            deliver(key)

    transaction.on_commit(queue, robust=True)


def put_since(prefix: str, since: datetime) -> int:
    """How many mails whose key begins so were written since then."""
    return OutboxMail.objects.filter(key__startswith=prefix, created_at__gte=since).count()


def known(keys: Iterable[str]) -> set[str]:
    """Which of these events have a mail, whatever became of it."""
    return set(OutboxMail.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def not_taken(keys: Iterable[str]) -> set[str]:
    """Which of these mails were tried, and wait for another try."""
    tried = OutboxMail.objects.waiting().filter(key__in=list(keys), attempts__gt=0)
    return set(tried.values_list("key", flat=True))


def skip_all(mails: list[OutboxMail]) -> None:
    """Write down that these come too late to be of use: nothing is sent, no address is kept, and nobody asks again."""
    for mail in mails:
        mail.state, mail.recipient = State.DROPPED, ""
    OutboxMail.objects.bulk_create(mails, ignore_conflicts=True)


def withdraw(keys: Iterable[str]) -> dict[str, State]:
    """Take back the mails that nobody has begun to send; gives those for which it is too late, with their state.

    A mail that is claimed counts as told, also when its sending fails later: nobody can know at this moment.
    """
    mine = OutboxMail.objects.filter(key__in=list(keys))
    mine.waiting().delete()
    too_late = mine.filter(state__in=State.on_its_way).values_list("key", "state")
    return {key: State(state) for key, state in too_late}


def waiting_about(subject: str, recipient: str) -> list[OutboxMail]:
    """The mails about this to this address that nobody has begun to send."""
    return list(OutboxMail.objects.waiting().filter(subject=subject, recipient=recipient))


def hurry(key: str) -> None:
    """Send this mail, if it still waits for its time, as soon as the transaction is committed."""
    now = clock.now()
    if OutboxMail.objects.waiting().filter(key=key, next_try__gt=now).update(visible_from=now, next_try=now):
        _queue(key)


def readdress(keys: Iterable[str], recipient: str) -> None:
    """Send these mails, as far as they wait, to another address."""
    OutboxMail.objects.waiting().filter(key__in=list(keys)).update(recipient=recipient)


def forget(subjects: Collection[str]) -> list[int]:
    """Empty all mails about these of address and words, and drop those that wait; gives their numbers.

    One that is being sent at this moment may still arrive; nothing of it is kept.
    """
    rows = OutboxMail.objects.filter(subject__in=subjects)
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    forget_numbers(numbers)
    return numbers


def forget_address(recipient: str) -> list[int]:
    """Empty all mails to this address, whatever they are about, and drop those that wait; gives their numbers."""
    rows = OutboxMail.objects.filter(recipient=recipient)
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(sealed="")
    forget_numbers(numbers)
    return numbers


def forget_numbers(numbers: Collection[int]) -> None:
    """Empty the mails with these numbers of address and words, and drop those that wait."""
    rows = OutboxMail.objects.filter(pk__in=numbers)
    rows.update(recipient="", sent_subject="", sent_text="", sent_html="", keeps_nothing=True)
    rows.waiting().update(state=State.DROPPED)


def never_arrived(subjects: Collection[str]) -> set[str]:
    """Of these subjects those whose newest mail failed."""
    states = OutboxMail.objects.filter(subject__in=subjects).order_by("pk").values_list("subject", "state")
    return {subject for subject, state in dict(states).items() if state == State.FAILED}


def failed(kinds: Collection[str], since: datetime) -> list[OutboxMail]:
    """The mails of these kinds that will never arrive, oldest first, as far as they were written since then."""
    rows = OutboxMail.objects.filter(state=State.FAILED, kind__in=kinds, created_at__gte=since)
    return list(rows.exclude(recipient="").order_by("pk"))


def undelivered(about: str, known: Container[str] = ()) -> Iterator[OutboxMail]:
    """The mails about such a subject (`reservation`) that will never arrive, but not those with a `known` key.

    What is no longer true is dropped: nobody needs to hear it in another way.
    """
    for mail in OutboxMail.objects.failed_about(about):
        if mail.key not in known and not drop_if_untrue(mail):
            yield mail
