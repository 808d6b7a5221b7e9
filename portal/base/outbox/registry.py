"""Which function composes which kind of mail. The cellar knows no app: the apps tell it when they are ready."""

from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives

from portal.base.outbox.models import OutboxMail

# Gives the message, or None when what the mail would tell is no longer true.
Compose = Callable[[OutboxMail], EmailMultiAlternatives | None]

_composers: dict[str, Compose] = {}


def register(kind: str, compose: Compose) -> None:
    """Let this function compose the mails of this kind."""
    _composers[kind] = compose


def composer(kind: str) -> Compose:
    """The function that composes this kind; KeyError when no app registered one."""
    return _composers[kind]
