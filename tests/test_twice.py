"""Nothing is told twice: every rule and every task, run twice, changes nothing the second time."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps

from bookings import timed
from bookings.timed import RULES, Rule
from portal.base import clock
from portal.base.models import OutboxMail
from portal.celery import app
from tests.factories import MONDAY_NINE, make_booking, make_house, make_invitation, make_member, make_standing
from tests.guest import THURSDAY, WEDNESDAY, on_monday
from villages.models import AccessWay, HouseMessages, Membership, TeamMessages

pytestmark = [pytest.mark.django_db, on_monday]

# Of each moment at which something is due somewhere in these days.
MOMENTS = [MONDAY_NINE + timedelta(hours=hours) for hours in (0, 27, 33, 47, 72, 167, 24 * 40, 24 * 120)]
# What is only asked of one row, by its key.
NEEDS = {"portal.base.outbox.deliver_mail": ("confirmation:1",)}
# Written anew each time, and meant so: that somebody is there.
BEATS = {"portal.base.tasks.heartbeat"}


def ours() -> list[str]:
    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if not name.startswith("celery."))


def rows() -> dict[str, list[dict[str, Any]]]:
    """All that stands in the database, but for the version of a house: the lock itself moves that on."""
    models = [model for model in apps.get_models() if model._meta.managed]
    found = {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}
    for house in found["villages.Dorpshuis"]:
        del house["version"]
    return found


@pytest.fixture
def full() -> None:
    """Two houses with guests, standing places, a team that wants every mail, and mails that wait."""
    for number, house in enumerate((make_house("een"), make_house("twee", cancel_days_before=0))):
        HouseMessages.objects.create(dorpshuis=house, day_list_hour=9, miss_you=True)
        AccessWay.objects.create(dorpshuis=house, public_text="Kluis.", private_text="Code 4711")
        for moment in (WEDNESDAY, THURSDAY):
            make_booking(house, moment, name="Anna", email=f"anna{number}@voorbeeld.example")
            make_booking(house, moment, name="Bert", email="", phone=f"+3161234567{number}")
        make_standing(house, email="sanne@voorbeeld.example", last_day=clock.today() + timedelta(days=40))
        board = make_member(house, Membership.Role.BOARD)
        TeamMessages.objects.create(dorpshuis=house, user=board, day_list_hour=9, nudge=True)
        make_invitation(house, expires_at=MONDAY_NINE)
    OutboxMail.objects.filter(pk=OutboxMail.objects.earliest("pk").pk).update(state=OutboxMail.State.FAILED)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_that_runs_twice_changes_nothing_the_second_time(rule: Rule, full: None) -> None:
    for moment in MOMENTS:
        with time_machine.travel(moment, tick=False):
            rule.run()
            before = rows()
            assert (rule.run(), rows()) == (0, before)


@pytest.mark.parametrize("name", [name for name in ours() if name not in BEATS])
def test_a_task_that_runs_twice_changes_nothing_the_second_time(name: str, full: None) -> None:
    for moment in MOMENTS:
        with time_machine.travel(moment, tick=False):
            app.tasks[name](*NEEDS.get(name, ()))
            before = rows()
            app.tasks[name](*NEEDS.get(name, ()))
            assert rows() == before


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_does_something_at_one_of_these_moments(rule: Rule, full: None) -> None:
    done = 0
    for moment in MOMENTS:
        with time_machine.travel(moment, tick=False):
            done += rule.run()
    assert done > 0


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_knows_when_it_does_something_next(rule: Rule, full: None) -> None:
    at = rule.next_at()
    assert at is not None
    assert at > clock.now()
    with time_machine.travel(at, tick=False):
        assert rule.run() > 0


def test_every_task_is_asked_for_by_beat_or_by_name() -> None:
    asked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert asked <= set(ours())
    assert set(ours()) - asked == set(NEEDS)


def test_a_rule_that_fails_stops_no_other(full: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise ValueError

    monkeypatch.setattr(timed, "RULES", (Rule("broken", broken, lambda: None), *RULES))
    with time_machine.travel(MOMENTS[1], tick=False):
        assert timed.run_all() > 0


def test_names_of_rules_are_their_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
