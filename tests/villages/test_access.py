"""The only door to a house's data: a volunteer, her colleague with another role, a stranger."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from portal.base.accounts.models import User
from tests.factories import make_house, make_member, make_user
from villages.access import coordinators_only, dorpshuis_of, houses_of, public_dorpshuis
from villages.models import Dorpshuis, Membership, Operator

pytestmark = [pytest.mark.database, pytest.mark.django_db]

Role = Membership.Role


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("over-entinghe")


@pytest.fixture
def henk(house: Dorpshuis) -> User:
    """A volunteer of the house."""
    return make_member(house)


@pytest.fixture
def operator(house: Dorpshuis) -> Operator:
    """The welfare organisation that runs the house, and another one."""
    make_house("de-stobbe", operator=Operator.objects.create(name="Andere organisatie"))
    house.operator = Operator.objects.create(name="WelzijnMensenWerk")
    house.save(update_fields=["operator"])
    return house.operator


def test_a_volunteer_gets_her_house(house: Dorpshuis, henk: User) -> None:
    assert dorpshuis_of(henk, "over-entinghe") == house


def test_another_house_is_not_there_for_her(henk: User) -> None:
    make_house("de-veldkei")
    with pytest.raises(Http404):
        dorpshuis_of(henk, "de-veldkei")


def test_a_house_that_does_not_exist_is_not_there_either(henk: User) -> None:
    with pytest.raises(Http404):
        dorpshuis_of(henk, "nergens")


def test_a_stranger_gets_nothing(house: Dorpshuis) -> None:
    with pytest.raises(Http404):
        dorpshuis_of(make_user(), "over-entinghe")


def test_a_coordinator_gets_no_house_by_that_alone(house: Dorpshuis) -> None:
    with pytest.raises(Http404):
        dorpshuis_of(make_user(is_coordinator=True), "over-entinghe")


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.HOST, ["day_list"]),
        (Role.VOLUNTEER, ["day_list", "running"]),
        (Role.TREASURER, ["day_list", "running", "money"]),
        (Role.BOARD, ["day_list", "running", "money"]),
    ],
)
def test_each_role_opens_its_own_rooms(house: Dorpshuis, role: str, allowed: list[str]) -> None:
    user = make_member(house, role)
    rooms = {"day_list": Role.day_list, "running": Role.running, "money": Role.money}
    assert [name for name, roles in rooms.items() if opens(user, roles)] == allowed


def opens(user: User, roles: tuple[str, ...]) -> bool:
    """Whether she may in; somebody of the team who may not is refused openly."""
    try:
        dorpshuis_of(user, "over-entinghe", roles)
    except PermissionDenied:
        return False
    return True


def test_a_host_does_not_run_the_house(house: Dorpshuis) -> None:
    with pytest.raises(PermissionDenied):
        dorpshuis_of(make_member(house, Role.HOST), "over-entinghe")


def test_a_role_at_the_operator_counts_in_its_houses(house: Dorpshuis, operator: Operator) -> None:
    user = make_user()
    Membership.objects.create(user=user, operator=operator, role=Role.BOARD)
    assert dorpshuis_of(user, "over-entinghe", Role.money) == house


def test_a_role_at_the_operator_counts_nowhere_else(operator: Operator) -> None:
    user = make_user()
    Membership.objects.create(user=user, operator=operator, role=Role.BOARD)
    with pytest.raises(Http404):
        dorpshuis_of(user, "de-stobbe")


def test_a_role_at_an_operator_does_not_open_a_house_without_one(operator: Operator) -> None:
    make_house("de-veldkei")
    user = make_user()
    Membership.objects.create(user=user, operator=operator, role=Role.BOARD)
    with pytest.raises(Http404):
        dorpshuis_of(user, "de-veldkei")


def test_her_houses_are_her_own_and_those_of_her_operator_once_each(house: Dorpshuis, operator: Operator) -> None:
    user = make_member(house)
    Membership.objects.create(user=user, operator=operator)
    own = make_house("aa-huis")
    Membership.objects.create(user=user, dorpshuis=own)
    assert houses_of(user) == [own, house]


def test_who_runs_nothing_has_no_houses(house: Dorpshuis) -> None:
    assert houses_of(make_user()) == []


@pytest.mark.parametrize(
    ("status", "has_page"), [("aspirant", True), ("open", True), ("asked", False), ("stopped", False)]
)
def test_a_house_has_a_page_when_it_is_open_or_getting_ready(status: str, has_page: bool) -> None:
    made = make_house("de-kei", status=status)
    assert [found for found in Dorpshuis.objects.public() if found == made] == [made] * has_page
    if has_page:
        assert public_dorpshuis("de-kei") == made
    else:
        with pytest.raises(Http404):
            public_dorpshuis("de-kei")


@coordinators_only
def figures(request: HttpRequest) -> HttpResponse:
    return HttpResponse("cijfers")


def test_a_coordinator_sees_the_figures(rf: RequestFactory) -> None:
    request = rf.get("/bokd/")
    request.user = make_user(is_coordinator=True)
    assert figures(request).content == b"cijfers"


def test_for_a_volunteer_the_figures_of_all_are_not_there(rf: RequestFactory, henk: User) -> None:
    request = rf.get("/bokd/")
    request.user = henk
    with pytest.raises(Http404):
        figures(request)


def test_who_is_not_logged_in_is_asked_to(rf: RequestFactory) -> None:
    request = rf.get("/bokd/")
    request.user = AnonymousUser()
    response = figures(request)
    assert (response.status_code, response["Location"]) == (302, "/inloggen/?next=/bokd/")
