"""Passkeys: the device itself says who she is, after a finger, a face or a PIN. The ceremony is django-allauth's."""

import json
from typing import Any

import structlog
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.db import transaction

from portal.base import clock
from portal.base.accounts.models import User

Type = Authenticator.Type
MOST = 10
NAME_LENGTH = 40

logger = structlog.get_logger("portal.passkeys")


class Refused(Exception):
    """The device's answer proves nothing: not asked for here, too late, or made by somebody else."""


def of(user: User) -> list[Authenticator]:
    """Her passkeys, oldest first."""
    return list(Authenticator.objects.filter(user=user, type=Type.WEBAUTHN).order_by("pk"))


def has_any(user: User) -> bool:
    """Whether a device lets her in."""
    return bool(Authenticator.objects.filter(user=user, type=Type.WEBAUTHN).exists())


def begin_adding(user: User) -> str:
    """What the browser must know to make a passkey, as JSON; the challenge stays in the session."""
    return _json(auth.begin_registration(user, True))


def add(user: User, name: str, answer: str) -> Authenticator:
    """Keep the passkey that the device made; Refused when that can't be relied on."""
    try:
        credential = json.loads(answer)
        auth.parse_registration_response(credential)
        if not auth.complete_registration(credential).is_user_verified():
            raise Refused
        with transaction.atomic():  # it is kept as it came, with whatever else stands in it: a table may refuse that
            return auth.WebAuthn.add(user, name, credential).instance
    except Exception as error:
        raise _refused(error) from error


def begin_log_in() -> str:
    """What the browser must know to log somebody in, whoever she is, as JSON."""
    return _json(auth.begin_authentication(None))


def redeem(answer: str) -> User:
    """Whose device gave this answer to the challenge of this session; Refused when nobody's."""
    try:
        response = json.loads(answer)
        auth.parse_authentication_response(response)
        user = auth.extract_user_from_response(response)
        key = auth.complete_authentication(user, response)
    except Exception as error:
        raise _refused(error) from error
    key.last_used_at = clock.now()
    key.save(update_fields=["last_used_at"])
    return user  # type: ignore[no-any-return]


def rename(key: Authenticator, name: str) -> None:
    """Call this passkey by another name."""
    key.data["name"] = name
    key.save(update_fields=["data"])


def _refused(error: Exception) -> Refused:
    """The answer comes from anybody, and parsers of foreign bytes fail in every way: each failure is a no.

    The challenge is gone with it: a second answer to the same one is never looked at.
    """
    auth.clear_state()
    if not isinstance(error, Refused):
        logger.info("passkey refused", error=type(error).__name__)
    return Refused()


def _json(options: Any) -> str:
    return json.dumps(options, default=dict)
