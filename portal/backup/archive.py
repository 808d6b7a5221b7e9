"""The file of a backup: a compressed tar with a manifest, the database and the photos; encrypted when a key is set."""

import errno
import gzip
import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyrage
from pyrage import x25519

from portal.servers import ServerError

PLAIN, SEALED = ".tar.gz", ".tar.gz.age"
PART = ".part"  # behind the name while it is written
MANIFEST, DATABASE, MEDIA = "manifest.json", "database", "media"
FORM = 1
STAMP = "%Y-%m-%dT%H%M%SZ"
PREFIX = "naoberplek-"
PIECE = 1 << 20
# What a file that is cut off or changed gives, beside OSError.
BROKEN = (tarfile.TarError, zlib.error, EOFError, ValueError, TypeError, KeyError, OverflowError)
# What the machine refuses, whatever is in the file: a full disk, a file that may not be read.
OF_THE_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `newest`: when its last booking was made, as in the database; empty for none."""

    made_at: str
    engine: str
    newest: str
    bookings: int
    sha256: str = ""
    form: int = FORM


def name_of(made: datetime, *, sealed: bool) -> str:
    """The file's name; `made` in UTC."""
    return PREFIX + made.strftime(STAMP) + (SEALED if sealed else PLAIN)


def made_at(path: Path) -> datetime | None:
    """When the backup of this name was made; None for another file."""
    stem = path.name.removesuffix(SEALED).removesuffix(PLAIN)
    if stem == path.name:
        return None
    with suppress(ValueError):
        return datetime.strptime(stem, PREFIX + STAMP).replace(tzinfo=UTC)
    return None


def pack(work: Path, media: Path, manifest: Manifest, target: Path, key: str) -> None:
    """Write the backup of `work/database` and the photos to `target`: whole, or not there at all."""
    database = work / DATABASE
    said = asdict(manifest) | {"sha256": _sum_of(database)}
    (work / MANIFEST).write_text(json.dumps(said))
    plain, part = work / "whole", target.with_name(target.name + PART)
    with tarfile.open(plain, "w:gz", compresslevel=6) as tar:
        for name in (MANIFEST, DATABASE):
            tar.add(work / name, name)
        for path in _files(media):
            with suppress(FileNotFoundError):  # a photo that somebody deletes at this moment
                tar.add(path, f"{MEDIA}/{path.relative_to(media)}", recursive=False)
    try:
        if key:
            pyrage.encrypt_file(str(plain), str(part), [_recipient(key)])
        else:
            plain.replace(part)
        part.chmod(0o600)
        _to_disk(part)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def unpack(file: Path, work: Path, identity: Path | None) -> Manifest:
    """Lay the whole backup out in `work`, checked; a ServerError when it is not whole or can't be opened.

    What the machine itself refuses is an OSError.
    """
    if not file.is_file():
        raise ServerError(f"Er is geen bestand {file}.")
    file.open("rb").close()  # one that may not be read is not broken: that is an OSError
    plain = file
    if file.name.endswith(SEALED):
        plain = work / "whole"
        _open(file, plain, identity)
    try:
        _lay_out(plain, work)
        said = Manifest(**json.loads((work / MANIFEST).read_text()))
        found = _sum_of(work / DATABASE)
    except (OSError, *BROKEN) as error:
        if isinstance(error, OSError) and error.errno in OF_THE_MACHINE:
            raise
        raise ServerError(f"{file.name} is niet heel ({type(error).__name__}): neem een andere backup.") from None
    if said.form != FORM or said.sha256 != found:
        raise ServerError(f"{file.name} is beschadigd: neem een andere backup.")
    return said


def _lay_out(plain: Path, work: Path) -> None:
    """Take all files out. Read to the very end, where gzip says whether every byte is right: of the manifest too."""
    with gzip.open(plain) as whole:
        with tarfile.open(fileobj=whole, mode="r:") as tar:
            tar.extractall(work, filter="data")
        while whole.read(PIECE):
            pass


def new_key() -> tuple[str, str]:
    """A pair for encryption: the secret that opens backups, and the public BACKUP_KEY that makes them."""
    secret = x25519.Identity.generate()
    return str(secret), str(secret.to_public())


def _recipient(key: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        raise ServerError(
            "BACKUP_KEY is geen sleutel: hij begint met 'age1'. Maak er een met make backup-key."
        ) from None


def _open(file: Path, plain: Path, identity: Path | None) -> None:
    if identity is None or not identity.is_file():
        raise ServerError("Deze backup is versleuteld: zet BACKUP_IDENTITY op het bestand met de geheime sleutel.")
    lines = [line.strip() for line in identity.read_text().splitlines()]
    try:
        secrets = [x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
        pyrage.decrypt_file(str(file), str(plain), secrets)
    except (pyrage.IdentityError, pyrage.DecryptError, OSError) as error:
        raise ServerError(
            f"{file.name} gaat niet open: de sleutel in {identity} past niet, of het bestand is niet heel ({error})."
        ) from None


def _files(media: Path) -> Iterator[Path]:
    """The photos; not what a restore that was cut off left behind."""
    for path in sorted(media.rglob("*")):
        if path.is_file() and not path.relative_to(media).parts[0].startswith("."):
            yield path


def _sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
