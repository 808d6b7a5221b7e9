"""Whether a setting can be what it is for. One that can't stops the start with a sentence; no visitor pays for it."""

import ipaddress
import logging
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from environs import ValidationError, validate

# Those of dj-email-url; not `smtps`, which there is STARTTLS and reads as its opposite.
MAIL_SERVERS, MAIL_ELSEWHERE = ("smtp", "submission", "submit"), ("console", "file", "memory", "dummy", "dummymail")


def web_address(value: str) -> None:
    """A scheme and a host, with a port or not."""
    found = _split(value)
    if found.scheme not in ("http", "https") or not found.hostname or found.path not in ("", "/") or found.query:
        raise ValidationError("is geen adres als https://naoberplek.example, zonder pad erachter.")


def mail_server(value: str) -> None:
    """Empty: there is none. Of an address that nobody knows no mail would leave, and all would count as sent."""
    found = _split(value)
    if not value or found.scheme in MAIL_ELSEWHERE or (found.scheme in MAIL_SERVERS and found.hostname):
        return
    raise ValidationError(
        "is geen mailserver als submission://naam:wachtwoord@mail.example:587 of "
        "smtp://naam:wachtwoord@mail.example:465/?ssl=True."
    )


def mail_address(value: str) -> None:
    """Empty: there is none. Only the address: the name is ours."""
    if value:
        validate.Email(error="is geen e-mailadres als post@naoberplek.example.")(value)


def sentry(value: str) -> None:
    """Empty: there is none. An address with a key in it."""
    found = _split(value)
    if value and not (found.scheme in ("http", "https") and found.username and found.hostname):
        raise ValidationError("is geen adres van Sentry als https://sleutel@sentry.example/1.")


def redis_server(value: str) -> None:
    """Empty: there is none."""
    found = _split(value)
    if value and not (found.scheme in ("redis", "rediss") and found.hostname) and not value.startswith("unix:///"):
        raise ValidationError("is geen Redis als redis://host:6379/0.")


def networks(value: Sequence[str]) -> None:
    """Addresses, or networks with nothing behind their mask: gunicorn takes no others."""
    for one in value:
        try:
            ipaddress.ip_network(one)
        except ValueError:
            raise ValidationError(f"{one} is geen adres als 10.0.0.5, en geen netwerk als 10.0.0.0/24.") from None


def proxies(value: Sequence[str]) -> None:
    """As networks; `*` is everybody."""
    networks([one for one in value if one != "*"])


def log_level(value: str) -> None:
    """One of logging's names, in capitals or not."""
    if value.upper() not in logging.getLevelNamesMapping():
        raise ValidationError("is geen niveau van de log: DEBUG, INFO, WARNING, ERROR of CRITICAL.")


def _split(value: str) -> SplitResult:
    try:
        found = urlsplit(value)
        _ = found.port
    except ValueError:
        raise ValidationError("is geen adres: de host of de poort klopt niet.") from None
    return found
