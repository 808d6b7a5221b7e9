"""Our own PostgreSQL and Redis, and the processes of `make serve` and `make demo`."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from portal import serve, servers
from portal.demo.cast import PEOPLE

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds that a busy machine may take to end a server
HOLDER = """
import sys, time
from pathlib import Path
from portal import servers
servers.end_on_signals()
with servers.postgres(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that the database's account can enter also when we are root."""
    with servers._private_folder(None) as folder:
        folder.chmod(0o755)
        yield folder / "postgres"


@contextmanager
def holder(data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that holds a durable PostgreSQL, and its address."""
    command = [sys.executable, "-c", HOLDER, str(data)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        process.kill()


def socket_folder(url: str) -> Path:
    return Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))


def until_gone(folder: Path) -> bool:
    """Whether the socket in this folder disappears."""
    deadline = time.monotonic() + PATIENCE
    while (folder / ".s.PGSQL.5432").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not (folder / ".s.PGSQL.5432").exists()


@pytest.mark.long
def test_throw_away_postgres_leaves_nothing() -> None:
    with servers.postgres(None) as url, psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert not socket_folder(url).exists()


def test_throw_away_redis_leaves_nothing() -> None:
    with servers.redis(None) as url:
        assert Redis.from_url(url).ping()
    assert not Path(url.removeprefix("unix://")).parent.exists()


@pytest.mark.long
def test_postgres_ends_when_the_block_fails() -> None:
    with pytest.raises(KeyError), servers.postgres(None) as url:
        raise KeyError
    assert not socket_folder(url).exists()


def test_postgres_keeps_its_data(data: Path) -> None:
    with servers.postgres(data) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE bureau AS SELECT 'é' AS naam")
    with servers.postgres(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT naam FROM bureau").fetchone() == ("é",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_the_log_of_postgres_names_no_guest(data: Path) -> None:
    with servers.postgres(data) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE gast (email text UNIQUE)")
        connection.execute("INSERT INTO gast VALUES ('marieke@voorbeeld.example')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO gast VALUES ('marieke@voorbeeld.example')")
    log = (data / "log.txt").read_text()
    assert "duplicate key" in log
    assert "marieke" not in log


def test_redis_keeps_its_data(tmp_path: Path) -> None:
    with servers.redis(tmp_path) as url:
        Redis.from_url(url).set("sleutel", "1")
    with servers.redis(tmp_path) as url:
        assert Redis.from_url(url).get("sleutel") == b"1"


def test_sigterm_ends_postgres_and_removes_its_folder(data: Path) -> None:
    with holder(data) as (process, url):
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    assert not socket_folder(url).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's kernel tells a child")
def test_a_killed_run_takes_postgres_along_and_the_next_one_starts(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "BUSY", PATIENCE)
    with holder(data) as (_, url):
        pass
    with servers.postgres(data) as again, psycopg.connect(again) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert until_gone(socket_folder(url))
    shutil.rmtree(socket_folder(url))


@pytest.mark.long
def test_a_stale_pid_file_is_survived(data: Path) -> None:
    with servers.postgres(data):
        pid_file = (data / "cluster" / "postmaster.pid").read_text()
    (data / "cluster" / "postmaster.pid").write_text(pid_file.replace(pid_file.split()[0], str(os.getpid()), 1))
    with servers.postgres(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_one_run_at_a_time_per_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "BUSY", 0)
    with (
        servers.alone(tmp_path),
        pytest.raises(servers.ServerError, match="draait al"),
        servers.alone(tmp_path),
    ):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
def test_root_is_told_to_move_from_a_folder_that_the_database_cannot_enter(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(servers.ServerError, match="/srv/naoberplek"), servers.postgres(tmp_path / "postgres"):
        pass


def test_a_taken_port_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(servers.ServerError, match=f"Poort {port} .* PORT={port + 1}"):
            serve._claim("127.0.0.1", port)


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_must_be_a_port(port: str) -> None:
    with pytest.raises(servers.ServerError, match="geen poort"):
        serve._port({"PORT": port})


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    key = serve._kept_key(path)
    assert serve._kept_key(path) == key
    assert len(key) >= 50
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_disk_that_is_full_leaves_no_empty_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret-key"

    def full(*_args: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("portal.serve.secrets.token_urlsafe", full)
        with pytest.raises(OSError, match="No space"):
            serve._kept_key(path)
    assert not path.exists()
    assert len(serve._kept_key(path)) >= 50


def test_a_folder_of_somebody_elses_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run() -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "/srv/var")

    monkeypatch.setattr(servers, "end_on_signals", lambda: None)
    assert serve.hold(run) == 1
    assert capsys.readouterr().err == "Dat kan niet: /srv/var: Permission denied.\n"


def test_a_process_that_dies_is_named(tmp_path: Path) -> None:
    with serve.stack({**os.environ, "DATA_DIR": str(tmp_path), "PORT": "1"}) as portal:
        portal.start("De kalender", "calendar", "--version")
        with pytest.raises(servers.ServerError, match=r"De kalender is gestopt \(code \d\)"):
            portal.watch()


def test_the_stack_ends_what_it_started(tmp_path: Path) -> None:
    with serve.stack({**os.environ, "DATA_DIR": str(tmp_path), "PORT": "1"}) as portal:
        portal.start("Een server", "http.server", "--bind", "127.0.0.1", "0")
    assert portal.processes["Een server"].poll() == -signal.SIGTERM


def script(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines]))
    path.chmod(0o755)


@pytest.mark.parametrize(("apt", "wheels"), [("exit 0", False), ("exit 100", True)])
def test_where_apt_can_not_install_the_wheels_bring_the_servers(tmp_path: Path, apt: str, wheels: bool) -> None:
    """As root on a machine without a network for apt, or with a broken one."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    script(tmp_path / "bin" / "apt-get", apt)
    script(tmp_path / "bin" / "id", "echo 0")
    script(tmp_path / ".venv" / "bin" / "uv", f'echo "$@" > {tmp_path}/asked')
    for name in ("requirements-tools.txt", "requirements-servers.txt", ".venv/tools-stamp"):
        (tmp_path / name).touch()
    command = ["make", "system-servers", "HAVE_POSTGRES=false", "HAVE_REDIS=false", f"POLICY={tmp_path}/policy"]
    env = {**os.environ, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True)
    assert (tmp_path / "asked").exists() is wheels
    assert not (tmp_path / "policy").exists()


def test_the_demo_names_the_people_of_the_contract() -> None:
    assert list(PEOPLE) == ["marieke", "henk", "gerrit", "sanne", "willem", "ilse"]
