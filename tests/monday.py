"""A Monday at nine, and the clock runs: for tests with servers and threads, which are to give the same at any hour, on
any day. Next to midnight tomorrow is another day halfway through a test; at New Year so is the month.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.factories import MONDAY_NINE

from_monday_nine = pytest.mark.time_machine(MONDAY_NINE, tick=True)


def begin_on_monday(items: Iterable[pytest.Item], folder: Path) -> None:
    """Let the tests of this folder begin then, but those that say another time."""
    for item in items:
        if item.path.is_relative_to(folder) and item.get_closest_marker("time_machine") is None:
            item.add_marker(from_monday_nine)
