"""Codes of an app (TOTP), and the codes on paper for who has lost it."""

from dataclasses import dataclass
from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import InvalidToken
from django.db import transaction

from portal.base import clock
from portal.base.accounts.models import User

Type = Authenticator.Type
APP_OR_PAPER = (Type.TOTP, Type.RECOVERY_CODES)
LAST = "last_counter"  # in the app's row: the moment of the newest code that was used


@dataclass(frozen=True)
class NewApp:
    """What the app must know. `picture` is an SVG of a QR code as an address of an image."""

    secret: str
    picture: str

    @property
    def groups(self) -> list[str]:
        """The secret as a person can type it."""
        return [self.secret[at : at + 4] for at in range(0, len(self.secret), 4)]


@dataclass(frozen=True)
class Status:
    """An app that is on: since when, last used (None: never), and how many codes on paper still work."""

    since: datetime
    used_at: datetime | None
    paper_left: int


def new_secret() -> str:
    """A secret that nobody has yet, sealed: so it may wait in a session."""
    return str(get_adapter().encrypt(totp.generate_totp_secret()))


def to_scan(user: User, sealed: str) -> NewApp:
    """The secret, for the app to scan or for her to type."""
    adapter = get_adapter()
    secret = adapter.decrypt(sealed)
    return NewApp(secret, adapter.picture_of(adapter.build_totp_url(user, secret)))


def turn_on(user: User, sealed: str, typed: str) -> list[str] | None:
    """Turn the app on if this is a code of it; gives the codes for on paper, None when the code is wrong.

    Raises IntegrityError when she has an app already.
    """
    counter = _counter_of(get_adapter().decrypt(sealed), _digits(typed))
    if counter is None:
        return None
    with transaction.atomic():
        Authenticator.objects.create(user=user, type=Type.TOTP, data={"secret": sealed, LAST: counter})
        return new_paper(user)


def turn_off(user: User) -> None:
    """No app any more, and no codes on paper."""
    Authenticator.objects.filter(user=user, type__in=APP_OR_PAPER).delete()


def is_on(user: User) -> bool:
    """Whether she logs in with the code of an app too."""
    return bool(Authenticator.objects.filter(user=user, type=Type.TOTP).exists())


def new_paper(user: User) -> list[str]:
    """New codes for on paper; those of before are worth nothing."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
        return list(RecoveryCodes.activate(user).generate_codes())


def check(user: User, typed: str) -> str:
    """Which this code is: `totp`, `recovery_codes`, or empty for neither. Each works once.

    allauth remembers a used code in the cache, in plain digits: here the app's own row does.
    """
    digits = _digits(typed)
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user=user, type__in=APP_OR_PAPER)
        for row in sorted(rows, key=lambda row: str(row.type), reverse=True):
            if _is_right(row, digits):
                row.refresh_from_db()
                row.last_used_at = clock.now()
                row.save(update_fields=["last_used_at"])
                return str(row.type)
    return ""


def status(user: User) -> Status | None:
    """Her app, if she has one; one query."""
    rows = {row.type: row for row in Authenticator.objects.filter(user=user, type__in=APP_OR_PAPER)}
    if Type.TOTP not in rows:
        return None
    paper = rows.get(Type.RECOVERY_CODES)
    return Status(rows[Type.TOTP].created_at, rows[Type.TOTP].last_used_at, _left(paper) if paper else 0)


def _left(paper: Authenticator) -> int:
    try:
        return len(paper.wrap().get_unused_codes())
    except InvalidToken:  # SECRET_KEY is another one
        return 0


def _is_right(row: Authenticator, digits: str) -> bool:
    try:
        return _is_new(row, digits) if row.type == Type.TOTP else bool(row.wrap().validate_code(digits))
    except InvalidToken:  # SECRET_KEY is another one: this app is nobody's any more
        return False


def _is_new(row: Authenticator, digits: str) -> bool:
    """Whether it is the app's code, and later than the newest that was used; from now on it is used."""
    counter = _counter_of(get_adapter().decrypt(row.data["secret"]), digits)
    if counter is None or counter <= row.data.get(LAST, 0):
        return False
    row.data[LAST] = counter
    row.save(update_fields=["data"])
    return True


def _counter_of(secret: str, digits: str) -> int | None:
    """The half minute whose code this is; the one before and the one after may be too: clocks differ."""
    for counter in totp.yield_hotp_counters_from_time():
        if compare_user_code(actual=digits, expected=totp.format_hotp_value(totp.hotp_value(secret, counter))):
            return int(counter)
    return None


def _digits(typed: str) -> str:
    return "".join(char for char in typed if char.isascii() and char.isdigit())
