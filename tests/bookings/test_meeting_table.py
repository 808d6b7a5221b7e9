"""A meeting table: booked by who chooses it, and counted nowhere among the desks."""

import pytest

from bookings.actions.book import book
from bookings.actions.rooms import DeskFields, add_desk
from bookings.actions.walk_in import Arrival, walk_in
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.guest.facts import desk_facts
from bookings.models import Booking
from bookings.refusals import DeskTaken, NoDeskFree, NotBookable
from bookings.reports.months import house_figures
from portal.base.log import GUEST
from tests.factories import (
    desks_of,
    house_actor,
    make_booking,
    make_closed,
    make_house,
    make_member,
    make_order,
    make_standing,
)
from tests.guest import MONDAY, WEDNESDAY, Guest, on_monday
from villages.models import Desk, Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database_long, on_monday]

MONDAY_MORNING = Moment(MONDAY, Dagdeel.OCHTEND)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", desks=2)


@pytest.fixture
def table(house: Dorpshuis) -> Desk:
    """Before all desks in the house's order."""
    room = house.rooms.get()
    desk = add_desk(house.pk, room.pk, DeskFields("Grote tafel", 0), house_actor(house), is_table=True)
    Desk.objects.filter(pk=desk.pk).update(valid_from=room.valid_from)
    return desk


def taken(house: Dorpshuis) -> list[int]:
    return list(Booking.objects.filter(dorpshuis=house).occupying().order_by("pk").values_list("desk", flat=True))


def test_any_desk_is_never_the_table(house: Dorpshuis, table: Desk) -> None:
    for _ in range(2):
        make_booking(house, WEDNESDAY)
    with pytest.raises(NotBookable):
        book(make_order(house, WEDNESDAY), GUEST)
    assert table.pk not in taken(house)


def test_who_chooses_the_table_gets_it(house: Dorpshuis, table: Desk) -> None:
    make_booking(house, WEDNESDAY, desk_id=table.pk)
    assert taken(house) == [table.pk]


def test_the_table_is_booked_once(house: Dorpshuis, table: Desk) -> None:
    make_booking(house, WEDNESDAY, desk_id=table.pk)
    with pytest.raises(DeskTaken):
        book(make_order(house, WEDNESDAY, desk_id=table.pk), GUEST)


@pytest.mark.usefixtures("table")
def test_the_week_and_the_json_count_desks_only(house: Dorpshuis) -> None:
    guest = Guest()
    cell = guest.look(house).cells[str(WEDNESDAY)]
    day = WEDNESDAY.date.isoformat()
    answer = guest.client.get(f"/dorpshuizen/het-huis/beschikbaarheid.json?van={day}&tot={day}")
    first = answer.json()["dagdelen"][0]
    assert (cell.attrs["data-vrij"], cell.attrs["data-totaal"]) == ("2", "2")
    assert (first["vrij"], first["totaal"]) == (2, 2)


def test_a_booked_table_leaves_all_desks_free(house: Dorpshuis, table: Desk) -> None:
    make_booking(house, WEDNESDAY, desk_id=table.pk)
    cell = Guest().look(house).cells[str(WEDNESDAY)]
    assert (cell.attrs["data-vrij"], cell.attrs["data-totaal"]) == ("2", "2")


def test_a_guest_can_choose_the_table_on_the_page(house: Dorpshuis, table: Desk) -> None:
    guest = Guest()
    page = guest.look(house, WEDNESDAY)
    options = [option.text for option in page.tree.one("select", name="bureau").all("option")]
    assert "Grote tafel, overlegtafel" in options
    assert guest.book(house, WEDNESDAY, look={"bureau": table.pk}).status == 302
    assert taken(house) == [table.pk]


def test_the_page_tells_of_the_table_beside_the_desks(house: Dorpshuis, table: Desk) -> None:
    facts = desk_facts(desks_of(house))
    assert facts is not None
    assert (facts.count, facts.special) == ("2 bureaus", "daarnaast 1 overlegtafel")


@pytest.mark.parametrize(("name", "traits"), [("Overlegtafel", []), ("Tafel 1", ["overlegtafel"])])
def test_it_is_called_a_table_once(name: str, traits: list[str]) -> None:
    assert Desk(name=name, is_table=True).traits == traits


def test_who_has_to_move_never_moves_to_the_table(house: Dorpshuis, table: Desk) -> None:
    for _ in range(2):
        make_booking(house, WEDNESDAY)
    closed = make_closed(house, WEDNESDAY.date, desks=tuple(desks_of(house)[1:2]))
    assert (closed.moved_ids, len(closed.cancelled_ids)) == ([], 1)


def test_so_many_desks_stay_open_without_counting_the_table(house: Dorpshuis, table: Desk) -> None:
    closed = make_closed(house, WEDNESDAY.date, keep=1).closure
    assert [desk.is_table for desk in closed.desks.all()] == [False]


def test_who_walks_in_gets_a_desk_and_not_the_table(house: Dorpshuis, table: Desk) -> None:
    for _ in range(2):
        make_booking(house, MONDAY_MORNING, by=house_actor(house))
    with pytest.raises(NoDeskFree):
        walk_in(house.pk, Arrival(MONDAY_MORNING, "sleutel"), house_actor(house))


def test_a_standing_place_at_any_desk_is_never_at_the_table(house: Dorpshuis, table: Desk) -> None:
    make_standing(house)
    assert table.pk not in taken(house)


def test_figures_count_desks_only(house: Dorpshuis, table: Desk) -> None:
    make_booking(house, MONDAY_MORNING, desk_id=table.pk, by=house_actor(house))
    november = MONDAY.replace(day=1)
    (row,) = house_figures([house], november, november)
    # Two desks on fifteen whole workdays and this morning.
    assert (row.slots.offered, row.slots.booked) == (2 * (15 * 2 + 1), 0)


def test_a_house_of_just_a_table_offers_no_desk(table: Desk, house: Dorpshuis) -> None:
    Desk.objects.exclude(pk=table.pk).delete()
    cell = Guest().look(house).cells[str(WEDNESDAY)]
    assert "data-vrij" not in cell.attrs


@pytest.mark.parametrize(("soort", "is_table"), [("tafel", True), ("bureau", False), ("", False), ("x", False)])
def test_a_volunteer_adds_a_table_on_the_page(house: Dorpshuis, soort: str, *, is_table: bool) -> None:
    guest = Guest()
    guest.client.force_login(make_member(house))
    url = "/beheer/het-huis/bureaus/"
    token = guest.get(url).tree.all("input", name="csrfmiddlewaretoken")[-1].attrs["value"]
    fields = {"csrfmiddlewaretoken": token, "wat": "bureau", "naam": "Nieuw", "soort": soort}
    guest.client.post(url, {**fields, "ruimte": f"r-{house.rooms.get().pk}"})
    assert Desk.objects.get(name="Nieuw").is_table is is_table


def test_describing_a_table_leaves_it_a_table(house: Dorpshuis, table: Desk) -> None:
    guest = Guest()
    guest.client.force_login(make_member(house))
    url = f"/beheer/het-huis/bureaus/bureau/{table.pk}/"
    form = next(form for form in guest.get(url).tree.all("form") if form.all("input", name="gezien"))
    sent = {name: form.one("input", name=name).attrs["value"] for name in ("csrfmiddlewaretoken", "gezien")}
    answer = guest.client.post(url, {**sent, "naam": "Ronde tafel", "volgorde": "9", "soort": "bureau"})
    table.refresh_from_db()
    assert (answer.status_code, table.name, table.is_table) == (302, "Ronde tafel", True)


def test_a_new_room_says_how_quiet_it_is(house: Dorpshuis) -> None:
    guest = Guest()
    guest.client.force_login(make_member(house))
    url = "/beheer/het-huis/bureaus/"
    token = guest.get(url).tree.all("input", name="csrfmiddlewaretoken")[-1].attrs["value"]
    words = "Stil. Op dinsdagavond oefent het koor."
    guest.client.post(url, {"csrfmiddlewaretoken": token, "wat": "ruimte", "naam": "Zolder", "rust": words})
    assert house.rooms.get(name="Zolder").quiet_text == words
