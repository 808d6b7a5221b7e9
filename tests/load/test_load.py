"""Fifty guests and five volunteers, five minutes long, on `make serve`; a short look at it: LOAD_SECONDS=30."""

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
from tests.conftest import Say
from tests.load.people import Guest, Tally, Volunteer
from tests.running import PATIENCE, ROOT, Machine, Serve, machine, serving

SECONDS = int(os.environ.get("LOAD_SECONDS", "300"))
GUESTS, VOLUNTEERS = 50, 5
MOST_MB_A_MINUTE = 1.0
LONG_ENOUGH = 240  # seconds: in a shorter load the processes are still warming up
LONGEST = 2.5 * SECONDS
EVERY = 2.0  # seconds between two looks at the memory
PARTS = ("gunicorn", "worker", "beat")  # as they stand in the commands

pytestmark = [pytest.mark.long, pytest.mark.alone, pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")]


@pytest.fixture
def portal() -> Iterator[tuple[Serve, Machine]]:
    with servers._private_folder(None) as folder, machine() as world:
        folder.chmod(0o755)
        given = {"DATABASE_URL": world.database_url, "REDIS_URL": world.redis_url, "LOG_LEVEL": "WARNING"}
        with serving(folder / "data", **given) as found:
            yield found, world


Sample = dict[str, float]


def megabytes(portal: Serve) -> Sample:
    """The memory that each of the portal's own processes has; what they share is divided among them."""
    found: Sample = {}
    for pid, command in portal.children().items():
        part = next((part for part in PARTS if part in command), "else")
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        lines = [line.split() for line in rollup.splitlines() if line.startswith("Pss:")]
        found |= {f"{part} {pid}": int(line[1]) / 1000 for line in lines}  # one that is ending has no such line
    return found


def slope(samples: list[tuple[float, float]]) -> float:
    """Megabytes a minute, by least squares; of (seconds, megabytes)."""
    mean_at = sum(at for at, _ in samples) / len(samples)
    mean_mb = sum(mb for _, mb in samples) / len(samples)
    spread = sum((at - mean_at) ** 2 for at, _ in samples) or 1
    return 60 * sum((at - mean_at) * (mb - mean_mb) for at, mb in samples) / spread


def last_part(samples: list[tuple[float, Sample]]) -> list[tuple[float, Sample]]:
    """Of half of SECONDS: they have warmed up by then."""
    return [(at, sample) for at, sample in samples if at >= samples[-1][0] - SECONDS / 2]


def growth(samples: list[tuple[float, Sample]]) -> float:
    """Megabytes a minute in the last part, of all together."""
    return slope([(at, sum(sample.values())) for at, sample in last_part(samples)])


def tell(samples: list[tuple[float, Sample]], say: Say) -> None:
    """Say that of each process, and all each half minute."""
    half = last_part(samples)
    for name in sorted({name for _, sample in half for name in sample}):
        mine = [(at, sample[name]) for at, sample in half if name in sample]
        say(f"{name}: {mine[0][1]:.1f} to {mine[-1][1]:.1f} MB, {slope(mine):+.2f} a minute")
    say(f"all, each half minute: {[round(sum(sample.values())) for _, sample in samples[:: round(30 / EVERY)]]} MB")


def look_on(portal: Serve) -> list[tuple[float, Sample]]:
    """The memory now and then, for SECONDS. When it grew in the last part, on and on until it does not, or LONGEST:
    what is lost is lost in every part, while a process that takes a few megabytes at once takes them once.
    """
    began, samples, ends = time.monotonic(), [(0.0, megabytes(portal))], float(SECONDS)
    while samples[-1][0] < ends:
        time.sleep(EVERY)
        samples.append((time.monotonic() - began, megabytes(portal)))
        if samples[-1][0] >= ends >= LONG_ENOUGH and growth(samples) >= MOST_MB_A_MINUTE:
            ends = min(ends + SECONDS / 2, LONGEST)
    return samples


def run(portal: Serve) -> tuple[Tally, list[tuple[float, Sample]]]:
    """Let them live for SECONDS at least; gives what they met, and the memory now and then."""
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line per request of theirs would bury ours
    tally, over = Tally(), Event()
    volunteers = [Volunteer(portal.url, number, tally) for number in range(VOLUNTEERS)]
    for one in volunteers:
        one.begin()
    people = [*volunteers, *(Guest(portal.url, number, tally) for number in range(GUESTS))]
    threads = [Thread(target=one.live, args=(over, one.act), daemon=True) for one in people]
    for thread in threads:
        thread.start()
    samples = look_on(portal)
    over.set()
    for thread in threads:
        thread.join(PATIENCE)
    return tally, samples


def test_nothing_breaks_under_fifty_guests_and_five_volunteers(portal: tuple[Serve, Machine], say: Say) -> None:
    serve, world = portal
    tally, samples = run(serve)
    grown = growth(samples)
    tell(samples, say)
    say(f"{sum(tally.answers.values())} answers in {samples[-1][0]:.0f} s, all together {grown:+.2f} MB a minute")
    say(str(dict(tally.answers)))

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
    said = json.loads(told.stdout.splitlines()[-1])  # the log goes there too
    assert said["broken"] == {}
    assert said["counts"]["reservations"] == tally.number("book", 302)
    assert {what: n for what, n in said["counts"].items() if what.startswith("without") and n} == {}
    if SECONDS >= LONG_ENOUGH:
        assert grown < MOST_MB_A_MINUTE
