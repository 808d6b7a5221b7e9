"""What every mail to a guest has: her name, her dagdelen in words, the house, the link, two forms of the text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from bookings.agenda import FILE_NAME, Method, agenda_file
from bookings.domain.availability import Supply, opening_on
from bookings.domain.policy import free_until
from bookings.models import Booking, Reservation
from bookings.queries import ended_moments, supplies
from bookings.standing import BETWEEN
from bookings.wording import day_words, pay_words
from portal.base import clock
from portal.base.models import OutboxMail
from portal.base.words import met_weekdag
from villages.models import AccessWay, Dorpshuis

# A name that a mail program would make a link of is not a greeting: somebody else may have typed it.
_LIKE_A_LINK = re.compile(r"\w{2}\.\w{2}|[/@]")


@dataclass(frozen=True)
class Line:
    """A dagdeel as a mail tells it; times local. `free_until` is None when cancelling costs its price by now."""

    booking: Booking
    begin: time | None
    end: time | None
    free_until: datetime | None

    @property
    def day(self) -> str:
        return day_words(self.booking.date)

    @property
    def day_and_part(self) -> str:
        """`woensdagochtend`"""
        return met_weekdag(self.booking.date, self.booking.dagdeel)


def reservation_of(mail: OutboxMail) -> Reservation | None:
    """The reservation that the mail is about, with its house; None when it is gone."""
    number = int(mail.subject.removeprefix("reservation:"))
    rows = Reservation.objects.select_related("dorpshuis__village").prefetch_related("dorpshuis__access_ways")
    return rows.filter(pk=number).first()


def standing_of(reservation: Reservation | None) -> list[Booking]:
    """What she has booked, was not given back or called off, and is not over yet, in order."""
    if reservation is None:
        return []
    rows = Booking.objects.filter(reservation=reservation).still_booked_from(clock.today())
    booked = list(rows.select_related("desk").in_order())
    today = {row.moment for row in booked if row.date == clock.today()}  # nobody has to ask when a later day ends
    over = ended_moments(reservation.dorpshuis, today, clock.now())
    return [row for row in booked if row.moment not in over]


def lines_of(reservation: Reservation, rows: list[Booking], supply: Supply | None = None) -> list[Line]:
    """These bookings with their clock times and the end of free cancelling. No query for who has the supply."""
    if not rows:
        return []
    house = reservation.dorpshuis
    days = [row.date for row in rows]
    supply = supply or supplies([house], min(days), max(days))[house.pk]
    lines = []
    for row in rows:
        opening = opening_on(supply, row.moment)
        until = clock.local(free_until(reservation, row.date, row.created_at))
        begin, end = (opening.begin, opening.end) if opening else (None, None)
        lines.append(Line(row, begin, end, until if clock.now() < until else None))
    return lines


@dataclass(frozen=True)
class Letter:
    """A mail about one reservation; `name` is the mail's own, also of its templates."""

    name: str
    reservation: Reservation

    @property
    def house(self) -> Dorpshuis:
        return self.reservation.dorpshuis

    def compose(self, *, lines: list[Line], agenda: Method | None = None, **more: Any) -> EmailMultiAlternatives:
        """The message in text and HTML, without an addressee: the outbox knows her. `agenda`: with a file of these."""
        message = written(self.name, self._context(lines) | more, reply_to=self.house.email)
        if agenda and lines:
            message.attach(FILE_NAME, agenda_file(self.house, lines, agenda), agenda.content_type)
        return message

    def text(self, *, lines: list[Line], **more: Any) -> str:
        """Its subject and its text, to read before there is a mail."""
        message = self.compose(lines=lines, **more)
        return f"{message.subject}\n\n{message.body}"

    def _context(self, lines: list[Line]) -> dict[str, Any]:
        public = self.house.status in Dorpshuis.Status.public
        return {
            "name": greeting_name(self.reservation.name.rpartition(BETWEEN)[2]),
            "reservation": self.reservation,
            "house": self.house,
            "lines": lines,
            "one_deadline": lines[0].free_until if len({line.free_until for line in lines}) == 1 else None,
            "any_free": any(line.free_until for line in lines),
            "ways_in": _ways_in(self.house, lines),
            "pay_words": pay_words(self.house),
            "link": settings.PUBLIC_URL + reverse("booking", args=[self.reservation.reference]),
            "house_link": settings.PUBLIC_URL + (reverse("house", args=[self.house.slug]) if public else "/"),
        }


def written(name: str, context: dict[str, Any], *, reply_to: str = "") -> EmailMultiAlternatives:
    """The mail with this name in its two forms, from its three templates."""
    subject, text, html = (
        render_to_string(f"bookings/mail/{name}_{part}", context)
        for part in ("subject.txt", "message.txt", "message.html")
    )
    message = EmailMultiAlternatives(
        subject=_one_line(subject), body=_tidy(text), reply_to=[_one_line(reply_to)] if reply_to else None
    )
    message.attach_alternative(_tidy(html), "text/html")
    return message


def greeting_name(name: str) -> str:
    """The name as it can stand after "Hoi": on one line; empty when it looks like a link."""
    return "" if _LIKE_A_LINK.search(name) else _one_line(name)


def _ways_in(house: Dorpshuis, lines: Iterable[Line]) -> list[AccessWay]:
    """How to get in, in public words, for these dagdelen. What is private is only on her page."""
    parts = {line.booking.dagdeel for line in lines}
    return [way for way in house.access_ways.all() if not way.dagdeel or way.dagdeel in parts]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tidy(text: str) -> str:
    """At most one empty line between two others."""
    return re.sub(r"\n\s*\n", "\n\n", text).strip() + "\n"
