"""A choice on the page of a house, and the form that follows from it."""

from datetime import date, timedelta

import pytest

from bookings.domain.dagdelen import Dagdeel, Moment
from tests import factories
from tests.factories import make_booking, make_house
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, Page, on_monday
from villages.models import Dorpshuis, Tariff

pytestmark = [pytest.mark.django_db, on_monday]

NEXT_WEEK = Moment(date(2026, 12, 1), Dagdeel.OCHTEND)
SATURDAY = Moment(date(2026, 11, 28), Dagdeel.OCHTEND)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def guest() -> Guest:
    return Guest()


def heading(page: Page) -> str:
    """Which week is shown."""
    return page.tree.one(id="weeknav").one("b").text.split(":")[0]


def links(page: Page) -> list[str]:
    """The addresses of the weeks before and after."""
    return [node.attrs["href"] for node in page.tree.one(id="weeknav").all("a")]


def fill(house: Dorpshuis, moment: Moment, desks: int) -> None:
    for _ in range(desks):
        make_booking(house, moment)


# --- a choice ---------------------------------------------------------------------------------------------


def test_without_a_choice_there_is_no_form(guest: Guest, house: Dorpshuis) -> None:
    page = guest.look(house)
    assert (page.status, page.has_form) == (200, False)


def test_a_choice_gives_the_form_with_all_that_the_order_needs(guest: Guest, house: Dorpshuis) -> None:
    page = guest.look(house, WEDNESDAY, THURSDAY, week="2026-W48")
    form = page.tree.one("form", id="boeking")
    assert (form.attrs["method"], form.attrs["action"]) == ("post", "/dorpshuizen/het-huis/boek/")
    assert page.fields["dagdeel"] == ["2026-11-25:ochtend", "2026-11-26:ochtend"]
    assert page.fields["bedrag"] == ["1500"]
    assert page.fields["sleutel"] != [""]
    assert [name for name in form.attrs if name.startswith("hx-")] == []


def test_the_button_names_the_exact_sum(guest: Guest, house: Dorpshuis) -> None:
    assert guest.look(house, WEDNESDAY, THURSDAY).button == "Boek en betaal € 15,00 in het dorpshuis"


def test_a_free_house_books_for_free(guest: Guest) -> None:
    page = guest.look(make_house(cents=0), WEDNESDAY)
    assert (page.button, page.fields["bedrag"]) == ("Boek gratis", ["0"])


def test_a_price_that_changes_tomorrow_counts_for_the_days_after(guest: Guest, house: Dorpshuis) -> None:
    Tariff.objects.create(dorpshuis=house, kind="standaard", cents=800, valid_from=THURSDAY.date)
    assert guest.look(house, WEDNESDAY, THURSDAY).fields["bedrag"] == ["1550"]


def test_the_same_dagdeel_twice_is_chosen_once(guest: Guest, house: Dorpshuis) -> None:
    assert guest.look(house, WEDNESDAY, WEDNESDAY).fields["dagdeel"] == [str(WEDNESDAY)]


def test_the_week_links_keep_the_choice(guest: Guest, house: Dorpshuis) -> None:
    page = guest.look(house, WEDNESDAY, THURSDAY, week="2026-W48")
    chosen = "dagdeel=2026-11-25:ochtend&dagdeel=2026-11-26:ochtend"
    assert links(page) == [f"/dorpshuizen/het-huis/?week=2026-W49&{chosen}#kies"]


def test_what_was_chosen_in_another_week_is_kept(guest: Guest, house: Dorpshuis) -> None:
    page = guest.look(house, WEDNESDAY, week="2026-W49")
    kept = page.tree.one("form", id="keuze").all("input", type="hidden", name="dagdeel")
    assert [node.attrs["value"] for node in kept] == [str(WEDNESDAY)]
    assert page.fields["dagdeel"] == [str(WEDNESDAY)]


def test_a_choice_without_a_week_shows_its_own_week(guest: Guest, house: Dorpshuis) -> None:
    assert heading(guest.look(house, NEXT_WEEK)) == "Week 49"


def test_what_is_full_is_dropped_with_its_reason_and_the_rest_stays(guest: Guest, house: Dorpshuis) -> None:
    fill(house, WEDNESDAY, 4)
    page = guest.look(house, WEDNESDAY, THURSDAY)
    assert (page.status, page.fields["dagdeel"], page.fields["bedrag"]) == (200, [str(THURSDAY)], ["750"])
    assert page.dropped == (
        "Woensdag 25 november, ochtend: Iemand anders was net eerder. Deze plek is nu vol. Kies een ander dagdeel."
    )


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ("2026-11-20:ochtend", "Dit dagdeel is al voorbij. Kies een andere dag."),
        ("2026-11-23:ochtend", "Je bent te laat om dit nog te boeken. Bel het dorpshuis: 0521 591 000."),
        ("2026-11-28:ochtend", "Het dorpshuis is dan gesloten (zaterdag). Kies een andere dag."),
        ("2026-11-27:avond", "Het dorpshuis is dan gesloten (’s avonds dicht). Kies een ander dagdeel."),
        ("2027-01-25:ochtend", "Zo ver vooruit kun je nog niet boeken. Dat kan vanaf donderdag 26 november."),
    ],
)
def test_with_nothing_left_there_is_the_reason_and_no_form(
    guest: Guest, house: Dorpshuis, chosen: str, sentence: str
) -> None:
    page = guest.look(house, chosen)
    assert (page.status, page.has_form, len(page.cells)) == (200, False, 21)
    assert sentence in page.dropped


@pytest.mark.parametrize(
    "value",
    ["", "x", "2026-11-25", "2026-11-25:nacht", "2026-02-30:ochtend", "9999-01-01:ochtend", "٢٠٢٦-11-25:ochtend"]
    + [
        "2026-11-25:ochtend\n",
        "2026-11-25:ochtend\x00",
        "9" * 5_000,
        "<script>alert(1)</script>:ochtend",
        "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_a_dagdeel_that_makes_no_sense_is_dropped(guest: Guest, house: Dorpshuis, value: str) -> None:
    page = guest.look(house, WEDNESDAY, value)
    assert (page.status, page.fields["dagdeel"]) == (200, [str(WEDNESDAY)])
    assert page.dropped == "Een dagdeel in je keuze kennen we niet. Kies een dagdeel in de week."
    assert "<script>alert" not in page.html


@pytest.mark.parametrize(
    "query", ["%00", "%ed%a0%80", "%ff", "dagdeel=%00", "bron=%00%ff", "week=%ff", "tarief=%ed%b0%80"]
)
def test_bytes_that_are_no_text_break_nothing(guest: Guest, house: Dorpshuis, query: str) -> None:
    page = guest.get(f"/dorpshuizen/{house.slug}/?dagdeel={WEDNESDAY}&{query}")
    assert (page.status, len(page.cells)) == (422 if "week" in query else 200, 21)


def test_more_than_the_order_limit_is_said_before_the_order(guest: Guest, house: Dorpshuis) -> None:
    many = [Moment(MONDAY + timedelta(days=n), Dagdeel.OCHTEND) for n in (1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15)]
    page = guest.look(house, *many)
    assert page.dropped == (
        "Zoveel dagdelen kun je hier niet boeken. Kies er minder, of bel het dorpshuis: 0521 591 000."
    )


def test_a_thousand_dagdelen_in_an_address_are_400(guest: Guest, house: Dorpshuis) -> None:
    assert guest.look(house, *["2026-11-25:ochtend"] * 1_000).status == 400


# --- desk and tariff --------------------------------------------------------------------------------------


def test_a_chosen_desk_goes_into_the_form(guest: Guest, house: Dorpshuis) -> None:
    desk = factories.desks_of(house)[2]
    page = guest.look(house, WEDNESDAY, bureau=desk.pk)
    assert page.fields["bureau"] == [str(desk.pk)]
    assert page.tree.one("select", id="bureau").one("option", selected="").text == "Bureau 3"


@pytest.mark.parametrize("desk", ["0", "999999999", "9" * 4_000, "-1", "abc", "1;2", "\x00", "٣"])
def test_an_unknown_desk_is_dropped_with_a_sentence(guest: Guest, house: Dorpshuis, desk: str) -> None:
    page = guest.look(house, WEDNESDAY, bureau=desk)
    assert (page.status, "bureau" in page.fields) == (200, False)
    assert page.dropped == "Dit bureau is er niet in dit dorpshuis. Kies een ander bureau, of laat het ons kiezen."


def test_a_desk_of_another_house_is_unknown_here(guest: Guest, house: Dorpshuis) -> None:
    other = factories.desks_of(make_house(desks=1))[0]
    page = guest.look(house, WEDNESDAY, bureau=other.pk)
    assert ("bureau" in page.fields, page.dropped[:29]) == (False, "Dit bureau is er niet in dit ")


def test_a_desk_that_is_taken_then_drops_that_dagdeel(guest: Guest, house: Dorpshuis) -> None:
    desk = factories.desks_of(house)[0]
    make_booking(house, WEDNESDAY, desk_id=desk.pk)
    page = guest.look(house, WEDNESDAY, THURSDAY, bureau=desk.pk)
    assert page.fields["dagdeel"] == [str(THURSDAY)]
    assert page.dropped.startswith("Woensdag 25 november, ochtend: Bureau 1 is dan al bezet.")


def test_only_desks_that_are_free_in_all_of_the_choice_can_be_chosen(guest: Guest, house: Dorpshuis) -> None:
    desks = factories.desks_of(house)
    make_booking(house, WEDNESDAY, desk_id=desks[0].pk)
    make_booking(house, THURSDAY, desk_id=desks[1].pk)
    options = guest.look(house, WEDNESDAY, THURSDAY).tree.one("select", id="bureau").all("option")
    assert [option.text for option in options] == ["Maakt niet uit", "Bureau 3", "Bureau 4"]


def test_another_tariff_changes_the_sum(guest: Guest, house: Dorpshuis) -> None:
    Tariff.objects.create(dorpshuis=house, kind="dorpsgenoot", cents=500)
    page = guest.look(house, WEDNESDAY, WEDNESDAY_NOON, tarief="dorpsgenoot")
    assert (page.fields["bedrag"], page.fields["tarief"]) == (["1000"], ["dorpsgenoot"])
    assert page.button == "Boek en betaal € 10,00 in het dorpshuis"


@pytest.mark.parametrize("kind", ["maatschappelijk", "zomaar", "x" * 5_000, "\x00"])
def test_a_tariff_that_a_guest_cant_choose_becomes_the_usual_one(guest: Guest, house: Dorpshuis, kind: str) -> None:
    Tariff.objects.create(dorpshuis=house, kind="maatschappelijk", cents=100, chooser="house")
    page = guest.look(house, WEDNESDAY, tarief=kind)
    assert (page.status, page.fields["bedrag"]) == (200, ["750"])
    assert page.dropped == "Deze prijs kun je hier niet kiezen. Je ziet nu de gewone prijs."


def test_a_tariff_for_the_house_alone_is_not_offered(guest: Guest, house: Dorpshuis) -> None:
    Tariff.objects.create(dorpshuis=house, kind="maatschappelijk", cents=100, chooser="house")
    Tariff.objects.create(dorpshuis=house, kind="dorpsgenoot", cents=500)
    options = guest.look(house, WEDNESDAY).tree.all("input", type="radio", name="tarief")
    assert [option.attrs["value"] for option in options] == ["standaard", "dorpsgenoot"]
