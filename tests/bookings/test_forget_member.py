"""A member deletes her account: nothing of her is left in any table, in any house, and all numbers are."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import translation

from bookings.actions.calls import answer_call
from bookings.actions.cancel import cancel
from bookings.actions.change import Change, change
from bookings.actions.guests import Contact, correct
from bookings.actions.member import forget_member
from bookings.actions.standing import top_up
from bookings.actions.team import invite
from bookings.models import Booking, CallAttempt, CallEntry, Guest, Reservation
from bookings.person import as_shown, coming_of_address, version_of
from bookings.refusals import NotAsShown, StillInCharge
from bookings.tell import tell_lost_link
from portal.base import clock
from portal.base.accounts import codes
from portal.base.accounts.members import member_of
from portal.base.accounts.models import LoginCode, User
from portal.base.log import GUEST, SYSTEM
from portal.base.log import house as actor_of
from portal.base.log.models import LogEntry
from portal.base.models import Deletion, OutboxMail
from portal.base.outbox import delivery
from tests.bookings.test_languages import FOREIGN, words
from tests.factories import (
    desks_of,
    house_actor,
    make_booking,
    make_hold,
    make_house,
    make_member,
    make_request,
    make_standing,
    make_user,
)
from tests.guest import THURSDAY, WEDNESDAY, WEDNESDAY_NOON, on_monday, parse
from tests.guest import Guest as Browser
from tests.post import Post
from tests.traces import EMAIL, NAME, PHONE, POSTCODE, shows_her
from villages.models import Dorpshuis, HouseRequest, Invitation, Membership

pytestmark = [pytest.mark.django_db, pytest.mark.database_long, on_monday]

ANNA: dict[str, Any] = {"name": NAME, "email": EMAIL, "phone": PHONE}


@pytest.fixture
def houses() -> list[Dorpshuis]:
    return [make_house("het-huis", name="Het Huis"), make_house("ander-huis", name="Het Andere Huis")]


@pytest.fixture
def member() -> User:
    user = member_of(EMAIL)
    user.keep_details(NAME, PHONE)
    return user


def traces() -> list[str]:
    """Every table in which something of her stands, whether a model knows it or not; sessions are opened."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
            found += [table for row in cursor.fetchall() if any(map(shows_her, row))]
    held = [str(session.get_decoded()) for session in Session.objects.all()]
    return sorted({*found, *("django_session" for text in held if shows_her(text))})


def forget(user: User) -> None:
    """As her page does it."""
    forget_member(user, as_shown(coming_of_address(user.email)), GUEST)


def lived(houses: list[Dorpshuis], user: User) -> None:
    """A member with all that can be known of her, in two houses and beside them."""
    first, second = houses
    by, board = house_actor(first), actor_of(make_member(second, Membership.Role.BOARD))
    rich: dict[str, Any] = {"postcode": POSTCODE, "remark": "Vergeet mijn stoel niet", "key": "wijnanda-sleutel"}
    used = make_booking(first, WEDNESDAY, **ANNA, **rich)
    used.bookings.update(date=WEDNESDAY.date - timedelta(weeks=2), state=Booking.State.USED, paid_how="pin")
    change(make_booking(first, WEDNESDAY, **ANNA), Change(WEDNESDAY, THURSDAY), GUEST)
    cancel(make_booking(second, WEDNESDAY, **ANNA), GUEST)
    make_booking(second, WEDNESDAY_NOON, by=board, **ANNA)
    delivery.sweep()
    entry = CallEntry.objects.create(dorpshuis=first, reservation=used, kind="undelivered", key="undelivered:1")
    answer_call(entry, CallAttempt.Outcome.CALLED, by, "Zwaluwhof: bel de buurvrouw")
    tell_lost_link(EMAIL, clock.today())
    delivery.sweep()
    make_booking(second, THURSDAY, **ANNA)  # its mail still waits
    make_request(name=NAME, email=EMAIL, phone=PHONE, remark="Vergeet mijn dorp niet")
    invite(second.pk, Membership.Role.HOST, EMAIL, board)
    Membership.objects.create(user=user, dorpshuis=first, role=Membership.Role.HOST)
    codes.ask(EMAIL)
    for browser in (Browser(), Browser()):
        browser.client.force_login(user)
    somebody = Browser()
    somebody.client.force_login(make_user())
    for asking, what in ((Browser(), "login_code"), (somebody, "login_code"), (Browser(), "new_address")):
        session = asking.client.session
        session[what] = {"number": 1, "email": EMAIL, "next": ""}
        session.save()
    kind = ContentType.objects.get_for_model(User)
    admin = make_user(is_staff=True)
    AdminEntry.objects.create(
        user=admin, content_type=kind, object_id=str(user.pk), object_repr=NAME, action_flag=CHANGE
    )


EVERYWHERE = {
    "account_emailaddress",
    "base_logincode",
    "base_outboxmail",
    "base_user",
    "bookings_callattempt",
    "bookings_guest",
    "bookings_reservation",
    "django_admin_log",
    "django_session",
    "villages_houserequest",
    "villages_invitation",
}


def test_nothing_of_her_is_left_in_any_table(houses: list[Dorpshuis], member: User, post: Post) -> None:
    lived(houses, member)
    assert set(traces()) == EVERYWHERE
    forget(member)
    assert traces() == ["base_outboxmail"]  # the last mail, until it is sent
    delivery.sweep()
    assert (traces(), post.recipients[-1]) == ([], EMAIL)
    assert post.mails[-1]["Subject"] == "Je account en je gegevens zijn verwijderd"


def test_the_last_mail_is_one_and_tells_what_does_not_go_on(houses: list[Dorpshuis], member: User, post: Post) -> None:
    lived(houses, member)
    sent = len(post.mails)
    forget(member)
    delivery.sweep()
    (last,) = post.mails[sent:]
    body = last.get_body(("plain",))
    assert body is not None
    lines = [line for line in body.get_content().splitlines() if line.startswith("- ")]
    assert lines == [
        "- woensdag 25 november, middag, Het Andere Huis",
        "- donderdag 26 november, ochtend, Het Huis",
        "- donderdag 26 november, ochtend, Het Andere Huis",
    ]


def test_a_second_tap_changes_nothing_and_leaves_the_last_mail(member: User, post: Post) -> None:
    number = member.pk
    forget(member)
    member.pk = number  # as the second request still knows her
    forget_member(member, as_shown([]), GUEST)
    delivery.sweep()
    assert post.recipients == [EMAIL]
    assert LogEntry.objects.filter(verb="forget_member").count() == 1


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_last_mail_has_no_word_of_the_other_language(
    houses: list[Dorpshuis], member: User, post: Post, language: str
) -> None:
    make_booking(houses[0], WEDNESDAY, **ANNA)
    moved(houses[1], EMAIL)
    Dorpshuis.objects.update(name="Xyzzy")
    delivery.sweep()
    with translation.override(language):
        forget(member)
    delivery.sweep()
    for kind in ("plain", "html"):
        body = post.mails[-1].get_body((kind,))
        assert body is not None
        text = body.get_content() if kind == "plain" else parse(body.get_content()).one("body").text
        assert words(text) & FOREIGN[language] == set()


def test_the_last_mail_is_in_the_language_of_her_page(member: User, post: Post) -> None:
    with translation.override("en"):
        forget(member)
    delivery.sweep()
    assert post.mails[-1]["Subject"] == "Your account and your data have been deleted"


def test_the_numbers_stay(houses: list[Dorpshuis], member: User) -> None:
    lived(houses, member)
    before = list(Booking.objects.order_by("pk").values_list("pk", "price_cents", "date"))
    used = Booking.objects.get(state=Booking.State.USED)
    forget(member)
    assert list(Booking.objects.order_by("pk").values_list("pk", "price_cents", "date")) == before
    assert Booking.objects.get(state=Booking.State.USED).paid_how == used.paid_how == "pin"
    assert Booking.objects.filter(state=Booking.State.BOOKED).count() == 0
    names = {name.partition(":")[0] for name in Deletion.objects.values_list("subject", flat=True)}
    assert names == {"guest", "reservation", "callentry", "outboxmail", "user", "invitation", "houserequest"}
    assert set(Guest.objects.filter(emptied_at__isnull=False).values_list("dorpshuis__slug", flat=True)) == {
        "het-huis",
        "ander-huis",
    }


def test_the_log_keeps_numbers_only(houses: list[Dorpshuis], member: User) -> None:
    lived(houses, member)
    number = member.pk
    forget(member)
    assert LogEntry.objects.get(verb="forget_member").subject == f"user:{number}"
    assert LogEntry.objects.filter(verb="forget").count() == 2
    assert LogEntry.objects.filter(verb="leave", subject=f"user:{number}").count() == 1


def test_what_is_too_late_to_give_back_counts_as_late_and_is_let_off(
    houses: list[Dorpshuis], member: User, time_machine: Any
) -> None:
    make_booking(houses[0], WEDNESDAY, **ANNA)
    time_machine.move_to(clock.now() + timedelta(hours=36), tick=False)  # on Tuesday evening
    forget(member)
    row = Booking.objects.get()
    assert (row.state, row.paid_how, row.due_cents) == ("late_cancelled", "waived", 0)


def test_what_was_held_for_her_is_free(houses: list[Dorpshuis], member: User) -> None:
    reservation = make_booking(houses[0], THURSDAY, **ANNA)
    hold = make_hold(desks_of(houses[0])[0], WEDNESDAY, clock.now() + timedelta(hours=2))
    Booking.objects.filter(pk=hold.pk).update(reservation=reservation)
    forget(member)
    assert set(Booking.objects.values_list("state", flat=True)) == {"cancelled"}


def test_a_booking_made_after_the_page_was_shown_stops_it_everywhere(houses: list[Dorpshuis], member: User) -> None:
    make_booking(houses[0], WEDNESDAY, **ANNA)
    shown = as_shown(coming_of_address(EMAIL))
    make_booking(houses[1], WEDNESDAY, **ANNA)
    with pytest.raises(NotAsShown):
        forget_member(member, shown, GUEST)
    assert Booking.objects.filter(state=Booking.State.BOOKED).count() == 2
    assert User.objects.filter(pk=member.pk).exists()


def test_who_logs_in_again_is_a_new_member_with_nothing(houses: list[Dorpshuis], member: User) -> None:
    lived(houses, member)
    number = member.pk
    forget(member)
    again = member_of(EMAIL)
    assert (again.name, again.phone, again.pk == number) == ("", "", False)
    assert not Booking.objects.confirmed_to(EMAIL).exists()
    assert not Membership.objects.filter(user=again).exists()


# --- what goes through the house --------------------------------------------------------------------------


def moved(house: Dorpshuis, email: str) -> Guest:
    """A guest of the house who booked with another address, and whom the volunteer gave this one."""
    guest = make_booking(house, WEDNESDAY, name="Bert", email="bert@voorbeeld.example", phone="+31611111111").guest
    correct(guest, Contact("Bert", email, "+31611111111"), version_of(guest), house_actor(house))
    return Guest.objects.get(pk=guest.pk)


def test_what_was_confirmed_to_another_address_stays_with_the_house_without_hers(
    houses: list[Dorpshuis], member: User, post: Post
) -> None:
    guest = moved(houses[0], EMAIL)
    delivery.sweep()
    forget(member)
    delivery.sweep()
    row = Reservation.objects.get()
    assert (row.name, row.email, row.confirmed_to) == ("Bert", "", "bert@voorbeeld.example")
    assert row.bookings.get().state == Booking.State.BOOKED
    guest.refresh_from_db()
    assert (guest.name, guest.email, guest.emptied_at) == ("Bert", "", None)
    assert traces() == []
    body = post.mails[-1].get_body(("plain",))
    assert body is not None
    assert "- Het Huis" in body.get_content()


def test_of_a_guest_with_two_addresses_only_what_she_proved_goes(houses: list[Dorpshuis], member: User) -> None:
    guest = moved(houses[0], EMAIL)
    hers = make_booking(houses[0], THURSDAY, **ANNA)
    assert hers.guest == guest
    forget(member)
    assert [row.name for row in Reservation.objects.order_by("pk")] == ["Bert", ""]
    assert Guest.objects.get().emptied_at is None


def test_who_was_given_another_address_by_the_house_goes_whole(houses: list[Dorpshuis], member: User) -> None:
    guest = make_booking(houses[0], WEDNESDAY, **ANNA).guest
    other = Contact(NAME, "wijnanda@elders.example", PHONE)
    correct(guest, other, version_of(guest), house_actor(houses[0]))
    forget(member)
    delivery.sweep()
    assert Guest.objects.get().emptied_at is not None
    assert traces() == []


def test_two_guests_with_one_number_and_name_never_clash(houses: list[Dorpshuis], member: User) -> None:
    make_booking(houses[0], THURSDAY, name="Bert", email="", phone="+31611111111")
    moved(houses[0], EMAIL)
    forget(member)
    assert sorted(str(guest.phone) for guest in Guest.objects.all()) == ["", "06 11111111"]


def test_an_address_that_she_did_not_prove_empties_nothing(houses: list[Dorpshuis]) -> None:
    make_booking(houses[0], WEDNESDAY, **ANNA)
    LoginCode.objects.create(email=EMAIL, digest="x")
    stranger = make_user(EMAIL, name="Kwaad")
    forget_member(stranger, as_shown([]), GUEST)
    assert not User.objects.filter(email=EMAIL).exists()
    assert Reservation.objects.get().name == NAME
    assert (LoginCode.objects.count(), OutboxMail.objects.exclude(recipient="").count()) == (1, 1)


def test_another_guest_with_her_name_and_number_is_not_touched(houses: list[Dorpshuis], member: User) -> None:
    make_booking(houses[0], WEDNESDAY, **ANNA | {"email": ""})
    make_booking(houses[0], THURSDAY, **ANNA)
    forget(member)
    assert sorted(Reservation.objects.values_list("name", flat=True)) == ["", NAME]


# --- who is in charge -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Membership.Role.BOARD, Membership.Role.TREASURER])
def test_the_last_of_the_board_goes_when_there_is_another(houses: list[Dorpshuis], member: User, role: str) -> None:
    make_booking(houses[0], WEDNESDAY, **ANNA)
    Membership.objects.create(user=member, dorpshuis=houses[0], role=role)
    with pytest.raises(StillInCharge) as refusal:
        forget(member)
    assert refusal.value.houses == ["Het Huis"]
    assert Reservation.objects.get().name == NAME
    make_member(houses[0], Membership.Role.BOARD)
    forget(member)
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize("right", ["is_coordinator", "is_staff", "is_superuser"])
def test_who_has_rights_of_the_portal_hands_them_over_first(member: User, right: str) -> None:
    User.objects.filter(pk=member.pk).update(**{right: True})
    member.refresh_from_db()
    with pytest.raises(StillInCharge):
        forget(member)


def test_what_she_did_for_a_house_stays_without_her(houses: list[Dorpshuis], member: User) -> None:
    Membership.objects.create(user=member, dorpshuis=houses[0])
    reservation = make_booking(houses[0], WEDNESDAY, by=actor_of(member), name="Gast", email="", phone="+31611111111")
    forget(member)
    reservation.refresh_from_db()
    assert (reservation.name, reservation.booked_by) == ("Gast", None)


def test_an_open_invitation_to_her_address_lets_nobody_in(houses: list[Dorpshuis], member: User) -> None:
    board = actor_of(make_member(houses[0], Membership.Role.BOARD))
    invitation = invite(houses[0].pk, Membership.Role.HOST, EMAIL, board).invitation
    forget(member)
    assert not Invitation.objects.get(pk=invitation.pk).is_open(clock.now())


def test_others_stay_logged_in(member: User, houses: list[Dorpshuis]) -> None:
    other = Browser()
    other.client.force_login(make_user())
    mine = Browser()
    mine.client.force_login(member)
    forget(member)
    assert other.get("/mijn/").status == 200
    assert mine.get("/mijn/").status == 302
    assert (EmailAddress.objects.count(), HouseRequest.objects.count()) == (0, 0)


def test_her_standing_place_ends_and_says_nothing_of_her(houses: list[Dorpshuis], member: User) -> None:
    place = make_standing(houses[0], organisation="Zwaluwhof Zorg", name=NAME, email=EMAIL)
    assert "bookings_standingplace" in traces()
    forget(member)
    delivery.sweep()
    with time_machine.travel(clock.now() + timedelta(weeks=3), tick=False):
        top_up(houses[0].pk, SYSTEM)
    assert traces() == []
    assert set(place.bookings.values_list("state", flat=True)) == {Booking.State.CANCELLED}
