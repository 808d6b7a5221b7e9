"""A PostgreSQL and a Redis that can be stopped and started again at the same address, for faults."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from portal import servers


class Broker:
    """A Redis behind a socket, with its data on disk."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.socket = place / "redis.sock"
        self.start()

    def start(self) -> None:
        with (self.place / "log.txt").open("ab") as output:
            command = servers._redis_command(self.socket, self.place, durable=True)
            self.process = servers.spawn(command, cwd=self.place, output=output)
        servers._wait_until(partial(servers._answers, self.socket), self.process, "Redis", self.place / "log.txt")

    def stop(self) -> None:
        servers.stop(self.process)


@contextmanager
def broker() -> Iterator[Broker]:
    with servers._private_folder(None) as place:
        mine = Broker(place)
        try:
            yield mine
        finally:
            mine.stop()


class Database:
    """A PostgreSQL behind a socket, with an empty database."""

    def __init__(self, place: Path) -> None:
        self.place, self.account, self.own = place, servers._account(), ExitStack()
        self.cluster = place / "data" / "cluster"
        self.cluster.parent.mkdir()
        servers._give(self.cluster.parent, self.account)
        self.binaries = servers._reachable(servers._postgres_binaries(self.cluster), place, self.account)
        servers._make_cluster(self.binaries, self.cluster, place, self.account, durable=False)
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://{servers.NAME}@{quote(str(self.place), safe='')}:5432/{servers.NAME}"

    def start(self) -> None:
        self.own.enter_context(
            servers._running_postgres(self.binaries, self.cluster, self.place, self.account, keep=())
        )

    def stop(self) -> None:
        """As `systemctl restart` would: open transactions are broken off."""
        self.own.close()


@contextmanager
def database() -> Iterator[Database]:
    with servers._private_folder(servers._account()) as place:
        mine = Database(place)
        try:
            yield mine
        finally:
            mine.stop()
