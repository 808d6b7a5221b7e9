"""Make a backup, and let old ones go."""

import tempfile
from datetime import timedelta
from pathlib import Path

from portal.backup import archive, thin
from portal.backup.place import Place
from portal.base import clock
from portal.base.deletion_list import add
from portal.servers import ServerError


def make(place: Place) -> Path:
    """Write a backup of the portal as it is now; gives the file. The list of deletions is brought up to date too."""
    facts = place.database.facts()
    if facts is None:
        raise ServerError("In deze database staat nog geen Naoberplek: er is niets om te bewaren.")
    place.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = clock.real_now()
    while (target := place.backups / archive.name_of(now, sealed=bool(place.key))).exists():
        now += timedelta(seconds=1)
    with tempfile.TemporaryDirectory(prefix=".make-", dir=place.backups) as work:
        place.database.dump(Path(work) / archive.DATABASE)
        manifest = archive.Manifest(now.isoformat(), place.database.engine, *facts)
        archive.pack(Path(work), place.media, manifest, target, place.key)
    add(place.backups, place.database.deletions())
    return target


def thin_out(backups: Path) -> list[Path]:
    """Remove the backups that need not stay; gives them."""
    made = {path: at for path in backups.iterdir() if (at := archive.made_at(path))}
    stay = thin.to_keep(made.values())
    gone = sorted(path for path, at in made.items() if at not in stay)
    for path in gone:
        path.unlink()
    return gone
