"""What a guest is told when its time has come: a reminder of her day, and the evening before how to get in."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs

from bookings.actions.cancel import cancel
from bookings.domain.dagdelen import Moment
from bookings.models import CallEntry
from bookings.models import Guest as GuestRow
from bookings.timed_guests import next_reminder, next_way_in, remind, tell_way_in
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.conftest import QueryCount
from tests.factories import at, house_actor, make_booking, make_house, make_member, make_standing
from tests.guest import THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, on_monday, when
from tests.post import Post
from villages.models import AccessWay, Dorpshuis, HouseMessages

pytestmark = [pytest.mark.django_db, on_monday]

ANNA: dict[str, Any] = {"name": "Anna", "email": "anna@voorbeeld.example"}
BERT: dict[str, Any] = {"name": "Bert", "email": "", "phone": "+31612345678"}
TUESDAY = WEDNESDAY.date - timedelta(days=1)
NOON, EVENING = at(TUESDAY, 12), at(TUESDAY, 18)


@pytest.fixture
def house() -> Dorpshuis:
    house = make_house("het-huis", name="Het Huis")
    AccessWay.objects.create(dorpshuis=house, public_text="Sleutelkluis.", private_text="Onder de zwaluw")
    return house


def told(kind: str) -> list[tuple[str, str, str]]:
    rows = OutboxMail.objects.filter(kind=kind).order_by("pk")
    return list(rows.values_list("key", "recipient", "state"))


def called(kind: str) -> list[str]:
    return list(CallEntry.objects.filter(kind=kind).order_by("pk").values_list("key", flat=True))


def words_of(post: Post, kind: str) -> tuple[str, str]:
    """Send what waits; subject and text of the only mail of this kind."""
    OutboxMail.objects.exclude(kind=kind).delete()
    delivery.sweep()
    (mail,) = post.mails
    plain = mail.get_body(("plain",))
    assert plain
    return mail["Subject"], " ".join(plain.get_content().split())


# --- the reminder -----------------------------------------------------------------------------------------


def test_one_reminder_for_a_day_five_hours_before_free_cancelling_is_over(house: Dorpshuis) -> None:
    guest = make_booking(house, WEDNESDAY, WEDNESDAY_NOON, **ANNA).guest_id
    with when(at(TUESDAY, 11, 59)):
        assert remind() == 0
    with when(NOON):
        assert (remind(), remind()) == (1, 0)
    assert told("reminder") == [(f"reminder:{guest}:2026-11-25", "anna@voorbeeld.example", "waiting")]


def test_it_says_when_and_until_when_cancelling_is_free(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    with when(NOON):
        remind()
        subject, text = words_of(post, "reminder")
    assert subject == "Morgen werk je in Het Huis"
    assert "Annuleer dan vóór dinsdag 24 november, 17.00 uur. Dat is gratis." in text
    assert f"/boeking/{reservation.reference}/" in text
    assert "zwaluw" not in text


def test_two_bookings_of_one_day_are_one_reminder_with_both_links(house: Dorpshuis, post: Post) -> None:
    found = [make_booking(house, moment, **ANNA).reference for moment in (WEDNESDAY, WEDNESDAY_NOON)]
    with when(NOON):
        assert remind() == 1
        _, text = words_of(post, "reminder")
    assert [f"/boeking/{reference}/" in text for reference in found] == [True, True]
    assert ("ochtend" in text, "middag" in text) == (True, True)


def test_what_somebody_else_booked_is_not_in_it(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    make_booking(house, WEDNESDAY_NOON, name="Cor", email="cor@voorbeeld.example")
    with when(NOON):
        assert remind() == 2
        OutboxMail.objects.filter(recipient="cor@voorbeeld.example").delete()
        _, text = words_of(post, "reminder")
    assert "middag" not in text


def test_who_has_no_address_is_called(house: Dorpshuis) -> None:
    guest = make_booking(house, WEDNESDAY, **BERT).guest_id
    with when(NOON):
        assert (remind(), remind()) == (1, 0)
    assert (called("reminder"), told("reminder")) == ([f"reminder:{guest}:2026-11-25"], [])


def test_the_call_says_all_of_her_day_and_until_when(house: Dorpshuis) -> None:
    for moment in (WEDNESDAY, WEDNESDAY_NOON, THURSDAY):
        make_booking(house, moment, **BERT)
    CallEntry.objects.all().delete()
    volunteer = Guest()
    volunteer.client.force_login(make_member(house))
    with when(NOON):
        assert remind() == 1
        text = volunteer.get("/beheer/het-huis/bellijst/").text
    assert "Even een herinnering." in text
    assert "Bel vóór dinsdag 24 november, 17.00 uur. Dan betaal je niets." in text
    assert ("25 november, ochtend" in text, "25 november, middag" in text, "26 november" in text) == (True, True, False)


def test_who_booked_after_its_time_is_not_reminded(house: Dorpshuis) -> None:
    with when(NOON):
        make_booking(house, WEDNESDAY, **ANNA)
    with when(NOON + timedelta(minutes=1)):
        assert remind() == 0


def test_what_was_cancelled_meanwhile_is_not_sent(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    with when(NOON):
        remind()
        cancel(reservation, GUEST)
        OutboxMail.objects.exclude(kind="reminder").delete()
        delivery.sweep()
    assert (post.mails, told("reminder")[0][2]) == ([], "dropped")


def test_a_reminder_that_waited_until_the_deadline_is_not_sent(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    with when(NOON):
        remind()
        OutboxMail.objects.exclude(kind="reminder").delete()
    with when(at(TUESDAY, 17)):
        delivery.sweep()
    assert (post.mails, told("reminder")[0][2]) == ([], "dropped")


def test_who_wants_none_gets_none_of_this_house(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    elsewhere = make_booking(make_house("ginds"), WEDNESDAY, **ANNA)
    page = f"/boeking/{reservation.reference}/"
    assert "Stuur mij geen herinneringen" in Guest().get(page).text
    Client().post(f"{page}herinneringen/", {"wil": "nee"})
    assert "Stuur mij weer herinneringen" in Guest().get(page).text
    with when(NOON):
        remind()
    assert [key for key, _, _ in told("reminder")] == [f"reminder:{elsewhere.guest_id}:2026-11-25"]


def test_the_page_of_a_booking_promises_none_where_the_house_sends_none(house: Dorpshuis) -> None:
    page = f"/boeking/{make_booking(house, WEDNESDAY, **ANNA).reference}/"
    HouseMessages.objects.create(dorpshuis=house, reminders=False)
    assert "herinnering" not in Guest().get(page).text


def test_her_choice_is_written_in_the_log_once_and_a_get_changes_nothing(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    address, client = f"/boeking/{reservation.reference}/herinneringen/", Client()
    LogEntry.objects.all().delete()
    assert [client.get(address, {"wil": "nee"}).status_code, client.post(address).status_code] == [302, 422]
    assert not GuestRow.objects.get().no_reminders
    for _ in range(2):
        client.post(address, {"wil": "nee"})
    assert [entry.verb for entry in LogEntry.objects.all()] == ["set_reminders"]
    client.post(address, {"wil": "ja"})
    assert not GuestRow.objects.get().no_reminders


def test_a_house_that_switched_it_off_reminds_nobody(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    with when(NOON):
        remind()
        HouseMessages.objects.create(dorpshuis=house, reminders=False)
        OutboxMail.objects.exclude(kind="reminder").delete()
        delivery.sweep()
        OutboxMail.objects.all().delete()
        assert (post.mails, remind()) == ([], 0)


def test_the_holder_of_a_standing_place_is_not_reminded_each_week(house: Dorpshuis) -> None:
    make_standing(house, **ANNA)
    with when(at(TUESDAY + timedelta(days=6), 12)):
        assert (remind(), tell_way_in()) == (0, 0)


@pytest.mark.parametrize(
    ("days", "until", "expected"),
    [(1, time(17), NOON), (0, time(17), at(TUESDAY, 20)), (2, time(12), at(TUESDAY - timedelta(days=1), 9))],
)
def test_each_house_has_its_own_deadline(days: int, until: time, expected: datetime) -> None:
    with when(at(TUESDAY - timedelta(days=7), 9)):
        make_booking(make_house(cancel_days_before=days, cancel_time=until), WEDNESDAY, **ANNA)
        assert next_reminder() == expected
    with when(expected - timedelta(seconds=1)):
        assert remind() == 0
    with when(expected):
        assert remind() == 1


# --- how to get in ----------------------------------------------------------------------------------------


def test_the_evening_before_she_is_told_how_to_get_in_once(house: Dorpshuis) -> None:
    guest = make_booking(house, WEDNESDAY, WEDNESDAY_NOON, **ANNA).guest_id
    assert next_way_in() == EVENING
    with when(EVENING - timedelta(seconds=1)):
        assert tell_way_in() == 0
    with when(EVENING):
        assert (tell_way_in(), tell_way_in()) == (1, 0)
    assert told("way_in") == [(f"way_in:{guest}:2026-11-25", "anna@voorbeeld.example", "waiting")]


def test_the_mail_has_the_link_and_never_the_code(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    with when(EVENING):
        tell_way_in()
        subject, text = words_of(post, "way_in")
        assert "Onder de zwaluw" in Guest().get(f"/boeking/{reservation.reference}/").text
    assert subject == "Morgen: zo kom je binnen in Het Huis"
    assert (f"/boeking/{reservation.reference}/" in text, "zwaluw" in text) == (True, False)


def test_where_the_door_is_open_for_everybody_there_is_nothing_to_tell(house: Dorpshuis) -> None:
    AccessWay.objects.update(private_text="")
    make_booking(house, WEDNESDAY, **ANNA)
    with when(EVENING):
        assert tell_way_in() == 0


def test_who_has_no_address_is_told_the_code_by_phone(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, by=house_actor(house), **BERT)
    volunteer = Guest()
    volunteer.client.force_login(make_member(house))
    assert "zwaluw" not in volunteer.get("/beheer/het-huis/bellijst/").text
    with when(EVENING):
        assert tell_way_in() == 1
        assert "Onder de zwaluw" in volunteer.get("/beheer/het-huis/bellijst/").text
    with when(at(WEDNESDAY.date, 13)):
        text = volunteer.get("/beheer/het-huis/bellijst/").text
    assert ("zwaluw" in text, "het dagdeel is al voorbij." in text) == (False, True)


def test_it_is_of_use_until_she_begins(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    with when(at(WEDNESDAY.date, 8, 30)):
        assert (tell_way_in(), told("way_in")[0][1:]) == (1, ("", "dropped"))


def test_a_house_that_switched_it_off_tells_nobody_the_way_in(house: Dorpshuis) -> None:
    HouseMessages.objects.create(dorpshuis=house, way_in=False)
    make_booking(house, WEDNESDAY, **ANNA)
    with when(EVENING):
        assert tell_way_in() == 0


# --- late, and many ---------------------------------------------------------------------------------------


def test_who_wakes_three_days_later_sends_what_is_of_use_and_logs_what_is_not(house: Dorpshuis) -> None:
    friday = Moment(WEDNESDAY.date + timedelta(days=2), WEDNESDAY.dagdeel)
    for moment in (WEDNESDAY, friday):
        make_booking(house, moment, **ANNA)
    with when(at(THURSDAY.date, 13)), capture_logs() as logs:
        assert (remind(), remind()) == (2, 0)
    assert [state for _, _, state in told("reminder")] == ["waiting", "dropped"]
    skipped = [entry["key"] for entry in logs if entry["event"] == "timed.skipped"]
    assert [key.rsplit(":", 1)[-1] for key in skipped] == ["2026-11-25"]


@pytest.mark.parametrize("guests", [1, 8])
def test_it_asks_as_much_for_one_guest_as_for_eight(house: Dorpshuis, guests: int, query_count: QueryCount) -> None:
    for number in range(guests):
        other = make_house(f"huis-{number}", cancel_days_before=0)
        AccessWay.objects.create(dorpshuis=other, public_text="Kluis.", private_text="Onder de zwaluw")
        make_booking(other, WEDNESDAY, email=f"gast{number}@voorbeeld.example")
    make_booking(make_house("anders"), WEDNESDAY)
    with when(at(TUESDAY, 20)):
        with query_count(12):
            remind()
        with query_count(13):
            tell_way_in()


def test_when_nothing_is_due_one_query_is_all(house: Dorpshuis, query_count: QueryCount) -> None:
    make_booking(house, THURSDAY, **ANNA)
    with query_count(2):
        assert (remind(), tell_way_in()) == (0, 0)
