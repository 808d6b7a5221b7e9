"""The demo's data, loaded once for a module, on a Monday at nine."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

import portal.urls  # noqa: F401 - read while DEMO is off, as for every other test
from portal.demo import data
from tests.factories import MONDAY_NINE


@pytest.fixture(scope="module")
def loaded_demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[data.Loaded]:
    """Load in a transaction around all tests of the module, and take it back after the last."""
    frozen = time_machine.travel(MONDAY_NINE, tick=False)
    with django_db_blocker.unblock(), override_settings(DEMO=True), frozen, transaction.atomic():
        yield data.load()
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded_demo: data.Loaded, db: None) -> data.Loaded:
    """The loaded demo; what a test changes in it is taken back after that test."""
    return loaded_demo
