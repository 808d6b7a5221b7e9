"""Mails about what does not go on: given back, or called off by the house."""

from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from bookings.agenda import Method
from bookings.domain.availability import Supply
from bookings.mails.instead import alternatives
from bookings.mails.letter import Letter, lines_of, reservation_of, standing_of
from bookings.models import Booking, Reservation
from bookings.proposals import Around, Instead
from portal.base.models import OutboxMail
from villages.models import Closure

State = Booking.State


def cancellation(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What was given back in one act, and what it costs."""
    reservation = reservation_of(mail)
    first = Booking.objects.filter(pk=int(mail.key.rsplit(":", 1)[1])).first()
    if reservation is None or first is None or first.cancelled_at is None:
        return None
    same_act = reservation.bookings.filter(cancelled_at=first.cancelled_at, state__in=State.cancelled)
    gone = list(same_act.filter(closure=None, changed_to=None).select_related("desk").in_order())
    return Letter("cancellation", reservation).compose(
        lines=lines_of(reservation, gone),
        agenda=Method.CANCEL,
        standing=lines_of(reservation, standing_of(reservation)),
        total_cents=sum(row.due_cents for row in gone),
        by_house=first.state == State.HOUSE_CANCELLED,
    )


def called_off(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What the house called off by closing, and what else is free; None when it opened again in time."""
    reservation = reservation_of(mail)
    if reservation is None:
        return None
    closure_id = int(mail.key.split(":")[1])
    groups = _groups(reservation, closure_id)
    gone = groups.get(closure_id, [])
    if not gone:
        return None
    around = Around(house := reservation.dorpshuis, [row for rows in groups.values() for row in rows])
    instead = dict(zip(groups, around.instead_apart(list(groups.values())), strict=True))[closure_id]
    standing = standing_of(reservation)
    return Letter("called_off", reservation).compose(
        lines=lines_of(reservation, gone),
        agenda=Method.CANCEL,
        standing=lines_of(reservation, standing),
        closure=gone[0].closure,
        alternatives=alternatives(house, instead),
    )


def _groups(reservation: Reservation, closure_id: int) -> dict[int, list[Booking]]:
    """What is off of this reservation by this closure, and by those that were made in the same moment: each a mail."""
    same = Closure.objects.filter(pk=closure_id).values("created_at")
    off = reservation.bookings.filter(closure__created_at__in=same, state=State.HOUSE_CANCELLED)
    groups: dict[int, list[Booking]] = {}
    for row in off.select_related("desk", "closure", "reservation").in_order():
        groups.setdefault(row.closure_id or 0, []).append(row)
    return dict(sorted(groups.items()))


def called_off_text(
    reservation: Reservation,
    gone: list[Booking],
    standing: list[Booking],
    *,
    closure: Closure,
    supply: Supply,
    instead: Instead,
) -> str:
    """The same mail's words before the house closes; `closure` is not saved yet. No query."""
    with translation.override(reservation.language):
        return Letter("called_off", reservation).text(
            lines=lines_of(reservation, gone, supply),
            standing=lines_of(reservation, standing, supply),
            closure=closure,
            alternatives=alternatives(reservation.dorpshuis, instead),
        )
