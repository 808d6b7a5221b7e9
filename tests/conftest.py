"""What every test may use. Groups of fixtures are in `tests/fixtures_*.py`."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from whitenoise.base import WhiteNoise

from bookings.guest import kept
from portal.base import clock
from portal.base.cache import SteadyRedisCache
from portal.base.outbox import delivery
from tests.database import end_other_connections

pytest_plugins = ["tests.fixtures_browser", "tests.post", "tests.steady"]

Say = Callable[[str], None]
QueryCount = Callable[[int], AbstractContextManager[None]]


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_through_once() -> Iterator[None]:
    """Each test client builds the middleware anew, and WhiteNoise then asks the disk for 360 files: half of the time
    of a request. The folder does not change during a run.
    """
    look = WhiteNoise.update_files_dictionary
    seen: dict[tuple[str, str], dict[str, Any]] = {}

    def remember(self: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in seen:
            self.files, before = {}, self.files
            look(self, root, prefix)
            seen[root, prefix], self.files = self.files, before
        self.files |= seen[root, prefix]

    with mock.patch.object(WhiteNoise, "update_files_dictionary", remember):
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_sweep_sends_all() -> Iterator[None]:
    """On a busy machine three mails may take longer than a worker's slice; the tests of slices set their own."""
    with mock.patch.object(delivery, "SLICE", 120.0):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_left_of_the_test_before() -> None:
    """What a process remembers beside its database: who asked how often, kept pages (of a house that has the same
    number on SQLite), a Redis that failed, the demo's clock, a language. Nobody knows which test a worker did before.
    """
    SteadyRedisCache._left_alone_until = 0.0
    for name in ("default", kept.CACHE):
        caches[name].clear()
    clock._kept = (float("-inf"), timedelta(0))
    translation.deactivate()


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Print it also when the test passes: what was counted is to be read."""

    def out(words: str) -> None:
        with capsys.disabled():
            print(f"\n{words}", end="")

    return out


@pytest.fixture
def query_count(db: None) -> QueryCount:
    """`with query_count(3): …` fails unless exactly three queries are made, and prints them."""

    @contextmanager
    def exactly(expected: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as made:
            yield
        if len(made) != expected:
            queries = "\n".join(f"{number}. {query['sql']}" for number, query in enumerate(made, start=1))
            pytest.fail(f"{len(made)} queries, expected {expected}:\n{queries}")

    return exactly


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Nobody else holds the database when it is dropped."""
    yield
    with django_db_blocker.unblock():
        end_other_connections()
