"""The municipalities and places of Drenthe, from the CSV files beside this module.

Takes model classes, so that a migration can pass its own of that moment.
"""

import csv
from pathlib import Path
from typing import Any

from django.utils.text import slugify

FOLDER = Path(__file__).resolve().parent
URBAN_KINDS = ("stad", "wijk")
# The province names the urban areas of these five; a fund for the countryside leaves them out.
URBAN_MUNICIPALITIES = ("GM0106", "GM0109", "GM0114", "GM0118", "GM0119")
Row = dict[str, str]


def load(municipality: Any, village: Any) -> None:
    """Add what is missing, known by CBS code and GeoNames number; change nothing that is there."""
    codes = set(municipality.objects.values_list("gm_code", flat=True))
    rows = [row for row in read("municipalities.csv") if row["gm_code"] not in codes]
    municipality.objects.bulk_create(municipality(**row) for row in rows)
    there = village.objects.values_list("geonames_id", "slug", "name", "municipality_id")
    numbers = {number for number, _, _, _ in there}
    named = {(name, code) for _, _, name, code in there}
    slugs = {slug for _, slug, _, _ in there}
    missing = [r for r in read("places.csv") if int(r["geonameid"]) not in numbers and _named(r) not in named]
    village.objects.bulk_create(village(**_fields(row, slugs)) for row in missing)


def unload(municipality: Any, village: Any) -> None:
    """Take away the places and municipalities of the files, except those in use."""
    numbers = [int(row["geonameid"]) for row in read("places.csv")]
    village.objects.filter(geonames_id__in=numbers, dorpshuizen__isnull=True).delete()
    municipality.objects.filter(villages__isnull=True).delete()


def read(name: str) -> list[Row]:
    """The rows of one of the files."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _named(row: Row) -> tuple[str, str]:
    return row["name"], row["gm_code"]


def _fields(row: Row, slugs: set[str]) -> dict[str, Any]:
    """A village's fields; its slug is added to `slugs`."""
    slug = slugify(row["name"])
    if slug in slugs:  # Drenthe has two Alteveers: the second one is told apart by its municipality
        slug = f"{slug}-{row['gm_code'].lower()}"
    slugs.add(slug)
    return {
        "geonames_id": int(row["geonameid"]),
        "name": row["name"],
        "slug": slug,
        "kind": row["kind"],
        "municipality_id": row["gm_code"],
        "latitude": float(row["latitude"]),
        "longitude": float(row["longitude"]),
        "population": int(row["population"]) if row["population"] else None,
        "is_urban": row["kind"] in URBAN_KINDS and row["gm_code"] in URBAN_MUNICIPALITIES,
    }
