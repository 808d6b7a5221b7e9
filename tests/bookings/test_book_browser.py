"""The POST that books, and the browser it comes from: cookie, key, and what it remembers (rule 3)."""

from typing import Any

import pytest
from django.db import transaction

from bookings.models import Booking, Reservation
from tests.factories import make_booking, make_house
from tests.guest import (
    MARIEKE,
    THURSDAY,
    WEDNESDAY,
    WEDNESDAY_NOON,
    Guest,
    Page,
    on_monday,
    without_tokens,
    written,
)
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

OTHER_BROWSER = "Deze pagina was te oud, of kwam uit een andere browser."


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def guest() -> Guest:
    return Guest()


def lost_nothing(page: Page, **typed: str) -> None:
    """What was typed is still in the form, and the fresh week is there."""
    assert {name: page.fields[name] for name in typed} == {name: [value] for name, value in typed.items()}
    assert len(page.cells) == 21


# --- the cookie and the key (rule 3) ----------------------------------------------------------------------


def test_without_its_cookie_the_same_form_comes_back_with_what_was_typed(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    guest.client.cookies.clear()
    page = guest.send(house, fields)
    assert (page.status, page.fields["dagdeel"], written()) == (403, [str(WEDNESDAY)], [0, 0, 0, 0])
    assert "Je browser stuurde geen cookie mee." in page.notice
    lost_nothing(page, **MARIEKE)


def test_the_form_of_the_403_books_at_the_next_tap(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    guest.client.cookies.clear()
    assert guest.send(house, guest.send(house, fields).fields).status == 302


def test_the_same_form_again_answers_with_the_first_booking(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    first, again = guest.send(house, fields), guest.send(house, fields)
    assert again.status == 302
    assert again.response["Location"] == first.response["Location"]
    assert Booking.objects.count() == 1


def test_the_same_form_again_is_the_first_also_when_the_house_is_now_full(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    guest.send(house, fields)
    for _ in range(3):
        make_booking(house, WEDNESDAY)
    assert guest.send(house, fields).status == 302


@pytest.mark.parametrize(
    "other",
    [
        {"naam": "Piet"},
        {"email": "piet@voorbeeld.example"},
        {"telefoon": "0612345678"},
        {"dagdeel": [str(THURSDAY)]},
    ],
)
def test_the_same_key_with_other_content_is_a_second_order(
    guest: Guest, house: Dorpshuis, other: dict[str, Any]
) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    first, second = guest.send(house, fields), guest.send(house, fields | other)
    assert second.status == 302
    assert second.response["Location"] != first.response["Location"]
    assert Reservation.objects.count() == 2


def test_a_key_of_another_browser_is_422_with_a_fresh_form(guest: Guest, house: Dorpshuis) -> None:
    key = Guest().look(house, WEDNESDAY).fields["sleutel"]
    page = guest.book(house, WEDNESDAY, sleutel=key)
    assert (page.status, Booking.objects.count()) == (422, 0)
    assert page.fields["sleutel"] != key
    assert OTHER_BROWSER in page.notice
    assert guest.send(house, page.fields).status == 302


def test_after_cancelling_all_of_it_the_same_form_orders_anew(guest: Guest, house: Dorpshuis) -> None:
    fields = guest.fill(guest.look(house, WEDNESDAY))
    first = guest.send(house, fields).response["Location"]
    private = guest.get(first)
    token = private.tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    guest.client.post(f"{first}annuleer/", {"csrfmiddlewaretoken": token})
    second = guest.send(house, fields)
    assert second.status == 302
    assert second.response["Location"] != first
    assert Booking.objects.occupying().count() == 1


def test_a_form_is_never_kept_by_a_cache(guest: Guest, house: Dorpshuis) -> None:
    pages = [guest.look(house, WEDNESDAY), guest.book(house, WEDNESDAY, naam="")]
    assert [page.response["Cache-Control"] for page in pages] == ["no-store, private"] * 2


# --- no oracle (rule 3) -----------------------------------------------------------------------------------


def _second_booking(house: Dorpshuis, guest: Guest, email: str) -> str:
    """The private page after a booking by this address, as it was never made."""
    point = transaction.savepoint()
    answer = guest.book(house, WEDNESDAY, email=email)
    assert answer.status == 302
    page = guest.get(answer.response["Location"])
    transaction.savepoint_rollback(point)
    return without_tokens(page.html)


def test_a_second_booking_by_the_same_contact_is_made(guest: Guest, house: Dorpshuis) -> None:
    guest.book(house, WEDNESDAY)
    assert Guest().book(house, WEDNESDAY).status == 302
    assert Booking.objects.occupying().count() == 2


@pytest.mark.parametrize("contact", [{}, {"email": "", "telefoon": "+49 30 901820"}])
def test_the_browser_that_made_the_first_is_told(guest: Guest, house: Dorpshuis, contact: dict[str, Any]) -> None:
    first = guest.book(house, WEDNESDAY, **contact).response["Location"]
    page = guest.get(guest.book(house, WEDNESDAY, **contact).response["Location"])
    assert page.dropped.startswith("Je had dit dagdeel al geboekt.")
    assert [link.attrs["href"] for link in page.tree.one("div", class_="notice warm").all("a")] == [first]


def test_another_browser_sees_no_difference_at_all(guest: Guest, house: Dorpshuis) -> None:
    guest.book(house, WEDNESDAY)
    known = _second_booking(house, Guest(), MARIEKE["email"])
    unknown = _second_booking(house, Guest(), "mieke@voorbeeld.example")
    assert "Je werkplek is geboekt" in known
    assert known == unknown


def test_a_second_browser_is_not_told_on_the_first_page_either(guest: Guest, house: Dorpshuis) -> None:
    first = guest.book(house, WEDNESDAY).response["Location"]
    other = Guest()
    other.book(house, WEDNESDAY)
    assert other.get(first).dropped == ""


def test_the_memory_of_a_browser_can_not_be_forged(guest: Guest, house: Dorpshuis) -> None:
    first = make_booking(house, WEDNESDAY, email=MARIEKE["email"])
    guest.client.cookies["boekingen"] = first.reference
    page = guest.get(guest.book(house, WEDNESDAY).response["Location"])
    assert page.dropped == ""


def test_a_first_guest_books_only_when_somebody_is_there(guest: Guest) -> None:
    house = make_house(staffed_only_for_new=True)
    house.openings.filter(weekday=3).update(staffed=False)
    assert guest.book(house, WEDNESDAY, dagdeel=[str(THURSDAY)]).status == 409
    guest.book(house, WEDNESDAY)
    assert guest.book(house, THURSDAY).status == 302
    assert guest.look(house, WEDNESDAY_NOON).has_form
