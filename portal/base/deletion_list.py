"""The file that lists what was forgotten, kept outside the database: standard library only, since it is read when
the portal itself does not run.
"""

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

NAME = "deletions.jsonl"


def add(folder: Path, found: Iterable[tuple[str, str]]) -> int:
    """Add to the list in this folder what it has not; gives how many. `found`: name and moment (in UTC unless said)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = read(folder / NAME) or {}
    new = {name: at for name, at in found if name not in known}
    if new:
        lines = (json.dumps({"subject": name, "at": _moment(at).isoformat()}) for name, at in new.items())
        _append(folder / NAME, "".join(f"{line}\n" for line in lines))
    return len(new)


def read(path: Path) -> dict[str, datetime] | None:
    """The list: name and when; the first time counts. None when there is none.

    A line that a crash cut off is no line: `add` adds it anew.
    """
    if not path.exists():
        return None
    found: dict[str, datetime] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
            found.setdefault(str(entry["subject"]), _moment(entry["at"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _append(path: Path, lines: str) -> None:
    """One write at the end of the file, on disk when this returns; after a line that was cut off a new one begins."""
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(file).st_size
        whole = not size or os.pread(file, 1, size - 1) == b"\n"
        os.write(file, (lines if whole else "\n" + lines).encode())
        os.fsync(file)
    finally:
        os.close(file)
