"""Correcting a guest, mailing her confirmation again, and taking two records of one person together."""

from datetime import timedelta
from typing import Any

import pytest

from bookings.actions.cancel import cancel
from bookings.actions.guests import confirm_again
from bookings.actions.waiting import leave
from bookings.models import Booking, CallEntry, Reservation, StandingPlace, Waiting
from bookings.models import Guest as GuestRow
from bookings.models.guest import e164
from bookings.refusals import NothingToConfirm, TooManyMails
from portal.base.log import GUEST, Actor
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.bookings.counter import page_of, tap
from tests.factories import desks_of, house_actor, make_booking, make_house, make_member, make_standing, make_waiting
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, Guest, Page, on_monday
from tests.post import Post
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database_long, on_monday]

TYPO, RIGHT = "anna@voorbeld.example", "anna@voorbeeld.example"
ANNA: dict[str, Any] = {"name": "Anna Bos", "email": TYPO, "phone": "+31612345678"}
FIELDS: dict[str, Any] = {"naam": "Anna Bos", "email": RIGHT, "telefoon": "06 12345678"}


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def desk(house: Dorpshuis) -> Guest:
    browser = Guest()
    browser.client.force_login(make_member(house))
    return browser


@pytest.fixture
def anna(house: Dorpshuis) -> Reservation:
    return make_booking(house, WEDNESDAY, **ANNA)


def change(desk: Guest, guest: GuestRow, **typed: str) -> Page:
    return tap(desk, page_of(desk, guest, "wijzig/"), "Bewaar", **(FIELDS | typed))


def contact(reservation: Reservation) -> tuple[str, str, str, str]:
    row = Reservation.objects.get(pk=reservation.pk)
    return row.name, row.email, e164(row.phone), row.confirmed_to


# --- correct ----------------------------------------------------------------------------------------------


def test_a_correction_reaches_the_guest_and_what_is_to_come(anna: Reservation, desk: Guest) -> None:
    assert change(desk, anna.guest, naam="Anna Kok").status == 302
    guest = GuestRow.objects.get()
    assert (guest.name, guest.name_key, guest.email, guest.phone) == ("Anna Kok", "anna kok", RIGHT, "+31612345678")
    assert contact(anna) == ("Anna Kok", RIGHT, "+31612345678", TYPO)


def test_what_was_given_apart_with_an_order_stays(house: Dorpshuis, anna: Reservation, desk: Guest) -> None:
    other = make_booking(house, THURSDAY, name="Voor oma", email=TYPO, phone="+31521121314")
    change(desk, anna.guest, telefoon="0612345679")
    assert contact(other) == ("Voor oma", RIGHT, "+31521121314", TYPO)


def test_what_is_over_stays_as_it_was(anna: Reservation, desk: Guest) -> None:
    anna.bookings.update(state="used")
    change(desk, anna.guest)
    assert contact(anna)[1] == TYPO


def test_a_mail_that_waits_goes_to_the_new_address(anna: Reservation, desk: Guest, post: Post) -> None:
    change(desk, anna.guest)
    delivery.sweep()
    assert post.recipients == [RIGHT]


def test_without_an_address_what_waits_becomes_a_call(anna: Reservation, desk: Guest, post: Post) -> None:
    change(desk, anna.guest, email="")
    delivery.sweep()
    assert (post.recipients, CallEntry.objects.get().kind) == ([], "confirmation")


@pytest.fixture
def wait(house: Dorpshuis) -> Waiting:
    """Anna waits for a desk on Wednesday."""
    for number, _ in enumerate(desks_of(house)):
        make_booking(house, WEDNESDAY, email=f"eerder-{number}@voorbeeld.example")
    return make_waiting(house, WEDNESDAY, by=house_actor(house), **ANNA)


def free_the_desk() -> None:
    cancel(Reservation.objects.get(email="eerder-0@voorbeeld.example"), GUEST)


def test_a_place_on_the_waiting_list_follows(wait: Waiting, desk: Guest) -> None:
    change(desk, wait.reservation.guest)
    free_the_desk()
    assert OutboxMail.objects.get(kind="place").recipient == RIGHT


def test_a_place_that_was_offered_is_a_call_without_an_address(wait: Waiting, desk: Guest, post: Post) -> None:
    free_the_desk()
    change(desk, wait.reservation.guest, email="")
    delivery.sweep()
    wait.refresh_from_db()
    assert (RIGHT in post.recipients, TYPO in post.recipients) == (False, False)
    assert (wait.state, Booking.objects.filter(state="held").count()) == ("called", 0)
    assert CallEntry.objects.get().kind == "place_free"
    assert "niet meer op de wachtlijst" not in desk.get("/beheer/het-huis/bellijst/").text


def test_who_left_the_list_stays_as_she_was(wait: Waiting, desk: Guest) -> None:
    leave(wait, house_actor(wait.dorpshuis))
    change(desk, wait.reservation.guest)
    assert contact(wait.reservation)[1] == TYPO


def test_a_standing_place_without_dates_follows_until_it_is_over(house: Dorpshuis, desk: Guest) -> None:
    place = make_standing(house, **ANNA)
    Booking.objects.all().delete()
    change(desk, place.reservation.guest)
    assert contact(place.reservation)[1] == RIGHT
    StandingPlace.objects.update(last_day=MONDAY - timedelta(days=1), first_day=MONDAY - timedelta(days=8))
    change(desk, place.reservation.guest, email=TYPO)
    assert contact(place.reservation)[1] == RIGHT


def test_an_address_of_another_guest_leads_to_merging(house: Dorpshuis, anna: Reservation, desk: Guest) -> None:
    other = make_booking(house, THURSDAY, name="Anna", email=RIGHT).guest
    page = change(desk, anna.guest)
    assert (page.status, "Er is al een gast met dit adres." in page.notice) == (409, True)
    assert page.tree.all("a", href=f"/beheer/het-huis/gasten/{anna.guest_id}/samenvoegen/?met={other.pk}")
    assert GuestRow.objects.get(pk=anna.guest_id).email == TYPO


def test_the_second_of_two_who_correct_at_once_is_told(anna: Reservation, desk: Guest) -> None:
    seen = page_of(desk, anna.guest, "wijzig/")
    change(desk, anna.guest)
    late = tap(desk, seen, "Bewaar", **FIELDS | {"naam": "Anneke"})
    assert (late.status, "Iemand anders heeft deze gast net gewijzigd." in late.notice) == (409, True)
    assert (GuestRow.objects.get().name, RIGHT in late.text) == ("Anna Bos", True)
    assert tap(desk, late, "Bewaar").status == 302
    assert GuestRow.objects.get().name == "Anneke"


def test_a_second_tap_on_the_same_correction_is_one_correction(anna: Reservation, desk: Guest) -> None:
    seen = page_of(desk, anna.guest, "wijzig/")
    answers = [tap(desk, seen, "Bewaar", **FIELDS | {"naam": "Anneke"}) for _ in range(2)]
    assert [(page.status, page.response["Location"]) for page in answers] == [
        (302, answers[0].response["Location"])
    ] * 2
    assert LogEntry.objects.filter(verb="correct").count() == 1


@pytest.mark.parametrize("wrong", [{"naam": ""}, {"email": "geen"}, {"telefoon": "12"}, {"email": "", "telefoon": ""}])
def test_what_is_wrong_is_said_and_nothing_changes(anna: Reservation, desk: Guest, wrong: dict[str, str]) -> None:
    page = change(desk, anna.guest, **wrong)
    assert (page.status, len(page.tree.all(aria_invalid="true"))) == (422, 1)
    assert GuestRow.objects.get().email == TYPO


# --- the confirmation once more ---------------------------------------------------------------------------


def test_the_confirmation_goes_once_more_to_the_new_address_with_a_new_link(
    anna: Reservation, desk: Guest, post: Post
) -> None:
    delivery.sweep()
    change(desk, anna.guest)
    tap(desk, page_of(desk, anna.guest), "Stuur de bevestiging")
    delivery.sweep()
    row = Reservation.objects.get()
    assert (post.recipients, row.confirmed_to) == ([TYPO, RIGHT], RIGHT)
    assert row.reference != anna.reference


def test_to_the_same_address_the_link_stays(house: Dorpshuis, anna: Reservation) -> None:
    confirm_again(anna, house_actor(house))
    assert Reservation.objects.get().reference == anna.reference


def test_what_is_off_is_not_confirmed_again(house: Dorpshuis, anna: Reservation) -> None:
    anna.bookings.update(state="cancelled")
    with pytest.raises(NothingToConfirm):
        confirm_again(anna, house_actor(house))


def test_five_times_a_day_is_enough(house: Dorpshuis, anna: Reservation) -> None:
    by = house_actor(house)
    for _ in range(5):
        confirm_again(anna, by)
    with pytest.raises(TooManyMails):
        confirm_again(anna, by)
    assert OutboxMail.objects.filter(key__contains=":again:").count() == 5


# --- merge ------------------------------------------------------------------------------------------------


@pytest.fixture
def double(house: Dorpshuis) -> Reservation:
    """The same person, who phoned."""
    return make_booking(house, THURSDAY, name="Mevrouw Bos", email="", phone="+31521121314", by=Actor("house"))


def side_by_side(desk: Guest, one: Reservation, two: Reservation) -> Page:
    return page_of(desk, one.guest, f"samenvoegen/?met={two.guest_id}")


def test_all_goes_to_who_stays_and_the_other_is_emptied(anna: Reservation, double: Reservation, desk: Guest) -> None:
    done = tap(desk, side_by_side(desk, double, anna), "Voeg deze twee samen", blijft=str(anna.guest_id))
    assert done.response["Location"] == f"/beheer/het-huis/gasten/{anna.guest_id}/?klaar=samengevoegd"
    assert set(Reservation.objects.values_list("guest", flat=True)) == {anna.guest_id}
    gone = GuestRow.objects.get(pk=double.guest_id)
    assert (gone.name, gone.email, e164(gone.phone), gone.merged_into_id) == ("", "", "", anna.guest_id)
    assert LogEntry.objects.filter(verb="merge", subject=f"guest:{gone.pk}").count() == 1


def test_who_stays_gets_what_it_lacks(house: Dorpshuis, double: Reservation, desk: Guest) -> None:
    by_mail = make_booking(house, WEDNESDAY, name="Anna Bos", email=RIGHT)
    tap(desk, side_by_side(desk, by_mail, double), "Voeg deze", blijft=str(by_mail.guest_id))
    stays = GuestRow.objects.get(pk=by_mail.guest_id)
    assert (stays.name, stays.email, stays.phone) == ("Anna Bos", RIGHT, "+31521121314")


def test_the_other_is_found_and_both_are_shown(anna: Reservation, double: Reservation, desk: Guest) -> None:
    found = page_of(desk, anna.guest, "samenvoegen/?zoek=mevrouw")
    assert found.tree.all("a", href=f"/beheer/het-huis/gasten/{anna.guest_id}/samenvoegen/?met={double.guest_id}")
    page = side_by_side(desk, anna, double)
    assert all(words in page.text for words in (TYPO, "0521 121 314", "Dit kan niet terug."))


def test_one_that_is_gone_meanwhile_is_409(anna: Reservation, double: Reservation, desk: Guest) -> None:
    page = side_by_side(desk, anna, double)
    tap(desk, page, "Voeg deze", blijft=str(anna.guest_id))
    again = tap(desk, page, "Voeg deze", blijft=str(anna.guest_id))
    assert (again.status, "Er is niets veranderd." in again.notice) == (409, True)


def test_one_that_is_changed_meanwhile_is_shown_anew(anna: Reservation, double: Reservation, desk: Guest) -> None:
    page = side_by_side(desk, anna, double)
    change(desk, anna.guest)
    fresh = tap(desk, page, "Voeg deze", blijft=str(anna.guest_id))
    assert (fresh.status, RIGHT in fresh.text) == (409, True)
    assert tap(desk, fresh, "Voeg deze", blijft=str(anna.guest_id)).status == 302


def test_a_guest_of_another_house_or_herself_is_never_the_other(anna: Reservation, desk: Guest) -> None:
    elsewhere = make_booking(make_house(), WEDNESDAY, name="Anna Bos")
    for other in (elsewhere, anna):
        assert not side_by_side(desk, anna, other).tree.all("input", name="blijft")


def test_a_number_of_another_country_stays_whole(house: Dorpshuis, anna: Reservation, desk: Guest) -> None:
    german = make_booking(house, THURSDAY, name="Bos", email="", phone="+4930123456", by=Actor("house"))
    GuestRow.objects.filter(pk=anna.guest_id).update(phone="")
    tap(desk, side_by_side(desk, anna, german), "Voeg deze", blijft=str(anna.guest_id))
    assert e164(GuestRow.objects.get(pk=anna.guest_id).phone) == "+4930123456"


def test_a_third_with_that_number_and_name_goes_first(house: Dorpshuis, desk: Guest) -> None:
    fields: dict[str, Any] = {"email": "", "by": Actor("house")}
    bare = make_booking(house, WEDNESDAY, name="Anna", phone="", **fields)
    third = make_booking(house, WEDNESDAY, name="Anna", phone="+31612345678", **fields)
    other = make_booking(house, WEDNESDAY, name="Anneke", phone="+31612345678", **fields)
    page = tap(desk, side_by_side(desk, bare, other), "Voeg deze", blijft=str(bare.guest_id))
    assert (page.status, GuestRow.objects.filter(merged_into__isnull=False).count()) == (409, 0)
    assert third.guest_id
