"""Bureaus: rooms and desks are added, described and taken away, and what a volunteer reads when it can't be."""

from datetime import date
from typing import Any

import pytest

from bookings.domain.dagdelen import Dagdeel, Moment
from portal.base.accounts.models import User
from portal.base.log.models import LogEntry
from tests.bookings.ledger import everything
from tests.factories import desks_of, make_booking, make_house, make_member, make_room, rows_of
from tests.guest import Guest, Page, on_monday
from villages.models import Closure, Desk, Dorpshuis, Room

pytestmark = [pytest.mark.django_db, on_monday]

URL = "/beheer/het-huis/bureaus/"
DECEMBER = Moment(date(2026, 12, 1), Dagdeel.OCHTEND)
GOES = {"doe": "weg", "vanaf": "2026-12-01"}


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def volunteer(house: Dorpshuis) -> User:
    return make_member(house)


@pytest.fixture
def screen(volunteer: User) -> Guest:
    guest = Guest()
    guest.client.force_login(volunteer)
    return guest


def hidden(page: Page) -> dict[str, str]:
    """What the last form of the page sends along without a word."""
    return {node.attrs["name"]: node.attrs["value"] for node in page.tree.all("input", type="hidden")}


def send(screen: Guest, url: str, **typed: Any) -> Page:
    return Page(screen.client.post(url, hidden(screen.get(url)) | typed))  # type: ignore[arg-type]


def url_of(house: Dorpshuis, number: int = 0) -> str:
    return f"{URL}bureau/{desks_of(house)[number].pk}/"


def test_a_desk_is_added_with_what_is_special(screen: Guest, house: Dorpshuis) -> None:
    room = house.rooms.get()
    assert send(screen, URL, wat="bureau", ruimte=f"r-{room.pk}", naam=" Bureau  5 ", scherm="1").status == 302
    desk = Desk.objects.get(name="Bureau 5")
    assert (desk.room, desk.monitor, desk.calls, desk.valid_from) == (room, True, False, date(2026, 11, 23))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"wat": "bureau", "naam": "Bureau 5"}, "Het bureau staat erbij."),
        ({"wat": "bureau", "soort": "tafel", "naam": "Tafel"}, "De vergadertafel staat erbij."),
        ({"wat": "ruimte", "naam": "Zolder"}, "De ruimte staat erbij."),
    ],
)
def test_the_page_says_what_was_added(screen: Guest, house: Dorpshuis, sent: dict[str, str], words: str) -> None:
    answer = send(screen, URL, **sent | {"ruimte": f"r-{house.rooms.get().pk}"})
    assert words in screen.get(answer.response.headers["Location"]).text


def test_the_page_says_that_a_desk_was_changed(screen: Guest, house: Dorpshuis) -> None:
    answer = send(screen, url_of(house), doe="", naam="Bij het raam")
    assert "Bewaard." in screen.get(answer.response.headers["Location"]).text


def test_a_room_is_added(screen: Guest, house: Dorpshuis) -> None:
    assert send(screen, URL, wat="ruimte", naam="Zolder").status == 302
    assert sorted(house.rooms.values_list("name", flat=True)) == ["Kantoor", "Zolder"]


@pytest.mark.parametrize(
    "typed",
    [
        {"wat": "bureau", "naam": ""},
        {"wat": "bureau", "naam": "x" * 41},
        {"wat": "bureau", "naam": "bureau 1"},
        {"wat": "bureau", "naam": "Bureau 9", "ruimte": "r-999999"},
        {"wat": "bureau", "naam": "Bureau 9", "ruimte": "x"},
        {"wat": "ruimte", "naam": "KANTOOR"},
        {"wat": "ruimte", "naam": "a\x00b"},
    ],
)
def test_what_can_not_be_added_is_said(screen: Guest, house: Dorpshuis, typed: dict[str, str]) -> None:
    before = everything(), list(Room.objects.values())
    page = send(screen, URL, **({"ruimte": f"r-{house.rooms.get().pk}"} | typed))
    assert (page.status, "Er is nog niets bewaard" in page.text) == (422, True)
    assert (everything(), list(Room.objects.values())) == before


def test_a_desk_gets_another_name_and_other_ticks(screen: Guest, house: Dorpshuis) -> None:
    assert send(screen, url_of(house), doe="", naam="Bij het raam", raam="1", volgorde="9").status == 302
    desk = Desk.objects.get(name="Bij het raam")
    assert (desk.daylight, desk.position) == (True, 9)


@pytest.mark.parametrize("what", ["bureau", "ruimte"])
def test_a_second_tap_says_again_that_it_is_kept(screen: Guest, house: Dorpshuis, what: str) -> None:
    url = url_of(house) if what == "bureau" else f"{URL}ruimte/{house.rooms.get().pk}/"
    sent = hidden(screen.get(url)) | {"doe": "", "naam": "Nieuw"}
    answers = [screen.client.post(url, sent) for _ in range(2)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, f"{URL}?bewaard=ja")] * 2
    assert LogEntry.objects.filter(verb__startswith="change_").count() == 1


def test_the_second_volunteer_is_told_and_keeps_what_she_typed(screen: Guest, house: Dorpshuis) -> None:
    url = url_of(house)
    old = hidden(screen.get(url)) | {"doe": ""}
    send(screen, url, doe="", naam="Nieuw")
    page = Page(screen.client.post(url, old | {"naam": "Ander"}))  # type: ignore[arg-type]
    assert (page.status, page.tree.one("input", name="naam").attrs["value"]) == (409, "Ander")
    assert Desk.objects.filter(name="Nieuw").exists()


def test_the_second_volunteer_reads_what_the_first_changed(screen: Guest, house: Dorpshuis) -> None:
    url = url_of(house)
    old = hidden(screen.get(url)) | {"doe": ""}
    send(screen, url, doe="", naam="Nieuw", scherm="1")
    page = Page(screen.client.post(url, old | {"naam": "Ander"}))  # type: ignore[arg-type]
    assert "Naam: nu Nieuw" in page.text
    assert "Met scherm: nu ja" in page.text
    assert "Volgorde: nu" not in page.text


def test_after_a_mistake_the_second_volunteer_is_told_as_well(screen: Guest, house: Dorpshuis) -> None:
    url = url_of(house)
    mine = screen.get(url)
    send(screen, url, doe="", naam="Nieuw")
    page = Page(screen.client.post(url, hidden(mine) | {"doe": "", "naam": ""}))  # type: ignore[arg-type]
    again = Page(screen.client.post(url, hidden(page) | {"doe": "", "naam": "Ander"}))  # type: ignore[arg-type]
    assert again.status == 409
    assert Desk.objects.filter(name="Nieuw").exists()


def test_after_a_mistake_the_room_and_the_ticks_are_as_she_chose(screen: Guest, house: Dorpshuis) -> None:
    loft = make_room(house, "Zolder")
    page = send(screen, URL, wat="bureau", ruimte=f"r-{loft.pk}", naam="", scherm="1")
    assert page.status == 422
    assert "selected" in page.tree.one("option", value=f"r-{loft.pk}").attrs
    assert "checked" in page.tree.one("input", name="scherm").attrs


def test_a_desk_that_goes_shows_first_whom_it_hits(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, DECEMBER, name="Anna", desk_id=desks_of(house)[0].pk)
    before = everything()
    page = send(screen, url_of(house), **GOES)
    assert "Bureau 1 is er niet meer vanaf 1 december" in page.text
    assert "Er gaat 1 boeking niet door" in page.text
    assert everything() == before
    sent = hidden(page)
    assert Page(screen.client.post(url_of(house), sent)).status == 302  # type: ignore[arg-type]
    assert [state for _, state, _ in rows_of(house)] == ["house_cancelled"]
    assert Closure.objects.get().cause == Closure.Cause.DESK


def test_a_booking_meanwhile_is_shown_first(screen: Guest, house: Dorpshuis) -> None:
    sent = hidden(send(screen, url_of(house), **GOES))
    make_booking(house, DECEMBER, name="Anna", desk_id=desks_of(house)[0].pk)
    page = Page(screen.client.post(url_of(house), sent))  # type: ignore[arg-type]
    assert (page.status, "Er kwam een boeking bij: Anna." in page.text) == (409, True)


def test_the_last_desk_may_go_and_the_page_says_what_that_means(screen: Guest, house: Dorpshuis) -> None:
    Desk.objects.exclude(pk=desks_of(house)[0].pk).delete()
    words = "Daarna heeft het dorpshuis geen bureaus meer"
    assert words in send(screen, url_of(house), **GOES).text


@pytest.mark.parametrize("day", ["", "x", "2026-11-23", "2020-01-01", "2099-01-01"])
def test_a_day_that_can_not_be_is_refused(screen: Guest, house: Dorpshuis, day: str) -> None:
    page = send(screen, url_of(house), doe="weg", vanaf=day)
    assert page.status == 422
    assert page.tree.one("input", name="vanaf").attrs["value"] == (day or "2026-11-24")


def test_a_desk_of_another_house_is_not_there(screen: Guest) -> None:
    other = desks_of(make_house("ander-huis"))[0]
    assert screen.get(f"{URL}bureau/{other.pk}/").status == 404


def test_all_rooms_are_on_the_page(screen: Guest, house: Dorpshuis) -> None:
    make_room(house, "Zolder")
    page = screen.get(URL)
    assert [node.text for node in page.tree.all("h2")][:2] == ["Kantoor", "Zolder"]
