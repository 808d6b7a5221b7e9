"""Mails about all that a guest has on one day: a reminder, and the evening before how to get in.

The way in itself, a code or where the key is, stands in no mail: mail is kept and sent on, and the code may change.
Her private page shows it from the evening before until the dagdeel is over.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from bookings.domain.availability import Supply, begins_at
from bookings.domain.policy import way_in_from
from bookings.mails.letter import Letter, Line, lines_of, reservation_of
from bookings.models import Booking, Reservation
from bookings.queries import supplies
from bookings.wording import near_day_words
from portal.base import clock
from portal.base.models import OutboxMail
from villages.models import messages_of


@dataclass(frozen=True)
class Day:
    """What a guest has on a day and goes to the address of this mail, in order."""

    reservation: Reservation
    date: date
    rows: list[Booking]
    supply: Supply

    def lines(self) -> list[Line]:
        """Each with the terms of its own reservation."""
        found: defaultdict[int, list[Booking]] = defaultdict(list)
        for row in self.rows:
            found[row.reservation_id].append(row)
        lines = [line for mine in found.values() for line in lines_of(mine[0].reservation, mine, self.supply)]
        return sorted(lines, key=lambda line: (line.booking.moment, line.booking.pk))

    def write(self, name: str, **more: Any) -> EmailMultiAlternatives:
        """The mail of this name, with the private pages of all that stands on that day."""
        references = {row.reservation.reference for row in self.rows} - {self.reservation.reference}
        return Letter(name, self.reservation).compose(
            lines=self.lines(),
            when=near_day_words(self.date),
            other_links=[settings.PUBLIC_URL + reverse("booking", args=[one]) for one in sorted(references)],
            **more,
        )


def reminder(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What she has on that day and until when she can cancel it; None when nothing stands, or it is too late for that,
    or she or the house wants no reminders by now.
    """
    day = _day_of(mail)
    if day is None or not messages_of(day.reservation.dorpshuis).reminders or day.reservation.guest.no_reminders:
        return None
    if not any(line.free_until for line in day.lines()):
        return None
    return day.write("reminder")


def way_in(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """That her page shows how to open the door; None when nothing stands, has begun, or has a way in of its own."""
    day = _day_of(mail)
    now = clock.now()
    if day is None or not messages_of(day.reservation.dorpshuis).way_in or now < way_in_from(day.date):
        return None
    private = {way.dagdeel for way in day.reservation.dorpshuis.access_ways.all() if way.private_text}
    still = [row for row in day.rows if private & {"", row.dagdeel} and now < begins_at(day.supply, row.moment)]
    return day.write("way_in") if still else None


def _day_of(mail: OutboxMail) -> Day | None:
    """What the mail is about, `reminder:<guest>:<date>`; None when nothing of it stands. Nine queries at most."""
    first = reservation_of(mail)
    if first is None:
        return None
    day = date.fromisoformat(mail.key.rsplit(":", 1)[-1])
    booked = Booking.objects.filter(
        date=day, state=Booking.State.BOOKED, standing=None, reservation__guest=first.guest_id
    )
    rows = list(booked.filter(reservation__email=mail.recipient).with_names().in_order())
    if not rows:
        return None
    house = first.dorpshuis
    for row in rows:
        row.reservation.dorpshuis = house
    stands = first if any(row.reservation_id == first.pk for row in rows) else rows[0].reservation
    return Day(stands, day, rows, supplies([house], day, day)[house.pk])
