"""Mails to who runs a house: who comes today, who was not ticked, how the week was. Of guests the names of that day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext

from bookings.domain.availability import Supply, open_desks, opening_on
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.due import nudge_span, weekly_span
from bookings.domain.ticks import first_open_day
from bookings.mails.letter import greeting_name, written
from bookings.models import Booking
from bookings.queries import supplies
from portal.base import clock
from portal.base.accounts.models import User
from portal.base.models import OutboxMail
from villages.models import Dorpshuis, Membership, TeamMessages, messages_of

State = Booking.State
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Reader:
    """Somebody who is still in the team of the house, the day that the mail is about, and what she chose."""

    house: Dorpshuis
    user: User
    day: date
    choice: TeamMessages | None

    @property
    def hour(self) -> int | None:
        """The hour at which she gets the list of the day, if she does."""
        return self.choice.day_list_hour if self.choice else messages_of(self.house).day_list_hour

    def write(self, name: str, url: str, **more: Any) -> EmailMultiAlternatives:
        """The mail of this name, with one link, and one to where she chooses what she gets."""
        context = {
            "house": self.house,
            "name": greeting_name(self.user.name),
            "day": self.day,
            "link": settings.PUBLIC_URL + url,
            "choose_link": settings.PUBLIC_URL + reverse("my-messages", args=[self.house.slug]),
        }
        return written(name, context | more, reply_to=self.house.email)


@dataclass(frozen=True)
class Expected:
    """Who comes, for one dagdeel at one desk."""

    dagdeel: str
    name: str
    desk: str


def day_list(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """Who comes today; None when nobody does, the day is over, or she does not want it any more."""
    reader = _reader(mail)
    if reader is None or reader.hour is None or clock.today() != reader.day:
        return None
    rows = Booking.objects.filter(dorpshuis=reader.house, date=reader.day, state__in=State.expected)
    come = [
        Expected(row.dagdeel, greeting_name(row.reservation.name) or gettext("Een gast zonder naam"), row.desk.name)
        for row in rows.with_names().in_order()
    ]
    return reader.write("day_list", reverse("day", args=[reader.house.slug, reader.day]), come=come) if come else None


def nudge(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """How many of that day nobody ticked; None when all are by now, or it is too late to ask."""
    reader = _reader(mail)
    wanted = reader is not None and reader.choice is not None and reader.choice.nudge
    if reader is None or not wanted or not messages_of(reader.house).nudge:
        return None
    if clock.now() >= nudge_span(reader.day)[1]:
        return None
    rows = Booking.objects.filter(dorpshuis=reader.house, asked_at__isnull=True).not_ticked()
    count = rows.filter(date=reader.day).count()
    first = max(reader.day - WEEK, first_open_day(clock.today()))
    earlier = rows.between(first, reader.day - timedelta(days=1)).count()
    url = reverse("day", args=[reader.house.slug, reader.day])
    return reader.write("nudge", url, count=count, earlier=earlier) if count else None


def weekly_line(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """How the week before this Monday was, and what this week has so far; None when it comes too late."""
    reader = _reader(mail)
    if reader is None or not messages_of(reader.house).weekly_line or clock.now() >= weekly_span(reader.day)[1]:
        return None
    if reader.choice is not None and not reader.choice.weekly_line:
        return None
    monday = reader.day
    rows = Booking.objects.filter(dorpshuis=reader.house)
    last = list(rows.between(monday - WEEK, monday - timedelta(days=1)).values_list("state", flat=True))
    unticked = last.count(State.BOOKED)
    return reader.write(
        "weekly_line",
        reverse("today", args=[reader.house.slug]),
        booked=sum(state in State.due for state in last),
        used=last.count(State.USED) + unticked,
        unticked=unticked,
        closed=_closed(supplies([reader.house], monday - WEEK, monday)[reader.house.pk], monday - WEEK),
        coming=rows.between(monday, monday + timedelta(days=6)).filter(state__in=State.due).count(),
    )


def _closed(supply: Supply, monday: date) -> int:
    """How many dagdelen of this week the house would have been open and had no desk for anybody."""
    moments = (Moment(monday + timedelta(days=n), part) for n in range(7) for part in Dagdeel)
    open_ones = [(moment, opening) for moment in moments if (opening := opening_on(supply, moment))]
    return sum(not open_desks(supply, moment, opening)[0] for moment, opening in open_ones)


def _reader(mail: OutboxMail) -> Reader | None:
    """Of `day_list:<house>:<user>:<date>`; None when she has left the team."""
    _, house_id, user_id, day = mail.key.split(":")
    house = Dorpshuis.objects.select_related("village", "messages").filter(pk=int(house_id)).first()
    user = User.objects.filter(pk=int(user_id), is_active=True).first()
    if house is None or user is None or not Membership.objects.of(user, house).exists():
        return None
    choice = TeamMessages.objects.filter(dorpshuis=house, user=user).first()
    return Reader(house, user, date.fromisoformat(day), choice)
