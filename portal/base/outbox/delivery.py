"""Send what waits in the outbox: claim, compose, hand over to the mail server, write down what was sent."""

import time
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Case, F, Q, TextField, Value, When
from django.utils import translation
from django.utils.crypto import salted_hmac

from portal.base import clock
from portal.base.outbox.line import Line
from portal.base.outbox.models import OutboxMail
from portal.base.outbox.registry import composer, is_secret
from portal.base.outbox.sealed import unseal

State = OutboxMail.State

# After the first try fails, how long until the next; after the last one the mail has failed: a day in all.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
CLAIM_HOLDS = timedelta(minutes=10)
TRIES = len(PAUSES) + 1
KEPT = timedelta(days=30)
# Seconds that one slice sends, and then other tasks have their turn.
SLICE = 5.0
GIVE_UP_AFTER = 3
# Seconds between the tries to write down what was sent while the database is away: it may be restarting.
WRITE_PAUSES = (0.5, 1, 2, 4, 8)
PERSONAL = ("recipient", "sent_subject", "sent_text", "sent_html")
REFUSED_FOR_GOOD = range(500, 600)

logger = structlog.get_logger("portal.outbox")


def deliver(key: str, line: Line | None = None) -> State | None:
    """Send this mail if it is due and nobody else is at it; gives the state it is in then, None if not due.

    The claim is one guarded update, so that of two workers one sends it. There is one window in which a
    mail can be sent twice: the mail server took it, and this process (or the database, for longer than
    WRITE_PAUSES) dies before that is written down. The claim is then freed and the mail sent again: twice is
    better than never. Both have the same Message-ID, by which many mail programs show them as one.
    """
    mail = _claim(key)
    if mail is None:
        return None
    try:
        message = _compose(mail)
        if message is None:
            logger.info("mail dropped", key=mail.key)
            return _settle(mail, State.DROPPED, recipient="")  # nothing was sent: no reason to keep whom to
        _send(mail, message, line)
    except Exception as error:  # whatever goes wrong with one mail, the others go on
        return _after(mail, error)
    return _settle(mail, State.SENT, sent_at=clock.now(), **_copy(mail, message))


def sweep() -> bool:
    """Free the claims of workers that died, forget what is old, and send one slice; whether more is due."""
    _free_claims()
    _forget()
    return drain()


def drain() -> bool:
    """Send what is due for some seconds (SLICE), the most urgent first; whether more is due then.

    Who is first in line is asked anew before each mail: a log-in code that comes during thousands of others
    goes before them, and any number of workers share the work. After three in a row that the mail server did not
    take, it is not asked again: the next sweep tries. One that can't be composed says nothing of the server.
    """
    until = time.monotonic() + SLICE
    waited = 0
    with Line() as line:
        while key := OutboxMail.objects.first_in_line(clock.now()):
            line.failed = False
            state = deliver(key, line)
            if state is State.WAITING and line.failed:
                waited += 1
            elif state in State.done:
                waited = 0
            if waited == GIVE_UP_AFTER:
                return False
            if time.monotonic() > until:
                return True
    return False


def drop_if_untrue(mail: OutboxMail) -> bool:
    """Drop a mail that failed when what it told is no longer true; whether it was dropped."""
    try:
        if _compose(mail) is not None:
            return False
    except Exception as error:  # it failed since it can't be composed: what it told may well be true
        logger.warning("mail not composed", key=mail.key, error=type(error).__name__)
        return False
    return bool(OutboxMail.objects.filter(pk=mail.pk, state=State.FAILED).update(state=State.DROPPED))


def _compose(mail: OutboxMail) -> EmailMultiAlternatives | None:
    if mail.sealed:
        return unseal(mail.sealed)
    with translation.override(mail.language):
        return composer(mail.kind)(mail)


def _claim(key: str) -> OutboxMail | None:
    now = clock.now()
    due = OutboxMail.objects.due(now).filter(key=key)
    if not due.update(state=State.CLAIMED, claimed_at=now, attempts=F("attempts") + 1):
        return None
    return OutboxMail.objects.get(key=key)


def _settle(mail: OutboxMail, state: State, **fields: Any) -> State:
    """Write how it went, unless the claim was freed meanwhile and another worker is at it: `attempts` says whose."""
    mine = OutboxMail.objects.filter(pk=mail.pk, state=State.CLAIMED, attempts=mail.attempts)
    if state in State.done:
        fields = {"recipient": F("recipient"), "sealed": ""} | fields  # a secret has no business here any longer
    kept = {name: _unless_forgotten(name, value) for name, value in fields.items()}
    for pause in WRITE_PAUSES:
        try:
            mine.update(state=state, **kept)
            return state
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)
    mine.update(state=state, **kept)
    return state


def _unless_forgotten(name: str, value: Any) -> Any:
    """Words and address as they are to be kept. Asked of the row, not of what was read at the claim: she may have
    been forgotten while the mail was sent.
    """
    if name not in PERSONAL:
        return value
    kept = value if isinstance(value, F) else Value(value)
    return Case(When(keeps_nothing=True, then=Value("")), default=kept, output_field=TextField())


def _send(mail: OutboxMail, message: EmailMultiAlternatives, line: Line | None) -> None:
    """Hand over to the mail server. Without EMAIL_URL nothing leaves, and the mail counts as sent."""
    validate_email(mail.recipient)
    message.to = [mail.recipient]
    number = salted_hmac("portal.outbox", mail.key).hexdigest()[:32]
    message.extra_headers |= {"Message-ID": f"<{number}@{settings.PUBLIC_HOST}>", "Auto-Submitted": "auto-generated"}
    if line is not None:
        line.send(message)
        return
    message.send()


def _copy(mail: OutboxMail, message: EmailMultiAlternatives) -> dict[str, str]:
    """What was sent, to keep for a while; of a secret mail only its subject, but in the demo, which shows them all."""
    if is_secret(mail.kind) and not settings.DEMO:
        return {"sent_subject": str(message.subject)[:200]}
    html = [str(content) for content, mimetype in message.alternatives if mimetype == "text/html"]
    return {
        "sent_subject": str(message.subject)[:200],
        "sent_text": str(message.body),
        "sent_html": html[0] if html else "",
    }


def _after(mail: OutboxMail, error: Exception) -> State:
    """Wait longer each time; refused for good, or tried too often: failed. The log names no address."""
    final = _is_final(error) or mail.attempts >= TRIES
    logger.warning("mail not sent", key=mail.key, tries=mail.attempts, failed=final, error=type(error).__name__)
    if final:
        return _settle(mail, State.FAILED)
    return _settle(mail, State.WAITING, next_try=clock.now() + PAUSES[mail.attempts - 1])


def _is_final(error: Exception) -> bool:
    """Whether another try can't help: the server refuses this mail (5xx), or its headers can't be.

    A server that refuses *us* (greeting, log-in, the sender, who is the same for each mail) may be put right by its
    owner: that waits.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return all(code in REFUSED_FOR_GOOD for code, _ in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code in REFUSED_FOR_GOOD
    return isinstance(error, ValidationError | BadHeaderError)


def _free_claims() -> None:
    """Claims older than ten minutes: their worker died. Tried too often: failed."""
    stale = OutboxMail.objects.filter(state=State.CLAIMED, claimed_at__lt=clock.now() - CLAIM_HOLDS)
    stale.filter(attempts__gte=TRIES).update(state=State.FAILED, sealed="")
    stale.update(state=State.WAITING, next_try=clock.now())


def _forget() -> None:
    """After thirty days the words and the address go; the key stays, so that no event is told twice."""
    old = Q(visible_from__lt=clock.now() - KEPT) | Q(keeps_nothing=True)
    done = OutboxMail.objects.filter(old, state__in=State.done)
    done.exclude(recipient="").update(recipient="", sent_subject="", sent_text="", sent_html="")
