"""The figures of a month are sent when it is closed: to BOKD's coordinators, and to the board of each house."""

from collections.abc import Iterator
from datetime import date, datetime

from bookings.domain.due import month_span
from bookings.domain.months import last_to_close, shifted
from bookings.models import ClosedMonth, PersonSummary
from bookings.tell_timed import HOUSE_MONTH, MONTH, Due, tell_due
from bookings.timed_team import team_of
from portal.base import clock
from portal.base.accounts.models import User
from villages.models import CoordinatorMessages, Membership, switched_on

Span = tuple[datetime, datetime]


def tell_months() -> int:
    """The figures of the last month that was closed, once to each who wants them; nothing until it is closed."""
    month = last_to_close(clock.now())
    span = span_of(month)
    if span is None or clock.now() < span[0]:
        return 0
    return tell_due([*_coordinators(month, span), *_boards(month, span)])


def next_months() -> datetime:
    """When the figures of a month may be sent next."""
    now = clock.now()
    month = last_to_close(now)
    span = span_of(month)
    if span is not None and span[0] > now:
        return span[0]
    return month_span(shifted(month, 1), now)[0]


def span_of(month: date) -> Span | None:
    """From when until when this month's figures are sent; None as long as it is not closed. One query.

    It is closed when people were counted: that is done once every house is closed.
    """
    network = PersonSummary.objects.of(PersonSummary.Scope.NETWORK, [""]).filter(first=month, span="month")
    closed_at = network.order_by("version").values_list("closed_at", flat=True).first()
    return month_span(month, closed_at) if closed_at else None


def _coordinators(month: date, span: Span) -> Iterator[Due]:
    """Two queries."""
    chosen = {row.user_id: row for row in CoordinatorMessages.objects.all()}
    for user in User.objects.filter(is_coordinator=True, is_active=True).order_by("pk"):
        choice = chosen.get(user.pk) or CoordinatorMessages(user=user)
        if choice.monthly:
            key = f"{MONTH}:{month:%Y-%m}:{user.pk}"
            yield Due(key, MONTH, *span, f"user:{user.pk}", user.email, choice.language)


def _boards(month: date, span: Span) -> Iterator[Due]:
    """Of each house with figures in that month, unless the house or she herself chose otherwise. Four queries."""
    rows = ClosedMonth.objects.filter(switched_on("monthly", "dorpshuis__"), month=month, slots__isnull=False)
    for member in team_of(set(rows.values_list("dorpshuis", flat=True)), Membership.Role.BOARD):
        if member.choice is None or member.choice.monthly:
            about = f"team:{member.house}:{member.user}"
            key = f"{HOUSE_MONTH}:{month:%Y-%m}:{member.house}:{member.user}"
            yield Due(key, HOUSE_MONTH, *span, about, member.email, member.language)
