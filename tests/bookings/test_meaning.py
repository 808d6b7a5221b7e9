"""The page that says what each figure means: for everybody, in both languages, with the version of the formulas."""

from typing import Any

import pytest

from bookings.domain.figures import VERSION
from bookings.reports.csv_export import COLUMNS
from bookings.reports.meaning import PEOPLE, SLOTS
from tests.factories import make_house, make_user
from tests.guest import Guest, on_monday

pytestmark = [pytest.mark.django_db, on_monday]

PAGE = "/cijfers/uitleg/"
# What says where and when, and by which definition.
KEYS = {"periode", "gm_code", "gemeente", "kern", "dorpshuis", "definitieversie"}


def test_every_figure_of_the_file_is_explained() -> None:
    assert {one.column for one in (*SLOTS, *PEOPLE)} - {""} == set(COLUMNS) - KEYS


def test_it_says_each_figure_with_its_formula_and_the_version(query_count: Any) -> None:
    with query_count(0):
        page = Guest().get(PAGE)
    assert page.status == 200
    assert f"Definitieversie {VERSION}." in page.text
    for one in (*SLOTS, *PEOPLE):
        assert str(one.sentence) in page.text
        assert str(one.formula) in page.text


def test_it_is_there_in_english() -> None:
    guest = Guest()
    guest.client.cookies["taal"] = "en"
    page = guest.get(PAGE)
    assert "Occupancy rate" in page.text
    assert "Used ÷ offered × 100." in page.text


def test_the_coordinator_s_screen_leads_to_it_and_to_the_file() -> None:
    make_house("huis")
    guest = Guest()
    guest.client.force_login(make_user(is_coordinator=True))
    links = {link.attrs["href"].split("?")[0] for link in guest.get("/bokd/").tree.one("main").all("a")}
    assert {PAGE, "/bokd/rapport.csv"} <= links
