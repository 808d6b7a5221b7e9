"""Where the portal keeps what is backed up: its database, its photos, and the folder of the backups."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal import servers
from portal.backup.databases import Database, database

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Place:
    """One portal. `env` is what a command of it needs in its environment, but for the database."""

    database: Database
    media: Path
    backups: Path
    key: str
    identity: Path | None
    env: Mapping[str, str]


@contextmanager
def found(env: Mapping[str, str], *, alone: bool) -> Iterator[Place]:
    """The portal of this environment: DATABASE_URL, else what `make serve` or `make demo` keeps in DATA_DIR.

    A database of our own is started when it doesn't run. `alone`: nobody else uses it meanwhile; a ServerError when
    somebody does.
    """
    data = (ROOT / (env.get("DATA_DIR") or "var/serve")).resolve()
    with ExitStack() as own:
        if alone and not env.get("DATABASE_URL"):  # else the database itself says who uses it
            own.enter_context(servers.alone(data))
        identity = env.get("BACKUP_IDENTITY")
        yield Place(
            database=database(env.get("DATABASE_URL") or _own(data, own)),
            media=data / "media",
            backups=Path(env.get("BACKUP_DIR") or data / "backups").resolve(),
            key=env.get("BACKUP_KEY", ""),
            identity=Path(identity) if identity else None,
            env={**os.environ, **env, "DATA_DIR": str(data)},
        )


def _own(data: Path, own: ExitStack) -> str:
    """The DATABASE_URL of the database in this folder, running for as long as `own` is open."""
    file = data / "naoberplek.sqlite3"
    if file.exists() and not (data / "postgres").exists():
        return f"sqlite:///{file}"
    return servers.running_postgres(data / "postgres") or own.enter_context(servers.postgres(data / "postgres"))
