"""How a visitor sees the pages: dates, times and money in Dutch, and her theme."""

from datetime import date, time

import pytest
from django.test import RequestFactory

from portal.base import words
from portal.base.display import theme_of
from portal.base.templatetags.elements import icon, panes


@pytest.mark.parametrize(
    ("cookie", "theme"), [("licht", "light"), ("donker", "dark"), ("light", ""), ("", ""), ("DONKER", ""), ("<b>", "")]
)
def test_only_two_themes_can_be_asked_for(cookie: str, theme: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["weergave"] = cookie
    assert theme_of(request) == theme


def test_without_a_cookie_it_is_as_the_device_has_it() -> None:
    assert theme_of(RequestFactory().get("/")) == ""


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        (0, "€\xa00,00"),
        (5, "€\xa00,05"),
        (750, "€\xa07,50"),
        (100_000, "€\xa01.000,00"),
        (123_456_789, "€\xa01.234.567,89"),
        (-750, "€\xa0-7,50"),
    ],
)
def test_money_is_written_in_euros(cents: int, shown: str) -> None:
    assert words.euro(cents) == shown


def test_a_day_is_written_in_dutch() -> None:
    day = date(2027, 3, 1)
    shown = [words.datum(day), words.datum_kort(day), words.dag_en_maand(day), words.maand(day), words.weekdag(day)]
    assert shown == ["maandag 1 maart", "ma 1 mrt", "1 maart", "maart 2027", "maandag"]


def test_a_time_is_written_with_a_point() -> None:
    assert [words.uur(time(8, 30)), words.uur(time(17))] == ["08.30", "17.00"]


@pytest.mark.parametrize(
    ("day", "dagdeel", "shown"),
    [
        ("Vandaag", "ochtend", "Vanochtend"),
        ("Vandaag", "middag", "Vanmiddag"),
        ("Vandaag", "avond", "Vanavond"),
        ("Morgen", "ochtend", "Morgenochtend"),
        ("Woensdag 25 november", "middag", "Woensdag 25 november, middag"),
    ],
)
def test_a_day_and_its_dagdeel_are_one_word_where_dutch_has_one(day: str, dagdeel: str, shown: str) -> None:
    assert words.met_dagdeel(day, dagdeel) == shown


def test_a_phone_number_becomes_a_link_to_call() -> None:
    assert words.telefoon_link("+31521591000") == "tel:+31521591000"


@pytest.mark.parametrize(("free", "total", "lit", "dark"), [(0, 4, 0, 4), (3, 4, 3, 1), (8, 8, 8, 0)])
def test_each_desk_is_a_window_lit_when_it_is_free(free: int, total: int, lit: int, dark: int) -> None:
    shown = panes(free, total)
    assert (shown.count('<i class="lit">'), shown.count("<i>")) == (lit, dark)


@pytest.mark.parametrize(("free", "total"), [(0, 0), (9, 9)])
def test_no_desks_or_too_many_have_no_windows(free: int, total: int) -> None:
    assert panes(free, total) == ""


def test_windows_and_icons_are_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in panes(1, 1)
    assert 'aria-hidden="true"' in icon("phone")
