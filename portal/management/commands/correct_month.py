"""`manage.py correct_month over-entinghe 2026-10`: count a closed month again, by the rows as they are now."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.actions.closing_month import correct_month, count_people
from bookings.domain.dagdelen import parse_day
from bookings.models import ClosedMonth
from bookings.reports.closing import counted_from
from portal.base.log import SYSTEM
from villages.models import Dorpshuis


class Command(BaseCommand):
    help = "Counts a closed month of a house again. What differs is a new version with its own date; the old one stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("house", help="the house as in its address: over-entinghe")
        parser.add_argument("month", help="2026-10")

    def handle(self, *args: Any, **options: Any) -> None:
        house, month = _house(options["house"]), _month(options["month"])
        if not ClosedMonth.objects.filter(dorpshuis=house, month=month).exists():
            raise CommandError("Die maand is van dit dorpshuis niet afgesloten. Er is niets te verbeteren.")
        corrected = correct_month(house.pk, month, SYSTEM)
        # Whoever came then is known in the months after it, and counts in their quarter and year.
        people = sum(count_people(one, SYSTEM) for one in counted_from(month))
        self.stdout.write(
            "De maand heeft een nieuwe versie." if corrected else "De maand telt nog hetzelfde: geen nieuwe versie."
        )
        self.stdout.write(f"Nieuwe versies van de cijfers over gasten: {people}.")


def _house(slug: str) -> Dorpshuis:
    house = Dorpshuis.objects.filter(slug=slug).first()
    if house is None:
        raise CommandError("Er is geen dorpshuis met dit adres.")
    return house


def _month(text: str) -> date:
    try:
        return parse_day(f"{text}-01")
    except ValueError:
        raise CommandError("Schrijf de maand zo: 2026-10.") from None
