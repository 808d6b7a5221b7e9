"""A mail that never arrives becomes a call: once, and only for what is still true."""

from collections.abc import Callable

import pytest

from bookings.actions.cancel import cancel
from bookings.actions.close import reopen
from bookings.actions.trial import give_trial
from bookings.actions.waiting import leave
from bookings.models import CallEntry, Reservation, TrialCode, Waiting
from bookings.tasks import call_undelivered
from bookings.tell import tell_left_team
from portal.base import clock, outbox
from portal.base.accounts.models import User
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from portal.celery import app
from tests.factories import house_actor, make_booking, make_closed, make_house, make_member, make_user, make_waiting
from tests.guest import WEDNESDAY, Guest, on_monday
from tests.post import Post
from villages.models import Dorpshuis, Membership, Operator

pytestmark = [pytest.mark.django_db, pytest.mark.database_long, on_monday]

EMAIL = "anna@voorbeeld.example"
REFUSED = "550 No such user"


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def reservation(house: Dorpshuis, post: Post) -> Reservation:
    """Booked by somebody whose mail server says no."""
    post.answers = [REFUSED]
    return make_booking(house, WEDNESDAY, email=EMAIL)


def entries() -> list[tuple[str, str, int]]:
    return list(CallEntry.objects.order_by("pk").values_list("kind", "key", "reservation_id"))


def test_who_is_refused_for_good_is_put_on_the_call_list_once(reservation: Reservation) -> None:
    delivery.sweep()
    call_undelivered()
    call_undelivered()
    assert entries() == [("undelivered", f"undelivered:confirmation:{reservation.pk}", reservation.pk)]
    assert CallEntry.objects.to_do(clock.now()).count() == 1


def test_what_waits_or_arrived_needs_no_call(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, email=EMAIL)
    call_undelivered()
    delivery.sweep()
    call_undelivered()
    assert (entries(), len(post.mails)) == ([], 1)


def test_who_was_called_is_not_put_there_again(reservation: Reservation) -> None:
    delivery.sweep()
    call_undelivered()
    CallEntry.objects.update(done_at=clock.now())
    call_undelivered()
    assert (len(entries()), CallEntry.objects.to_do(clock.now()).count()) == (1, 0)


def test_an_address_that_is_none_becomes_a_call(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, email=EMAIL)
    OutboxMail.objects.update(recipient="geen adres")
    delivery.sweep()
    call_undelivered()
    assert [kind for kind, *_ in entries()] == ["undelivered"]


def test_a_mail_that_was_tried_too_often_becomes_a_call(house: Dorpshuis, post: Post) -> None:
    post.answer = "451 Try again later"
    make_booking(house, WEDNESDAY, email=EMAIL)
    OutboxMail.objects.update(attempts=delivery.TRIES - 1)
    delivery.sweep()
    call_undelivered()
    assert [kind for kind, *_ in entries()] == ["undelivered"]


def test_what_is_no_longer_true_needs_no_call(reservation: Reservation) -> None:
    delivery.sweep()
    cancel(reservation, GUEST)
    call_undelivered()
    assert entries() == []
    assert OutboxMail.objects.get(kind="confirmation").state == "dropped"


def test_a_mail_that_can_not_be_composed_becomes_a_call(house: Dorpshuis, monkeypatch: pytest.MonkeyPatch) -> None:
    make_booking(house, WEDNESDAY, email=EMAIL)
    OutboxMail.objects.update(kind="bestaat-niet", state="failed")
    call_undelivered()
    assert len(entries()) == 1


@pytest.mark.parametrize("subject", ["login:1", "reservation:404"])
def test_mails_about_nothing_that_is_booked_are_left_alone(subject: str) -> None:
    outbox.put("iets:1", "confirmation", subject, EMAIL)
    OutboxMail.objects.update(state="failed")
    call_undelivered()
    assert entries() == []


def test_no_log_line_names_the_address(reservation: Reservation, caplog: pytest.LogCaptureFixture) -> None:
    delivery.sweep()
    call_undelivered()
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.log")]
    said = " ".join(ours)
    assert ("mail becomes a call" in said, EMAIL in said, "voorbeeld.example" in said) == (True, False, False)


# --- who runs the house hears it --------------------------------------------------------------------------


def told() -> list[str]:
    return sorted(OutboxMail.objects.filter(kind="not_arrived").values_list("recipient", flat=True))


def test_the_volunteers_and_the_board_hear_once_a_day_that_a_guest_must_be_phoned(
    house: Dorpshuis, reservation: Reservation
) -> None:
    volunteer, board = make_member(house), make_member(house, Membership.Role.BOARD)
    for role in (Membership.Role.HOST, Membership.Role.TREASURER):
        make_member(house, role)
    make_member(make_house("ander-huis"))
    delivery.sweep()
    call_undelivered()
    make_booking(house, WEDNESDAY, email="bea@voorbeeld.example")
    OutboxMail.objects.filter(kind="confirmation").update(state="failed")
    call_undelivered()
    assert (len(entries()), told()) == (2, sorted([volunteer.email, board.email]))


def test_who_was_phoned_meanwhile_needs_no_mail(house: Dorpshuis, reservation: Reservation, post: Post) -> None:
    make_member(house)
    delivery.sweep()
    call_undelivered()
    CallEntry.objects.update(done_at=clock.now())
    delivery.sweep()
    assert (post.mails, OutboxMail.objects.get(kind="not_arrived").state) == ([], "dropped")


def test_a_house_without_a_team_of_its_own_is_heard_by_its_operator(house: Dorpshuis, reservation: Reservation) -> None:
    operator, wilma = Operator.objects.create(name="Welzijn"), make_user()
    Membership.objects.create(user=wilma, operator=operator, role=Membership.Role.BOARD)
    Dorpshuis.objects.filter(pk=house.pk).update(operator=operator)
    delivery.sweep()
    call_undelivered()
    assert told() == [wilma.email]


def test_that_mail_refused_too_tells_nobody_again(house: Dorpshuis, reservation: Reservation, post: Post) -> None:
    make_member(house)
    post.answer = REFUSED
    delivery.sweep()
    call_undelivered()
    delivery.sweep()
    call_undelivered()
    assert (len(entries()), len(told()), OutboxMail.objects.get(kind="not_arrived").state) == (1, 1, "failed")


# --- and when the house opens after all -------------------------------------------------------------------


@pytest.mark.parametrize(("called", "kinds"), [(False, []), (True, ["undelivered"])])
def test_a_call_that_nobody_made_is_taken_back_with_the_closure(
    house: Dorpshuis, post: Post, called: bool, kinds: list[str]
) -> None:
    make_booking(house, WEDNESDAY, email=EMAIL)
    OutboxMail.objects.all().delete()
    closed = make_closed(house, WEDNESDAY.date)
    OutboxMail.objects.update(state="failed")
    call_undelivered()
    if called:
        CallEntry.objects.update(done_at=clock.now())
    reopen(closed.closure, house_actor(house))
    call_undelivered()
    assert [kind for kind, *_ in entries()] == kinds
    assert OutboxMail.objects.filter(kind="undone").exists() == called


def test_beat_asks_for_it_every_few_minutes() -> None:
    (tick,) = [line for line in app.conf.beat_schedule.values() if line["task"] == call_undelivered.name]
    assert tick["schedule"] <= 300


# --- who has nothing booked -------------------------------------------------------------------------------


@pytest.fixture
def desk(house: Dorpshuis) -> Guest:
    volunteer = Guest()
    volunteer.client.force_login(make_member(house, Membership.Role.BOARD))
    return volunteer


def list_of(desk: Guest) -> str:
    return desk.get("/beheer/het-huis/bellijst/").text


def refused_wait(house: Dorpshuis, post: Post) -> Waiting:
    """She waits for a morning that is full, and her mail server refuses the mail about it."""
    for _ in range(4):
        make_booking(house, WEDNESDAY, email="eerder@voorbeeld.example")
    wait = make_waiting(house, WEDNESDAY, email=EMAIL)
    post.answer = REFUSED
    return wait


def test_who_waits_hears_that_she_does(desk: Guest, house: Dorpshuis, post: Post) -> None:
    wait = refused_wait(house, post)
    delivery.sweep()
    call_undelivered()
    words = "Je staat op onze wachtlijst: woensdagochtend 25 november. Komt er plek en ben je aan de beurt?"
    assert words in list_of(desk)
    leave(wait, GUEST)
    assert "Niet meer nodig: je gast staat niet meer op de wachtlijst." in list_of(desk)


def test_whose_turn_it_is_hears_until_when_and_the_house_books_it_for_her(
    desk: Guest, house: Dorpshuis, post: Post
) -> None:
    wait = refused_wait(house, post)
    cancel(Reservation.objects.filter(email="eerder@voorbeeld.example")[0], GUEST)
    delivery.sweep()
    call_undelivered()
    assert "Er is nu plek: woensdagochtend 25 november. We houden hem voor je vast tot maandag" in list_of(desk)
    desk.client.handler.enforce_csrf_checks = False
    answer = desk.client.post("/beheer/het-huis/wachtlijst/", {"boek": wait.pk})
    assert answer["Location"] == f"/beheer/het-huis/boek/{wait.reservation_id}/"
    assert wait.reservation.bookings.get().state == "booked"
    again = desk.client.post("/beheer/het-huis/wachtlijst/", {"boek": wait.pk})
    assert (again.status_code, again["Location"]) == (302, answer["Location"])
    assert wait.reservation.bookings.count() == 1
    nobody = desk.client.post("/beheer/het-huis/wachtlijst/", {"boek": wait.pk + 1})
    assert (nobody.status_code, "Er is niets geboekt." in nobody.content.decode()) == (409, True)


# --- mails about no booking -------------------------------------------------------------------------------


def refuse_a_trial_code(house: Dorpshuis, post: Post) -> None:
    give_trial(house.pk, "mail", house_actor(house), email="proef@voorbeeld.example", language="nl", form="f1")
    post.answers = [REFUSED]
    delivery.sweep()


def refuse_goodbye(house: Dorpshuis, post: Post) -> None:
    tell_left_team(house, make_user("piet@voorbeeld.example", name="Piet"))
    post.answers = [REFUSED]
    delivery.sweep()


@pytest.mark.parametrize(
    ("refuse", "words"),
    [
        (refuse_a_trial_code, "De mail met een proefcode aan proef@voorbeeld.example kwam op"),
        (refuse_goodbye, "Piet hoort niet meer bij het team. De mail daarover kwam op"),
    ],
)
def test_the_house_reads_below_its_list_what_did_not_arrive_and_is_mailed_once(
    desk: Guest, house: Dorpshuis, post: Post, refuse: Callable[[Dorpshuis, Post], None], words: str
) -> None:
    refuse(house, post)
    call_undelivered()
    call_undelivered()
    assert (entries(), told().count(User.objects.earliest("pk").email)) == ([], 1)
    assert words in list_of(desk)
    delivery.sweep()
    assert {str(mail["subject"]) for mail in post.mails} == {"Een mail van Het Huis kwam niet aan"}


@pytest.mark.parametrize("refuse", [refuse_a_trial_code, refuse_goodbye])
def test_who_read_it_takes_it_from_the_page_with_one_tap(
    desk: Guest, house: Dorpshuis, post: Post, refuse: Callable[[Dorpshuis, Post], None]
) -> None:
    refuse(house, post)
    mail = OutboxMail.objects.get(state=OutboxMail.State.FAILED)
    address = f"/beheer/het-huis/bellijst/mail/{mail.pk}/"
    assert f'action="{address}"' in desk.get("/beheer/het-huis/bellijst/").html
    desk.client.handler.enforce_csrf_checks = False
    assert desk.client.get(address).status_code == 302
    assert "Andere mails" in list_of(desk)
    assert [desk.client.post(address)["Location"] for _ in range(2)] == ["/beheer/het-huis/bellijst/"] * 2
    assert "Andere mails" not in list_of(desk)
    mail.refresh_from_db()
    assert (mail.recipient, mail.state) == ("", "failed")
    assert [entry.verb for entry in LogEntry.objects.filter(subject=f"outboxmail:{mail.pk}")] == ["see_note"]


def test_what_is_no_note_of_ours_is_left_alone(desk: Guest, house: Dorpshuis, post: Post) -> None:
    elsewhere = make_house("ander-huis")
    refuse_a_trial_code(elsewhere, post)
    make_booking(house, WEDNESDAY, email=EMAIL)
    before = list(OutboxMail.objects.order_by("pk").values())
    desk.client.handler.enforce_csrf_checks = False
    for mail in before:
        desk.client.post(f"/beheer/het-huis/bellijst/mail/{mail['id']}/")
    assert list(OutboxMail.objects.order_by("pk").values()) == before


def test_what_does_not_matter_any_more_is_not_noted(desk: Guest, house: Dorpshuis, post: Post) -> None:
    refuse_a_trial_code(house, post)
    TrialCode.objects.update(withdrawn_at=clock.now())
    refuse_goodbye(house, post)
    Membership.objects.create(user=User.objects.get(name="Piet"), dorpshuis=house, role=Membership.Role.HOST)
    call_undelivered()
    assert "Andere mails" not in list_of(desk)
    assert told() == []


def test_a_note_of_another_house_is_not_ours(desk: Guest, house: Dorpshuis, post: Post) -> None:
    refuse_a_trial_code(make_house("ander-huis"), post)
    call_undelivered()
    assert "Andere mails" not in list_of(desk)
