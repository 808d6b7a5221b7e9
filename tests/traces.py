"""What may be left nowhere of the person whom the tests of forgetting forget, and how it is looked for.

Only texts are looked through, and the postcode only as a word of its own: four digits stand by chance
in a row's number, in the microseconds of a moment and in a hash.
"""

import re

NAME, EMAIL, PHONE, POSTCODE = "Wijnanda Zwaluwhof", "wijnanda.z@voorbeeld.example", "+31687654321", "7991"
TRACES = re.compile(
    rf"wijnanda|zwaluwhof|87654321|6[ -]?87[ -]?65[ -]?43[ -]?21|vergeet mijn|buurvrouw|(?<!: )\b{POSTCODE}\b", re.I
)


def shows_her(value: object) -> bool:
    """Whether this value of a column, as the database gave it, says something of her."""
    return isinstance(value, str) and TRACES.search(value) is not None
