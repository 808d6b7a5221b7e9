"""Two of the board on one page of settings, at the same moment: one is told, nothing is overwritten unseen."""

from functools import partial

import pytest
from django.db import connection

from bookings.actions import settings
from bookings.actions.settings import change_settings, values_of
from bookings.fingerprint import seen_of
from bookings.refusals import NotAsShown
from tests.factories import house_actor, make_house
from tests.races.crowd import after, at_once, meeting, outcome
from villages.models import Dorpshuis

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def jobs(house: Dorpshuis) -> list[partial[None]]:
    seen = seen_of(values_of(house, "vooruit"))
    wishes = [{"window_days": days, "lead_minutes": 0} for days in (30, 90)]
    return [partial(change_settings, house.pk, "vooruit", wish, house_actor(house), seen) for wish in wishes]


def test_of_two_who_save_at_once_one_is_told() -> None:
    given = at_once([outcome(job) for job in jobs(make_house())])
    assert sorted(type(answer).__name__ for answer in given) == ["NoneType", "NotAsShown"]
    assert NotAsShown in {type(answer) for answer in given}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there the transaction itself is the lock")
def test_without_the_lock_one_overwrites_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: this is what the lock is for."""
    both = jobs(make_house())
    monkeypatch.setattr(settings, "lock", lambda pk: Dorpshuis.objects.get(pk=pk))
    after(monkeypatch, settings, "values_of", meeting(2))
    assert at_once(both) == [None, None]
