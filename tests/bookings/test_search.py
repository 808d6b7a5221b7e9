"""The search on the first page: where and when; the houses near, what is free, and what was not understood."""

import gzip
from datetime import date
from typing import Any

import pytest

from tests.factories import make_booking, make_house, make_village
from tests.guest import MONDAY, WEDNESDAY, Guest, Node, Page, on_monday
from villages.models import Closure, Dorpshuis, Municipality, Opening, Village

pytestmark = [pytest.mark.django_db, on_monday]

MORNING = {"dag": "2026-11-25", "dagdeel": "ochtend"}


@pytest.fixture
def near() -> Dorpshuis:
    return make_house("dichtbij", village=make_village("Zoekerveen", 52.80, 6.40))


@pytest.fixture
def far() -> Dorpshuis:
    return make_house("ver", village=make_village("Verrewolde", 52.90, 6.80))


def ask(**asked: Any) -> Page:
    return Page(Guest().client.get("/", asked))  # type: ignore[arg-type]


def rows(page: Page) -> list[Node]:
    return [row for found in page.tree.all("ol", class_="list near") for row in found.all("li", class_="house")]


def state(row: Node) -> str:
    return row.one("p", class_="state small").text


def link(row: Node) -> str:
    return row.one("h3").one("a").attrs["href"]


def still_a_list(page: Page) -> bool:
    return len(page.tree.all("ul", class_="list houses")) == 1


# --- the answer -------------------------------------------------------------------------------------------


def test_the_nearest_house_comes_first(near: Dorpshuis, far: Dorpshuis) -> None:
    assert [row.one("h3").text for row in rows(ask(plaats="Zoekerveen", **MORNING))] == ["Dichtbij", "Ver"]
    assert [row.one("h3").text for row in rows(ask(plaats="Verrewolde", **MORNING))] == ["Ver", "Dichtbij"]


def test_a_row_says_how_far_it_is(near: Dorpshuis, far: Dorpshuis) -> None:
    first, second = rows(ask(plaats="zoekerveen", **MORNING))
    assert "Zoekerveen, in het dorp · 4 bureaus" in first.text
    assert "Verrewolde, 29 km · 4 bureaus" in second.text


def test_a_house_with_coordinates_of_its_own_is_measured_by_those(near: Dorpshuis, far: Dorpshuis) -> None:
    Dorpshuis.objects.filter(pk=far.pk).update(latitude=52.81, longitude=6.41)
    assert "Verrewolde, 1 km" in rows(ask(plaats="Zoekerveen", **MORNING))[1].text


def test_a_free_house_is_a_link_that_chooses_that_dagdeel(near: Dorpshuis) -> None:
    make_booking(near, WEDNESDAY)
    (row,) = rows(ask(plaats="Zoekerveen", **MORNING))
    assert state(row) == "3 plekken vrij"
    assert link(row) == "/dorpshuizen/dichtbij/?week=2026-W48&dagdeel=2026-11-25:ochtend#jouw-keuze"
    assert Guest().get(link(row)).has_form


def test_the_heading_says_when_and_where(near: Dorpshuis) -> None:
    assert "Woensdagochtend 25 november, dicht bij Zoekerveen" in ask(plaats="zoekerveen", **MORNING).text
    assert "Vanmiddag, dicht bij" in ask(plaats="zoekerveen", dag="2026-11-23", dagdeel="middag").text
    assert "Morgenmiddag, dicht bij" in ask(plaats="zoekerveen", dag="24-11-2026", dagdeel="middag").text


def test_without_a_place_the_houses_stand_by_name(near: Dorpshuis, far: Dorpshuis) -> None:
    page = ask(**MORNING)
    assert [row.one("h3").text for row in rows(page)] == ["Dichtbij", "Ver"]
    assert "Woensdagochtend 25 november" in [heading.text for heading in page.tree.all("h2")]


def test_where_she_heard_of_it_goes_along(near: Dorpshuis) -> None:
    page = ask(plaats="Zoekerveen", bron="poster", **MORNING)
    assert "&bron=poster" in link(rows(page)[0])
    assert page.tree.one("input", name="bron").attrs["value"] == "poster"


def test_what_is_not_asked_is_what_is_free_first(near: Dorpshuis) -> None:
    assert "Vanmiddag, dicht bij Zoekerveen" in ask(plaats="Zoekerveen").text
    Closure.objects.create(dorpshuis=near, first_day=MONDAY, last_day=MONDAY, reason="dorpsfeest")
    assert "Morgenochtend, dicht bij Zoekerveen" in ask(plaats="Zoekerveen").text


# --- why not, and what then -------------------------------------------------------------------------------


def test_a_full_house_offers_the_other_dagdeel(near: Dorpshuis) -> None:
    for _ in range(4):
        make_booking(near, WEDNESDAY)
    page = ask(plaats="Zoekerveen", **MORNING)
    (row,) = rows(page)
    other = row.one("p", class_="small else").one("a")
    assert (state(row), other.text) == ("Vol", "’s Middags: 4 plekken vrij")
    assert "dagdeel=2026-11-25:middag" in other.attrs["href"]
    assert link(row) == "/dorpshuizen/dichtbij/?week=2026-W48"
    assert "Dan is nergens een plek te boeken." in page.text


def test_of_one_day_the_dagdeel_beside_it_is_offered(near: Dorpshuis) -> None:
    (row,) = rows(ask(plaats="Zoekerveen", dag="2026-11-25", dagdeel="avond"))
    assert row.one("p", class_="small else").text == "’s Middags: 4 plekken vrij"


def test_a_closed_house_says_why_and_when_it_is_open_again(near: Dorpshuis) -> None:
    Closure.objects.create(
        dorpshuis=near, first_day=date(2026, 11, 25), last_day=date(2026, 11, 26), reason="dorpsfeest"
    )
    (row,) = rows(ask(plaats="Zoekerveen", **MORNING))
    assert state(row) == "Gesloten: dorpsfeest"
    assert row.one("p", class_="small else").text == "Vrijdagochtend 27 november: 4 plekken vrij"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"dag": "2026-11-28", "dagdeel": "ochtend"}, "Gesloten: zaterdag"),
        ({"dag": "2026-11-25", "dagdeel": "avond"}, "Gesloten: ’s avonds dicht"),
        ({"dag": "2026-11-23", "dagdeel": "ochtend"}, "Te laat om nog te boeken"),
    ],
)
def test_every_reason_has_words(near: Dorpshuis, asked: dict[str, str], words: str) -> None:
    assert state(rows(ask(plaats="Zoekerveen", **asked))[0]) == words


def test_a_house_that_is_booked_by_phone_gives_its_number(near: Dorpshuis) -> None:
    Opening.objects.update(by_appointment=True)
    (row,) = rows(ask(plaats="Zoekerveen", **MORNING))
    assert state(row) == "Bel om dit te boeken"
    assert [a.text for a in row.all("a", href="tel:+31521591000")] == ["0521 591 000"]


def test_a_house_with_a_shorter_window_says_from_when(near: Dorpshuis, far: Dorpshuis) -> None:
    Dorpshuis.objects.filter(pk=near.pk).update(window_days=5)
    first, second = rows(ask(plaats="Zoekerveen", dag="2026-12-02", dagdeel="ochtend"))
    assert state(first) == "Boeken kan vanaf vrijdag 27 november"
    assert state(second) == "4 plekken vrij"


# --- what was not understood ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"plaats": "Groningen-Stad"}, "Deze plaats kennen we niet in Drenthe."),
        ({"plaats": "!!"}, "Deze plaats kennen we niet in Drenthe."),
        ({"dag": "gisteren"}, "Deze datum kennen we niet."),
        ({"dag": "2026-02-31"}, "Deze datum kennen we niet."),
        ({"dag": "2026-11-22"}, "Deze dag is al voorbij."),
        ({"dag": "2027-01-23"}, "Kies een dag tot vrijdag 22 januari 2027."),
        ({"dag": "9999-01-01"}, "Deze datum kennen we niet."),
        ({"dagdeel": "nacht"}, "Dit dagdeel kennen we niet."),
    ],
)
def test_what_makes_no_sense_gets_a_sentence_and_the_list(
    near: Dorpshuis, asked: dict[str, str], sentence: str
) -> None:
    page = ask(**asked)
    assert (page.status, still_a_list(page), rows(page)) == (422, True, [])
    assert sentence in page.notice
    (field,) = asked
    assert page.tree.all(id=f"{field}-fout")


def test_what_was_typed_stays_and_is_escaped(near: Dorpshuis) -> None:
    page = ask(plaats='<u>"Nergens', dag="<i>", dagdeel="middag")
    assert page.tree.one("input", id="plaats").attrs["value"] == '<u>"Nergens'
    assert page.tree.one("input", id="dag").attrs["value"] == "<i>"
    assert [r.attrs["value"] for r in page.tree.all("input", type="radio") if "checked" in r.attrs] == ["middag"]
    assert ("<u>" in page.html, "<i>" in page.html) == (False, False)


def test_a_place_that_is_not_here_is_answered_with_what_looks_like_it(near: Dorpshuis) -> None:
    page = ask(plaats="Zoekersche", **MORNING)
    (offered,) = [a for a in page.tree.all("a") if a.text == "Zoekerveen (Toetsgemeente)"]
    assert (page.status, still_a_list(page)) == (422, True)
    answer = Guest().get(offered.attrs["href"])
    assert "Woensdagochtend 25 november, dicht bij Zoekerveen" in answer.text


def test_a_wrong_letter_is_forgiven_and_told(near: Dorpshuis) -> None:
    page = ask(plaats="Zoekervene", **MORNING)
    assert page.status == 200
    assert "Je typte “Zoekervene”. We zochten bij Zoekerveen." in page.text


def test_of_two_places_with_one_name_the_visitor_chooses(near: Dorpshuis) -> None:
    other = Municipality.objects.create(gm_code="GM9998", name="Andergemeente", region="Toetsregio")
    Village.objects.create(name="Zoekerveen", slug="ander", municipality=other, latitude=52.9, longitude=6.8)
    page = ask(plaats="zoekerveen", **MORNING)
    assert (page.status, still_a_list(page)) == (200, True)
    choices = [a for a in page.tree.one("ul", class_="row list places").all("a")]
    assert {a.text for a in choices} == {"Zoekerveen (Toetsgemeente)", "Zoekerveen (Andergemeente)"}
    assert [len(rows(Guest().get(a.attrs["href"]))) for a in choices] == [1, 1]
    options = [option.attrs["value"] for option in page.tree.all("option")]
    assert "Zoekerveen" not in options
    assert {a.text for a in choices} <= set(options)


def test_strange_letters_and_long_names_break_nothing(near: Dorpshuis) -> None:
    for typed in ("\x00", "a" * 5000, "🏠", "%00", "' OR 1=1 --", "\u202e"):
        assert ask(plaats=typed).status in (200, 422)


def test_hundreds_of_unknown_filters_are_ignored_and_more_refused(near: Dorpshuis) -> None:
    some, far_too_many = ({f"filter{n}": "x" for n in range(number)} for number in (400, 600))
    assert ask(plaats="Zoekerveen", **some).status == 200
    assert ask(**far_too_many).status == 400


# --- without a question -----------------------------------------------------------------------------------


def test_unasked_the_form_proposes_what_is_free_first(near: Dorpshuis) -> None:
    page = Guest().get("/")
    assert still_a_list(page)
    day = page.tree.one("input", id="dag").attrs
    assert (day["value"], day["min"], day["max"]) == ("2026-11-23", "2026-11-23", "2027-01-22")
    assert [r.attrs["value"] for r in page.tree.all("input", type="radio") if "checked" in r.attrs] == ["middag"]
    assert "Zoekerveen" in [option.attrs["value"] for option in page.tree.all("option")]


@pytest.mark.parametrize("address", ["/?bron=poster", "/?plaats=&dag=&dagdeel=", "/?iets=anders"])
def test_an_empty_question_is_no_question(near: Dorpshuis, address: str) -> None:
    page = Guest().get(address)
    assert (page.status, still_a_list(page)) == (200, True)


def test_with_no_house_at_all_the_page_still_stands() -> None:
    make_village("Zoekerveen")
    assert [ask().status, ask(plaats="Zoekerveen").status] == [200, 200]
    assert "Nu kun je nog nergens boeken." in ask(plaats="Zoekerveen").text


# --- map, weight, queries ---------------------------------------------------------------------------------


def test_each_pin_is_the_link_of_its_row(near: Dorpshuis, far: Dorpshuis) -> None:
    page = ask(plaats="Zoekerveen", **MORNING)
    pins = page.tree.one("svg", class_="map").all("a")
    assert [pin.attrs["aria-label"] for pin in pins] == [
        "1. Dichtbij in Zoekerveen: 4 plekken vrij",
        "2. Ver in Verrewolde: 4 plekken vrij",
    ]
    assert [pin.attrs["href"] for pin in pins] == [link(row) for row in rows(page)]


def test_pins_of_one_village_do_not_hide_each_other() -> None:
    village = make_village("Zoekerveen")
    for _ in range(5):
        make_house(village=village)
    pins = ask(**MORNING).tree.one("svg", class_="map").all("a")
    spots = [(int(p.one("circle").attrs["cx"]), int(p.one("circle").attrs["cy"])) for p in pins]
    gaps = [(a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 for n, a in enumerate(spots) for b in spots[:n]]
    assert min(gaps) >= 36**2


def test_an_answer_sets_no_cookie_and_lets_the_database_be(near: Dorpshuis) -> None:
    answer = Guest().client.get("/", {"plaats": "Zoekerveen"})
    assert (dict(answer.cookies), "Set-Cookie" in answer.headers) == ({}, False)


@pytest.mark.parametrize("houses", [3, 200])
def test_an_answer_takes_seven_queries_and_little_weight(query_count: Any, houses: int) -> None:
    for number in range(houses):
        village = make_village(f"Toetsoord {number}", 52.65 + number / 500, 6.2 + number / 300)
        make_house(village=village, desks=2)
    with query_count(7):
        page = ask(plaats="Toetsoord 1", **MORNING)
    assert len(rows(page)) == houses
    assert len(gzip.compress(page.html.encode())) < (25_000 if houses > 3 else 10_000)
