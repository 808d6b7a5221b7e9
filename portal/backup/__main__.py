"""`python -m portal.backup make`, `… restore FILE`, `… key`: see docs/operate.md. Settings from the environment."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from portal.backup.archive import new_key
from portal.backup.make import make, thin_out
from portal.backup.place import found
from portal.backup.restore import Wish, restore
from portal.serve import hold
from portal.servers import ServerError


def run(arguments: Sequence[str]) -> None:
    """Do what is asked; a ServerError is the sentence for who asked it."""
    match list(arguments):
        case ["make"]:
            with found(os.environ, alone=False) as place:
                print(f"Klaar: {make(place)}")
                for path in thin_out(place.backups):
                    print(f"Opgeruimd: {path.name}")
        case ["restore", file] if file:
            with found(os.environ, alone=True) as place:
                wish = Wish(Path(file), _sure, over_newer=_is_on("OVER_NEWER"), without_list=_is_on("WITHOUT_LIST"))
                restore(place, wish)
            print("Klaar. Start Naoberplek weer. Iedereen logt opnieuw in.")
        case ["key"]:
            secret, public = new_key()
            print(f"# Geheim: bewaar dit ergens anders dan de backups (BACKUP_IDENTITY wijst ernaar).\n{secret}")
            print(f"# Niet geheim: zet dit op de server.\n# BACKUP_KEY={public}")
        case _:
            raise ServerError("Gebruik: make backup, make backup-key, of make restore FILE=<bestand>.")


def _sure(words: str) -> bool:
    """Ask it at the keyboard; without one only YES=1 will do."""
    print(words)
    if _is_on("YES"):
        return True
    if not sys.stdin.isatty():
        raise ServerError("Zet YES=1 om dit zonder vraag te doen. Niets veranderd.")
    return input("Alles wat er nu staat vervangen? Typ 'ja': ").strip().lower() == "ja"


def _is_on(name: str) -> bool:
    return os.environ.get(name) == "1"


if __name__ == "__main__":
    sys.exit(hold(lambda: run(sys.argv[1:])))
