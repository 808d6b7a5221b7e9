"""What somebody hears who has not been here for long. Each once; only by mail: nobody is phoned for it."""

from datetime import date, datetime

from bookings.models import Guest
from portal.base import outbox
from portal.base.accounts.models import User
from portal.base.models import OutboxMail

IDLE, MISS_YOU = "idle", "miss_you"


def tell_idle(user: User, since: date, language: str) -> int:
    """Mail her that her account goes when she stays away. `since`: her last sign of life. Gives 1."""
    key, subject = _idle_key(user, since), f"user:{user.pk}"
    outbox.put(key, IDLE, subject, user.email, lane=outbox.Lane.BULK, language=language)
    return 1


def told_idle_at(user: User, since: date) -> datetime | None:
    """When she was told so, in this absence; None when she was not."""
    return OutboxMail.objects.filter(key=_idle_key(user, since)).values_list("created_at", flat=True).first()


def _idle_key(user: User, since: date) -> str:
    return f"{IDLE}:{user.pk}:{since}"


def tell_missed(guest: Guest, language: str) -> None:
    """Ask her once why she stays away."""
    outbox.put(miss_key(guest.pk), MISS_YOU, f"guest:{guest.pk}", guest.email, lane=outbox.Lane.BULK, language=language)


def miss_key(guest_id: int) -> str:
    """The name of the event that this guest was asked why she stays away: once and never again."""
    return f"{MISS_YOU}:{guest_id}"
