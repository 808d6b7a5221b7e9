"""What makes two orders the same order (rule 3)."""

import json
from typing import Any

from django.utils.crypto import salted_hmac

from bookings.order import Order


def fingerprint_of(order: Order) -> str:
    """A keyed hash of house, dagdelen, desk, tariff, name and contact: 64 hexadecimal digits.

    Keyed, so that a leaked table tells nobody who booked what.
    """
    moments = ",".join(sorted(str(moment) for moment in order.moments))
    parts = [
        str(order.dorpshuis_id),
        moments,
        str(order.desk_id or ""),
        order.tariff,
        order.name,
        order.email,
        order.phone,
    ]
    parts += [order.trial] if order.trial else []
    return sealed(*parts)


def sealed(*parts: str) -> str:
    """A keyed hash of these texts in this order: 64 hexadecimal digits."""
    return salted_hmac("bookings.order", "\x1f".join(parts), algorithm="sha256").hexdigest()


def seen_of(values: Any) -> str:
    """A keyed hash of what somebody saw when she opened a form (what JSON can hold, and days and times).

    Other values, another hash. The form carries it hidden; under the lock it is compared with what stands then.
    """
    return sealed("seen", json.dumps(values, default=str, sort_keys=True))
