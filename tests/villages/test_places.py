"""The places of Drenthe: loaded by a migration, completed by BOKD."""

import importlib

import pytest
from django.apps import apps

from tests.factories import make_house
from villages.data import places
from villages.models import Municipality, Village

pytestmark = [pytest.mark.database, pytest.mark.django_db]

migration = importlib.import_module("villages.migrations.0002_places")


@pytest.fixture(autouse=True)
def loaded() -> None:
    """The places are there, also after a test that emptied the tables."""
    migration.load(apps, None)


def test_drenthe_has_twelve_municipalities() -> None:
    assert Municipality.objects.count() == 12


def test_the_file_has_ninety_four_places() -> None:
    assert Village.objects.count() == 94


def test_a_village_has_its_place() -> None:
    village = Village.objects.get(slug="dwingeloo")
    found = (village.name, village.municipality.name, village.kind, round(village.latitude, 1), village.is_urban)
    assert found == ("Dwingeloo", "Westerveld", "dorp", 52.8, False)


def test_marks_are_left_out_of_the_address() -> None:
    assert Village.objects.get(name="Tweede Exloërmond").slug == "tweede-exloermond"


def test_towns_and_their_districts_are_urban() -> None:
    urban = Village.objects.filter(is_urban=True)
    assert set(urban.filter(kind="stad").values_list("name", flat=True)) == {
        "Assen", "Coevorden", "Emmen", "Hoogeveen", "Meppel",
    }  # fmt: skip
    assert Village.objects.filter(kind="wijk", is_urban=False).get().name == "Westlaren"
    assert not urban.filter(kind="dorp").exists()


def test_loading_again_changes_nothing() -> None:
    before = set(Village.objects.values_list())
    migration.load(apps, None)
    assert set(Village.objects.values_list()) == before


def test_loading_again_keeps_what_bokd_changed() -> None:
    Village.objects.filter(slug="darp").update(name="Darp (Havelterberg)", population=400)
    migration.load(apps, None)
    assert Village.objects.get(slug="darp").population == 400


def test_loading_leaves_out_a_village_that_bokd_added_itself() -> None:
    Village.objects.filter(slug="darp").update(geonames_id=None)
    migration.load(apps, None)
    assert Village.objects.filter(name="Darp").count() == 1


def test_a_second_village_of_one_name_gets_an_address_of_its_own() -> None:
    Village.objects.filter(slug="alteveer").delete()
    noordenveld = Municipality.objects.get(name="Noordenveld")
    Village.objects.create(name="Alteveer", slug="alteveer", municipality=noordenveld, latitude=53.1, longitude=6.4)
    migration.load(apps, None)
    assert set(Village.objects.filter(name="Alteveer").values_list("slug", "municipality__name")) == {
        ("alteveer", "Noordenveld"),
        ("alteveer-gm1690", "De Wolden"),
    }


def test_the_migration_can_be_taken_back() -> None:
    migration.unload(apps, None)
    assert (Municipality.objects.count(), Village.objects.count()) == (0, 0)


def test_taking_it_back_keeps_a_village_with_a_house() -> None:
    house = make_house()
    house.village = Village.objects.get(slug="norg")
    house.save(update_fields=["village"])
    migration.unload(apps, None)
    assert [village.name for village in Village.objects.filter(geonames_id__isnull=False)] == ["Norg"]


def test_the_credit_of_the_data_is_beside_it() -> None:
    text = (places.FOLDER / "README.md").read_text(encoding="utf-8")
    assert "GeoNames" in text
    assert "CC BY 4.0" in text
