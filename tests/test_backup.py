"""Backup and restore: the drill on both databases, with somebody forgotten in between."""

import errno
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from bookings.actions.cancel import cancel
from bookings.actions.forget import forget
from bookings.actions.forget_again import KINDS, UnknownKind, forget_again
from bookings.models import Booking, CallEntry, Guest, Reservation, StandingPlace, YearKey
from bookings.person import as_shown, coming_of
from bookings.traces import key_of
from portal.backup import archive
from portal.backup.databases import database
from portal.backup.make import make
from portal.backup.place import Place
from portal.backup.restore import Wish, restore
from portal.base import clock, deletion_list, deletions
from portal.base.log import SYSTEM
from portal.base.models import Deletion, OutboxMail, User
from portal.servers import ServerError
from tests.database import let_everybody_go
from tests.factories import house_actor, make_booking, make_house, make_user, make_wait
from tests.guest import WEDNESDAY, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, on_monday]

MARIEKE = "marieke@voorbeeld.example"


def long_on_both(test: Callable[..., None]) -> Callable[..., None]:
    """Takes its time, and `make test-long` does it on SQLite too."""
    marked: Callable[..., None] = pytest.mark.long(pytest.mark.database_long(test))
    return marked


def url_of_test_database() -> str:
    """The DATABASE_URL of the database that this test writes in."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgresql://{given['USER']}@{quote(given['HOST'], safe='')}:{given['PORT']}/{given['NAME']}"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """This portal, with a folder for its photos and one for its backups."""
    photos = tmp_path / "media"
    (photos / "huis").mkdir(parents=True)
    (photos / "huis" / "gevel.webp").write_bytes(b"foto")
    env = {**os.environ, "DATA_DIR": str(tmp_path)}
    return Place(database(url_of_test_database()), photos, tmp_path / "backups", key="", identity=None, env=env)


def wish(file: Path, *, sure: bool = True, over_newer: bool = False, without_list: bool = False) -> Wish:
    return Wish(file, lambda _words: sure, over_newer=over_newer, without_list=without_list)


@contextmanager
def nobody_uses_it() -> Iterator[None]:
    """As when the portal is stopped."""
    let_everybody_go()
    yield
    connections.close_all()


def bring_back(place: Place, what: Wish) -> None:
    with nobody_uses_it():
        restore(place, what)


def forget_all_of(guest: Guest, house: Dorpshuis) -> None:
    forget(guest, house_actor(house), shown=as_shown(coming_of(house, guest)))


def make_backup_of_one_booking(place: Place) -> Path:
    make_booking(make_house("het-huis"), WEDNESDAY)
    return make(place)


def test_the_drill(place: Place) -> None:
    """A backup; then a booking is cancelled, somebody is forgotten, photos change. A restore: only she stays away."""
    house = make_house("het-huis")
    marieke = make_booking(house, WEDNESDAY, email=MARIEKE)
    jan = make_booking(house, WEDNESDAY, email="jan@voorbeeld.example")
    SessionStore().save()
    file = make(place)

    forget_all_of(marieke.guest, house)
    cancel(jan, house_actor(house))
    (place.media / "huis" / "gevel.webp").unlink()
    (place.media / "later.webp").write_bytes(b"later")
    bring_back(place, wish(file))

    assert Booking.objects.get(reservation=jan).state == Booking.State.BOOKED
    assert Reservation.objects.get(pk=jan.pk).email == "jan@voorbeeld.example"
    assert not Guest.objects.filter(email=MARIEKE).exists()
    assert not Reservation.objects.filter(confirmed_to=MARIEKE).exists()
    assert not OutboxMail.objects.filter(recipient=MARIEKE).exists()
    assert Booking.objects.get(reservation=marieke).state == Booking.State.CANCELLED
    assert Session.objects.count() == 0
    assert sorted(path.name for path in place.media.rglob("*.webp")) == ["gevel.webp"]


@long_on_both
def test_the_list_alone_is_enough_when_the_machine_is_gone(place: Place) -> None:
    """The database with its own table of deletions is lost: the file beside the backups tells it."""
    house = make_house("het-huis")
    booking = make_booking(house, WEDNESDAY, email=MARIEKE)
    file = make(place)
    settings.BACKUP_DIR, before = place.backups, settings.BACKUP_DIR
    try:
        forget_all_of(booking.guest, house)
        assert deletions.keep() > 0
        assert deletions.keep() == 0
    finally:
        settings.BACKUP_DIR = before
    Deletion.objects.all().delete()
    bring_back(place, wish(file))
    assert Guest.objects.get(pk=booking.guest_id).name == ""
    assert Deletion.objects.filter(subject=f"guest:{booking.guest_id}").exists()


def all_gone() -> None:
    """As after an installation on a new machine: the tables are there, and nothing is in them."""
    call_command("flush", interactive=False, verbosity=0)


def test_where_the_list_is_lost_nothing_is_put_in_an_empty_database(place: Place) -> None:
    file = make_backup_of_one_booking(place)
    all_gone()
    (place.backups / deletion_list.NAME).unlink()
    with nobody_uses_it(), pytest.raises(ServerError, match=r"lijst van wie gewist is .* staat niet bij de backup"):
        restore(place, wish(file))
    assert Booking.objects.count() == 0


def test_where_nobody_was_forgotten_the_list_is_there_and_empty(place: Place) -> None:
    file = make_backup_of_one_booking(place)
    assert deletion_list.read(place.backups / deletion_list.NAME) == {}
    all_gone()
    bring_back(place, wish(file))
    assert Booking.objects.count() == 1


@long_on_both
def test_who_has_no_list_may_say_that_it_goes_on_without(place: Place) -> None:
    file = make_backup_of_one_booking(place)
    all_gone()
    (place.backups / deletion_list.NAME).unlink()
    bring_back(place, wish(file, without_list=True))
    assert Booking.objects.count() == 1


def test_new_rows_get_numbers_beyond_those_on_the_list() -> None:
    forget_again({"guest:500": clock.now()}, SYSTEM)
    house = make_house("het-huis")
    assert make_booking(house, WEDNESDAY, email=MARIEKE).guest_id > 500


@long_on_both
def test_a_number_on_the_list_becomes_nobody_elses(place: Place) -> None:
    """Somebody who came after the backup and was forgotten: her number is free again, and must not be given away."""
    house = make_house("het-huis")
    file = make(place)
    guest = make_booking(house, WEDNESDAY, email=MARIEKE).guest
    forget_all_of(guest, house)
    bring_back(place, wish(file, over_newer=True))
    assert make_booking(house, WEDNESDAY, email="jan@voorbeeld.example").guest_id > guest.pk


def test_newer_bookings_are_not_thrown_away_unasked(place: Place) -> None:
    house = make_house("het-huis")
    file = make(place)
    make_booking(house, WEDNESDAY)
    with nobody_uses_it(), pytest.raises(ServerError, match="nieuwere boekingen"):
        restore(place, wish(file))
    assert Booking.objects.count() == 1


def test_without_a_yes_nothing_changes(place: Place) -> None:
    house = make_house("het-huis")
    booking = make_booking(house, WEDNESDAY)
    file = make(place)
    cancel(booking, house_actor(house))
    with nobody_uses_it(), pytest.raises(ServerError, match="Niets veranderd"):
        restore(place, wish(file, sure=False))
    assert Booking.objects.get().state == Booking.State.HOUSE_CANCELLED


def test_while_somebody_uses_the_database_nothing_changes(place: Place) -> None:
    house = make_house("het-huis")
    booking = make_booking(house, WEDNESDAY)
    file = make(place)
    cancel(booking, house_actor(house))
    with connection.cursor() as cursor:  # a portal that still runs
        cursor.execute("SELECT 1")
        with pytest.raises(ServerError, match="draait nog"):
            restore(place, wish(file))
    assert Booking.objects.get().state == Booking.State.HOUSE_CANCELLED
    assert (place.media / "huis" / "gevel.webp").exists()


@pytest.fixture
def account_without_rights() -> Iterator[str]:
    """Somebody who may log in to PostgreSQL and write in the portal's tables, and not make a database."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE klein LOGIN")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO klein")
    yield "klein"
    with connection.cursor() as cursor:
        cursor.execute("DROP OWNED BY klein")
        cursor.execute("DROP ROLE klein")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no accounts")
def test_an_account_that_may_not_make_a_database_is_told_before_anything_happens(
    place: Place, account_without_rights: str
) -> None:
    file = make_backup_of_one_booking(place)
    user = connection.settings_dict["USER"]
    theirs = database(url_of_test_database().replace(f"//{user}@", f"//{account_without_rights}@"))
    with nobody_uses_it(), pytest.raises(ServerError, match='ALTER ROLE "klein" CREATEDB'):
        restore(Place(**{**place.__dict__, "database": theirs}), wish(file))
    assert Booking.objects.count() == 1
    assert list(place.backups.glob("naoberplek-*")) == [file]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is a file")
def test_a_server_that_is_not_there_is_told_in_a_sentence(place: Place) -> None:
    file = make_backup_of_one_booking(place)
    gone = database("postgresql://niemand@127.0.0.1:1/naoberplek")
    with pytest.raises(ServerError, match="PostgreSQL geeft geen antwoord"):
        restore(Place(**{**place.__dict__, "database": gone}), wish(file))


@long_on_both
def test_the_backup_of_before_the_restore_is_kept(place: Place) -> None:
    house = make_house("het-huis")
    file = make(place)
    file = file.rename(file.with_name("naoberplek-2026-01-01T000000Z.tar.gz"))
    make_booking(house, WEDNESDAY)
    bring_back(place, wish(file, over_newer=True))
    (saved,) = set(place.backups.glob("naoberplek-*")) - {file}
    bring_back(place, wish(saved))
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("harm", ["cut off", "one byte", "no backup at all", "not there"])
def test_a_broken_file_is_told_in_a_sentence_and_changes_nothing(place: Place, harm: str) -> None:
    make_booking(make_house("het-huis"), WEDNESDAY)
    file = make(place)
    whole = file.read_bytes()
    broken = {
        "cut off": whole[: len(whole) // 2],
        "one byte": whole[:400] + bytes([whole[400] ^ 0xFF]) + whole[401:],
        "no backup at all": b"dit is een brief",
        "not there": b"",
    }[harm]
    file.write_bytes(broken)
    if harm == "not there":
        file.unlink()
    with nobody_uses_it(), pytest.raises(ServerError, match=r"niet heel|beschadigd|geen bestand"):
        restore(place, wish(file))
    assert Booking.objects.count() == 1
    assert [path.name for path in place.backups.iterdir() if path.name.startswith(".")] == []


def test_a_backup_that_may_not_be_read_or_for_which_the_disk_is_full_is_not_called_broken(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who copied it back as root must not throw it away."""
    file = make_backup_of_one_booking(place)
    for refused in (PermissionError(errno.EACCES, "Permission denied"), OSError(errno.ENOSPC, "No space left")):

        def refuse(*_args: object, refused: OSError = refused, **_named: object) -> None:
            raise refused

        with monkeypatch.context() as machine:
            machine.setattr("portal.backup.archive.tarfile.open", refuse)
            with pytest.raises(OSError, match=str(refused.strerror)):
                archive.unpack(file, tmp_path, None)


def test_a_sealed_backup_opens_with_its_own_key_alone(place: Place, tmp_path: Path) -> None:
    make_booking(make_house("het-huis"), WEDNESDAY, email=MARIEKE)
    secret, public = archive.new_key()
    other, _ = archive.new_key()
    (tmp_path / "own").write_text(f"# geheim\n{secret}\n")
    (tmp_path / "other").write_text(other)
    file = make(Place(**{**place.__dict__, "key": public}))
    assert file.name.endswith(".tar.gz.age")
    assert file.stat().st_mode & 0o777 == 0o600
    work = tmp_path / "work"
    work.mkdir()
    for identity in (None, tmp_path / "other"):
        with pytest.raises(ServerError, match=r"BACKUP_IDENTITY|past niet"):
            archive.unpack(file, work, identity)
    assert archive.unpack(file, work, tmp_path / "own").bookings == 1


def test_a_key_that_is_none_makes_no_backup(place: Place) -> None:
    make_house("het-huis")
    with pytest.raises(ServerError, match="BACKUP_KEY"):
        make(Place(**{**place.__dict__, "key": "geheim"}))
    assert list(place.backups.iterdir()) == []


def test_an_unknown_kind_on_the_list_is_not_passed_over() -> None:
    with pytest.raises(UnknownKind, match="waitinglist"):
        forget_again({"waitinglist:3": clock.now()}, SYSTEM)


def test_forgetting_again_may_be_done_twice() -> None:
    house = make_house("het-huis")
    booking = make_booking(house, WEDNESDAY, email=MARIEKE)
    names = {
        f"guest:{booking.guest_id}": clock.now(),
        f"reservation:{booking.pk}": clock.now(),
        f"user:{make_user('weg@voorbeeld.example').pk}": clock.now(),
        "callentry:999": clock.now(),
    }
    forget_again(names, SYSTEM)
    forget_again(names, SYSTEM)
    assert Guest.objects.get().emptied_at is not None
    assert not User.objects.filter(email="weg@voorbeeld.example").exists()
    assert CallEntry.objects.count() == 0
    assert Deletion.objects.count() == len(names)


def test_every_kind_that_is_written_down_can_be_forgotten_again() -> None:
    """Read from the code that writes names down: a new kind there needs a line here."""
    root = Path(settings.BASE_DIR)
    modules = [
        root / "bookings" / "tell.py",
        root / "bookings" / "traces.py",
        *(root / "bookings" / "actions").glob("*.py"),
    ]
    texts = [path.read_text() for path in modules if path.name != "forget_again.py"]
    written = {
        kind
        for text in texts
        for kind in re.findall(r'f"([a-z]+):\{[^"]*\}" for|(?:append\(|down\(\[)f"([a-z]+):', text)
    }
    kinds = {kind for pair in written for kind in pair if kind} - {"address"}
    assert {"guest", "reservation", "callentry", "outboxmail", "guestaddress", "yearkey"} <= kinds
    assert kinds <= KINDS.keys()


def test_who_waited_and_who_had_a_standing_place_can_be_forgotten_again() -> None:
    """Their names are those of their rows, which no reading of the code finds."""
    house = make_house("het-huis")
    wait = make_wait(house, WEDNESDAY, MARIEKE)
    names = [
        str(wait),
        str(StandingPlace(pk=7)),
        f"reservation:{wait.reservation_id}",
        f"guest:{wait.reservation.guest_id}",
    ]
    forget_again(dict.fromkeys(names, clock.now()), SYSTEM)
    wait.refresh_from_db()
    assert (wait.is_listed, wait.reservation.email, wait.reservation.name) == (False, "", "")


def test_the_key_of_a_closed_year_stays_thrown_away() -> None:
    key_of(2025)
    key_of(2026)
    forget_again({"yearkey:2025": clock.now()}, SYSTEM)
    assert list(YearKey.objects.values_list("year", flat=True)) == [2026]


@long_on_both
def test_a_backup_of_an_older_version_is_migrated(place: Place) -> None:
    """All of a newest migration is undone in the backup; the restore does it again."""
    make_booking(make_house("het-huis"), WEDNESDAY)
    call_command("migrate", "base", "0006", verbosity=0)
    try:
        file = make(place)
    finally:
        call_command("migrate", verbosity=0)
    bring_back(place, wish(file))
    loader = MigrationLoader(connection)
    assert set(loader.disk_migrations) == set(loader.applied_migrations)
    assert Booking.objects.count() == 1


@long_on_both
def test_a_backup_of_a_newer_version_is_refused(place: Place) -> None:
    make_house("het-huis")
    MigrationRecorder(connection).record_applied("bookings", "9999_of_tomorrow")
    try:
        file = make(place)
    finally:
        MigrationRecorder(connection).record_unapplied("bookings", "9999_of_tomorrow")
    with nobody_uses_it(), pytest.raises(ServerError, match=r"nieuwere versie \(bookings 9999_of_tomorrow\)"):
        restore(place, wish(file))
    assert Dorpshuis.objects.count() == 1
