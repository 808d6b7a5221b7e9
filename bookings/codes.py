"""The secrets of an invitation: a code on paper, or a link by mail. The table holds neither."""

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

from villages.models import Invitation
from villages.models.invitation import InvitationQuerySet

# Letters that nobody takes for another one, and no vowels, so that no code is a word. 16 of 18: 66 bits.
LETTERS = "BCDFGHJKMNPRSTWXYZ"
LENGTH, GROUP = 16, 4


def new_code() -> str:
    """A code for on paper: sixteen letters."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def grouped(code: str) -> list[str]:
    """The code in groups of four, as it is read."""
    return [code[start : start + GROUP] for start in range(0, len(code), GROUP)]


def typed_code(text: str) -> str:
    """The code that was typed, however it was spaced or capitalised; empty for what can't be one."""
    code = "".join(char for char in text.upper() if char.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else ""


def hash_of(code: str) -> str:
    """What the table keeps of a code."""
    return salted_hmac("bookings.invitation-code", code, algorithm="sha256").hexdigest()


def token_of(invitation: Invitation) -> str:
    """The secret in the link of this invitation: its number, sealed by the portal's own key. Stored nowhere."""
    return f"{invitation.pk}-{_seal(invitation)}"


def invitation_with_token(token: str) -> Invitation | None:
    """The invitation that this link is of, with its house, open or not; None when the link is not ours."""
    number, _, seal = token.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) <= LENGTH):
        return None
    invitation = _with_house().filter(pk=int(number)).first()
    return invitation if invitation and constant_time_compare(seal, _seal(invitation)) else None


def invitation_with_code(code: str) -> Invitation | None:
    """The invitation that this code is of, with its house, open or not."""
    return _with_house().filter(code_hash=hash_of(code)).first() if code else None


def invitation_with_number(number: object) -> Invitation | None:
    """The invitation with this number, as a browser's session remembers it."""
    return _with_house().filter(pk=number).first() if isinstance(number, int) else None


def _with_house() -> InvitationQuerySet:
    return Invitation.objects.select_related("dorpshuis__village")


def _seal(invitation: Invitation) -> str:
    """Over the hash too, so that a number that is given out again, in a restored table, has another link."""
    value = f"{invitation.pk}:{invitation.code_hash}"
    return salted_hmac("bookings.invitation-link", value, algorithm="sha256").hexdigest()[:40]
