"""Whatever is written in the Django admin of what a house's page shows, the page shows at once."""

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.cache import caches
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.base.admin import ReadOnly
from tests.factories import MONDAY_NINE, desks_of, log_in_fully, make_house, make_photo, make_rules, make_user
from tests.villages.test_admin import add, change, page
from villages.admin.houses import DorpshuisAdmin
from villages.admin.parts import OnThePage
from villages.models import AccessWay, Desk, Dorpshuis, Facility, HouseRules, Opening, Operator, Photo, Room, Tariff

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.time_machine(MONDAY_NINE, tick=False)]


@pytest.fixture
def client(client: Client) -> Client:
    log_in_fully(client, make_user(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def house() -> Iterator[Dorpshuis]:
    """A house with a row of everything that its page shows."""
    caches["pages"].clear()
    made = make_house("over-entinghe", operator=Operator.objects.create(name="WelzijnMensenWerk"))
    make_rules(made)
    make_photo(made)
    Facility.objects.create(dorpshuis=made, kind="coffee", title="Koffie")
    AccessWay.objects.create(dorpshuis=made, public_text="Bel aan.")
    yield made
    caches["pages"].clear()


def shown(house: Dorpshuis) -> str:
    """The page as a stranger gets it."""
    return Client().get(reverse("house", args=[house.slug])).content.decode()


def remove(client: Client, row: Model) -> None:
    client.post(page(type(row), "delete", row.pk), {"post": "yes"})


def remove_from_the_list(client: Client, row: Model) -> None:
    fields = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(page(type(row), "changelist"), fields)


Write = Callable[[Client, Dorpshuis], object]
WRITES: dict[str, Write] = {
    "house": lambda client, house: change(client, house, intro="Nieuw hier."),
    "photo": lambda client, house: change(client, house, **{"photos-0-alt": "Nieuw is deze foto."}),
    "village": lambda client, house: change(client, house.village, name="Nieuwdorp"),
    "municipality": lambda client, house: change(client, house.village.municipality, name="Nieuwgemeente"),
    "room": lambda client, house: change(client, house.rooms.get(), quiet_text="Nieuw en stil."),
    "desk": lambda client, house: change(client, desks_of(house)[0], monitor=True),
    "new desk": lambda client, house: add(client, Desk, room=house.rooms.get().pk, name="Bureau 5"),
    "opening": lambda client, house: change(client, house.openings.filter(weekday=2)[0], by_appointment=True),
    "new opening": lambda client, house: add(
        client, Opening, dorpshuis=house.pk, weekday=2, dagdeel="avond", begin="19:00", end="22:00"
    ),
    "tariff": lambda client, house: add(client, Tariff, dorpshuis=house.pk, kind="standaard", cents=900),
    "rules": lambda client, house: add(client, HouseRules, dorpshuis=house.pk, version=2, bullets="Nieuw.", text="x"),
    "facility": lambda client, house: change(client, house.facilities.get(), title="Nieuwe koffie"),
    "facility removed": lambda client, house: remove(client, house.facilities.get()),
    "facilities removed": lambda client, house: remove_from_the_list(client, house.facilities.get()),
    "way in": lambda client, house: change(client, house.access_ways.get(), public_text="Nieuw: loop door."),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_is_written_is_shown_at_once(client: Client, house: Dorpshuis, write: Write) -> None:
    before = shown(house)
    write(client, house)
    after = shown(house)
    caches["pages"].clear()
    assert after != before
    assert after == shown(house)


def test_what_moves_to_another_house_leaves_the_first(client: Client, house: Dorpshuis) -> None:
    other = make_house("de-veldkei")
    assert ["Koffie" in shown(each) for each in (house, other)] == [True, False]
    change(client, house.facilities.get(), dorpshuis=other.pk)
    assert ["Koffie" in shown(each) for each in (house, other)] == [False, True]


def test_each_table_of_the_page_is_written_where_the_house_moves_on(house: Dorpshuis) -> None:
    """The guard: a table that the page begins to read needs an admin that moves its houses on, or that only reads."""
    with CaptureQueriesContext(connection) as made:
        shown(house)
    asked = " ".join(query["sql"] for query in made)
    read = {model for model in apps.get_models() if f'"{model._meta.db_table}"' in asked}
    inline = {line.model for line in DorpshuisAdmin.get_inlines(admin.site._registry[Dorpshuis], None, house)}  # type: ignore[arg-type]
    safe = (OnThePage, DorpshuisAdmin, ReadOnly)
    assert {Dorpshuis, Room, Desk, Photo} <= read
    # Who is not in the admin is written by actions alone, and those begin with the lock.
    read &= {*admin.site._registry, *inline}
    moved = {model for model, page in admin.site._registry.items() if isinstance(page, safe)}
    assert read - moved - inline == set()


def test_houses_that_move_on_are_locked_in_the_order_of_their_numbers(house: Dorpshuis) -> None:
    other = make_house("de-veldkei")
    with transaction.atomic(), CaptureQueriesContext(connection) as made:
        Dorpshuis.objects.order_by("-name").move_on()
    if connection.vendor == "postgresql":
        assert 'ORDER BY "villages_dorpshuis"."id" ASC FOR NO KEY UPDATE' in made[0]["sql"]
    versions = dict(Dorpshuis.objects.values_list("pk", "version"))
    assert [versions[each.pk] != each.version for each in (house, other)] == [True, True]
