"""The outbox: every mail is a row first, written in the transaction of what it tells.

An app registers, per kind, a function that composes the message; `put` writes the row; `delivery` sends it
after the commit. So a mail is never sent for what was rolled back, and never lost with a dead broker.
"""

from collections.abc import Container, Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction

from portal.base import clock
from portal.base.outbox.delivery import drop_if_untrue
from portal.base.outbox.models import OutboxMail
from portal.base.outbox.registry import Compose, register
from portal.base.outbox.tasks import deliver_mail

__all__ = ["Compose", "Lane", "State", "put", "put_all", "put_since", "register", "undelivered", "withdraw"]

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
) -> None:
    """Write one mail, in the caller's transaction; a second one with the same key changes nothing.

    `key` names the event (`confirmation:123`), `subject` what it is about (`reservation:123`). It is sent
    as soon as the transaction is committed, or by the sweep once it is visible.
    """
    begin = visible_from or clock.now()
    put_all(
        [
            OutboxMail(
                key=key,
                kind=kind,
                subject=subject,
                recipient=recipient,
                lane=lane,
                language=language,
                visible_from=begin,
            )
        ]
    )


def put_all(mails: list[OutboxMail]) -> None:
    """Write these as `put` writes one, in one query: what is told of one event to many."""
    for mail in mails:
        mail.next_try = mail.visible_from
    OutboxMail.objects.bulk_create(mails, ignore_conflicts=True)
    now = clock.now()
    for mail in mails:
        if mail.visible_from <= now:
            _queue(mail.key)


def _queue(key: str) -> None:
    """Robust: a broker that is dead costs nobody her booking; the sweep sends the mail later."""

    def queue() -> None:  # a function with a name: Django can't report the failure of a `partial`
        deliver_mail.delay(key)

    transaction.on_commit(queue, robust=True)


def put_since(prefix: str, since: datetime) -> int:
    """How many mails whose key begins so were written since then."""
    return OutboxMail.objects.filter(key__startswith=prefix, created_at__gte=since).count()


def withdraw(keys: Iterable[str]) -> dict[str, State]:
    """Take back the mails that nobody has begun to send; gives those for which it is too late, with their state.

    A mail that is claimed counts as told, also when its sending fails later: nobody can know at this moment.
    """
    mine = OutboxMail.objects.filter(key__in=list(keys))
    mine.waiting().delete()
    too_late = mine.filter(state__in=State.on_its_way).values_list("key", "state")
    return {key: State(state) for key, state in too_late}


def undelivered(about: str, known: Container[str] = ()) -> Iterator[OutboxMail]:
    """The mails about such a subject (`reservation`) that will never arrive, but not those with a `known` key.

    What is no longer true is dropped: nobody needs to hear it in another way.
    """
    for mail in OutboxMail.objects.failed_about(about):
        if mail.key not in known and not drop_if_untrue(mail):
            yield mail
