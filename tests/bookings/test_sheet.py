"""The list of a day on paper, and keying it back."""

from typing import Any
from urllib.parse import unquote

import pytest
from time_machine import TimeMachineFixture

from bookings.actions.day import mark_no_show
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from portal.base.log.models import LogEntry
from tests.bookings.ledger import everything
from tests.day import Screen
from tests.factories import at, house_actor, make_booking, make_house
from tests.guest import MONDAY, WEDNESDAY, Page, on_monday
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

State = Booking.State
TODAY = Moment(MONDAY, Dagdeel.MIDDAG)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", desks=6)


@pytest.fixture
def screen(house: Dorpshuis) -> Screen:
    return Screen(house)


@pytest.fixture
def rows(house: Dorpshuis, time_machine: TimeMachineFixture) -> list[Booking]:
    """Four guests of this afternoon; it is two o'clock."""
    found = [make_booking(house, TODAY, name=name).bookings.get() for name in ("Anna", "Bert", "Cor", "Dini")]
    time_machine.move_to(at(MONDAY, 14), tick=False)
    return found


def entry(screen: Screen, **query: str) -> Page:
    return Page(screen.client.get("/beheer/het-huis/dag/2026-11-23/invoeren/", query))  # type: ignore[arg-type]


def fields_of(page: Page) -> dict[str, Any]:
    """What the form would send as it stands."""
    (form,) = [form for form in page.tree.all("form") if "Sla alles op" in form.text]
    inputs = [node.attrs for node in form.all("input") if node.attrs.get("type") != "radio" or "checked" in node.attrs]
    return {attrs["name"]: attrs["value"] for attrs in inputs}


def save(screen: Screen, **typed: Any) -> Page:
    return screen.post("day-entry", **(fields_of(entry(screen)) | typed))


def standing() -> list[tuple[str, str]]:
    return list(Booking.objects.order_by("pk").values_list("state", "paid_how"))


def test_the_paper_has_numbered_lines_boxes_and_room_for_who_walks_in(screen: Screen, rows: list[Booking]) -> None:
    page = screen.get("/beheer/het-huis/dag/2026-11-23/lijst/")
    tables = page.tree.all("table")
    named = [row.one("th", scope="row").text for row in tables[1].one("tbody").all("tr")]
    assert named[:4] == ["Anna (eerste keer)", "Bert (eerste keer)", "Cor (eerste keer)", "Dini (eerste keer)"]
    assert [row.all("td")[0].text for row in tables[1].one("tbody").all("tr")] == ["1", "2", "3", "4", "", "", ""]
    assert [len(row.all("i")) for row in tables[1].one("tbody").all("tr")] == [4, 4, 4, 4, 3, 3, 3]


def test_a_day_without_bookings_is_a_paper_with_empty_lines(screen: Screen) -> None:
    page = screen.get("/beheer/het-huis/dag/2026-11-25/lijst/")
    assert [len(table.one("tbody").all("tr")) for table in page.tree.all("table")] == [3, 3]


def test_a_closed_day_is_a_paper_that_says_so(screen: Screen, house: Dorpshuis) -> None:
    Closure.objects.create(dorpshuis=house, first_day=MONDAY, last_day=MONDAY, reason="dorpsfeest")
    page = screen.get("/beheer/het-huis/dag/2026-11-23/lijst/")
    assert "Het huis is dan gesloten: dorpsfeest. Er komt op deze dag niemand." in page.text


def test_the_screen_has_the_numbers_and_the_order_of_the_paper(screen: Screen, rows: list[Booking]) -> None:
    legends = [node.text for node in entry(screen).tree.all("legend")]
    assert legends == ["1. Anna middag", "2. Bert middag", "3. Cor middag", "4. Dini middag"]


def test_the_whole_list_is_saved_at_once(screen: Screen, rows: list[Booking]) -> None:
    anna, bert, cor, _ = (f"r{row.pk}" for row in rows)
    page = save(screen, **{anna: "pin", bert: "contant", cor: "niet"})
    assert (page.status, page.response["Location"]) == (302, "/beheer/het-huis/?opgeslagen=3")
    assert standing() == [("used", "pin"), ("used", "cash"), ("no_show", ""), ("booked", "")]
    assert LogEntry.objects.filter(verb="mark_sheet").count() == 1
    assert "Opgeslagen. 3 regels zijn veranderd." in screen.day(opgeslagen="3").text


def test_the_same_form_again_changes_nothing(screen: Screen, rows: list[Booking]) -> None:
    sent = fields_of(entry(screen)) | {f"r{rows[0].pk}": "pin", "extra-middag-contant": "1"}
    screen.post("day-entry", **sent)
    before = everything()
    assert screen.post("day-entry", **sent).status == 302
    assert everything() == before


def test_what_changed_meanwhile_is_reported_and_the_others_are_saved(
    screen: Screen, rows: list[Booking], house: Dorpshuis
) -> None:
    sent = fields_of(entry(screen)) | {f"r{row.pk}": "pin" for row in rows}
    mark_no_show(rows[1], house_actor(house))
    page = screen.post("day-entry", **sent)
    assert page.status == 409
    assert "Wel opgeslagen: 3 regels." in page.notice
    assert "Nummer 2, Bert: dit is intussen veranderd" in page.notice
    assert standing() == [("used", "pin"), ("no_show", ""), ("used", "pin"), ("used", "pin")]


def test_who_walked_in_is_counted_per_dagdeel_and_payment(screen: Screen, rows: list[Booking]) -> None:
    save(screen, **{"extra-middag-pin": "1", "extra-ochtend-contant": "2"})
    extra = Booking.objects.filter(walk_in=True).in_order().values_list("dagdeel", "state", "paid_how")
    assert list(extra) == [("ochtend", "used", "cash"), ("ochtend", "used", "cash"), ("middag", "used", "pin")]


def test_more_walk_ins_than_desks_are_reported(screen: Screen, rows: list[Booking]) -> None:
    page = save(screen, **{"extra-middag-pin": "3"})
    assert page.status == 409
    assert "Loopt binnen, middag: er was geen bureau meer vrij" in page.notice
    assert Booking.objects.filter(walk_in=True).count() == 2


@pytest.mark.parametrize("value", ["-1", "abc", "", "9" * 30, "1e3", "²"])
def test_a_strange_number_is_nobody_or_at_most_twenty(screen: Screen, value: str) -> None:
    page = save(screen, **{"extra-ochtend-pin": value})
    assert (page.status, Booking.objects.count()) == (302, 0)


@pytest.mark.parametrize("value", ["goud", "waived", "x" * 500])
def test_a_choice_that_is_not_there_is_left_out(screen: Screen, rows: list[Booking], value: str) -> None:
    save(screen, **{f"r{rows[0].pk}": value, "r" + "9" * 40: "pin", "r²": "pin", "rabc": "pin"})
    assert standing() == [("booked", "")] * 4


def test_guests_of_another_day_and_house_are_not_touched(screen: Screen, house: Dorpshuis) -> None:
    others = [make_booking(house, WEDNESDAY), make_booking(make_house(), WEDNESDAY)]
    sent = {f"r{other.bookings.get().pk}": "pin" for other in others}
    save(screen, **sent, **{f"s{other.bookings.get().pk}": "booked." for other in others})
    assert standing() == [("booked", "")] * 2


def test_nothing_that_was_keyed_is_lost_when_she_was_logged_out(screen: Screen, rows: list[Booking]) -> None:
    sent = fields_of(entry(screen)) | {f"r{rows[0].pk}": "pin", f"r{rows[2].pk}": "niet"}
    screen.client.cookies.pop("sessionid")
    answer = screen.client.post("/beheer/het-huis/dag/2026-11-23/invoeren/", sent)
    there = unquote(unquote(answer["Location"]))
    assert there == f"/inloggen/?next=/beheer/het-huis/dag/2026-11-23/invoeren/?in={rows[0].pk}.pin,{rows[2].pk}.niet"
    screen.client.force_login(screen.user)
    again = entry(screen, **{"in": f"{rows[0].pk}.pin,{rows[2].pk}.niet"})
    assert "Dit is nog niet opgeslagen." in again.notice
    chosen = {name: value for name, value in fields_of(again).items() if name.startswith("r") and value}
    assert chosen == {f"r{rows[0].pk}": "pin", f"r{rows[2].pk}": "niet"}
    assert standing() == [("booked", "")] * 4


def test_the_number_of_queries_does_not_grow_with_the_guests(
    screen: Screen, house: Dorpshuis, query_count: Any
) -> None:
    for number in (1, 3):
        while Booking.objects.count() < number:
            make_booking(house, TODAY)
        for rest in ("lijst/", "invoeren/"):
            with query_count(15):
                screen.get(f"/beheer/het-huis/dag/2026-11-23/{rest}")
