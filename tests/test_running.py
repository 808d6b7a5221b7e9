"""`make serve` while parts of it are stopped, started, and told to end."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest

from bookings.domain.dagdelen import Moment
from portal import servers
from portal.base import clock
from tests.races.crowd import Visitor, visitor
from tests.running import Machine, Serve, alive, free_port, machine, serving, until

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")
HOUSE = cast(Any, SimpleNamespace(slug="over-entinghe"))


@pytest.fixture
def data() -> Iterator[Path]:
    with servers._private_folder(None) as folder:
        folder.chmod(0o755)
        yield folder / "data"


@pytest.fixture
def world() -> Iterator[Machine]:
    with machine() as found:
        yield found


def free_moments(portal: Serve, number: int) -> list[Moment]:
    """Dagdelen of the coming weeks with a free desk."""
    today = clock.real_now().date()
    asked = f"/dorpshuizen/over-entinghe/beschikbaarheid.json?van={today}&tot={today + timedelta(days=28)}"
    found = [one for one in portal.get(asked).json()["dagdelen"] if one["status"] == "vrij"]
    return [Moment.parse(f"{one['datum']}:{one['dagdeel']}") for one in found][:number]


def ready_visitor(portal: Serve, moment: Moment, name: str = "Gast") -> Visitor:
    return visitor(cast(Any, portal), HOUSE, name, moment)


def count(world: Machine, question: str) -> int:
    with psycopg.connect(world.database_url) as here:
        row = here.execute(cast(Any, question)).fetchone()
        assert row is not None
        return int(row[0])


MAILS = "SELECT COUNT(*) FROM base_outboxmail WHERE recipient LIKE 'gast%' AND state = 'sent'"
RESERVATIONS = "SELECT COUNT(*) FROM bookings_reservation WHERE email LIKE 'gast%'"


@pytest.mark.long
@pytest.mark.alone
def test_redis_and_postgresql_may_go_and_come_under_it(data: Path, world: Machine) -> None:
    with serving(data, DATABASE_URL=world.database_url, REDIS_URL=world.redis_url) as portal:
        moments = free_moments(portal, 3)
        world.stop("redis")
        assert portal.get("/").status_code == 200
        assert ready_visitor(portal, moments[0], "GastA").tap().status_code == 302
        assert portal.get("/readyz").status_code == 200
        assert until(lambda: "redis does not answer" in portal.said or "deliver_mail" in portal.said, 10)
        world.start_redis()
        assert until(lambda: count(world, MAILS) >= 1), portal.said[-3000:]

        later = ready_visitor(portal, moments[1], "GastB")
        world.stop("postgres")
        assert later.tap().status_code == 503
        assert portal.get("/readyz").status_code == 503
        assert portal.get("/healthz").status_code == 200
        world.start_postgres()
        assert later.tap().status_code == 302
        assert portal.get("/readyz").status_code == 200
        assert count(world, RESERVATIONS) == 2
        assert until(lambda: count(world, MAILS) >= 2), portal.said[-3000:]
        assert portal.process.poll() is None


@linux
@pytest.mark.long
@pytest.mark.alone
def test_told_to_end_in_the_middle_of_work_it_loses_nothing(data: Path, world: Machine) -> None:
    """Who got an answer has her booking; who has a booking gets her mail, from the next run if not from this one."""
    given = {"DATABASE_URL": world.database_url, "REDIS_URL": world.redis_url}
    with serving(data, **given) as portal, ThreadPoolExecutor(8) as pool:
        moments = free_moments(portal, 12)
        crowd = [ready_visitor(portal, moment, f"Gast{n}") for n, moment in enumerate(moments)]
        taps = [pool.submit(one.tap) for one in crowd]
        time.sleep(0.3)
        children = portal.children()
        assert portal.end() == 0
        booked = sum(tap.exception() is None and tap.result().status_code == 302 for tap in taps)
    assert booked >= 1
    assert count(world, RESERVATIONS) >= booked
    assert (
        count(
            world,
            "SELECT COUNT(*) FROM bookings_booking WHERE reservation_id NOT IN (SELECT id FROM bookings_reservation)",
        )
        == 0
    )
    assert alive(children) == {}
    with serving(data, **given):
        assert until(lambda: count(world, MAILS) == count(world, RESERVATIONS))


@linux
@pytest.mark.long
@pytest.mark.alone
@pytest.mark.parametrize("part", ["celery -A portal --quiet worker", "celery -A portal --quiet beat"])
def test_a_part_that_is_told_to_end_takes_all_along(data: Path, part: str) -> None:
    """A supervisor starts the whole again: half a portal would look alive. Its own servers end too."""
    with serving(data) as portal:
        children = portal.children()
        (first, *_) = [pid for pid, command in sorted(children.items()) if part in command]
        os.kill(first, signal.SIGTERM)
        assert portal.process.wait(60) == 1
    assert "is gestopt" in portal.said
    assert until(lambda: alive(children) == {}, 15), alive(children)


@linux
@pytest.mark.long
@pytest.mark.alone
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_leave_nothing_running(data: Path, ending: signal.Signals) -> None:
    with serving(data) as portal:
        children = portal.children()
        assert len(children) >= 5
        assert portal.end(ending) == 0
    assert alive(children) == {}
    socket.create_server(("127.0.0.1", portal.port)).close()


@linux
@pytest.mark.long
@pytest.mark.alone
def test_a_start_that_fails_leaves_nothing_running(data: Path) -> None:
    """A database that isn't there: its own Redis was started by then."""
    portal = Serve(data, DATABASE_URL=f"postgresql://niemand@127.0.0.1:{free_port()}/niets")
    seen: dict[int, str] = {}
    while portal.process.poll() is None:
        seen |= portal.children()
        time.sleep(0.05)
    assert portal.process.returncode == 1
    assert "mislukt" in portal.said
    assert any("redis" in command or "valkey" in command for command in seen.values())
    assert alive(seen) == {}
