"""The agenda file, read back by a library that did not write it: the right instants, one event, nothing private."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
import vobject
from django.test import Client
from django.urls import reverse

from bookings.actions.cancel import cancel
from bookings.actions.close import reopen
from bookings.agenda import event_uid
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Reservation
from portal.base import clock
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.factories import HOURS, at, house_actor, make_booking, make_closed, make_house, make_openings, make_retired
from tests.guest import THURSDAY, WEDNESDAY, on_monday
from tests.post import Post
from villages.models import AccessWay, Dorpshuis, Opening

pytestmark = [pytest.mark.django_db, on_monday]

EVERY_DAY: dict[str, Any] = {"window_days": 365, "order_limit": 30, "guest_limit": 60}


@pytest.fixture
def house() -> Dorpshuis:
    house = make_house(
        "het-huis",
        name="Het Huis, van ons; en jou",
        street="Brink 1",
        postcode="7991 AA",
        email="huis@voorbeeld.example",
        **EVERY_DAY,
    )
    make_openings(house, tuple(HOURS), weekdays=(5, 6))
    AccessWay.objects.create(dorpshuis=house, public_text="De deur is open.", private_text="Code 4711")
    AccessWay.objects.create(dorpshuis=house, dagdeel="avond", public_text="Bel aan.", private_text="Bel 0599")
    return house


def raw(reservation: Reservation) -> bytes:
    """The file as the page gives it."""
    return Client().get(reverse("agenda", args=[reservation.reference])).content


def events(file: bytes | str) -> list[Any]:
    text = file.decode() if isinstance(file, bytes) else file
    return list(getattr(vobject.readOne(text), "vevent_list", []))


def without_uids(file: str) -> str:
    """The file on unfolded lines, without the hashes in which any digits may stand by chance."""
    return re.sub(r"(?m)^UID:.*$", "", file.replace("\r\n ", ""))


def only(reservation: Reservation) -> Any:
    (event,) = events(raw(reservation))
    return event


def in_utc(event: Any) -> tuple[str, str]:
    """Begin and end as instants, by the time zone that the file itself describes."""
    begin, end = (value.value.astimezone(UTC) for value in (event.dtstart, event.dtend))
    return f"{begin:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "day", "morning", "evening"),
    [
        (date(2026, 10, 12), date(2026, 10, 24), ("06:30", "10:30"), ("16:30", "20:00")),
        (date(2026, 10, 12), date(2026, 10, 25), ("07:30", "11:30"), ("17:30", "21:00")),
        (date(2026, 10, 12), date(2026, 10, 26), ("07:30", "11:30"), None),
        (date(2027, 3, 15), date(2027, 3, 27), ("07:30", "11:30"), ("17:30", "21:00")),
        (date(2027, 3, 15), date(2027, 3, 28), ("06:30", "10:30"), ("16:30", "20:00")),
        (date(2027, 3, 15), date(2027, 3, 29), ("06:30", "10:30"), None),
    ],
)
def test_around_a_change_of_clock_the_instants_are_right(
    house: Dorpshuis, now: date, day: date, morning: tuple[str, str], evening: tuple[str, str] | None
) -> None:
    parts = [Dagdeel.OCHTEND] + ([Dagdeel.AVOND] if evening else [])
    with time_machine.travel(at(now, 9), tick=False):
        file = raw(make_booking(house, *(Moment(day, part) for part in parts)))
    wanted = [tuple(f"{day} {clock}" for clock in part) for part in (morning, evening) if part]
    assert [in_utc(event) for event in events(file)] == wanted


def test_an_agenda_that_knows_no_zones_reads_the_zone_from_the_file(house: Dorpshuis) -> None:
    file = raw(make_booking(house, WEDNESDAY)).decode()
    assert "DTSTART;TZID=Europe/Amsterdam:20261125T083000" in file
    assert vobject.readOne(file).vtimezone.tzid.value == "Europe/Amsterdam"


def test_an_event_says_where_when_how_to_get_in_and_what_to_pay(house: Dorpshuis) -> None:
    event = only(make_booking(house, WEDNESDAY))
    assert event.summary.value == "Werkplek in Het Huis, van ons; en jou"
    assert event.location.value == "Brink 1, 7991 AA Toetsdorp"
    assert event.description.value.replace("\xa0", " ").split("\n") == [
        "Bureau 1",
        "Naar binnen: De deur is open.",
        "Betalen: € 7,50. Je betaalt als je er bent, met pin of contant.",
        "Vragen? Bel Het Huis, van ons; en jou: 0521 591 000",
    ]
    assert (event.organizer.value, event.status.value) == ("mailto:huis@voorbeeld.example", "CONFIRMED")


def test_a_house_without_an_address_lets_the_portal_be_the_organizer() -> None:
    assert only(make_booking(make_house(), WEDNESDAY)).organizer.value == "mailto:post@localhost"


def test_an_hour_before_it_warns(house: Dorpshuis) -> None:
    alarm = only(make_booking(house, WEDNESDAY)).valarm
    assert (alarm.action.value, alarm.trigger.value) == ("DISPLAY", timedelta(hours=-1))


def test_there_is_one_event_for_each_dagdeel(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY)
    assert [event.dtstart.value.day for event in events(raw(reservation))] == [25, 26]


def test_a_dagdeel_without_clock_times_is_the_whole_day_and_wakes_nobody(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    Opening.objects.filter(weekday=2).delete()
    event = only(reservation)
    assert (event.dtstart.value, event.dtend.value) == (date(2026, 11, 25), date(2026, 11, 26))
    assert "VALARM" not in event.serialize()


def test_the_file_holds_no_link_no_reference_and_nothing_private(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, Moment(date(2026, 11, 28), Dagdeel.AVOND), name="Anna")
    with time_machine.travel(at(WEDNESDAY.date, 8), tick=False):
        file = without_uids(raw(reservation).decode())
    traces = (reservation.reference, "boeking/", "http", "4711", "0599", "Anna", reservation.email)
    assert [trace for trace in traces if trace in file] == []
    assert "Bel aan." in file
    assert "UID" not in file


def test_its_uid_is_of_the_first_row_and_does_not_tell_its_number(house: Dorpshuis) -> None:
    row = make_booking(house, WEDNESDAY).bookings.get()
    later = Booking(pk=row.pk + 1, began_as=row.pk)
    assert event_uid(later) == event_uid(row)
    assert event_uid(row).removesuffix("@localhost").isalnum()
    assert len(event_uid(row)) == 32 + len("@localhost")


def test_what_was_changed_into_another_is_left_out(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY)
    old, new = reservation.bookings.in_order()
    Booking.objects.filter(pk=old.pk).update(state=Booking.State.CANCELLED)
    Booking.objects.filter(pk=new.pk).update(changed_from=old, began_as=old.pk, sequence=1)
    event = only(reservation)
    assert (event.uid.value, event.sequence.value, event.dtstart.value.day) == (event_uid(old), "1", 26)


def test_it_is_a_file_to_keep_that_no_cache_keeps(house: Dorpshuis) -> None:
    answer = Client().get(reverse("agenda", args=[make_booking(house, WEDNESDAY).reference]))
    assert answer["Content-Type"] == "text/calendar; method=PUBLISH; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="werkplek.ics"'
    assert answer["Cache-Control"] == "no-store, private"


def test_its_lines_end_and_fold_as_agendas_want(house: Dorpshuis) -> None:
    lines = raw(make_booking(house, WEDNESDAY)).split(b"\r\n")
    assert [line for line in lines if b"\n" in line or len(line) > 75] == []


@pytest.mark.parametrize("number", [1, 30])
def test_one_and_thirty_dagdelen_take_the_same_queries(house: Dorpshuis, query_count: Any, number: int) -> None:
    days = [WEDNESDAY.date + timedelta(days=n) for n in range(number)]
    address = reverse("agenda", args=[make_booking(house, *(Moment(d, Dagdeel.OCHTEND) for d in days)).reference])
    with query_count(7):
        file = Client().get(address).content
    assert len(events(file)) == number


# --- what happens to it -----------------------------------------------------------------------------------


def versions(reservation: Reservation) -> list[tuple[str, str]]:
    return [(event.status.value, event.sequence.value) for event in events(raw(reservation))]


def test_what_is_given_back_is_struck_out_by_a_next_version(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY)
    cancel(reservation, GUEST, moments=[WEDNESDAY])
    assert versions(reservation) == [("CANCELLED", "1"), ("CONFIRMED", "0")]


def test_what_is_given_back_late_is_too(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    with time_machine.travel(at(WEDNESDAY.date, 8), tick=False):
        cancel(reservation, GUEST)
        assert versions(reservation) == [("CANCELLED", "1")]


def test_what_is_called_off_and_restored_is_a_next_version_each_time(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    closed = make_closed(house, WEDNESDAY.date)
    seen = versions(reservation)
    reopen(closed.closure, house_actor(house))
    assert seen + versions(reservation) == [("CANCELLED", "1"), ("CONFIRMED", "2")]


def test_another_desk_is_a_next_version(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    desk = reservation.bookings.get().desk
    make_closed(house, WEDNESDAY.date, desks=(desk,))
    assert versions(reservation) == [("CONFIRMED", "1")]
    assert "Bureau 2" in only(reservation).description.value


def test_a_desk_that_goes_out_of_use_makes_a_next_version_too(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    make_retired(reservation.bookings.get().desk, clock.today())
    assert versions(reservation) == [("CONFIRMED", "1")]


# --- with the mails ---------------------------------------------------------------------------------------


def attached(post: Post) -> tuple[Any, Any]:
    """The agenda file of the newest mail: the part that brings it, and what it holds."""
    (part,) = [part for part in post.mails[-1].walk() if part.get_filename() == "werkplek.ics"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return part, vobject.readOne(content.decode())


def test_the_confirmation_brings_what_stands(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY)
    delivery.sweep()
    part, file = attached(post)
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "PUBLISH")
    assert (file.method.value, len(file.vevent_list)) == ("PUBLISH", 2)
    assert [event.uid.value for event in file.vevent_list] == [
        event_uid(row) for row in reservation.bookings.in_order()
    ]


def test_a_cancellation_strikes_out_what_is_gone(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY)
    OutboxMail.objects.all().delete()
    cancel(reservation, GUEST, moments=[THURSDAY])
    delivery.sweep()
    part, file = attached(post)
    (event,) = file.vevent_list
    assert part.get_param("method") == "CANCEL"
    assert (file.method.value, event.status.value, event.sequence.value) == ("CANCEL", "CANCELLED", "1")
    assert event.dtstart.value.day == THURSDAY.date.day


def test_so_does_what_the_house_calls_off(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY)
    OutboxMail.objects.all().delete()
    make_closed(house, WEDNESDAY.date)
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        delivery.sweep()
    _, file = attached(post)
    assert (file.method.value, file.vevent.status.value) == ("CANCEL", "CANCELLED")


def test_no_mail_holds_the_private_way_in_or_the_reference_in_its_file(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY)
    with time_machine.travel(datetime(2026, 11, 25, 7, tzinfo=UTC), tick=False):
        delivery.sweep()
    _, file = attached(post)
    text = without_uids(file.serialize())
    assert "UID" not in text
    assert [trace for trace in ("4711", reservation.reference, "http") if trace in text] == []
