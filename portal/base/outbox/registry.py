"""Which function composes which kind of mail. The cellar knows no app: the apps tell it when they are ready."""

from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives

from portal.base.outbox.models import OutboxMail

# Gives the message, or None when what the mail would tell is no longer true.
Compose = Callable[[OutboxMail], EmailMultiAlternatives | None]

_composers: dict[str, Compose] = {}
_secret: set[str] = set()


def register(kind: str, compose: Compose, *, secret: bool = False) -> None:
    """Let this function compose the mails of this kind. Of a `secret` one no copy is kept: it lets somebody in."""
    _composers[kind] = compose
    if secret:
        _secret.add(kind)


def is_secret(kind: str) -> bool:
    """Whether the words of such a mail may stand nowhere but in the mail."""
    return kind in _secret


def composer(kind: str) -> Compose:
    """The function that composes this kind; KeyError when no app registered one."""
    return _composers[kind]
