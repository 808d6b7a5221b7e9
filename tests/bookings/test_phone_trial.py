"""A trial code on the phone: typed for the caller, or given to her there and then."""

import pytest

from bookings.models import Booking, Reservation, TrialCode
from tests.bookings.desk import BOOK, book, fields, order, send
from tests.factories import make_booking, make_house, make_member, make_tariff, make_trial
from tests.guest import THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, on_monday, written
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def desk(house: Dorpshuis) -> Guest:
    browser = Guest()
    browser.client.force_login(make_member(house))
    return browser


def test_one_dagdeel_is_free_and_the_button_says_so(desk: Guest, house: Dorpshuis) -> None:
    trial, code = make_trial(house)
    page = send(desk, order(desk, WEDNESDAY, WEDNESDAY_NOON, proef=code, stap="kijk"))
    assert "Boek voor € 7,50" in page.text
    assert "Een dagdeel gratis met de proefcode" in page.text
    assert send(desk, fields(page) | {"naam": "Anna", "telefoon": "0521121314"}).status == 302
    assert list(Booking.objects.in_order().values_list("price_cents", flat=True)) == [0, 750]
    trial.refresh_from_db()
    assert trial.used_by == Booking.objects.in_order().first()


def test_the_free_dagdeel_is_the_dearest(desk: Guest, house: Dorpshuis) -> None:
    make_tariff(house, "standaard", 1000, valid_from=THURSDAY.date)
    _, code = make_trial(house)
    page = send(desk, order(desk, WEDNESDAY, THURSDAY, proef=code, stap="kijk"))
    assert fields(page)["bedrag"] == ["750"]


def test_a_code_may_be_typed_in_any_way(desk: Guest, house: Dorpshuis) -> None:
    _, code = make_trial(house)
    typed = f" {code[:4]}-{code[4:8].lower()} {code[8:]}"
    assert book(desk, WEDNESDAY, proef=typed, bedrag="0").status == 302
    assert Booking.objects.get().price_cents == 0


@pytest.mark.parametrize("typed", ["ABC", "BCDFGHJKLMNP", "<script>", "0" * 300])
def test_a_code_that_there_is_not_gets_its_sentence_and_books_nothing(
    desk: Guest, house: Dorpshuis, typed: str
) -> None:
    page = book(desk, WEDNESDAY, proef=typed)
    assert (page.status, "Deze proefcode kennen we niet" in page.text) == (422, True)
    assert written() == [0, 0, 0, 0]


def test_a_code_of_another_house_is_not_known_here(desk: Guest) -> None:
    _, code = make_trial(make_house("elders"))
    assert book(desk, WEDNESDAY, proef=code).status == 422


def test_a_code_that_was_used_gets_its_sentence_and_books_nothing(desk: Guest, house: Dorpshuis) -> None:
    _, code = make_trial(house)
    sent = order(desk, WEDNESDAY, proef=code, bedrag="0")
    make_booking(house, THURSDAY, trial=code)
    page = send(desk, sent)
    assert (page.status, "is al gebruikt, of niet meer geldig" in page.text) == (409, True)
    assert (Reservation.objects.count(), fields(page)["proef"]) == (1, [code])


def test_a_second_tap_is_the_same_booking(desk: Guest, house: Dorpshuis) -> None:
    _, code = make_trial(house)
    sent = order(desk, WEDNESDAY, proef=code, bedrag="0")
    assert send(desk, sent).response["Location"] == send(desk, sent).response["Location"]
    assert Reservation.objects.count() == 1


def test_she_is_given_a_code_there_and_then_and_nothing_typed_is_lost(desk: Guest, house: Dorpshuis) -> None:
    page = send(desk, order(desk, WEDNESDAY, stap="proef"))
    kept = fields(page)
    assert (page.status, kept["naam"], kept["dagdeel"]) == (200, ["Mevrouw De Vries"], [str(WEDNESDAY)])
    assert (len(kept["proef"][0].replace(" ", "")), kept["bedrag"], Reservation.objects.count()) == (12, ["0"], 0)
    assert "Boek gratis" in page.text
    assert send(desk, kept).status == 302
    assert TrialCode.objects.get().used_by == Booking.objects.get()


def test_a_second_tap_on_the_button_that_gives_is_one_code(desk: Guest) -> None:
    sent = order(desk, WEDNESDAY, stap="proef")
    assert fields(send(desk, sent))["proef"] == fields(send(desk, sent))["proef"]
    assert TrialCode.objects.count() == 1


def test_no_code_is_given_without_the_key_of_the_form(desk: Guest) -> None:
    page = send(desk, order(desk, WEDNESDAY, stap="proef", sleutel="van-iemand-anders"))
    assert (page.status, TrialCode.objects.count()) == (422, 0)


def test_a_look_gives_no_code(desk: Guest) -> None:
    assert desk.get(f"{BOOK}?stap=proef").status == 200
    assert TrialCode.objects.count() == 0


def test_past_the_limit_of_a_day_it_is_said(desk: Guest, house: Dorpshuis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bookings.actions.trial.MOST_A_DAY", 0)
    page = send(desk, order(desk, WEDNESDAY, stap="proef"))
    assert (page.status, "Morgen kan het weer" in page.text) == (422, True)
