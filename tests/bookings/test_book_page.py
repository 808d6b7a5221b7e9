"""The POST that books: what it answers to bad input and bad luck, and that nothing is lost."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Reservation
from tests import factories
from tests.factories import at, make_booking, make_house
from tests.guest import (
    MARIEKE,
    MONDAY,
    THURSDAY,
    WEDNESDAY,
    Guest,
    Page,
    on_monday,
    written,
)
from villages.models import Closure, Dorpshuis, Tariff

pytestmark = [pytest.mark.django_db, on_monday]

OTHER_BROWSER = "Deze pagina was te oud, of kwam uit een andere browser."
TOO_MANY = "Zoveel dagdelen kun je hier niet boeken. Kies er minder, of bel het dorpshuis: 0521 591 000."


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def guest() -> Guest:
    return Guest()


def close(house: Dorpshuis, day: date, reason: str = "dorpsfeest") -> None:
    Closure.objects.create(dorpshuis=house, first_day=day, last_day=day, reason=reason)


def lost_nothing(page: Page, **typed: str) -> None:
    """What was typed is still in the form, and the fresh week is there."""
    assert {name: page.fields[name] for name in typed} == {name: [value] for name, value in typed.items()}
    assert len(page.cells) == 21


# --- success ----------------------------------------------------------------------------------------------


def test_success_goes_to_the_private_page(guest: Guest, house: Dorpshuis) -> None:
    page = guest.book(house, WEDNESDAY, THURSDAY)
    reservation = Reservation.objects.get()
    assert (page.status, page.response["Location"]) == (302, f"/boeking/{reservation.reference}/")
    assert [str(row.moment) for row in Booking.objects.in_order()] == [str(WEDNESDAY), str(THURSDAY)]


def test_all_that_was_typed_is_kept_with_the_order(guest: Guest, house: Dorpshuis) -> None:
    extra: dict[str, Any] = {
        "postcode": "7991",
        "doelgroep": "zzp",
        "geen_berichten": "on",
        "opmerking": "Ik kom later.",
        "bron": "qr",
    }
    guest.book(house, WEDNESDAY, telefoon="06 12345678", **extra)
    kept = Reservation.objects.values_list(
        "name", "email", "phone", "postcode", "target_group", "no_messages", "remark", "source"
    ).get()
    assert kept == (*MARIEKE.values(), "+31612345678", "7991", "zzp", True, "Ik kom later.", "qr")


@pytest.mark.parametrize(
    "name",
    [
        "'t Hoen-d'Anloop",
        "Anna 🙂 de Boer",
        "J",
        "Zoë van ’t Hof",
        "李小龙",
        "محمد",
        "O'Brien & Zoon",
        "Ana María (Ann)",
    ],
)
def test_a_real_name_is_taken_and_shown_as_typed(guest: Guest, house: Dorpshuis, name: str) -> None:
    page = guest.get(guest.book(house, WEDNESDAY, naam=name).response["Location"])
    assert Reservation.objects.get().name == name
    assert f", {name}!" in page.text


def test_direction_marks_are_taken_out_of_a_name(guest: Guest, house: Dorpshuis) -> None:
    guest.book(house, WEDNESDAY, naam="  Ma\u202eriek\u200be\t \u2066Jansen\u2069\r\n")
    assert Reservation.objects.get().name == "Marieke Jansen"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("+49 30 901820", "+4930901820"), ("06-12 34 56 78", "+31612345678"), ("0032 2 555 12 12", "+3225551212")],
)
def test_a_phone_number_is_enough_also_a_foreign_one(guest: Guest, house: Dorpshuis, typed: str, kept: str) -> None:
    page = guest.book(house, WEDNESDAY, email="", telefoon=typed)
    assert (page.status, Reservation.objects.get().phone.as_e164) == (302, kept)


def test_a_chosen_desk_is_the_desk_that_is_booked(guest: Guest, house: Dorpshuis) -> None:
    desk = factories.desks_of(house)[2]
    guest.book(house, WEDNESDAY, look={"bureau": desk.pk})
    assert Booking.objects.get().desk == desk


# --- 409: meanwhile ---------------------------------------------------------------------------------------


def _meanwhile_taken(house: Dorpshuis) -> None:
    for _ in range(4):
        make_booking(house, WEDNESDAY)


def _meanwhile_closed(house: Dorpshuis) -> None:
    close(house, WEDNESDAY.date)


def _meanwhile_dearer(house: Dorpshuis) -> None:
    Tariff.objects.update(cents=800)


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [
        (_meanwhile_taken, "Iemand anders was net eerder. Deze plek is nu vol. Kies een ander dagdeel."),
        (_meanwhile_closed, "Het dorpshuis is dan gesloten (dorpsfeest). Kies een andere dag."),
        (_meanwhile_dearer, "De prijs is veranderd. Het kost nu € 16,00."),
    ],
)
def test_what_changed_since_the_page_was_shown_is_409(
    guest: Guest, house: Dorpshuis, meanwhile: Any, sentence: str
) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY, THURSDAY))
    meanwhile(house)
    before = written()
    page = guest.send(house, fields)
    assert (page.status, written()) == (409, before)
    assert sentence in page.notice.replace("\xa0", " ")
    lost_nothing(page, **MARIEKE)


def test_after_a_409_the_rest_of_the_choice_can_be_booked_at_once(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY, THURSDAY))
    _meanwhile_taken(house)
    refused = guest.send(house, fields)
    assert (refused.fields["dagdeel"], refused.button) == (
        [str(THURSDAY)],
        "Boek en betaal € 7,50 in het dorpshuis",
    )
    assert guest.send(house, refused.fields).status == 302


def test_the_week_of_a_409_shows_the_new_counts(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    _meanwhile_taken(house)
    cell = guest.send(house, fields).cells[str(WEDNESDAY)]
    assert (cell.attrs["data-vrij"], cell.attrs["data-reden"]) == ("0", "vol")


def test_a_new_price_stands_on_the_button_and_is_accepted(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    _meanwhile_dearer(house)
    refused = guest.send(house, fields)
    assert (refused.button, refused.fields["bedrag"]) == ("Boek en betaal € 8,00 in het dorpshuis", ["800"])
    assert guest.send(house, refused.fields).status == 302


def test_a_desk_taken_meanwhile_is_409_and_any_desk_is_offered(guest: Guest, house: Dorpshuis) -> None:
    desk = factories.desks_of(house)[0]
    fields = guest.fill(guest.look(house, WEDNESDAY, bureau=desk.pk))
    make_booking(house, WEDNESDAY, desk_id=desk.pk)
    page = guest.send(house, fields)
    assert (page.status, "bureau" in page.fields) == (409, False)
    assert "Bureau 1 is dan al bezet." in page.notice


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (Moment(date(2026, 11, 20), Dagdeel.OCHTEND), "Dit dagdeel is al voorbij."),
        (Moment(MONDAY, Dagdeel.OCHTEND), "Je bent te laat om dit nog te boeken. Bel het dorpshuis: 0521 591 000."),
        (Moment(date(2026, 11, 28), Dagdeel.OCHTEND), "Het dorpshuis is dan gesloten (zaterdag)."),
        (Moment(date(2027, 1, 25), Dagdeel.OCHTEND), "Dat kan vanaf donderdag 26 november."),
    ],
)
def test_a_dagdeel_outside_the_time_to_book_is_409(
    guest: Guest, house: Dorpshuis, moment: Moment, sentence: str
) -> None:
    before = written()
    page = guest.book(house, WEDNESDAY, dagdeel=[str(moment)], bedrag="750")
    assert (page.status, page.has_form, written()) == (409, False, before)
    assert sentence in page.notice
    assert len(page.cells) == 21


def test_too_late_today_is_409_and_keeps_what_was_typed(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, Moment(MONDAY, Dagdeel.MIDDAG), WEDNESDAY))
    with time_machine.travel(at(MONDAY, 13), tick=False):
        page = guest.send(house, fields)
    assert (page.status, page.fields["dagdeel"]) == (409, [str(WEDNESDAY)])
    lost_nothing(page, **MARIEKE)


# --- 422: typed wrong -------------------------------------------------------------------------------------

LONG = "x" * 10_000
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"naam": ""}, "Vul je naam in."),
    ({"naam": "🙂"}, "Vul je naam in."),
    ({"naam": "\u202e\u200b"}, "Vul je naam in."),
    ({"naam": LONG}, "Maak je naam korter: hoogstens 120 tekens."),
    ({"naam": "<script>alert(1)</script>"}, "De tekens < en > kunnen niet in een naam."),
    ({"naam": "Ma\x00rieke"}, "Er staat een vreemd teken in je naam."),
    ({"email": "", "telefoon": ""}, "Vul je e-mailadres of je telefoonnummer in."),
    ({"email": "marieke.example.nl"}, "Dit e-mailadres klopt niet helemaal. Er moet een @ in staan."),
    ({"email": "<script>@voorbeeld.example"}, "Dit e-mailadres klopt niet helemaal."),
    ({"email": f"{LONG}@voorbeeld.example"}, "Dit e-mailadres is te lang."),
    ({"email": "marieke\x00@voorbeeld.example"}, "Er staat een vreemd teken in je e-mailadres."),
    ({"telefoon": "bel mij maar"}, "Dit telefoonnummer klopt niet."),
    ({"telefoon": "+999 123"}, "Dit telefoonnummer klopt niet."),
    ({"telefoon": "12"}, "Dit telefoonnummer klopt niet."),
    ({"telefoon": "0" * 10_000}, "Dit telefoonnummer klopt niet."),
    ({"telefoon": "06\x0012345678"}, "Er staat een vreemd teken in je telefoonnummer."),
    ({"bedrag": "duur"}, "Het bedrag op de knop klopte niet."),
    ({"bedrag": "-1"}, "Het bedrag op de knop klopte niet."),
    ({"bedrag": "9" * 5_000}, "Het bedrag op de knop klopte niet."),
    ({"bedrag": "7\x0050"}, "Het bedrag op de knop klopte niet."),
    ({"postcode": "abcd"}, "Vul de vier cijfers van je postcode in."),
    ({"postcode": "7991\x00"}, "Vul de vier cijfers van je postcode in."),
    ({"opmerking": LONG}, "Maak je opmerking korter: hoogstens 500 tekens."),
    ({"opmerking": "Ho\x00i"}, "Er staat een vreemd teken in je opmerking."),
    ({"doelgroep": "marsman"}, "Deze doelgroep kennen we niet."),
    ({"doelgroep": "zzp\x00"}, "Deze doelgroep kennen we niet."),
    ({"tarief": "zomaar"}, "Deze prijs kun je hier niet kiezen."),
    ({"tarief": "standaard\x00"}, "Deze prijs kun je hier niet kiezen."),
    ({"tarief": "commercieel"}, "Deze prijs kun je hier niet kiezen."),
    ({"bureau": "abc"}, "Dit bureau is er niet in dit dorpshuis."),
    ({"bureau": "\x00"}, "Dit bureau is er niet in dit dorpshuis."),
    ({"bureau": "999999999"}, "Dit bureau is er niet in dit dorpshuis."),
    ({"sleutel": ""}, OTHER_BROWSER),
    ({"sleutel": "."}, OTHER_BROWSER),
    ({"sleutel": LONG}, OTHER_BROWSER),
    ({"sleutel": "abc.\x00"}, OTHER_BROWSER),
    ({"sleutel": "é.é"}, OTHER_BROWSER),
    ({"dagdeel": None}, "Kies eerst een dagdeel in de week."),
    ({"dagdeel": ["2026-11-25:nacht"]}, "Een dagdeel in je keuze kennen we niet."),
    ({"dagdeel": ["2026-11-25:ochtend\x00", "2026-11-25:ochtend"]}, "Een dagdeel in je keuze kennen we niet."),
    ({"dagdeel": ["9" * 10_000]}, "Een dagdeel in je keuze kennen we niet."),
]


@pytest.mark.parametrize(("typed", "sentence"), WRONG, ids=[f"{n}-{next(iter(t))}" for n, (t, _) in enumerate(WRONG)])
def test_wrong_input_is_422_with_a_sentence_and_writes_nothing(
    guest: Guest, house: Dorpshuis, typed: dict[str, Any], sentence: str
) -> None:
    Tariff.objects.create(dorpshuis=house, kind="commercieel", cents=1500, chooser="house")
    before = written()
    page = guest.book(house, WEDNESDAY, **typed)
    assert (page.status, written(), len(page.cells)) == (422, before, 21)
    assert sentence in page.text
    assert page.notice.startswith("Je boeking is nog niet gelukt")


@pytest.mark.parametrize(
    "typed",
    [
        {"naam": "<script>alert(1)</script>"},
        {"naam": '"><img src=x onerror=alert(1)>'},
        {"email": "<b>x</b>"},
        {"telefoon": "'><b>"},
    ],
)
def test_what_was_typed_comes_back_escaped(guest: Guest, house: Dorpshuis, typed: dict[str, Any]) -> None:
    page = guest.book(house, WEDNESDAY, **typed)
    lost_nothing(page, **{**MARIEKE, **typed})
    assert [text for text in typed.values() if text in page.html] == []


def test_wrong_input_keeps_what_was_right(guest: Guest, house: Dorpshuis) -> None:
    page = guest.book(house, WEDNESDAY, THURSDAY, naam="", telefoon="0521 591 234")
    lost_nothing(page, naam="", email=MARIEKE["email"], telefoon="0521 591 234", bedrag="1500")
    assert page.fields["dagdeel"] == [str(WEDNESDAY), str(THURSDAY)]


def test_a_field_that_is_wrong_is_marked_and_tied_to_its_sentence(guest: Guest, house: Dorpshuis) -> None:
    page = guest.book(house, WEDNESDAY, email="marieke.example.nl")
    (box,) = page.tree.all("input", aria_invalid="true")
    told = " ".join(page.tree.one(id=name).text for name in box.attrs["aria-describedby"].split())
    assert (box.attrs["name"], "Er moet een @ in staan." in told) == ("email", True)


def test_a_desk_of_another_house_is_422(guest: Guest, house: Dorpshuis) -> None:
    other = factories.desks_of(make_house(desks=1))[0]
    page = guest.book(house, WEDNESDAY, bureau=str(other.pk))
    assert (page.status, Booking.objects.count()) == (422, 0)
    assert "Dit bureau is er niet in dit dorpshuis." in page.notice


def days(number: int) -> list[Moment]:
    """So many mornings on workdays, from tomorrow."""
    found = (Moment(MONDAY + timedelta(days=n), Dagdeel.OCHTEND) for n in range(1, 60))
    return [moment for moment in found if moment.date.weekday() < 5][:number]


def test_ten_dagdelen_are_one_order(guest: Guest, house: Dorpshuis) -> None:
    assert (guest.book(house, *days(10)).status, Booking.objects.count()) == (302, 10)


def test_eleven_dagdelen_are_too_many(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, *days(10)), dagdeel=[str(moment) for moment in days(11)], bedrag=None)
    page = guest.send(house, fields)
    assert (page.status, Booking.objects.count()) == (422, 0)
    assert page.notice.count(TOO_MANY) == 1


def test_a_guest_beyond_her_limit_reads_the_same_sentence(guest: Guest, house: Dorpshuis) -> None:
    for n in (0, 10):
        make_booking(house, *days(20)[n : n + 10], email=MARIEKE["email"])
    page = guest.book(house, days(21)[-1])
    assert (page.status, Booking.objects.count()) == (422, 20)
    assert page.notice.count(TOO_MANY) == 1


def test_a_thousand_dagdelen_in_one_post_are_400(guest: Guest, house: Dorpshuis) -> None:
    page = guest.book(house, WEDNESDAY, dagdeel=[str(WEDNESDAY)] * 1_000)
    assert (page.status, page.tree.one("h1").text, Booking.objects.count()) == (400, "Dit begrijpen we niet", 0)


def post_raw(guest: Guest, house: Dorpshuis, body: str | bytes) -> Page:
    """Post these bytes as they are."""
    form = "application/x-www-form-urlencoded"
    return Page(guest.client.post(f"/dorpshuizen/{house.slug}/boek/", body, content_type=form))  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [b"naam=%ff&dagdeel=%ed%a0%80", b"\xff\xfe=1", b"%00=%00", b"="])
def test_bytes_that_are_no_text_are_refused(guest: Guest, house: Dorpshuis, body: bytes) -> None:
    page = post_raw(guest, house, body)
    assert (page.status, len(page.cells), written()) == (403, 21, [0, 0, 0, 0])


@pytest.mark.parametrize(("name", "status"), [("naam", 302), ("email", 422), ("telefoon", 422)])
def test_a_half_surrogate_in_a_field_is_no_failure(guest: Guest, house: Dorpshuis, name: str, status: int) -> None:
    body = urlencode(guest.fill(guest.look(house, WEDNESDAY)), doseq=True) + f"&{name}=Ma%ed%a0%80%ff"
    assert post_raw(guest, house, body).status == status


def test_a_house_that_takes_no_bookings_says_so(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    Dorpshuis.objects.update(status=Dorpshuis.Status.ASPIRANT)
    page = guest.send(house, fields)
    assert (page.status, Booking.objects.count()) == (409, 0)
    assert page.notice.startswith("Je boeking is nog niet gelukt")


@pytest.mark.parametrize("letter", ["İ", "ſ", "\u212a"])
def test_an_address_with_a_letter_that_no_mail_server_takes_is_refused(
    guest: Guest, house: Dorpshuis, letter: str
) -> None:
    page = guest.book(house, WEDNESDAY, email=f"{letter}an@voorbeeld.example")
    assert (page.status, Booking.objects.count()) == (422, 0)
    assert "Er staat een vreemd teken in je e-mailadres." in page.text


def test_an_address_that_grows_too_long_in_small_letters_is_refused(guest: Guest, house: Dorpshuis) -> None:
    page = guest.book(house, WEDNESDAY, email="a@" + ".".join(["İ" * 60] * 4) + ".nl")
    assert (page.status, Booking.objects.count()) == (422, 0)
