"""`make bench`: what a booking costs, beside what the database alone would cost, in one run.

A web server with two workers of four threads, PostgreSQL with every commit on disk, and the clients,
all on this machine: quote the ratios, not the rates. Loads are bounded and everything started is ended.
"""

import json
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from portal import serve, servers

BOOKINGS = 200
HOUSES = 8
RUNS = 3
RESULT = serve.ROOT / "var" / "bench.json"


@dataclass(frozen=True)
class Row:
    """One line of the table: rates per second over the runs, and their median against the floor's."""

    what: str
    per_second: list[float]
    times_slower_than_floor: float

    def __str__(self) -> str:
        low, high = min(self.per_second), max(self.per_second)
        rate = f"{statistics.median(self.per_second):8.0f}  ({low:.0f} to {high:.0f})"
        return f"{self.what:42} {rate:26} {self.times_slower_than_floor:6.1f}"


def main() -> None:
    """Measure, print the table, and keep it in var/bench.json."""
    with ExitStack() as parts:
        folder = parts.enter_context(tempfile.TemporaryDirectory(prefix="naober-bench-"))
        Path(folder).chmod(0o755)  # the database's own account must get in
        env = dict(os.environ) | {"DATA_DIR": folder, "PORT": str(_free_port()), "DEMO": "0", "LOG_LEVEL": "WARNING"}
        env.pop("PUBLIC_URL", None)
        portal = parts.enter_context(serve.stack(env))
        env["DATABASE_URL"] = parts.enter_context(servers.postgres(Path(folder) / "postgres"))
        env["REDIS_URL"] = parts.enter_context(servers.redis(Path(folder) / "redis"))
        portal.prepare()
        portal.start_web(workers=2, threads=4)
        portal.until_healthy()
        rows = _measure(env)
    _report(rows)


def _measure(env: serve.Environment) -> list[Row]:
    os.environ.update(env)
    import django

    django.setup()
    from tests.bench import load

    houses = load.make_houses(HOUSES)
    rates: dict[str, list[float]] = {}
    for run in range(RUNS):
        for clients in (1, 16):
            rate = load.insert_rate(houses, run, BOOKINGS, clients)
            rates.setdefault(f"bare insert, {clients} clients", []).append(rate)
            forms = load.fetch_forms(env["PUBLIC_URL"], houses, run, BOOKINGS)
            rates.setdefault(f"booking by HTTP, {clients} clients", []).append(load.book_all(forms, clients))
            load.empty()
    return [Row(what, found, _floor(rates, what) / statistics.median(found)) for what, found in rates.items()]


def _floor(rates: dict[str, list[float]], what: str) -> float:
    return statistics.median(rates[f"bare insert, {what.split(', ')[1]}"])


def _report(rows: list[Row]) -> None:
    print(f"{os.cpu_count()} cores, {BOOKINGS} bookings a run over {HOUSES} houses, {RUNS} runs")
    print(f"{'':42} {'per second, median':26} {'x floor':>6}")
    for row in rows:
        print(row)
    RESULT.parent.mkdir(exist_ok=True)
    when = datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - the machine's own time, beside a measurement
    RESULT.write_text(json.dumps({"at": when, "cores": os.cpu_count(), "rows": [asdict(r) for r in rows]}, indent=2))


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    servers.end_on_signals()
    try:
        main()
    except servers.ServerError as error:
        sys.exit(str(error))
