"""What may be left nowhere of the person whom the tests of forgetting forget, and how it is looked for.

Only texts are looked through. Her postcode has a letter that stands in no number, moment, hash or key: four digits
would be found in any of them by chance. The form would not take it; the column does.
"""

import re

NAME, EMAIL, PHONE, POSTCODE = "Wijnanda Zwaluwhof", "wijnanda.z@voorbeeld.example", "+31687654321", "79é1"
TRACES = re.compile(
    rf"wijnanda|zwaluwhof|87654321|6[ -]?87[ -]?65[ -]?43[ -]?21|vergeet mijn|buurvrouw|{POSTCODE}|79\\u00e91", re.I
)


def shows_her(value: object) -> bool:
    """Whether this value of a column, as the database gave it, says something of her."""
    return isinstance(value, str) and TRACES.search(value) is not None
