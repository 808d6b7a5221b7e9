"""Place names as people type them."""

import csv
from pathlib import Path

import pytest

from bookings.domain.names import Match, Place, fold, match

FILE = Path(__file__).resolve().parents[2] / "villages" / "data" / "places.csv"
with FILE.open(encoding="utf-8", newline="") as file:
    DRENTHE = [Place(number, row["name"], row["gm_code"]) for number, row in enumerate(csv.DictReader(file))]
MORE = [Place(1001, "’t Haantje", "Coevorden"), Place(1002, "Alteveer", "Noordenveld")]
PLACES = [*DRENTHE, *MORE]


def names(found: tuple[Place, ...]) -> list[str]:
    return [place.name for place in found]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Dwingeloo", "Dwingeloo"),
        ("DWINGELOO ", "Dwingeloo"),
        ("dwingelo", "Dwingeloo"),
        ("Dwingeloo (GM1701)", "Dwingeloo"),
        ("tweede exloermond", "Tweede Exloërmond"),
        ("2e Exloërmond", "Tweede Exloërmond"),
        ("2de  exlo\u0065\u0308rmond", "Tweede Exloërmond"),
        ("'t Haantje", "’t Haantje"),
        ("t haantje", "’t Haantje"),
        ("Het Haantje", "’t Haantje"),
        ("nieuwbalinge", "Nieuw-Balinge"),
        ("Nieuw Balinge", "Nieuw-Balinge"),
        ("een", "Een"),
        ("Emmen", "Emmen"),
    ],
)
def test_a_name_is_known_however_it_is_written(typed: str, meant: str) -> None:
    found = match(typed, PLACES)
    assert (names(found.found), found.guessed) == ([meant], False)


@pytest.mark.parametrize(
    ("typed", "meant"), [("Dwingello", "Dwingeloo"), ("Hoogeven", "Hoogeveen"), ("Rhoden", "Roden")]
)
def test_a_wrong_letter_is_forgiven_and_owned_up_to(typed: str, meant: str) -> None:
    found = match(typed, PLACES)
    assert (names(found.found), found.guessed) == ([meant], True)


@pytest.mark.parametrize(
    ("typed", "meant"), [("Steenwijk", "Steenwijksmoer"), ("Drouwen", "Drouwenermond"), ("Dwing", "Dwingeloo")]
)
def test_a_start_that_may_be_another_place_is_owned_up_to(typed: str, meant: str) -> None:
    found = match(typed, PLACES)
    assert (names(found.found), found.guessed) == ([meant], True)


@pytest.mark.parametrize("typed", ["Groningen", "Zwolle", "Amsterdam", "qqq", "Exloermond", "Assendelft", "Ees"])
def test_a_place_that_is_not_here_is_never_taken_for_another(typed: str) -> None:
    assert match(typed, PLACES).found == ()


def test_what_looks_like_it_is_offered() -> None:
    assert "Tweede Exloërmond" in names(match("Exloermond", PLACES).offered)
    assert "Westerbork" in names(match("Westerburcht", PLACES).offered)
    assert match("qqq", PLACES).offered == ()


def test_of_two_with_one_name_both_are_found_and_the_municipality_tells_them_apart() -> None:
    assert names(match("alteveer", PLACES).found) == ["Alteveer", "Alteveer"]
    assert [place.number for place in match("Alteveer (Noordenveld)", PLACES).found] == [1002]


def test_the_start_of_several_names_finds_them_all() -> None:
    assert names(match("Gasseltern", PLACES).found) == ["Gasselternijveen", "Gasselternijveenschemond"]


@pytest.mark.parametrize("typed", ["", "   ", "!?", "’", "e", "\x00", "🏠"])
def test_nothing_means_nothing(typed: str) -> None:
    assert match(typed, PLACES) == Match()


def test_every_place_finds_itself() -> None:
    lost = [place.full for place in PLACES if match(place.full, PLACES).found != (place,)]
    assert lost == []


def test_folding_keeps_letters_and_digits_only() -> None:
    assert fold(" ’t Zandt-Oost 2e ") == "tzandtoosttweede"
