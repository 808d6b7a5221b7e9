"""Deleting a guest: nothing of her is left in any table, and all numbers are."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from pytest_django import Settings

from bookings.actions.book import book
from bookings.actions.calls import answer_call
from bookings.actions.close import reopen
from bookings.actions.forget import forget
from bookings.actions.guests import Contact, correct, merge
from bookings.actions.standing import top_up
from bookings.models import Booking, CallAttempt, CallEntry, Guest, Reservation
from bookings.person import as_shown, coming_of, version_of
from bookings.refusals import NotAsShown, StillComing
from bookings.tell import tell_lost_link
from portal.base import clock
from portal.base.log import GUEST, SYSTEM, Actor
from portal.base.log.models import LogEntry
from portal.base.models import Deletion, OutboxMail
from portal.base.outbox import delivery
from tests.bookings.counter import ROOM, page_of, tap
from tests.factories import (
    house_actor,
    make_booking,
    make_closed,
    make_hold,
    make_house,
    make_member,
    make_order,
    make_standing,
)
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, on_monday
from tests.guest import Guest as Browser
from tests.post import Post
from tests.traces import EMAIL, NAME, PHONE, POSTCODE, shows_her
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database, on_monday]

ANNA: dict[str, Any] = {"name": NAME, "email": EMAIL, "phone": PHONE}


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def by(house: Dorpshuis) -> Actor:
    return house_actor(house)


def in_the_past(reservation: Reservation, state: str = Booking.State.USED) -> Guest:
    """As if all of it was two weeks earlier."""
    for row in reservation.bookings.all():
        row.date, row.state, row.paid_how = row.date - timedelta(weeks=2), state, "pin"
        row.save(update_fields=["date", "state", "paid_how"])
    return reservation.guest


def traces() -> list[str]:
    """Every column of every table in which something of her stands."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        columns = [str(field.column) for field in model._meta.concrete_fields]
        with connection.cursor() as cursor:
            names = ", ".join(connection.ops.quote_name(name) for name in columns)
            cursor.execute(f"SELECT {names} FROM {model._meta.db_table}")  # noqa: S608 - our own tables
            rows = cursor.fetchall()
        found += [
            f"{model._meta.label}.{name}"
            for row in rows
            for name, value in zip(columns, row, strict=True)
            if shows_her(value)
        ]
    return sorted(set(found))


def lived(house: Dorpshuis, by: Actor) -> Guest:
    """A guest with all that can be known of her: orders, answers, a remark, mails, calls and notes, a lost link."""
    order = {**ANNA, "postcode": POSTCODE, "remark": "Vergeet mijn stoel niet", "key": "wijnanda-sleutel"}
    first = make_booking(house, WEDNESDAY, **order)
    by_phone = make_booking(house, THURSDAY, by=by, **ANNA)
    delivery.sweep()
    entry = CallEntry.objects.create(dorpshuis=house, reservation=first, kind="undelivered", key="undelivered:1")
    answer_call(entry, CallAttempt.Outcome.CALLED, by, "Zwaluwhof: bel de buurvrouw")
    tell_lost_link(EMAIL, clock.today())
    delivery.sweep()
    in_the_past(by_phone)
    return in_the_past(first)


def test_nothing_of_her_is_left_in_any_table(house: Dorpshuis, by: Actor, post: Post) -> None:
    guest = lived(house, by)
    assert {"bookings.Guest.name", "bookings.CallAttempt.note", "base.OutboxMail.sent_text"} <= set(traces())
    forget(guest, by)
    assert traces() == ["base.OutboxMail.recipient"]  # the last mail, until it is sent
    delivery.sweep()
    assert (traces(), post.recipients[-1]) == ([], EMAIL)


def test_the_search_would_find_any_spelling() -> None:
    spellings = ["Wijnanda", "ZWALUWHOF", EMAIL, PHONE, "06 87 65 43 21", "06-87654321", "0687654321", POSTCODE]
    spellings += [json.dumps({"postcode": POSTCODE}), f"'{POSTCODE}'"]
    assert [text for text in spellings if not shows_her(text)] == []


def test_the_search_takes_no_number_or_moment_for_her_postcode() -> None:
    others = [7991, "2026-11-22 17:20:04.799104", "2026-11-22 17:20:04.317991+00", "c17991f0", '{"booking": 7991}']
    others += ["7991", "reservation:7991", "closure:7991:7991", "[7991, 7901]"]
    assert [value for value in others if shows_her(value)] == []


def test_the_number_of_bookings_and_what_was_paid_stay(house: Dorpshuis, by: Actor) -> None:
    guest = lived(house, by)

    def rows() -> list[Any]:
        return list(Booking.objects.order_by("pk").values_list("pk", "state", "price_cents", "paid_how", "date"))

    before = rows()
    forget(guest, by)
    assert (rows(), len(before)) == (before, 2)
    assert Guest.objects.get(pk=guest.pk).emptied_at == clock.now()


def test_the_old_link_is_dead(house: Dorpshuis, by: Actor) -> None:
    browser = Browser()
    link = browser.book(house, WEDNESDAY, email=EMAIL).response["Location"]
    guest = in_the_past(Reservation.objects.get())
    assert browser.get(link).status == 200
    forget(guest, by)
    assert browser.get(link).status == 404


def test_every_emptied_row_is_written_down_for_a_restore(house: Dorpshuis, by: Actor, post: Post) -> None:
    guest = lived(house, by)
    entries, mails = CallEntry.objects.count(), OutboxMail.objects.count()
    forget(guest, by)
    kinds = [subject.partition(":")[0] for subject in Deletion.objects.values_list("subject", flat=True)]
    counted = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counted == {"guest": 1, "reservation": 2, "callentry": entries, "outboxmail": mails}


def test_running_twice_is_no_error_and_changes_nothing(house: Dorpshuis, by: Actor) -> None:
    guest = lived(house, by)
    first = forget(guest, by)
    reference = Reservation.objects.latest("pk").reference
    assert (first, forget(guest, by)) == (True, False)
    assert Reservation.objects.latest("pk").reference == reference
    assert LogEntry.objects.filter(verb="forget").count() == 1
    assert OutboxMail.objects.filter(kind="forgotten").count() == 1


def test_with_something_to_come_it_refuses(house: Dorpshuis, by: Actor) -> None:
    guest = make_booking(house, WEDNESDAY, **ANNA).guest
    with pytest.raises(StillComing):
        forget(guest, by)
    assert Guest.objects.get(pk=guest.pk).email == EMAIL


def test_what_is_to_come_is_cancelled_first_and_told_in_the_last_mail(house: Dorpshuis, by: Actor, post: Post) -> None:
    guest = make_booking(house, WEDNESDAY, THURSDAY, **ANNA).guest
    delivery.sweep()
    forget(guest, by, shown=as_shown(coming_of(house, guest)))
    delivery.sweep()
    assert list(Booking.objects.values_list("state", flat=True)) == ["house_cancelled"] * 2
    assert [mail["Subject"] for mail in post.mails[1:]] == ["Je gegevens zijn verwijderd"]
    text = post.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert lines == ["- woensdag 25 november, ochtend", "- donderdag 26 november, ochtend"]
    assert traces() == []


def test_a_booking_made_after_the_page_was_shown_stops_it(house: Dorpshuis, by: Actor) -> None:
    guest = make_booking(house, WEDNESDAY, **ANNA).guest
    shown = as_shown(coming_of(house, guest))
    make_booking(house, THURSDAY, **ANNA)
    with pytest.raises(NotAsShown):
        forget(guest, by, shown=shown)
    assert Booking.objects.filter(state=Booking.State.BOOKED).count() == 2


def test_who_has_no_address_gets_no_mail(house: Dorpshuis, by: Actor) -> None:
    forget(in_the_past(make_booking(house, WEDNESDAY, **ANNA | {"email": ""})), by)
    assert (OutboxMail.objects.count(), CallEntry.objects.count()) == (0, 0)


def test_the_last_mail_is_in_her_language(house: Dorpshuis, by: Actor, post: Post) -> None:
    forget(in_the_past(make_booking(house, WEDNESDAY, language="en", **ANNA)), by)
    delivery.sweep()
    assert post.mails[-1]["Subject"] == "Your details have been deleted"


def test_a_last_mail_that_is_refused_keeps_no_address_either(house: Dorpshuis, by: Actor, post: Post) -> None:
    guest = in_the_past(make_booking(house, WEDNESDAY, **ANNA))
    delivery.sweep()
    post.answers = ["550 No such user"]
    forget(guest, by)
    delivery.sweep()
    assert (traces(), OutboxMail.objects.get(kind="forgotten").state) == ([], "failed")


def test_a_mail_that_was_being_sent_leaves_nothing(house: Dorpshuis, by: Actor, post: Post) -> None:
    guest = in_the_past(make_booking(house, WEDNESDAY, **ANNA))
    Booking.objects.update(state=Booking.State.BOOKED, date=WEDNESDAY.date)
    key = OutboxMail.objects.get().key
    mail = delivery._claim(key)
    assert mail
    message = delivery._compose(mail)
    Booking.objects.update(state=Booking.State.USED, date=MONDAY)
    forget(guest, by)
    OutboxMail.objects.filter(kind="forgotten").delete()
    assert message
    delivery._settle(mail, OutboxMail.State.SENT, sent_at=clock.now(), **delivery._copy(mail, message))
    assert (traces(), OutboxMail.objects.get(key=key).state) == ([], "sent")


def test_answers_that_were_on_their_way_bring_nothing_back(house: Dorpshuis, by: Actor) -> None:
    guest = in_the_past(make_booking(house, WEDNESDAY, **ANNA))
    read_before = Reservation.objects.get()
    forget(guest, by)
    read_before.keep_answers(POSTCODE, "poster", "zzp")
    row = Reservation.objects.get()
    assert (row.postcode, row.found_by, row.target_group) == ("", "", "")


def test_in_the_demo_the_last_mail_can_be_read(house: Dorpshuis, by: Actor, settings: Settings) -> None:
    settings.DEMO = True
    forget(in_the_past(make_booking(house, WEDNESDAY, **ANNA)), by)
    delivery.sweep()
    assert OutboxMail.objects.get(recipient=EMAIL).sent_subject == "Je gegevens zijn verwijderd"


def test_what_waits_to_be_told_is_not_told(house: Dorpshuis, by: Actor, post: Post) -> None:
    forget(in_the_past(make_booking(house, WEDNESDAY, **ANNA)), by)
    delivery.sweep()
    assert [mail["Subject"] for mail in post.mails] == ["Je gegevens zijn verwijderd"]


def test_a_house_that_reopens_brings_nothing_of_her_back(house: Dorpshuis, by: Actor) -> None:
    guest = make_booking(house, WEDNESDAY, **ANNA).guest
    make_closed(house, WEDNESDAY.date)
    forget(guest, by)
    reopen(Closure.objects.get(), by)
    assert (Booking.objects.get().state, CallEntry.objects.count()) == ("house_cancelled", 0)


def test_a_house_that_reopens_later_calls_nobody_who_was_deleted(house: Dorpshuis, by: Actor) -> None:
    guest = make_booking(house, WEDNESDAY, **ANNA).guest
    make_closed(house, WEDNESDAY.date)
    forget(guest, by)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        reopen(Closure.objects.get(), by)
    assert (OutboxMail.objects.filter(kind="reopened").count(), CallEntry.objects.count()) == (0, 0)


def test_what_was_held_for_her_is_free_again(house: Dorpshuis, by: Actor) -> None:
    desk = house.rooms.get().desks.first()
    assert desk
    hold = make_hold(desk, WEDNESDAY, clock.now() + timedelta(hours=1), EMAIL)
    forget(hold.reservation.guest, by)
    hold.refresh_from_db()
    assert hold.state == Booking.State.CANCELLED


def test_somebody_else_keeps_everything(house: Dorpshuis, by: Actor) -> None:
    bert = make_booking(house, WEDNESDAY_NOON, name="Bert", email="bert@voorbeeld.example", by=by)
    elsewhere = make_booking(make_house(), WEDNESDAY, **ANNA)
    forget(lived(house, by), by)
    for reservation in (bert, elsewhere):
        kept = Reservation.objects.get(pk=reservation.pk)
        assert (kept.name, kept.email, kept.reference) == (reservation.name, reservation.email, reservation.reference)


def test_who_books_again_is_a_new_guest(house: Dorpshuis, by: Actor) -> None:
    guest = lived(house, by)
    forget(guest, by)
    again = book(make_order(house, WEDNESDAY, **ANNA), GUEST).reservation
    assert again.guest_id != guest.pk


def test_what_she_was_called_before_a_correction_or_a_merge_is_gone_too(house: Dorpshuis, by: Actor) -> None:
    old = make_booking(house, WEDNESDAY, **ANNA)
    guest = in_the_past(old)
    correct(guest, Contact("Nieuw", "nieuw@voorbeeld.example", ""), version_of(guest), by)
    guest.refresh_from_db()
    other = in_the_past(make_booking(house, THURSDAY, **ANNA))
    merge(guest, other, (version_of(guest), version_of(other)), by)
    forget(guest, by)
    delivery.sweep()
    assert traces() == []
    assert Deletion.objects.filter(subject__in=[f"guest:{guest.pk}", f"guest:{other.pk}"]).count() == 2


def test_she_may_do_it_herself(house: Dorpshuis, by: Actor) -> None:
    forget(lived(house, by), GUEST)
    assert LogEntry.objects.get(verb="forget").actor_kind == "guest"


# --- the page ---------------------------------------------------------------------------------------------


@pytest.fixture
def desk(house: Dorpshuis) -> Browser:
    browser = Browser()
    browser.client.force_login(make_member(house))
    return browser


def test_the_page_says_what_goes_and_what_stays_and_deletes_with_one_button(
    house: Dorpshuis, desk: Browser, by: Actor
) -> None:
    guest = lived(house, by)
    page = page_of(desk, guest, "verwijder/")
    for words in ("Dit gaat weg", "Dit blijft", "2 dagdelen als aantal", "€ 15,00 is betaald", "Dit kan niet terug."):
        assert words in page.text
    done = tap(desk, page, "Verwijder deze gegevens", follow=True)
    assert "De gegevens van deze gast zijn verwijderd." in done.text
    assert Guest.objects.get(pk=guest.pk).name == ""


def test_a_second_tap_says_the_same(house: Dorpshuis, desk: Browser, by: Actor) -> None:
    page = page_of(desk, lived(house, by), "verwijder/")
    assert [tap(desk, page, "Verwijder deze").response["Location"] for _ in range(2)] == [
        f"{ROOM}?klaar=verwijderd"
    ] * 2


def test_the_page_shows_first_what_is_to_come(house: Dorpshuis, desk: Browser) -> None:
    guest = make_booking(house, WEDNESDAY, **ANNA).guest
    page = page_of(desk, guest, "verwijder/")
    assert "Woensdag 25 november, ochtend" in page.text
    make_booking(house, THURSDAY, **ANNA)
    stopped = tap(desk, page, "Zeg af en verwijder alles")
    assert (stopped.status, "nog niets verwijderd" in stopped.notice) == (409, True)
    assert tap(desk, stopped, "Zeg af en verwijder alles").status == 302
    assert traces() == ["base.OutboxMail.recipient"]


def test_a_post_without_the_page_deletes_nothing(house: Dorpshuis, desk: Browser, by: Actor) -> None:
    page = page_of(desk, lived(house, by), "verwijder/")
    assert tap(desk, page, "Verwijder deze", afdruk="").status == 409
    assert Guest.objects.get().name == NAME


def test_a_holder_of_a_standing_place_leaves_nothing_and_no_more_dates_are_written(house: Dorpshuis, by: Actor) -> None:
    place = make_standing(house, organisation="Zwaluwhof Zorg", **ANNA)
    guest = place.reservation.guest
    delivery.sweep()
    forget(guest, by, shown=as_shown(coming_of(house, guest)))
    delivery.sweep()
    count = place.bookings.count()
    with time_machine.travel(clock.now() + timedelta(weeks=3), tick=False):
        top_up(house.pk, SYSTEM)
    assert traces() == []
    assert place.bookings.count() == count
    assert not place.bookings.filter(state=Booking.State.BOOKED).exists()
    assert Deletion.objects.filter(subject=f"standingplace:{place.pk}").exists()
