"""Redis that goes away while a worker starts, or while it comes back: at each word that they say to each other."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery

from portal import servers
from portal.serve import ROOT, WORKER
from tests.faults.line import Breaks, Line, line
from tests.faults.servers import Broker, broker
from tests.running import until

pytestmark = pytest.mark.long

WORDS = 40  # a start has some thirty-five, then it waits for work
REPLY = b"reply.celery.pidbox"  # the queue in which the other workers would say hello


class Worker:
    """A worker on a line that breaks."""

    def __init__(self, process: servers.Process, redis: Broker, said: Path) -> None:
        self.process, self.redis, self.said = process, redis, said

    def hears(self, path: Path) -> bool:
        """Whether it does what it is asked."""
        with Celery(broker=f"redis+socket://{self.redis.socket}", set_as_current=False) as app:
            app.send_task("tests.faults.echo.write", [str(path)])
        return until(lambda: path.exists() or self.process.poll() is not None) and path.exists()


@contextmanager
def worker(place: Path, breaks: Breaks, flags: Sequence[str]) -> Iterator[tuple[Worker, Line]]:
    with broker() as redis, line(redis.place / "line.sock", redis.socket, breaks) as wire:
        env = dict(os.environ) | {"REDIS_URL": f"unix://{wire.front}", "DATABASE_URL": "sqlite://"}
        env |= {"DATA_DIR": str(place), "LOG_LEVEL": "INFO", "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-m", "celery", "-A", "tests.faults.echo", *flags, "--concurrency=1"]
        with (place / "said.txt").open("wb") as output:
            process = servers.spawn(command, cwd=ROOT, env=env, output=output)
        try:
            yield Worker(process, redis, place / "said.txt"), wire
        finally:
            servers.stop(process)


class AtEachWord:
    """Breaks at the first word, then at the second after the line is back, and so on."""

    def __init__(self) -> None:
        self.at = 1

    def __call__(self, number: int, word: bytes) -> bool:
        if number != self.at or self.at > WORDS:
            return False
        self.at += 1
        return True


def test_a_worker_outlives_a_redis_that_goes_at_each_word_of_its_start_and_takes_work_after(tmp_path: Path) -> None:
    with worker(tmp_path, AtEachWord(), WORKER) as (mine, wire):
        assert until(lambda: len(wire.broken) == WORDS or mine.process.poll() is not None)
        assert mine.process.poll() is None, mine.said.read_text()[-3000:]
        assert len(wire.broken) == WORDS
        assert mine.hears(tmp_path / "heard")


class WhenItLooksForOthers:
    """Breaks at the first call after it asked for the queue in which others would answer."""

    def __init__(self) -> None:
        self.asked = self.done = False

    def __call__(self, _: int, word: bytes) -> bool:
        self.asked |= REPLY in word
        if not self.asked or self.done or b"PING" not in word:
            return False
        self.done = True
        return True


def test_control_a_worker_that_looks_for_others_when_it_starts_dies_of_it(tmp_path: Path) -> None:
    with worker(tmp_path, WhenItLooksForOthers(), ["worker"]) as (mine, wire):
        assert until(lambda: mine.process.poll() is not None)
        assert (mine.process.poll(), len(wire.broken)) == (1, 1)
