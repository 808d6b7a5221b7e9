"""`manage.py load_demo`: invented people, houses and bookings. Run at each start of the demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo import data


class Command(BaseCommand):
    help = "Loads the demo's invented data, or adds what came up since the last time."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Dit kan alleen in de demo. Zet DEMO=1.")
        loaded = data.load()
        if loaded.houses or loaded.reservations:
            self.stdout.write(f"Voorbeelden erbij: {loaded.houses} huizen, {loaded.reservations} reserveringen.")
