"""Fifty guests and five volunteers, a minute long, on `make serve`. With the slope of memory: LOAD_SECONDS=300."""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from portal import servers
from tests.load.people import Guest, Tally, Volunteer
from tests.running import ROOT, Machine, Serve, machine, serving

SECONDS = int(os.environ.get("LOAD_SECONDS", "60"))
GUESTS, VOLUNTEERS = 50, 5
MOST_MB_A_MINUTE = 1.0
LONG_ENOUGH = 240  # seconds: in a shorter load the processes are still warming up
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

pytestmark = [pytest.mark.long, pytest.mark.alone, pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")]


@pytest.fixture
def portal() -> Iterator[tuple[Serve, Machine]]:
    with servers._private_folder(None) as folder, machine() as world:
        folder.chmod(0o755)
        given = {"DATABASE_URL": world.database_url, "REDIS_URL": world.redis_url, "LOG_LEVEL": "WARNING"}
        with serving(folder / "data", **given) as found:
            yield found, world


def megabytes(portal: Serve) -> float:
    """The memory that the portal's own processes have, all together."""
    pages = 0
    for pid in portal.children():
        try:
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            continue
    return pages * PAGE_BYTES / 1e6


def slope(samples: list[tuple[float, float]]) -> float:
    """Megabytes a minute, by least squares; of (seconds, megabytes)."""
    mean_at = sum(at for at, _ in samples) / len(samples)
    mean_mb = sum(mb for _, mb in samples) / len(samples)
    spread = sum((at - mean_at) ** 2 for at, _ in samples)
    return 60 * sum((at - mean_at) * (mb - mean_mb) for at, mb in samples) / spread


def run(portal: Serve) -> tuple[Tally, list[tuple[float, float]]]:
    """Let them live for SECONDS; gives what they met, and the memory each two seconds."""
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line per request of theirs would bury ours
    tally, over = Tally(), Event()
    volunteers = [Volunteer(portal.url, number, tally) for number in range(VOLUNTEERS)]
    for one in volunteers:
        one.begin()
    people = [*volunteers, *(Guest(portal.url, number, tally) for number in range(GUESTS))]
    threads = [Thread(target=one.live, args=(over, one.act), daemon=True) for one in people]
    for thread in threads:
        thread.start()
    began, samples = time.monotonic(), []
    while (passed := time.monotonic() - began) < SECONDS:
        samples.append((passed, megabytes(portal)))
        time.sleep(2)
    over.set()
    for thread in threads:
        thread.join(90)
    return tally, samples


def test_nothing_breaks_under_fifty_guests_and_five_volunteers(portal: tuple[Serve, Machine]) -> None:
    serve, world = portal
    tally, samples = run(serve)
    half = [(at, mb) for at, mb in samples if at >= SECONDS / 2]
    growth = slope(half)
    asked = sum(tally.answers.values())
    print(f"{asked} answers in {SECONDS} s, {samples[-1][1]:.0f} MB, {growth:+.2f} MB a minute")
    print(dict(tally.answers))

    assert tally.errors == {}
    assert tally.failed == []
    assert tally.number("book", 302) > SECONDS / 10
    assert tally.number("close", 302) >= 1
    assert tally.number("open again", 302) >= 1
    assert tally.number("day list", 200) >= VOLUNTEERS
    told = subprocess.run(
        [sys.executable, "-m", "tests.load.check"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": world.database_url, "DEMO": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(told.stdout)
    assert said["broken"] == {}
    assert said["counts"]["reservations"] == tally.number("book", 302)
    assert {what: n for what, n in said["counts"].items() if what.startswith("without") and n} == {}
    if SECONDS >= LONG_ENOUGH:
        assert growth < MOST_MB_A_MINUTE
