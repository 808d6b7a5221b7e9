"""What who waits must hear: that she is on the list, that it is her turn, that her turn is over.

As `tell.py`: a mail, or for who has no address a line on the house's call list.
"""

from collections.abc import Iterable
from datetime import datetime

from bookings.models import CallEntry, Reservation, Waiting
from portal.base import clock, outbox

# Mails about a waiting list; the reservation is their subject.
ON_THE_LIST, PLACE, TURN_PASSED = "on_the_list", "place", "turn_passed"


def tell_on_the_list(wait: Waiting) -> None:
    """Mail the link of her page; who asks again on another day gets it again. Who called was told on the phone."""
    _mail(wait, ON_THE_LIST, f"waiting:{wait.reservation_id}:{clock.today()}")


def tell_place(wait: Waiting) -> None:
    """It is her turn: a mail with the link, or a line on the call list."""
    key = _place_key(wait)
    if wait.by_mail:
        _mail(wait, PLACE, key)
        return
    entry = CallEntry(
        dorpshuis_id=wait.dorpshuis_id, reservation=wait.reservation, kind=CallEntry.Kind.PLACE_FREE, key=key
    )
    CallEntry.objects.bulk_create([entry], ignore_conflicts=True)


def not_heard(waits: Iterable[Waiting]) -> set[int]:
    """Who of these could not hear that it was her turn: no mail server took that mail so far. Their numbers; one query,
    none for nobody.
    """
    keys = {_place_key(wait): wait.pk for wait in waits if wait.by_mail}
    return {keys[key] for key in outbox.not_taken(keys)} if keys else set()


def _place_key(wait: Waiting) -> str:
    return f"place:{wait.reservation_id}:{wait.turns}"


def tell_passed(wait: Waiting, visible_from: datetime) -> None:
    """Her turn is over; only by mail, and by day."""
    _mail(wait, TURN_PASSED, f"turn_passed:{wait.reservation_id}:{wait.turns}", visible_from)


def _mail(wait: Waiting, kind: str, key: str, visible_from: datetime | None = None) -> None:
    one: Reservation = wait.reservation
    if one.email:
        subject = f"reservation:{one.pk}"
        outbox.put(key, kind, subject, one.email, language=one.language, visible_from=visible_from)
