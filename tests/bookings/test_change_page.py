"""The page on which a guest changes her booking: choose, see both prices, confirm."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from bookings.actions.cancel import cancel
from bookings.domain.dagdelen import Dagdeel, Moment, Week
from bookings.models import Booking, Reservation
from portal.base.log import GUEST
from tests.factories import at, desks_of, make_booking, make_closed, make_house, make_tariff
from tests.guest import MONDAY_NINE, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, Page, on_monday, written
from villages.models import Dorpshuis, Opening

pytestmark = [pytest.mark.django_db, on_monday]

LATE = at(WEDNESDAY.date - timedelta(days=1), 17)
NEXT_WEEK = Moment(WEDNESDAY.date + timedelta(days=7), Dagdeel.OCHTEND)
NONSENSE = ["x", "2026-11-25", "2026-13-99:ochtend", "2026-11-25:ochtend\x00", "9" * 5_000]


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis", desks=2)


@pytest.fixture
def guest() -> Guest:
    return Guest()


@pytest.fixture
def reservation(house: Dorpshuis) -> Reservation:
    """Wednesday morning for € 7,50."""
    return make_booking(house, WEDNESDAY)


def look(guest: Guest, reservation: Reservation, **asked: Any) -> Page:
    """The page with this in its address."""
    url = reverse("change-booking", args=[reservation.reference])
    return Page(guest.client.get(url, {name: str(value) for name, value in asked.items()}))  # type: ignore[arg-type]


def fields(page: Page) -> dict[str, str]:
    """What the form would send as it stands; the first desk that is named or none."""
    form = page.tree.one("form", id="wijziging")
    sent = {node.attrs["name"]: node.attrs["value"] for node in form.all("input")}
    options = [node for node in form.all("option") if "selected" in node.attrs] or form.all("option")
    return sent | {"bureau": options[0].attrs["value"]}


def send(guest: Guest, reservation: Reservation, sent: dict[str, str]) -> Page:
    return Page(guest.client.post(reverse("change-booking", args=[reservation.reference]), sent))  # type: ignore[arg-type]


def press(guest: Guest, reservation: Reservation, page: Page, **changed: str) -> Page:
    return send(guest, reservation, fields(page) | changed)


def heading(guest: Guest, reservation: Reservation) -> str:
    """What her private page says first."""
    return guest.get(f"/boeking/{reservation.reference}/").tree.one("h1").text


def chosen(guest: Guest, reservation: Reservation, new: Moment = THURSDAY) -> Page:
    return look(guest, reservation, van=WEDNESDAY, naar=new)


def standing(reservation: Reservation) -> list[str]:
    rows = Booking.objects.filter(reservation=reservation, state=Booking.State.BOOKED)
    return [str(row.moment) for row in rows.in_order()]


def has_form(page: Page) -> bool:
    return bool(page.tree.all("form", id="wijziging"))


# --- choosing ---------------------------------------------------------------------------------------------


def test_it_begins_with_what_she_has_and_the_week_of_it(guest: Guest, reservation: Reservation) -> None:
    page = look(guest, reservation)
    assert (page.status, has_form(page)) == (200, False)
    assert "Nu: woensdag 25 november, ochtend , Bureau 1." in page.text
    assert "Dat kan tot dinsdag 24 november, 17.00 uur." in page.text
    assert "Week 48: 23 tot en met 29 november" in page.text


def test_every_free_dagdeel_is_a_link_and_nothing_else(guest: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY)
    for _ in desks_of(house):
        make_booking(house, WEDNESDAY_NOON)
    cells = look(guest, reservation, van=WEDNESDAY).cells
    tags = {key: cells[str(key)].tag for key in (WEDNESDAY, WEDNESDAY_NOON, THURSDAY)}
    assert tags == {WEDNESDAY: "a", WEDNESDAY_NOON: "div", THURSDAY: "div"}
    assert ("Dit heb je nu" in cells[str(WEDNESDAY)].text, "Ook van jou" in cells[str(THURSDAY)].text) == (True, True)


def test_with_several_dagdelen_she_says_which_one(guest: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, NEXT_WEEK)
    page = look(guest, reservation)
    assert "Welk dagdeel wil je wijzigen?" in page.text
    links = [node for node in page.tree.all("a", role="button")]
    assert [node.attrs["href"] for node in links] == [f"?van={WEDNESDAY}", f"?van={NEXT_WEEK}"]
    assert "Week 49" in look(guest, reservation, van=NEXT_WEEK).text


def test_a_full_week_is_passed_over(guest: Guest, house: Dorpshuis, reservation: Reservation) -> None:
    make_closed(house, date(2026, 11, 26), date(2026, 11, 29))
    with time_machine.travel(at(date(2026, 11, 24), 16), tick=False):
        for moment in (WEDNESDAY, WEDNESDAY_NOON):
            while Booking.objects.occupying().at([moment]).count() < 2:
                make_booking(house, moment)
        assert "Week 49" in look(guest, reservation).text


def test_the_weeks_beside_it_are_links_that_keep_the_dagdeel(guest: Guest, reservation: Reservation) -> None:
    nav = look(guest, reservation, week="2026-W49").tree.one("p", id="weeknav")
    hrefs = [node.attrs["href"] for node in nav.all("a")]
    assert hrefs == [f"?van={WEDNESDAY}&week=2026-W{number}#kies" for number in (48, 50)]


# --- now against then -------------------------------------------------------------------------------------


def test_the_choice_shows_now_and_then_with_both_prices(guest: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    make_tariff(house, "standaard", 900, valid_from=THURSDAY.date)
    page = chosen(guest, reservation)
    text = page.tree.one("form", id="wijziging").text
    assert "Nu woensdag 25 november ochtend, 08.30 tot 12.30 uur Bureau 1 · € 7,50" in text
    assert "Straks donderdag 26 november ochtend , 08.30 tot 12.30 uur € 9,00" in text
    assert "Gratis annuleren of wijzigen kan dan tot woensdag 25 november, 17.00 uur" in text
    assert "Wijzig en betaal € 9,00 in het dorpshuis" in text
    assert fields(page)["bedrag"] == "900"


def test_a_free_dagdeel_is_changed_for_nothing(guest: Guest, house: Dorpshuis, reservation: Reservation) -> None:
    make_tariff(house, "standaard", 0, valid_from=THURSDAY.date)
    page = chosen(guest, reservation)
    assert page.tree.one("form", id="wijziging").one("button").text == "Wijzig gratis"


def test_within_the_fifteen_minutes_it_says_until_when_and_no_longer(guest: Guest, house: Dorpshuis) -> None:
    with time_machine.travel(LATE + timedelta(hours=3), tick=False) as traveller:
        reservation = make_booking(house, WEDNESDAY)
        traveller.shift(timedelta(minutes=10))
        assert "kan dan tot dinsdag 24 november, 20.15 uur" in chosen(guest, reservation, WEDNESDAY_NOON).text


def test_the_same_moment_offers_the_other_desks(guest: Guest, reservation: Reservation) -> None:
    page = chosen(guest, reservation, WEDNESDAY)
    assert [node.text for node in page.tree.one("select").all("option")] == ["Bureau 2"]
    assert press(guest, reservation, page).status == 302
    assert Booking.objects.get(state="booked").desk.name == "Bureau 2"


def test_a_desk_in_the_address_is_the_desk_in_the_form(
    guest: Guest, house: Dorpshuis, reservation: Reservation
) -> None:
    second = desks_of(house)[1].pk
    assert fields(look(guest, reservation, van=WEDNESDAY, naar=THURSDAY, bureau=second))["bureau"] == str(second)


@pytest.mark.parametrize("new", [WEDNESDAY, NEXT_WEEK])
def test_what_can_not_be_chosen_says_why_and_shows_the_week(
    guest: Guest, house: Dorpshuis, reservation: Reservation, new: Moment
) -> None:
    while Booking.objects.occupying().at([new]).count() < 2:
        make_booking(house, new)
    page = chosen(guest, reservation, new)
    words = {WEDNESDAY: "Er is dan geen ander bureau vrij.", NEXT_WEEK: "Deze plek is nu vol."}[new]
    assert (page.status, has_form(page), words in page.dropped) == (200, False, True)


def test_a_dagdeel_that_she_has_already_says_so(guest: Guest, house: Dorpshuis) -> None:
    page = look(guest, make_booking(house, WEDNESDAY, THURSDAY), van=WEDNESDAY, naar=THURSDAY)
    assert (has_form(page), page.dropped) == (False, "Dit dagdeel heb je al in deze boeking. Kies een ander dagdeel.")


# --- confirming -------------------------------------------------------------------------------------------


def test_the_button_changes_it_and_leads_to_the_private_page(guest: Guest, reservation: Reservation) -> None:
    answer = press(guest, reservation, chosen(guest, reservation))
    assert (answer.status, answer.response["Location"]) == (302, f"/boeking/{reservation.reference}/")
    assert standing(reservation) == [str(THURSDAY)]


def test_the_private_page_shows_the_new_dagdeel_and_what_it_was(guest: Guest, reservation: Reservation) -> None:
    press(guest, reservation, chosen(guest, reservation))
    page = guest.get(reverse("booking", args=[reservation.reference]))
    assert "donderdag 26 november" in page.text
    assert "Gewijzigd. Dit was woensdag 25 november, ochtend." in page.text
    assert "geannuleerd" not in page.text.lower()


def test_a_second_tap_is_the_same_change(guest: Guest, reservation: Reservation) -> None:
    page = chosen(guest, reservation)
    answers = [press(guest, reservation, page) for _ in range(2)]
    assert [answer.status for answer in answers] == [302, 302]
    assert Booking.objects.count() == 2


def test_only_a_desk_that_she_picks_is_chosen(guest: Guest, house: Dorpshuis, reservation: Reservation) -> None:
    press(guest, reservation, chosen(guest, reservation), bureau=str(desks_of(house)[1].pk))
    row = Booking.objects.get(state="booked")
    assert (row.desk.name, row.desk_chosen) == ("Bureau 2", True)


def test_another_price_by_now_is_409_with_the_new_sum(guest: Guest, house: Dorpshuis, reservation: Reservation) -> None:
    page = chosen(guest, reservation)
    make_tariff(house, "standaard", 900, valid_from=THURSDAY.date)
    answer = press(guest, reservation, page)
    assert (answer.status, standing(reservation)) == (409, [str(WEDNESDAY)])
    assert "De prijs is veranderd. Je betaalt nu € 9,00." in answer.notice
    assert press(guest, reservation, answer).status == 302


def test_taken_meanwhile_is_409_with_the_reason_and_the_fresh_week(
    guest: Guest, house: Dorpshuis, reservation: Reservation
) -> None:
    page = chosen(guest, reservation, NEXT_WEEK)
    for _ in desks_of(house):
        make_booking(house, NEXT_WEEK)
    before = written()
    answer = press(guest, reservation, page)
    assert (answer.status, written(), standing(reservation)) == (409, before, [str(WEDNESDAY)])
    assert "Woensdag 2 december, ochtend: Iemand anders was net eerder." in answer.notice
    assert "Vol" in answer.cells[str(NEXT_WEEK)].text


def test_closed_meanwhile_is_409(guest: Guest, house: Dorpshuis, reservation: Reservation) -> None:
    page = chosen(guest, reservation)
    make_closed(house, THURSDAY.date)
    answer = press(guest, reservation, page)
    assert (answer.status, "gesloten (dorpsfeest)" in answer.notice) == (409, True)


def test_a_desk_that_was_taken_meanwhile_is_409_and_any_desk_still_can(
    guest: Guest, house: Dorpshuis, reservation: Reservation
) -> None:
    desk = desks_of(house)[1]
    page = chosen(guest, reservation)
    make_booking(house, THURSDAY, desk_id=desk.pk)
    answer = press(guest, reservation, page, bureau=str(desk.pk))
    assert (answer.status, "Bureau 2 is dan al bezet." in answer.notice) == (409, True)
    assert press(guest, reservation, answer).status == 302


def test_too_late_is_409_with_the_number(guest: Guest, reservation: Reservation) -> None:
    page = chosen(guest, reservation)
    with time_machine.travel(LATE, tick=False):
        answer = press(guest, reservation, page)
    assert (answer.status, standing(reservation)) == (409, [str(WEDNESDAY)])
    assert "Wijzigen kan hier niet meer. Bel het dorpshuis: 0521 591 000." in answer.notice


def test_what_was_cancelled_meanwhile_is_409(guest: Guest, reservation: Reservation) -> None:
    page = chosen(guest, reservation)
    cancel(reservation, GUEST)
    answer = press(guest, reservation, page)
    assert (answer.status, "al geannuleerd, gewijzigd of voorbij" in answer.notice) == (409, True)


def test_what_was_changed_meanwhile_to_something_else_is_409(guest: Guest, reservation: Reservation) -> None:
    page = chosen(guest, reservation)
    press(guest, reservation, page)
    assert press(guest, reservation, page, naar=str(NEXT_WEEK)).status == 409
    assert standing(reservation) == [str(THURSDAY)]


def test_no_change_at_all_is_422(guest: Guest, reservation: Reservation) -> None:
    answer = press(guest, reservation, chosen(guest, reservation), naar=str(WEDNESDAY))
    assert (answer.status, "Zo verandert er niets." in answer.notice) == (422, True)


def test_a_dagdeel_that_she_has_already_is_422(guest: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY)
    page = look(guest, reservation, van=WEDNESDAY, naar=NEXT_WEEK)
    answer = press(guest, reservation, page, naar=str(THURSDAY))
    assert (answer.status, "Dit dagdeel heb je al" in answer.notice) == (422, True)


def test_a_dagdeel_without_staff_is_for_the_browser_that_booked_before(house: Dorpshuis) -> None:
    Dorpshuis.objects.filter(pk=house.pk).update(staffed_only_for_new=True)
    Opening.objects.filter(weekday=THURSDAY.date.weekday()).update(staffed=False)
    her = Guest()
    her.book(house, WEDNESDAY)
    reservation = Reservation.objects.get()
    assert [has_form(chosen(browser, reservation)) for browser in (her, Guest())] == [True, False]
    assert press(her, reservation, chosen(her, reservation)).status == 302


# --- what makes no sense ----------------------------------------------------------------------------------

SENTENCES = {
    "van": "We weten niet welk dagdeel je wilt wijzigen.",
    "naar": "Het nieuwe dagdeel kennen we niet.",
    "week": "Deze week kennen we niet.",
    "bureau": "Dit bureau kennen we niet.",
    "bedrag": "Het bedrag op de knop klopte niet.",
}


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("name", ["van", "naar", "week", "bureau"])
def test_an_address_that_makes_no_sense_is_422_with_a_sentence(
    guest: Guest, reservation: Reservation, name: str, value: str
) -> None:
    page = look(guest, reservation, **({"van": WEDNESDAY, "naar": THURSDAY} | {name: value}))
    assert (page.status, SENTENCES[name] in page.dropped) == (422, True)


@pytest.mark.parametrize("value", ["x", "-1", "7,50", "9" * 5_000, "0\x00"])
@pytest.mark.parametrize("name", ["van", "naar", "bureau", "bedrag"])
def test_a_form_that_makes_no_sense_is_422_with_a_sentence(
    guest: Guest, reservation: Reservation, name: str, value: str
) -> None:
    page = press(guest, reservation, chosen(guest, reservation), **{name: value})
    assert (page.status, standing(reservation)) == (422, [str(WEDNESDAY)])
    assert SENTENCES[name] in page.notice


def test_an_empty_form_is_422(guest: Guest, reservation: Reservation) -> None:
    token = fields(chosen(guest, reservation))["csrfmiddlewaretoken"]
    page = send(guest, reservation, {"csrfmiddlewaretoken": token})
    assert page.status == 422
    assert SENTENCES["van"] in page.notice
    assert "Kies eerst een nieuw dagdeel in de week." in page.notice


def test_a_desk_of_another_house_is_422(guest: Guest, reservation: Reservation) -> None:
    other = str(desks_of(make_house())[0].pk)
    page = look(guest, reservation, van=WEDNESDAY, naar=THURSDAY, bureau=other)
    answer = press(guest, reservation, page, bureau=other)
    assert [(p.status, "Dit bureau is er niet in dit dorpshuis." in p.text) for p in (page, answer)] == [
        (422, True)
    ] * 2


@pytest.mark.parametrize("week", ["2000-W01", "2100-W52"])
def test_a_week_far_away_shows_a_week_without_a_choice(guest: Guest, reservation: Reservation, week: str) -> None:
    page = look(guest, reservation, week=week)
    assert (page.status, [cell for cell in page.cells.values() if cell.tag == "a"]) == (200, [])


def test_a_week_of_a_new_dagdeel_is_shown_unasked(guest: Guest, reservation: Reservation) -> None:
    assert f"Week {Week.of(NEXT_WEEK.date).number}" in chosen(guest, reservation, NEXT_WEEK).text


# --- nothing to change ------------------------------------------------------------------------------------


def test_when_it_is_too_late_the_page_says_whom_to_phone(guest: Guest, reservation: Reservation) -> None:
    with time_machine.travel(LATE, tick=False):
        pages = [look(guest, reservation), look(guest, reservation, van=WEDNESDAY, naar=THURSDAY)]
    assert [(page.status, has_form(page)) for page in pages] == [(200, False)] * 2
    assert all("Wijzigen kan hier niet meer" in page.text and "0521 591 000" in page.text for page in pages)


@pytest.mark.parametrize("how", ["cancelled", "over"])
def test_when_nothing_stands_the_page_says_what_then(guest: Guest, reservation: Reservation, how: str) -> None:
    if how == "cancelled":
        cancel(reservation, GUEST)
    with time_machine.travel(at(WEDNESDAY.date, 18) if how == "over" else LATE, tick=False):
        page = look(guest, reservation)
    assert (page.status, "Er is niets meer om te wijzigen" in page.text) == (200, True)
    assert page.tree.one("a", role="button").attrs["href"] == "/dorpshuizen/het-huis/"


def test_a_house_that_went_leads_to_the_list(guest: Guest, house: Dorpshuis, reservation: Reservation) -> None:
    cancel(reservation, GUEST)
    Dorpshuis.objects.filter(pk=house.pk).update(status=Dorpshuis.Status.STOPPED)
    assert look(guest, reservation).tree.one("a", role="button").attrs["href"] == "/dorpshuizen/"


# --- private, and light -----------------------------------------------------------------------------------


def test_the_private_page_has_a_link_for_each_dagdeel_that_can_be_changed(guest: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, NEXT_WEEK)
    with time_machine.travel(LATE, tick=False):
        page = guest.get(reverse("booking", args=[reservation.reference]))
    address = reverse("change-booking", args=[reservation.reference])
    hrefs = [node.attrs["href"] for node in page.tree.all("a") if "/wijzig/" in node.attrs["href"]]
    assert hrefs == [f"{address}?van={NEXT_WEEK}"]


def test_a_get_changes_nothing(guest: Guest, reservation: Reservation) -> None:
    before = written()
    look(guest, reservation, van=WEDNESDAY, naar=THURSDAY, bedrag=750)
    assert (written(), standing(reservation)) == (before, [str(WEDNESDAY)])


def test_without_its_cookie_nothing_changes(guest: Guest, reservation: Reservation) -> None:
    sent = fields(chosen(guest, reservation))
    guest.client.cookies.clear()
    assert (send(guest, reservation, sent).status, standing(reservation)) == (403, [str(WEDNESDAY)])


def test_it_is_a_private_page(guest: Guest, reservation: Reservation) -> None:
    page = chosen(guest, reservation)
    assert ("no-store" in page.response["Cache-Control"], "noindex" in page.response["X-Robots-Tag"]) == (True, True)
    assert [word for word in (reservation.name, reservation.email) if word in page.html] == []


@pytest.mark.parametrize(("desks", "others"), [(1, 0), (6, 5)])
def test_it_takes_the_same_queries_for_few_and_many(guest: Guest, query_count: Any, desks: int, others: int) -> None:
    house = make_house(desks=desks)
    moments = [Moment(WEDNESDAY.date + timedelta(days=7 * n), Dagdeel.OCHTEND) for n in range(1 + others)]
    reservation = make_booking(house, *moments)
    for _ in range(others):
        make_booking(house, THURSDAY)
    with query_count(7):
        assert has_form(chosen(guest, reservation))


def test_her_private_page_says_for_fifteen_minutes_that_it_is_changed(guest: Guest, reservation: Reservation) -> None:
    headings = [heading(guest, reservation)]
    press(guest, reservation, look(guest, reservation, van=WEDNESDAY, naar=THURSDAY))
    headings.append(heading(guest, reservation))
    with time_machine.travel(MONDAY_NINE + timedelta(minutes=15), tick=False):
        headings.append(heading(guest, reservation))
    assert headings == ["Jouw boeking", "Je boeking is gewijzigd", "Jouw boeking"]


def test_it_says_what_she_did_last_when_something_still_stands(guest: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, WEDNESDAY_NOON)
    press(guest, reservation, look(guest, reservation, van=WEDNESDAY, naar=THURSDAY))
    with time_machine.travel(MONDAY_NINE + timedelta(minutes=1), tick=False):
        cancel(reservation, GUEST, moments=[WEDNESDAY_NOON])
        assert heading(guest, reservation) == "Je dagdeel is geannuleerd"


def test_a_changed_dagdeel_costs_her_private_page_no_query_more(
    guest: Guest, reservation: Reservation, query_count: Any
) -> None:
    press(guest, reservation, look(guest, reservation, van=WEDNESDAY, naar=THURSDAY))
    with query_count(7):
        assert heading(guest, reservation) == "Je boeking is gewijzigd"
