"""Charts from plain values: what is drawn where, and what a screen reader hears."""

import xml.etree.ElementTree as ET

import pytest
from django.utils import translation

from bookings.charts import BASE, HIGHEST, Column, Place, bars, bubbles, heat
from bookings.domain.dagdelen import Dagdeel
from bookings.domain.figures import SlotFigures
from bookings.drenthe import spot
from bookings.reports.chart_file import as_file


def months(*values: int | None) -> list[Column]:
    return [Column(f"maand {number}", "m", value) for number, value in enumerate(values, start=1)]


def test_the_highest_bar_stays_under_the_top_and_none_is_under_the_base() -> None:
    drawn = bars(months(0, 168, 287), "Gebruikte plekken").bars
    assert [bar.height for bar in drawn] == sorted(bar.height for bar in drawn)
    assert drawn[0].height == 0
    assert all(bar.y >= HIGHEST and bar.y + bar.height == BASE for bar in drawn)


@pytest.mark.parametrize(
    ("most", "lines"),
    [
        (0, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (287, ["0", "100", "200", "300"]),
        (1690, ["0", "500", "1.000", "1.500", "2.000"]),
    ],
)  # fmt: skip
def test_the_lines_are_round_numbers(most: int, lines: list[str]) -> None:
    assert [line.words for line in bars(months(most), "x").lines] == lines


def test_the_sentence_has_the_first_the_last_and_the_highest() -> None:
    words = bars(months(None, 168, 300, 287), "Gebruikte plekken").words
    assert words == (
        "Gebruikte plekken per maand: 168 in maand 2, 287 in maand 4. Het meest in maand 3: 300."
    )  # fmt: skip


def test_without_figures_there_are_no_bars_and_the_sentence_says_so() -> None:
    chart = bars(months(None, None), "Gebruikte plekken")
    assert chart.is_empty
    assert chart.words == "Gebruikte plekken per maand: er zijn nog geen cijfers."
    assert bars([], "x").bars == []


def test_what_is_provisional_looks_otherwise_whatever_month_it_is() -> None:
    columns = [Column("a", "a", 1, provisional=True, now=True), Column("b", "b", 1, now=True), Column("c", "c", 1)]
    assert [bar.look for bar in bars(columns, "x").bars] == ["soon", "top", "col"]


def test_sixty_months_still_fit() -> None:
    drawn = bars(months(*range(1000, 1060)), "x").bars
    assert all(one.x + one.width <= other.x for one, other in zip(drawn, drawn[1:], strict=False))
    assert not any(bar.short or bar.label for bar in drawn)


def test_a_mark_stands_at_its_own_height() -> None:
    (bar,) = bars([Column("a", "a", 10, beside=10)], "x").bars
    assert bar.mark == bar.y
    assert bars([Column("a", "a", 10, beside=10)], "x").has_marks


def test_the_year_under_the_last_bar_is_not_cut_off() -> None:
    drawn = bars([*months(*range(12)), Column("januari 2027", "j", 3, year="2027", now=True)], "x").bars
    assert drawn[-1].year_x + 34 <= 420
    assert drawn[0].year_x == drawn[0].x


@pytest.mark.parametrize(("beside", "raised"), [(11, True), (10, False), (30, False), (9, False)])
def test_a_mark_does_not_strike_a_number_through(beside: int, raised: bool) -> None:
    bar, _ = bars([Column("a", "a", 10, beside=beside), Column("b", "b", 100)], "x").bars
    assert (bar.label_y < bar.y) is raised


def test_a_name_stands_beside_its_circle_when_there_is_no_room_above_or_below() -> None:
    near = [Place("Boven", (200, 176), 30), Place("Midden", (200, 200), 30), Place("Onder", (200, 224), 30)]
    middle = next(one for one in bubbles(near, "x").bubbles if one.label == "Midden")
    assert (middle.anchor, middle.label_x > 200) == ("start", True)


def test_a_file_says_of_what_it_is_and_what_its_colours_mean() -> None:
    chart = bars([Column("a", "a", 1, year_ago=True), Column("b", "b", 2, beside=3, now=True)], "x")
    drawing = as_file(chart, "naam", "Gebruikt", ["De Veldkei", "oktober 2026"]).content.decode()
    texts = [node.text for node in ET.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314
    for words in (
        "Gebruikt", "De Veldkei", "oktober 2026", "de laatste maand", "dezelfde maand een jaar eerder",
        "gemiddeld in de andere huizen",
    ):  # fmt: skip
        assert words in texts
    assert "voorlopig" not in texts
    assert drawing.count('class="mark"') == 2


def test_under_twenty_offered_a_cell_has_no_percentage_and_no_shade() -> None:
    table = heat({(0, Dagdeel.OCHTEND): SlotFigures(offered=19, used=19), (1, Dagdeel.AVOND): SlotFigures(offered=20)})
    assert (table.rows[0].cells[0].rate, table.rows[0].cells[0].shade) == (None, 0)
    assert (table.rows[1].cells[2].rate, table.rows[1].cells[2].offered) == (0.0, 20)


@pytest.mark.parametrize(("used", "shade"), [(0, 0), (4, 0), (5, 1), (15, 2), (25, 3), (40, 4), (100, 4)])
def test_the_fuller_the_darker(used: int, shade: int) -> None:
    cell = heat({(0, Dagdeel.OCHTEND): SlotFigures(offered=100, used=used)}).rows[0].cells[0]
    assert cell.shade == shade


def test_the_larger_the_more_and_nothing_is_an_empty_circle() -> None:
    drawn = bubbles([Place("Klein", (100, 100), 4), Place("Groot", (200, 200), 88), Place("Niets", (300, 300), 0)], "x")
    assert [bubble.label for bubble in drawn.bubbles] == ["Groot", "Klein 4", "Niets"]
    assert [bubble.r for bubble in drawn.bubbles] == [24, 5, 5]
    assert [bubble.look for bubble in drawn.bubbles] == ["bub", "bub", "bub none"]


def test_names_do_not_lie_over_one_another() -> None:
    drawn = bubbles([Place(f"Dorp {n}", (200, 200), n) for n in range(1, 30)], "x")
    assert len([bubble for bubble in drawn.bubbles if bubble.label]) <= 4


def test_two_hundred_houses_in_one_place_are_drawn() -> None:
    assert len(bubbles([Place("Dorp", spot((52.8, 6.4)), 1) for _ in range(200)], "x").bubbles) == 200


@pytest.mark.parametrize("number", [0, 1, 2])
def test_each_drawing_can_be_a_file_of_its_own(number: int) -> None:
    place = Place('De "Zaal" & <zo>', (100, 100), 40)
    chart = [
        bars(months(1, None, 3), '<script>"'),
        bubbles([place], "x"),
        heat({(0, Dagdeel.OCHTEND): SlotFigures(offered=40, used=4)}),
    ][number]
    answer = as_file(chart, "naam", "De titel & meer")  # type: ignore[arg-type]
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="naam.svg"'
    root = ET.fromstring(answer.content)  # noqa: S314 (our own)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "De titel & meer"
    assert "var(--" not in answer.content.decode()


def test_numbers_and_days_are_in_the_language_of_the_page() -> None:
    with translation.override("en"):
        assert heat({}).rows[0].name == "Monday"
        assert bars(months(1690), "x").lines[-1].words == "2,000"
