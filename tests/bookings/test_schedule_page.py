"""Rooster: the normal week as a form, whom a change hits, and what a volunteer reads when it can't be."""

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, CallEntry
from portal.base.accounts.models import User
from portal.base.models import OutboxMail
from tests.bookings.ledger import everything
from tests.conftest import QueryCount
from tests.factories import (
    HOURS,
    desks_of,
    make_booked,
    make_booking,
    make_closed,
    make_desks,
    make_house,
    make_member,
    make_room,
    make_village,
    rows_of,
)
from tests.guest import MONDAY_NINE, Guest, Page, on_monday
from villages.models import Closure, Dorpshuis, Opening

pytestmark = [pytest.mark.django_db, on_monday]

URL = "/beheer/het-huis/rooster/"
DECEMBER = date(2026, 12, 1)  # a Tuesday
ON_TUESDAY = Moment(DECEMBER, Dagdeel.OCHTEND)
NEXT_TUESDAY = Moment(DECEMBER + timedelta(days=7), Dagdeel.OCHTEND)
SATURDAY = date(2026, 12, 12)
PHONE_ONLY: dict[str, Any] = {"email": "", "phone": "+31612345678"}


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


def fields(page: Page, number: int = 0) -> dict[str, list[str]]:
    """What the page's form would send as it stands."""
    form = [form for form in page.tree.all("form", method="post") if form.attrs.get("action") == URL][number]
    found: dict[str, list[str]] = {}
    for node in form.all("input"):
        plain = node.attrs.get("type") not in ("radio", "checkbox")
        if plain or "checked" in node.attrs:
            found.setdefault(node.attrs["name"], []).append(node.attrs.get("value", ""))
    return found


def send(screen: Guest, sent: dict[str, Any]) -> Page:
    token = {"csrfmiddlewaretoken": fields(screen.get(URL))["csrfmiddlewaretoken"]}
    given = {name: value for name, value in (token | sent).items() if value is not None}
    return Page(screen.client.post(URL, given))  # type: ignore[arg-type]


def look(screen: Guest, **changed: Any) -> Page:
    """The preview of the week with these fields changed, from 1 December; `_` stands for `-`, None takes away."""
    typed = {name.removeprefix("d").replace("_", "-"): value for name, value in changed.items()}
    return send(screen, {**fields(screen.get(f"{URL}?vanaf=2026-12-01")), **typed})


def save(screen: Guest, page: Page, **changed: Any) -> Page:
    return send(screen, {**fields(page), **changed})


def act(screen: Guest, what: str) -> Page:
    """Tap this on the page of the first change."""
    url = f"{URL}{Closure.objects.earliest('pk').pk}/"
    token = fields(screen.get(URL))["csrfmiddlewaretoken"]
    return Page(screen.client.post(url, {"doe": what, "csrfmiddlewaretoken": token}))  # type: ignore[arg-type]


def no_tuesday_morning(screen: Guest) -> Page:
    return look(screen, d1_ochtend=None)


# --- the form ---------------------------------------------------------------------------------------------


def test_it_shows_the_week_from_tomorrow(screen: Guest) -> None:
    sent = fields(screen.get(URL))
    assert (sent["vanaf"], sent["0-ochtend"], sent["0-ochtend-van"]) == (["2026-11-24"], ["1"], ["08:30"])
    assert "0-avond" not in sent


def test_looking_changes_nothing(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY)
    before = everything()
    no_tuesday_morning(screen)
    screen.get(f"{URL}?vanaf=morgen")
    assert everything() == before


def test_rooms_are_asked_only_where_there_are_more(screen: Guest, house: Dorpshuis) -> None:
    before = screen.get(URL).tree.all("input", name="0-ochtend-ruimte")
    make_room(house, "Zolder")
    assert (before, len(screen.get(URL).tree.all("input", name="0-ochtend-ruimte"))) == ([], 2)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"vanaf": "2026-11-23"}, "Kies morgen of later"),
        ({"vanaf": "ooit"}, "Deze dag kennen we niet"),
        ({"vanaf": "2036-01-01"}, "Dat is te ver vooruit"),
        ({"d0_ochtend_van": "abc"}, "Maandag, ochtend: Vul een tijd in"),
        ({"d0_ochtend_van": "25:00"}, "Maandag, ochtend: Vul een tijd in"),
        ({"d0_ochtend_tot": "08:00"}, "Het eind ligt voor het begin"),
        ({"d0_middag_van": "12:00"}, "Maandag, middag: Dit begint voordat het dagdeel ervoor voorbij is"),
        ({"d0_ochtend_ruimte": "0"}, "Deze ruimte is er niet"),
        ({}, "Zo is de week al"),
    ],
)
def test_what_can_not_be_is_said_and_changes_nothing(screen: Guest, changed: dict[str, Any], words: str) -> None:
    before = everything()
    page = look(screen, **changed)
    assert page.status == 422
    assert words in page.text
    assert everything() == before


def test_an_empty_week_is_refused(screen: Guest) -> None:
    page = look(screen, **{f"d{day}_{part}": None for day in range(7) for part in Dagdeel})
    assert (page.status, "Kies minstens een dagdeel" in page.text) == (422, True)


def test_what_was_typed_stays_in_the_form(screen: Guest) -> None:
    assert fields(look(screen, d0_ochtend_van="abc"))["0-ochtend-van"] == ["abc"]


# --- the preview ------------------------------------------------------------------------------------------


def test_it_says_whom_it_hits_and_what_changes(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY, name="Anna")
    make_booking(house, NEXT_TUESDAY, name="Bert", **PHONE_ONLY)
    text = no_tuesday_morning(screen).text
    for words in (
        "De ochtend op dinsdag stopt vanaf 1 december",
        "Dinsdag, ochtend: nu 08.30 tot 12.30 uur, straks dicht",
        "Er gaan 2 boekingen niet door",
        "Anna",
        "Bellen: geen e-mail",
        "Bewaar en stuur 1 mail",
    ):
        assert words in text


def test_other_clock_times_call_nobody_off_and_it_says_who_hears_the_new_time(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY, name="Anna")
    page = look(screen, d1_ochtend_van="09:00")
    for words in (
        "Voor 1 gast begint of eindigt het op een andere tijd",
        "nu 08.30 tot 12.30 uur, straks 09.00 tot 12.30 uur",
        "1 gast krijgt een mail: Anna",
        "Bewaar en stuur 1 mail",
    ):
        assert words in page.text
    assert "Wat weggaat" not in page.text
    answer = save(screen, page)
    assert "1 gast hoort dat het op een andere tijd is" in screen.get(answer.response["Location"]).text
    assert [state for _, state, _ in rows_of(house)] == ["booked"]


def test_a_guest_before_that_day_is_not_hit(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, Moment(DECEMBER - timedelta(days=7), Dagdeel.OCHTEND))
    assert "Er is niemand geboekt" in no_tuesday_morning(screen).text


def test_fewer_rooms_move_a_guest_who_chose_no_desk(screen: Guest, house: Dorpshuis) -> None:
    (attic,) = make_desks(make_room(house, "Zolder"), 1)
    make_booking(house, ON_TUESDAY, name="Anna")
    page = look(screen, d1_ochtend_ruimte=str(attic.room_id))
    assert "1 boeking schuift op naar een ander bureau" in page.text
    save(screen, page)
    assert rows_of(house) == [(str(ON_TUESDAY), "booked", attic.pk)]


def test_the_number_of_queries_does_not_grow(screen: Guest, house: Dorpshuis, query_count: QueryCount) -> None:
    make_booking(house, ON_TUESDAY)
    sent = {**fields(screen.get(f"{URL}?vanaf=2026-12-01")), "1-ochtend": None}
    given = {name: value for name, value in sent.items() if value is not None}
    with CaptureQueriesContext(connection) as few:
        screen.client.post(URL, given)
    for _ in range(3):
        make_booking(house, NEXT_TUESDAY)
    with query_count(len(few)):
        screen.client.post(URL, given)


# --- saving -----------------------------------------------------------------------------------------------


def test_the_button_ends_the_dagdeel_and_tells_the_guests(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY, email="anna@voorbeeld.example")
    make_booking(house, NEXT_TUESDAY, **PHONE_ONLY)
    page = save(screen, no_tuesday_morning(screen))
    assert page.status == 302
    assert [state for _, state, _ in rows_of(house)] == ["house_cancelled", "house_cancelled"]
    mail, call = OutboxMail.objects.get(kind="called_off"), CallEntry.objects.get(kind="called_off")
    assert (mail.recipient, mail.visible_from) == ("anna@voorbeeld.example", MONDAY_NINE + timedelta(minutes=10))
    assert call.visible_from == MONDAY_NINE + timedelta(minutes=10)


def test_what_was_offered_before_that_day_stays(screen: Guest, house: Dorpshuis) -> None:
    save(screen, no_tuesday_morning(screen))
    line = Opening.objects.get(dorpshuis=house, weekday=1, dagdeel="ochtend")
    assert line.valid_until == DECEMBER - timedelta(days=1)


def test_the_public_week_says_that_it_is_closed_on_that_day_and_not_why(screen: Guest, house: Dorpshuis) -> None:
    save(screen, look(screen, d1_ochtend=None, d1_middag=None))
    cell = screen.get("/dorpshuizen/het-huis/?week=2026-W49").tree.all(data_date="2026-12-01", data_dagdeel="ochtend")
    assert [(node.attrs["data-reden"], "Gesloten" in node.text) for node in cell] == [("dinsdag", True)]


def test_it_is_not_among_what_is_shut(screen: Guest) -> None:
    save(screen, no_tuesday_morning(screen))
    assert "stopt vanaf" not in screen.get("/beheer/het-huis/dicht/").text


def test_a_guest_who_books_meanwhile_is_shown_first(screen: Guest, house: Dorpshuis) -> None:
    page = no_tuesday_morning(screen)
    make_booking(house, ON_TUESDAY, name="Anna")
    again = save(screen, page)
    assert (again.status, "Er kwam een boeking bij: Anna." in again.text) == (409, True)
    assert Booking.objects.get().state == "booked"
    assert save(screen, again).status == 302


def test_the_second_volunteer_is_told_and_nothing_is_overwritten(screen: Guest) -> None:
    hers = {**fields(screen.get(f"{URL}?vanaf=2026-12-01")), "2-ochtend-van": "10:00"}
    save(screen, no_tuesday_morning(screen))
    page = send(screen, hers)
    assert (page.status, "Nu: dicht" in page.text) == (409, True)
    assert fields(page)["2-ochtend-van"] == ["10:00"]
    assert Closure.objects.count() == 1


def test_a_form_sent_twice_is_one_change(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY)
    sent = fields(no_tuesday_morning(screen))
    assert [send(screen, sent).status for _ in range(2)] == [302, 302]
    assert Closure.objects.count() == 1


def test_back_to_the_form_keeps_what_was_typed(screen: Guest) -> None:
    page = save(screen, no_tuesday_morning(screen), wijzig="1")
    assert (page.status, "1-ochtend" in fields(page)) == (200, False)


def test_a_change_that_was_to_come_is_named(screen: Guest) -> None:
    save(screen, no_tuesday_morning(screen))
    assert "Bekijk de week vanaf 1 december" in screen.get(URL).text


# --- undo -------------------------------------------------------------------------------------------------


def test_undo_brings_back_the_week_and_the_bookings(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, ON_TUESDAY)
    before = list(Opening.objects.order_by("pk").values())
    save(screen, look(screen, d1_ochtend=None, d2_ochtend_van="10:00"))
    url = f"{URL}{Closure.objects.get().pk}/"
    assert "Maak ongedaan (nog 10 minuten)" in screen.get(url).text
    act(screen, "ongedaan")
    assert list(Opening.objects.order_by("pk").values()) == before
    assert [state for _, state, _ in rows_of(house)] == ["booked"]
    assert not OutboxMail.objects.filter(kind="called_off").exists()


def test_after_ten_minutes_it_can_not_be_undone_and_not_be_reopened(screen: Guest) -> None:
    save(screen, no_tuesday_morning(screen))
    url = f"{URL}{Closure.objects.get().pk}/"
    with time_machine.travel(MONDAY_NINE + timedelta(minutes=11), tick=False):
        assert "Heropen" not in screen.get(url).text
        answers = [act(screen, what).status for what in ("ongedaan", "heropen")]
    assert answers == [409, 409]
    assert Opening.objects.filter(valid_until__isnull=False).count() == 1


def test_what_was_built_upon_can_not_be_undone_on_its_own(screen: Guest) -> None:
    save(screen, no_tuesday_morning(screen))
    save(screen, look(screen, d2_ochtend=None))
    answer = act(screen, "ongedaan")
    assert (answer.status, "Maak eerst dat ongedaan" in answer.text) == (409, True)


# --- an extra dagdeel -------------------------------------------------------------------------------------

EXTRA = {"wat": "extra", "dag": "2026-12-12", "dagdeel": "ochtend", "begin": "09:00", "eind": "12:00"}


def test_an_extra_dagdeel_opens_on_one_date(screen: Guest, house: Dorpshuis) -> None:
    assert send(screen, EXTRA).status == 302
    assert make_booked(house, Moment(SATURDAY, Dagdeel.OCHTEND)).is_new
    line = Opening.objects.get(once=True)
    assert (line.valid_from, line.valid_until, line.begin) == (SATURDAY, SATURDAY, time(9))


def test_an_extra_dagdeel_that_is_booked_can_not_be_undone_and_says_what_to_do(screen: Guest, house: Dorpshuis) -> None:
    send(screen, EXTRA)
    make_booking(house, Moment(SATURDAY, Dagdeel.OCHTEND))
    answer = act(screen, "ongedaan")
    assert (answer.status, "Haal het daarom weg in het rooster" in answer.text) == (409, True)
    assert Opening.objects.filter(once=True).count() == 1
    assert Closure.objects.standing().count() == 1


def test_an_extra_dagdeel_that_goes_tells_its_guests(screen: Guest, house: Dorpshuis) -> None:
    send(screen, EXTRA)
    make_booking(house, Moment(SATURDAY, Dagdeel.OCHTEND), name="Anna")
    page = send(screen, {"wat": "extra-weg", "rij": f"rij-{Opening.objects.get(once=True).pk}"})
    assert "De extra ochtend op 12 december gaat niet door" in page.text
    assert save(screen, page).status == 302
    assert ([state for _, state, _ in rows_of(house)], Opening.objects.filter(once=True).count()) == (
        ["house_cancelled"],
        0,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"dag": ""},
        {"dag": "2026-11-23"},
        {"dag": "2099-01-01"},
        {"dagdeel": "nacht"},
        {"eind": "08:00"},
        {"begin": "x"},
        {"dag": "2026-12-01"},  # open already
    ],
)
def test_an_extra_dagdeel_that_can_not_be_is_refused(screen: Guest, wrong: dict[str, str]) -> None:
    before = everything()
    assert send(screen, {**EXTRA, **wrong}).status == 422
    assert everything() == before


@pytest.mark.parametrize("times", [{"begin": "16:00", "eind": "22:00"}, {"begin": "16:59", "eind": "17:01"}])
def test_an_extra_dagdeel_at_the_time_of_another_is_refused(screen: Guest, times: dict[str, str]) -> None:
    tuesday = {**EXTRA, "dag": "2026-12-01", "dagdeel": "avond"}
    before = everything()
    page = send(screen, tuesday | times)
    assert (page.status, "Op die tijd is er die dag al een ander dagdeel" in page.text) == (422, True)
    assert page.tree.one("input", name="begin").attrs["value"] == times["begin"]
    assert everything() == before
    assert send(screen, tuesday | {"begin": "17:00", "eind": "22:00"}).status == 302


def test_an_extra_dagdeel_that_is_there_already_is_refused(screen: Guest) -> None:
    send(screen, EXTRA)
    page = send(screen, EXTRA)
    assert (page.status, "Dan is het dorpshuis al open" in page.text) == (422, True)
    assert Opening.objects.filter(once=True).count() == 1


def test_an_extra_dagdeel_within_a_closure_is_refused_with_the_way_to_reopen(screen: Guest, house: Dorpshuis) -> None:
    closure = make_closed(house, SATURDAY - timedelta(days=2), SATURDAY + timedelta(days=2)).closure
    page = send(screen, EXTRA)
    assert (page.status, "Dan is het dorpshuis dicht (dorpsfeest). Heropen het eerst" in page.text) == (422, True)
    assert page.tree.one("div", role="alert").one("a").attrs["href"] == f"/beheer/het-huis/dicht/{closure.pk}/"
    assert not Opening.objects.filter(once=True).exists()


def test_an_extra_dagdeel_beside_what_is_shut_opens(screen: Guest, house: Dorpshuis) -> None:
    make_closed(house, SATURDAY, dagdelen=frozenset({Dagdeel.AVOND}))
    make_closed(house, SATURDAY, desks=(desks_of(house)[0],))
    assert send(screen, EXTRA).status == 302


@pytest.mark.parametrize("row", ["", "rij-", "rij-0", "rij-99999999999999999999", "x", "rij-1"])
def test_an_extra_dagdeel_that_is_not_there_is_refused(screen: Guest, row: str) -> None:
    assert send(screen, {"wat": "extra-weg", "rij": row}).status == 422


def test_an_evening_may_begin_where_there_was_none(screen: Guest, house: Dorpshuis) -> None:
    make_village()
    begin, end = HOURS[Dagdeel.AVOND]
    save(screen, look(screen, d1_avond="1", d1_avond_van=f"{begin:%H.%M}", d1_avond_tot=f"{end:%H.%M}"))
    assert make_booked(house, Moment(DECEMBER, Dagdeel.AVOND)).is_new
