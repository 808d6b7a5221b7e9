"""`make bench`: what bookings and pages cost, each beside the least that it could cost, in one run.

Web servers with two workers of four threads, PostgreSQL with every commit on disk, and the clients, all on this
machine: quote the shares of the floor, not the rates. Loads are bounded and everything started is ended. Then how
thousands of mails leave (`mail.py`); `python -m tests.bench mail` measures only that.
"""

import json
import os
import socket
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal import serve, servers
from tests.bench.rivals import RIVALS

if TYPE_CHECKING:
    from tests.bench import load
    from villages.models import Dorpshuis

BOOKINGS = 96
PAGES = 100
HOUSES = 8
WARM_UP = 24
RUNS = 4
# After so many seconds of measuring no new run begins: on a machine that is busy it ends in time too.
ENOUGH_SECONDS = 90
RESULT = serve.ROOT / "var" / "bench.json"
# What is measured, and what the least of it would be.
FLOORS = {
    "insert by hand": "insert by hand",
    "booking by hand": "insert by hand",
    "booking": "booking by hand",
    "booking, granian": "booking by hand",
    "by hand, middleware": "booking by hand",
    "one-query page": "one-query page",
    "house page": "one-query page",
    "house page, granian": "one-query page",
    "house page, not kept": "one-query page",
    "search page": "one-query page",
}
# What must be reached (the parts of the floor); what is missed is said.
GOALS = {"booking": 0.6, "house page": 1.0}
Rates = dict[tuple[str, int], list[float]]


@dataclass(frozen=True)
class Row:
    """One line of the table: rates per second over the runs, and the median of their parts of the floor's."""

    what: str
    clients: int
    per_second: list[float]
    floor: str
    share: float

    def __str__(self) -> str:
        low, high = min(self.per_second), max(self.per_second)
        rate = f"{statistics.median(self.per_second):6.0f} ({low:.0f} to {high:.0f})"
        return f"{self.what:22} {self.clients:>7}   {rate:24} {self.share:5.0%} of {self.floor}"

    @property
    def missed(self) -> str:
        """What it should reach and does not, in words; empty when there is nothing."""
        goal = GOALS.get(self.what, 0)
        words = f"{self.what} with {self.clients}: {self.share:.0%} of {self.floor}, {goal:.0%} asked"
        return words if self.share < goal else ""


def main(*, only_mail: bool = False) -> None:
    """Measure, print the tables, and keep them in var/bench.json."""
    with ExitStack() as parts:
        folder = parts.enter_context(tempfile.TemporaryDirectory(prefix="naober-bench-"))
        Path(folder).chmod(0o755)  # the database's own account must get in
        env = dict(os.environ) | {"DATA_DIR": folder, "PORT": _free_port(), "DEMO": "0", "LOG_LEVEL": "WARNING"}
        env.pop("PUBLIC_URL", None)
        portal = parts.enter_context(serve.stack(env))
        env["DATABASE_URL"] = parts.enter_context(servers.postgres(Path(folder) / "postgres"))
        env["REDIS_URL"] = parts.enter_context(servers.redis(Path(folder) / "redis"))
        portal.prepare()
        if only_mail:
            _keep({"mail": _mail(portal)})
            return
        addresses = {"": _web(portal), "granian": _granian(portal, parts), "floors": _floors(portal, parts)}
        addresses["dressed"] = _floors(portal, parts, "tests.bench.dressed_settings")
        _set_up(env)
        rates, queries = _measure(addresses)
        mail = _mail(portal)
    rows = [Row(*key, found, FLOORS[key[0]], _share(rates, *key)) for key, found in rates.items()]
    _report(rows, queries, mail)


def _mail(portal: serve.Stack) -> dict[str, Any]:
    """What two workers do with thousands of mails, printed too."""
    _set_up(portal.env)
    from tests.bench import mail

    found = mail.measure(portal)
    print(f"{found}\n", flush=True)
    return asdict(found)


def _set_up(env: dict[str, str]) -> None:
    import django

    os.environ.update(env | {"DJANGO_SETTINGS_MODULE": "portal.settings"})
    django.setup()


def _web(stack: serve.Stack) -> str:
    stack.start_web(workers=2, threads=4)
    stack.until_healthy()
    return stack.env["PUBLIC_URL"]


def _granian(portal: serve.Stack, parts: ExitStack) -> str:
    """The portal on another web server, in the same shape."""
    other = _beside(portal, parts)
    shape = ["--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    place = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", other.env["PORT"]]
    other.start("Granian", "granian", *place, *shape, "portal.wsgi:application")
    other.until_healthy()
    return other.env["PUBLIC_URL"]


def _floors(portal: serve.Stack, parts: ExitStack, settings: str = "tests.bench.floor_settings") -> str:
    """The views that were written by hand, on the same web server."""
    return _web(_beside(portal, parts, DJANGO_SETTINGS_MODULE=settings))


def _beside(portal: serve.Stack, parts: ExitStack, **env: str) -> serve.Stack:
    """Another stack on the same data and servers, at a port of its own."""
    port = _free_port()
    place = {"PORT": port, "PUBLIC_URL": f"http://localhost:{port}"}
    other = serve.Stack(portal.env | place | env, portal.lock, portal.own)
    parts.callback(other.end)
    return other


def _measure(addresses: dict[str, str]) -> tuple[Rates, dict[str, int]]:
    """All rates, and the statements per page. The first round warms up and is not counted."""
    from tests.bench import load

    houses = load.make_houses(HOUSES)
    paths = {"house page": f"/dorpshuizen/{houses[0].slug}/", "search page": f"/?plaats={houses[0].village.name}"}
    posts, pages = _posts(addresses, houses), _pages(addresses, paths)
    rates: Rates = defaultdict(list)
    enough = time.monotonic() + ENOUGH_SECONDS
    for run in range(RUNS + 1):
        if run > 1 and time.monotonic() > enough:
            break
        for what, clients in product(posts, (1, 16)):
            load.empty()
            rate = load.post_all(posts[what]()[: BOOKINGS if run else WARM_UP], clients)
            rates[what, clients] += [rate] if run else []
        load.empty()
        for what, connections in product(pages, (1, 8)):
            rate = load.get_all(pages[what], PAGES if run else WARM_UP, connections)
            rates[what, connections] += [rate] if run else []
    return rates, _queries(paths) | {"booking (the act)": load.queries_of(lambda: load.book_here(houses[0]))}


def _queries(paths: dict[str, str]) -> dict[str, int]:
    """The statements of the first look at each page, and of the second."""
    from tests.bench import load

    first = {what: load.queries_of_page(path) for what, path in paths.items()}
    return first | {f"{what} again": load.queries_of_page(path) for what, path in paths.items()}


def _posts(addresses: dict[str, str], houses: "list[Dorpshuis]") -> "dict[str, Callable[[], list[load.Form]]]":
    """What is posted, and where to. The forms are fetched once: after a run the houses are emptied."""
    from tests.bench import load

    base, granian, floors = addresses[""], addresses["granian"], addresses["floors"]
    forms = load.fetch_forms(base, houses, BOOKINGS)
    elsewhere = [replace(form, url=form.url.replace(base, granian)) for form in forms]
    return {
        "insert by hand": lambda: load.insert_forms(floors, houses, BOOKINGS),
        "by hand, middleware": lambda: load.hand_forms(addresses["dressed"], houses, BOOKINGS, forms),
        "booking by hand": lambda: load.hand_forms(floors, houses, BOOKINGS),
        "booking": lambda: forms,
        "booking, granian": lambda: elsewhere,
    }


def _pages(addresses: dict[str, str], paths: dict[str, str]) -> dict[str, str]:
    """What is fetched: our pages, and the page of one query that is as big as that of a house."""
    from tests.bench import load

    base, granian, floors = addresses[""], addresses["granian"], addresses["floors"]
    rows = load.size_of(base + paths["house page"]) * 100 // load.size_of(f"{floors}/pagina/100/")
    return {
        "one-query page": f"{floors}/pagina/{rows}/",
        **{what: base + path for what, path in paths.items()},
        "house page, granian": granian + paths["house page"],
        # A source in the address is the visitor's own: this page is rendered at each look.
        "house page, not kept": f"{base}{paths['house page']}?bron=meting",
    }


def _share(rates: Rates, what: str, clients: int) -> float:
    """Run by run, since what else the machine does changes from one run to the next."""
    return _part(rates[what, clients], rates[FLOORS[what], clients])


def _part(per_second: list[float], of: list[float]) -> float:
    return statistics.median(rate / floor for rate, floor in zip(per_second, of, strict=True))


def _report(rows: list[Row], queries: dict[str, int], mail: dict[str, Any]) -> None:
    runs = len(rows[0].per_second)
    print(f"{os.cpu_count()} cores; {BOOKINGS} bookings over {HOUSES} houses, {PAGES} pages; median of {runs} runs")
    print(f"{'':22} {'clients':>7}   {'per second':24} part of the floor")
    for row in rows:
        print(row)
    missed = [row.missed for row in rows if row.missed]
    print("\nMissed: " + ("; ".join(missed) or "nothing"))
    print("\nSQL statements: " + ", ".join(f"{what} {number}" for what, number in queries.items()))
    rivals = _beside_rivals(rows)
    print("\nBookings as a part of one insert in a view, each on its own machine (see tests/bench/rivals.py)")
    print(f"{'':32} 1 client  16 clients   sold twice, of 20 contested slots")
    for name, (one, many, twice) in rivals.items():
        print(f"{name:32} {one:8.1%}  {many:9.1%}   {twice}")
    found = {"rows": [asdict(r) for r in rows], "queries": queries, "mail": mail}
    _keep(found | {"missed": missed, "rivals": rivals})


def _keep(found: dict[str, Any]) -> None:
    """In var/bench.json; what was not measured now stays as it stands there."""
    RESULT.parent.mkdir(exist_ok=True)
    before = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    when = datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - the machine's own time, beside a measurement
    RESULT.write_text(json.dumps(before | {"at": when, "cores": os.cpu_count()} | found, indent=2))


def _beside_rivals(rows: list[Row]) -> dict[str, tuple[float, float, int]]:
    """For us and for each rival: its part with 1 and 16 clients, and the slots that it sold twice."""
    rates = {(row.what, row.clients): row.per_second for row in rows}
    one, many = (_part(rates["booking", clients], rates["insert by hand", clients]) for clients in (1, 16))
    found = {"Naoberplek, in this run": (one, many, 0)}  # sold twice: tests/races/ proves it
    return found | {rival.name: (rival.share(1), rival.share(16), rival.sold_twice) for rival in RIVALS}


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


if __name__ == "__main__":
    servers.end_on_signals()
    try:
        main(only_mail="mail" in sys.argv[1:])
    except servers.ServerError as error:
        sys.exit(str(error))
