"""Members who do not come back: after 24 months a mail, and a month later the account goes. Whoever comes back stays.

Nobody of a team and nobody of BOKD: whether they still help is for others to say.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation

from bookings.actions.member import forget_member
from bookings.actions.retention import MOST_PARTS, PART
from bookings.domain.retention import TERMS, WARNED, Kept, gone_on, newest_gone
from bookings.models import Booking, Reservation
from bookings.person import as_shown
from bookings.refusals import NotAsShown, StillInCharge
from bookings.tell_away import tell_idle, told_idle_at
from portal.base import clock
from portal.base.accounts.models import User
from portal.base.log import SYSTEM

TERM = TERMS[Kept.ACCOUNT]


def warn_or_forget_idle() -> int:
    """Mail who has been away for 24 months; delete who was mailed a month ago and stayed away. Gives how many."""
    return sum(_warn_or_forget(user) for user in _idle()[: PART * MOST_PARTS])


def next_idle() -> datetime | None:
    """When the next member is mailed or deleted."""
    moments = [_moment_of(user) for user in _members() if user.is_active]
    return min((moment for moment in moments if moment and moment > clock.now()), default=None)


def last_sign(user: User) -> date:
    """The last day on which she logged in or was here logged in, or for which she booked with her address."""
    booked = Booking.objects.confirmed_to(user.email).order_by("-date").values_list("date", flat=True).first()
    seen = user.browsers.order_by("-seen_on").values_list("seen_on", flat=True).first()
    logged_in = clock.local(user.last_login).date() if user.last_login else None
    return max(day for day in (clock.local(user.date_joined).date(), logged_in, seen, booked) if day)


def is_idle(user: User) -> bool:
    """Whether she has been away for 24 months."""
    return last_sign(user) <= newest_gone(clock.today(), TERM)


def goes_on(told_at: datetime) -> date:
    """The first day on which the account of who was mailed then is no longer there."""
    return gone_on(clock.local(told_at).date(), WARNED)


def _members() -> QuerySet[User]:
    """Who only books: nobody of a team, of BOKD or of the administration."""
    return User.objects.filter(memberships=None, is_staff=False, is_superuser=False, is_coordinator=False)


def _idle() -> QuerySet[User]:
    """Who has been away for 24 months, by what `last_sign` looks at."""
    newest = newest_gone(clock.today(), TERM)
    after = _midnight(newest + timedelta(days=1))
    booked = Booking.objects.filter(reservation__confirmed_to=OuterRef("email"), date__gt=newest)
    rows = _members().filter(Q(last_login=None) | Q(last_login__lt=after), date_joined__lt=after)
    return rows.filter(~Exists(booked)).exclude(browsers__seen_on__gt=newest).order_by("pk")


def _warn_or_forget(user: User) -> int:
    since = last_sign(user)
    told_at = told_idle_at(user, since)
    if told_at is None:
        return tell_idle(user, since, _language(user))
    if clock.today() < goes_on(told_at):
        return 0
    try:
        with translation.override(_language(user)):
            forget_member(user, as_shown([]), SYSTEM, unless=lambda row: not is_idle(row))
    except (NotAsShown, StillInCharge):  # she booked or joined a team at this very moment
        return 0
    return int(not User.objects.filter(pk=user.pk).exists())


def _moment_of(user: User) -> datetime | None:
    since = last_sign(user)
    told_at = told_idle_at(user, since)
    day = goes_on(told_at) if told_at else gone_on(since, TERM)
    return _midnight(day)


def _language(user: User) -> str:
    """The language of her last booking, else the one in which she last read these pages."""
    rows = Reservation.objects.filter(confirmed_to=user.email).order_by("-created_at")
    return rows.values_list("language", flat=True).first() or user.language


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=clock.AMSTERDAM)
