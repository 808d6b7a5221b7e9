"""What every test may use. Groups of fixtures are in `tests/fixtures_*.py`."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytest_plugins = ["tests.fixtures_browser", "tests.post"]

QueryCount = Callable[[int], AbstractContextManager[None]]


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
