"""Log-in codes: six digits by mail, for one browser, for a quarter of an hour, with five tries."""

import secrets
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.base import clock
from portal.base.accounts.models import LoginCode

DIGITS = 6
LIFE = timedelta(minutes=15)
TRIES = 5


class Refused(Exception):
    """The code lets nobody in. `left`: how often she may still try this one; 0 when it is over with it."""

    def __init__(self, left: int = 0) -> None:
        super().__init__()
        self.left = left


def ask(email: str, template: str = "account/email/login_code") -> LoginCode:
    """Mail a new code to this address. Whether anybody is known by it is not looked at: no answer, no time tells.

    `email` in small letters. Gives the row whose number the asking browser keeps.
    """
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with transaction.atomic():
        row = LoginCode.objects.create(email=email, digest=_digest(email, code))
        mail = {"key": str(row), "code": code, "minutes": LIFE // timedelta(minutes=1), "until": row.made_at + LIFE}
        get_adapter().send_mail(template, email, mail)
    return row


def redeem(number: int, typed: str) -> str:
    """The address to which the code of this row was mailed; Refused when what was typed is not it, or too late.

    A try is counted by one guarded update before anything is compared: who sends a thousand guesses at the same
    instant has five. A code that was used is gone.
    """
    alive = LoginCode.objects.filter(pk=number, tries__lt=TRIES, made_at__gt=clock.now() - LIFE)
    if not alive.update(tries=F("tries") + 1):
        raise Refused
    row = LoginCode.objects.filter(pk=number).first()
    if row is None:
        raise Refused
    digits = "".join(char for char in typed if char.isascii() and char.isdigit())
    if not constant_time_compare(row.digest, _digest(row.email, digits)):
        raise Refused(TRIES - row.tries)
    if not LoginCode.objects.filter(pk=number).delete()[0]:
        raise Refused  # the same code at the same instant: one of the two is in
    return row.email


def drop(number: int) -> None:
    """Let this code be worth nothing: she asks for a new one."""
    LoginCode.objects.filter(pk=number).delete()


def forget() -> None:
    """Delete the codes whose time is over, and with them the addresses that somebody typed."""
    LoginCode.objects.filter(made_at__lte=clock.now() - LIFE).delete()


def _digest(email: str, code: str) -> str:
    return salted_hmac("portal.base.accounts.codes", f"{email}:{code}", algorithm="sha256").hexdigest()
