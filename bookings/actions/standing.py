"""Standing places: agree on one, give a date back, end it, let it go on; and the nightly round."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare

from bookings.actions.book import guest_of
from bookings.actions.lock import lock
from bookings.actions.slots import free_expired_holds, make_due_again
from bookings.actions.standing_dates import plan_longer, plan_standing, write_dates, write_until
from bookings.actions.turns import serve
from bookings.domain.availability import begins_at
from bookings.domain.standing import LONGEST, asks_about_end, unused_streak
from bookings.models import Booking, Reservation, StandingPlace
from bookings.order import Order
from bookings.queries import supplies
from bookings.refusals import (
    EndsBeforeItBegins,
    InThePast,
    LongerChanged,
    NoDates,
    NotReleasable,
    NotThatDay,
    StandingChanged,
    TooLong,
)
from bookings.standing import Fate, StandingPlan, Wish, horizon
from bookings.tell import tell_cancelled, tell_ends_soon, tell_longer, tell_standing, tell_stopped, tell_unused
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import Dorpshuis, messages_of

__all__ = ["agree", "check_wish", "end", "extend", "plan_longer", "plan_standing", "release", "top_up"]

State = Booking.State


def agree(dorpshuis_id: int, wish: Wish, by: Actor, fingerprint: str) -> StandingPlace:
    """Make the standing place and write its first dates, as its preview showed them.

    Who has its desk and did not choose it, moves; a date that somebody keeps stays hers and is skipped. The same form
    sent twice is the first standing place again. Raises what `check_wish` does, and StandingChanged.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        first = StandingPlace.objects.filter(reservation__key=wish.form).first() if wish.form else None
        if first is not None:
            return first
        check_wish(wish)
        free_expired_holds(house)
        plan = plan_standing(house, wish)
        if not constant_time_compare(plan.fingerprint, fingerprint):
            raise StandingChanged(plan)
        place = _write(house, plan, by)
        write_dates(house, place, plan.dates)
        write_until(house, plan.through)
        tell_standing(place)
        record(by, "agree_standing", str(place), dorpshuis_id=house.pk)
    return place


def check_wish(wish: Wish) -> None:
    """Raises InThePast, EndsBeforeItBegins, TooLong (two years at most) and NoDates. Reads nothing."""
    pattern, today = wish.pattern, clock.today()
    if pattern.first_day < today:
        raise InThePast
    if pattern.last_day < pattern.first_day:
        raise EndsBeforeItBegins
    if pattern.last_day > today + LONGEST:
        raise TooLong
    if all(pattern.is_skipped(day) for day in pattern.dates(pattern.first_day, pattern.last_day)):
        raise NoDates


def release(place: StandingPlace, day: date, by: Actor) -> bool:
    """Give one date back: its desk is free for others at once, and costs nothing. It never comes back.

    Gives False, and writes nothing, when it was given back or called off before. Raises NotReleasable.
    """
    with transaction.atomic():
        house = lock(place.dorpshuis_id)
        row = Booking.objects.filter(standing=place, date=day).select_related("reservation").first()
        if row is None:
            raise NotReleasable
        if row.state in State.cancelled:
            return False
        supply = supplies([house], day, day)[house.pk]
        if row.state != State.BOOKED or clock.now() >= begins_at(supply, row.moment):
            raise NotReleasable
        gone = {"state": State.CANCELLED, "cancelled_at": clock.now(), "sequence": F("sequence") + 1}
        Booking.objects.filter(pk=row.pk).update(**gone)
        make_due_again(house, {row.slot})
        serve(house, [row.moment])
        tell_cancelled(row.reservation, [row.pk], on_phone=True)
        record(by, "release_standing", f"booking:{row.pk}", dorpshuis_id=house.pk)
    return True


def end(place: StandingPlace, last_day: date, by: Actor) -> list[int]:
    """Let it end sooner, after this day; the dates after it are called off and she hears it. Gives their numbers.

    Raises NotThatDay for a day before yesterday, and for one that is not before the end agreed on.
    """
    with transaction.atomic():
        house = lock(place.dorpshuis_id)
        row = StandingPlace.objects.select_related("reservation").get(pk=place.pk)
        if last_day >= row.last_day or last_day < clock.today() - timedelta(days=1):
            raise NotThatDay
        StandingPlace.objects.filter(pk=row.pk).update(last_day=last_day, ended_at=clock.now())
        gone = _call_off_after(house, row, last_day)
        row.last_day = last_day
        tell_stopped(row)
        record(by, "end_standing", str(row), dorpshuis_id=house.pk)
    return gone


def extend(place: StandingPlace, last_day: date, by: Actor, seen: str | None = None) -> None:
    """Let it go on until this day, and write what falls before the horizon; what was shown to be taken is no news.

    `seen`: the fingerprint of the plan that was shown. Raises what `plan_longer` does, and LongerChanged.
    """
    with transaction.atomic():
        house = lock(place.dorpshuis_id)
        row = StandingPlace.objects.select_related("reservation").get(pk=place.pk)
        free_expired_holds(house)
        plan = plan_longer(house, row, last_day)
        if seen is not None and not constant_time_compare(plan.fingerprint, seen):
            raise LongerChanged(plan)
        known = {str(d.moment.date) for d in plan.clashes if not d.is_written} if seen is not None else set()
        known_clashes = sorted(known.union(row.known_clashes))
        StandingPlace.objects.filter(pk=row.pk).update(last_day=last_day, known_clashes=known_clashes)
        write_until(house, horizon(house, clock.today()))
        row.last_day = last_day
        tell_longer(row)
        record(by, "extend_standing", str(row), dorpshuis_id=house.pk)


def top_up(dorpshuis_id: int, by: Actor) -> int:
    """Each night: write the dates that came within the horizon, and ask what is to be asked. Safe to run twice.

    Gives how many dates were written.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        free_expired_holds(house)
        is_over = house.status == Dorpshuis.Status.STOPPED  # nobody sits in a house that stopped
        count = 0 if is_over else write_until(house, horizon(house, clock.today()))
        asks_end = messages_of(house).standing_end
        asked = [_ask(place, asks_end=asks_end) for place in _running(house)]
        if count or any(asked):
            record(by, "top_up_standing", f"dorpshuis:{house.pk}", dorpshuis_id=house.pk)
    return count


# --- parts, called under the house's lock -----------------------------------------------------------------


def _write(house: Dorpshuis, plan: StandingPlan, by: Actor) -> StandingPlace:
    """The rule, and the reservation with who holds it."""
    wish, pattern = plan.wish, plan.wish.pattern
    return StandingPlace.objects.create(
        dorpshuis=house,
        reservation=_reserve(house, wish, by),
        organisation=wish.organisation,
        desk=wish.desk,
        weekday=pattern.weekday,
        dagdeel=pattern.dagdeel.value,
        every=pattern.every,
        first_day=pattern.first_day,
        last_day=pattern.last_day,
        tariff=wish.tariff,
        skip_holidays=pattern.skip_holidays,
        known_clashes=[str(dated.moment.date) for dated in plan.dates if dated.fate is Fate.TAKEN],
    )


def _reserve(house: Dorpshuis, wish: Wish, by: Actor) -> Reservation:
    """Who holds it, and on which terms: one reservation for all dates."""
    order = Order(house.pk, (), wish.name or wish.organisation, email=wish.email, phone=wish.phone)
    return Reservation.objects.create(
        dorpshuis=house,
        guest=guest_of(house, order),
        name=wish.who,
        email=wish.email,
        phone=wish.phone,
        confirmed_to=wish.email,
        tariff=wish.tariff,
        house_rules_id=house.current_rules_id,
        cancel_days_before=house.cancel_days_before,
        cancel_time=house.cancel_time,
        booked_by=by.user,
        source="huis",
        language=wish.language,
        key=wish.form or None,
    )


def _call_off_after(house: Dorpshuis, place: StandingPlace, last_day: date) -> list[int]:
    rows = list(Booking.objects.filter(standing=place, state=State.BOOKED, date__gt=last_day).in_order())
    now = clock.now()
    if rows:
        supply = supplies([house], rows[0].date, rows[-1].date)[house.pk]
        rows = [row for row in rows if now < begins_at(supply, row.moment)]
    off = {"state": State.HOUSE_CANCELLED, "cancelled_at": now, "sequence": F("sequence") + 1}
    Booking.objects.filter(pk__in=[row.pk for row in rows]).update(**off)
    make_due_again(house, {row.slot for row in rows})
    serve(house, {row.moment for row in rows})
    return [row.pk for row in rows]


def _running(house: Dorpshuis) -> list[StandingPlace]:
    rows = StandingPlace.objects.filter(dorpshuis=house).running(clock.today())
    return list(rows.select_related("reservation"))


def _ask(place: StandingPlace, *, asks_end: bool) -> bool:
    """The question a month before the end, if the house wants that, and the one about a desk that stays empty."""
    today = clock.today()
    soon = asks_end and place.ended_at is None and asks_about_end(place.last_day, today)
    asked = tell_ends_soon(place) if soon else False
    expected = Booking.objects.filter(standing=place, date__lt=today).occupying().order_by("-date")
    rows = list(expected.values_list("date", "state")[:60])
    streak = unused_streak([state != State.NO_SHOW for _, state in reversed(rows)])
    if streak:
        tell_unused(place, rows[streak - 1][0])
    return asked
