"""Book the same each week: several orders, each under the rules, told by one mail."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import get_language

from bookings.actions.book import book
from bookings.actions.lock import lock
from bookings.domain.dagdelen import Moment
from bookings.fingerprint import sealed
from bookings.models import Booking, Reservation
from bookings.order import Order
from bookings.refusals import Refused, SeriesChanged
from bookings.series import Member, Pattern, Plan, Planned, plan
from bookings.tell import tell_series_now
from portal.base.log import Actor, record

NAME_LENGTH = 32


@dataclass(frozen=True)
class SeriesOrder:
    """What the button promised: these dates, for this sum in cents. `key` is the form's, already checked."""

    pattern: Pattern
    member: Member
    dates: tuple[tuple[Moment, ...], ...]
    promised_cents: int
    key: str


@dataclass(frozen=True)
class SeriesBooked:
    """What the orders of the series have in common, and the reservations in order of date: fewer than were promised
    when others took a date in the very moment of booking.
    """

    series: str
    reservations: list[Reservation]


def book_series(order: SeriesOrder, by: Actor) -> SeriesBooked:
    """Book every date of the series: an order each, with a reservation of its own.

    Nothing is booked when the dates or their sum are no longer what the button promised: raises SeriesChanged. The
    same form once more gives the same reservations, and books what a crash left undone.

    Each date is a transaction of its own, with the house's lock: so a series keeps others waiting no longer than one
    order does, and a date that somebody takes in that very moment costs her that date, not the others. The sum can
    only get less.
    """
    # First the plan: a date that another tap on this form takes before it, is found among what was made.
    fresh = plan(order.pattern, order.member, order.dates)
    made = _made_before(order)
    series = next((row.series for row in made.values()), _name_of(order))
    for planned in _as_promised(order, fresh, made):
        with suppress(Refused):
            made[planned.day] = book(_order(order, planned, series), by).reservation
    if not made:
        raise SeriesChanged
    reservations = [made[day] for day in sorted(made)]
    series = reservations[0].series
    with transaction.atomic():
        house = lock(order.pattern.reservation.dorpshuis_id)
        tell_series_now(series)
        record(by, "book_series", f"reservation:{reservations[0].pk}", dorpshuis_id=house.pk)
    return SeriesBooked(series, reservations)


def _name_of(order: SeriesOrder) -> str:
    """What the orders of this form have in common, for each tap the same: taps at one instant are one series."""
    return sealed("series", f"{order.member.email}:{order.key}")[:NAME_LENGTH]


def _key_of(order: SeriesOrder, day: date) -> str:
    """The form's key for this date: each order has its own, and the same form always the same."""
    return f"{order.key}:{day}"


def _made_before(order: SeriesOrder) -> dict[date, Reservation]:
    """What this very form booked before and was not given back since, by date (rule 3)."""
    keys = {_key_of(order, moments[0].date): moments[0].date for moments in order.dates}
    rows = Reservation.objects.filter(key__in=keys, confirmed_to=order.member.email)
    standing = rows.filter(pk__in=Booking.objects.occupying().filter(reservation__in=rows).values("reservation"))
    return {keys[row.key or ""]: row for row in standing}


def _as_promised(order: SeriesOrder, fresh: Plan, made: dict[date, Reservation]) -> list[Planned]:
    """The dates that are still to be booked. Raises SeriesChanged when nothing is made and not all is as promised."""
    left = [planned for planned in fresh.bookable if planned.day not in made]
    before = Booking.objects.filter(reservation__in=made.values()).occupying()
    total = sum(planned.cents or 0 for planned in left) + sum(before.values_list("price_cents", flat=True))
    if not made and (not left or len(left) < len(order.dates) or total != order.promised_cents):
        raise SeriesChanged
    return left if total <= order.promised_cents else []


def _order(order: SeriesOrder, planned: Planned, series: str) -> Order:
    source, desk = order.pattern.reservation, order.pattern.desk
    return Order(
        dorpshuis_id=source.dorpshuis_id,
        moments=planned.moments,
        name=order.member.name,
        email=order.member.email,
        phone=order.member.phone,
        key=_key_of(order, planned.day),
        desk_id=desk.pk if desk else None,
        tariff=planned.tariff,
        promised_cents=planned.cents,
        known_guest=True,
        messages_offered=source.messages_offered,
        no_messages=source.no_messages,
        language="en" if (get_language() or "").startswith("en") else source.language,
        series=series,
    )
