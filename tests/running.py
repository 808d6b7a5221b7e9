"""A `make serve` for tests: with PostgreSQL and Redis that can be stopped and started under it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from types import TracebackType

import httpx

from portal import servers

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300.0
# Below those that the kernel gives to whoever asks for any, or calls somebody.
PORTS = range(20_000, 32_000)
PLAIN = (sys.executable, "-m", "portal.serve")  # what `make serve` runs
THROUGH_MAKE = ("make", "--no-print-directory", "serve")

_asked = count()


def free_port() -> int:
    """A port for a server that is yet to start: none that the kernel may give to another meanwhile."""
    for step in range(len(PORTS)):
        port = PORTS[(os.getpid() * 7 + next(_asked) + step) % len(PORTS)]
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("every port is taken")


def until(true: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether this becomes true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


class Machine:
    """PostgreSQL and Redis on fixed addresses, each of which can be stopped and started again."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.account = servers._account()
        self.binaries = servers._postgres_binaries(place / "cluster")
        self.binaries = servers._reachable(self.binaries, place, self.account)
        self.running: dict[str, ExitStack] = {}
        servers._make_cluster(self.binaries, place / "cluster", place, self.account, durable=False)
        self.database_url = servers._address(place)
        self.redis_url = f"unix://{place}/redis.sock"

    def start_postgres(self) -> None:
        stack = ExitStack()
        stack.enter_context(
            servers._running_postgres(self.binaries, self.place / "cluster", self.place, self.account, ())
        )
        self.running["postgres"] = stack

    def start_redis(self) -> None:
        stack = ExitStack()
        path = self.place / "redis.sock"
        with (self.place / "redis.txt").open("wb") as output:
            command = servers._redis_command(path, self.place, durable=False)
            process = servers.spawn(command, cwd=self.place, output=output)
        stack.callback(servers.stop, process)
        servers._wait_until(lambda: servers._answers(path), process, "Redis", self.place / "redis.txt")
        self.running["redis"] = stack

    def stop(self, name: str) -> None:
        self.running.pop(name).close()

    def __enter__(self) -> "Machine":
        self.start_postgres()
        self.start_redis()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name in list(self.running):
            self.stop(name)


@contextmanager
def machine() -> Iterator[Machine]:
    with servers._private_folder(servers._account()) as place, Machine(place) as found:
        yield found


class Serve:
    """`make serve` with the demo's data; what it prints is in a file."""

    def __init__(self, data: Path, command: Sequence[str] = PLAIN, at: Path = ROOT, /, **env: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data / "serve.txt"
        data.mkdir(parents=True, exist_ok=True)
        self.log.write_bytes(b"")
        names = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PUBLIC_URL", "TEST_DATABASE_FILE")
        world = {name: value for name, value in os.environ.items() if name not in names}
        world |= {"DATA_DIR": str(data), "PORT": str(self.port), "DEMO": "1", "LOG_LEVEL": "INFO", **env}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=at,
                env=world,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    def until_ready(self) -> "Serve":
        ready = until(lambda: "Klaar:" in self.said or self.process.poll() is not None, PATIENCE)
        assert ready, self.said[-3000:]
        assert self.process.poll() is None, self.said[-3000:]
        return self

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, timeout=40, trust_env=False)

    def end(self, ending: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; gives its exit code."""
        self.process.send_signal(ending)
        return self.process.wait(60)

    def part(self, *words: str) -> int:
        """The number of its process whose command has these words: the first, which started the others."""
        found = [pid for pid, command in self.children().items() if set(words) <= set(command.split())]
        parents = _parents()
        (first,) = [pid for pid in found if parents.get(pid) not in found]
        return first

    def children(self) -> dict[int, str]:
        """All processes that descend from it, with their commands."""
        found: dict[int, str] = {}
        parents = _parents()
        wanted = {self.process.pid}
        while grown := {pid for pid, parent in parents.items() if parent in wanted} - wanted:
            wanted |= grown
        for pid in wanted - {self.process.pid}:
            if command := _command(pid):  # one that has just ended has none
                found[pid] = command
        return found


@contextmanager
def serving(data: Path, command: Sequence[str] = PLAIN, /, **env: str) -> Iterator[Serve]:
    portal = Serve(data, command, **env)
    try:
        yield portal.until_ready()
    finally:
        if portal.process.poll() is None:
            portal.end()


def left_of(pids: dict[int, str], seconds: float = 15) -> dict[int, str]:
    """Those of these processes that do not end by themselves in time; who was killed needs a moment to be gone."""
    until(lambda: not alive(pids), seconds)
    return alive(pids)


def alive(pids: dict[int, str]) -> dict[int, str]:
    """Those of these processes that still run; a number that is somebody else's by now does not count."""
    return {pid: command for pid, command in pids.items() if command and _command(pid) == command}


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def _parents() -> dict[int, int]:
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            match = re.search(r"\) \S (\d+)", stat.read_text(errors="replace"))
        except OSError:
            continue
        if match:
            found[int(stat.parent.name)] = int(match[1])
    return found
