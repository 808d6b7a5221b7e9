"""A link that somebody else has is replaced, a link that was lost is mailed; neither tells a stranger anything."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from bookings.actions.cancel import cancel
from bookings.actions.link import renew_link
from bookings.models import Booking, Reservation
from bookings.refusals import LinkGone
from portal.base import clock
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.factories import make_booking, make_house
from tests.guest import MONDAY_NINE, THURSDAY, WEDNESDAY, Guest, Page, on_monday, without_tokens, written
from tests.post import Post
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

ANNA = "anna@voorbeeld.example"
LOST = "/boeking/link-kwijt/"


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def reservation(house: Dorpshuis) -> Reservation:
    reservation = make_booking(house, WEDNESDAY, name="Anna", email=ANNA)
    OutboxMail.objects.all().delete()
    return reservation


def post_form(page: Page, guest: Guest, action: str, **typed: str) -> Page:
    """Send the page's form to this address, as it stands and with what is typed."""
    form = next(form for form in page.tree.all("form") if form.attrs.get("action", action) == action)
    fields = {node.attrs["name"]: node.attrs.get("value", "") for node in form.all("input")}
    return Page(guest.client.post(action, fields | typed))  # type: ignore[arg-type]


def ask_new(reservation: Reservation, guest: Guest | None = None) -> Page:
    guest = guest or Guest()
    address = reverse("booking", args=[reservation.reference])
    return post_form(guest.get(address), guest, f"{address}nieuwe-link/")


def ask_lost(email: str) -> Page:
    guest = Guest()
    return post_form(guest.get(LOST), guest, LOST, email=email)


def now_of(reservation: Reservation) -> Reservation:
    return Reservation.objects.get(pk=reservation.pk)


# --- a new link -------------------------------------------------------------------------------------------


def test_the_old_link_is_dead_at_once_and_the_new_one_is_mailed(reservation: Reservation, post: Post) -> None:
    page = ask_new(reservation)
    delivery.sweep()
    new = now_of(reservation).reference
    (mail,) = post.mails
    assert page.status == 200
    assert "We hebben je een nieuwe link gemaild. De oude werkt niet meer." in page.text
    assert Guest().get(f"/boeking/{reservation.reference}/").status == 404
    assert Guest().get(f"/boeking/{new}/").status == 200
    assert (mail["To"], mail["Subject"]) == (ANNA, "Je nieuwe link naar je boeking in Het Huis")
    assert f"/boeking/{new}/" in mail.as_string().replace("=\n", "")


def test_the_answer_holds_no_link(reservation: Reservation) -> None:
    page = ask_new(reservation)
    assert now_of(reservation).reference not in page.html
    assert now_of(reservation).reference != reservation.reference


def test_it_goes_where_the_confirmation_went(reservation: Reservation) -> None:
    Reservation.objects.update(email="ander@voorbeeld.example")
    ask_new(reservation)
    mail = OutboxMail.objects.get()
    assert (mail.key, mail.kind, mail.recipient) == (f"link:{reservation.pk}:1", "link", ANNA)


def test_a_mail_with_a_link_that_died_again_is_not_sent(reservation: Reservation, post: Post) -> None:
    ask_new(reservation)
    ask_new(now_of(reservation))
    delivery.sweep()
    assert len(post.mails) == 1
    assert now_of(reservation).reference in post.mails[0].as_string().replace("=\n", "")


def test_it_is_written_in_the_log_without_the_link(reservation: Reservation) -> None:
    ask_new(reservation)
    entry = LogEntry.objects.latest("pk")
    assert (entry.verb, entry.subject, entry.actor_kind) == ("renew_link", f"reservation:{reservation.pk}", "guest")


def test_the_sixth_of_a_day_is_refused_with_the_number_to_call(reservation: Reservation) -> None:
    for _ in range(5):
        assert ask_new(now_of(reservation)).status == 200
    page = ask_new(now_of(reservation))
    assert page.status == 422
    assert "bel het dorpshuis: 0521 591 000" in page.notice
    assert OutboxMail.objects.count() == now_of(reservation).links == 5


def test_the_next_day_it_can_be_asked_again(reservation: Reservation) -> None:
    for _ in range(5):
        ask_new(now_of(reservation))
    with time_machine.travel(MONDAY_NINE + timedelta(hours=15), tick=False):
        assert ask_new(now_of(reservation)).status == 200


def test_of_two_at_the_same_moment_one_counts(reservation: Reservation) -> None:
    renew_link(reservation, GUEST)
    with pytest.raises(LinkGone):
        renew_link(reservation, GUEST)
    assert now_of(reservation).links == 1


def test_who_booked_by_phone_is_not_offered_a_mail(house: Dorpshuis) -> None:
    guest, reservation = Guest(), make_booking(house, WEDNESDAY, email="", phone="+31612345678")
    page = guest.get(f"/boeking/{reservation.reference}/")
    assert "Heeft iemand anders deze link?" not in page.text
    token = page.tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    answer = guest.client.post(f"/boeking/{reservation.reference}/nieuwe-link/", {"csrfmiddlewaretoken": token})
    assert (answer.status_code, now_of(reservation).reference) == (422, reservation.reference)


def test_opening_the_address_of_the_button_changes_nothing(reservation: Reservation) -> None:
    before = written()
    page = Guest().get(f"/boeking/{reservation.reference}/nieuwe-link/")
    assert (page.status, written(), now_of(reservation).links) == (302, before, 0)


# --- a link that leads nowhere ----------------------------------------------------------------------------


def test_every_link_that_leads_nowhere_gives_the_same_page(reservation: Reservation) -> None:
    ask_new(reservation)
    pages = [Guest().get(f"/boeking/{ref}/") for ref in (reservation.reference, "a" * 26)]
    assert [page.status for page in pages] == [404, 404]
    assert len({without_tokens(page.html) for page in pages}) == 1
    assert "Deze link werkt niet meer Vraag een nieuwe link aan, of bel het dorpshuis." in pages[0].text
    assert LOST in [node.attrs.get("href") for node in pages[0].tree.all("a")]


@pytest.mark.parametrize("rest", ["x", "=", "%ff/", "a/b/c/", "agenda.ics", "annuleer/"])
def test_so_does_a_link_that_was_cut_or_bent(rest: str) -> None:
    page = Guest().get(f"/boeking/{'a' * 26}/{rest}")
    assert page.status == 404
    assert "Deze link werkt niet meer" in page.text


# --- a lost link ------------------------------------------------------------------------------------------


def test_who_lost_her_link_gets_all_that_she_has_coming(reservation: Reservation, post: Post) -> None:
    other = make_booking(make_house(name="Ander Huis"), WEDNESDAY, THURSDAY, email=ANNA)
    OutboxMail.objects.all().delete()
    ask_lost(" Anna@Voorbeeld.example ")
    delivery.sweep()
    (mail,) = post.mails
    body = mail.get_body(("plain",))
    assert body
    text = " ".join(body.get_content().split())
    assert (mail["To"], mail["Subject"]) == (ANNA, "De links naar je boekingen")
    see = "Bekijk deze boeking: http://localhost:8000/boeking"
    assert f"Het Huis woensdag 25 november, ochtend {see}/{reservation.reference}/" in text
    assert f"en nog 1 dagdeel {see}/{other.reference}/" in text


def test_the_answer_is_the_same_for_every_address(reservation: Reservation) -> None:
    pages = [ask_lost(email) for email in (ANNA, "niemand@voorbeeld.example")]
    assert [page.status for page in pages] == [200, 200]
    assert len({without_tokens(page.html) for page in pages}) == 1
    assert "Hebben we boekingen op dit adres? Dan krijg je binnen een paar minuten een mail" in pages[0].text


def test_it_does_the_same_for_every_address(reservation: Reservation, query_count: Any) -> None:
    for email in (ANNA, "niemand@voorbeeld.example"):
        guest = Guest()
        token = guest.get(LOST).tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
        with query_count(1):
            guest.client.post(LOST, {"csrfmiddlewaretoken": token, "email": email})


def test_a_stranger_s_address_is_forgotten_unsent(reservation: Reservation, post: Post) -> None:
    ask_lost("niemand@voorbeeld.example")
    delivery.sweep()
    mail = OutboxMail.objects.get()
    assert (post.mails, mail.state, mail.recipient) == ([], "dropped", "")
    assert "niemand" not in mail.key + mail.subject


def test_an_address_is_mailed_once_a_day(reservation: Reservation, post: Post) -> None:
    for _ in range(3):
        ask_lost(ANNA)
        delivery.sweep()
    with time_machine.travel(MONDAY_NINE + timedelta(days=1), tick=False):
        ask_lost(ANNA)
        delivery.sweep()
    assert len(post.mails) == 2


def test_asking_for_it_kills_no_link(reservation: Reservation) -> None:
    ask_lost(ANNA)
    assert now_of(reservation).reference == reservation.reference


@pytest.mark.parametrize("gone", ["cancelled", "past", "other address"])
def test_what_is_not_coming_or_not_hers_is_not_mailed(reservation: Reservation, post: Post, gone: str) -> None:
    if gone == "cancelled":
        cancel(reservation, GUEST)
    elif gone == "past":
        Booking.objects.update(date=clock.today() - timedelta(days=1))
    else:  # as it may be put right by the house: only where the confirmation went counts
        Reservation.objects.update(confirmed_to="ander@voorbeeld.example")
    OutboxMail.objects.all().delete()
    ask_lost(ANNA)
    delivery.sweep()
    assert post.mails == []


@pytest.mark.parametrize("email", ["", "anna", "anna@", "a" * 300 + "@voorbeeld.example"])
def test_what_is_no_address_is_422_and_kept(email: str) -> None:
    page = ask_lost(email)
    assert page.status == 422
    assert page.notice
    assert page.tree.one("input", name="email").attrs["value"] == email
    assert OutboxMail.objects.count() == 0


def test_opening_the_page_writes_nothing(reservation: Reservation, query_count: Any) -> None:
    with query_count(0):
        assert Guest().get(LOST).status == 200


def test_without_its_cookie_nothing_is_mailed(reservation: Reservation) -> None:
    assert (Guest().client.post(LOST, {"email": ANNA}).status_code, OutboxMail.objects.count()) == (403, 0)


def test_an_address_with_an_empty_byte_is_422_too() -> None:
    assert ask_lost("anna\x00@voorbeeld.example").status == 422
