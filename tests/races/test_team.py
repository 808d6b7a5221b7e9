"""The team of a house, changed by several people at the same moment: somebody always stays."""

from functools import partial

import pytest
from django.db import connection

from bookings.actions import team
from bookings.actions.team import Newcomer, join, leave, withdraw_invitation
from bookings.refusals import InvitationGone, LastKeeper, NotInCharge
from portal.base.accounts.models import User
from portal.base.log import GUEST
from portal.base.log import house as actor_of
from tests.factories import make_house, make_invitation, make_member
from tests.races.crowd import after, at_once, meeting, outcome
from villages.models import Dorpshuis, Membership

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

Role = Membership.Role
NINA = Newcomer("nieuw@voorbeeld.example", "Nina", is_proven=True)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house(desks=0)


def board(house: Dorpshuis) -> list[Membership]:
    return list(Membership.objects.filter(dorpshuis=house, role=Role.BOARD).order_by("pk"))


def two(house: Dorpshuis) -> tuple[Membership, Membership]:
    for _ in range(2):
        make_member(house, Role.BOARD)
    first, second = board(house)
    return first, second


def test_two_who_remove_each_other_leave_one(house: Dorpshuis) -> None:
    first, second = two(house)
    given = at_once(
        [outcome(partial(leave, second, actor_of(first.user))), outcome(partial(leave, first, actor_of(second.user)))]
    )
    assert sorted(type(result).__name__ for result in given) == ["NotInCharge", "bool"]
    assert len(board(house)) == 1


def test_two_who_leave_at_once_leave_one(house: Dorpshuis) -> None:
    given = at_once([outcome(partial(leave, row, actor_of(row.user))) for row in two(house)])
    assert sorted(type(result).__name__ for result in given) == ["LastKeeper", "bool"]
    assert len(board(house)) == 1


def test_two_who_make_themselves_smaller_at_once_leave_one(house: Dorpshuis) -> None:
    given = at_once([outcome(partial(team.change_role, row, Role.HOST, actor_of(row.user))) for row in two(house)])
    assert len([result for result in given if isinstance(result, LastKeeper | NotInCharge)]) == 1
    assert len(board(house)) == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there the transaction itself is the lock")
def test_without_the_lock_nobody_is_left(house: Dorpshuis, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: this is what the lock is for."""
    monkeypatch.setattr(team, "lock", lambda pk: Dorpshuis.objects.get(pk=pk))
    after(monkeypatch, team, "_check_not_last", meeting(2))
    assert at_once([partial(leave, row, actor_of(row.user)) for row in two(house)]) == [True, True]
    assert board(house) == []


def test_eight_taps_on_one_invitation_are_one_person(house: Dorpshuis) -> None:
    invitation = make_invitation(house)
    given = at_once([partial(join, invitation, NINA, GUEST) for _ in range(8)])
    assert len({user.pk for user in given}) == 1
    assert Membership.objects.filter(dorpshuis=house).count() == 1


def test_two_houses_that_take_her_in_at_once_make_one_account(house: Dorpshuis) -> None:
    invitations = [make_invitation(house), make_invitation(make_house(desks=0))]
    at_once([outcome(partial(join, invitation, NINA, GUEST)) for invitation in invitations])
    assert User.objects.filter(email=NINA.email).count() == 1


def test_an_invitation_is_accepted_or_withdrawn_never_both(house: Dorpshuis) -> None:
    by = actor_of(make_member(house, Role.BOARD))
    invitation = make_invitation(house)
    joined, withdrawn = at_once(
        [outcome(partial(join, invitation, NINA, GUEST)), outcome(partial(withdraw_invitation, invitation, by))]
    )
    assert isinstance(joined, User) == isinstance(withdrawn, InvitationGone)
    invitation.refresh_from_db()
    assert (invitation.used_at is None) != (invitation.withdrawn_at is None)
    assert Membership.objects.filter(user__email=NINA.email).exists() == isinstance(joined, User)
