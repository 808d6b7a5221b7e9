"""What was kept long enough goes by itself, and not a day before."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session

from bookings.actions import idle, retention
from bookings.actions.calls import answer_call
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.retention import TERMS, Kept
from bookings.models import Booking, CallAttempt, CallEntry, Guest, Reservation
from bookings.timed import RULES, Rule
from portal.base import clock
from portal.base.accounts.members import verify
from portal.base.accounts.models import Browser, User
from portal.base.log import SYSTEM
from portal.base.log import house as actor_of
from portal.base.log.models import LogEntry
from portal.base.models import Deletion, OutboxMail
from portal.base.outbox import delivery
from tests.conftest import QueryCount
from tests.day import Screen
from tests.factories import (
    desks_of,
    house_actor,
    make_booking,
    make_hold,
    make_house,
    make_member,
    make_request,
    make_standing,
    make_user,
    make_wait,
)
from tests.guest import THURSDAY, WEDNESDAY, Page, on_monday
from tests.guest import Guest as Visitor
from villages.models import Dorpshuis, HouseRequest

pytestmark = [pytest.mark.database_long, pytest.mark.django_db, on_monday]

TWO_YEARS_LATER = date(2028, 11, 26)  # Wednesday 25 November 2026 is kept until and with that day of 2028
ANNA: dict[str, Any] = {"name": "Anna", "email": "anna@voorbeeld.example", "phone": "+31612345678"}


def on(day: date) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(3), tzinfo=clock.AMSTERDAM), tick=False)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis")


# --- guests -----------------------------------------------------------------------------------------------


def test_a_guest_is_emptied_24_months_after_the_last_dagdeel_and_the_numbers_stay(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    with on(TWO_YEARS_LATER):
        assert retention.forget_guests() == 1
    guest = Guest.objects.get()
    reservation.refresh_from_db()
    assert (guest.name, guest.email, str(guest.phone), guest.emptied_at is not None) == ("", "", "", True)
    assert (reservation.name, reservation.email, reservation.confirmed_to) == ("", "", "")
    assert Booking.objects.get().price_cents == 750


def test_the_day_before_everything_is_there(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    with on(TWO_YEARS_LATER - timedelta(days=1)):
        assert retention.forget_guests() == 0
    assert Guest.objects.get().name == "Anna"


def test_the_last_dagdeel_counts_and_not_the_first(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    make_booking(house, THURSDAY, **ANNA)
    with on(TWO_YEARS_LATER):
        assert retention.forget_guests() == 0
    with on(TWO_YEARS_LATER + timedelta(days=1)):
        assert retention.forget_guests() == 1


def test_it_names_the_rows_for_a_restore_and_logs_without_a_name(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    with on(TWO_YEARS_LATER):
        retention.forget_guests()
    names = {f"guest:{reservation.guest_id}", f"reservation:{reservation.pk}"}
    assert names <= set(Deletion.objects.values_list("subject", flat=True))
    entry = LogEntry.objects.get(verb="retention")
    assert (entry.actor_kind, entry.subject, entry.dorpshuis_id) == (
        "system",
        f"guest:{reservation.guest_id}",
        house.pk,
    )


def test_nobody_gets_a_mail_of_it(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    with on(TWO_YEARS_LATER):
        retention.forget_guests()
    assert set(OutboxMail.objects.values_list("kind", "recipient")) == {("confirmation", "")}


def test_who_has_a_standing_place_that_goes_on_is_kept(house: Dorpshuis) -> None:
    place = make_standing(house, last_day=date(2028, 11, 20))
    Booking.objects.filter(date__gt=WEDNESDAY.date).delete()
    with on(TWO_YEARS_LATER):
        assert retention.forget_guests() == 0
    assert Guest.objects.get(pk=place.reservation.guest_id).name != ""


def test_a_guest_of_another_house_is_another_guest(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    make_booking(make_house("ginds"), THURSDAY, **ANNA)
    with on(TWO_YEARS_LATER):
        assert retention.forget_guests() == 1
    assert list(Guest.objects.known().values_list("dorpshuis__slug", flat=True)) == ["ginds"]


def test_many_guests_go_in_parts_and_the_rest_at_the_next_tick(
    house: Dorpshuis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PART", 2)
    monkeypatch.setattr(retention, "MOST_PARTS", 2)
    for number in range(5):
        make_booking(make_house(f"huis-{number}"), WEDNESDAY, **ANNA)
    with on(TWO_YEARS_LATER):
        assert [retention.forget_guests() for _ in range(3)] == [4, 1, 0]


def test_a_booking_that_came_in_between_keeps_her(house: Dorpshuis) -> None:
    guest = make_booking(house, WEDNESDAY, **ANNA).guest
    with on(TWO_YEARS_LATER):
        Booking.objects.update(date=date(2028, 11, 26))
        assert retention.forget_guests_of(house.pk, [guest.pk], SYSTEM) == 0


def test_the_next_moment_is_the_day_on_which_she_goes(house: Dorpshuis) -> None:
    assert retention.next_guest() is None
    make_booking(house, WEDNESDAY, **ANNA)
    assert retention.next_guest() == datetime(2028, 11, 26, tzinfo=clock.AMSTERDAM)


# --- notes of calls ---------------------------------------------------------------------------------------


@pytest.fixture
def called(house: Dorpshuis) -> CallEntry:
    """A guest who was called on Monday, with a note."""
    make_booking(house, WEDNESDAY, name="Mevrouw De Vries", email="", phone="+31521161718")
    entry = CallEntry.objects.get()
    answer_call(entry, CallAttempt.Outcome.NOT_REACHED, house_actor(house), "Belt zelf terug")
    answer_call(entry, CallAttempt.Outcome.CALLED, house_actor(house), "Gesproken met haar zoon")
    return entry


def test_a_month_after_a_call_its_notes_and_who_called_are_gone(called: CallEntry) -> None:
    with on(date(2026, 12, 24)):
        assert retention.forget_calls() == 1
    called.refresh_from_db()
    assert (CallAttempt.objects.count(), called.done_by, called.done_at is not None) == (0, None, True)


def test_within_thirty_days_the_notes_are_there(called: CallEntry) -> None:
    with on(date(2026, 12, 23)):
        assert retention.forget_calls() == 0
    assert (CallAttempt.objects.count(), retention.next_call_note()) == (
        2, datetime(2026, 12, 24, tzinfo=clock.AMSTERDAM),
    )  # fmt: skip


def test_a_call_that_is_still_to_be_made_keeps_its_note(house: Dorpshuis, called: CallEntry) -> None:
    CallEntry.objects.update(done_at=None, done_by=None)
    with on(date(2027, 6, 1)):
        assert retention.forget_calls() == 0
    assert CallAttempt.objects.count() == 2


# --- requests, and who did what ---------------------------------------------------------------------------


@pytest.mark.parametrize(("handled", "gone"), [(None, date(2027, 11, 24)), (date(2027, 1, 10), date(2028, 1, 11))])
def test_a_request_goes_a_year_after_the_last_contact(handled: date | None, gone: date) -> None:
    row = make_request()
    if handled:
        HouseRequest.objects.update(handled_at=datetime.combine(handled, time(12), tzinfo=clock.AMSTERDAM))
    with on(gone - timedelta(days=1)):
        assert (retention.forget_requests(), retention.next_request()) == (
            0, datetime.combine(gone, time(0), tzinfo=clock.AMSTERDAM),
        )  # fmt: skip
    with on(gone):
        assert retention.forget_requests() == 1
    assert Deletion.objects.filter(subject=f"houserequest:{row.pk}").exists()


def test_after_ninety_days_the_log_says_what_and_no_longer_who(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, by=actor_of(make_member(house)), **ANNA)
    logged = LogEntry.objects.order_by("pk").values_list("verb", "subject", "actor_kind")
    before = list(logged)
    with on(date(2027, 2, 21)):
        assert retention.forget_who() == 0
    with on(date(2027, 2, 22)):
        assert retention.forget_who() == LogEntry.objects.count() > 0
    assert list(logged.filter(actor=None)) == before


# --- members who do not come back -------------------------------------------------------------------------


WARNED_ON = date(2028, 11, 24)
GONE_ON = date(2028, 12, 25)


@pytest.fixture
def member() -> User:
    user = make_user(email=ANNA["email"], name="Anna")
    verify(user)
    return user


def idle_mails() -> list[str]:
    return list(OutboxMail.objects.filter(kind="idle").order_by("pk").values_list("key", flat=True))


def test_who_was_away_for_two_years_gets_a_mail_once(member: User) -> None:
    with on(WARNED_ON - timedelta(days=1)):
        assert (idle.warn_or_forget_idle(), idle_mails()) == (0, [])
    with on(WARNED_ON):
        assert (idle.warn_or_forget_idle(), idle.warn_or_forget_idle()) == (1, 0)
    assert idle_mails() == [f"idle:{member.pk}:2026-11-23"]


def test_the_mail_names_the_day_on_which_the_account_goes(member: User) -> None:
    with on(WARNED_ON):
        idle.warn_or_forget_idle()
        delivery.sweep()
    mail = OutboxMail.objects.get(kind="idle")
    assert (mail.state, "vóór maandag 25 december 2028" in mail.sent_text) == ("sent", True)


def test_a_month_later_the_account_is_gone_and_she_hears_it_for_the_last_time(member: User) -> None:
    number = member.pk
    with on(WARNED_ON):
        idle.warn_or_forget_idle()
    with on(GONE_ON - timedelta(days=1)):
        assert idle.warn_or_forget_idle() == 0
    with on(GONE_ON):
        assert idle.warn_or_forget_idle() == 1
    assert not User.objects.filter(pk=number).exists()
    assert OutboxMail.objects.filter(key=f"forgotten:user:{number}").exists()


@pytest.mark.parametrize("how", ["logs in", "is here", "books"])
def test_who_comes_back_stays(member: User, house: Dorpshuis, how: str) -> None:
    with on(WARNED_ON):
        idle.warn_or_forget_idle()
        if how == "logs in":
            User.objects.update(last_login=clock.now())
        elif how == "is here":
            seen_today(member)
        else:
            book_today(house)
    with on(GONE_ON):
        assert idle.warn_or_forget_idle() == 0
    assert User.objects.filter(pk=member.pk).exists()


def seen_today(user: User) -> None:
    session = Session.objects.create(session_key="a" * 32, session_data="", expire_date=clock.now())
    Browser.objects.create(session=session, user=user, seen_on=clock.today())


def book_today(house: Dorpshuis) -> None:
    """A hold beyond what the house offers on this day: only its date and its address count."""
    (desk, *_) = desks_of(house)
    row = make_hold(desk, Moment(clock.today(), Dagdeel.OCHTEND), clock.now(), ANNA["email"]).reservation
    Reservation.objects.filter(pk=row.pk).update(confirmed_to=ANNA["email"])


def test_the_mail_is_not_sent_to_who_came_back_before_it_left(member: User) -> None:
    with on(WARNED_ON):
        idle.warn_or_forget_idle()
        User.objects.update(last_login=clock.now())
        delivery.sweep()
    assert OutboxMail.objects.get(kind="idle").state == "dropped"


def test_nobody_of_a_team_or_of_bokd_is_written_off(house: Dorpshuis) -> None:
    make_member(house)
    make_user(is_coordinator=True)
    make_user(is_staff=True)
    with on(date(2031, 1, 1)):
        assert idle.warn_or_forget_idle() == 0


# --- all of them ------------------------------------------------------------------------------------------


@pytest.fixture
def everything(house: Dorpshuis, called: CallEntry, member: User) -> Iterator[None]:
    """Something of each kind, long ago."""
    make_booking(house, WEDNESDAY, **ANNA)
    make_request()
    with on(date(2031, 1, 1)):
        yield


@pytest.mark.parametrize("rule", [r for r in RULES if r.name.startswith(("retention", "idle"))], ids=lambda r: r.name)
@pytest.mark.usefixtures("everything")
def test_a_rule_does_something_and_the_second_time_nothing(rule: Rule) -> None:
    first, second = rule.run(), rule.run()
    assert (first > 0, second) == (True, 0)


@pytest.mark.parametrize("rule", [r for r in RULES if r.name.startswith(("retention", "idle"))], ids=lambda r: r.name)
def test_a_rule_has_nothing_to_say_of_an_empty_house(house: Dorpshuis, rule: Rule) -> None:
    assert (rule.run(), rule.next_at()) == (0, None)


# --- the page of the house --------------------------------------------------------------------------------


def kept_page(house: Dorpshuis) -> Page:
    return Screen(house).get(f"/beheer/{house.slug}/gasten/bewaren/")


def test_the_house_sees_how_many_guests_go_in_which_month(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    make_booking(house, THURSDAY, email="bert@voorbeeld.example", name="Bert")
    make_booking(make_house("ginds"), WEDNESDAY, **ANNA)
    with on(date(2028, 6, 1)):
        page = kept_page(house)
    assert "gaan 2 gasten weg, de eerste op 26 november 2028" in page.text
    assert page.tree.one("dl").text == "November 2028 2"
    assert "Anna" not in page.text


def test_what_goes_later_than_six_months_is_not_counted(house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    assert "In de komende zes maanden gaat er niemand weg." in kept_page(house).text


def test_the_house_sees_when_the_first_notes_go(house: Dorpshuis, called: CallEntry) -> None:
    assert "Er gaan notities van 1 gesprek weg: op 24 december." in kept_page(house).text


def test_the_house_sees_when_the_first_of_a_waiting_list_goes(house: Dorpshuis) -> None:
    assert "Er stond niemand op de wachtlijst." in kept_page(house).text
    make_wait(house, WEDNESDAY)
    make_wait(make_house("ginds"), THURSDAY)
    assert "Er gaat 1 plek op de wachtlijst weg: op 26 december." in kept_page(house).text


def test_each_kind_that_is_kept_is_promised_to_guests() -> None:
    assert set(PROMISES) == set(Kept)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_much_for_one_guest_as_for_three(
    house: Dorpshuis, query_count: QueryCount, number: int
) -> None:
    for n in range(number):
        make_booking(house, WEDNESDAY, email=f"gast-{n}@voorbeeld.example", name="Gast")
    screen = Screen(house)
    with on(date(2028, 6, 1)):
        screen.client.force_login(screen.user)
        screen.get(f"/beheer/{house.slug}/gasten/bewaren/")
        with query_count(9):
            assert screen.get(f"/beheer/{house.slug}/gasten/bewaren/").status == 200


def test_the_privacy_page_promises_what_the_rules_do() -> None:
    text = Visitor().get("/privacy/").text
    for kept, words in PROMISES.items():
        assert words % max(TERMS[kept].months, TERMS[kept].days) in text


PROMISES = {
    Kept.GUEST: "tot %d maanden na je laatste dagdeel in dat dorpshuis",
    Kept.WAITING: "Je plek op die lijst: tot %d dagen na het dagdeel.",
    Kept.CALL: "tot %d dagen nadat het klaar was",
    Kept.REQUEST: "tot %d maanden na het laatste contact",
    Kept.ACCOUNT: "Was je %d maanden niet ingelogd",
    Kept.LOG: "bewaren we %d dagen wie het deed",
}
