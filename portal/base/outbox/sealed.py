"""Mails with a secret in them, such as a log-in code: stored ready-made and encrypted, and emptied once sent.

They can't be composed later, since nobody keeps the secret itself. The key follows from SECRET_KEY.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.crypto import salted_hmac

from portal.base import clock


@dataclass(frozen=True)
class Ready:
    """A whole mail; after `until` nobody needs it any more."""

    subject: str
    text: str
    html: str
    until: datetime


def seal(ready: Ready) -> str:
    """The mail as it can stand in the database."""
    parts = [ready.subject, ready.text, ready.html, ready.until.isoformat()]
    return _fernet().encrypt(json.dumps(parts).encode()).decode()


def unseal(sealed: str) -> EmailMultiAlternatives | None:
    """The message again; None when it came too late, or SECRET_KEY is another one by now."""
    try:
        subject, text, html, until = json.loads(_fernet().decrypt(sealed.encode()))
    except InvalidToken:
        return None
    if clock.now() >= datetime.fromisoformat(until):
        return None
    message = EmailMultiAlternatives(subject=subject, body=text)
    message.attach_alternative(html, "text/html")
    return message


def seal_text(text: str) -> str:
    """A secret that the portal itself must read again, as it can stand in the database."""
    return _fernet().encrypt(text.encode()).decode()


def open_text(sealed: str) -> str:
    """That secret again. Raises InvalidToken when SECRET_KEY is another one by now: a key is never simply empty."""
    return _fernet().decrypt(sealed.encode()).decode()


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("portal.base.outbox.sealed", "", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
