"""The secret of a trial code: twelve letters, made of the row and the portal's own key. The table holds it nowhere."""

import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from bookings.codes import LETTERS
from bookings.models import TrialCode

LENGTH, GROUP = 12, 4  # of 18 letters: 50 bits, and wrong tries are counted


def new_seed() -> str:
    """What makes the code of a row its own."""
    return secrets.token_hex(16)


def code_of(trial: TrialCode) -> str:
    """The code of this row, always the same."""
    return letters_of(trial.seed)


def letters_of(seed: str) -> str:
    """The code that this seed becomes: twelve letters."""
    number = int.from_bytes(salted_hmac("bookings.trial-code", seed, algorithm="sha256").digest())
    found = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        found += LETTERS[rest]
    return found


def groups_of(code: str) -> list[str]:
    """The code in groups of four, as it is read."""
    return [code[start : start + GROUP] for start in range(0, len(code), GROUP)]


def typed_trial(text: str) -> str:
    """The code that was typed, however it was spaced or capitalised; empty for what can't be one."""
    code = "".join(char for char in text[:100].upper() if char.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else ""


def hash_of_trial(code: str) -> str:
    """What the table keeps of a code."""
    return salted_hmac("bookings.trial-code-hash", code, algorithm="sha256").hexdigest()


def trial_link(trial: TrialCode) -> str:
    """The whole address of the house's page with this code filled in."""
    return f"{settings.PUBLIC_URL}{reverse('house', args=[trial.dorpshuis.slug])}?proef={code_of(trial)}"
