"""The mail about all that was booked with one tap for several weeks."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from bookings.agenda import Method
from bookings.mails.letter import Letter, Line, lines_of, reservation_of
from bookings.models import Booking
from portal.base.models import OutboxMail


@dataclass(frozen=True)
class Date:
    """One date of the series: its dagdelen, and the link to its own page."""

    lines: list[Line]
    link: str

    @property
    def day(self) -> str:
        return self.lines[0].day


def series(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """Every date of it that stands, each with its own link; None when nothing of it stands any more."""
    first = reservation_of(mail)
    if first is None or not first.series:
        return None
    rows = Booking.objects.filter(reservation__series=first.series, state=Booking.State.BOOKED)
    standing = list(rows.select_related("desk", "reservation").in_order())
    if not standing:
        return None
    lines = lines_of(first, standing)
    return Letter("series", first).compose(
        lines=lines,
        agenda=Method.PUBLISH,
        dates=_dates(lines),
        total_cents=sum(row.due_cents for row in standing),
        mine_link=settings.PUBLIC_URL + reverse("mine"),
    )


def _dates(lines: list[Line]) -> list[Date]:
    """The lines per reservation, in order."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.booking.reservation.reference, []).append(line)
    return [Date(hers, settings.PUBLIC_URL + reverse("booking", args=[key])) for key, hers in found.items()]
