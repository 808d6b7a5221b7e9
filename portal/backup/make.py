"""Make a backup, and let old ones go."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from portal.backup import archive, thin
from portal.backup.place import Place
from portal.base import clock
from portal.base.deletion_list import NAME, add
from portal.servers import ServerError

MAKING, RESTORING = ".make-", ".restore-"  # folders of work under way; they hold the database as it is, not encrypted
LEFT_BEHIND = timedelta(days=1)


def make(place: Place) -> Path:
    """Write a backup of the portal as it is now; gives the file. The list of deletions is brought up to date too."""
    facts = place.database.facts()
    if facts is None:
        raise ServerError("In deze database staat nog geen Naoberplek: er is niets om te bewaren.")
    place.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = clock.real_now()
    while (target := place.backups / archive.name_of(now, sealed=bool(place.key))).exists():
        now += timedelta(seconds=1)
    with tempfile.TemporaryDirectory(prefix=MAKING, dir=place.backups) as work:
        place.database.dump(Path(work) / archive.DATABASE)
        manifest = archive.Manifest(now.isoformat(), place.database.engine, *facts)
        archive.pack(Path(work), place.media, manifest, target, place.key)
    add(place.backups, place.database.deletions())
    # Of nobody it is an empty file: where a backup stands without a list, the list was lost.
    (place.backups / NAME).touch(mode=0o600)
    return target


def thin_out(backups: Path) -> list[Path]:
    """Remove the backups that need not stay; gives them. Also what a run that was killed left behind."""
    for pattern in (f"{MAKING}*", f"{RESTORING}*", f"{archive.PREFIX}*{archive.PART}"):
        _remove_left(backups, pattern)
    made = {path: at for path in backups.iterdir() if (at := archive.made_at(path))}
    stay = thin.to_keep(made.values())
    gone = sorted(path for path, at in made.items() if at not in stay)
    for path in gone:
        path.unlink()
    return gone


def _remove_left(backups: Path, pattern: str) -> None:
    for path in backups.glob(pattern):
        if clock.real_now().timestamp() - path.stat().st_mtime < LEFT_BEHIND.total_seconds():
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
