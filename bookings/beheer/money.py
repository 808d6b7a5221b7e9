"""Money as people type it."""

import re

from django.utils.translation import gettext

from villages.models.tariff import MAX_CENTS

_MONEY = re.compile(
    r"\A(?:€|eur(?:o)?)?\s*([0-9]{1,7})(?:[.,]([0-9]{1,2}|-))?\s*(?:€|eur(?:o)?)?\Z", re.IGNORECASE | re.ASCII
)


def cents_of(text: str) -> int:
    """ "7,50", "7.5", "7", "7,-" or "€ 7,50" as whole cents. Raises ValueError with a sentence for who typed it."""
    found = _MONEY.match(" ".join(text.split()))
    if found is None:
        raise ValueError(gettext("Dit bedrag kunnen we niet lezen. Typ het zo: 7,50."))
    cents = int(found[1]) * 100 + int((found[2] or "").strip("-").ljust(2, "0"))
    if cents > MAX_CENTS:
        raise ValueError(gettext("Dit bedrag is te hoog. Een dagdeel kost hoogstens € 1.000."))
    return cents


def typed_euros(cents: int) -> str:
    """750 as `7,50`: as it stands in a field where it can be changed."""
    return f"{cents // 100},{cents % 100:02}"
