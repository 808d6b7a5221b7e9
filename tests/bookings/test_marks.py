"""The buttons of the day list: ticks, payments, walk-ins; who may, and what happens when she was logged out."""

from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from time_machine import TimeMachineFixture

from bookings.actions.cancel import cancel
from bookings.actions.day import mark_used
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from portal.base.log import GUEST
from tests.day import Screen, buttons, row_of
from tests.factories import at, house_actor, make_booking, make_house
from tests.guest import MONDAY, WEDNESDAY, on_monday, written
from villages.models import Dorpshuis, Membership

pytestmark = [pytest.mark.django_db, on_monday]

State = Booking.State
TUESDAY = MONDAY.replace(day=24)
TODAY = Moment(MONDAY, Dagdeel.MIDDAG)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", desks=2)


@pytest.fixture
def booking(house: Dorpshuis, time_machine: TimeMachineFixture) -> Booking:
    """Marieke's, of this afternoon; it is two o'clock."""
    row = make_booking(house, TODAY, name="Marieke").bookings.get()
    time_machine.move_to(at(MONDAY, 14), tick=False)
    return row


@pytest.fixture
def screen(house: Dorpshuis) -> Screen:
    return Screen(house)


@pytest.fixture
def host(house: Dorpshuis) -> Screen:
    return Screen(house, Membership.Role.HOST)


def standing(booking: Booking) -> tuple[str, str]:
    booking.refresh_from_db()
    return booking.state, booking.paid_how


# --- the buttons ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("is_er", ("used", "")),
        ("kwam_niet", ("no_show", "")),
        ("pin", ("booked", "pin")),
        ("contant", ("booked", "cash")),
        ("link", ("booked", "link")),
        ("factuur", ("booked", "account")),
        ("kwijt", ("booked", "waived")),
    ],
)
def test_each_button_does_what_it_says_and_leads_back_to_the_guest(
    screen: Screen, booking: Booking, act: str, expected: tuple[str, str]
) -> None:
    page = screen.tap(booking, act)
    assert (page.status, page.response["Location"]) == (302, f"/beheer/het-huis/#b{booking.pk}")
    assert standing(booking) == expected


def test_the_row_says_in_words_and_time_what_stands(screen: Screen, booking: Booking) -> None:
    screen.tap(booking, "is_er")
    screen.tap(booking, "pin")
    words = row_of(screen.day(), booking).text
    assert "Is er , 14.00 uur · € 7,50 betaald met pin, 14.00 uur" in words.replace("</b>", "")


def test_what_is_left_to_do_is_what_the_buttons_offer(screen: Screen, booking: Booking) -> None:
    assert buttons(row_of(screen.day(), booking))[:2] == ["is_er", "kwam_niet"]
    screen.tap(booking, "is_er")
    assert buttons(row_of(screen.day(), booking))[:3] == ["is_er", "pin", "contant"]


def test_a_tick_can_be_taken_back_on_the_page(screen: Screen, booking: Booking) -> None:
    screen.tap(booking, "is_er")
    (undo,) = [act for act in buttons(row_of(screen.day(), booking)) if act.startswith("ongedaan")]
    screen.tap(booking, undo)
    assert standing(booking) == (State.BOOKED, "")
    assert not [act for act in buttons(row_of(screen.day(), booking)) if act.startswith("ongedaan")]


def test_before_its_hour_a_dagdeel_has_no_ticks_but_may_be_paid(screen: Screen, house: Dorpshuis) -> None:
    row = make_booking(house, WEDNESDAY).bookings.get()
    offered = buttons(row_of(screen.day(WEDNESDAY.date), row))
    assert "is_er" not in offered
    assert "link" in offered
    page = screen.tap(row, "is_er")
    assert (page.status, standing(row)) == (409, (State.BOOKED, ""))
    assert "Het kan vanaf een uur voor het begin: 07.30 uur." in page.notice


def test_who_just_cancelled_is_named_in_the_refusal(screen: Screen, booking: Booking) -> None:
    cancel(booking.reservation, GUEST)
    page = screen.tap(booking, "is_er")
    assert (page.status, "Marieke: Deze boeking is net geannuleerd" in page.notice) == (409, True)


def test_who_cancelled_late_stands_there_to_pay(screen: Screen, booking: Booking) -> None:
    cancel(booking.reservation, GUEST)
    row = row_of(screen.day(), booking)
    assert "Te laat geannuleerd" in row.text
    assert buttons(row)[:2] == ["pin", "contant"]


@pytest.mark.parametrize("fields", [{"doe": "weg"}, {"doe": ""}, {}, {"doe": "ongedaan:zz"}])
def test_a_button_that_is_not_there_is_422_and_changes_nothing(
    screen: Screen, booking: Booking, fields: dict[str, Any]
) -> None:
    page = screen.post("mark", boeking=booking.pk, **fields)
    assert (page.status, standing(booking)) == (422, (State.BOOKED, ""))
    assert "Deze knop kennen we niet" in page.notice


@pytest.mark.parametrize("number", ["", "abc", "0", "9" * 30, "-1", "1\x00", "²"])
def test_a_booking_that_is_not_there_is_404(screen: Screen, booking: Booking, number: str) -> None:
    assert screen.post("mark", boeking=number, doe="is_er").status == 404


def test_a_booking_of_another_house_or_another_day_is_404(screen: Screen, booking: Booking) -> None:
    elsewhere = make_booking(make_house(), WEDNESDAY).bookings.get()
    assert screen.tap(elsewhere, "is_er").status == 404
    assert screen.post("mark", WEDNESDAY.date, boeking=booking.pk, doe="is_er").status == 404


def test_opening_the_address_of_a_button_only_shows_the_day(screen: Screen, booking: Booking) -> None:
    page = screen.get(f"/beheer/het-huis/dag/2026-11-23/tik/?boeking={booking.pk}&doe=is_er")
    assert (page.response["Location"], standing(booking)) == ("/beheer/het-huis/", (State.BOOKED, ""))


def test_htmx_gets_the_row_alone_and_words_for_who_cannot_see(screen: Screen, booking: Booking) -> None:
    page = screen.tap(booking, "is_er", htmx=True)
    assert [node.attrs["id"] for node in page.tree.all("li")] == [f"b{booking.pk}"]
    assert "Marieke: Is er. Opgeslagen." in page.text
    assert "<html" not in page.html


def test_htmx_gets_a_refusal_in_the_row(screen: Screen, booking: Booking) -> None:
    cancel(booking.reservation, GUEST)
    page = screen.tap(booking, "kwam_niet", htmx=True)
    assert (page.status, "net geannuleerd" in page.notice) == (409, True)


# --- who may ----------------------------------------------------------------------------------------------


def test_a_host_ticks_and_takes_money_but_lets_nobody_off(host: Screen, booking: Booking) -> None:
    assert [host.tap(booking, act).status for act in ("is_er", "pin", "kwijt")] == [302, 302, 403]
    assert standing(booking) == (State.USED, "pin")
    assert "kwijt" not in buttons(row_of(host.day(), booking))


@pytest.mark.parametrize("name", ["day", "day-sheet", "day-entry"])
def test_a_host_sees_the_names_of_today_only(host: Screen, booking: Booking, name: str) -> None:
    rest = {"day": "", "day-sheet": "lijst/", "day-entry": "invoeren/"}[name]
    days = ["2026-11-20", "2026-11-22", "2026-11-23", "2026-11-24"]
    found = [host.get(f"/beheer/het-huis/dag/{day}/{rest}").status for day in days]
    assert found == [403, 403, 200, 403]


def test_a_host_sees_who_comes_tomorrow_without_a_number(host: Screen, house: Dorpshuis) -> None:
    make_booking(house, Moment(MONDAY.replace(day=24), Dagdeel.OCHTEND), name="Anna Zwaluwhof", phone="+31612345678")
    page = host.day()
    assert "Morgen, dinsdag 24 november Ochtend: Anna" in page.text
    assert ("12345678" in page.html, "Zwaluwhof" in page.html) == (False, False)
    assert "Zwaluwhof" in Screen(house).day().text


@pytest.mark.parametrize(("act", "status"), [("onzin", 422), ("is_er", 409)])
def test_a_host_s_button_that_is_refused_shows_her_no_other_day(
    host: Screen, house: Dorpshuis, time_machine: TimeMachineFixture, act: str, status: int
) -> None:
    rows = [make_booking(house, TODAY, name=name).bookings.get() for name in ("Tom", "Anna Zwaluwhof")]
    time_machine.move_to(at(MONDAY, 14), tick=False)
    mark_used(rows[1], house_actor(house))
    Booking.objects.filter(pk=rows[0].pk).update(state=State.CANCELLED)
    time_machine.move_to(at(TUESDAY, 9), tick=False)
    page = host.tap(rows[0], act)
    assert (page.status, "Zwaluwhof" in page.html, "Dinsdag 24 november" in page.text) == (status, False, True)


def test_a_host_cannot_tick_another_day(host: Screen, house: Dorpshuis) -> None:
    row = make_booking(house, WEDNESDAY).bookings.get()
    assert host.tap(row, "pin").status == 403


# --- the last open day ------------------------------------------------------------------------------------


@pytest.fixture
def doubtful(house: Dorpshuis, time_machine: TimeMachineFixture) -> Booking:
    """Tom's, of last Friday: nobody ticked it. It is Monday at nine."""
    time_machine.move_to(at(MONDAY.replace(day=19), 9), tick=False)
    row = make_booking(house, Moment(MONDAY.replace(day=20), Dagdeel.OCHTEND), name="Tom").bookings.get()
    time_machine.move_to(at(MONDAY, 9), tick=False)
    return row


@pytest.mark.parametrize(("act", "state"), [("is_er", "used"), ("kwam_niet", "no_show"), ("laat", "booked")])
@pytest.mark.parametrize("who", ["screen", "host"])
def test_who_was_not_ticked_is_asked_about_once(
    request: pytest.FixtureRequest, doubtful: Booking, time_machine: TimeMachineFixture, who: str, act: str, state: str
) -> None:
    browser = request.getfixturevalue(who)
    assert "Was Tom er?" in row_of(browser.day(), doubtful).text
    page = browser.tap(doubtful, act, terug="vandaag")
    assert page.response["Location"] == "/beheer/het-huis/#gevraagd"
    assert standing(doubtful) == (state, "")
    time_machine.shift(600)
    assert "Tom" not in browser.day().text


def test_an_answer_can_be_taken_back_for_ten_minutes(screen: Screen, doubtful: Booking) -> None:
    screen.tap(doubtful, "kwam_niet", terug="vandaag")
    (undo,) = [act for act in buttons(row_of(screen.day(), doubtful)) if act.startswith("ongedaan")]
    screen.tap(doubtful, undo, terug="vandaag")
    assert standing(doubtful) == (State.BOOKED, "")


def test_other_days_ask_nothing(screen: Screen, doubtful: Booking) -> None:
    assert "was iedereen er" not in screen.day(WEDNESDAY.date).text


# --- logged out meanwhile ---------------------------------------------------------------------------------


def test_a_tick_after_logging_out_is_asked_about_after_logging_in(screen: Screen, booking: Booking) -> None:
    token = screen.day().tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    screen.client.cookies.pop("sessionid")
    sent = {"boeking": booking.pk, "doe": "is_er", "csrfmiddlewaretoken": token}
    answer = screen.client.post("/beheer/het-huis/dag/2026-11-23/tik/", sent)
    assert unquote(answer["Location"]) == f"/inloggen/?next=/beheer/het-huis/?doe={booking.pk}%3Ais_er"
    screen.client.force_login(screen.user)
    page = screen.day(doe=f"{booking.pk}:is_er")
    assert "Dit is nog niet opgeslagen: Marieke, Is er." in page.notice
    assert standing(booking) == (State.BOOKED, "")
    (form,) = [form for form in page.tree.all("form") if "Sla het nu op" in form.text]
    fields = {node.attrs["name"]: node.attrs["value"] for node in form.all("input")}
    screen.client.post(form.attrs["action"], fields)
    assert standing(booking) == (State.USED, "")


def test_what_was_done_meanwhile_is_not_asked_again(screen: Screen, booking: Booking, house: Dorpshuis) -> None:
    mark_used(booking, house_actor(house))
    page = screen.day(doe=f"{booking.pk}:is_er")
    assert "Dit staat er al: Marieke, Is er." in page.notice
    assert "Sla het nu op" not in page.text


def test_htmx_goes_to_the_log_in_page_as_a_whole(screen: Screen, booking: Booking) -> None:
    token = screen.day().tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    screen.client.cookies.pop("sessionid")
    sent = {"boeking": booking.pk, "doe": "is_er", "csrfmiddlewaretoken": token}
    answer = screen.client.post("/beheer/het-huis/dag/2026-11-23/tik/", sent, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/inloggen/?next=")


def test_a_token_that_is_too_old_asks_again_and_does_nothing(screen: Screen, booking: Booking) -> None:
    page = screen.tap(booking, "pin", csrfmiddlewaretoken="x" * 64)
    assert page.response["Location"] == f"/beheer/het-huis/?doe={booking.pk}%3Apin"
    assert standing(booking) == (State.BOOKED, "")


@pytest.mark.parametrize("wish", ["", "1", "abc:is_er", "1:weg", "99999999999999999999:is_er", "binnen:nacht:x"])
def test_an_unreadable_wish_is_no_wish(screen: Screen, booking: Booking, wish: str) -> None:
    page = screen.day(doe=wish)
    assert (page.status, page.notice) == (200, "")


def test_a_wish_about_another_house_s_guest_names_nobody(screen: Screen) -> None:
    elsewhere = make_booking(make_house(), WEDNESDAY, name="Geheim").bookings.get()
    assert "Geheim" not in screen.day(doe=f"{elsewhere.pk}:is_er").html


# --- somebody walks in ------------------------------------------------------------------------------------


def test_who_walks_in_is_on_the_list_at_once(host: Screen) -> None:
    page = host.post("walk-in", dagdeel="ochtend", sleutel="sleutel-1")
    row = Booking.objects.get()
    assert (page.status, page.response["Location"]) == (302, f"/beheer/het-huis/#b{row.pk}")
    assert buttons(row_of(host.day(), row))[:3] == ["is_er", "pin", "contant"]


def test_the_page_has_a_key_for_who_walks_in_and_each_page_its_own(screen: Screen) -> None:
    keys = [screen.day().tree.all("input", name="sleutel")[0].attrs["value"] for _ in range(2)]
    assert len(set(keys)) == 2


def test_two_taps_make_one_walk_in(screen: Screen) -> None:
    for _ in range(2):
        screen.post("walk-in", dagdeel="ochtend", sleutel="sleutel-1", naam="Jan")
    assert [row.reservation.name for row in Booking.objects.all()] == ["Jan"]


@pytest.mark.parametrize("htmx", [True, False])
def test_a_full_house_says_so(screen: Screen, htmx: bool) -> None:
    for number in range(2):
        screen.post("walk-in", dagdeel="ochtend", sleutel=f"sleutel-{number}")
    page = screen.post("walk-in", dagdeel="ochtend", sleutel="sleutel-9", naam="Jan", htmx=htmx)
    assert (page.status, "Alle bureaus zijn bezet." in page.notice) == (409, True)


def test_htmx_gets_her_row_a_fresh_form_and_the_windows(screen: Screen) -> None:
    page = screen.post("walk-in", dagdeel="ochtend", sleutel="sleutel-1", htmx=True)
    assert page.tree.one("form", id="binnen-ochtend").one("input", name="sleutel").attrs["value"] != "sleutel-1"
    assert len(page.tree.all("ul", hx_swap_oob="beforeend:#lijst-ochtend")) == 1
    assert "Nog 1 bureau vrij, 1 van 2 bezet" in page.text


@pytest.mark.parametrize(
    "fields",
    [
        {"dagdeel": "nacht", "sleutel": "sleutel-1"},
        {"dagdeel": "ochtend"},
        {"dagdeel": "ochtend", "sleutel": "x"},
        {"dagdeel": "ochtend", "sleutel": "sleutel-1", "naam": "x" * 81},
        {"dagdeel": "ochtend", "sleutel": "sleutel-1", "naam": "Jan\x00"},
        {"dagdeel": "ochtend", "sleutel": "sleutel-1", "betaald": "goud"},
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_strange_form_is_422_and_writes_nothing(screen: Screen, fields: dict[str, Any], htmx: bool) -> None:
    page = screen.post("walk-in", htmx=htmx, **fields)
    assert (page.status, written()) == (422, [0, 0, 0, 0])
    assert page.notice


def test_a_walk_in_after_logging_out_is_asked_about_and_done_once(screen: Screen) -> None:
    page = screen.post("walk-in", dagdeel="ochtend", sleutel="sleutel-1", csrfmiddlewaretoken="x" * 64)
    assert page.response["Location"] == "/beheer/het-huis/?doe=binnen%3Aochtend%3Asleutel-1"
    assert "nog niet opgeslagen: ochtend, Loopt binnen." in screen.day(doe="binnen:ochtend:sleutel-1").notice
    screen.post("walk-in", dagdeel="ochtend", sleutel="sleutel-1")
    assert "Dit staat er al: ochtend, Loopt binnen." in screen.day(doe="binnen:ochtend:sleutel-1").notice


# --- what changed meanwhile -------------------------------------------------------------------------------


def versions(screen: Screen) -> list[str]:
    return [node.attrs["value"] for node in screen.day().tree.one(id="dag").all("input", name="v")]


def refresh(screen: Screen, seen: list[str]) -> Any:
    return screen.client.get("/beheer/het-huis/", {"ververs": "1", "v": seen}, headers={"HX-Request": "true"})


def test_a_screen_on_which_nothing_changed_stays_as_it_is(screen: Screen, booking: Booking) -> None:
    assert refresh(screen, versions(screen)).status_code == 204


def test_a_screen_gets_only_the_rows_that_changed_came_or_went(
    screen: Screen, booking: Booking, house: Dorpshuis
) -> None:
    Booking.objects.update(created_at=at(MONDAY, 8))
    seen = versions(screen)
    mark_used(booking, house_actor(house))
    html = refresh(screen, seen).content.decode()
    assert f'id="b{booking.pk}" hx-swap-oob="true"' in html
    Booking.objects.filter(pk=booking.pk).update(state=State.CANCELLED)
    assert f'<div id="b{booking.pk}" hx-swap-oob="delete">' in refresh(screen, versions(screen) + seen).content.decode()
    Booking.objects.filter(pk=booking.pk).update(state=State.BOOKED)
    assert 'hx-swap-oob="beforeend:#lijst-middag"' in refresh(screen, ["binnen-middag"]).content.decode()


def poll(screen: Screen) -> str:
    """Where the page that stands open asks each minute."""
    return next(n.attrs["hx-get"] for n in screen.day().tree.one("main").all("div") if "hx-get" in n.attrs)


def test_a_screen_that_stood_open_past_midnight_goes_to_the_new_day(
    screen: Screen, booking: Booking, time_machine: TimeMachineFixture
) -> None:
    asked, seen = poll(screen), versions(screen)
    assert screen.client.get(f"{asked}&{urlencode({'v': seen}, doseq=True)}").status_code == 204
    time_machine.move_to(at(TUESDAY, 8, 45), tick=False)
    answer = screen.client.get(asked, headers={"HX-Request": "true"})
    assert (answer.headers["HX-Redirect"], answer.content) == ("/beheer/het-huis/", b"")
    assert "dinsdag 24 november" in screen.day().text.lower()
