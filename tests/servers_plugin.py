"""A pytest plugin that gives the suite its own world before Django reads the environment.

Loaded by `-p` in pyproject.toml, since pytest-django sets Django up before any conftest is read.
Throw-away PostgreSQL and Redis unless DATABASE_URL is given; with a DATABASE_URL of SQLite a
file in a temporary folder is the test database, which threads need. Started once: the workers of
pytest-xdist inherit the environment. Nothing is written in the checkout.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from portal import servers

ROOT = Path(__file__).resolve().parent.parent
# A developer's own settings must not colour the tests.
NOT_HERE = ("DEMO", "PUBLIC_URL", "EMAIL_URL", "EXTRA_HOSTS", "METRICS_FROM", "TRUSTED_PROXIES", "LOG_LEVEL")

# Seconds. A machine that is busy for one is no Redis that is gone: what was counted there would be forgotten midway.
REDIS_PATIENCE = 30


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Set the world up; a wrapper, so that it comes before pytest-django whatever the order."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        servers.end_on_signals()
        world = ExitStack()
        early_config.add_cleanup(world.close)
        try:
            _enter(world)
        except servers.ServerError as error:
            raise pytest.UsageError(str(error)) from None
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Give each xdist worker photos and a Redis database of its own, as pytest-django does for PostgreSQL."""
    from django.conf import settings

    cache: dict[str, Any] = settings.CACHES["default"]
    if "OPTIONS" in cache:
        cache["OPTIONS"] |= dict.fromkeys(("socket_connect_timeout", "socket_timeout"), REDIS_PATIENCE)
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        settings.MEDIA_ROOT = Path(settings.MEDIA_ROOT) / worker
        if str(cache.get("LOCATION", "")).startswith("unix:"):
            cache["LOCATION"] += f"?db={1 + int(worker.removeprefix('gw')) % 15}"


def _enter(world: ExitStack) -> None:
    """Start what is not given, and name it in the environment."""
    folder = world.enter_context(tempfile.TemporaryDirectory(prefix="naober-test-"))
    for name in NOT_HERE:
        os.environ.pop(name, None)
    os.environ |= {"DATA_DIR": folder, "SECRET_KEY": "only-for-tests-" + "x" * 40}
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = world.enter_context(servers.postgres(None))
        os.environ["REDIS_URL"] = world.enter_context(servers.redis(None))
    elif os.environ["DATABASE_URL"].startswith("sqlite"):
        os.environ.setdefault("TEST_DATABASE_FILE", str(Path(folder) / "test.sqlite3"))
    _collect_static()


def _collect_static() -> None:
    """Collect the static files, so that pages name them and WhiteNoise serves them as in production."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise servers.ServerError(f"collectstatic is mislukt:\n{done.stderr}")
