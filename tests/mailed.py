"""Reads log-in codes from the outbox, as the worker that sends them would."""

import re

from portal.base.models import OutboxMail
from portal.base.outbox.sealed import unseal


def code_for(email: str) -> str:
    """The code in the newest mail to this address."""
    mail = OutboxMail.objects.filter(recipient=email, key__startswith="code:").latest("pk")
    message = unseal(mail.sealed)
    assert message is not None
    (code,) = re.findall(r"^\d{6}$", str(message.body), re.MULTILINE)
    return str(code)


def wrong(code: str) -> str:
    """Six digits that are not these."""
    return f"{(int(code) + 1) % 10**6:06}"
