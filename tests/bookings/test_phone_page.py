"""Booking for somebody on the phone: one page, one button, and nothing typed is lost."""

from typing import Any

import pytest

from bookings.actions.cancel import cancel
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, CallEntry, Guest, Reservation
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from tests.bookings.desk import BOOK, book, fields, order, send
from tests.factories import (
    house_actor,
    make_booking,
    make_closed,
    make_house,
    make_member,
    make_openings,
    make_tariff,
)
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, on_monday, parse, written
from tests.guest import Guest as Browser
from villages.models import Dorpshuis, Opening, Tariff

pytestmark = [pytest.mark.django_db, on_monday]

NOW = Moment(MONDAY, Dagdeel.OCHTEND)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def desk(house: Dorpshuis) -> Browser:
    browser = Browser()
    browser.client.force_login(make_member(house))
    return browser


def cells(page: Any) -> dict[str, str]:
    return {key: node.text for key, node in page.cells.items()}


# --- booked -----------------------------------------------------------------------------------------------


def test_a_caller_is_booked_with_a_name_and_a_number(desk: Browser, house: Dorpshuis) -> None:
    answer = book(desk, WEDNESDAY, WEDNESDAY_NOON)
    reservation = Reservation.objects.get()
    assert (answer.status, answer.response["Location"]) == (302, f"{BOOK}{reservation.pk}/")
    kept = (
        reservation.name,
        reservation.phone.as_e164,
        reservation.email,
        reservation.source,
        len(reservation.spoken_code),
    )
    assert kept == ("Mevrouw De Vries", "+31521121314", "", "telefoon", 4)
    assert [row.moment for row in Booking.objects.in_order()] == [WEDNESDAY, WEDNESDAY_NOON]
    assert reservation.booked_by is not None


def test_who_has_an_address_gets_a_mail_and_who_has_none_heard_it(desk: Browser, house: Dorpshuis) -> None:
    book(desk, WEDNESDAY)
    assert (OutboxMail.objects.count(), CallEntry.objects.count()) == (0, 0)
    book(desk, THURSDAY, email="anna@voorbeeld.example")
    assert list(OutboxMail.objects.values_list("kind", "recipient")) == [("confirmation", "anna@voorbeeld.example")]


def test_the_button_names_the_sum_once_something_is_chosen(desk: Browser, house: Dorpshuis) -> None:
    page = desk.get(BOOK)
    assert "Boek voor €" not in page.text
    page = send(desk, order(desk, WEDNESDAY, WEDNESDAY_NOON, stap="kijk"))
    assert (page.status, "Boek voor € 15,00" in page.text, fields(page)["bedrag"]) == (200, True, ["1500"])
    assert written() == [0, 0, 0, 0]


def test_what_was_typed_stays_while_she_looks_at_the_sum_or_other_weeks(desk: Browser, house: Dorpshuis) -> None:
    for extra in ({"stap": "kijk"}, {"toon": "2026-12-07"}):
        page = send(desk, order(desk, WEDNESDAY, email="a@voorbeeld.example", **extra))
        sent = fields(page)
        assert [sent[name] for name in ("naam", "telefoon", "email", "dagdeel")] == [
            ["Mevrouw De Vries"],
            ["0521 121 314"],
            ["a@voorbeeld.example"],
            [str(WEDNESDAY)],
        ]


def test_the_house_chooses_from_all_its_prices(desk: Browser, house: Dorpshuis) -> None:
    make_tariff(house, "gratis", 0, chooser=Tariff.Chooser.HOUSE)
    page = send(desk, order(desk, WEDNESDAY, tarief="gratis", stap="kijk"))
    assert "Boek gratis" in page.text
    book(desk, WEDNESDAY, tarief="gratis", bedrag="0")
    assert Booking.objects.values_list("price_cents", "tariff").get() == (0, "gratis")


def test_the_same_form_twice_is_one_booking(desk: Browser, house: Dorpshuis) -> None:
    sent = order(desk, WEDNESDAY)
    places = {send(desk, sent).response["Location"] for _ in range(3)}
    assert (len(places), Reservation.objects.count()) == (1, 1)


def test_two_people_with_one_number_are_two_guests(desk: Browser, house: Dorpshuis) -> None:
    for name in ("Anna de Vries", "anna  DE vries", "Bert de Vries"):
        book(desk, WEDNESDAY, naam=name)
    assert list(Guest.objects.order_by("pk").values_list("name", flat=True)) == ["Anna de Vries", "Bert de Vries"]


# --- what can be chosen -----------------------------------------------------------------------------------


def test_two_weeks_are_shown_without_the_days_and_dagdelen_that_never_are_open(desk: Browser, house: Dorpshuis) -> None:
    shown = desk.get(BOOK).cells
    assert (len(shown), min(shown), max(shown)) == (20, "2026-11-23:middag", "2026-12-04:ochtend")


def test_a_running_dagdeel_can_be_booked_and_says_so(desk: Browser, house: Dorpshuis) -> None:
    assert "Al begonnen, tot 12.30 uur" in cells(desk.get(BOOK))[str(NOW)]
    assert book(desk, NOW).status == 302


def test_a_dagdeel_by_phone_can_be_booked_by_the_house(desk: Browser, house: Dorpshuis) -> None:
    Opening.objects.update(by_appointment=True)
    assert "Op afspraak" in cells(desk.get(BOOK))[str(WEDNESDAY)]
    assert book(desk, WEDNESDAY).status == 302


def test_what_is_full_or_closed_says_so_and_has_no_box(desk: Browser, house: Dorpshuis) -> None:
    for _ in range(4):
        make_booking(house, WEDNESDAY)
    make_closed(house, THURSDAY.date)
    page = desk.get(BOOK)
    shown = [(page.cells[str(m)].text, page.cells[str(m)].all("input")) for m in (WEDNESDAY, THURSDAY)]
    assert shown == [
        ("Ochtend Vol Wachtlijst : woensdag 25 november, ochtend", []),
        ("Ochtend Gesloten dorpsfeest", []),
    ]


def test_later_weeks_are_a_tap_away_until_the_end_of_the_window(desk: Browser, house: Dorpshuis) -> None:
    page = send(desk, order(desk, toon="2027-01-15"))
    assert "2027-01-21:ochtend" in page.cells
    assert [node.attrs["name"] for node in page.tree.all("button", name="toon")] == ["toon"]  # only "Eerder"


def test_a_house_without_desks_or_prices_breaks_nothing(desk: Browser, house: Dorpshuis) -> None:
    Tariff.objects.all().delete()
    assert book(desk, WEDNESDAY, tarief="").status == 422
    Opening.objects.all().delete()
    page = desk.get(BOOK)
    assert (page.status, "niet open" in page.text) == (200, True)


# --- refused ----------------------------------------------------------------------------------------------


def test_a_dagdeel_that_was_just_taken_is_told_and_the_rest_is_kept(desk: Browser, house: Dorpshuis) -> None:
    sent = order(desk, WEDNESDAY, THURSDAY)
    for _ in range(4):
        make_booking(house, WEDNESDAY)
    before = written()
    page = send(desk, sent)
    assert (page.status, written()) == (409, before)
    assert "Woensdag 25 november, ochtend: Iemand anders was net eerder." in page.notice
    kept = fields(page)
    assert (kept["naam"], kept["telefoon"], kept["dagdeel"]) == (
        ["Mevrouw De Vries"],
        ["0521 121 314"],
        [str(THURSDAY)],
    )
    assert "Boek voor € 7,50" in page.text


@pytest.mark.parametrize(
    "moment", ["2026-11-20:ochtend", "2026-11-28:ochtend", "2030-01-07:ochtend", "2026-11-25:avond"]
)
def test_past_closed_or_far_days_can_not_be_booked(desk: Browser, house: Dorpshuis, moment: str) -> None:
    page = book(desk, dagdeel=[moment])
    assert (page.status, written()) == (409, [0, 0, 0, 0])
    assert page.notice.count(".") >= 2


def test_another_sum_than_the_button_named_is_told(desk: Browser, house: Dorpshuis) -> None:
    page = book(desk, WEDNESDAY, bedrag="500")
    assert (page.status, "Het kost nu € 7,50." in page.notice, Reservation.objects.count()) == (409, True, 0)


def test_who_has_all_that_a_guest_may_have_can_call_for_more(desk: Browser, house: Dorpshuis) -> None:
    Dorpshuis.objects.update(order_limit=1, guest_limit=2)
    for moment in (WEDNESDAY, THURSDAY):
        make_booking(house, moment, name="Mevrouw De Vries", email="", phone="+31521121314")
    assert book(desk, WEDNESDAY_NOON).status == 302
    assert Booking.objects.filter(reservation__phone="+31521121314").count() == 3


def test_too_many_at_once_says_how_many_and_does_not_tell_her_to_call_herself(desk: Browser, house: Dorpshuis) -> None:
    Dorpshuis.objects.update(order_limit=1, guest_limit=2)
    page = book(desk, WEDNESDAY, THURSDAY)
    assert (page.status, Booking.objects.count()) == (422, 0)
    assert "Je boekt hoogstens 1 dagdeel tegelijk. Kies er minder, en boek de rest daarna." in page.notice
    assert "bel het dorpshuis" not in page.notice


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"naam": ""}, "Vul de naam in."),
        ({"naam": "<b>"}, "De tekens < en >"),
        ({"naam": "x" * 200}, "hoogstens 120 tekens"),
        ({"naam": "Ma\x00rieke"}, "vreemd teken"),
        ({"telefoon": ""}, "Vraag een telefoonnummer of een e-mailadres."),
        ({"telefoon": "12"}, "Dit telefoonnummer klopt niet."),
        ({"email": "geen adres"}, "Er moet een @ in staan."),
        ({"dagdeel": []}, "Kies een dagdeel."),
        ({"dagdeel": ["morgen"]}, "kennen we niet"),
        ({"bedrag": "veel"}, "Deze pagina was te oud."),
        ({"bedrag": "-1"}, "Deze pagina was te oud."),
        ({"tarief": "koning"}, "Deze prijs geldt niet op deze dagen."),
        ({"sleutel": ""}, "Deze pagina was te oud."),
        ({"sleutel": "a.b"}, "Deze pagina was te oud."),
    ],
)
def test_a_mistake_is_told_and_nothing_is_booked(
    desk: Browser, house: Dorpshuis, typed: dict[str, Any], sentence: str
) -> None:
    page = send(desk, {**order(desk, WEDNESDAY), **typed})
    assert (page.status, sentence in page.text, written()) == (422, True, [0, 0, 0, 0])


def test_the_form_of_another_browser_books_nothing(desk: Browser, house: Dorpshuis) -> None:
    other = Browser()
    other.client.force_login(make_member(house))
    sent = order(desk, WEDNESDAY) | {"csrfmiddlewaretoken": fields(other.get(BOOK))["csrfmiddlewaretoken"]}
    assert (send(other, sent).status, written()) == (422, [0, 0, 0, 0])


def test_strange_addresses_only_show_the_page(desk: Browser, house: Dorpshuis) -> None:
    for query in (
        "dagdeel=x",
        "tarief=" + "x" * 999,
        "vanaf=gisteren",
        "vanaf=2100-12-31",
        "toon=0001-01-01",
        "zoek=%00",
    ):
        assert desk.get(f"{BOOK}?{query}").status == 200


# --- who calls --------------------------------------------------------------------------------------------


def test_a_known_guest_is_found_and_fills_the_form(desk: Browser, house: Dorpshuis) -> None:
    guest = make_booking(house, WEDNESDAY, name="Anna de Vries", phone="+31612345678").guest
    page = desk.get(f"{BOOK}?zoek=VRIES")
    (link,) = [a for a in page.tree.all("a", role="button") if "gast=" in a.attrs["href"]]
    assert link.attrs["href"] == f"{BOOK}?gast={guest.pk}"
    sent = fields(desk.get(link.attrs["href"]))
    assert [sent[name][0] for name in ("naam", "telefoon", "email")] == [guest.name, "06 12345678", guest.email]


def test_what_she_has_coming_leads_to_giving_it_back(desk: Browser, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, name="Anna de Vries", by=house_actor(house))
    for query in ("zoek=vries", f"gast={reservation.guest_id}"):
        (link,) = desk.get(f"{BOOK}?{query}").tree.all("a", href=f"{BOOK}{reservation.pk}/")
        assert link.text == f"wo 25 nov ochtend, code {reservation.spoken_code}"


def test_nobody_found_is_told(desk: Browser, house: Dorpshuis) -> None:
    assert "Niemand gevonden." in desk.get(f"{BOOK}?zoek=Niemand").text


def test_guests_of_another_house_are_never_suggested_nor_filled_in(desk: Browser, house: Dorpshuis) -> None:
    other = make_booking(make_house(), WEDNESDAY, name="Geheime Gast", phone="+31612345678").guest
    for query in ("zoek=geheime", "zoek=0612345678"):
        assert "Geheime Gast" not in desk.get(f"{BOOK}?{query}").html
    assert desk.get(f"{BOOK}?gast={other.pk}").status == 404


@pytest.mark.parametrize("number", ["x", "", "-1", "9" * 40, "1;2"])
def test_an_unreadable_guest_is_404(desk: Browser, house: Dorpshuis, number: str) -> None:
    assert desk.get(f"{BOOK}?gast={number}").status == 404


def test_a_name_is_shown_escaped(desk: Browser, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, name="<i>Anna</i> & Co")
    page = desk.get(f"{BOOK}?zoek=anna")
    assert ("<i>Anna" in page.html, "<i>Anna</i> & Co" in page.text) == (False, True)


# --- parts for HTMX ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["naam", "telefoon", "zoek"])
def test_while_typing_only_the_suggestions_come(desk: Browser, house: Dorpshuis, field: str) -> None:
    make_booking(house, WEDNESDAY, name="Anna 612345678", phone="+31612345678")
    part = desk.get(f"{BOOK}?{field}=612345678", **HTMX, **{"HX-Target": "bekend"})
    assert [node.attrs.get("id") for node in parse(part.html).children if not isinstance(node, str)] == ["bekend"]
    assert "06 12345678" in part.html


def test_a_tapped_guest_brings_only_her_fields(desk: Browser, house: Dorpshuis) -> None:
    guest = make_booking(house, WEDNESDAY, name="Anna").guest
    part = desk.get(f"{BOOK}?gast={guest.pk}", **HTMX, **{"HX-Target": "wie"})
    assert ("<html" in part.html, 'id="naam"' in part.html, 'value="Anna"' in part.html) == (False, True, True)


def test_a_choice_brings_only_the_sum(desk: Browser, house: Dorpshuis) -> None:
    part = send(desk, order(desk, WEDNESDAY, stap="kijk"), **HTMX, **{"HX-Target": "som"})
    assert ("<html" in part.html, "sleutel" in part.html, "Boek voor" in part.html) == (False, False, True)


# --- what it costs ----------------------------------------------------------------------------------------


def test_the_page_takes_the_same_queries_however_much_is_booked(
    desk: Browser, house: Dorpshuis, query_count: Any
) -> None:
    make_openings(house, (Dagdeel.AVOND,))
    desk.get(BOOK)
    for moment in (WEDNESDAY, THURSDAY, WEDNESDAY_NOON):
        cancel(make_booking(house, moment), GUEST)
        make_booking(house, moment)
    with query_count(12):
        desk.get(BOOK)
