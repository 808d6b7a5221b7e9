"""Bring a backup back: checked first, built beside what is there, and put in its place in one step."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.backup import archive
from portal.backup.archive import Manifest
from portal.backup.make import RESTORING, make
from portal.backup.place import ROOT, Place
from portal.base import deletion_list
from portal.servers import ServerError


@dataclass(frozen=True)
class Wish:
    """What the person at the keyboard asked for; `sure` is asked when all is checked, with what will happen."""

    file: Path
    sure: Callable[[str], bool]
    over_newer: bool = False
    without_list: bool = False


def restore(place: Place, wish: Wish) -> None:
    """Put the backup in place of what is there. Whatever fails: what was there stays, and a ServerError says why.

    What is there now is backed up first. Who was forgotten since the backup is forgotten again, and everybody logs in
    anew. The last step, the photos, comes after the database: cut off there, the same command ends it.
    """
    place.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=RESTORING, dir=place.backups) as folder:
        work = Path(folder)
        manifest = archive.unpack(wish.file, work, place.identity)
        _check(place, manifest, wish)
        listed = work / deletion_list.NAME
        deletion_list.add(work, _deletions(place, manifest, wish))
        if not wish.sure(_words(place, manifest)):
            raise ServerError("Niets veranderd.")
        if place.database.facts() is not None:
            make(place)
        try:
            url = place.database.load(work / archive.DATABASE)
            _finish(place, url, listed)
            place.database.swap()
        finally:
            place.database.drop_fresh()
        _put_photos(work / archive.MEDIA, place.media)


def _check(place: Place, manifest: Manifest, wish: Wish) -> None:
    place.database.check_ready()
    if manifest.engine != place.database.engine:
        raise ServerError(f"Deze backup is van {manifest.engine}, en de database is {place.database.engine}.")
    facts = place.database.facts()
    if facts and facts[0] > manifest.newest and not wish.over_newer:
        raise ServerError(
            f"In de database staan nieuwere boekingen dan in {wish.file.name} (de laatste van {facts[0][:16]} UTC). "
            "Die gaan verloren. Wil je dat, zet dan OVER_NEWER=1."
        )


def _deletions(place: Place, manifest: Manifest, wish: Wish) -> list[tuple[str, str]]:
    """Who is not to come back: by the lists beside the backup and in the folder of backups, and by the database.

    A database that is not of after the backup can't tell who was forgotten since: there a list must be.
    """
    lists = [deletion_list.read(folder / deletion_list.NAME) for folder in {wish.file.resolve().parent, place.backups}]
    facts = place.database.facts()
    knows = facts is not None and bool(facts[0]) and facts[0] >= manifest.newest
    if not knows and not any(one is not None for one in lists) and not wish.without_list:
        raise ServerError(
            f"De lijst van wie gewist is ({deletion_list.NAME}) staat niet bij de backup: haal die erbij. Is die er "
            "echt niet, zet dan WITHOUT_LIST=1; wie sinds de backup gewist is, staat er dan weer in."
        )
    found = [(name, at.isoformat()) for one in lists for name, at in (one or {}).items()]
    return found + place.database.deletions()


def _words(place: Place, manifest: Manifest) -> str:
    made = datetime.fromisoformat(manifest.made_at)
    facts = place.database.facts()
    now = f"{facts[1]} boekingen" if facts else "niets"
    return f"Backup van {made:%d-%m-%Y %H:%M} UTC met {manifest.bookings} boekingen. Er staat nu: {now}."


def _finish(place: Place, url: str, listed: Path) -> None:
    """Migrate the fresh database and forget again, as this version of the portal does it."""
    env = {**place.env, "DATABASE_URL": url, "DEMO": "0"}
    command = [sys.executable, "manage.py", "finish_restore", str(listed)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise ServerError(f"De backup kan niet bijgewerkt worden: {_reason(last)}")


def _reason(line: str) -> str:
    """The sentence of a command, out of a line of the log where that is what it wrote."""
    try:
        return str(json.loads(line)["event"])
    except (ValueError, KeyError, TypeError):
        return line.removeprefix("CommandError: ")


def _put_photos(fresh: Path, media: Path) -> None:
    """Put these photos in place of those that are there. Inside the folder, which may be a volume of its own."""
    media.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".gone-", dir=media) as gone:
        for old in [path for path in media.iterdir() if not path.name.startswith(".")]:
            old.rename(Path(gone) / old.name)
        _copy_in(fresh, media)


def _copy_in(fresh: Path, media: Path) -> None:
    if fresh.is_dir():
        shutil.copytree(fresh, media, dirs_exist_ok=True)
