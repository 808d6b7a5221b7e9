"""A copy of what the house has of a guest: all of it, nothing of somebody else, and an entry in the log."""

import json
from typing import Any

import pytest

from bookings.actions.calls import answer_call
from bookings.models import Booking, CallAttempt, CallEntry, Guest
from bookings.person import copy_of
from portal.base.log.models import LogEntry
from portal.base.outbox import delivery
from tests.bookings.counter import page_of, tap
from tests.factories import house_actor, make_booking, make_house, make_member
from tests.guest import THURSDAY, WEDNESDAY, on_monday
from tests.guest import Guest as Browser
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database_long, on_monday]

ANNA: dict[str, Any] = {"name": "Anna Bos", "email": "anna@voorbeeld.example", "phone": "+31612345678"}


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def desk(house: Dorpshuis) -> Browser:
    browser = Browser()
    browser.client.force_login(make_member(house))
    return browser


@pytest.fixture
def guest(house: Dorpshuis) -> Guest:
    by = house_actor(house)
    reservation = make_booking(house, WEDNESDAY, THURSDAY, remark="Bij het raam", postcode="7991", **ANNA)
    Booking.objects.filter(date=WEDNESDAY.date).update(state="used", paid_how="pin")
    entry = CallEntry.objects.create(dorpshuis=house, reservation=reservation, kind="undelivered", key="undelivered:1")
    answer_call(entry, CallAttempt.Outcome.CALLED, by, "Belt terug")
    delivery.sweep()
    make_booking(house, WEDNESDAY, name="Bert Geheim")
    return reservation.guest


def in_file(desk: Browser, guest: Guest) -> dict[str, Any]:
    page = page_of(desk, guest, "gegevens/")
    form = page.tree.one("main").one("form")
    sent = {"csrfmiddlewaretoken": form.one("input", name="csrfmiddlewaretoken").attrs["value"], "vorm": "bestand"}
    answer = desk.client.post(form.attrs["action"], sent)
    assert answer["Content-Disposition"] == f'attachment; filename="gegevens-gast-{guest.pk}.json"'
    assert answer["Cache-Control"] == "no-store, private"
    content: dict[str, Any] = json.loads(answer.content)
    return content


def test_the_file_holds_all_that_is_kept_of_her(desk: Browser, guest: Guest) -> None:
    (part,) = in_file(desk, guest)["gasten"]
    (order,) = part["reserveringen"]
    assert (part["gast"]["naam"], part["gast"]["telefoon"]) == ("Anna Bos", "+31612345678")
    assert (order["opmerking"], order["postcode"], len(order["dagdelen"])) == ("Bij het raam", "7991", 2)
    first = order["dagdelen"][0]
    assert (first["datum"], first["prijs_cent"], first["betaald"]) == ("2026-11-25", 750, "pin")
    assert part["te_bellen"][0]["pogingen"][0]["notitie"] == "Belt terug"
    assert [mail["onderwerp"] for mail in part["mails"]] == ["Je werkplek is geboekt: donderdagochtend in Het Huis"]


def test_nothing_of_somebody_else_and_no_link_is_in_it(desk: Browser, guest: Guest) -> None:
    text = json.dumps(in_file(desk, guest))
    reference = guest.reservations.get().reference
    assert ("Bert" in text, reference in text) == (False, False)


def test_the_page_to_print_says_the_same(desk: Browser, guest: Guest) -> None:
    page = tap(desk, page_of(desk, guest, "gegevens/"), "Toon om af te drukken")
    wanted = ("Anna Bos", "anna@voorbeeld.example", "Bij het raam", "€ 7,50", "Belt terug", "7991", "Je werkplek is")
    assert [words for words in wanted if words not in page.text] == []
    assert "Bert" not in page.text


def test_a_copy_is_in_the_log_and_looking_is_not(desk: Browser, guest: Guest) -> None:
    page = page_of(desk, guest, "gegevens/")
    assert not LogEntry.objects.filter(verb="export").exists()
    tap(desk, page, "Toon om af te drukken")
    assert LogEntry.objects.get(verb="export").subject == f"guest:{guest.pk}"


@pytest.mark.parametrize("more", [0, 8])
def test_a_copy_costs_the_same_for_one_order_and_nine(
    house: Dorpshuis, guest: Guest, query_count: Any, more: int
) -> None:
    for _ in range(more):
        reservation = make_booking(house, THURSDAY, **ANNA)
        reservation.bookings.update(state="cancelled")
    with query_count(5):
        assert len(copy_of([guest])[0]["reserveringen"]) == more + 1
