"""The list of deletions and the thinning of backups: files alone."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.backup import archive
from portal.backup.make import thin_out
from portal.base import clock, deletion_list
from portal.servers import ServerError


def test_a_line_that_was_cut_off_is_written_again(tmp_path: Path) -> None:
    deletion_list.add(tmp_path, [("guest:1", "2026-11-01T10:00:00"), ("guest:2", "2026-11-01T10:00:00")])
    path = tmp_path / deletion_list.NAME
    path.write_text(path.read_text()[:-20])
    assert deletion_list.read(path) == {"guest:1": datetime(2026, 11, 1, 10, tzinfo=UTC)}
    assert deletion_list.add(tmp_path, [("guest:2", "2026-11-01T10:00:00")]) == 1
    assert list(deletion_list.read(path) or {}) == ["guest:1", "guest:2"]


def test_what_a_run_that_was_killed_left_behind_goes_after_a_day(tmp_path: Path) -> None:
    """It is the whole database, not encrypted."""
    for name, hours in ((".make-old", 25), (".restore-old", 25), (".make-now", 1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "database").touch()
        at = clock.real_now().timestamp() - hours * 3600
        os.utime(tmp_path / name, (at, at))
    (tmp_path / "naoberplek-2026-11-21T030000Z.tar.gz.part").touch()
    os.utime(tmp_path / "naoberplek-2026-11-21T030000Z.tar.gz.part", (0, 0))
    thin_out(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".make-now"]


def test_old_backups_are_thinned_out_and_other_files_are_left_alone(tmp_path: Path) -> None:
    newest = datetime(2026, 11, 22, 3, tzinfo=UTC)
    for days in range(500):
        (tmp_path / archive.name_of(newest - timedelta(days=days), sealed=False)).touch()
    (tmp_path / "brief.txt").touch()
    thin_out(tmp_path)
    left = sorted((at for path in tmp_path.iterdir() if (at := archive.made_at(path))), reverse=True)
    assert left[:7] == [newest - timedelta(days=days) for days in range(7)]
    assert len(left) == 7 + 3 + 11  # this week and this month are among the days
    assert newest - left[-1] > timedelta(days=320)
    assert (tmp_path / "brief.txt").exists()


# gzip's own head: when and by what the file was made, which nobody reads.
HEAD = 16


def test_a_backup_in_which_any_byte_is_wrong_is_not_whole(tmp_path: Path) -> None:
    """Wherever it is: in a name, in the manifest, in the database, in the sum at the end. Every third is tried."""
    made, work = tmp_path / "naoberplek-2026-11-22T030000Z.tar.gz", tmp_path / "work"
    work.mkdir()
    (work / archive.DATABASE).write_bytes(bytes(range(256)))
    manifest = archive.Manifest("2026-11-22T03:00:00+00:00", "sqlite", "2026-11-21 10:00:00", 3)
    archive.pack(work, tmp_path / "media", manifest, made, "")
    whole = made.read_bytes()
    for at in range(HEAD, len(whole), 3):
        made.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        laid_out = tmp_path / str(at)
        laid_out.mkdir()
        with pytest.raises(ServerError, match="niet heel|beschadigd"):
            archive.unpack(made, laid_out, None)
