"""What was emptied because a person asked for it, by number; and the list of it that is kept outside the database.

A backup is of before: who was forgotten since is in it. After a restore the list tells what to empty again, so it
must not stand in the database alone. It holds numbers, no personal data, and is only ever added to.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, models, transaction

from portal.base import deletion_list
from portal.base.models import Deletion

Deletions = Mapping[str, datetime]


def write_down(names: Iterable[str]) -> None:
    """The names of rows that were emptied or deleted, such as `guest:12`; once each, in the caller's transaction."""
    from portal.base.tasks import keep_deletions  # noqa: PLC0415 - the task calls this module

    Deletion.objects.bulk_create([Deletion(subject=name) for name in names], ignore_conflicts=True)

    def queue() -> None:  # a function with a name: Django can't report the failure of a bound method
        keep_deletions.delay()

    # A broker that is dead costs nothing: beat asks for it too.
    transaction.on_commit(queue, robust=True)


def keep() -> int:
    """Add to the list what the table has and the list has not; gives how many. Safe to run twice, and at once."""
    rows = Deletion.objects.order_by("pk").values_list("subject", "at")
    return deletion_list.add(Path(settings.BACKUP_DIR), ((name, at.isoformat()) for name, at in rows))


def never_again(model: type[models.Model], number: int) -> None:
    """Let no new row of this table get a number up to this one.

    After a restore the numbers of later rows are free again. One that is on the list must not become somebody
    else's: the next restore would empty her.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(seq, GREATEST(nextval(seq), %s)) FROM pg_get_serial_sequence(%s, 'id') AS seq",
                [number, table],
            )
        else:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT %s, 0 "
                "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
                [table, table],
            )
            cursor.execute("UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = %s", [number, table])
