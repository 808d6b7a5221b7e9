"""What the team of a house is told when its time has come: who comes today, who was not ticked, how the week was."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from bookings.domain.due import LOOKED_BACK, day_list_span, nudge_span, weekly_span
from bookings.domain.ticks import first_open_day
from bookings.models import Booking
from bookings.tell_timed import DAY_LIST, NUDGE, WEEKLY_LINE, Due, tell_due
from portal.base import clock
from villages.models import Dorpshuis, HouseMessages, Membership, TeamMessages, switched_on

State = Booking.State
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Member:
    """Somebody of the team of a house, with her own choice if she made one."""

    house: int
    user: int
    email: str
    language: str
    role: str
    choice: TeamMessages | None


def tell_day_lists() -> int:
    """Who comes today, to each of the team at the hour that she chose, or else the house."""
    today = clock.today()
    return tell_due(_day_lists(today - LOOKED_BACK, today))


def next_day_list() -> datetime | None:
    """The next hour at which somebody wants the list of a day on which guests come."""
    today, now = clock.today(), clock.now()
    return min((due.at for due in _day_lists(today, today + LOOKED_BACK) if due.at > now), default=None)


def nudge() -> int:
    """Yesterday's dagdelen that nobody ticked: once, to who of the team wants to hear so."""
    yesterday = clock.today() - DAY
    return tell_due(_nudges(max(yesterday - LOOKED_BACK, first_open_day(clock.today())), yesterday))


def next_nudge() -> datetime | None:
    """The next morning on which somebody may be asked about the day before."""
    today, now = clock.today(), clock.now()
    return min((due.at for due in _nudges(today - DAY, today + LOOKED_BACK) if due.at > now), default=None)


def tell_weeks() -> int:
    """On Monday: how last week was, to the board of each house that takes bookings."""
    today = clock.today()
    return tell_due(_weeks(today)) if clock.now() >= weekly_span(today)[0] else 0


def next_week() -> datetime | None:
    """The next Monday at 8.00; None as long as nobody of a board wants that line."""
    now, today = clock.now(), clock.today()
    if not any(_weeks(today)):
        return None
    begins = weekly_span(today)[0]
    return begins if begins > now else weekly_span(today + timedelta(days=7))[0]


def _day_lists(first: date, last: date) -> Iterator[Due]:
    """Four queries; one when nobody comes."""
    days = _days(Booking.objects.filter(state__in=State.expected), first, last)
    hours = dict(HouseMessages.objects.filter(dorpshuis__in=days).values_list("dorpshuis_id", "day_list_hour"))
    for member in team_of(days):
        hour = member.choice.day_list_hour if member.choice else hours.get(member.house)
        if hour is not None:
            for day in days[member.house]:
                yield _due(DAY_LIST, member, day, day_list_span(day, hour))


def _nudges(first: date, last: date) -> Iterator[Due]:
    """Three queries; one when all was ticked."""
    wanted = Q(dorpshuis__team_messages__nudge=True) & switched_on("nudge", "dorpshuis__")
    days = _days(Booking.objects.not_ticked().filter(wanted, asked_at__isnull=True), first, last)
    for member in team_of(days):
        if member.choice and member.choice.nudge and member.role in Membership.Role.running:
            for day in days[member.house]:
                yield _due(NUDGE, member, day, nudge_span(day))


def _weeks(today: date) -> Iterator[Due]:
    monday = today - timedelta(days=today.weekday())
    open_houses = Dorpshuis.objects.filter(switched_on("weekly_line"), status=Dorpshuis.Status.OPEN)
    for member in team_of(open_houses.values_list("pk", flat=True), Membership.Role.BOARD):
        if member.choice is None or member.choice.weekly_line:
            yield _due(WEEKLY_LINE, member, monday, weekly_span(monday))


def _days(rows: Iterable[Booking], first: date, last: date) -> dict[int, list[date]]:
    """The days of these bookings between two (both included), by house. One query."""
    found: defaultdict[int, list[date]] = defaultdict(list)
    between = rows.filter(date__range=(first, last)).order_by("dorpshuis_id", "date")  # type: ignore[attr-defined]
    for house, day in between.values_list("dorpshuis_id", "date").distinct():
        found[house].append(day)
    return dict(found)


def team_of(house_ids: Iterable[int], role: str = "") -> list[Member]:
    """Who runs these houses, or only who has this role, each once per house. Three queries, none for no houses."""
    ids = set(house_ids)
    if not ids:
        return []
    rows = Membership.objects.filter(Q(dorpshuis__in=ids) | Q(operator__dorpshuizen__in=ids), user__is_active=True)
    rows = rows.filter(role=role) if role else rows
    houses: defaultdict[int, list[int]] = defaultdict(list)
    for house, operator in Dorpshuis.objects.filter(pk__in=ids).values_list("pk", "operator_id"):
        houses[operator or 0].append(house)
    chosen = {(row.dorpshuis_id, row.user_id): row for row in TeamMessages.objects.filter(dorpshuis__in=ids)}
    found: dict[tuple[int, int], Member] = {}
    columns = ("dorpshuis_id", "operator_id", "user_id", "user__email", "user__language", "role")
    for own, operator, user, email, language, held in rows.order_by("pk").distinct().values_list(*columns):
        for house in [own] if own else houses[operator]:
            choice = chosen.get((house, user))
            found.setdefault((house, user), Member(house, user, email, language, held, choice))
    return list(found.values())


def _due(kind: str, member: Member, day: date, span: tuple[datetime, datetime]) -> Due:
    about = f"{member.house}:{member.user}"
    return Due(f"{kind}:{about}:{day}", kind, *span, f"team:{about}", member.email, member.language)
