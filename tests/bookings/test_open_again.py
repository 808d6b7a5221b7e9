"""The house opens after all: who was told that her booking is off, hears that too; and nobody else."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives

from bookings.actions.cancel import cancel
from bookings.actions.close import Closed, reopen
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.mails.gone import called_off
from bookings.models import Booking, CallEntry, Reservation
from portal.base import clock, outbox
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from portal.base.outbox import delivery, registry
from tests.factories import at, desks_of, house_actor, make_booking, make_closed, make_house
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, Guest, on_monday
from tests.post import Post
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database_long, on_monday]

ANNA = "anna@voorbeeld.example"
PHONE_ONLY: dict[str, Any] = {"email": "", "phone": "+31612345678"}
FRIDAY = Moment(MONDAY + timedelta(days=4), Dagdeel.OCHTEND)
TODAY_NOON = Moment(MONDAY, Dagdeel.MIDDAG)
# The afternoon begins at 13.00: a closure is told at once.
HALF_PAST_ELEVEN = at(MONDAY, 11, 30)


@pytest.fixture
def house() -> Iterator[Dorpshuis]:
    house = make_house("het-huis", name="Het Huis", desks=2)
    with time_machine.travel(HALF_PAST_ELEVEN, tick=False):
        yield house


def book_it(house: Dorpshuis, *moments: Moment, **fields: Any) -> Reservation:
    reservation = make_booking(house, *(moments or (TODAY_NOON,)), **({"email": ANNA} | fields))
    OutboxMail.objects.all().delete()
    CallEntry.objects.all().delete()
    return reservation


def open_again(closed: Closed, minutes: float = 1) -> None:
    with later(minutes):
        reopen(closed.closure, house_actor(closed.closure.dorpshuis))


def later(minutes: float) -> Any:
    return time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False)


def sweep_later(minutes: float) -> None:
    with later(minutes):
        delivery.sweep()


def subjects(post: Post) -> list[str]:
    return [str(mail["Subject"]) for mail in post.mails]


def text_of(post: Post) -> str:
    """The last mail that came."""
    body = post.mails[-1].get_body(("plain",))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


OFF = "Je boeking van maandag 23 november gaat niet door"
ON = "Je boeking van maandag 23 november gaat toch door"

# --- within ten minutes -----------------------------------------------------------------------------------


def test_who_was_told_at_once_hears_that_it_goes_on_after_all(house: Dorpshuis, post: Post) -> None:
    reservation = book_it(house)
    closed = make_closed(house, MONDAY)
    delivery.sweep()
    open_again(closed)
    sweep_later(1)
    sweep_later(2)
    assert subjects(post) == [OFF, ON]
    assert OutboxMail.objects.filter(key=f"undone:{closed.closure.pk}:{reservation.pk}", state="sent").count() == 1
    assert "€ 7,50" in text_of(post).replace("\N{NO-BREAK SPACE}", " ")


def test_who_was_not_told_yet_hears_nothing(house: Dorpshuis, post: Post) -> None:
    book_it(house, WEDNESDAY)
    open_again(make_closed(house, WEDNESDAY.date))
    sweep_later(20)
    assert (subjects(post), OutboxMail.objects.count()) == ([], 0)


def test_opening_twice_tells_it_once(house: Dorpshuis, post: Post) -> None:
    book_it(house)
    closed = make_closed(house, MONDAY)
    delivery.sweep()
    open_again(closed)
    open_again(closed)
    open_again(closed, 30)
    sweep_later(60)
    assert subjects(post) == [OFF, ON]


@pytest.fixture
def undone_while_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house opens again at the very moment at which a worker has composed the mail and not yet sent it."""

    def compose(mail: OutboxMail) -> EmailMultiAlternatives | None:
        message = called_off(mail)
        closure = Booking.objects.exclude(closure=None)[0].closure
        assert closure
        reopen(closure, house_actor(closure.dorpshuis))
        return message

    monkeypatch.setitem(registry._composers, "called_off", compose)


def test_a_mail_that_is_being_sent_counts_as_told_and_is_not_overtaken(
    house: Dorpshuis, post: Post, undone_while_sending: None
) -> None:
    book_it(house)
    make_closed(house, MONDAY)
    delivery.sweep()
    assert subjects(post) == [OFF]
    delivery.sweep()
    assert subjects(post) == [OFF]
    sweep_later(1)
    assert subjects(post) == [OFF, ON]


def test_a_mail_that_only_looked_at_what_waits_would_leave_her_at_home(
    house: Dorpshuis, post: Post, undone_while_sending: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox.State, "on_its_way", ("sent",))
    book_it(house)
    make_closed(house, MONDAY)
    sweep_later(0)
    sweep_later(2)
    assert (subjects(post), Booking.objects.get().state) == ([OFF], "booked")


def take_her_desk(house: Dorpshuis) -> None:
    """Somebody else gets the slot that was called off, as no page could."""
    gone = Booking.objects.get(reservation__email=ANNA)
    other = make_booking(house, FRIDAY, email="bert@voorbeeld.example").bookings.get()
    Booking.objects.filter(pk=other.pk).update(date=gone.date, dagdeel=gone.dagdeel, desk=gone.desk)
    OutboxMail.objects.filter(recipient="bert@voorbeeld.example").delete()


def test_who_was_told_and_lost_her_place_hears_nothing_new(house: Dorpshuis, post: Post) -> None:
    book_it(house)
    closed = make_closed(house, MONDAY)
    delivery.sweep()
    take_her_desk(house)
    open_again(closed)
    sweep_later(20)
    assert subjects(post) == [OFF]


def test_who_was_not_told_and_lost_her_place_hears_why_at_once(house: Dorpshuis, post: Post) -> None:
    book_it(house, WEDNESDAY)
    closed = make_closed(house, WEDNESDAY.date)
    take_her_desk(house)
    open_again(closed)
    sweep_later(1)
    assert subjects(post) == ["Je boeking van woensdag 25 november gaat niet door"]
    text = text_of(post)
    assert ("Maar je plek konden we niet teruggeven." in text, "dorpsfeest" in text) == (True, False)


def test_what_goes_on_and_what_does_not_stand_in_one_mail(house: Dorpshuis, post: Post) -> None:
    book_it(house, TODAY_NOON, WEDNESDAY)
    closed = make_closed(house, MONDAY, WEDNESDAY.date)
    delivery.sweep()
    make_closed(house, WEDNESDAY.date)
    open_again(closed)
    sweep_later(1)
    assert subjects(post)[1:] == [ON]
    assert "Dit gaat nog steeds niet door\n- woensdag 25 november, ochtend" in text_of(post)


def test_who_gave_it_back_meanwhile_does_not_hear_that_it_goes_on(house: Dorpshuis, post: Post) -> None:
    reservation = book_it(house)
    closed = make_closed(house, MONDAY)
    delivery.sweep()
    open_again(closed)
    cancel(reservation, GUEST)
    sweep_later(1)
    assert ON not in subjects(post)


def entries() -> list[str]:
    return list(CallEntry.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(("called", "left"), [(False, []), (True, ["called_off", "undone"])])
def test_who_has_no_address_is_called_only_if_she_was_called_before(
    house: Dorpshuis, called: bool, left: list[str]
) -> None:
    reservation = book_it(house, **PHONE_ONLY)
    closed = make_closed(house, MONDAY)
    if called:
        CallEntry.objects.update(done_at=clock.now())
    open_again(closed)
    assert entries() == left
    assert CallEntry.objects.filter(key=f"undone:{closed.closure.pk}:{reservation.pk}").count() == called


# --- later ------------------------------------------------------------------------------------------------


def test_later_the_same_guests_hear_that_it_is_open(house: Dorpshuis, post: Post) -> None:
    reservation = book_it(house, WEDNESDAY)
    book_it(house, WEDNESDAY, **PHONE_ONLY)
    closed = make_closed(house, WEDNESDAY.date)
    sweep_later(10)
    open_again(closed, 60)
    sweep_later(60)
    assert subjects(post)[1:] == ["Het Huis is toch open"]
    assert OutboxMail.objects.filter(key=f"reopened:{closed.closure.pk}:{reservation.pk}", state="sent").exists()
    assert entries() == ["called_off", "reopened"]
    assert set(Booking.objects.values_list("state", flat=True)) == {"house_cancelled"}


def link_in(text: str) -> str:
    """The address behind "Boek dit opnieuw", without its host."""
    (found,) = re.findall(r"Boek dit opnieuw: http://localhost:8000(\S+)", text)
    return str(found)


def test_its_link_chooses_what_is_free_again(house: Dorpshuis, post: Post) -> None:
    book_it(house, WEDNESDAY, THURSDAY)
    open_again(make_closed(house, WEDNESDAY.date, THURSDAY.date), 60)
    sweep_later(60)
    link = link_in(text_of(post))
    assert link == f"/dorpshuizen/het-huis/?week=2026-W48&dagdeel={WEDNESDAY}&dagdeel={THURSDAY}"
    with later(60):
        assert Guest().get(link).button == "Boek en betaal € 15,00 in het dorpshuis"


def test_what_is_over_is_not_told(house: Dorpshuis) -> None:
    book_it(house)
    closed = make_closed(house, MONDAY)
    OutboxMail.objects.all().delete()
    with time_machine.travel(at(MONDAY, 13), tick=False):
        reopen(closed.closure, house_actor(house))
    assert OutboxMail.objects.count() == 0


def fill(house: Dorpshuis) -> None:
    for _ in desks_of(house):
        make_booking(house, WEDNESDAY)


def book_again(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, email=ANNA)


@pytest.mark.parametrize("meanwhile", [fill, book_again])
def test_what_can_not_be_booked_or_was_is_not_told(house: Dorpshuis, post: Post, meanwhile: Any) -> None:
    book_it(house, WEDNESDAY)
    open_again(make_closed(house, WEDNESDAY.date), 60)
    OutboxMail.objects.filter(kind="called_off").delete()
    with later(60):
        meanwhile(house)
        OutboxMail.objects.exclude(kind="reopened").delete()
        delivery.sweep()
    assert (subjects(post), OutboxMail.objects.get().state) == ([], "dropped")


# --- something else ---------------------------------------------------------------------------------------


def offered(post: Post) -> list[str]:
    """The dagdelen that the mail proposes."""
    return re.findall(r"^- (.*?): http://localhost:8000/dorpshuizen/het-huis/\?week=\S+$", text_of(post), re.MULTILINE)


def close_and_send(house: Dorpshuis, **fields: Any) -> None:
    make_closed(house, WEDNESDAY.date, **fields)
    sweep_later(10)


def test_the_nearest_that_is_free_is_offered(house: Dorpshuis, post: Post) -> None:
    book_it(house, WEDNESDAY)
    close_and_send(house, dagdelen=frozenset({Dagdeel.OCHTEND}))
    assert offered(post) == [
        "woensdag 25 november, middag",
        "donderdag 26 november, ochtend",
        "donderdag 26 november, middag",
    ]


def test_what_she_has_already_and_what_is_full_is_not_offered(house: Dorpshuis, post: Post) -> None:
    book_it(house, WEDNESDAY, THURSDAY)
    make_closed(house, WEDNESDAY.date)
    for _ in desks_of(house):
        make_booking(house, Moment(THURSDAY.date, Dagdeel.MIDDAG))
    OutboxMail.objects.exclude(kind="called_off").delete()
    sweep_later(10)
    assert offered(post)[0] == "vrijdag 27 november, ochtend"


def test_before_the_end_of_the_window_it_looks_back(house: Dorpshuis, post: Post) -> None:
    Dorpshuis.objects.update(window_days=2)
    house.refresh_from_db()
    book_it(house, WEDNESDAY)
    close_and_send(house)
    assert [words.split(" ", 1)[1] for words in offered(post)] == [
        "23 november, middag",
        "24 november, ochtend",
        "24 november, middag",
    ]


def test_a_link_chooses_it(house: Dorpshuis, post: Post) -> None:
    book_it(house, WEDNESDAY)
    close_and_send(house)
    link = re.findall(r"ochtend: http://localhost:8000(\S+)", text_of(post))[0]
    assert link == f"/dorpshuizen/het-huis/?week=2026-W48&dagdeel={THURSDAY}"
    assert Guest().get(link).has_form


def test_when_nothing_is_free_nothing_is_offered(house: Dorpshuis, post: Post) -> None:
    Dorpshuis.objects.update(window_days=2)
    house.refresh_from_db()
    book_it(house, WEDNESDAY)
    make_closed(house, MONDAY, WEDNESDAY.date)
    sweep_later(10)
    assert (offered(post), "Kies een ander dagdeel" in text_of(post)) == ([], True)
