"""Standing places: agreed, given back, ended, extended; and the nightly round."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings.actions.book import book
from bookings.actions.close import reopen
from bookings.actions.standing import agree, end, extend, plan_longer, plan_standing, release, top_up
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, CallEntry, Guest, StandingPlace
from bookings.refusals import (
    DeskTaken,
    EndsBeforeItBegins,
    InThePast,
    LongerChanged,
    NoDates,
    NotBookable,
    NotReleasable,
    NotThatDay,
    StandingChanged,
    TooLong,
)
from bookings.standing import Fate
from bookings.tasks import top_up_standing
from portal.base import clock
from portal.base.log import GUEST, SYSTEM
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from tests.conftest import QueryCount
from tests.factories import (
    at,
    desks_of,
    house_actor,
    make_booking,
    make_closed,
    make_hold,
    make_house,
    make_order,
    make_standing,
    make_tariff,
    make_wish,
)
from tests.guest import on_monday
from villages.models import Closure, Dorpshuis, HouseMessages

pytestmark = [pytest.mark.django_db, pytest.mark.database, on_monday]

TUESDAY = date(2026, 11, 24)
AFTERNOON = Moment(TUESDAY, Dagdeel.MIDDAG)
WEEK = timedelta(weeks=1)
State = Booking.State


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("veldkei", desks=2, window_days=28)


def dates_of(place: StandingPlace, **fields: object) -> list[date]:
    return list(Booking.objects.filter(standing=place, **fields).order_by("date").values_list("date", flat=True))


def on(day: date) -> time_machine.travel:
    return time_machine.travel(at(day, 3), tick=False)


# --- agreeing ---------------------------------------------------------------------------------------------


def test_its_dates_are_written_up_to_the_window_and_a_week(house: Dorpshuis) -> None:
    place = make_standing(house)
    assert dates_of(place) == [TUESDAY + n * WEEK for n in range(5)]
    house.refresh_from_db()
    assert house.standing_until == clock.today() + timedelta(days=35)


def test_every_other_week_is_counted_from_the_first_day(house: Dorpshuis) -> None:
    assert dates_of(make_standing(house, every=2)) == [TUESDAY + n * 2 * WEEK for n in range(3)]


def test_public_holidays_are_skipped_unless_the_house_says_otherwise(house: Dorpshuis) -> None:
    with on(date(2026, 12, 21)):
        christmas = date(2026, 12, 25)
        skipping, coming = make_standing(house, weekday=4), make_standing(house, weekday=4, skip_holidays=False)
        assert christmas not in dates_of(skipping)
        assert christmas in dates_of(coming)


def test_a_closed_day_is_skipped_and_written_once_the_house_opens_after_all(house: Dorpshuis) -> None:
    closed = make_closed(house, TUESDAY + WEEK)
    place = make_standing(house)
    assert TUESDAY + WEEK not in dates_of(place)
    reopen(closed.closure, house_actor(house))
    top_up(house.pk, SYSTEM)
    assert TUESDAY + WEEK in dates_of(place)


def test_for_nothing_it_counts_as_social_use(house: Dorpshuis) -> None:
    make_standing(house)
    assert set(Booking.objects.values_list("tariff", "price_cents")) == {("maatschappelijk", 0)}


def test_each_date_keeps_the_price_of_the_day_on_which_it_was_written(house: Dorpshuis) -> None:
    tariff = make_tariff(house, "commercieel", 1500, chooser="house")
    place = make_standing(house, tariff="commercieel")
    tariff.cents = 2000
    tariff.save()
    with on(TUESDAY + WEEK - timedelta(days=1)):
        top_up(house.pk, SYSTEM)
    assert list(place.bookings.in_order().values_list("price_cents", flat=True)) == [1500] * 5 + [2000]


def test_who_did_not_choose_her_desk_makes_room(house: Dorpshuis) -> None:
    guest = make_booking(house, AFTERNOON)
    desk = guest.bookings.get().desk
    plan = plan_standing(house, make_wish(desk=desk))
    assert plan.dates[0].fate is Fate.MOVES
    place = make_standing(house, desk=desk)
    assert place.bookings.get(date=TUESDAY).desk == desk
    assert guest.bookings.get().desk != desk


def test_who_chose_her_desk_keeps_it_and_that_date_is_skipped_without_a_call(house: Dorpshuis) -> None:
    desk = desks_of(house)[0]
    guest = make_booking(house, AFTERNOON, desk_id=desk.pk)
    (first, *_) = plan_standing(house, make_wish(desk=desk)).dates
    assert (first.fate, first.rival) == (Fate.TAKEN, guest.bookings.get())
    place = make_standing(house, desk=desk)
    top_up(house.pk, SYSTEM)
    assert TUESDAY not in dates_of(place)
    assert not CallEntry.objects.filter(kind="clash").exists()


def test_nobody_moves_for_any_desk(house: Dorpshuis) -> None:
    for _ in range(2):
        make_booking(house, AFTERNOON)
    assert plan_standing(house, make_wish()).dates[0].fate is Fate.TAKEN


def test_a_hold_keeps_its_desk(house: Dorpshuis) -> None:
    desk = desks_of(house)[0]
    make_hold(desk, AFTERNOON, clock.now() + timedelta(hours=1))
    assert plan_standing(house, make_wish(desk=desk)).dates[0].fate is Fate.TAKEN


def test_what_was_agreed_must_be_what_was_shown(house: Dorpshuis) -> None:
    wish = make_wish(desk=desks_of(house)[0])
    shown = plan_standing(house, wish).fingerprint
    make_booking(house, AFTERNOON, desk_id=desks_of(house)[0].pk)
    with pytest.raises(StandingChanged) as refusal:
        agree(house.pk, wish, house_actor(house), shown)
    assert refusal.value.plan.taken
    assert not StandingPlace.objects.exists()
    assert not Booking.objects.filter(standing__isnull=False).exists()


def test_the_same_form_twice_is_one_standing_place(house: Dorpshuis) -> None:
    wish = make_wish(form="formulier")
    assert make_standing(house, wish) == make_standing(house, wish)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"first_day": date(2026, 11, 22)}, InThePast),
        ({"last_day": date(2026, 11, 20)}, EndsBeforeItBegins),
        ({"last_day": date(2029, 1, 1)}, TooLong),
        ({"last_day": date(2026, 11, 23)}, NoDates),
    ],
)
def test_bad_days_are_refused_and_nothing_is_written(
    house: Dorpshuis, fields: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        make_standing(house, **fields)
    assert not Guest.objects.exists()


def test_the_log_holds_numbers_only(house: Dorpshuis) -> None:
    place = make_standing(house)
    release(place, TUESDAY, GUEST)
    entries = LogEntry.objects.filter(verb__endswith="_standing").order_by("pk")
    first = place.bookings.get(date=TUESDAY)
    assert [(row.verb, row.subject) for row in entries] == [
        ("agree_standing", f"standingplace:{place.pk}"),
        ("release_standing", f"booking:{first.pk}"),
    ]


def test_she_hears_of_it_by_mail_and_without_an_address_by_phone(house: Dorpshuis) -> None:
    make_standing(house)
    other = make_standing(house, email="", phone="+31612345678")
    assert OutboxMail.objects.filter(kind="standing").count() == 1
    assert CallEntry.objects.get(kind="standing").reservation == other.reservation


def test_her_dates_count_for_no_guest_limit(house: Dorpshuis) -> None:
    Dorpshuis.objects.update(order_limit=1, guest_limit=2)
    make_standing(house)
    make_booking(house, AFTERNOON, email="sanne@voorbeeld.example")


# --- giving back ------------------------------------------------------------------------------------------


def test_a_date_given_back_is_free_for_others_at_once(house: Dorpshuis) -> None:
    place = make_standing(house, desk=desks_of(house)[0])
    with pytest.raises(DeskTaken):
        make_booking(house, AFTERNOON, desk_id=desks_of(house)[0].pk)
    assert release(place, TUESDAY, GUEST)
    make_booking(house, AFTERNOON, desk_id=desks_of(house)[0].pk)


def test_giving_back_twice_is_harmless(house: Dorpshuis) -> None:
    place = make_standing(house)
    assert release(place, TUESDAY, GUEST)
    assert not release(place, TUESDAY, GUEST)
    assert LogEntry.objects.filter(verb="release_standing").count() == 1


def test_a_date_given_back_never_comes_back(house: Dorpshuis) -> None:
    place = make_standing(house)
    release(place, TUESDAY + WEEK, GUEST)
    closed = make_closed(house, TUESDAY + WEEK)
    reopen(closed.closure, house_actor(house))
    extend(place, place.last_day + WEEK, house_actor(house))
    for _ in range(2):
        top_up(house.pk, SYSTEM)
    assert place.bookings.get(date=TUESDAY + WEEK).state == State.CANCELLED


def test_the_database_forbids_writing_a_date_twice(house: Dorpshuis) -> None:
    place = make_standing(house)
    release(place, TUESDAY, GUEST)
    row = place.bookings.get(date=TUESDAY)
    row.pk, row.state = None, State.BOOKED
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2027, 6, 1)])
def test_a_date_that_is_not_hers_can_not_be_given_back(house: Dorpshuis, day: date) -> None:
    with pytest.raises(NotReleasable):
        release(make_standing(house), day, GUEST)


def test_once_it_has_begun_it_is_too_late(house: Dorpshuis) -> None:
    place = make_standing(house)
    with time_machine.travel(at(TUESDAY, 13), tick=False), pytest.raises(NotReleasable):
        release(place, TUESDAY, GUEST)


# --- closing, ending, going on ----------------------------------------------------------------------------


def test_closing_calls_a_date_off_and_the_place_goes_on(house: Dorpshuis) -> None:
    place = make_standing(house, desk=desks_of(house)[0])
    make_closed(house, TUESDAY)
    assert dates_of(place, state=State.HOUSE_CANCELLED) == [TUESDAY]
    assert len(dates_of(place, state=State.BOOKED)) == 4
    assert OutboxMail.objects.filter(kind="called_off", recipient="sanne@voorbeeld.example").exists()


def test_closing_taken_back_in_time_brings_it_back_but_nothing_that_was_given_back(house: Dorpshuis) -> None:
    place = make_standing(house)
    release(place, TUESDAY, GUEST)
    make_closed(house, TUESDAY, TUESDAY + WEEK)
    reopen(Closure.objects.get(), house_actor(house))
    assert dates_of(place, state=State.CANCELLED) == [TUESDAY]
    assert TUESDAY + WEEK in dates_of(place, state=State.BOOKED)


def test_ended_sooner_its_later_dates_are_called_off_and_she_hears_it(house: Dorpshuis) -> None:
    place = make_standing(house)
    end(place, TUESDAY + WEEK, house_actor(house))
    assert dates_of(place, state=State.BOOKED) == [TUESDAY, TUESDAY + WEEK]
    assert list(OutboxMail.objects.exclude(kind="standing").values_list("kind", flat=True)) == ["stopped"]
    top_up(house.pk, SYSTEM)
    assert len(dates_of(place)) == 5


def test_ended_between_two_dates_she_hears_it_as_well(house: Dorpshuis) -> None:
    place = make_standing(house, last_day=TUESDAY + timedelta(days=3))
    end(place, TUESDAY + timedelta(days=1), house_actor(house))
    assert OutboxMail.objects.filter(kind="stopped").count() == 1


def test_a_house_that_stopped_writes_no_new_dates() -> None:
    house = make_house("gestopt", desks=1, window_days=28)
    make_standing(house)
    before = Booking.objects.count()
    Dorpshuis.objects.filter(pk=house.pk).update(status=Dorpshuis.Status.STOPPED)
    with time_machine.travel(clock.now() + timedelta(days=14), tick=False):
        assert top_up(house.pk, SYSTEM) == 0
    assert Booking.objects.count() == before


@pytest.mark.parametrize(("model", "who"), [(OutboxMail, {}), (CallEntry, {"email": "", "phone": "+31612345699"})])
def test_when_it_goes_on_or_stops_she_hears_it_by_mail_or_by_phone(
    house: Dorpshuis, model: type[OutboxMail | CallEntry], who: dict[str, Any]
) -> None:
    place = make_standing(house, last_day=TUESDAY + WEEK, **who)
    extend(place, TUESDAY + 3 * WEEK, house_actor(house))
    end(place, TUESDAY + 2 * WEEK, house_actor(house))
    rows = model._default_manager.exclude(kind="standing").order_by("pk")
    assert list(rows.values_list("kind", flat=True)) == ["longer", "stopped"]


def test_closing_taken_back_after_it_was_ended_brings_no_later_date_back(house: Dorpshuis) -> None:
    place = make_standing(house)
    closed = make_closed(house, TUESDAY, TUESDAY + WEEK)
    end(place, TUESDAY, house_actor(house))
    reopen(closed.closure, house_actor(house))
    assert dates_of(place, state=State.BOOKED) == [TUESDAY]


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2027, 12, 1)])
def test_it_ends_neither_in_the_past_nor_later_than_agreed(house: Dorpshuis, day: date) -> None:
    with pytest.raises(NotThatDay):
        end(make_standing(house), day, house_actor(house))


def test_it_goes_on_when_the_house_says_so(house: Dorpshuis) -> None:
    place = make_standing(house, last_day=TUESDAY + WEEK)
    extend(place, TUESDAY + 3 * WEEK, house_actor(house))
    assert dates_of(place) == [TUESDAY + n * WEEK for n in range(4)]


def test_going_on_is_what_was_shown_and_what_was_shown_as_taken_is_no_news(house: Dorpshuis) -> None:
    desk = desks_of(house)[0]
    place = make_standing(house, desk=desk, last_day=TUESDAY)
    shown = plan_longer(house, place, TUESDAY + 2 * WEEK).fingerprint
    make_booking(house, Moment(TUESDAY + WEEK, Dagdeel.MIDDAG), desk_id=desk.pk)
    with pytest.raises(LongerChanged) as refusal:
        extend(place, TUESDAY + 2 * WEEK, house_actor(house), shown)
    assert [dated.moment.date for dated in refusal.value.plan.clashes] == [TUESDAY + WEEK]
    assert dates_of(place) == [TUESDAY]
    extend(place, TUESDAY + 2 * WEEK, house_actor(house), refusal.value.plan.fingerprint)
    assert dates_of(place) == [TUESDAY, TUESDAY + 2 * WEEK]
    assert not CallEntry.objects.exists()


def test_a_hold_that_is_over_stands_in_no_date_s_way(house: Dorpshuis) -> None:
    place = make_standing(house, last_day=TUESDAY + 10 * WEEK)
    short = make_standing(house, email="kort@voorbeeld.example", dagdeel=Dagdeel.OCHTEND, last_day=TUESDAY)
    over = clock.now() - timedelta(minutes=1)
    for day, part in ((TUESDAY + WEEK, Dagdeel.OCHTEND), (TUESDAY + 5 * WEEK, Dagdeel.MIDDAG)):
        for number, desk in enumerate(desks_of(house)):
            make_hold(desk, Moment(day, part), over, f"{number}@voorbeeld.example")
    extend(short, TUESDAY + WEEK, house_actor(house))
    assert dates_of(short) == [TUESDAY, TUESDAY + WEEK]
    with on(TUESDAY + WEEK - timedelta(days=1)):
        top_up(house.pk, SYSTEM)
    assert TUESDAY + 5 * WEEK in dates_of(place)


def test_one_that_was_ended_does_not_go_on(house: Dorpshuis) -> None:
    place = make_standing(house)
    end(place, TUESDAY, house_actor(house))
    with pytest.raises(NotThatDay):
        extend(place, TUESDAY + 60 * WEEK, house_actor(house))


# --- the night --------------------------------------------------------------------------------------------


def test_each_night_the_dates_that_came_near_are_written_once(house: Dorpshuis) -> None:
    place = make_standing(house)
    with on(TUESDAY + WEEK - timedelta(days=1)):
        for _ in range(2):
            top_up_standing()
    assert dates_of(place) == [TUESDAY + n * WEEK for n in range(6)]


def test_a_house_without_standing_places_is_left_alone(house: Dorpshuis) -> None:
    top_up_standing()
    assert not LogEntry.objects.filter(verb="top_up_standing").exists()


def test_a_night_without_news_writes_nothing_in_the_log(house: Dorpshuis) -> None:
    make_standing(house)
    top_up_standing()
    assert not LogEntry.objects.filter(verb="top_up_standing").exists()


def test_a_date_without_a_desk_goes_to_the_call_list_once(house: Dorpshuis) -> None:
    place = make_standing(house, desk=desks_of(house)[0])
    late = Moment(TUESDAY + 5 * WEEK, Dagdeel.MIDDAG)
    Booking.objects.filter(standing=place, date=late.date).delete()
    Dorpshuis.objects.update(standing_until=None)  # as if nobody wrote it
    with on(TUESDAY + WEEK):
        make_booking(house, late, desk_id=desks_of(house)[0].pk)
        for _ in range(3):
            top_up(house.pk, SYSTEM)
    assert list(CallEntry.objects.values_list("kind", "reservation")) == [("clash", place.reservation_id)]


def test_a_booking_beyond_what_is_written_writes_it_first(house: Dorpshuis) -> None:
    place = make_standing(house, desk=desks_of(house)[0])
    far = Moment(TUESDAY + 6 * WEEK, Dagdeel.MIDDAG)
    with on(far.date - timedelta(days=20)):
        with pytest.raises(DeskTaken):
            book(make_order(house, far, desk_id=desks_of(house)[0].pk), GUEST)
        book(make_order(house, far), GUEST)
    assert far.date in dates_of(place)


def test_a_booking_within_what_is_written_asks_no_more_than_before(house: Dorpshuis, query_count: QueryCount) -> None:
    with CaptureQueriesContext(connection) as before:
        book(make_order(house, Moment(TUESDAY + WEEK, Dagdeel.OCHTEND)), GUEST)
    make_standing(house)
    with query_count(len(before)):
        book(make_order(house, Moment(TUESDAY, Dagdeel.OCHTEND)), GUEST)


def test_full_with_standing_places_is_full(house: Dorpshuis) -> None:
    for _ in range(2):
        make_standing(house)
    with pytest.raises(NotBookable):
        make_booking(house, AFTERNOON)


def test_a_month_before_the_end_she_is_asked_once(house: Dorpshuis) -> None:
    place = make_standing(house, last_day=TUESDAY + 8 * WEEK)
    top_up(house.pk, SYSTEM)
    assert not OutboxMail.objects.filter(kind="standing_end").exists()
    for days in (31, 30, 1):
        with on(place.last_day - timedelta(days=days)):
            top_up(house.pk, SYSTEM)
    assert OutboxMail.objects.filter(kind="standing_end").count() == 1


def test_after_going_on_she_is_asked_again_for_the_new_end(house: Dorpshuis) -> None:
    place = make_standing(house, last_day=TUESDAY + 2 * WEEK)
    top_up(house.pk, SYSTEM)
    extend(place, TUESDAY + 20 * WEEK, house_actor(house))
    with on(TUESDAY + 18 * WEEK):
        top_up(house.pk, SYSTEM)
    assert OutboxMail.objects.filter(kind="standing_end").count() == 2


def test_three_empty_dates_in_a_row_are_one_gentle_note(house: Dorpshuis) -> None:
    place = make_standing(house)
    rows = place.bookings.in_order()
    with on(TUESDAY + 4 * WEEK - timedelta(days=1)):
        for number, row in enumerate(rows[:4]):
            state = State.CANCELLED if number == 1 else State.NO_SHOW
            Booking.objects.filter(pk=row.pk).update(state=state)
            if number < 3:
                top_up(house.pk, SYSTEM)
                assert not CallEntry.objects.filter(kind="unused").exists()
        for _ in range(2):
            top_up(house.pk, SYSTEM)
    assert CallEntry.objects.filter(kind="unused").count() == 1


def test_a_house_that_does_not_want_it_asks_nobody_about_the_end() -> None:
    house = make_house()
    HouseMessages.objects.create(dorpshuis=house, standing_end=False)
    make_standing(house, last_day=clock.today() + timedelta(days=20))
    top_up(house.pk, SYSTEM)
    assert not OutboxMail.objects.filter(kind="standing_end").exists()
    HouseMessages.objects.update(standing_end=True)
    top_up(house.pk, SYSTEM)
    assert OutboxMail.objects.filter(kind="standing_end").count() == 1
