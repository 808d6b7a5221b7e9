"""What the database itself refuses, whoever writes."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.base.accounts.models import User
from tests.factories import desks_of, make_house, make_request, make_room, make_rules, make_tariff, make_user
from villages.models import (
    AccessWay,
    Closure,
    Desk,
    Dorpshuis,
    HouseMessages,
    Membership,
    Opening,
    Operator,
    Room,
    Tariff,
    TeamMessages,
    Village,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db]

DAY = date(2026, 11, 25)
BEFORE = DAY - timedelta(days=1)
HOURS = {"begin": time(9), "end": time(12)}
Make = Callable[[Dorpshuis], Any]


def refused(name: str, make: Callable[[], Any]) -> bool:
    """Whether the database refuses it, by this constraint (SQLite names the columns of a unique one instead)."""
    try:
        with transaction.atomic():
            make()
    except IntegrityError as error:
        return name in str(error) or "UNIQUE constraint failed" in str(error)
    return False


def two_roles(house: Dorpshuis, **place: Any) -> None:
    user = make_user()
    for role in ("host", "board"):
        Membership.objects.create(user=user, role=role, **place)


def two_choices(house: Dorpshuis, user: User) -> None:
    for hour in (7, 8):
        TeamMessages.objects.create(dorpshuis=house, user=user, day_list_hour=hour)


def opening(house: Dorpshuis, **fields: Any) -> Opening:
    return Opening.objects.create(dorpshuis=house, **({"weekday": 6, "dagdeel": "avond"} | HOURS | fields))


WRONG: dict[str, Make] = {
    "guest_limit_twice_order_limit": lambda house: make_house(order_limit=10, guest_limit=19),
    "order_limit_1_to_30": lambda house: make_house(order_limit=31, guest_limit=100),
    "room_name_once_per_house": lambda house: [make_room(house, "Zolder") for _ in range(2)],
    "room_ends_after_start": lambda house: Room.objects.create(
        dorpshuis=house, name="Zolder", valid_from=DAY, valid_until=BEFORE
    ),
    "desk_name_once_per_room": lambda house: Desk.objects.create(room=desks_of(house)[0].room, name="Bureau 1"),
    "desk_ends_after_start": lambda house: Desk.objects.create(
        room=desks_of(house)[0].room, name="Bureau 9", valid_from=DAY, valid_until=BEFORE
    ),
    "house_rules_version_once": lambda house: [make_rules(house) for _ in range(2)],
    "one_way_in_per_dagdeel": lambda house: [
        AccessWay.objects.create(dorpshuis=house, public_text="Bel aan.") for _ in range(2)
    ],
    "way_in_has_public_words": lambda house: AccessWay.objects.create(dorpshuis=house, public_text=""),
    "opening_once_per_start": lambda house: [opening(house) for _ in range(2)],
    "opening_ends_after_begin": lambda house: opening(house, begin=time(12), end=time(12)),
    "opening_valid_until_after_from": lambda house: opening(house, valid_from=DAY, valid_until=BEFORE),
    "tariff_once_per_start": lambda house: make_tariff(house, "standaard", 800),
    "free_tariff_costs_nothing": lambda house: make_tariff(house, "gratis", 1),
    "tariff_below_maximum": lambda house: make_tariff(house, "commercieel", 100_001),
    "tariff_ends_after_start": lambda house: make_tariff(house, "dorpsgenoot", 1, valid_from=DAY, valid_until=BEFORE),
    "closure_ends_after_start": lambda house: Closure.objects.create(
        dorpshuis=house, first_day=DAY, last_day=BEFORE, reason="dorpsfeest"
    ),
    "closure_has_a_dagdeel": lambda house: Closure.objects.create(
        dorpshuis=house, first_day=DAY, last_day=DAY, ochtend=False, middag=False, avond=False, reason="dorpsfeest"
    ),
    "closure_has_a_reason": lambda house: Closure.objects.create(
        dorpshuis=house, first_day=DAY, last_day=DAY, reason=""
    ),
    "membership_of_house_or_operator": lambda house: Membership.objects.create(user=make_user(), role="host"),
    "one_role_per_house": lambda house: two_roles(house, dorpshuis=house),
    "one_role_per_operator": lambda house: two_roles(house, operator=Operator.objects.create(name="Welzijn")),
    "village_name_once_per_municipality": lambda house: Village.objects.create(
        name=house.village.name, slug="ander", municipality=house.village.municipality, latitude=52, longitude=6
    ),
    "house_day_list_by_day": lambda house: HouseMessages.objects.create(dorpshuis=house, day_list_hour=3),
    "team_day_list_by_day": lambda house: TeamMessages.objects.create(
        dorpshuis=house, user=make_user(), day_list_hour=23
    ),
    "one_choice_of_messages_per_house": lambda house: two_choices(house, make_user()),
    "request_has_contact": lambda house: make_request(email="", phone=""),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_database_refuses(name: str) -> None:
    house = make_house()
    assert refused(name, lambda: WRONG[name](house))


def test_every_constraint_of_villages_is_tried() -> None:
    from django.apps import apps

    models = apps.get_app_config("villages").get_models()
    assert {c.name for model in models for c in model._meta.constraints} == set(WRONG)


def test_a_role_is_not_in_a_house_and_an_operator_at_once() -> None:
    house, operator = make_house(), Operator.objects.create(name="Welzijn")
    both = {"user": make_user(), "role": "host", "dorpshuis": house, "operator": operator}
    assert refused("membership_of_house_or_operator", lambda: Membership.objects.create(**both))


def test_a_row_may_last_one_day() -> None:
    assert Tariff.objects.create(
        dorpshuis=make_house(), kind="dorpsgenoot", cents=600, valid_from=DAY, valid_until=DAY
    ).pk


def test_two_houses_never_have_one_address() -> None:
    make_house("de-kei")
    assert refused("slug", lambda: make_house("de-kei"))
