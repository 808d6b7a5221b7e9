"""Boek dit elke week, as a member sees and does it without JavaScript."""

from datetime import timedelta
from typing import Any

import pytest

from bookings.domain.dagdelen import Moment
from bookings.models import Booking, Reservation
from portal.base.accounts.members import member_of
from portal.base.accounts.models import User
from tests.factories import desks_of, make_booking, make_closed, make_house, make_rules, make_user, make_village
from tests.guest import WEDNESDAY, Guest, Page, on_monday
from villages.models import Desk, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

EMAIL = "anna@voorbeeld.example"
PROMISE = "Boek 8 keer en betaal € 60,00 in het dorpshuis"


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def anna() -> Guest:
    guest = Guest()
    guest.client.force_login(member_of(EMAIL))
    User.objects.update(name="Anna de Vries", phone="+31612345678")
    return guest


@pytest.fixture
def address(house: Dorpshuis) -> str:
    """The page of a booking of hers."""
    return f"/mijn/elke-week/{make_booking(house, WEDNESDAY, name='Anna', email=EMAIL).reference}/"


def after(weeks: int) -> Moment:
    return Moment(WEDNESDAY.date + timedelta(weeks=weeks), WEDNESDAY.dagdeel)


def fields(page: Page) -> dict[str, list[str]]:
    """What the button would send."""
    (form,) = page.tree.one("main").all("form", method="post")
    sent: dict[str, list[str]] = {}
    for node in form.all("input"):
        sent.setdefault(node.attrs["name"], []).append(node.attrs["value"])
    return sent


def button(page: Page) -> list[str]:
    (form,) = page.tree.one("main").all("form", method="post")
    return [node.text for node in form.all("button")]


def tap(guest: Guest, page: Page, address: str, **changed: Any) -> Page:
    return Page(guest.client.post(address, fields(page) | changed))  # type: ignore[arg-type]


def test_the_button_names_how_often_and_the_whole_sum(anna: Guest, address: str) -> None:
    page = anna.get(address)
    assert button(page) == [PROMISE]
    assert "Elke woensdagochtend in Het Huis, Toetsdorp." in page.text
    assert "Je boekt als Anna de Vries , met anna@voorbeeld.example." in page.text
    assert len(page.tree.one("main").one("ul", class_="list").all("li")) == 8


def test_one_tap_books_it_and_says_so(anna: Guest, address: str) -> None:
    answer = tap(anna, anna.get(address), address)
    assert answer.status == 302
    page = anna.get(answer.response["Location"])
    assert "8 keer geboekt in Het Huis. Samen € 60,00." in page.text
    assert page.tree.one("main").all("form", method="post") == []
    assert "Komt nog (9)" in anna.get("/mijn/").text
    assert set(Reservation.objects.exclude(series="").values_list("name", flat=True)) == {"Anna de Vries"}


def test_two_wednesdays_in_one_order_become_one_each_week(anna: Guest, house: Dorpshuis) -> None:
    two = make_booking(house, WEDNESDAY, after(1), name="Anna", email=EMAIL).reference
    page = anna.get(f"/mijn/elke-week/{two}/?weken=3")
    assert button(page) == ["Boek 3 keer en betaal € 22,50 in het dorpshuis"]
    assert fields(page)["dag"] == [str(after(n).date) for n in (2, 3, 4)]
    assert tap(anna, page, f"/mijn/elke-week/{two}/").status == 302


def test_a_second_tap_changes_nothing(anna: Guest, address: str) -> None:
    page = anna.get(address)
    first, second = tap(anna, page, address), tap(anna, page, address)
    assert first.response["Location"] == second.response["Location"]
    assert Reservation.objects.count() == 9


def test_how_long_is_hers_to_choose(anna: Guest, address: str) -> None:
    page = anna.get(address + "?weken=3")
    assert button(page) == ["Boek 3 keer en betaal € 22,50 in het dorpshuis"]
    assert page.tree.one("select", name="weken").one("option", selected="").text == (
        "3 weken, tot en met woensdag 16 december"
    )


def test_beyond_the_window_is_one_sentence(anna: Guest, address: str) -> None:
    page = anna.get(address + "?weken=12")
    assert "Verder dan vrijdag 22 januari 2027 kun je nog niet boeken. Daarom vallen er 4 datums af." in page.text
    assert button(page) == [PROMISE]


def test_each_date_that_can_not_be_booked_says_why_and_what_then(anna: Guest, house: Dorpshuis, address: str) -> None:
    make_house("ginds", name="Ginds", village=make_village("Ginds", 52.81, 6.41))
    for _ in range(4):
        make_booking(house, after(1))
    make_closed(house, after(2).date)
    lines = anna.get(address + "?weken=2").tree.one("main").one("ul", class_="list").all("li")
    assert lines[0].text.startswith("Woensdag 2 december, ochtend Vol. Wel vrij: Middag: 4 plekken vrij")
    assert lines[1].text.startswith("Woensdag 9 december, ochtend Gesloten: dorpsfeest. Wel vrij: Ginds, Ginds (1 km)")
    (link,) = lines[1].all("a")
    assert link.attrs["href"] == "/dorpshuizen/ginds/?week=2026-W50&dagdeel=2026-12-09:ochtend#jouw-keuze"


def test_her_own_desk_that_is_taken_once_offers_another(anna: Guest, house: Dorpshuis) -> None:
    desk = desks_of(house)[1]
    reference = make_booking(house, WEDNESDAY, email=EMAIL, desk_id=desk.pk).reference
    make_booking(house, after(1), desk_id=desk.pk)
    page = anna.get(f"/mijn/elke-week/{reference}/?weken=2")
    assert "Je zit steeds aan Bureau 2." in page.text
    assert "Bureau 2 is dan al bezet. Wel vrij: Een ander bureau" in page.text


def test_her_own_desk_that_is_gone_by_then_is_not_called_taken(anna: Guest, house: Dorpshuis) -> None:
    desk = desks_of(house)[1]
    reference = make_booking(house, WEDNESDAY, email=EMAIL, desk_id=desk.pk).reference
    Desk.objects.filter(pk=desk.pk).update(valid_until=WEDNESDAY.date)
    page = anna.get(f"/mijn/elke-week/{reference}/?weken=2")
    assert "Bureau 2 is er dan niet. Wel vrij: Een ander bureau" in page.text


def test_without_any_date_there_is_a_next_step_and_no_button(anna: Guest, house: Dorpshuis, address: str) -> None:
    make_closed(house, after(1).date, after(40).date)
    page = anna.get(address)
    assert "Er is nu geen datum die je zo kunt boeken." in page.text
    assert page.tree.one("main").all("form", method="post") == []


def test_a_free_house_says_so(anna: Guest) -> None:
    house = make_house("gratis", cents=0)
    reference = make_booking(house, WEDNESDAY, email=EMAIL).reference
    assert button(anna.get(f"/mijn/elke-week/{reference}/?weken=2")) == ["Boek 2 keer gratis"]


def test_the_house_rules_stand_there(anna: Guest, house: Dorpshuis, address: str) -> None:
    make_rules(house)
    assert "Een boterham mag." in anna.get(address).text


def test_a_date_that_is_full_meanwhile_is_409_with_what_is_left(anna: Guest, house: Dorpshuis, address: str) -> None:
    page = anna.get(address)
    for _ in range(4):
        make_booking(house, after(3))
    answer = tap(anna, page, address)
    assert (answer.status, Reservation.objects.exclude(series="").count()) == (409, 0)
    assert "Er is net iets veranderd. Er is nog niets geboekt." in answer.notice
    assert button(answer) == ["Boek 7 keer en betaal € 52,50 in het dorpshuis"]
    assert tap(anna, answer, address).status == 302


@pytest.mark.parametrize(
    "changed",
    [
        {"sleutel": ""},
        {"sleutel": "x.y"},
        {"bedrag": "veel"},
        {"bedrag": "-1"},
        {"bedrag": "9" * 30},
        {"dag": ["morgen"]},
        {"dag": ["2026-12-03"]},
        {"dag": ["2026-12-02", "2029-12-05"]},
        {"dag": []},
    ],
)
def test_a_form_that_is_not_ours_is_422_and_books_nothing(anna: Guest, address: str, changed: dict[str, Any]) -> None:
    answer = tap(anna, anna.get(address), address, **changed)
    assert (answer.status, Reservation.objects.count()) == (422, 1)
    assert "Er is niets geboekt." in answer.notice
    assert button(answer) == [PROMISE]


@pytest.mark.parametrize("weeks", ["0", "27", "-1", "abc", "²", "9" * 40])
def test_so_many_weeks_as_there_are_not_is_422(anna: Guest, address: str, weeks: str) -> None:
    page = anna.get(address + f"?weken={weeks}")
    assert (page.status, button(page)) == (422, [PROMISE])
    assert "Kies hoeveel weken je wilt boeken: 1 tot en met 26." in page.notice


def test_the_form_of_another_browser_is_422(anna: Guest, address: str) -> None:
    sent = fields(anna.get(address))
    other = Guest()
    other.client.force_login(User.objects.get())
    token = fields(other.get(address))["csrfmiddlewaretoken"]
    answer = other.client.post(address, sent | {"csrfmiddlewaretoken": token})
    assert (answer.status_code, Reservation.objects.count()) == (422, 1)


def test_the_booking_of_somebody_else_is_not_there(house: Dorpshuis, address: str) -> None:
    other = Guest()
    other.client.force_login(member_of("bert@voorbeeld.example"))
    assert other.get(address).status == 404
    other.client.force_login(make_user())
    assert other.get(address).status == 404


def test_an_address_that_is_not_proven_books_nothing(address: str) -> None:
    guest = Guest()
    guest.client.force_login(make_user(EMAIL))
    assert guest.get(address).status == 404


@pytest.mark.parametrize("state", [Booking.State.CANCELLED, Booking.State.HOUSE_CANCELLED])
def test_what_was_given_back_leads_to_its_own_page(anna: Guest, address: str, state: str) -> None:
    Booking.objects.update(state=state)
    assert anna.get(address).response["Location"].startswith("/boeking/")


def test_what_was_booked_is_only_told_to_her(anna: Guest, house: Dorpshuis, address: str) -> None:
    location = tap(anna, anna.get(address), address).response["Location"]
    series = location.rpartition("=")[2]
    bert = Guest()
    bert.client.force_login(member_of("bert@voorbeeld.example"))
    his = make_booking(house, WEDNESDAY, email="bert@voorbeeld.example").reference
    page = bert.get(f"/mijn/elke-week/{his}/?reeks={series}")
    assert "keer geboekt in" not in page.text


@pytest.mark.parametrize("weeks", [1, 26])
def test_the_page_costs_the_same_for_any_number_of_weeks_and_houses(
    anna: Guest, house: Dorpshuis, address: str, query_count: Any, weeks: int
) -> None:
    for _ in range(weeks // 5 + 1):
        make_house()
    make_closed(house, after(1).date)
    with query_count(19):
        anna.get(address + f"?weken={weeks}")
