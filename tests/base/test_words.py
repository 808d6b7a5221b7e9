"""Words for dates, times and money, in Dutch and in English."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.base import words


@pytest.mark.parametrize(
    ("cents", "expected"),
    [(750, "€ 7,50"), (0, "€ 0,00"), (5, "€ 0,05"), (1500, "€ 15,00"), (123456, "€ 1.234,56"), (-750, "€ -7,50")],
)
def test_euro(cents: int, expected: str) -> None:
    assert words.euro(cents) == expected.replace(" ", "\N{NO-BREAK SPACE}")


@given(st.integers(min_value=-10_000_000, max_value=10_000_000))
def test_euro_loses_no_cent_and_never_breaks(cents: int) -> None:
    text = words.euro(cents)
    assert int(text[2:].replace(".", "").replace(",", "")) == cents
    assert " " not in text


def test_dates() -> None:
    day = date(2026, 11, 25)
    assert words.datum(day) == "woensdag 25 november"
    assert words.datum_kort(day) == "wo 25 nov"
    assert words.dag_en_maand(day) == "25 november"
    assert words.maand(day) == "november 2026"
    assert words.weekdag(day) == "woensdag"


def test_short_march_is_mrt() -> None:
    assert words.datum_kort(date(2027, 3, 1)) == "ma 1 mrt"


def test_a_time_has_two_digits_and_a_dot() -> None:
    assert words.uur(time(8, 30)) == "08.30"


@pytest.mark.parametrize(
    ("day", "dagdeel", "expected"),
    [
        ("Vandaag", "ochtend", "Vanochtend"),
        ("Vandaag", "middag", "Vanmiddag"),
        ("Vandaag", "avond", "Vanavond"),
        ("Morgen", "middag", "Morgenmiddag"),
        ("Woensdag 25 november", "avond", "Woensdag 25 november, avond"),
    ],
)
def test_a_day_with_its_dagdeel(day: str, dagdeel: str, expected: str) -> None:
    assert words.met_dagdeel(day, dagdeel) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [("+31521123456", "tel:+31521123456"), ("06 12345678", "tel:0612345678")]
)
def test_a_phone_link_has_no_spaces(number: str, expected: str) -> None:
    assert words.telefoon_link(number) == expected


# --- English ----------------------------------------------------------------------------------------------


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.usefixtures("english")
def test_english_dates_and_times() -> None:
    day = date(2026, 11, 25)
    assert words.datum(day) == "Wednesday 25 November"
    assert words.datum_kort(day) == "Wed 25 Nov"
    assert words.maand(day) == "November 2026"
    assert (words.uur(time(8, 30)), words.uur(time(17))) == ("8:30", "17:00")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("cents", "expected"), [(750, "€7.50"), (0, "€0.00"), (123456, "€1,234.56"), (-750, "-€7.50")])
def test_english_money(cents: int, expected: str) -> None:
    assert words.euro(cents) == expected


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("day", "expected"),
    [("Today", "This afternoon"), ("Tomorrow", "Tomorrow afternoon"), ("Friday 2 May", "Friday 2 May, afternoon")],
)
def test_an_english_day_with_its_dagdeel(day: str, expected: str) -> None:
    assert words.met_dagdeel(day, "middag") == expected


@pytest.mark.parametrize(("language", "expected"), [("nl", "woensdagochtend"), ("en", "Wednesday morning")])
def test_a_weekday_with_its_dagdeel(language: str, expected: str) -> None:
    with translation.override(language):
        assert words.met_weekdag(date(2026, 11, 25), "ochtend") == expected


def test_without_a_language_words_are_dutch() -> None:
    with translation.override(None):
        assert (words.weekdag(date(2026, 11, 25)), words.dagdeel("avond")) == ("woensdag", "avond")
