"""For each kind of mail what must happen before it is sent: at least one scene, in either language.

A new mail adds its own here; `test_languages.py` asks for it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import time_machine
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from bookings.actions.cancel import cancel
from bookings.actions.change import Change, change
from bookings.actions.close import change_offer, reopen
from bookings.actions.forget import forget
from bookings.actions.idle import warn_or_forget_idle
from bookings.actions.link import renew_link
from bookings.actions.series import SeriesOrder, book_series
from bookings.actions.standing import end, extend, top_up
from bookings.actions.team import change_role, invite, leave
from bookings.actions.trial import give_trial
from bookings.actions.waiting import pass_on
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.week import week_on
from bookings.models import Booking, Reservation
from bookings.offer import WeekWish, week_rows
from bookings.person import as_shown, coming_of
from bookings.series import Member, pattern_of
from bookings.tasks import call_undelivered
from bookings.tell import tell_lost_link, tell_undelivered
from bookings.timed_guests import remind, tell_way_in
from bookings.timed_month import tell_months
from bookings.timed_team import nudge, tell_day_lists, tell_weeks
from portal.base import clock
from portal.base.accounts.models import User
from portal.base.log import GUEST, SYSTEM
from portal.base.log import house as actor_of
from portal.base.models import OutboxMail
from portal.base.outbox.registry import composer
from tests.bookings.away import missed_guest
from tests.bookings.frozen_months import make_closed_month, make_people
from tests.factories import (
    at,
    house_actor,
    make_booking,
    make_closed,
    make_house,
    make_member,
    make_standing,
    make_user,
    make_waiting,
)
from tests.guest import THURSDAY, WEDNESDAY, WEDNESDAY_NOON
from villages.models import (
    AccessWay,
    Closure,
    CoordinatorMessages,
    Desk,
    Dorpshuis,
    Invitation,
    Membership,
    TeamMessages,
)

TUESDAY = WEDNESDAY.date - timedelta(days=1)
ANNA: dict[str, Any] = {"name": "Anna", "email": "anna@voorbeeld.example"}
# Names and words that people typed are in one language only: these are in none.
TYPED = "Vrijwilliger Anna Zwaluwhof Xyzzy Bureau Lindelaan Toetsdorp"

# Whose address the mail went to.
Addressee = Reservation | Invitation | User
Scene = Callable[[Dorpshuis], Addressee]


def scene_house() -> Dorpshuis:
    """A house with all that a mail can tell of it, in words of no language."""
    where: dict[str, Any] = {"street": "Lindelaan 1", "postcode": "7991 AA"}
    house = make_house("zwaluwhof", name="Zwaluwhof", pay_link="https://betaal.example", **where)
    AccessWay.objects.create(dorpshuis=house, public_text="Xyzzy")
    AccessWay.objects.create(dorpshuis=house, dagdeel="ochtend", public_text="Xyzzy")
    Dorpshuis.objects.update(pay_account=True)
    return house


def booked(house: Dorpshuis) -> Reservation:
    return make_booking(house, WEDNESDAY, **ANNA)


def booked_several(house: Dorpshuis) -> Reservation:
    return make_booking(house, WEDNESDAY, WEDNESDAY_NOON, THURSDAY, **ANNA)


def booked_twice(house: Dorpshuis) -> Reservation:
    booked(house)
    return booked(house)


def booked_late(house: Dorpshuis) -> Reservation:
    with time_machine.travel(at(WEDNESDAY.date, 7) - timedelta(minutes=16), tick=False):
        return booked(house)


def booked_weekly(house: Dorpshuis) -> Reservation:
    found = pattern_of(booked_several(house))
    assert found
    dates = tuple(found.dates(2))
    wish = SeriesOrder(found, Member("Anna", ANNA["email"], ""), dates, 6 * 750, "sleutel")
    return book_series(wish, GUEST).reservations[0]


def cancelled_in_part(house: Dorpshuis) -> Reservation:
    reservation = booked_several(house)
    cancel(reservation, GUEST, moments=[WEDNESDAY])
    return reservation


def cancelled_late(house: Dorpshuis) -> Reservation:
    reservation = booked(house)
    with time_machine.travel(at(WEDNESDAY.date, 7), tick=False):
        cancel(reservation, GUEST)
    return reservation


def cancelled_by_house(house: Dorpshuis) -> Reservation:
    reservation = booked(house)
    cancel(reservation, house_actor(house))
    return reservation


def called_off(house: Dorpshuis) -> Reservation:
    reservation = booked_several(house)
    make_closed(house, WEDNESDAY.date, guest_text="Xyzzy")
    return reservation


def undone_in_part(house: Dorpshuis) -> Reservation:
    reservation = called_off(house)
    OutboxMail.objects.filter(kind="called_off").update(state=OutboxMail.State.SENT)
    make_closed(house, WEDNESDAY.date, dagdelen=frozenset({Dagdeel.MIDDAG}))
    reopen(Closure.objects.earliest("pk"), house_actor(house))
    return reservation


def lost(house: Dorpshuis) -> Reservation:
    reservation = called_off(house)
    make_closed(house, WEDNESDAY.date)
    reopen(Closure.objects.earliest("pk"), house_actor(house))
    return reservation


def reopened(house: Dorpshuis) -> Reservation:
    reservation = called_off(house)
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        reopen(Closure.objects.get(), house_actor(house))
    return reservation


def changed(house: Dorpshuis) -> Reservation:
    reservation = booked(house)
    change(reservation, Change(WEDNESDAY, THURSDAY), GUEST)
    return reservation


def new_link(house: Dorpshuis) -> Reservation:
    reservation = booked_several(house)
    renew_link(reservation, GUEST)
    return reservation


def link_lost(house: Dorpshuis) -> Reservation:
    booked_several(house)
    reservation = booked(house)
    tell_lost_link(ANNA["email"], clock.today())
    return reservation


def deleted(house: Dorpshuis) -> Reservation:
    reservation = booked_several(house)
    rows = coming_of(house, reservation.guest)
    forget(reservation.guest, house_actor(house), shown=as_shown(rows))
    return reservation


def called_off_for_elsewhere(house: Dorpshuis) -> Reservation:
    make_house("ginds", name="Lindelaan")
    reservation = called_off(house)
    reservation.bookings.update(proposal=Booking.Proposal.OTHER_HOUSE)
    return reservation


def asked_by_mail(house: Dorpshuis) -> Invitation:
    by = actor_of(make_member(house, Membership.Role.BOARD))
    return invite(house.pk, Membership.Role.TREASURER, "anna@voorbeeld.example", by).invitation


def asked_by_nobody(house: Dorpshuis) -> Invitation:
    """Who invited has no account any more."""
    invitation = asked_by_mail(house)
    Invitation.objects.update(created_by=None)
    return invitation


def given_role(house: Dorpshuis, role: str = Membership.Role.HOST) -> User:
    board = actor_of(make_member(house, Membership.Role.BOARD))
    change_role(Membership.objects.get(user=make_member(house)), role, board)
    return User.objects.latest("pk")


def given_board(house: Dorpshuis) -> User:
    return given_role(house, Membership.Role.BOARD)


def let_go(house: Dorpshuis) -> User:
    board = actor_of(make_member(house, Membership.Role.BOARD))
    leave(Membership.objects.get(user=make_member(house)), board)
    return User.objects.latest("pk")


def not_arrived(house: Dorpshuis) -> User:
    """A mail to a guest was refused."""
    volunteer = make_member(house)
    make_booking(house, WEDNESDAY, **ANNA)
    OutboxMail.objects.update(state=OutboxMail.State.FAILED)
    tell_undelivered()
    return volunteer


def not_arrived_at_two(house: Dorpshuis) -> User:
    make_booking(house, WEDNESDAY, email="bea@voorbeeld.example")
    return not_arrived(house)


def not_arrived_of_a_code(house: Dorpshuis) -> User:
    """A mail with a trial code was refused: nobody need be phoned."""
    volunteer = make_member(house)
    let_try(house)
    OutboxMail.objects.update(state=OutboxMail.State.FAILED)
    call_undelivered()
    return volunteer


def let_try(house: Dorpshuis) -> User:
    give_trial(house.pk, "mail", house_actor(house), form="een", email=ANNA["email"])
    return User(email=ANNA["email"])


def standing_agreed(house: Dorpshuis) -> Reservation:
    return make_standing(house, organisation="Zwaluwhof", **ANNA).reservation


def standing_for_money(house: Dorpshuis) -> Reservation:
    return make_standing(house, organisation="Zwaluwhof", tariff="standaard", every=2, **ANNA).reservation


def standing_ends(house: Dorpshuis) -> Reservation:
    place = make_standing(house, organisation="Zwaluwhof", last_day=clock.today() + timedelta(days=20), **ANNA)
    top_up(house.pk, SYSTEM)
    return place.reservation


def reminded(house: Dorpshuis) -> Reservation:
    """On Tuesday at noon of Wednesday, which she booked in two parts."""
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    make_booking(house, WEDNESDAY_NOON, **ANNA)
    with time_machine.travel(at(TUESDAY, 12), tick=False):
        remind()
    return reservation


def told_way_in(house: Dorpshuis) -> Reservation:
    """On Tuesday at 18.00: how to get in on Wednesday."""
    AccessWay.objects.filter(dorpshuis=house).update(private_text="Code 4711")
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    with time_machine.travel(at(TUESDAY, 18), tick=False):
        tell_way_in()
    return reservation


def long_away(_house: Dorpshuis) -> User:
    user = make_user(email=ANNA["email"], name="Anna", date_joined=clock.now() - timedelta(days=800))
    warn_or_forget_idle()
    return user


def waits(house: Dorpshuis) -> Reservation:
    make_booking(house, *[WEDNESDAY], email="ander@voorbeeld.example")
    Desk.objects.exclude(bookings__date=WEDNESDAY.date).update(valid_until=clock.today())
    return make_waiting(house, WEDNESDAY, **ANNA).reservation


def her_turn(house: Dorpshuis) -> Reservation:
    reservation = waits(house)
    cancel(Reservation.objects.get(email="ander@voorbeeld.example"), GUEST)
    return reservation


def turn_over(house: Dorpshuis) -> Reservation:
    reservation = her_turn(house)
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        pass_on()
    return reservation


def standing_goes_on(house: Dorpshuis) -> Reservation:
    place = make_standing(house, organisation="Zwaluwhof", last_day=WEDNESDAY.date, tariff="standaard", **ANNA)
    extend(place, WEDNESDAY.date + timedelta(days=21), house_actor(house))
    return place.reservation


def standing_stopped(house: Dorpshuis) -> Reservation:
    place = make_standing(house, organisation="Zwaluwhof", **ANNA)
    end(place, WEDNESDAY.date + timedelta(days=7), house_actor(house))
    return place.reservation


def later_on_wednesday(house: Dorpshuis) -> Reservation:
    return other_times(house, booked(house))


def later_on_both_days(house: Dorpshuis) -> Reservation:
    return other_times(house, booked_several(house))


def other_times(house: Dorpshuis, reservation: Reservation) -> Reservation:
    """Every morning half an hour later from tomorrow on."""
    week = week_on(week_rows(house), WEDNESDAY.date)
    later = {place: replace(hours, begin=time(9)) for place, hours in week.items() if place[1] is Dagdeel.OCHTEND}
    change_offer(house.pk, WeekWish(clock.today() + timedelta(days=1), {**week, **later}), house_actor(house))
    return reservation


def stayed_away(house: Dorpshuis) -> Reservation:
    """Asked on the Monday at ten: she paid in October, and was offered not to be mailed."""
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        return missed_guest(house, **ANNA)


def listed(house: Dorpshuis) -> User:
    """On Wednesday at eight, by who chose that hour."""
    booked(house)
    user = make_member(house)
    TeamMessages.objects.create(dorpshuis=house, user=user, day_list_hour=8)
    with time_machine.travel(at(WEDNESDAY.date, 8), tick=False):
        tell_day_lists()
    return user


def nudged(house: Dorpshuis, *moments: Moment) -> User:
    """On Thursday at nine, of a Wednesday that nobody ticked."""
    for moment in (WEDNESDAY, *moments):
        make_booking(house, moment, **ANNA)
    user = make_member(house)
    TeamMessages.objects.create(dorpshuis=house, user=user, nudge=True)
    with time_machine.travel(at(THURSDAY.date, 9), tick=False):
        nudge()
    return user


def nudged_twice(house: Dorpshuis) -> User:
    return nudged(house, WEDNESDAY_NOON, Moment(TUESDAY, Dagdeel.MIDDAG))


def week_told(house: Dorpshuis) -> User:
    """On the next Monday at eight, of a week with a day off and one that nobody ticked."""
    booked(house)
    make_closed(house, THURSDAY.date)
    user = make_member(house, Membership.Role.BOARD)
    with time_machine.travel(at(WEDNESDAY.date + timedelta(days=5), 8), tick=False):
        tell_weeks()
    return user


NOVEMBER = date(2026, 11, 1)


def month_closed(house: Dorpshuis, **fields: Any) -> None:
    """November, with the month before it, and who was there."""
    for month in (date(2026, 10, 1), NOVEMBER):
        make_closed_month(house, month, offered=40, used=10, **fields)
    make_people("network", "", NOVEMBER, unique=12, new=7, returning=6)
    make_people("house", house.pk, NOVEMBER, unique=12, new=7, returning=5)


def told_on_the_sixth(house: Dorpshuis, user: User, **fields: Any) -> User:
    with time_machine.travel(at(date(2026, 12, 5), 2), tick=False):
        month_closed(house, **fields)
    with time_machine.travel(at(date(2026, 12, 6), 8), tick=False):
        tell_months()
    return user


def month_told(house: Dorpshuis) -> User:
    return told_on_the_sixth(house, make_user(is_coordinator=True))


def region_told(house: Dorpshuis) -> User:
    user = make_user(is_coordinator=True)
    CoordinatorMessages.objects.create(user=user, region="Toetsregio")
    return told_on_the_sixth(house, user)


def house_month_told(house: Dorpshuis) -> User:
    return told_on_the_sixth(house, make_member(house, Membership.Role.BOARD))


def house_beside_others(house: Dorpshuis) -> User:
    for _ in range(5):
        make_closed_month(make_house(), NOVEMBER, offered=50, used=20)
    return told_on_the_sixth(house, make_member(house, Membership.Role.BOARD), volunteer_hours=12)


# Kind, what happened, and when the mail is sent: so many minutes later.
SCENES: list[tuple[str, Scene, int]] = [
    ("confirmation", booked, 0),
    ("confirmation", booked_several, 0),
    ("confirmation", booked_twice, 0),
    ("confirmation", booked_late, 60 * 46),
    ("series", booked_weekly, 0),
    ("series", booked_weekly, 60 * 24 * 14),
    ("cancellation", cancelled_in_part, 0),
    ("cancellation", cancelled_late, 0),
    ("cancellation", cancelled_by_house, 0),
    ("called_off", called_off, 10),
    ("called_off", called_off_for_elsewhere, 10),
    ("called_off", lost, 10),
    ("change", changed, 0),
    ("change", changed, 60 * 70),
    ("standing", standing_agreed, 0),
    ("standing", standing_for_money, 0),
    ("standing_end", standing_ends, 0),
    ("reminder", reminded, 60 * 27),
    ("way_in", told_way_in, 60 * 33),
    ("longer", standing_goes_on, 0),
    ("stopped", standing_stopped, 0),
    ("times", later_on_wednesday, 10),
    ("times", later_on_both_days, 10),
    ("day_list", listed, 60 * 47),
    ("nudge", nudged, 60 * 72),
    ("nudge", nudged_twice, 60 * 72),
    ("weekly_line", week_told, 60 * (24 * 7 - 1)),
    ("month", month_told, 60 * 24 * 13),
    ("month", region_told, 60 * 24 * 13),
    ("house_month", house_month_told, 60 * 24 * 13),
    ("house_month", house_beside_others, 60 * 24 * 13),
    ("link", new_link, 0),
    ("lost_link", link_lost, 0),
    ("forgotten", deleted, 0),
    ("undone", undone_in_part, 0),
    ("reopened", reopened, 10),
    ("invitation", asked_by_mail, 0),
    ("invitation", asked_by_nobody, 0),
    ("role_changed", given_role, 0),
    ("role_changed", given_board, 0),
    ("left_team", let_go, 0),
    ("not_arrived", not_arrived, 0),
    ("not_arrived", not_arrived_at_two, 0),
    ("not_arrived", not_arrived_of_a_code, 0),
    ("trial", let_try, 0),
    ("idle", long_away, 0),
    ("on_the_list", waits, 0),
    ("place", her_turn, 0),
    ("turn_passed", turn_over, 120),
    ("miss_you", stayed_away, 60),
]


def composed(kind: str, told: Addressee, language: str) -> EmailMultiAlternatives:
    """The newest mail of this kind, as it would be sent now in this language."""
    rows = OutboxMail.objects.filter(kind=kind, recipient=told.email)
    with translation.override(language):
        message = composer(kind)(rows.latest("pk"))
    assert message
    return message
