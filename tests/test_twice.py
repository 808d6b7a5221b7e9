"""Nothing is told twice: every rule and every task, run twice, changes nothing the second time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from pytest_django import Settings

from bookings import timed
from bookings.actions.cancel import cancel
from bookings.models import CallAttempt, CallEntry, Reservation
from bookings.timed import RULES, Rule
from portal.base import clock, deletion_list
from portal.base.accounts.models import LoginCode
from portal.base.log import GUEST, Actor, record
from portal.base.models import Deletion, OutboxMail
from portal.celery import app
from tests.bookings.away import away_guest
from tests.factories import (
    MONDAY_NINE,
    make_booking,
    make_house,
    make_invitation,
    make_member,
    make_request,
    make_standing,
    make_user,
    make_wait,
    make_waiting,
)
from tests.guest import THURSDAY, WEDNESDAY, on_monday
from villages.models import AccessWay, Desk, Dorpshuis, HouseMessages, Membership, TeamMessages

pytestmark = [pytest.mark.django_db, on_monday]

# Tasks are tried on a day on which much is due, and long after.
MOMENTS = [MONDAY_NINE + timedelta(hours=hours) for hours in (27, 24 * 120)]
# When the clock goes ahead, and when it goes back.
NIGHTS = [datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)]
# What is only asked of one row, by its key, or until a moment.
NEEDS: dict[str, Callable[[], tuple[str, ...]]] = {
    "portal.base.outbox.deliver_mail": lambda: (OutboxMail.objects.waiting().earliest("pk").key,),
    "portal.base.outbox.drain": lambda: ("2027-12-01T00:00:00+01:00",),
}
NOTHING: Callable[[], tuple[str, ...]] = tuple
# Written anew each time, and meant so: that somebody is there.
BEATS = {"portal.base.tasks.heartbeat"}


def ours() -> list[str]:
    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if not name.startswith("celery."))


def rows() -> dict[str, list[dict[str, Any]]]:
    """All that stands in the database and beside the backups, but for the version of a house: the lock itself moves
    that on.
    """
    models = [model for model in apps.get_models() if model._meta.managed]
    found = {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}
    for house in found["villages.Dorpshuis"]:
        del house["version"]
    listed = Path(settings.BACKUP_DIR) / deletion_list.NAME
    found["deletions"] = [{"lines": listed.read_text() if listed.exists() else ""}]
    return found


@pytest.fixture
def full(settings: Settings, tmp_path: Path) -> None:
    """A house with guests, a standing place, a waiting list, a team that wants every mail, and mails that wait."""
    settings.BACKUP_DIR = str(tmp_path)
    house = make_house("een", desks=2)
    HouseMessages.objects.create(dorpshuis=house, day_list_hour=9, miss_you=True)
    AccessWay.objects.create(dorpshuis=house, public_text="Kluis.", private_text="Code 4711")
    for moment in (WEDNESDAY, THURSDAY):
        make_booking(house, moment, name="Anna", email="anna@voorbeeld.example")
        make_booking(house, moment, name="Bert", email="", phone="+31612345670")
    standing = make_standing(house, email="sanne@voorbeeld.example", last_day=clock.today() + timedelta(days=40))
    make_wait(house, THURSDAY)
    make_waiting(house, WEDNESDAY, email="wacht2@voorbeeld.example")
    cancel(Reservation.objects.filter(email="anna@voorbeeld.example").earliest("pk"), GUEST)
    a_team(house)
    away_guest(house, name="Cor", email="cor@voorbeeld.example")
    answered(standing.reservation)
    make_user(email="weg@voorbeeld.example", date_joined=clock.now() - timedelta(days=700))
    make_request()
    LoginCode.objects.create(email="anna@voorbeeld.example", digest="x")
    Deletion.objects.create(subject="guest:12345")
    make_invitation(house, expires_at=MONDAY_NINE)
    OutboxMail.objects.filter(pk=OutboxMail.objects.earliest("pk").pk).update(state=OutboxMail.State.FAILED)


def a_team(house: Dorpshuis) -> None:
    board = make_member(house, Membership.Role.BOARD)
    TeamMessages.objects.create(dorpshuis=house, user=board, day_list_hour=9, nudge=True)
    record(Actor("house", board), "look", "dorpshuis:1", dorpshuis_id=house.pk)


def close_the_month() -> datetime:
    """Of a house that began in it: all months before were to be closed first. Gives when."""
    Desk.objects.update(valid_from=clock.today().replace(day=1))
    closing = next(rule for rule in RULES if rule.name == "closing")
    at = closing.next_at()
    assert at is not None
    with time_machine.travel(at, tick=False):
        closing.run()
    return at


def answered(reservation: Reservation) -> None:
    """A call that was made, with a note."""
    call = CallEntry.objects.create(
        dorpshuis=reservation.dorpshuis, reservation=reservation, kind="clash", key="clash:x", done_at=clock.now()
    )
    CallAttempt.objects.create(entry=call, outcome="called", note="Belt terug.")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_does_what_is_due_at_its_moment_and_once(rule: Rule, full: None) -> None:
    # The month's mail follows the closing, which is another rule's.
    begin = close_the_month() if rule.name == "month" else clock.now()
    with time_machine.travel(begin, tick=False):
        at = rule.next_at()
    assert at is not None
    assert at > begin
    with time_machine.travel(at, tick=False):
        assert rule.run() > 0
        before = rows()
        assert (rule.run(), rows()) == (0, before)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_in_the_night_in_which_the_clock_jumps_a_rule_runs_once_and_looks_ahead(
    rule: Rule, night: datetime, full: None
) -> None:
    """At half past two before and after the hour that comes twice, or is not there."""
    for minutes in (-30, 30):
        with time_machine.travel(night + timedelta(minutes=minutes), tick=False):
            rule.run()
            assert rule.run() == 0
            following = rule.next_at()
            assert following is None or following > clock.now()


@pytest.mark.parametrize("name", [name for name in ours() if name not in BEATS])
def test_a_task_that_runs_twice_changes_nothing_the_second_time(name: str, full: None) -> None:
    needed, did_something = NEEDS.get(name, NOTHING)(), False
    for moment in MOMENTS:
        with time_machine.travel(moment, tick=False):
            untouched = rows()
            app.tasks[name](*needed)
            before = rows()
            did_something |= before != untouched
            app.tasks[name](*needed)
            assert rows() == before
    assert did_something


def test_every_task_is_asked_for_by_beat_or_by_name() -> None:
    asked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert asked <= set(ours())
    assert set(ours()) - asked == set(NEEDS)


def test_a_rule_that_fails_stops_no_other(full: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise ValueError

    monkeypatch.setattr(timed, "RULES", (Rule("broken", broken, lambda: None), *RULES))
    with time_machine.travel(MOMENTS[0], tick=False):
        assert timed.run_all() > 0


def test_names_of_rules_are_their_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
