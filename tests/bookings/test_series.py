"""The same each week: several orders with one tap, each under the rules."""

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from bookings.actions.book import book
from bookings.actions.cancel import cancel
from bookings.actions.series import SeriesOrder, book_series
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, CallEntry, Reservation
from bookings.refusals import SeriesChanged
from bookings.series import Member, Pattern, Plan, Why, pattern_of, plan
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.factories import desks_of, make_booking, make_closed, make_house, make_order, make_standing, make_village
from tests.guest import THURSDAY, WEDNESDAY, WEDNESDAY_NOON, on_monday
from tests.post import Post
from villages.models import Dorpshuis, Tariff

pytestmark = [pytest.mark.django_db, pytest.mark.database, on_monday]

EMAIL = "anna@voorbeeld.example"
ANNA = Member("Anna", EMAIL, "+31612345678")
WEEK = timedelta(weeks=1)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis", village=make_village())


def pattern(house: Dorpshuis, *moments: Moment, **order: Any) -> Pattern:
    """What a booking of Anna becomes."""
    reservation = make_booking(house, *(moments or (WEDNESDAY,)), name="Anna", email=EMAIL, **order)
    found = pattern_of(reservation)
    assert found is not None
    return found


def look(found: Pattern, weeks: int = 8) -> Plan:
    return plan(found, ANNA, found.dates(weeks))


def order(found: Pattern, weeks: int = 8, *, cents: int | None = None, key: str = "sleutel") -> SeriesOrder:
    """What the button would promise now, for what can be booked of so many weeks."""
    seen = look(found, weeks)
    dates = tuple(planned.moments for planned in seen.bookable)
    return SeriesOrder(found, ANNA, dates, seen.total_cents if cents is None else cents, key)


def after(moment: Moment, weeks: int) -> Moment:
    return Moment(moment.date + weeks * WEEK, moment.dagdeel)


def test_each_date_is_a_reservation_of_its_own_with_its_price(house: Dorpshuis) -> None:
    booked = book_series(order(pattern(house)), GUEST)
    assert [row.bookings.get().moment for row in booked.reservations] == [after(WEDNESDAY, n) for n in range(1, 9)]
    assert {row.confirmed_to for row in booked.reservations} == {EMAIL}
    assert set(Booking.objects.values_list("price_cents", flat=True)) == {750}
    assert {(row.name, row.phone.as_e164) for row in booked.reservations} == {("Anna", "+31612345678")}


def test_of_a_past_booking_it_begins_on_the_next_such_day(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, email=EMAIL)
    reservation.bookings.update(date=WEDNESDAY.date - 10 * WEEK, state=Booking.State.USED)
    found = pattern_of(reservation)
    assert found
    assert found.dates(2) == [(WEDNESDAY,), (after(WEDNESDAY, 1),)]


def test_what_was_given_back_repeats_nothing(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, email=EMAIL)
    cancel(reservation, GUEST)
    assert pattern_of(reservation) is None


def test_dagdelen_of_one_day_stay_together_and_days_are_orders_of_their_own(house: Dorpshuis) -> None:
    booked = book_series(order(pattern(house, WEDNESDAY, WEDNESDAY_NOON, THURSDAY), 2), GUEST)
    counts = [row.bookings.count() for row in booked.reservations]
    assert counts == [2, 1, 2, 1]


def test_who_booked_two_of_one_weekday_at_once_has_one_a_week_from_then_on(house: Dorpshuis) -> None:
    found = pattern(house, WEDNESDAY, after(WEDNESDAY, 1), after(WEDNESDAY_NOON, 1), THURSDAY)
    dates = found.dates(3)
    assert [moments[0].date for moments in dates] == [
        day for n in (1, 2, 3) for day in (THURSDAY.date + n * WEEK, WEDNESDAY.date + (n + 1) * WEEK)
    ]
    assert {len(moments) for moments in dates[1::2]} == {2}
    assert len(book_series(order(found, 3), GUEST).reservations) == 6


def test_the_dates_of_a_standing_place_are_no_series(house: Dorpshuis) -> None:
    assert pattern_of(make_standing(house).reservation) is None


def test_her_own_desk_is_hers_each_week_or_the_date_is_not_booked(house: Dorpshuis) -> None:
    desk = desks_of(house)[2]
    found = pattern(house, desk_id=desk.pk)
    make_booking(house, after(WEDNESDAY, 2), desk_id=desk.pk)
    seen = look(found, 3).dates
    assert [planned.why for planned in seen] == [None, Why.DESK, None]
    assert seen[1].any_desk
    assert [cell.moment.dagdeel for cell in seen[1].parts] == [Dagdeel.MIDDAG]
    booked = book_series(order(found, 3), GUEST)
    assert {row.bookings.get().desk for row in booked.reservations} == {desk}


def test_a_closure_takes_its_date_out_and_says_what_then(house: Dorpshuis) -> None:
    near = make_house("ginds", name="Ginds", village=make_village("Ginds", 52.81, 6.41))
    found = pattern(house)
    make_closed(house, after(WEDNESDAY, 4).date)
    shut = look(found).dates[3]
    assert (shut.why, shut.cell and shut.cell.reason) == (Why.SHUT, "dorpsfeest")
    assert shut.nearby
    assert shut.nearby.dorpshuis == near
    assert len(book_series(order(found), GUEST).reservations) == 7


def test_only_a_closed_morning_leaves_the_afternoon_to_choose(house: Dorpshuis) -> None:
    found = pattern(house)
    make_closed(house, after(WEDNESDAY, 1).date, dagdelen=frozenset({Dagdeel.OCHTEND}))
    assert [cell.moment.dagdeel for cell in look(found, 1).dates[0].parts] == [Dagdeel.MIDDAG]


def test_beyond_the_booking_window_nothing_is_booked(house: Dorpshuis) -> None:
    seen = look(pattern(house), 12)
    assert [planned.why for planned in seen.dates] == [None] * 8 + [Why.TOO_FAR] * 4
    assert seen.last_day == date(2027, 1, 22)


def test_the_limit_of_a_guest_ends_the_series(house: Dorpshuis) -> None:
    Dorpshuis.objects.update(order_limit=2, guest_limit=4)
    house.refresh_from_db()
    found = pattern(house)
    assert [planned.why for planned in look(found, 5).dates] == [None] * 3 + [Why.LIMIT] * 2
    assert len(book_series(order(found, 5), GUEST).reservations) == 3


def test_each_date_has_the_price_of_its_own_day(house: Dorpshuis) -> None:
    Tariff.objects.create(dorpshuis=house, kind="standaard", cents=900, valid_from=after(WEDNESDAY, 3).date)
    assert [planned.cents for planned in look(pattern(house), 4).dates] == [750, 750, 900, 900]


def test_a_price_that_only_the_house_may_choose_becomes_the_usual_one(house: Dorpshuis) -> None:
    Tariff.objects.create(dorpshuis=house, kind="gratis", cents=0, chooser=Tariff.Chooser.HOUSE)
    reservation = make_booking(house, WEDNESDAY, email=EMAIL)
    reservation.bookings.update(tariff="gratis", price_cents=0)
    found = pattern_of(reservation)
    assert found
    assert [planned.cents for planned in look(found, 1).dates] == [750]


@pytest.mark.parametrize("cents", [0, 5999, 6001])
def test_another_sum_than_promised_books_nothing(house: Dorpshuis, cents: int) -> None:
    found = pattern(house)
    with pytest.raises(SeriesChanged):
        book_series(order(found, cents=cents), GUEST)
    assert Reservation.objects.count() == 1


def test_a_date_that_is_full_since_books_nothing(house: Dorpshuis) -> None:
    wish = order(pattern(house))
    for _ in range(4):
        make_booking(house, after(WEDNESDAY, 3))
    count = Reservation.objects.count()
    with pytest.raises(SeriesChanged):
        book_series(wish, GUEST)
    assert Reservation.objects.count() == count


def test_the_same_form_twice_is_one_series(house: Dorpshuis) -> None:
    wish = order(pattern(house))
    first, second = book_series(wish, GUEST), book_series(wish, GUEST)
    assert (first, Reservation.objects.count()) == (second, 9)


def test_the_same_series_from_another_form_has_nothing_left_to_book(house: Dorpshuis) -> None:
    found = pattern(house)
    book_series(order(found), GUEST)
    seen = look(found)
    assert {planned.why for planned in seen.dates} == {Why.HAD}
    assert seen.bookable == []


def test_a_series_that_a_crash_broke_off_is_ended_by_the_second_tap(
    house: Dorpshuis, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = order(pattern(house))
    done: list[int] = []

    def crashes(*args: object) -> object:
        done.append(1)
        if len(done) == 4:
            raise MemoryError
        return book(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("bookings.actions.series.book", crashes)
        with pytest.raises(MemoryError):
            book_series(wish, GUEST)
    assert Reservation.objects.exclude(series="").count() == 3
    assert len(book_series(wish, GUEST).reservations) == 8
    assert Reservation.objects.exclude(series="").values("series").distinct().count() == 1
    assert OutboxMail.objects.filter(kind="series").count() == 1


def test_a_date_that_is_lost_in_that_very_moment_costs_only_itself(
    house: Dorpshuis, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = order(pattern(house), 3)

    def overtaken(one: object, by: object) -> object:
        if one.moments == (after(WEDNESDAY, 2),):  # type: ignore[attr-defined]
            for _ in range(4):
                book(make_order(house, after(WEDNESDAY, 2)), GUEST)
        return book(one, by)  # type: ignore[arg-type]

    monkeypatch.setattr("bookings.actions.series.book", overtaken)
    booked = book_series(wish, GUEST)
    assert [row.bookings.get().date for row in booked.reservations] == [
        after(WEDNESDAY, 1).date,
        after(WEDNESDAY, 3).date,
    ]
    assert len(book_series(wish, GUEST).reservations) == 2


def test_who_gave_all_of_it_back_can_book_it_again_and_gets_a_new_mail(house: Dorpshuis) -> None:
    wish = order(pattern(house), 2)
    for row in book_series(wish, GUEST).reservations:
        cancel(row, GUEST)
    booked = book_series(wish, GUEST)
    assert len(booked.reservations) == 2
    assert OutboxMail.objects.filter(kind="series").count() == 2


# --- the mail ---------------------------------------------------------------------------------------------


def test_one_mail_tells_all_dates_each_with_its_link_and_one_agenda_file(
    house: Dorpshuis, post: Post, settings: Settings
) -> None:
    found = pattern(house)
    OutboxMail.objects.all().delete()
    booked = book_series(order(found, 3), GUEST)
    delivery.sweep()
    assert post.recipients == [EMAIL]
    (mail,) = post.mails
    assert mail["Subject"] == "Je werkplek is geboekt: 3 keer in Het Huis"
    body = mail.get_body(("plain",))
    assert body is not None
    for row in booked.reservations:
        assert f"/boeking/{row.reference}/" in body.get_content()
    (agenda,) = mail.iter_attachments()
    assert agenda.get_content().count("BEGIN:VEVENT") == 3


def test_a_series_that_was_broken_off_is_told_a_minute_later(house: Dorpshuis, time_machine: object) -> None:
    found = pattern(house)
    OutboxMail.objects.all().delete()
    one = make_order(house, after(WEDNESDAY, 1), email=EMAIL, series="abc")
    book(one, GUEST)
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.visible_from - mail.created_at) == ("series", timedelta(minutes=1))
    assert found.reservation.pk


def test_a_date_of_it_is_given_back_by_itself(house: Dorpshuis) -> None:
    booked = book_series(order(pattern(house), 3), GUEST)
    cancel(booked.reservations[1], GUEST)
    assert Booking.objects.occupying().count() == 3
    assert CallEntry.objects.count() == 0
