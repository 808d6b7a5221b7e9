"""The guest's private page: what she booked, what giving it back costs, and giving it back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from bookings.actions.change import Change, change
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Reservation
from portal.base.log import GUEST
from tests.factories import at, make_booking, make_house, make_rules
from tests.guest import (
    MONDAY,
    MONDAY_NINE,
    THURSDAY,
    WEDNESDAY,
    WEDNESDAY_NOON,
    Guest,
    Node,
    Page,
    on_monday,
    without_tokens,
    written,
)
from villages.models import AccessWay, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

LATE = at(WEDNESDAY.date - timedelta(days=1), 17)
OVER = at(WEDNESDAY.date, 12, 30)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis", street="Dorpsstraat 1")


@pytest.fixture
def guest() -> Guest:
    return Guest()


@pytest.fixture
def reservation(house: Dorpshuis) -> Reservation:
    """Two dagdelen of € 7,50."""
    return make_booking(
        house, WEDNESDAY, THURSDAY, name="Marieke", email="marieke@voorbeeld.example", phone="+31612345678"
    )


def private(guest: Guest, reservation: Reservation) -> Page:
    return guest.get(reverse("booking", args=[reservation.reference]))


def forms(page: Page) -> list[Node]:
    """The forms that give something back."""
    return [form for form in page.tree.all("form") if form.attrs["action"].endswith("/annuleer/")]


def press(guest: Guest, form: Node, **changed: Any) -> Page:
    """Send this form as it stands."""
    fields = {node.attrs["name"]: node.attrs["value"] for node in form.all("input")}
    return Page(guest.client.post(form.attrs["action"], fields | changed))  # type: ignore[arg-type]


def states() -> list[str]:
    return list(Booking.objects.in_order().values_list("state", flat=True))


def test_it_tells_when_where_and_what_it_costs(guest: Guest, reservation: Reservation) -> None:
    text = private(guest, reservation).text
    for words in ("woensdag 25 november", "ochtend, 08.30 tot 12.30 uur", "Dorpsstraat 1", "€ 15,00", "Bureau 1"):
        assert words in text


def test_a_name_is_shown_escaped(guest: Guest, house: Dorpshuis) -> None:
    page = private(guest, make_booking(house, WEDNESDAY, name="<b>'t Hoen-d'Anloop & Co"))
    assert "<b>'t Hoen-d'Anloop & Co" in page.text
    assert "<b>'t" not in page.html


def test_contact_data_is_masked(guest: Guest, reservation: Reservation) -> None:
    page = private(guest, reservation)
    assert "m•••@voorbeeld.example •••78" in page.text
    for private_text in ("marieke@", "12345678", "345678", "34 56 78", "345 678"):
        assert private_text not in page.html


def test_what_is_private_about_getting_in_is_not_shown(
    guest: Guest, house: Dorpshuis, reservation: Reservation
) -> None:
    AccessWay.objects.create(dorpshuis=house, public_text="Sleutel bij de buren.", private_text="Code 4711")
    page = private(guest, reservation)
    assert "Sleutel bij de buren." in page.text
    assert "4711" not in without_tokens(page.html).replace(reservation.reference, "•")


def test_a_fresh_booking_is_greeted_in_its_own_browser_for_fifteen_minutes(guest: Guest, house: Dorpshuis) -> None:
    address = guest.book(house, WEDNESDAY).response["Location"]
    headings = [guest.get(address).tree.one("h1").text, Guest().get(address).tree.one("h1").text]
    with time_machine.travel(MONDAY_NINE + timedelta(minutes=15), tick=False):
        headings.append(guest.get(address).tree.one("h1").text)
    assert headings == ["Je werkplek is geboekt", "Jouw boeking", "Jouw boeking"]


@pytest.mark.parametrize(
    ("contact", "mailed"),
    [({"email": "anna@voorbeeld.example"}, True), ({"email": "", "phone": "+31612345678"}, False)],
)
def test_only_who_has_an_address_reads_that_she_has_mail(
    guest: Guest, house: Dorpshuis, contact: dict[str, Any], mailed: bool
) -> None:
    text = private(guest, make_booking(house, WEDNESDAY, **contact)).text
    assert ("We hebben je een mail gestuurd." in text, "Bewaar deze pagina:" in text) == (mailed, not mailed)


@pytest.mark.parametrize("reference", ["a" * 26, "A" * 26, "a" * 25, "1", "a" * 5_000])
def test_a_reference_that_nobody_has_is_404(guest: Guest, reservation: Reservation, reference: str) -> None:
    assert len(reservation.reference) == 26
    assert guest.get(f"/boeking/{reference}/").status == 404


def test_a_reference_in_capitals_is_another_reference(guest: Guest, reservation: Reservation) -> None:
    assert guest.get(f"/boeking/{reservation.reference.upper()}/").status == 404


# --- giving back ------------------------------------------------------------------------------------------


def test_until_the_deadline_cancelling_is_free_and_says_until_when(guest: Guest, reservation: Reservation) -> None:
    page = private(guest, reservation)
    buttons = [form.one("button").text for form in forms(page)]
    assert buttons == [
        "Annuleer woensdagochtend 25 november",
        "Annuleer donderdagochtend 26 november",
        "Annuleer alles",
    ]
    assert "Annuleren is gratis tot dinsdag 24 november, 17.00 uur" in page.text


def test_later_the_button_names_what_it_costs(guest: Guest, reservation: Reservation) -> None:
    with time_machine.travel(LATE, tick=False):
        buttons = [form.one("button").text for form in forms(private(guest, reservation))]
    assert ["betaal € 7,50" in button for button in buttons] == [True, False, True]


def test_one_dagdeel_can_be_given_back(guest: Guest, reservation: Reservation) -> None:
    answer = press(guest, forms(private(guest, reservation))[0])
    assert (answer.status, answer.response["Location"]) == (302, f"/boeking/{reservation.reference}/")
    assert states() == ["cancelled", "booked"]


def test_all_can_be_given_back_in_one_act(guest: Guest, reservation: Reservation) -> None:
    press(guest, forms(private(guest, reservation))[-1])
    page = private(guest, reservation)
    assert (states(), forms(page)) == (["cancelled", "cancelled"], [])
    assert page.tree.one("h1").text == "Je boeking is geannuleerd"


def test_late_it_still_costs_the_dagdeel(guest: Guest, reservation: Reservation) -> None:
    with time_machine.travel(LATE, tick=False):
        press(guest, forms(private(guest, reservation))[-1])
        page = private(guest, reservation)
    assert states() == ["late_cancelled", "cancelled"]
    assert "Daarom betaal je nog € 7,50." in page.text


def test_a_cost_that_changed_since_the_page_was_shown_is_409(guest: Guest, reservation: Reservation) -> None:
    form = forms(private(guest, reservation))[0]
    before = written()
    with time_machine.travel(LATE, tick=False):
        page = press(guest, form)
    assert (page.status, states(), written()) == (409, ["booked", "booked"], before)
    assert "Annuleren kost nu € 7,50." in page.notice
    assert forms(page)[0].one("input", name="kosten").attrs["value"] == "750"


def test_a_cost_that_became_nothing_is_said_so(guest: Guest, reservation: Reservation) -> None:
    page = press(guest, forms(private(guest, reservation))[0], kosten="750")
    assert (page.status, states()) == (409, ["booked", "booked"])
    assert "Annuleren is nu gratis. Wil je dat?" in page.notice


def test_the_form_of_the_409_cancels_at_the_new_cost(guest: Guest, reservation: Reservation) -> None:
    form = forms(private(guest, reservation))[0]
    with time_machine.travel(LATE, tick=False):
        assert press(guest, forms(press(guest, form))[0]).status == 302
    assert states() == ["late_cancelled", "booked"]


def test_what_was_given_back_before_is_409(guest: Guest, reservation: Reservation) -> None:
    form = forms(private(guest, reservation))[0]
    press(guest, form)
    page = press(guest, form)
    assert (page.status, states()) == (409, ["cancelled", "booked"])
    assert page.notice.startswith("Dit was al geannuleerd Het staat niet meer op jouw naam.")


def test_a_second_tap_on_the_last_of_it_says_that_it_is_done(guest: Guest, reservation: Reservation) -> None:
    form = forms(private(guest, reservation))[-1]
    press(guest, form)
    page = press(guest, form)
    assert (page.status, states()) == (409, ["cancelled", "cancelled"])
    assert page.notice.startswith("Dit was al geannuleerd")
    assert "Er is niets geannuleerd" not in page.text


def test_what_was_changed_meanwhile_is_not_called_cancelled(guest: Guest, reservation: Reservation) -> None:
    form = forms(private(guest, reservation))[0]
    change(reservation, Change(WEDNESDAY, WEDNESDAY_NOON), GUEST)
    page = press(guest, form)
    assert (page.status, sorted(states())) == (409, ["booked", "booked", "cancelled"])
    assert page.notice.startswith("Er is niets geannuleerd Dit dagdeel is al gewijzigd, of het is al voorbij.")


def test_what_is_over_can_not_be_given_back(guest: Guest, house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY)
    form = forms(private(guest, reservation))[0]
    with time_machine.travel(OVER, tick=False):
        page = press(guest, form)
    assert (page.status, states(), forms(page)) == (409, ["booked"], [])
    assert "Annuleren kan hier niet meer." in page.text


@pytest.mark.parametrize(
    "changed",
    [
        {"dagdeel": "x"},
        {"dagdeel": ""},
        {"dagdeel": "2026-11-25:ochtend\x00"},
        {"dagdeel": "9" * 5_000},
        {"kosten": "duur"},
        {"kosten": ""},
        {"kosten": "9" * 5_000},
        {"kosten": "0\x00"},
    ],
)
def test_a_form_that_makes_no_sense_is_422(guest: Guest, reservation: Reservation, changed: dict[str, str]) -> None:
    page = press(guest, forms(private(guest, reservation))[0], **changed)
    assert (page.status, states()) == (422, ["booked", "booked"])
    assert page.notice.startswith("Er is niets geannuleerd Kies op deze pagina wat je wilt annuleren.")


def test_a_dagdeel_of_somebody_else_is_not_given_back(guest: Guest, house: Dorpshuis, reservation: Reservation) -> None:
    other = Moment(MONDAY, Dagdeel.MIDDAG)
    make_booking(house, other)
    page = press(guest, forms(private(guest, reservation))[0], dagdeel=str(other))
    assert (page.status, states()) == (409, ["booked"] * 3)


def test_a_get_of_the_cancel_address_changes_nothing(guest: Guest, reservation: Reservation) -> None:
    before = written()
    page = guest.get(f"/boeking/{reservation.reference}/annuleer/?dagdeel={WEDNESDAY}&kosten=0")
    assert (page.status, page.response["Location"]) == (302, f"/boeking/{reservation.reference}/")
    assert (states(), written()) == (["booked", "booked"], before)


def test_without_its_cookie_nothing_is_given_back(guest: Guest, reservation: Reservation) -> None:
    form = forms(private(guest, reservation))[0]
    guest.client.cookies.clear()
    assert (press(guest, form).status, states()) == (403, ["booked", "booked"])


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three_dagdelen(
    guest: Guest, query_count: Any, number: int
) -> None:
    house = make_house()
    make_rules(house)
    moments = [Moment(WEDNESDAY.date + timedelta(days=7 * n), Dagdeel.OCHTEND) for n in range(number)]
    reservation = make_booking(house, *moments)
    with query_count(7):
        assert len(forms(private(guest, reservation))) == (1 if number == 1 else number + 1)
