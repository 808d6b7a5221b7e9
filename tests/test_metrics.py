"""What is counted, and who may look."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.test import Client

from bookings.actions.book import book
from bookings.refusals import TooMany
from portal import metrics
from portal.base import clock
from portal.base.log import GUEST
from portal.base.models import Heartbeat, OutboxMail
from portal.base.tasks import heartbeat
from portal.sentry import without_people
from tests.factories import make_house, make_order
from tests.guest import WEDNESDAY, WEDNESDAY_NOON, on_monday

pytestmark = on_monday

ROOT = Path(__file__).resolve().parent.parent
ALARMS = yaml.safe_load((ROOT / "docs" / "monitoring" / "alarms.yml").read_text())["groups"][0]["rules"]


def figures(client: Client) -> dict[str, float]:
    """Every figure that is shown, by its name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(number) for name, _, number in (line.rpartition(" ") for line in lines)}


@pytest.mark.django_db
def test_who_asks_directly_from_this_machine_may_look(client: Client) -> None:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_FOR": ""},
    ],
)
def test_for_anybody_else_it_does_not_exist(client: Client, asked: dict[str, str]) -> None:
    assert client.get("/metrics", **asked).status_code == 404  # type: ignore[arg-type]
    assert client.get("/bestaat-niet", **asked).status_code == 404  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_watcher_may_be_elsewhere_when_it_is_named(client: Client, settings: Any) -> None:
    settings.METRICS_FROM = ["10.1.0.0/16"]
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3", HTTP_HOST="web:8000").status_code == 200
    assert client.get("/metrics").status_code == 404


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_not_by_path(client: Client) -> None:
    name = 'naoberplek_requests_total{method="GET",route="boeking/<slug:reference>/",status="404"}'
    before = figures(client).get(name, 0)
    client.get("/boeking/abcdefghijklmnopqrstuv/")
    after = figures(client)
    assert after[name] == before + 1
    assert not any("abcdefghijkl" in line for line in after)
    assert any(line.startswith("naoberplek_request_seconds_bucket{") for line in after)


@pytest.mark.django_db
def test_what_has_no_route_is_one_row(client: Client) -> None:
    client.get("/wp-login.php")
    assert not any("wp-login" in line for line in figures(client))


@pytest.mark.django_db
def test_bookings_and_refusals_are_counted_by_reason(client: Client) -> None:
    def told() -> tuple[float, float]:
        found = figures(client)
        outcomes = ("done", "TooMany")
        done, refused = (found.get(f'naoberplek_actions_total{{action="book",outcome="{one}"}}', 0) for one in outcomes)
        return done, refused

    done, refused = told()
    book(make_order(make_house(), WEDNESDAY), GUEST)
    with pytest.raises(TooMany):
        book(make_order(make_house(order_limit=1), WEDNESDAY, WEDNESDAY_NOON), GUEST)
    assert told() == (done + 1, refused + 1)


@pytest.mark.django_db
def test_the_outbox_tells_its_depth_and_age_by_lane(client: Client) -> None:
    long_ago = clock.now() - timedelta(minutes=10)
    for key in "ab":
        OutboxMail.objects.create(key=key, kind="x", subject="x", lane=OutboxMail.Lane.BULK, visible_from=long_ago)
    OutboxMail.objects.create(key="c", kind="x", subject="x", visible_from=clock.now() + timedelta(hours=1))
    found = figures(client)
    assert found['naoberplek_outbox_waiting{lane="bulk"}'] == 2
    assert found['naoberplek_outbox_waiting{lane="booking"}'] == 0
    assert found['naoberplek_outbox_oldest_seconds{lane="bulk"}'] == 600


@pytest.mark.django_db
def test_beat_and_the_tasks_are_heard(client: Client) -> None:
    assert figures(client)["naoberplek_beat_last_tick_timestamp_seconds"] == 0
    name = 'naoberplek_tasks_total{outcome="SUCCESS",task="portal.base.tasks.heartbeat"}'
    before = figures(client).get(name, 0)
    heartbeat.apply()
    Heartbeat.hear(Heartbeat.BEAT)
    found = figures(client)
    for when in ("naoberplek_beat_last_tick_timestamp_seconds", "naoberplek_worker_heard_timestamp_seconds"):
        assert found[when] == clock.now().timestamp()
    assert found[name] == before + 1
    assert name.replace("tasks_total", "task_seconds_total") in found


@pytest.mark.django_db
def test_without_a_database_it_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("password of naober@db.intern is wrong")

    assert figures(client)["naoberplek_database_up"] == 1
    monkeypatch.setattr(connection, "cursor", gone)
    assert figures(client)["naoberplek_database_up"] == 0


def test_the_newest_backup_is_told_where_it_can_be_seen(settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_DIR = tmp_path
    (tmp_path / "naoberplek-2026-11-21T030000Z.tar.gz.part").touch()  # of a run that was killed
    assert list(metrics._backup()) == []
    (tmp_path / "naoberplek-2026-11-22T030000Z.tar.gz").touch()
    (told,) = metrics._backup()
    assert told.samples[0].value > 0


def test_processes_add_up_and_who_comes_after_goes_on_in_the_same_files(tmp_path: Path) -> None:
    """Two one after the other, as when gunicorn renews a worker; then what a third one reads."""
    work = (
        "from portal.base.metrics import ACTIONS; ACTIONS.labels('book', 'done').inc();"
        "from prometheus_client import CollectorRegistry, generate_latest;"
        "from prometheus_client.multiprocess import MultiProcessCollector as M;"
        "r = CollectorRegistry(); M(r); print(generate_latest(r).decode())"
    )
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    said = [
        subprocess.run([sys.executable, "-c", work], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert 'naoberplek_actions_total{action="book",outcome="done"} 2.0' in said[-1].stdout
    assert len(list(tmp_path.glob("counter_*.db"))) == 1


@pytest.mark.django_db
def test_every_figure_of_the_example_alarms_is_shown(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_DIR = tmp_path
    (tmp_path / "naoberplek-2026-11-22T030000Z.tar.gz").touch()
    kinds = re.findall(r"^# TYPE (\w+) (\w+)$", client.get("/metrics").content.decode(), re.MULTILINE)
    shown = {name + ("_bucket" if kind == "histogram" else "") for name, kind in kinds}
    assert {name for rule in ALARMS for name in re.findall(r"naoberplek_\w+", rule["expr"])} <= shown


def test_the_example_alarms_ask_for_lanes_outcomes_and_actions_that_there_are() -> None:
    asked = {pair for rule in ALARMS for pair in re.findall(r'(\w+)!?="(\w+)"', rule["expr"])} - {("job", "naoberplek")}
    lanes = {("lane", lane.name.lower()) for lane in OutboxMail.Lane}
    assert asked <= lanes | {("outcome", "done"), ("outcome", "FAILURE"), ("action", book.__name__)}


# --- errors elsewhere -------------------------------------------------------------------------------------


def test_without_an_address_nothing_of_sentry_is_even_loaded() -> None:
    assert not django_settings.SENTRY_DSN
    work = "import django; django.setup(); import sys; print('sentry_sdk' in sys.modules)"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": "sqlite://"}
    done = subprocess.run([sys.executable, "-c", work], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_goes_to_sentry_names_nobody() -> None:
    event = {
        "request": {"url": "https://x/boeking/abcdef/", "method": "POST", "data": {"naam": "Marieke"}, "cookies": "c"},
        "user": {"ip_address": "203.0.113.9"},
        "exception": {"values": [{"value": "marieke@voorbeeld.example belt 0612345678"}]},
    }
    sent = without_people(event, {})
    assert sent["request"] == {"method": "POST"}
    assert "user" not in sent
    assert sent["exception"]["values"][0]["value"] == "••• belt •••"
