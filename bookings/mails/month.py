"""The figures of a month by mail: of the network or a region to a coordinator, of a house beside the average to its
board. Totals only, never a guest's name.

The numbers are in the mail, the rows of the file are attached. A report to print (PDF) is one more attachment: it
is made in `_with_files`, from the same wish and houses as the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from bookings.domain.figures import SlotFigures
from bookings.domain.months import Period, last_to_close, shifted
from bookings.mails.letter import greeting_name, written
from bookings.reports.average import averages_of_others
from bookings.reports.csv_export import file_name, lines
from bookings.reports.house_month import average_beside, named_people, people_of, row_of
from bookings.reports.months import HouseMonth, group_people, house_figures, reported_houses
from bookings.reports.picture import draw
from bookings.reports.wish import ReportWish
from bookings.reports.words import signal_words
from portal.base import clock
from portal.base.accounts.models import User
from portal.base.models import OutboxMail
from villages.models import CoordinatorMessages, Dorpshuis, Membership, TeamMessages, messages_of

# More houses than this are only in the file.
MOST_LISTED = 12
MOST_HOUSES, MOST_SIGNALS = 5, 3


@dataclass(frozen=True)
class Told:
    """The month beside the one before it; `before` is None when there are no figures of that."""

    month: date
    slots: SlotFigures
    before: SlotFigures | None
    people: list[tuple[str, str]]


def month(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """The figures that this coordinator chose; None when there are none, she wants none any more, or it is too late."""
    _, day, number = mail.key.split(":")
    user = User.objects.filter(pk=int(number), is_coordinator=True, is_active=True).first()
    choice = CoordinatorMessages.objects.filter(user=int(number)).first() or CoordinatorMessages(user=user)
    if user is None or not choice.monthly or _is_late(day):
        return None
    wish = ReportWish(_first(day), _first(day), region=choice.region)
    houses = [house for house in reported_houses() if wish.fits(house)]
    rows = _closed(houses, wish.first)
    now = [row for row in rows if row.month == wish.first]
    if not now:
        return None
    people = [] if choice.region else _people_of_all(wish.first)
    message = _written(
        "month",
        user,
        _told(wish.first, rows, people),
        region=choice.region,
        houses=len(now),
        rows=now if len(now) <= MOST_LISTED else [],
        signals=[(one, _in_one(words)) for one, words in _signals(wish, houses)],
        link=_link(reverse("bokd"), wish),
        choose_link=settings.PUBLIC_URL + reverse("bokd-messages"),
    )
    return _with_files(message, wish, [row.house for row in now], file_name(wish))


def house_month(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """The figures of a house for somebody of its board; None when she or the house wants none, or it is too late."""
    _, day, house_id, number = mail.key.split(":")
    user = User.objects.filter(pk=int(number), is_active=True).first()
    house = Dorpshuis.objects.with_place().select_related("messages").filter(pk=int(house_id)).first()
    if user is None or house is None or _is_late(day) or not _wants(user, house):
        return None
    wish = ReportWish(_first(day), _first(day))
    rows = _closed([house], wish.first)
    row = row_of(rows, wish.first)
    if row is None:
        return None
    average, why_not = average_beside(row, averages_of_others(house, row.month, row.month))
    message = _written(
        "house_month",
        user,
        _told(wish.first, rows, people_of(row)),
        house=house,
        average=average,
        why_no_average=why_not,
        cents=row.slots.cents,
        hours=row.volunteer_hours,
        signals=[words for _, said in _signals(wish, [house]) for words in said],
        link=_link(reverse("house-figures", args=[house.slug]), wish),
        choose_link=settings.PUBLIC_URL + reverse("my-messages", args=[house.slug]),
    )
    return _with_files(message, wish, [house], f"{house.slug}-{file_name(wish)}", own=True)


# --- parts ------------------------------------------------------------------------------------------------


def _first(day: str) -> date:
    return date.fromisoformat(f"{day}-01")


def _is_late(day: str) -> bool:
    """Whether the figures of the next month are due by now."""
    return last_to_close(clock.now()) > _first(day)


def _wants(user: User, house: Dorpshuis) -> bool:
    """Whether she is still of the board, and neither she nor the house switched it off."""
    board = Membership.objects.of(user, house).filter(role=Membership.Role.BOARD).exists()
    choice = TeamMessages.objects.filter(dorpshuis=house, user=user).first()
    return board and messages_of(house).monthly and (choice is None or choice.monthly)


def _closed(houses: Sequence[Dorpshuis], month: date) -> list[HouseMonth]:
    """The closed rows of this month and the one before."""
    return house_figures(houses, shifted(month, -1), month, live={})


def _told(month: date, rows: Sequence[HouseMonth], people: list[tuple[str, str]]) -> Told:
    before = [row.slots for row in rows if row.month < month]
    total = SlotFigures.total(row.slots for row in rows if row.month == month)
    return Told(month, total, SlotFigures.total(before) if before else None, [one for one in people if one[1]])


def _people_of_all(month: date) -> list[tuple[str, str]]:
    return named_people(group_people("network", "", Period(month)))


def _signals(wish: ReportWish, houses: list[Dorpshuis]) -> list[tuple[Dorpshuis, list[str]]]:
    """Who needs help, in words, the most urgent first: not more than fit in a mail."""
    found = [one for one in draw(wish, clock.today(), houses).each if one.help]
    found.sort(key=lambda one: one.help[0].urgency)
    return [(one.house, [signal_words(signal) for signal in one.help[:MOST_SIGNALS]]) for one in found[:MOST_HOUSES]]


def _in_one(words: list[str]) -> str:
    """What stands out in a house as one text: its sentences after one another."""
    first, *others = words
    return " ".join([first, *(other[:1].upper() + other[1:] for other in others)])


def _link(path: str, wish: ReportWish) -> str:
    return f"{settings.PUBLIC_URL}{path}?van={wish.first:%Y-%m}&tot={wish.last:%Y-%m}"


def _written(name: str, user: User, told: Told, **more: Any) -> EmailMultiAlternatives:
    return written(name, {"name": greeting_name(user.name), "told": told, "month": told.month} | more)


def _with_files(
    message: EmailMultiAlternatives, wish: ReportWish, houses: list[Dorpshuis], name: str, *, own: bool = False
) -> EmailMultiAlternatives:
    """The mail with its file."""
    message.attach(f"{name}.csv", "".join(lines(wish, houses, own=own)), "text/csv")
    return message
