"""The agenda file (iCalendar) of a reservation: one event per dagdeel, the same one through every change.

It is carried into other programs, shared and kept: it holds neither the reference nor the link to the private
page, and of the way in only the public words (rule 16).
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parseaddr
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vText

from bookings.domain.dagdelen import local
from bookings.models import Booking
from bookings.wording import pay_words
from portal.base import clock
from villages.models import AccessWay, Dorpshuis

FILE_NAME = "werkplek.ics"
PRODUCT = "-//Naoberplek//Boekingen//NL"
WARNED_BEFORE = timedelta(hours=1)
ZONE = "Europe/Amsterdam"
# Without a first or last year, on purpose: many programs keep the first zone of this name that they ever saw.
# The rule of the European Union since 1996 (directive 2000/84/EC).
SUMMER_AND_WINTER = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n")


class Method(StrEnum):
    """What the file is for: to put its events in an agenda, or to strike them out there."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"

    @property
    def content_type(self) -> str:
        return f"text/calendar; method={self}"


class Timed(Protocol):
    """A dagdeel with its local clock times; None when it is not in the schedule (any more)."""

    @property
    def booking(self) -> Booking: ...

    @property
    def begin(self) -> time | None: ...

    @property
    def end(self) -> time | None: ...


def agenda_file(house: Dorpshuis, lines: Sequence[Timed], method: Method = Method.PUBLISH) -> bytes:
    """The file of these dagdelen of one reservation. One query for the ways in, unless they were prefetched."""
    calendar = Calendar()
    for name, value in (("version", "2.0"), ("prodid", PRODUCT), ("method", str(method))):
        calendar.add(name, value)
    calendar.add_component(Timezone.from_ical(SUMMER_AND_WINTER))
    ways = list(house.access_ways.all())
    for line in lines:
        calendar.add_component(_event(house, line, ways))
    return bytes(calendar.to_ical())


def event_uid(booking: Booking) -> str:
    """The name of the event: stays through changes, and tells nobody the number or the reference."""
    number = salted_hmac("bookings.agenda", str(booking.event_number), algorithm="sha256").hexdigest()[:32]
    return f"{number}@{settings.PUBLIC_HOST}"


def _event(house: Dorpshuis, line: Timed, ways: list[AccessWay]) -> Event:
    booking = line.booking
    gone = booking.state in Booking.State.cancelled
    begin, end = _span(line)
    event = Event.new(
        uid=event_uid(booking),
        sequence=booking.sequence,
        stamp=clock.now().astimezone(UTC),
        start=begin,
        end=end,
        summary=gettext("Werkplek in %(house)s") % {"house": house},
        location=", ".join(_address(house)),
        description=_description(house, booking, ways),
        organizer=_organizer(house),
    )
    event.add("status", "CANCELLED" if gone else "CONFIRMED")
    if not gone and isinstance(begin, datetime):  # a whole day begins at midnight: nobody wants to be woken then
        event.add_component(_alarm(str(event["summary"])))
    return event


def _span(line: Timed) -> tuple[date, date]:
    """From when until when; without clock times the whole day."""
    day = line.booking.date
    if line.begin is None or line.end is None:
        return day, day + timedelta(days=1)
    return local(day, line.begin), local(day, line.end)


def _address(house: Dorpshuis) -> list[str]:
    place = f"{house.postcode} {house.village.name}".strip()
    return [part for part in (house.street, place) if part]


def _description(house: Dorpshuis, booking: Booking, ways: list[AccessWay]) -> str:
    hers = [way for way in ways if way.dagdeel in ("", booking.dagdeel)]
    context = {"house": house, "booking": booking, "ways_in": hers, "pay_words": pay_words(house)}
    return render_to_string("booking/agenda.txt", context).strip()


def _organizer(house: Dorpshuis) -> vCalAddress:
    address = vCalAddress(f"mailto:{house.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    address.params["CN"] = vText(" ".join(house.name.split()))
    return address


def _alarm(words: str) -> Alarm:
    alarm = Alarm.new(description=words)
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -WARNED_BEFORE)
    return alarm
