"""The demo's clock is moved on, and what happens by itself happens on the way."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import is_valid_path, reverse
from pytest_django import Settings

from bookings.models import Booking, CallEntry
from bookings.timed import Rule
from portal.base import clock
from portal.base.models import DemoClock, OutboxMail
from portal.base.outbox import delivery
from portal.demo import moving
from tests.factories import (
    MONDAY_NINE,
    at,
    make_booking,
    make_closed,
    make_house,
    make_member,
    make_standing,
    make_user,
)
from tests.guest import THURSDAY, Page
from villages.models import Dorpshuis, Membership

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.urls("tests.demo.urls")]

NEXT, DAY = {"verder": "volgende"}, {"verder": "dag"}


@pytest.fixture(autouse=True)
def in_the_demo(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The demo on a Monday at nine; nobody waits for other processes, and no examples are added."""
    settings.DEMO = True
    monkeypatch.setattr(clock, "OFFSET_KEPT_SECONDS", 0)
    monkeypatch.setattr(clock, "_kept", (float("-inf"), timedelta(0)))
    monkeypatch.setattr(moving, "_add_examples", lambda: None)
    with time_machine.travel(MONDAY_NINE, tick=False):
        yield


@pytest.fixture
def house(in_the_demo: None) -> Dorpshuis:
    return make_house("het-huis")


def move(client: Client, how: dict[str, str]) -> Page:
    """Tap the button, and look at the page that follows."""
    answer = client.post("/demo/klok/", how)
    assert (answer.status_code, answer["Location"]) == (302, "/demo/#klok")
    return Page(client.get("/demo/"))  # type: ignore[arg-type]


def told(page: Page) -> list[str]:
    """The lines that say what happened."""
    return [node.text for node in page.tree.one("section", id="klok").all("ul")[0].all("li")]


def test_the_page_says_what_time_it_is_in_the_demo(client: Client) -> None:
    DemoClock.objects.create(pk=1, offset=timedelta(days=1, hours=3))
    page = Page(client.get("/demo/"))  # type: ignore[arg-type]
    assert "In de demo is het nu dinsdag 24 november, 12.00 uur" in page.text


def test_the_next_thing_is_done_at_its_moment_and_its_mail_is_there(client: Client, house: Dorpshuis) -> None:
    make_booking(house, THURSDAY)
    delivery.sweep()
    make_closed(house, THURSDAY.date)
    page = move(client, NEXT)
    assert clock.now() == MONDAY_NINE + timedelta(minutes=10)
    assert told(page) == ["1 mail verstuurd."]
    assert OutboxMail.objects.filter(kind="called_off", state="sent").count() == 1


def test_a_day_is_a_day_and_does_all_on_the_way_at_its_own_moment(client: Client, house: Dorpshuis) -> None:
    make_booking(house, THURSDAY)
    make_closed(house, THURSDAY.date)
    move(client, DAY)
    assert clock.now() == MONDAY_NINE + timedelta(days=1)
    sent = OutboxMail.objects.get(kind="called_off").sent_at
    assert sent == MONDAY_NINE + timedelta(minutes=10)


def test_who_has_no_address_comes_up_on_the_call_list(client: Client, house: Dorpshuis) -> None:
    make_booking(house, THURSDAY, email="", phone="+31612345678")
    CallEntry.objects.all().delete()
    make_closed(house, THURSDAY.date)
    assert told(move(client, NEXT)) == ["1 gast staat nieuw op een bellijst."]


def test_standing_places_are_topped_up_in_the_night(client: Client, house: Dorpshuis) -> None:
    place = make_standing(house)
    delivery.sweep()
    last = Booking.objects.filter(standing=place).latest("date").date
    for _ in range(8):
        move(client, DAY)
    assert Booking.objects.filter(standing=place).latest("date").date > last


def test_without_anything_to_come_the_clock_stays_and_the_page_says_so(client: Client) -> None:
    page = move(client, NEXT)
    assert clock.now() == MONDAY_NINE
    assert "Er gebeurde niets." in page.tree.one("section", id="klok").text


def test_what_lies_too_far_ahead_is_not_waited_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    far = MONDAY_NINE + timedelta(days=30)
    monkeypatch.setattr(moving, "RULES", (Rule("far", lambda: 0, lambda: far),))
    move(client, NEXT)
    assert clock.now() == MONDAY_NINE


def test_a_rule_is_run_at_its_moment_and_again_at_the_next(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [MONDAY_NINE + timedelta(hours=hours) for hours in (1, 2, 40)]
    seen: list[datetime] = []

    def run() -> int:
        seen.append(clock.now())
        return 1

    rule = Rule("one", run, lambda: next((at for at in moments if at > clock.now()), None))
    monkeypatch.setattr(moving, "RULES", (rule,))
    move(client, NEXT)
    assert seen == moments[:1]
    move(client, DAY)
    assert seen == [*moments[:2], MONDAY_NINE + timedelta(hours=25)]


def test_a_rule_that_always_has_something_to_do_takes_no_thousand_steps(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []

    def run() -> int:
        runs.append(1)
        return 0

    monkeypatch.setattr(moving, "RULES", (Rule("restless", run, lambda: clock.now() + timedelta(seconds=1)),))
    move(client, NEXT)
    assert len(runs) == moving.MOST_STEPS


def test_a_day_over_the_night_in_which_the_clock_goes_back_has_twenty_five_hours(client: Client) -> None:
    saturday = datetime(2026, 10, 24, 12, tzinfo=clock.AMSTERDAM)
    with time_machine.travel(saturday, tick=False):
        move(client, DAY)
        assert clock.now() == datetime(2026, 10, 25, 12, tzinfo=clock.AMSTERDAM)
        assert clock.ahead() == timedelta(hours=25)


def test_of_two_who_move_the_clock_at_once_one_does() -> None:
    walk = moving._Walk()
    assert clock.run_ahead(timedelta(hours=1), seen=timedelta(0))
    assert not walk.to(MONDAY_NINE + timedelta(hours=2))
    assert clock.ahead() == timedelta(hours=1)


@pytest.mark.parametrize("how", [{}, {"verder": ""}, {"verder": "jaar"}, {"verder": "terug"}])
def test_another_distance_is_refused_with_a_sentence(client: Client, how: dict[str, str]) -> None:
    answer = client.post("/demo/klok/", how)
    assert (answer.status_code, clock.now()) == (422, MONDAY_NINE)
    assert "Kies hoe ver de klok vooruit gaat" in answer.content.decode()


def test_looking_never_moves_the_clock(client: Client) -> None:
    assert client.get("/demo/klok/?verder=dag").status_code == 405
    assert clock.now() == MONDAY_NINE


def test_moving_needs_the_token_of_the_form() -> None:
    assert Client(enforce_csrf_checks=True).post("/demo/klok/", DAY).status_code == 403


def test_outside_the_demo_there_is_no_clock_to_move(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    assert client.post(reverse("demo-clock"), DAY).status_code == 404
    assert (is_valid_path("/demo/klok/", "portal.urls"), DemoClock.objects.count()) == (False, 0)


def test_in_english_it_says_the_same(client: Client, house: Dorpshuis) -> None:
    make_booking(house, THURSDAY)
    make_closed(house, THURSDAY.date)
    client.cookies["taal"] = "en"
    assert told(move(client, NEXT)) == ["1 email sent."]


def test_past_the_sixth_each_mail_about_a_month_comes_once(client: Client, house: Dorpshuis) -> None:
    make_user(is_coordinator=True)
    make_member(house, Membership.Role.BOARD)
    for _ in range(15):
        move(client, DAY)
    assert clock.now() > at(date(2026, 12, 7), 8)
    rows = OutboxMail.objects.filter(kind__in=("month", "house_month"), state="sent").order_by("key")
    # October is closed when the demo begins, and is mailed the morning after.
    assert [(row.kind, row.key.split(":")[1]) for row in rows] == [
        ("house_month", "2026-10"),
        ("house_month", "2026-11"),
        ("month", "2026-10"),
        ("month", "2026-11"),
    ]
    assert {row.sent_at for row in rows if "2026-11" in row.key} == {at(date(2026, 12, 6), 8)}
