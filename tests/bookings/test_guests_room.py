"""The guests' room: who was here last, finding one, her page, and giving back for her."""

from datetime import timedelta
from typing import Any

import pytest

from bookings.models import Booking, CallEntry, Reservation
from bookings.models import Guest as GuestRow
from bookings.models.guest import name_key
from portal.base import clock
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from tests.bookings.counter import ROOM, page_of, tap
from tests.factories import make_booking, make_house, make_member
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, Page, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database_long, on_monday]

ANNA: dict[str, Any] = {"name": "Anna Bos", "email": "anna@voorbeeld.example", "phone": "+31612345678"}
State = Booking.State


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def desk(house: Dorpshuis) -> Guest:
    browser = Guest()
    browser.client.force_login(make_member(house))
    return browser


def names(page: Page) -> list[str]:
    return [node.text for node in page.tree.one("main").all("h3")]


def make_guest(house: Dorpshuis, name: str, **fields: Any) -> GuestRow:
    return GuestRow.objects.create(dorpshuis=house, name=name, name_key=name_key(name), **fields)


def was_here(reservation: Reservation, days_ago: int, state: str = State.USED) -> GuestRow:
    """As if it had been so many days ago."""
    reservation.bookings.update(date=MONDAY - timedelta(days=days_ago), state=state)
    GuestRow.objects.filter(pk=reservation.guest_id).update(created_at=clock.now() - timedelta(days=100))
    return reservation.guest


# --- the list ---------------------------------------------------------------------------------------------


def test_who_was_here_last_stands_first(house: Dorpshuis, desk: Guest) -> None:
    was_here(make_booking(house, WEDNESDAY, name="Lang geleden"), 40)
    was_here(make_booking(house, WEDNESDAY_NOON, name="Net geweest"), 3)
    make_guest(house, "Nog nooit", created_at=clock.now() - timedelta(days=9))
    assert names(desk.get(ROOM)) == ["Net geweest", "Nog nooit", "Lang geleden"]


@pytest.mark.parametrize(
    "text",
    [
        "bos",
        "ANNA  b",
        "anna@voor",
        "@voorbeeld.example",
        "06 12 34 56 78",
        "06-12345678",
        "+31 (0)6 1234 5678",
        "5678",
    ],
)
def test_a_guest_is_found_by_name_address_or_number_in_any_spelling(house: Dorpshuis, desk: Guest, text: str) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    make_guest(house, "Bert", email="bert@elders.example", phone="+31521121314")
    assert names(desk.get(f"{ROOM}?zoek={text.replace('+', '%2B')}")) == ["Anna Bos"]


def test_nobody_of_another_house_or_emptied_or_merged_is_listed(house: Dorpshuis, desk: Guest) -> None:
    make_booking(make_house("ander"), WEDNESDAY, **ANNA)
    kept = make_guest(house, "Anna Kok")
    make_guest(house, "Anna Weg", emptied_at=clock.now())
    make_guest(house, "Anna Dubbel", merged_into=kept)
    assert (names(desk.get(ROOM)), names(desk.get(f"{ROOM}?zoek=anna"))) == (["Anna Kok"], ["Anna Kok"])


@pytest.mark.parametrize("text", ["x", "06", "%%", "\x00\x00", "🙂", "9" * 400, "' or 1=1 --"])
def test_too_little_or_nonsense_finds_nobody_and_says_so(house: Dorpshuis, desk: Guest, text: str) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    page = Page(desk.client.get(ROOM, {"zoek": text}))  # type: ignore[arg-type]
    assert (page.status, names(page) if text.strip("\x00") else []) == (200, [])


def test_twenty_five_stand_on_a_page(house: Dorpshuis, desk: Guest) -> None:
    for number in range(30):
        make_guest(house, f"Gast {number}")
    first, second = desk.get(f"{ROOM}?zoek=gast"), desk.get(f"{ROOM}?zoek=gast&pagina=2")
    assert (len(names(first)), len(names(second))) == (25, 5)
    assert "zoek=gast&pagina=2" in [a.attrs["href"] for a in first.tree.one("main").all("a")][-1]


@pytest.mark.parametrize("number", [1, 300])
def test_the_list_costs_the_same_for_one_and_three_hundred(
    house: Dorpshuis, desk: Guest, query_count: Any, number: int
) -> None:
    GuestRow.objects.bulk_create(
        GuestRow(dorpshuis=house, name=f"G {n}", name_key=f"g {n}", phone=f"+3161234{n:04}") for n in range(number)
    )
    with query_count(8):
        desk.get(ROOM)


# --- one guest --------------------------------------------------------------------------------------------


def test_her_page_counts_what_she_did_and_what_is_open(house: Dorpshuis, desk: Guest) -> None:
    guest = was_here(make_booking(house, WEDNESDAY, **ANNA), 10)
    was_here(make_booking(house, THURSDAY, **ANNA), 9, State.NO_SHOW)
    was_here(make_booking(house, WEDNESDAY_NOON, **ANNA), 8, State.LATE_CANCELLED)
    Booking.objects.filter(state=State.USED).update(paid_how="pin")
    text = page_of(desk, guest).text
    wanted = ("1 keer gekomen", "1 keer niet gekomen", "1 keer te laat", "€ 15,00 nog te betalen", "€ 7,50 betaald")
    assert [words for words in wanted if words not in text] == []


def test_her_page_shows_how_to_reach_her_in_full(house: Dorpshuis, desk: Guest) -> None:
    page = page_of(desk, make_booking(house, WEDNESDAY, **ANNA).guest)
    links = [a.attrs["href"] for a in page.tree.one("main").all("a")]
    assert {"tel:+31612345678", "mailto:anna@voorbeeld.example"} <= set(links)
    assert f"/beheer/het-huis/boek/?gast={GuestRow.objects.get().pk}" in links


@pytest.mark.parametrize("number", [1, 40])
def test_her_page_costs_the_same_for_one_and_forty_dagdelen(
    house: Dorpshuis, desk: Guest, query_count: Any, number: int
) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY, **ANNA)
    row = reservation.bookings.first()
    assert row
    past = [
        Booking(
            dorpshuis=house, reservation=reservation, desk_id=row.desk_id, dagdeel="ochtend", state=State.USED,
            date=MONDAY - timedelta(days=n + 1), price_cents=750, tariff="standaard",
        )
        for n in range(number)
    ]  # fmt: skip
    Booking.objects.bulk_create(past)
    with query_count(22):
        page_of(desk, reservation.guest)


def test_who_was_merged_is_found_at_the_other_and_who_was_deleted_nowhere(house: Dorpshuis, desk: Guest) -> None:
    kept = make_guest(house, "Anna")
    merged = make_guest(house, "", merged_into=kept, emptied_at=clock.now())
    deleted = make_guest(house, "", emptied_at=clock.now())
    assert page_of(desk, merged).response["Location"] == f"{ROOM}{kept.pk}/"
    assert page_of(desk, deleted).status == 404


def test_a_guest_of_another_house_is_not_there(house: Dorpshuis, desk: Guest) -> None:
    other = make_booking(make_house("ander"), WEDNESDAY, **ANNA).guest
    rests = ("", "wijzig/", "samenvoegen/", "gegevens/", "verwijder/", "zeg-alles-af/")
    assert {page_of(desk, other, rest).status for rest in rests} == {404}


def test_a_number_that_nobody_can_have_is_404(desk: Guest) -> None:
    assert desk.get(f"{ROOM}{'9' * 30}/").status == 404


# --- giving back ------------------------------------------------------------------------------------------


def test_one_dagdeel_is_given_back_for_nothing_and_told(house: Dorpshuis, desk: Guest) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY, **ANNA)
    page = tap(desk, page_of(desk, reservation.guest), "Zeg gratis af : woensdag", follow=True)
    assert "Het dagdeel is afgezegd." in page.text
    assert list(reservation.bookings.in_order().values_list("state", flat=True)) == ["house_cancelled", "booked"]
    assert OutboxMail.objects.filter(kind="cancellation").count() == 1


def test_who_has_no_address_is_put_on_the_call_list(house: Dorpshuis, desk: Guest) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA | {"email": ""})
    tap(desk, page_of(desk, reservation.guest), "Zeg gratis af")
    assert CallEntry.objects.filter(kind="cancellation", reservation=reservation).exists()


def test_the_same_button_twice_says_that_it_is_off_already(house: Dorpshuis, desk: Guest) -> None:
    page = page_of(desk, make_booking(house, WEDNESDAY, **ANNA).guest)
    tap(desk, page, "Zeg gratis af")
    again = tap(desk, page, "Zeg gratis af")
    assert (again.status, "al afgezegd" in again.notice) == (409, True)


def test_a_reservation_of_somebody_else_is_not_hers_to_give_back(house: Dorpshuis, desk: Guest) -> None:
    page = page_of(desk, make_booking(house, WEDNESDAY, **ANNA).guest)
    other = make_booking(house, WEDNESDAY, name="Bert")
    assert [tap(desk, page, "Zeg gratis af", reservering=n).status for n in (other.pk, "x", "")] == [404] * 3
    assert not Booking.objects.filter(state=State.HOUSE_CANCELLED).exists()


def test_all_of_one_address_or_number_goes_in_one_act(house: Dorpshuis, desk: Guest) -> None:
    anna = make_booking(house, WEDNESDAY, **ANNA)
    by_phone = make_booking(house, THURSDAY, name="Iemand Anders", email="", phone=ANNA["phone"])
    by_mail = make_booking(house, WEDNESDAY_NOON, name="Nog Iemand", email=ANNA["email"])
    stays = make_booking(house, WEDNESDAY, name="Bert")
    page = page_of(desk, anna.guest, "zeg-alles-af/")
    assert all(name in page.text for name in ("Iemand Anders", "Nog Iemand"))
    done = tap(desk, page, "Annuleer deze 3 dagdelen", follow=True)
    assert "Alles is afgezegd." in done.text
    off = Booking.objects.filter(state=State.HOUSE_CANCELLED).values_list("reservation_id", flat=True)
    assert sorted(off) == sorted([anna.pk, by_phone.pk, by_mail.pk])
    assert stays.bookings.get().state == State.BOOKED
    assert LogEntry.objects.filter(verb="cancel_contact", subject=f"guest:{anna.guest_id}").count() == 1


def test_all_of_a_contact_is_of_this_house_only(house: Dorpshuis, desk: Guest) -> None:
    elsewhere = make_booking(make_house("ander"), WEDNESDAY, **ANNA)
    tap(desk, page_of(desk, make_booking(house, WEDNESDAY, **ANNA).guest, "zeg-alles-af/"), "Annuleer dit dagdeel")
    assert elsewhere.bookings.get().state == State.BOOKED


def test_a_booking_made_meanwhile_is_shown_first(house: Dorpshuis, desk: Guest) -> None:
    page = page_of(desk, make_booking(house, WEDNESDAY, **ANNA).guest, "zeg-alles-af/")
    make_booking(house, THURSDAY, **ANNA)
    fresh = tap(desk, page, "Annuleer dit dagdeel")
    assert (fresh.status, Booking.objects.filter(state=State.BOOKED).count()) == (409, 2)
    assert tap(desk, fresh, "Annuleer deze 2 dagdelen").status == 302


def test_a_second_tap_on_cancel_all_changes_nothing(house: Dorpshuis, desk: Guest) -> None:
    page = page_of(desk, make_booking(house, WEDNESDAY, **ANNA).guest, "zeg-alles-af/")
    assert [tap(desk, page, "Annuleer dit dagdeel").status for _ in range(2)] == [302, 409]
    assert OutboxMail.objects.filter(kind="cancellation").count() == 1
