"""The day list: who comes to a house, for who runs it."""

from typing import Any

import pytest
from django.test import Client

from bookings.actions.cancel import cancel
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from portal.base.accounts.models import User
from portal.base.log import GUEST
from tests.factories import house_actor, make_booking, make_desks, make_house, make_member, make_room
from tests.guest import MONDAY, WEDNESDAY, Guest, Node, Page, on_monday
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

AFTERNOON = Moment(MONDAY, Dagdeel.MIDDAG)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def volunteer(house: Dorpshuis) -> User:
    return make_member(house)


@pytest.fixture
def screen(volunteer: User) -> Guest:
    """The volunteer at her screen."""
    guest = Guest()
    guest.client.force_login(volunteer)
    return guest


def part(page: Page, dagdeel: str) -> Node:
    return page.tree.one("section", aria_labelledby=dagdeel)


def guests(page: Page, dagdeel: str) -> list[str]:
    return [row.one("h3").text for row in part(page, dagdeel).all("li")]


def test_it_shows_who_comes_in_which_dagdeel(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, AFTERNOON, name="Anna")
    make_booking(house, AFTERNOON, name="Bert")
    page = screen.get("/beheer/het-huis/")
    assert [guests(page, name) for name in ("ochtend", "middag", "avond")] == [[], ["Anna", "Bert"], []]


def test_a_guest_has_her_desk_price_and_phone_and_no_address(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, AFTERNOON, name="Anna", email="anna@voorbeeld.example", phone="+31612345678")
    page = screen.get("/beheer/het-huis/")
    words = part(page, "middag").text
    for expected in ("Anna", "Bureau 1", "€ 7,50", "06 12345678", "Nog 3 bureaus vrij, 1 van 4 bezet"):
        assert expected in words
    assert "anna@" not in page.html


def test_a_number_from_abroad_keeps_its_country(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, name="Frau Bos", email="", phone="+4930901820")
    for rest in ("dag/2026-11-25/", "bellijst/"):
        (link,) = screen.get(f"/beheer/het-huis/{rest}").tree.all("a", href="tel:+4930901820")
        assert link.text.strip() == "+49 30 901820"
    assert "+49 30 901820" in screen.get("/beheer/het-huis/dag/2026-11-25/lijst/").text


def test_who_was_booked_by_phone_has_her_code(screen: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, AFTERNOON, by=house_actor(house))
    assert f"code {reservation.spoken_code}" in part(screen.get("/beheer/het-huis/"), "middag").text


def test_who_cancelled_is_not_in_it(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, AFTERNOON, name="Anna")
    cancel(make_booking(house, AFTERNOON, name="Bert Zwaluwhof"), GUEST)
    page = screen.get("/beheer/het-huis/")
    assert guests(page, "middag") == ["Anna"]
    assert "Zwaluwhof" not in page.html


def test_guests_of_another_house_and_another_day_are_not_in_it(screen: Guest, house: Dorpshuis) -> None:
    make_booking(make_house(), AFTERNOON, name="Elders")
    make_booking(house, WEDNESDAY, name="Woensdag")
    pages = [screen.get("/beheer/het-huis/"), screen.get("/beheer/het-huis/dag/2026-11-25/")]
    assert ["Elders" in page.html for page in pages] == [False, False]
    assert [guests(page, "ochtend") for page in pages] == [[], ["Woensdag"]]


def test_days_lead_to_the_day_before_and_after(screen: Guest, house: Dorpshuis) -> None:
    page = screen.get("/beheer/het-huis/dag/2026-12-31/")
    for day in ("2026-12-30", "2027-01-01"):
        assert len(page.tree.all("a", href=f"/beheer/het-huis/dag/{day}/")) == 1


def test_a_name_is_shown_escaped(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, AFTERNOON, name="<b>Anna & Co")
    page = screen.get("/beheer/het-huis/")
    assert guests(page, "middag") == ["<b>Anna & Co"]
    assert "<b>Anna" not in page.html


def test_a_closed_dagdeel_tells_why(screen: Guest, house: Dorpshuis) -> None:
    Closure.objects.create(dorpshuis=house, first_day=MONDAY, last_day=MONDAY, reason="dorpsfeest", ochtend=False)
    page = screen.get("/beheer/het-huis/")
    assert "Gesloten: dorpsfeest." in part(page, "middag").text
    assert "Gesloten: ’s avonds dicht." in part(page, "avond").text


def test_a_closed_day_says_so_and_shows_who_comes_on_the_next_open_day(screen: Guest, house: Dorpshuis) -> None:
    Closure.objects.create(dorpshuis=house, first_day=MONDAY, last_day=MONDAY.replace(day=24), reason="dorpsfeest")
    make_booking(house, WEDNESDAY, name="Anna")
    words = screen.get("/beheer/het-huis/").text
    assert "Vandaag is het huis gesloten. Dorpsfeest." in words
    assert "Woensdag 25 november Ochtend: Anna Middag: nog niemand" in words


def test_more_than_sixty_guests_are_paged(screen: Guest, house: Dorpshuis) -> None:
    first = make_booking(house, AFTERNOON).bookings.get()
    given = {"dorpshuis": house, "reservation": first.reservation, "desk": first.desk, "date": first.date}
    given |= {"dagdeel": "middag", "state": Booking.State.LATE_CANCELLED, "price_cents": 750, "tariff": "standaard"}
    Booking.objects.bulk_create(Booking(**given) for _ in range(69))
    pages = [screen.get(f"/beheer/het-huis/?pagina={number}") for number in ("1", "2", "9", "x")]
    assert [len(guests(page, "middag")) for page in pages] == [60, 10, 10, 60]


@pytest.mark.parametrize("day", ["morgen", "2026-02-30", "0001-01-01", "9999-12-31", "2026-11-25%00"])
def test_a_day_that_is_not_there_is_404(screen: Guest, house: Dorpshuis, day: str) -> None:
    assert screen.get(f"/beheer/het-huis/dag/{day}/").status == 404


def test_the_way_to_beheer_leads_to_her_own_house(screen: Guest, house: Dorpshuis) -> None:
    make_house("ander-huis", name="Aander huis")
    assert screen.get("/beheer/").response["Location"] == "/beheer/het-huis/"


def test_the_top_of_every_page_has_her_house_and_the_way_out(screen: Guest, house: Dorpshuis, client: Client) -> None:
    links = [link.attrs["href"] for link in screen.get("/").tree.one("nav", aria_label="Beheer").all("a")]
    assert links == ["/beheer/het-huis/"]
    assert 'aria-label="Beheer"' not in client.get("/").content.decode()


@pytest.mark.parametrize("number", [1, 50])
def test_it_takes_the_same_queries_for_one_and_fifty_guests(
    screen: Guest, house: Dorpshuis, query_count: Any, number: int
) -> None:
    make_desks(make_room(house, "Zaal"), 50)
    for _ in range(number):
        make_booking(house, AFTERNOON)
    with query_count(15):
        assert len(guests(screen.get("/beheer/het-huis/"), "middag")) == number
