"""What the visitor needs: which houses have it, how many desks with it are free, and what then."""

from typing import Any

import pytest

from tests.factories import desks_of, make_booking, make_desks, make_house, make_room, make_village
from tests.guest import WEDNESDAY, Guest, Node, Page, on_monday
from villages.models import Desk, Dorpshuis, Facility

pytestmark = [pytest.mark.django_db, on_monday]

MORNING = {"dag": "2026-11-25", "dagdeel": "ochtend"}


@pytest.fixture
def plain() -> Dorpshuis:
    """A house with four desks and nothing special."""
    return make_house("gewoon", name="Gewoon")


@pytest.fixture
def special() -> Dorpshuis:
    """A house with two sit-stand desks of four, one of them for a wheelchair."""
    house = make_house("bijzonder", name="Bijzonder", internet_down=100)
    Desk.objects.filter(room__dorpshuis=house, position__lte=2).update(height_adjustable=True)
    Desk.objects.filter(room__dorpshuis=house, position=2).update(wheelchair=True)
    return house


def ask(*needs: str, **asked: Any) -> Page:
    return Page(Guest().client.get("/", {"met": needs, **(asked or MORNING)}))  # type: ignore[arg-type]


def rows(page: Page) -> list[Node]:
    return [row for found in page.tree.all("ol", class_="list near") for row in found.all("li", class_="house")]


def names(page: Page) -> list[str]:
    return [row.one("h3").text for row in rows(page)]


def states(page: Page) -> list[str]:
    return [row.one("p", class_="state small").text for row in rows(page)]


@pytest.mark.parametrize("need", ["snel-internet", "zit-sta", "rolstoel"])
def test_only_the_houses_that_have_it_are_shown(plain: Dorpshuis, special: Dorpshuis, need: str) -> None:
    page = ask(need)
    assert names(page) == ["Bijzonder"]
    assert "1 dorpshuis heeft niet alles wat je nodig hebt." in page.text
    (everything,) = [a for a in page.tree.all("a") if a.text == "Bekijk alle dorpshuizen"]
    assert names(Guest().get(everything.attrs["href"])) == ["Bijzonder", "Gewoon"]


@pytest.mark.parametrize(("kind", "need"), [("phone", "bellen"), ("volume-x", "rustig")])
def test_a_facility_of_the_house_counts_for_every_desk(plain: Dorpshuis, kind: str, need: str) -> None:
    make_house(name="Ander")
    Facility.objects.create(dorpshuis=plain, kind=kind, title="Hier")
    page = ask(need)
    assert (names(page), states(page)) == (["Gewoon"], ["4 plekken vrij"])
    assert "bureau=" not in rows(page)[0].one("h3").one("a").attrs["href"]


def test_without_a_place_to_phone_the_desks_where_one_may_count(plain: Dorpshuis) -> None:
    Desk.objects.filter(room__dorpshuis=plain, position=3).update(calls=True)
    assert states(ask("bellen")) == ["1 bureau vrij om te bellen"]


def test_the_desks_with_all_that_is_asked_are_counted(special: Dorpshuis) -> None:
    assert states(ask("zit-sta")) == ["2 zit-stabureaus vrij"]
    assert states(ask("zit-sta", "rolstoel")) == ["1 passend bureau vrij"]


def test_its_link_chooses_such_a_desk(special: Dorpshuis) -> None:
    first, second = desks_of(special)[:2]
    make_booking(special, WEDNESDAY, desk_id=first.pk)
    page = ask("zit-sta")
    link = rows(page)[0].one("h3").one("a").attrs["href"]
    assert states(page) == ["1 zit-stabureau vrij"]
    assert link.startswith("/dorpshuizen/bijzonder/?week=2026-W48&dagdeel=2026-11-25:ochtend")
    assert Guest().get(link).fields["bureau"] == [str(second.pk)]


def test_a_house_whose_desks_of_that_kind_are_taken_says_so_and_when_one_is_free(special: Dorpshuis) -> None:
    for desk in desks_of(special)[:2]:
        make_booking(special, WEDNESDAY, desk_id=desk.pk)
    page = ask("zit-sta")
    assert states(page) == ["Geen zit-stabureau vrij"]
    other = rows(page)[0].one("p", class_="small else").one("a")
    assert other.text == "’s Middags: 2 zit-stabureaus vrij"
    assert "bureau=" in other.attrs["href"]


def test_when_nobody_has_it_all_are_shown_with_what_they_lack(plain: Dorpshuis, special: Dorpshuis) -> None:
    page = ask("rustig", "rolstoel")
    assert "Geen dorpshuis heeft alles wat je nodig hebt." in page.text
    assert [row.one("p", class_="small").text for row in rows(page)] == [
        "Mist: geen rustige plek.",
        "Mist: geen rustige plek, geen bureau voor een rolstoel.",
    ]
    assert states(page) == ["4 plekken vrij", "4 plekken vrij"]


def test_traits_of_different_desks_do_not_add_up(plain: Dorpshuis) -> None:
    Desk.objects.filter(room__dorpshuis=plain, position=1).update(height_adjustable=True)
    Desk.objects.filter(room__dorpshuis=plain, position=2).update(wheelchair=True)
    (row,) = rows(ask("zit-sta", "rolstoel"))
    assert row.one("p", class_="small").text == "Mist: geen bureau dat dit allemaal heeft."


def test_internet_that_was_not_measured_is_not_fast(plain: Dorpshuis) -> None:
    assert "geen gemeten snel internet" in ask("snel-internet").text


def test_a_need_alone_is_a_question_about_what_is_free_first(special: Dorpshuis) -> None:
    page = ask("zit-sta", plaats="")
    assert "Vanmiddag" in [heading.text for heading in page.tree.all("h2")]
    assert states(page) == ["2 zit-stabureaus vrij"]


def test_what_was_ticked_stays_ticked_in_sight(special: Dorpshuis) -> None:
    folded = ask().tree.one("details", class_="needs")
    opened = ask("rustig").tree.one("details", class_="needs")
    assert ("open" in folded.attrs, "open" in opened.attrs) == (False, True)
    assert [box.attrs["value"] for box in opened.all("input") if "checked" in box.attrs] == ["rustig"]


def test_what_was_ticked_goes_along_with_a_choice_of_places(special: Dorpshuis) -> None:
    make_village("Zoekerveen")
    page = ask("zit-sta", plaats="Zoekersche")
    (offered,) = [a for a in page.tree.all("a") if a.text == "Zoekerveen (Toetsgemeente)"]
    assert "met=zit-sta" in offered.attrs["href"]


@pytest.mark.parametrize("address", ["/", "/dorpshuizen/"])
def test_unknown_needs_are_ignored_with_one_sentence(special: Dorpshuis, address: str) -> None:
    asked = "&".join(f"met=x{number}" for number in range(490))
    page = Guest().get(f"{address}?{asked}&met=zit-sta")
    assert (page.status, page.html.count("Een van je wensen kennen we niet.")) == (200, 1)
    assert "Bijzonder" in page.text


def test_an_unknown_need_alone_is_no_question(plain: Dorpshuis) -> None:
    page = ask("zwembad", plaats="")
    assert (page.status, len(page.tree.all("ul", class_="list houses"))) == (200, 1)
    assert "Een van je wensen kennen we niet." in page.text


@pytest.mark.parametrize("houses", [1, 200])
def test_all_needs_at_once_take_eight_queries(query_count: Any, houses: int) -> None:
    for _ in range(houses):
        house = make_house(desks=0)
        make_desks(make_room(house, "Zaal"), 2)
    needs = ("snel-internet", "zit-sta", "rolstoel", "bellen", "rustig")
    with query_count(8):
        assert len(rows(ask(*needs, plaats="Toetsdorp", **MORNING))) == houses
