"""`python -m tests.load.check`: what must hold in the database of DATABASE_URL, whatever people did; prints JSON."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


def broken() -> dict[str, list[str]]:
    """By house what does not hold: a slot sold or paid twice, a change that left two, a booking without a desk."""
    from portal.base import clock
    from tests.bookings.ledger import Ledger
    from villages.models import Dorpshuis

    found = {}
    for house in Dorpshuis.objects.filter(status=Dorpshuis.Status.OPEN):
        ledger = Ledger(house, clock.now())
        wrong = {
            "sold twice": ledger.sold_twice(),
            "paid twice": list(ledger.paid_twice()),
            "changed and still there": ledger.changed_and_still_there(),
            "homeless": ledger.homeless(),
        }
        if lines := [f"{what}: {rows}" for what, rows in wrong.items() if rows]:
            found[house.slug] = lines
    return found


def counts() -> dict[str, int]:
    """What the load left behind."""
    from bookings.models import Booking, Reservation
    from portal.base.models import LogEntry, OutboxMail

    hers = Reservation.objects.filter(email__endswith="@load.example")
    confirmed = {f"confirmation:{pk}" for pk in hers.values_list("pk", flat=True)}
    return {
        "reservations": hers.count(),
        "without a booking": hers.filter(bookings=None).count(),
        "bookings": Booking.objects.filter(reservation__in=hers).count(),
        "without a mail": len(confirmed) - OutboxMail.objects.filter(key__in=confirmed).count(),
        "without an entry in the log": hers.count()
        - LogEntry.objects.filter(verb="book", subject__in=[str(row) for row in hers]).count(),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"broken": broken(), "counts": counts()}))
