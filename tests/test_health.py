"""Is the process alive, and can it serve?"""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from portal.base import clock
from portal.base.models import Heartbeat, OutboxMail
from portal.base.tasks import heartbeat
from portal.beat import HeardScheduler
from tests.guest import on_monday

# The clock stands still: an age is what the test made it, however busy the machine is.
pytestmark = on_monday


def ready(client: Client) -> tuple[int, Any]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_the_process_answers_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def all_heard(minutes_ago: float = 0) -> None:
    at = clock.now() - timedelta(minutes=minutes_ago)
    Heartbeat.objects.bulk_create([Heartbeat(name=name, at=at) for name in (Heartbeat.BEAT, Heartbeat.WORKER)])


@pytest.fixture
def no_redis(settings: Any) -> None:
    settings.REDIS_URL = "unix:///there-is-no/redis.sock"


@pytest.fixture
def deaf_redis(settings: Any) -> Iterator[None]:
    """It takes connections and says nothing, as a machine that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings.REDIS_URL = f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"
        yield


@pytest.mark.django_db
def test_it_is_ready_while_all_are_heard(client: Client) -> None:
    all_heard()
    status, said = ready(client)
    assert (status, said["ready"], said["degraded"]) == (200, True, [])
    assert list(said["parts"]) == ["broker", "beat", "worker", "mail"]


@pytest.mark.django_db
@pytest.mark.parametrize(("silent", "degraded"), [(2.9, []), (3.1, ["beat"])])
def test_three_minutes_of_silence_are_too_long(client: Client, silent: float, degraded: list[str]) -> None:
    all_heard(silent)
    assert ready(client)[1]["degraded"] == degraded


@pytest.mark.django_db
def test_a_beat_that_stopped_is_named_with_its_last_tick(client: Client) -> None:
    all_heard(10)
    status, said = ready(client)
    assert (status, said["degraded"]) == (200, ["beat"])
    assert said["parts"]["beat"] == "ticked 600 s ago"
    assert said["parts"]["worker"] == "not known: nobody asks it"


@pytest.mark.django_db
def test_before_the_first_tick_beat_is_named(client: Client) -> None:
    assert ready(client)[1]["degraded"] == ["beat"]


@pytest.mark.django_db
def test_a_worker_that_stopped_is_named_while_beat_ticks(client: Client) -> None:
    all_heard(10)
    Heartbeat.hear(Heartbeat.BEAT)
    status, said = ready(client)
    assert (status, said["degraded"]) == (200, ["worker"])
    assert said["parts"]["worker"] == "heard 600 s ago"


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the production shape")
@pytest.mark.parametrize("harm", ["no_redis", "deaf_redis"])
def test_a_redis_that_is_gone_or_hangs_is_named_within_two_seconds(
    client: Client, request: pytest.FixtureRequest, harm: str
) -> None:
    """The quickest of some answers: the machine may be busy with something else, and not each time."""
    all_heard()
    request.getfixturevalue(harm)

    def seconds() -> float:
        began = time.monotonic()
        status, said = ready(client)
        assert (status, said["degraded"]) == (200, ["broker"])
        return time.monotonic() - began

    assert any(seconds() < 2 for _ in range(5))


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["waiting", "claimed"])
def test_a_mail_that_waits_long_is_named_with_its_age(client: Client, state: str) -> None:
    """Also when a try failed, and the next is planned for later."""
    all_heard()
    now = clock.now()
    mail = OutboxMail(key="a", kind="x", subject="x", state=state, visible_from=now - timedelta(minutes=10))
    mail.next_try = now + timedelta(hours=1)
    mail.save()
    assert ready(client)[1]["degraded"] == []
    OutboxMail.objects.update(visible_from=now - timedelta(minutes=20))
    status, said = ready(client)
    assert (status, said["degraded"]) == (200, ["mail"])
    assert said["parts"]["mail"] == "the oldest waits for 1200 s"


@pytest.mark.django_db
def test_a_mail_for_later_a_sent_one_and_one_that_failed_wait_for_nothing(client: Client) -> None:
    all_heard()
    old = clock.now() - timedelta(hours=1)
    for state in ("sent", "failed", "dropped"):
        OutboxMail.objects.create(key=state, kind="x", subject="x", state=state, visible_from=old)
    OutboxMail.objects.create(key="later", kind="x", subject="x", visible_from=clock.now() + timedelta(hours=1))
    assert ready(client)[1]["parts"]["mail"] == "none waits"


@pytest.mark.django_db
def test_the_heartbeat_may_beat_twice() -> None:
    heartbeat()
    heartbeat()
    assert list(Heartbeat.objects.values_list("name", flat=True)) == [Heartbeat.WORKER]


# --- beat -------------------------------------------------------------------------------------------------


@pytest.fixture
def beat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HeardScheduler:
    """Beat with nothing to ask for, which leaves the test's connection open."""
    monkeypatch.setattr(connection, "close", lambda: None)
    nothing = Celery(set_as_current=False)
    return HeardScheduler(nothing, schedule_filename=str(tmp_path / "schedule"))


@pytest.mark.django_db
def test_beat_writes_down_that_it_ticks(client: Client, beat: HeardScheduler) -> None:
    beat.tick()
    assert "beat" not in ready(client)[1]["degraded"]


@pytest.mark.django_db
def test_beat_writes_no_more_than_every_quarter_of_a_minute(beat: HeardScheduler) -> None:
    beat.tick()
    Heartbeat.objects.all().delete()
    beat.tick()
    assert not Heartbeat.objects.exists()


def test_beat_ticks_on_without_a_database(
    beat: HeardScheduler, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(_name: str) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(Heartbeat, "hear", gone)
    assert beat.tick() > 0
    assert "beat's tick not written" in caplog.text


# --- when it can't serve ----------------------------------------------------------------------------------


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
