"""Is the process alive, and can it serve?"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from portal.base import clock
from portal.base.models import Heartbeat
from portal.base.tasks import heartbeat


def ready(client: Client) -> tuple[int, Any]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_the_process_answers_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_is_ready_while_a_worker_is_heard(client: Client) -> None:
    heartbeat()
    assert ready(client) == (200, {"ready": True, "degraded": []})


@pytest.mark.django_db
def test_without_a_worker_it_is_degraded_and_serves(client: Client) -> None:
    assert ready(client) == (200, {"ready": True, "degraded": ["background"]})


@pytest.mark.django_db
@pytest.mark.parametrize(("silent", "degraded"), [(2.9, []), (3.1, ["background"])])
def test_three_minutes_of_silence_are_too_long(client: Client, silent: float, degraded: list[str]) -> None:
    Heartbeat.objects.create(name="worker", at=clock.now() - timedelta(minutes=silent))
    assert ready(client)[1]["degraded"] == degraded


@pytest.mark.django_db
def test_the_heartbeat_may_beat_twice() -> None:
    heartbeat()
    heartbeat()
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db
def test_a_missing_migration_makes_it_unready(client: Client) -> None:
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("bookings")
    MigrationRecorder(connection).record_unapplied(*newest)
    assert ready(client) == (503, {"ready": False, "why": "migrations"})


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_gone_makes_it_unready(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def gone() -> None:
        raise error("server closed the connection")

    monkeypatch.setattr(connection, "cursor", gone)
    assert ready(client) == (503, {"ready": False, "why": "database"})


@pytest.mark.django_db
def test_it_tells_nothing_about_the_machine(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("password of naober@db.intern is wrong")

    monkeypatch.setattr(connection, "cursor", gone)
    assert "intern" not in client.get("/readyz").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), [("/healthz", 200), ("/readyz", 200), ("/dorpshuizen/", 301)])
def test_health_is_asked_over_plain_http_also_behind_tls(
    client: Client, settings: Any, address: str, status: int
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(address).status_code == status
