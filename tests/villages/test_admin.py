"""The Django admin: usable for who looks after the portal, and fixed where a booking can be hit."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.base import File
from django.db.models import Model
from django.forms import ModelForm
from django.test import Client
from django.urls import reverse

from bookings.models import Booking, CallEntry, Guest, Reservation, StandingPlace
from portal.base import log
from portal.base.accounts.models import User
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from tests.factories import (
    MONDAY_NINE,
    desks_of,
    log_in_fully,
    make_booking,
    make_house,
    make_request,
    make_rules,
    make_standing,
    make_tariff,
    make_user,
    morning,
)
from villages.models import (
    AccessWay,
    Closure,
    Desk,
    Dorpshuis,
    Facility,
    HouseRequest,
    HouseRules,
    Membership,
    Municipality,
    Opening,
    Operator,
    Room,
    Tariff,
    Village,
)

pytestmark = [
    pytest.mark.database_long,
    pytest.mark.django_db,
    pytest.mark.time_machine(MONDAY_NINE, tick=False),
]

TODAY = MONDAY_NINE.date()
DAY = timedelta(days=1)
LATER = date(2026, 12, 14)
ADDABLE: list[type[Model]] = [
    User, AccessWay, Desk, Dorpshuis, Facility, HouseRules, Membership, Municipality, Opening, Operator, Room, Tariff,
    Village,
]  # fmt: skip
READ_ONLY: list[type[Model]] = [
    LogEntry, OutboxMail, Closure, Guest, Reservation, Booking, CallEntry, HouseRequest, StandingPlace,
]  # fmt: skip
NEVER_DELETED: list[type[Model]] = [*READ_ONLY, Desk, Opening, Room]


@pytest.fixture
def client(client: Client) -> Client:
    """Logged in as an administrator, with a second factor."""
    log_in_fully(client, make_user(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def house() -> Dorpshuis:
    """A house with one row of everything, and a booking."""
    made = make_house("over-entinghe")
    reservation = make_booking(made, morning())
    CallEntry.objects.create(dorpshuis=made, reservation=reservation, kind=CallEntry.Kind.CONFIRMATION, key="bel:1")
    make_rules(made)
    make_standing(made)
    make_request()
    Operator.objects.create(name="WelzijnMensenWerk")
    Membership.objects.create(user=make_user(), dorpshuis=made)
    Facility.objects.create(dorpshuis=made, kind="coffee", title="Koffie")
    AccessWay.objects.create(dorpshuis=made, public_text="Bel aan.")
    Closure.objects.create(dorpshuis=made, first_day=LATER, last_day=LATER, reason="dorpsfeest")
    log.record(log.SYSTEM, "close", "closure:1", dorpshuis_id=made.pk)
    return made


def first(model: type[Model]) -> Any:
    return model._default_manager.order_by("pk")[0]


def page(model: type[Model], name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def filled(response: Any, **changes: Any) -> dict[str, Any]:
    """What the form on an admin page would post: all that it shows, with these changes."""
    forms: list[ModelForm[Any]] = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    posted: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            # A browser sends no file that nobody chose.
            if value is not None and value is not False and not isinstance(value, File):
                posted[bound.html_name] = value
    return posted | changes


def change(client: Client, row: Model, **changes: Any) -> Any:
    """Open the page of this row and save it with these changes."""
    url = page(type(row), "change", row.pk)
    return client.post(url, filled(client.get(url), **changes))


def add(client: Client, model: type[Model], **fields: Any) -> Any:
    url = page(model, "add")
    return client.post(url, filled(client.get(url), **fields))


def errors(response: Any) -> str:
    """The words of the errors on the page."""
    found = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
    return " ".join(re.sub("<[^>]+>", " ", text).strip() for text in found)


# --- every model has its pages ----------------------------------------------------------------------------


def test_every_model_of_ours_is_in_the_admin() -> None:
    ours = {m for m in admin.site._registry if m._meta.app_label in ("base", "villages", "bookings")}
    assert ours == {*ADDABLE, *READ_ONLY}


def test_the_admin_speaks_dutch(client: Client) -> None:
    assert "Naoberplek: beheer van de site" in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("model", [*ADDABLE, *READ_ONLY])
def test_each_list_can_be_opened(client: Client, house: Dorpshuis, model: type[Model]) -> None:
    assert client.get(page(model, "changelist")).status_code == 200


@pytest.mark.long
@pytest.mark.parametrize("model", [m for m in [*ADDABLE, *READ_ONLY] if m is not Guest])
def test_each_list_can_be_searched(client: Client, house: Dorpshuis, model: type[Model]) -> None:
    assert client.get(page(model, "changelist"), {"q": "1"}).status_code == 200


@pytest.mark.parametrize("model", [*ADDABLE, *READ_ONLY])
def test_each_row_can_be_opened(client: Client, house: Dorpshuis, model: type[Model]) -> None:
    row = first(model)
    assert client.get(page(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", ADDABLE)
def test_a_row_can_be_added(client: Client, model: type[Model]) -> None:
    assert client.get(page(model, "add")).status_code == 200


@pytest.mark.long
@pytest.mark.parametrize("model", READ_ONLY)
def test_what_is_only_to_look_at_has_no_add_page(client: Client, model: type[Model]) -> None:
    assert client.get(page(model, "add")).status_code == 403


@pytest.mark.parametrize("model", READ_ONLY)
def test_what_is_only_to_look_at_refuses_a_post(client: Client, house: Dorpshuis, model: type[Model]) -> None:
    row = first(model)
    assert client.post(page(model, "change", row.pk), {"name": "Anders"}).status_code == 403


@pytest.mark.parametrize("model", NEVER_DELETED)
def test_history_can_not_be_deleted(client: Client, house: Dorpshuis, model: type[Model]) -> None:
    row = first(model)
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.long
@pytest.mark.parametrize("model", NEVER_DELETED)
def test_nor_from_the_list(client: Client, house: Dorpshuis, model: type[Model]) -> None:
    before = model._default_manager.count()
    rows = list(model._default_manager.values_list("pk", flat=True))
    client.post(page(model, "changelist"), {"action": "delete_selected", "_selected_action": rows, "post": "yes"})
    assert model._default_manager.count() == before


@pytest.mark.parametrize("model", [Guest, Reservation, Booking])
def test_no_list_shows_an_address_or_a_number(client: Client, model: type[Model]) -> None:
    make_booking(make_house(), name="Marieke", email="marieke@voorbeeld.example", phone="+31521121314")
    text = client.get(page(model, "changelist")).content.decode()
    assert [word in text for word in ("marieke@", "521121314", "521 12 13 14", "121 314")] == [False] * 4


def test_the_page_of_a_reservation_does_not_give_the_guests_link(client: Client, house: Dorpshuis) -> None:
    reservation = Reservation.objects.earliest("pk")
    assert reservation.reference not in client.get(page(Reservation, "change", reservation.pk)).content.decode()


@pytest.mark.long
@pytest.mark.parametrize("model", [*ADDABLE, *READ_ONLY])
def test_pages_have_no_script_or_style_of_their_own(client: Client, house: Dorpshuis, model: type[Model]) -> None:
    row = first(model)
    pages = [client.get(page(model, "changelist")), client.get(page(model, "change", row.pk))]
    text = "".join(response.content.decode() for response in pages)
    assert re.findall(r"<style|<script>|\sstyle=|\son[a-z]+=", text) == []


# --- rooms, desks, the week -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "room"),
    [(Room, "bureaus/"), (Desk, "bureaus/"), (Opening, "rooster/"), (Closure, "dicht/"), (Dorpshuis, "")],
)
def test_the_page_leads_to_the_house_itself(client: Client, house: Dorpshuis, model: type[Model], room: str) -> None:
    text = client.get(page(model, "change", first(model).pk)).content.decode()
    assert f'href="/beheer/over-entinghe/{room}"' in text


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (Room, {"valid_from": "2026-12-01", "valid_until": "2026-12-31", "dorpshuis": "999"}),
        (Desk, {"valid_from": "2026-12-01", "valid_until": "2026-12-31", "room": "999"}),
        (
            Opening,
            {
                "valid_from": "2026-12-01", "valid_until": "2026-12-31", "weekday": "6", "dagdeel": "avond",
                "begin": "06:00", "end": "23:00", "dorpshuis": "999",
            },
        ),
    ],
)  # fmt: skip
def test_what_could_hit_a_booking_stays_as_it_is(
    client: Client, house: Dorpshuis, model: type[Model], changes: dict[str, str]
) -> None:
    row = first(model)
    before = model._default_manager.filter(pk=row.pk).values().get()
    assert change(client, row, **changes).status_code == 302
    assert model._default_manager.filter(pk=row.pk).values().get() == before


def test_the_rooms_of_a_line_stay_as_they_are(client: Client, house: Dorpshuis) -> None:
    line = first(Opening)
    change(client, line, rooms=[first(Room).pk])
    assert list(line.rooms.all()) == []


def test_a_desk_can_get_another_name(client: Client, house: Dorpshuis) -> None:
    desk = desks_of(house)[0]
    change(client, desk, name="Bureau bij het raam", daylight="on")
    desk.refresh_from_db()
    assert (desk.name, desk.daylight) == ("Bureau bij het raam", True)


def test_a_desk_can_be_added_and_begins_today(client: Client, house: Dorpshuis) -> None:
    add(client, Desk, room=first(Room).pk, name="Bureau 5", position=5)
    assert Desk.objects.get(name="Bureau 5").valid_from == TODAY


def test_a_room_is_added_with_its_desks(client: Client, house: Dorpshuis) -> None:
    names = {"desks-0-name": "Bureau 1", "desks-1-name": "Bureau 2"}
    add(client, Room, dorpshuis=house.pk, name="Zolder", **names)
    assert sorted(desk.name for desk in Room.objects.get(name="Zolder").desks.all()) == ["Bureau 1", "Bureau 2"]


SATURDAY: dict[str, Any] = {"weekday": 5, "dagdeel": "ochtend", "begin": "09:00", "end": "12:00"}


def test_a_dagdeel_without_a_line_can_be_opened(client: Client, house: Dorpshuis) -> None:
    add(client, Opening, dorpshuis=house.pk, **SATURDAY)
    assert Opening.objects.get(weekday=5).begin == time(9)


def test_a_second_line_for_a_dagdeel_is_refused_as_it_could_take_a_booked_desk_away(
    client: Client, house: Dorpshuis
) -> None:
    response = add(client, Opening, dorpshuis=house.pk, **(SATURDAY | {"weekday": 0}))
    assert errors(response) == "Voor dit dagdeel is er al een regel. Verander die bij het huis."


def test_a_line_has_only_rooms_of_its_own_house(client: Client, house: Dorpshuis) -> None:
    other = Room.objects.create(dorpshuis=make_house(desks=0), name="Elders")
    response = add(client, Opening, dorpshuis=house.pk, rooms=[other.pk], **SATURDAY)
    assert errors(response) == "Kies ruimtes van dit huis."


# --- prices and rules -------------------------------------------------------------------------------------


def test_a_tariff_that_has_begun_can_not_be_changed(client: Client, house: Dorpshuis) -> None:
    tariff = house.tariffs.get()
    assert client.post(page(Tariff, "change", tariff.pk), {"cents": 1}).status_code == 403


def test_a_tariff_to_come_can_be_changed(client: Client, house: Dorpshuis) -> None:
    tariff = make_tariff(house, "standaard", 800, valid_from=LATER)
    change(client, tariff, cents=850)
    tariff.refresh_from_db()
    assert tariff.cents == 850


def test_a_tariff_to_come_can_not_be_moved_to_the_past(client: Client, house: Dorpshuis) -> None:
    tariff = make_tariff(house, "standaard", 800, valid_from=LATER)
    response = change(client, tariff, valid_from="2026-11-01")
    assert errors(response) == "Kies vandaag of later. Wat al geldt, blijft zoals het was."


def test_a_tariff_that_has_begun_can_not_be_deleted(client: Client, house: Dorpshuis) -> None:
    tariff = house.tariffs.get()
    assert client.post(page(Tariff, "delete", tariff.pk), {"post": "yes"}).status_code == 403


def test_a_new_amount_begins_today_or_later(client: Client, house: Dorpshuis) -> None:
    add(client, Tariff, dorpshuis=house.pk, kind="standaard", cents=800, chooser="guest")
    assert list(house.tariffs.filter(cents=800).values_list("valid_from", flat=True)) == [TODAY]


@pytest.mark.parametrize("begins", ["2026-11-22", "2020-01-01", "2019-01-01"])
def test_a_new_amount_never_begins_in_the_past(client: Client, house: Dorpshuis, begins: str) -> None:
    add(client, Tariff, dorpshuis=house.pk, kind="standaard", cents=800, chooser="guest", valid_from=begins)
    assert house.tariffs.filter(cents=800).count() == 0


def test_house_rules_that_hold_can_not_be_changed(client: Client, house: Dorpshuis) -> None:
    rules = house.rules.get()
    assert client.post(page(HouseRules, "change", rules.pk), {"bullets": "Anders"}).status_code == 403


def test_new_house_rules_are_the_rules_of_the_house_from_today(client: Client, house: Dorpshuis) -> None:
    add(client, HouseRules, dorpshuis=house.pk, version=2, bullets="Bellen mag niet.")
    house.refresh_from_db()
    assert house.current_rules is not None
    assert house.current_rules.points == ["Bellen mag niet."]


def test_house_rules_to_come_are_refused(client: Client, house: Dorpshuis) -> None:
    add(client, HouseRules, dorpshuis=house.pk, version=2, bullets="Bellen mag niet.", valid_from="2026-12-14")
    assert [rules.version for rules in house.rules.all()] == [1]


# --- places, houses, people -------------------------------------------------------------------------------


def test_bokd_adds_a_village(client: Client) -> None:
    Municipality.objects.get_or_create(gm_code="GM1701", defaults={"name": "Westerveld", "region": "Zuidwest-Drenthe"})
    place = {"municipality": "GM1701", "latitude": "52.85", "longitude": "6.25"}
    add(client, Village, name="Wapserveen", slug="wapserveen", kind="dorp", **place)
    assert Village.objects.get(slug="wapserveen").municipality.name == "Westerveld"


def test_a_house_is_added_on_one_page(client: Client) -> None:
    village = make_house().village
    response = add(
        client, Dorpshuis, name="De Stobbe", slug="de-stobbe", status="open", village=village.pk, phone="0521 59 10 00",
        **{
            "rooms-0-name": "Kantoor", "openings-0-weekday": "1", "openings-0-dagdeel": "middag",
            "openings-0-begin": "13:00", "openings-0-end": "17:00", "tariffs-0-kind": "standaard",
            "tariffs-0-cents": "750", "tariffs-0-chooser": "guest",
        },
    )  # fmt: skip
    assert errors(response) == ""
    made = Dorpshuis.objects.get(slug="de-stobbe")
    there = [made.rooms.get().name, made.openings.get().dagdeel, made.tariffs.get().cents, made.phone.as_e164]
    assert there == ["Kantoor", "middag", 750, "+31521591000"]
    # Figures count what was offered: a new house offered nothing before today.
    assert [row.valid_from for row in (made.rooms.get(), made.openings.get(), made.tariffs.get())] == [TODAY] * 3


def test_the_address_of_a_house_stays(client: Client, house: Dorpshuis) -> None:
    change(client, house, name="Anders", slug="anders")
    house.refresh_from_db()
    assert (house.name, house.slug) == ("Anders", "over-entinghe")


def test_limits_of_a_house_that_tell_too_much_are_refused(client: Client, house: Dorpshuis) -> None:
    response = change(client, house, guest_limit=10)
    assert errors(response) == "Zet het aantal per gast op minstens twee keer het aantal per boeking."


def test_a_house_with_guests_to_come_does_not_stop(client: Client, house: Dorpshuis) -> None:
    response = change(client, house, status="stopped")
    assert errors(response) == "Er zijn nog boekingen. Zeg die eerst af met de knop Dicht."


def test_a_house_without_guests_to_come_may_stop(client: Client) -> None:
    house = make_house()
    change(client, house, status="stopped")
    house.refresh_from_db()
    assert house.status == "stopped"


def test_a_house_that_was_booked_can_not_be_deleted(client: Client, house: Dorpshuis) -> None:
    assert client.post(page(Dorpshuis, "delete", house.pk), {"post": "yes"}).status_code == 403


def test_an_empty_house_made_by_mistake_can_be_deleted(client: Client) -> None:
    house = make_house(desks=0, cents=None, parts=())
    client.post(page(Dorpshuis, "delete", house.pk), {"post": "yes"})
    assert not Dorpshuis.objects.filter(pk=house.pk).exists()


def test_a_person_is_added_with_an_address_and_without_a_password(client: Client) -> None:
    add(client, User, email="Anja@Voorbeeld.example", name="Anja", is_active="on")
    person = User.objects.get(name="Anja")
    assert (person.email, person.has_usable_password()) == ("anja@voorbeeld.example", False)


def test_an_address_is_used_once_however_it_is_written(client: Client) -> None:
    make_user("anja@voorbeeld.example")
    response = add(client, User, email="ANJA@voorbeeld.example", name="Anja")
    assert "bestaat al" in errors(response)


def test_a_person_gets_a_role_on_her_own_page(client: Client) -> None:
    person, house = make_user(), make_house()
    role = {"memberships-TOTAL_FORMS": 1, "memberships-0-dorpshuis": house.pk, "memberships-0-role": "board"}
    change(client, person, is_coordinator="on", **role, **{"memberships-0-since": "2026-01-01"})
    person.refresh_from_db()
    assert (person.is_coordinator, person.memberships.get().role) == (True, "board")


def test_a_role_in_a_house_and_an_organisation_at_once_is_refused(client: Client, house: Dorpshuis) -> None:
    both = {"dorpshuis": house.pk, "operator": first(Operator).pk}
    response = add(client, Membership, user=make_user().pk, role="host", since="2026-01-01", **both)
    assert errors(response) == "Kies een dorpshuis of een welzijnsorganisatie, niet allebei."


@pytest.mark.parametrize("make", [make_user, lambda: make_user(is_coordinator=True)])
def test_the_admin_is_not_for_others(make: Callable[[], User], client: Client) -> None:
    client.force_login(make())
    assert client.get(reverse("admin:index")).status_code == 302
