"""`make serve` while parts of it are stopped, started, and told to end.

A start takes the longest, so these tests have one database and one folder after the other: what is in them stays.
"""

import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import httpx
import psycopg
import pytest

from bookings.domain.dagdelen import Moment
from portal import servers
from portal.base import clock
from tests.faults.inbox import TAKEN, inbox
from tests.races.crowd import Visitor, visitor
from tests.running import PLAIN, ROOT, THROUGH_MAKE, Machine, Serve, left_of, machine, serving, until

pytestmark = [pytest.mark.long, pytest.mark.alone, pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")]

HOUSE = cast(Any, SimpleNamespace(slug="over-entinghe"))
START = 300.0  # seconds, on a machine with other things to do
ALL_AT_WORK = 150.0  # seconds until beat ticked and a worker did what it asked

HOMELESS = "SELECT COUNT(*) FROM bookings_booking WHERE reservation_id NOT IN (SELECT id FROM bookings_reservation)"
# Being sent counts as neither: that would wait for minutes, until nobody believes any more that its worker lives.
TO_TELL = "SELECT COUNT(*) FROM base_outboxmail WHERE recipient LIKE %s AND state IN ('waiting', 'sent')"


@contextmanager
def folder() -> Iterator[Path]:
    """One that the database's account can enter also when we are root."""
    with servers._private_folder(None) as found:
        found.chmod(0o755)
        yield found / "data"


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """Of a portal whose servers are the tests'."""
    with folder() as found:
        yield found


@pytest.fixture(scope="module")
def own() -> Iterator[Path]:
    """Of a portal with servers of its own, which these tests only start and end: it has no demo data."""
    with folder() as found:
        yield found


@pytest.fixture(scope="module")
def world() -> Iterator[Machine]:
    with machine() as found:
        yield found


@contextmanager
def portal_on(world: Machine, data: Path, **env: str) -> Iterator[Serve]:
    with serving(data, DATABASE_URL=world.database_url, REDIS_URL=world.redis_url, **env) as portal:
        yield portal


def free_moments(portal: Serve, number: int) -> list[Moment]:
    """Dagdelen of the coming weeks with a free desk; none that may begin before it is booked, also around midnight."""
    first = clock.local(clock.real_now()).date() + timedelta(days=2)
    asked = f"/dorpshuizen/over-entinghe/beschikbaarheid.json?van={first}&tot={first + timedelta(days=28)}"
    found = [one for one in portal.get(asked).json()["dagdelen"] if one["status"] == "vrij"]
    return [Moment.parse(f"{one['datum']}:{one['dagdeel']}") for one in found][:number]


def ready_visitor(portal: Serve, moment: Moment, name: str) -> Visitor:
    return visitor(cast(Any, portal), HOUSE, name, moment)


def count(world: Machine, question: str, *given: str) -> int:
    with psycopg.connect(world.database_url) as here:
        row = here.execute(cast(Any, question), given).fetchone()
        assert row is not None
        return int(row[0])


def mails(world: Machine, whose: str) -> int:
    """How many mails were sent to those whose name begins so."""
    asked = "SELECT COUNT(*) FROM base_outboxmail WHERE recipient LIKE %s AND state = 'sent'"
    return count(world, asked, f"{whose}%")


def reservations(world: Machine, whose: str) -> int:
    return count(world, "SELECT COUNT(*) FROM bookings_reservation WHERE email LIKE %s", f"{whose}%")


def degraded(portal: Serve) -> list[str]:
    return list(portal.get("/readyz").json()["degraded"])


# --- what stops under it ----------------------------------------------------------------------------------


def test_redis_and_postgresql_may_go_and_come_under_it(data: Path, world: Machine) -> None:
    with portal_on(world, data) as portal:
        moments = free_moments(portal, 3)
        world.stop("redis")
        assert portal.get("/").status_code == 200
        assert ready_visitor(portal, moments[0], "WegA").tap().status_code == 302
        assert portal.get("/readyz").status_code == 200
        assert "broker" in degraded(portal)
        assert until(lambda: "redis does not answer" in portal.said or "deliver_mail" in portal.said)
        world.start_redis()
        assert until(lambda: mails(world, "weg") >= 1), portal.said[-3000:]
        assert until(lambda: degraded(portal) == [], ALL_AT_WORK), portal.get("/readyz").text

        later = ready_visitor(portal, moments[1], "WegB")
        world.stop("postgres")
        assert later.tap().status_code == 503
        assert portal.get("/readyz").status_code == 503
        assert portal.get("/healthz").status_code == 200
        world.start_postgres()
        assert later.tap().status_code == 302
        assert portal.get("/readyz").status_code == 200
        assert reservations(world, "weg") == 2
        assert until(lambda: mails(world, "weg") >= 2), portal.said[-3000:]
        assert portal.process.poll() is None


# --- told to end in the middle of work --------------------------------------------------------------------


def test_told_to_end_in_the_middle_of_work_it_loses_nothing(data: Path, world: Machine) -> None:
    """Who got an answer has her booking; who has a booking has her mail, or a row that the next run sends."""
    with portal_on(world, data) as portal, ThreadPoolExecutor(8) as pool:
        moments = free_moments(portal, 12)
        crowd = [ready_visitor(portal, moment, f"Einde{n}") for n, moment in enumerate(moments)]
        taps = [pool.submit(one.tap) for one in crowd]
        wait(taps, 60, FIRST_COMPLETED)
        children = portal.children()
        assert portal.end() == 0
        booked = sum(tap.exception() is None and tap.result().status_code == 302 for tap in taps)
    assert booked >= 1
    assert reservations(world, "einde") >= booked
    assert count(world, TO_TELL, "einde%") == reservations(world, "einde")
    assert count(world, HOMELESS) == 0
    assert left_of(children) == {}


def end_of_part(portal: Serve, name: str) -> None:
    """A supervisor starts the whole again, since half a portal would look alive: it ends, says why, leaves nothing."""
    children = portal.children()
    assert portal.process.wait(60) == 1
    assert f"{name} is gestopt (code 0)" in portal.said
    assert left_of(children) == {}


@contextmanager
def house_locked(world: Machine) -> Iterator[None]:
    """Who books there waits until this ends."""
    with psycopg.connect(world.database_url) as other:
        other.execute("SELECT 1 FROM villages_dorpshuis WHERE slug = 'over-entinghe' FOR UPDATE")
        yield


def somebody_waits(world: Machine) -> bool:
    return count(world, "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") > 0


def test_a_web_server_told_to_end_answers_who_is_booking(data: Path, world: Machine) -> None:
    with portal_on(world, data) as portal, ThreadPoolExecutor(1) as pool:
        one = ready_visitor(portal, free_moments(portal, 1)[0], "Web")
        with house_locked(world):
            answer: Future[httpx.Response] = pool.submit(one.tap)
            assert until(lambda: somebody_waits(world))
            os.kill(portal.part("gunicorn"), signal.SIGTERM)
            time.sleep(1)
            assert not answer.done()
        assert answer.result().status_code == 302
        end_of_part(portal, "De webserver")
    assert reservations(world, "web") == 1


def test_a_worker_told_to_end_sends_the_mail_it_is_at_and_sends_it_once(data: Path, world: Machine) -> None:
    begun, may_go_on = Event(), Event()

    def slowly(to: str) -> str:
        if to.startswith("werk"):
            begun.set()
            may_go_on.wait(8)
        return TAKEN

    with inbox() as post:
        post.answer = slowly
        with portal_on(world, data, EMAIL_URL=post.url) as portal:
            one = ready_visitor(portal, free_moments(portal, 1)[0], "Werk")
            assert one.tap().status_code == 302
            assert begun.wait(60)
            os.kill(portal.part("celery", "worker"), signal.SIGTERM)
            time.sleep(1)
            assert portal.process.poll() is None
            may_go_on.set()
            end_of_part(portal, "De worker")
    assert post.times["werk@voorbeeld.example"] == 1
    assert mails(world, "werk") == 1  # as sent: no next run sends it again


def test_a_beat_told_to_end_takes_its_own_servers_along(own: Path) -> None:
    """What it has asked for is kept in Redis, and when it last did in a file."""
    with serving(own, DEMO="0") as portal:
        assert until(lambda: "beat" not in degraded(portal), ALL_AT_WORK), portal.get("/readyz").text
        os.kill(portal.part("celery", "beat"), signal.SIGTERM)
        end_of_part(portal, "Beat")
    assert list(own.glob("beat-schedule*"))


# --- what is left -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_leave_nothing_running(own: Path, ending: signal.Signals) -> None:
    """Ctrl-C reaches `make` and what it runs; SIGTERM reaches `make` alone, which passes it on."""
    with serving(own, THROUGH_MAKE, DEMO="0") as portal:
        children = portal.children()
        assert len(children) >= 5
        if ending is signal.SIGINT:
            os.killpg(portal.process.pid, ending)
        else:
            portal.process.send_signal(ending)
        portal.process.wait(60)
        assert left_of(children) == {}
    assert "Gestopt." in portal.said
    socket.create_server(("127.0.0.1", portal.port)).close()


def failed(portal: Serve) -> tuple[str, dict[int, str]]:
    """What a start that fails says, and all the processes it had."""
    seen: dict[int, str] = {}
    deadline = time.monotonic() + START
    while portal.process.poll() is None and time.monotonic() < deadline:
        seen |= portal.children()
        time.sleep(0.05)
    assert portal.end() == 1
    return portal.said, seen


def test_a_start_that_fails_leaves_nothing_running() -> None:
    """A database that isn't there: its own Redis was started by then."""
    with folder() as data:
        said, seen = failed(Serve(data, DATABASE_URL="postgresql://niemand@127.0.0.1:1/niets"))
    assert "mislukt" in said
    assert any("redis" in command or "valkey" in command for command in seen.values())
    assert left_of(seen) == {}


def test_a_web_server_that_does_not_start_leaves_nothing_running(own: Path) -> None:
    """All the others were started by then."""
    said, seen = failed(Serve(own, DEMO="0", WEB_WORKERS="veel"))
    assert "WEB_WORKERS=veel is geen aantal" in said
    assert "De webserver is gestopt (code 1); daarom stopt Naoberplek." in said
    assert any("postgres" in command for command in seen.values())
    assert left_of(seen) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
def test_root_in_a_checkout_that_the_database_can_not_enter_is_told_where_to_go(tmp_path: Path) -> None:
    """As in /root. A copy of what is run until then."""
    checkout = tmp_path / "naoberplek"
    checkout.mkdir(mode=0o700)
    shutil.copytree(ROOT / "portal", checkout / "portal")
    said, seen = failed(Serve(checkout / "var" / "serve", PLAIN, checkout))
    assert said.count("\n") == 1
    assert said.endswith("zet Naoberplek in een map waar elk account in mag, zoals /srv/naoberplek.\n")
    assert left_of(seen) == {}
