"""A pytest plugin: whoever tries many examples tries the same ones in each run, however slow the machine.

To look for others: `--hypothesis-profile=default`.
"""

from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def _examples_are_the_same_whatever_was_imported() -> Iterator[None]:
    """Hypothesis likes to try the numbers and texts of our own modules: of those that are imported by then."""
    with mock.patch.object(providers, "_get_local_constants", Constants):
        yield
