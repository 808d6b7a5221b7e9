"""What somebody saw when she opened a form: so that nobody overwrites unseen what another changed meanwhile."""

import json
from typing import Any

from bookings.fingerprint import sealed


def seen_of(values: Any) -> str:
    """A keyed hash of these values (what JSON can hold, and days and times): 64 hexadecimal digits.

    Other values, another hash. The form carries it hidden; under the lock it is compared with what stands then.
    """
    return sealed("seen", json.dumps(values, default=str, sort_keys=True))
