"""The 12 municipalities and the places of Drenthe."""

from typing import Any

from django.db import migrations

from villages.data import places


def load(apps: Any, schema_editor: Any) -> None:
    places.load(apps.get_model("villages", "Municipality"), apps.get_model("villages", "Village"))


def unload(apps: Any, schema_editor: Any) -> None:
    places.unload(apps.get_model("villages", "Municipality"), apps.get_model("villages", "Village"))


class Migration(migrations.Migration):
    dependencies = [("villages", "0001_initial")]

    operations = [migrations.RunPython(load, unload)]
