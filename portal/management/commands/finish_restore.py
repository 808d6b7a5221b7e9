"""`manage.py finish_restore LIST`: the part of a restore that knows the portal. Run by `python -m portal.backup`."""

from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from bookings.actions.forget_again import UnknownKind, forget_again
from portal.base import deletion_list
from portal.base.accounts.models import LoginCode
from portal.base.log import SYSTEM


class Command(BaseCommand):
    help = "Brings a restored database up to date: migrations, who was forgotten since, everybody logged out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("list", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        loader = MigrationLoader(connection)
        if newer := sorted(set(loader.applied_migrations) - set(loader.disk_migrations)):
            names = ", ".join(f"{app} {name}" for app, name in newer)
            raise CommandError(f"De backup is van een nieuwere versie ({names}): zet die versie neer.")
        call_command("migrate", interactive=False, verbosity=0)
        try:
            with transaction.atomic():
                forget_again(deletion_list.read(options["list"]) or {}, SYSTEM)
                # Who logged out since the backup, stays out.
                Session.objects.all().delete()
                LoginCode.objects.all().delete()
        except UnknownKind as error:
            raise CommandError(f"Deze versie weet niet hoe dit te wissen: {', '.join(error.args[0])}.") from None
