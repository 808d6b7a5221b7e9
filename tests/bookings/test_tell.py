"""What a guest hears: a mail once, or a line on the call list; and nothing of what did not happen."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoCaptureOnCommitCallbacks

from bookings.actions.book import book
from bookings.actions.cancel import cancel
from bookings.actions.change import Change, change
from bookings.actions.close import reopen
from bookings.models import Booking, CallEntry, Reservation
from bookings.refusals import NotBookable
from portal.base import clock
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.factories import (
    at,
    house_actor,
    make_booking,
    make_closed,
    make_house,
    make_order,
)
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, on_monday
from tests.post import Post
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database_long, on_monday]

PHONE_ONLY: dict[str, Any] = {"email": "", "phone": "+31612345678"}


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


def mails() -> list[tuple[str, str, str]]:
    """Kind, recipient and state of every row, in the order of writing."""
    return list(OutboxMail.objects.order_by("pk").values_list("kind", "recipient", "state"))


def calls() -> list[tuple[str, int]]:
    return list(CallEntry.objects.order_by("pk").values_list("kind", "reservation_id"))


def calls_to_do() -> int:
    return CallEntry.objects.to_do(clock.now()).count()


def later(**time: float) -> Any:
    return time_machine.travel(clock.now() + timedelta(**time), tick=False)


# --- book -------------------------------------------------------------------------------------------------


def test_who_books_gets_one_mail(
    house: Dorpshuis, post: Post, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as queued:
        Guest().book(house, WEDNESDAY)
    delivery.sweep()
    delivery.sweep()
    assert (len(queued), post.recipients) == (1, ["marieke@voorbeeld.example"])


def test_a_second_tap_sends_no_second_mail(house: Dorpshuis) -> None:
    order = make_order(house, WEDNESDAY, key="sleutel", email="anna@voorbeeld.example")
    book(order, GUEST)
    book(order, GUEST)
    assert mails() == [("confirmation", "anna@voorbeeld.example", "waiting")]


def test_a_refused_order_sends_nothing(house: Dorpshuis) -> None:
    make_closed(house, WEDNESDAY.date)
    with pytest.raises(NotBookable):
        book(make_order(house, WEDNESDAY), GUEST)
    with pytest.raises(NotBookable):
        book(make_order(house, WEDNESDAY, **PHONE_ONLY), GUEST)
    assert (mails(), calls()) == ([], [])


def test_a_guest_without_an_address_is_put_on_the_call_list(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, **PHONE_ONLY)
    assert (mails(), calls(), calls_to_do()) == ([], [("confirmation", reservation.pk)], 1)


def test_who_booked_by_phone_needs_no_call(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, by=house_actor(house), **PHONE_ONLY)
    assert (mails(), calls()) == ([], [])


def test_who_booked_by_phone_and_has_an_address_gets_the_mail(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, by=house_actor(house), email="anna@voorbeeld.example")
    assert mails() == [("confirmation", "anna@voorbeeld.example", "waiting")]


def test_what_was_cancelled_before_the_mail_left_is_not_confirmed(house: Dorpshuis, post: Post) -> None:
    cancel(make_booking(house, WEDNESDAY), GUEST)
    delivery.sweep()
    assert [(kind, state) for kind, _, state in mails()] == [("confirmation", "dropped"), ("cancellation", "sent")]


@pytest.mark.django_db(transaction=True)
def test_with_a_dead_broker_the_booking_stands_and_the_mail_goes_later(
    house: Dorpshuis, post: Post, dead_broker: None
) -> None:
    page = Guest().book(house, WEDNESDAY)
    assert (page.status, Booking.objects.get().state) == (302, Booking.State.BOOKED)
    delivery.sweep()
    delivery.sweep()
    assert post.recipients == ["marieke@voorbeeld.example"]


def test_with_a_dead_mail_server_the_booking_stands(
    house: Dorpshuis, settings: Any, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = Guest().book(house, WEDNESDAY)
    delivery.sweep()
    assert (page.status, [state for *_, state in mails()]) == (302, ["waiting"])


# --- cancel -----------------------------------------------------------------------------------------------


def test_each_act_of_cancelling_is_told_once(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, WEDNESDAY_NOON, THURSDAY)
    cancel(reservation, GUEST, moments=[WEDNESDAY])
    cancel(reservation, GUEST)
    assert [kind for kind, *_ in mails()] == ["confirmation", "cancellation", "cancellation"]


def test_who_has_no_address_is_called_when_the_house_cancels(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, by=house_actor(house), **PHONE_ONLY)
    cancel(reservation, house_actor(house))
    assert calls() == [("cancellation", reservation.pk)]


@pytest.mark.parametrize(("email", "told"), [("", 0), ("anna@voorbeeld.example", 1)])
def test_who_cancels_on_the_phone_heard_it_there(house: Dorpshuis, email: str, told: int) -> None:
    reservation = make_booking(house, WEDNESDAY, by=house_actor(house), email=email, phone="+31612345678")
    cancel(reservation, house_actor(house), on_phone=True)
    assert len([kind for kind, _, _ in mails() if kind == "cancellation"]) == told
    assert calls() == []


# --- close ------------------------------------------------------------------------------------------------


def without_confirmations() -> None:
    OutboxMail.objects.all().delete()
    CallEntry.objects.all().delete()


def test_a_closure_is_told_after_ten_minutes(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, email="anna@voorbeeld.example")
    make_booking(house, WEDNESDAY, **PHONE_ONLY)
    without_confirmations()
    make_closed(house, WEDNESDAY.date)
    with later(minutes=9, seconds=59):
        delivery.sweep()
        assert (post.recipients, calls_to_do()) == ([], 0)
    with later(minutes=10):
        delivery.sweep()
        assert (post.recipients, calls_to_do()) == (["anna@voorbeeld.example"], 1)


@pytest.mark.parametrize(("hour", "minute", "at_once"), [(10, 59, False), (11, 0, True), (13, 30, True)])
def test_who_would_come_within_two_hours_is_told_at_once(
    house: Dorpshuis, post: Post, hour: int, minute: int, at_once: bool
) -> None:
    make_booking(house, type(WEDNESDAY)(MONDAY, WEDNESDAY_NOON.dagdeel), WEDNESDAY)
    without_confirmations()
    with time_machine.travel(at(MONDAY, hour, minute), tick=False):
        make_closed(house, MONDAY, WEDNESDAY.date)
        delivery.sweep()
    assert len(post.mails) == at_once


def test_undone_within_ten_minutes_nobody_hears_of_it(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY)
    make_booking(house, WEDNESDAY, **PHONE_ONLY)
    without_confirmations()
    closed = make_closed(house, WEDNESDAY.date)
    assert len(mails()) + len(calls()) == 2
    reopen(closed.closure, house_actor(house))
    assert (mails(), calls()) == ([], [])


def test_a_guest_who_does_not_get_her_place_back_still_hears_of_it(house: Dorpshuis) -> None:
    (desk,) = house.rooms.get().desks.all()[:1]
    make_booking(house, WEDNESDAY, desk_id=desk.pk, email="anna@voorbeeld.example")
    closed = make_closed(house, WEDNESDAY.date, desks=(desk,))
    without_place = Booking.objects.get()
    make_booking(house, WEDNESDAY, email="bert@voorbeeld.example")
    Booking.objects.exclude(pk=without_place.pk).update(desk=desk)
    reopen(closed.closure, house_actor(house))
    assert ("called_off", "anna@voorbeeld.example", "waiting") in mails()


def test_a_guest_with_more_dagdelen_in_it_hears_of_it_once(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, WEDNESDAY_NOON, THURSDAY, email="anna@voorbeeld.example")
    without_confirmations()
    make_closed(house, WEDNESDAY.date, THURSDAY.date)
    assert mails() == [("called_off", "anna@voorbeeld.example", "waiting")]


def test_who_is_moved_to_another_desk_hears_nothing(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY)
    without_confirmations()
    make_closed(house, WEDNESDAY.date, desks=tuple(house.rooms.get().desks.all()[:1]))
    assert (mails(), calls()) == ([], [])


# --- queries ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moments", [(WEDNESDAY,), (WEDNESDAY, WEDNESDAY_NOON, THURSDAY)])
def test_a_mail_costs_the_same_queries_for_one_dagdeel_and_three(
    house: Dorpshuis, query_count: Any, moments: tuple[Any, ...]
) -> None:
    make_booking(house, *moments)
    (key,) = OutboxMail.objects.values_list("key", flat=True)
    with query_count(11):
        delivery.deliver(key)
    assert Reservation.objects.count() == 1


# --- change -----------------------------------------------------------------------------------------------


def change_twice(house: Dorpshuis, *, by_house: bool, **contact: Any) -> Reservation:
    """There and somewhere else; the booking itself was told before."""
    reservation = make_booking(house, WEDNESDAY, **contact)
    OutboxMail.objects.all().delete()
    CallEntry.objects.all().delete()
    by = house_actor(house) if by_house else GUEST
    change(reservation, Change(WEDNESDAY, THURSDAY), by)
    change(reservation, Change(THURSDAY, WEDNESDAY_NOON), by)
    return reservation


@pytest.mark.parametrize("by_house", [False, True])
def test_each_change_is_a_mail_of_its_own(house: Dorpshuis, by_house: bool) -> None:
    reservation = change_twice(house, by_house=by_house, email="anna@voorbeeld.example")
    assert mails() == [("change", "anna@voorbeeld.example", "waiting")] * 2
    keys = OutboxMail.objects.order_by("pk").values_list("key", flat=True)
    assert list(keys) == [f"change:{reservation.pk}:1", f"change:{reservation.pk}:2"]


def test_who_changes_without_an_address_is_called(house: Dorpshuis) -> None:
    reservation = change_twice(house, by_house=False, **PHONE_ONLY)
    assert (mails(), calls()) == ([], [("change", reservation.pk)] * 2)


def test_who_changes_by_phone_without_an_address_was_told_by_the_volunteer(house: Dorpshuis) -> None:
    change_twice(house, by_house=True, **PHONE_ONLY)
    assert (mails(), calls()) == ([], [])
