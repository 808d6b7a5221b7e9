"""`python -m portal.serve`: the production shape on one machine, without Docker.

Web server, Celery worker and beat, and PostgreSQL and Redis of its own unless the environment names
others; in the foreground, until Ctrl-C or SIGTERM. `portal.demo` runs its smaller shape with the
same `Stack`. What the environment may set is in the README.
"""

import http.client
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from portal import servers
from portal.servers import Process, ServerError

ROOT = Path(__file__).resolve().parent.parent
HEALTHY = 150.0  # seconds that the web server may take to answer: on a small machine all begin at once
QUEUE = ("broker", "broker-done", "broker-control")  # the broker without Redis, as in settings.py
PORTS = 1 << 16
# Our workers need nothing of each other; one whose Redis goes while it looks for others would end (Celery 5.7).
WORKER = ("worker", "--without-mingle", "--without-gossip")
Environment = dict[str, str]


class Stack:
    """The processes of one portal: started in order, watched together, ended together."""

    def __init__(self, env: Environment, lock: int, own: ExitStack) -> None:
        self.env = env
        self.lock = lock  # kept by every child: the data is free when the last one is gone
        self.own = own  # servers of our own, which end after the processes that use them
        self.processes: dict[str, Process] = {}

    def manage(self, *arguments: str, **env: str) -> None:
        """Run a management command to its end, with what else its environment needs."""
        process = self._spawn(["manage.py", *arguments], self.env | env)
        try:
            code = process.wait()
        finally:
            servers.stop(process)
        if code:
            raise ServerError(f"`manage.py {' '.join(arguments)}` is mislukt: zie hierboven.")

    def start_servers(self) -> None:
        """Start PostgreSQL and Redis where the environment names none, and name ours in it."""
        data = Path(self.env["DATA_DIR"])
        if not self.env.get("DATABASE_URL"):
            self.env["DATABASE_URL"] = self.own.enter_context(servers.postgres(data / "postgres"))
        if not self.env.get("REDIS_URL"):
            self.env["REDIS_URL"] = self.own.enter_context(servers.redis(data / "redis"))

    def prepare(self) -> None:
        """Bring folders, database, static files and, in a demo, the demo data up to date."""
        for folder in QUEUE:
            (Path(self.env["DATA_DIR"]) / folder).mkdir(exist_ok=True)
        # The demo's clock is a table: until the migrations are done there is none to ask.
        self.manage("migrate", "--no-input", "--verbosity=0", DEMO="0")
        self.manage("collectstatic", "--no-input", "--verbosity=0")
        if self.env.get("DEMO") == "1":
            self.manage("load_demo")

    def start(self, name: str, *arguments: str) -> None:
        """Start `python -m …` under the name that a message will give it."""
        self.processes[name] = self._spawn(["-m", *arguments], self.env)

    def start_web(self, workers: int | None = None, threads: int | None = None) -> None:
        """Start the web server; in the shape that the environment asks for, unless one is given."""
        if workers and threads:
            self.env |= {"WEB_WORKERS": str(workers), "WEB_THREADS": str(threads)}
        conf = str(ROOT / "portal" / "gunicorn_conf.py")
        self.start("De webserver", "gunicorn", "--config", conf, "portal.wsgi:application")

    def start_celery(self, name: str, *arguments: str) -> None:
        """Start `celery worker …` or `celery beat …`."""
        self.start(name, "celery", "-A", "portal", "--quiet", *arguments)

    def until_healthy(self) -> None:
        """Return when /healthz answers; fail when a process ends before, or none comes."""
        deadline = time.monotonic() + HEALTHY
        while not _is_healthy(self.env):
            self._fail_on_death()
            if time.monotonic() > deadline:
                raise ServerError("De webserver geeft geen antwoord op /healthz.")
            time.sleep(0.1)

    def watch(self) -> NoReturn:
        """Wait for ever; fail as soon as one of the processes ends."""
        while True:
            self._fail_on_death()
            time.sleep(0.5)

    def end(self) -> None:
        """Ask all of them to end, then wait for each."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            servers.stop(process)

    def _spawn(self, arguments: Sequence[str], env: Environment) -> Process:
        return servers.spawn([sys.executable, *arguments], cwd=ROOT, env=env, keep=[self.lock])

    def _fail_on_death(self) -> None:
        for name, process in self.processes.items():
            if (code := process.poll()) is not None:
                raise ServerError(f"{name} is gestopt (code {code}); daarom stopt Naoberplek.")


@contextmanager
def stack(env: Environment) -> Iterator[Stack]:
    """Yield a Stack on this environment, completed by what every portal needs; end it after.

    `env` must have DATA_DIR; only one portal at a time runs on that folder and on its port.
    """
    port = _port(env)
    data = (ROOT / env["DATA_DIR"]).resolve()
    with servers.alone(data) as lock, ExitStack() as own:
        _claim(env.get("BIND") or "127.0.0.1", port)
        env |= {"PORT": str(port), "DATA_DIR": str(data)}
        env["PUBLIC_URL"] = env.get("PUBLIC_URL") or f"http://localhost:{port}"
        env["SECRET_KEY"] = env.get("SECRET_KEY") or _kept_key(data / "secret-key")
        portal = Stack(env, lock, own)
        try:
            yield portal
        finally:
            portal.end()


def address(env: Environment) -> str:
    """Where the portal is, without a slash at the end."""
    return env["PUBLIC_URL"].rstrip("/")


def hold(run: Callable[[], None]) -> int:
    """Run a portal until it is told to end (exit code 0) or cannot go on (1, with a sentence)."""
    servers.end_on_signals()
    try:
        run()
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:  # a disk that is full, a folder of somebody else's
        print(f"Dat kan niet: {error.filename or 'de machine'}: {error.strerror or error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Gestopt.")
    return 0


def serve() -> None:
    """Run the production shape."""
    env = dict(os.environ)
    env["DATA_DIR"] = env.get("DATA_DIR") or "var/serve"
    with stack(env) as portal:
        portal.start_servers()
        portal.prepare()
        schedule = str(Path(env["DATA_DIR"]) / "beat-schedule")
        portal.start_web()
        portal.start_celery("De worker", *WORKER, "--concurrency=2")
        portal.start_celery("Beat", "beat", "-s", schedule)
        portal.until_healthy()
        print(f"Klaar: {address(env)}/", flush=True)
        portal.watch()


def _port(env: Environment) -> int:
    given = env.get("PORT") or "8000"
    if not given.isdecimal() or int(given) not in range(1, PORTS):
        raise ServerError(f"PORT={given} is geen poort: geef een getal, zoals PORT=8001.")
    return int(given)


def _claim(host: str, port: int) -> None:
    """Fail with a sentence when somebody else has the port."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise ServerError(
            f"Poort {port} op {host} is niet vrij ({error.strerror}): kies een andere, zoals PORT={port + 1}."
        ) from None


def _kept_key(path: Path) -> str:
    """The secret key in this file, made when it is not there; only its owner reads it. Whole, or not there at all."""
    if not path.exists():
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)  # of a start for which the disk was full
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w") as new:
            new.write(secrets.token_urlsafe(50))
        fresh.rename(path)
    return path.read_text()


def _is_healthy(env: Environment) -> bool:
    """Whether /healthz answers, asked as the proxy in front would."""
    public = urlsplit(env["PUBLIC_URL"])
    host = env.get("BIND") or "127.0.0.1"
    client = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, _port(env), 5)  # noqa: S104
    with closing(client), suppress(OSError, http.client.HTTPException):
        client.request("GET", "/healthz", headers={"Host": public.netloc})
        return client.getresponse().status < http.HTTPStatus.BAD_REQUEST
    return False


if __name__ == "__main__":
    sys.exit(hold(serve))
