"""The pages of standing places: the house's room, the holder's own page, and hers as a member."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.actions.standing import release, top_up
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, CallEntry, StandingPlace
from portal.base.accounts.members import verify
from portal.base.log import GUEST, SYSTEM
from portal.logs import mask
from tests.factories import (
    at,
    desks_of,
    make_booking,
    make_closed,
    make_house,
    make_member,
    make_standing,
    make_user,
    make_wish,
)
from tests.guest import Guest, Page, on_monday
from villages.models import Dorpshuis, Membership

pytestmark = [pytest.mark.django_db, on_monday]

TUESDAY = date(2026, 11, 24)
AFTERNOON = Moment(TUESDAY, Dagdeel.MIDDAG)
WEEK = timedelta(weeks=1)
ROOM = "/beheer/veldkei/vaste-plekken/"
TYPED = {
    "organisatie": "Politie",
    "naam": "Sanne Kuipers",
    "email": "sanne@voorbeeld.example",
    "taal": "nl",
    "weekdag": "1",
    "dagdeel": "middag",
    "elke": "1",
    "van": "2026-11-23",
    "tot": "2027-11-22",
    "tarief": "gratis",
    "feestdagen": "1",
}


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("veldkei", name="De Veldkei", desks=2, window_days=28)


@pytest.fixture
def team(house: Dorpshuis) -> Client:
    client = Client()
    client.force_login(make_member(house))
    return client


@pytest.fixture
def sanne() -> Client:
    user = make_user("sanne@voorbeeld.example", name="Sanne Kuipers")
    verify(user)
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, url: str, **fields: Any) -> Page:
    return Page(client.post(url, fields))  # type: ignore[arg-type]


def get(client: Client, url: str) -> Page:
    return Page(client.get(url))  # type: ignore[arg-type]


def fingerprint(page: Page) -> str:
    return page.tree.one("input", name="afdruk").attrs["value"]


# --- the house --------------------------------------------------------------------------------------------


def test_the_preview_shows_each_date_and_writes_nothing(house: Dorpshuis, team: Client) -> None:
    make_booking(house, AFTERNOON, desk_id=desks_of(house)[0].pk, name="Roelof")
    make_closed(house, TUESDAY + WEEK)
    page = post(team, f"{ROOM}nieuw/", **TYPED, bureau=desks_of(house)[0].pk)
    assert page.status == 200
    assert "bezet door Roelof" in page.text
    assert "dicht (dorpsfeest)" in page.text
    assert "sanne@voorbeeld.example" in page.text
    assert not StandingPlace.objects.exists()


def test_the_button_agrees_once_whatever_the_number_of_taps(house: Dorpshuis, team: Client) -> None:
    preview = post(team, f"{ROOM}nieuw/", **TYPED)
    key = preview.tree.one("input", name="sleutel").attrs["value"]
    for _ in range(2):
        done = team.post(f"{ROOM}nieuw/", TYPED | {"afdruk": fingerprint(preview), "sleutel": key})
        assert done.headers["Location"] == f"{ROOM}{StandingPlace.objects.get().pk}/?gedaan=nieuw"
    assert "Politie · Sanne Kuipers" in get(team, ROOM).text


def test_changed_meanwhile_it_shows_a_fresh_preview_and_agrees_on_nothing(house: Dorpshuis, team: Client) -> None:
    desk = desks_of(house)[0].pk
    preview = post(team, f"{ROOM}nieuw/", **TYPED, bureau=desk)
    make_booking(house, AFTERNOON, desk_id=desk, name="Roelof")
    page = post(team, f"{ROOM}nieuw/", **TYPED, bureau=desk, afdruk=fingerprint(preview))
    assert page.status == 409
    assert "Er is nog niets afgesproken" in page.notice
    assert "bezet door Roelof" in page.text
    assert not StandingPlace.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("organisatie", "", "Vul de naam van de organisatie in."),
        ("naam", "<b>", "kunnen niet in een naam"),
        ("email", "", "Vul een e-mailadres of een telefoonnummer in."),
        ("email", "geen adres", "Er moet een @ in staan"),
        ("tot", "", "Een vaste plek zonder einde kan niet."),
        ("tot", "2030-01-01", "hoogstens twee jaar"),
        ("tot", "2026-11-23", "valt geen enkele dag"),
        ("van", "2026-11-01", "al geweest"),
        ("van", "morgen", "Deze dag kennen we niet"),
        ("weekdag", "9", "Kies opnieuw"),
        ("bureau", "0", "Kies opnieuw"),
        ("bureau", "x", "Kies opnieuw"),
        ("tarief", "onzin", "Kies opnieuw"),
        ("organisatie", "a" * 56, "Maak dit korter"),
        ("organisatie", "a\0b", "vreemd teken"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    house: Dorpshuis, team: Client, field: str, typed: str, words: str
) -> None:
    page = post(team, f"{ROOM}nieuw/", **{**TYPED, field: typed})
    assert page.status == 422
    assert words in page.notice
    assert page.tree.one("input", id="tot" if field != "tot" else "van").attrs["value"]
    assert not StandingPlace.objects.exists()


def test_her_details_stay_out_of_the_address(house: Dorpshuis, team: Client) -> None:
    assert {form.attrs["method"] for form in get(team, f"{ROOM}nieuw/").tree.one("main").all("form")} == {"post"}


def test_the_house_gives_a_date_back_for_her(house: Dorpshuis, team: Client) -> None:
    place = make_standing(house)
    address = f"{ROOM}{place.pk}/"
    assert team.post(address, {"doe": "vrij", "datum": "2026-11-24"}).status_code == 302
    assert "vrijgegeven" in get(team, address).text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ({"doe": "onzin", "datum": "2026-11-24"}, 422),
        ({"doe": "vrij", "datum": "gisteren"}, 422),
        ({"doe": "vrij", "datum": "2026-11-25"}, 409),
        ({"doe": "stop", "datum": "2026-11-01"}, 422),
        ({"doe": "verleng", "datum": "2026-11-25"}, 422),
    ],
)
def test_what_can_not_be_done_gets_a_sentence(
    house: Dorpshuis, team: Client, sent: dict[str, str], status: int
) -> None:
    page = post(team, f"{ROOM}{make_standing(house).pk}/", **sent)
    assert page.status == status
    assert page.notice
    assert set(Booking.objects.values_list("state", flat=True)) == {"booked"}


@pytest.mark.parametrize("act", ["stop", "verleng"])
def test_a_day_that_can_not_be_stays_as_it_was_typed(house: Dorpshuis, team: Client, act: str) -> None:
    page = post(team, f"{ROOM}{make_standing(house).pk}/", doe=act, datum="2026-11-10")
    (form,) = [form for form in page.tree.all("form") if form.all("input", name="doe", value=act)]
    assert form.one("input", type="date").attrs["value"] == "2026-11-10"
    assert [form in list(node) for node in page.tree.all("details") if "open" in node.attrs] == [True]


def test_the_form_of_one_house_makes_nothing_in_another(house: Dorpshuis, team: Client) -> None:
    other = make_house("ander", desks=2, window_days=28)
    user = make_member(other)
    Membership.objects.create(user=user, dorpshuis=house, role=Membership.Role.VOLUNTEER)
    client = Client()
    client.force_login(user)
    for address in (f"{ROOM}nieuw/", "/beheer/ander/vaste-plekken/nieuw/"):
        preview = post(client, address, **TYPED)
        sent = TYPED | {"afdruk": fingerprint(preview), "sleutel": "dezelfde"}
        assert client.post(address, sent).status_code == 302
    assert StandingPlace.objects.values("dorpshuis").distinct().count() == 2


def test_ending_and_going_on(house: Dorpshuis, team: Client) -> None:
    place = make_standing(house)
    address = f"{ROOM}{place.pk}/"
    team.post(address, {"doe": "verleng", "datum": "2028-01-04"})
    team.post(address, {"doe": "stop", "datum": "2026-12-01"})
    place.refresh_from_db()
    assert place.last_day == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"doe": "vrij", "datum": "2026-11-24"}, "Deze datum is vrijgegeven."),
        ({"doe": "verleng", "datum": "2028-01-04"}, "De vaste plek gaat door."),
        ({"doe": "stop", "datum": "2026-12-01"}, "De vaste plek stopt."),
    ],
)
def test_after_each_button_the_page_says_what_happened(
    house: Dorpshuis, team: Client, sent: dict[str, str], words: str
) -> None:
    answer = team.post(f"{ROOM}{make_standing(house).pk}/", sent)
    assert words in get(team, answer.headers["Location"]).text


def test_whom_going_on_hits_is_shown_before_it_does(house: Dorpshuis, team: Client) -> None:
    desk = desks_of(house)[0]
    place = make_standing(house, desk=desk, last_day=TUESDAY)
    address, until = f"{ROOM}{place.pk}/", TUESDAY + 2 * WEEK
    make_booking(house, Moment(TUESDAY + WEEK, Dagdeel.MIDDAG), desk_id=desk.pk, name="Roelof")
    page = post(team, address, doe="verleng", datum=str(until))
    assert (page.status, "bezet door Roelof. Deze dag slaan we over." in page.text) == (200, True)
    assert StandingPlace.objects.get().last_day == TUESDAY
    assert len(page.tree.all("input", name="doe", value="verleng")) == 1
    sent = {"doe": "verleng", "datum": str(until), "afdruk": fingerprint(page)}
    make_booking(house, Moment(until, Dagdeel.MIDDAG), desk_id=desk.pk, name="Trijntje")
    page = post(team, address, **sent)
    assert (page.status, "bezet door Trijntje" in page.text) == (409, True)
    for _ in range(2):
        assert team.post(address, sent | {"afdruk": fingerprint(page)}).status_code == 302
    assert StandingPlace.objects.get().last_day == until


def test_who_chose_no_desk_is_shown_to_move_when_it_goes_on(house: Dorpshuis, team: Client) -> None:
    desk, other = desks_of(house)
    place = make_standing(house, desk=desk, last_day=TUESDAY)
    row = make_booking(house, Moment(TUESDAY + WEEK, Dagdeel.MIDDAG), name="Roelof").bookings.get()
    Booking.objects.filter(pk=row.pk).update(desk=desk)
    page = post(team, f"{ROOM}{place.pk}/", doe="verleng", datum=str(TUESDAY + WEEK))
    assert f"Roelof verhuist naar {other.name}" in page.text


def test_in_the_last_month_the_room_asks_whether_it_goes_on(house: Dorpshuis, team: Client) -> None:
    place = make_standing(house, last_day=date(2026, 12, 20))
    assert "doorgaan?" in get(team, ROOM).text
    assert "loopt bijna af" in get(team, f"{ROOM}{place.pk}/").text


def test_the_list_asks_as_many_queries_for_one_as_for_many(house: Dorpshuis, team: Client) -> None:
    make_standing(house)
    with CaptureQueriesContext(connection) as one:
        team.get(ROOM)
    for number in range(3):
        make_standing(house, email=f"{number}@voorbeeld.example", weekday=number)
    with CaptureQueriesContext(connection) as many:
        team.get(ROOM)
    assert len(one) == len(many)


def test_a_place_of_another_house_is_not_there(house: Dorpshuis, team: Client) -> None:
    other = make_standing(make_house("ander", desks=1))
    assert team.get(f"{ROOM}{other.pk}/").status_code == 404


def test_the_list_of_the_day_and_the_sheet_name_the_organisation(house: Dorpshuis, team: Client) -> None:
    make_standing(house)
    for address in ("dag/2026-11-24/", "dag/2026-11-24/lijst/"):
        assert "Politie" in get(team, f"/beheer/veldkei/{address}").text


def test_the_rooms_of_the_guests_show_her_too(house: Dorpshuis, team: Client) -> None:
    place = make_standing(house)
    guest = place.reservation.guest
    for address in (
        "gasten/",
        f"gasten/{guest.pk}/",
        f"gasten/{guest.pk}/zeg-alles-af/",
        f"gasten/{guest.pk}/verwijder/",
    ):
        assert get(team, f"/beheer/veldkei/{address}").status == 200


@pytest.mark.parametrize("kind", ["standing", "standing_end", "longer", "stopped", "clash", "unused"])
def test_the_call_list_has_words_for_each_kind(house: Dorpshuis, team: Client, kind: str) -> None:
    place = make_standing(house, email="", phone="+31612345678", last_day=date(2026, 12, 20))
    CallEntry.objects.all().delete()
    keys = {"standing": place.pk, **dict.fromkeys(("standing_end", "longer", "stopped"), f"{place.pk}:2026-12-20")}
    key = keys.get(kind, f"{place.pk}:2026-12-22")
    if kind == "unused":
        place.bookings.update(state="no_show")
        key = f"{place.pk}:2026-11-24"
    CallEntry.objects.create(
        dorpshuis=house, reservation=place.reservation, kind=kind, key=f"{kind}:{key}"
    )  # fmt: skip
    page = get(team, "/beheer/veldkei/bellijst/")
    assert page.status == 200
    assert "vaste" in page.text
    assert "Niet meer nodig:" not in page.text


# --- in public --------------------------------------------------------------------------------------------


def test_public_pages_show_a_desk_less_and_never_a_name(house: Dorpshuis) -> None:
    make_standing(house)
    for address in ("/dorpshuizen/veldkei/", "/dorpshuizen/veldkei/beschikbaarheid.json"):
        html = Guest().get(address).html
        assert "Politie" not in html
        assert "Sanne" not in html
    cell = Guest().get("/dorpshuizen/veldkei/").cells["2026-11-24:middag"]
    assert (cell.attrs["data-vrij"], cell.attrs["data-totaal"]) == ("1", "2")


# --- the holder -------------------------------------------------------------------------------------------


def test_with_her_link_she_gives_a_date_back_and_a_guest_books_it(house: Dorpshuis) -> None:
    desk = desks_of(house)[0]
    reference = make_standing(house, desk=desk).reservation.reference
    browser = Guest()
    page = browser.get(f"/vaste-plek/{reference}/")
    (form,) = [f for f in page.tree.all("form") if any(n.attrs.get("value") == "2026-11-24" for n in f.all("input"))]
    fields = {node.attrs["name"]: node.attrs["value"] for node in form.all("input")}
    answer = browser.client.post(form.attrs["action"], fields)
    page = browser.get(answer.headers["Location"])
    assert "Dinsdag 24 november is vrij voor een ander." in page.text
    make_booking(house, AFTERNOON, desk_id=desk.pk)


def test_her_page_is_kept_by_nobody_and_masked_in_the_logs(house: Dorpshuis) -> None:
    reference = make_standing(house).reservation.reference
    answer = Client().get(f"/vaste-plek/{reference}/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert reference not in mask(f"GET /vaste-plek/{reference}/vrij/")


def test_the_link_of_the_reservation_leads_to_the_same_page(house: Dorpshuis) -> None:
    reference = make_standing(house).reservation.reference
    assert Client().get(f"/boeking/{reference}/").headers["Location"] == f"/vaste-plek/{reference}/"


def test_its_dates_are_neither_cancelled_nor_changed_like_a_booking(house: Dorpshuis) -> None:
    reference = make_standing(house).reservation.reference
    before = list(Booking.objects.values())
    sent = {"van": str(AFTERNOON), "naar": f"{TUESDAY}:ochtend", "dagdeel": str(AFTERNOON)}
    for address in (f"/boeking/{reference}/annuleer/", f"/boeking/{reference}/wijzig/"):
        for answer in (Client().get(address), Client().post(address, sent)):
            page = Client().get(answer.headers["Location"], follow=True)
            assert page.request["PATH_INFO"] == f"/vaste-plek/{reference}/"
    assert list(Booking.objects.values()) == before


def test_a_link_of_nobody_gets_the_page_for_lost_links(house: Dorpshuis) -> None:
    answer = Client().get("/vaste-plek/bestaatniet/")
    assert answer.status_code == 404
    assert "templates" not in answer.content.decode()


@pytest.mark.parametrize(("typed", "status"), [("", 422), ("24 nov", 422), ("2026-11-25", 409)])
def test_a_date_that_can_not_be_given_back_gets_a_sentence(house: Dorpshuis, typed: str, status: int) -> None:
    reference = make_standing(house).reservation.reference
    page = post(Client(), f"/vaste-plek/{reference}/vrij/", datum=typed)
    assert page.status == status
    assert "Er is niets vrijgegeven" in page.notice


def test_twice_in_two_windows_is_harmless(house: Dorpshuis) -> None:
    address = f"/vaste-plek/{make_standing(house).reservation.reference}/vrij/"
    assert [Client().post(address, {"datum": "2026-11-24"}).status_code for _ in range(2)] == [302, 302]


def test_a_get_gives_nothing_back(house: Dorpshuis) -> None:
    Client().get(f"/vaste-plek/{make_standing(house).reservation.reference}/vrij/?datum=2026-11-24")
    assert set(Booking.objects.values_list("state", flat=True)) == {"booked"}


def test_a_date_that_the_house_called_off_is_said_so(house: Dorpshuis) -> None:
    place = make_standing(house)
    make_closed(house, TUESDAY)
    page = Guest().get(f"/vaste-plek/{place.reservation.reference}/")
    assert "afgezegd door het huis" in page.text


def test_once_begun_there_is_no_button(house: Dorpshuis) -> None:
    place = make_standing(house)
    with time_machine.travel(at(TUESDAY, 14), tick=False):
        page = Guest().get(f"/vaste-plek/{place.reservation.reference}/")
        values = [node.attrs.get("value") for node in page.tree.all("input", name="datum")]
    assert "2026-11-24" not in values
    assert "2026-12-01" in values


# --- the member -------------------------------------------------------------------------------------------


def test_a_member_with_that_address_sees_her_dates_on_her_own_page(house: Dorpshuis, sanne: Client) -> None:
    place = make_standing(house)
    page = get(sanne, "/mijn/")
    assert "Je vaste plek in De Veldkei" in page.text
    address = f"/vaste-plek/{place.reservation.reference}/vrij/"
    answer = sanne.post(address, {"datum": "2026-11-24", "naar": "mijn"})
    assert answer.headers["Location"] == "/mijn/?vrij=2026-11-24"
    assert "is vrij voor een ander" in get(sanne, "/mijn/?vrij=2026-11-24").text


@pytest.mark.parametrize("tail", ["?vrij=onzin", "?vrij=2026-11-24", "?vrij=1999-01-01"])
def test_what_was_not_given_back_is_not_said(house: Dorpshuis, sanne: Client, tail: str) -> None:
    make_standing(house)
    assert "is vrij voor een ander" not in get(sanne, f"/mijn/{tail}").text


def test_somebody_else_sees_nothing_of_it(house: Dorpshuis) -> None:
    make_standing(house)
    user = make_user("ander@voorbeeld.example")
    verify(user)
    client = Client()
    client.force_login(user)
    assert "vaste plek" not in get(client, "/mijn/").text


def test_her_page_asks_as_many_queries_for_one_as_for_many(house: Dorpshuis, sanne: Client) -> None:
    make_standing(house)
    with CaptureQueriesContext(connection) as one:
        sanne.get("/mijn/")
    for number in range(3):
        make_standing(make_house(f"huis{number}", desks=1), weekday=number)
    with CaptureQueriesContext(connection) as many:
        sanne.get("/mijn/")
    assert len(one) == len(many)


def test_her_own_bookings_stand_beside_it(house: Dorpshuis, sanne: Client) -> None:
    place = make_standing(house)
    make_booking(house, Moment(TUESDAY, Dagdeel.OCHTEND), email="sanne@voorbeeld.example")
    release(place, TUESDAY, GUEST)
    top_up(house.pk, SYSTEM)
    page = get(sanne, "/mijn/")
    assert "Komt nog (1)" in page.text


def test_a_date_of_it_that_was_is_not_offered_each_week(house: Dorpshuis, sanne: Client) -> None:
    row = make_standing(house).bookings.in_order()[0]
    Booking.objects.filter(pk=row.pk).update(date=TUESDAY - WEEK, state=Booking.State.USED)
    page = get(sanne, "/mijn/?toon=geweest")
    assert "Boek nog een keer" in page.text
    assert "Boek dit elke week" not in page.text


def test_without_a_name_of_a_person_the_organisation_stands_alone() -> None:
    assert make_wish(name="").who == "Politie"
