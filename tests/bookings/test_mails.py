"""The words of the mails: all that she needs, nothing of others, and no way to slip something in."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine

from bookings.actions.cancel import cancel
from bookings.actions.change import Change, change
from bookings.actions.standing import release
from bookings.mails.letter import greeting_name
from bookings.models import Reservation
from portal.base import clock
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from portal.base.outbox import delivery, registry
from tests.factories import at, house_actor, make_booking, make_closed, make_house, make_standing
from tests.guest import THURSDAY, WEDNESDAY, WEDNESDAY_NOON, on_monday, parse
from tests.post import Post
from tests.test_project import ROOT
from villages.models import AccessWay, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

ANNA: dict[str, Any] = {"name": "Anna de Wit", "email": "anna@voorbeeld.example"}
OTHER: dict[str, Any] = {"name": "Geheime Gast", "email": "geheim@voorbeeld.example", "phone": "+31687654321"}


@pytest.fixture
def house() -> Dorpshuis:
    house = make_house(
        "het-huis", name="Het Huis", street="Brink 1", postcode="7991 AA", email="huis@voorbeeld.example"
    )
    AccessWay.objects.create(dorpshuis=house, public_text="De deur is open.", private_text="Code 4711")
    AccessWay.objects.create(dorpshuis=house, dagdeel="avond", public_text="Bel aan.")
    make_booking(house, WEDNESDAY, WEDNESDAY_NOON, THURSDAY, **OTHER)
    OutboxMail.objects.all().delete()
    return house


def only(post: Post) -> EmailMessage:
    """Send what waits; the one mail that came."""
    delivery.sweep()
    (mail,) = post.mails
    return mail


def forms(mail: EmailMessage) -> tuple[str, str]:
    """The text and the HTML in words, spaces folded."""
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain
    assert html
    return " ".join(plain.get_content().split()), parse(html.get_content()).text


def whole(mail: EmailMessage) -> str:
    """All that it says, but what is drawn by chance: its number, and what stands between its parts."""
    said = [str(value) for name, value in mail.items() if name not in ("Message-ID", "Content-Type")]
    parts = [part for part in mail.walk() if not part.is_multipart()]
    return "\n".join([*said, *(str(part.get_content()) for part in parts)])


def both(mail: EmailMessage, *sentences: str) -> dict[str, tuple[bool, bool]]:
    """Which of these sentences stand in the text, and which in the HTML."""
    text, html = forms(mail)
    return {words: (words in text, words in html) for words in sentences}


def everywhere(*sentences: str) -> dict[str, tuple[bool, bool]]:
    return dict.fromkeys(sentences, (True, True))


def test_the_confirmation_says_all_she_needs_to_come(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    mail = only(post)
    words = (
        "Hoi Anna de Wit",
        "Je hebt een bureau geboekt in Het Huis",
        "woensdag 25 november",
        "ochtend, 08.30 tot 12.30 uur",
        "Brink 1, 7991 AA Toetsdorp",
        "De deur is open.",
        "€ 7,50",
        "Je betaalt als je er bent, met pin of contant.",
        "Annuleer dan vóór dinsdag 24 november, 17.00 uur. Dat is gratis.",
        "0521 591 000",
        "Tot woensdag!",
    )
    assert mail["Subject"] == "Je werkplek is geboekt: woensdagochtend in Het Huis"
    assert both(mail, *words) == everywhere(*words)
    assert f"http://localhost:8000/boeking/{reservation.reference}/" in forms(mail)[0]


def test_its_headers_say_who_sends_it_and_that_nobody_typed_it(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    mail = only(post)
    assert [mail[name] for name in ("From", "To", "Reply-To", "Auto-Submitted")] == [
        "Naoberplek <post@localhost>",
        "anna@voorbeeld.example",
        "huis@voorbeeld.example",
        "auto-generated",
    ]
    assert re.fullmatch(r"<[0-9a-f]{32}@localhost>", mail["Message-ID"])


def test_several_dagdelen_stand_in_one_mail(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, THURSDAY, **ANNA)
    mail = only(post)
    words = ("€ 15,00", "gratis annuleren tot dinsdag 24 november, 17.00 uur", "tot woensdag 25 november, 17.00 uur")
    assert mail["Subject"] == "Je werkplek is geboekt: 2 dagdelen in Het Huis"
    assert both(mail, *words) == everywhere(*words)


def test_a_free_desk_asks_for_no_money(post: Post) -> None:
    make_booking(make_house(cents=0), WEDNESDAY, **ANNA)
    assert both(only(post), "Je hoeft niets te betalen.") == everywhere("Je hoeft niets te betalen.")


def test_when_free_cancelling_is_over_it_does_not_promise_it(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    with time_machine.travel(at(WEDNESDAY.date, 7), tick=False):
        mail = only(post)
    assert both(mail, "Dat is gratis") == {"Dat is gratis": (False, False)}


def test_the_way_in_is_told_in_public_words_and_for_her_own_dagdeel(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    found = both(only(post), "4711", "Bel aan.", "De deur is open.")
    assert found == {"4711": (False, False), "Bel aan.": (False, False), "De deur is open.": (True, True)}


TWICE = "Let op: dit had je al geboekt."


def test_a_second_booking_of_the_same_dagdeel_says_so(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    OutboxMail.objects.all().delete()
    second = make_booking(house, WEDNESDAY, **ANNA)
    mail = only(post)
    text, _ = forms(mail)
    assert both(mail, TWICE) == everywhere(TWICE)
    assert f"Annuleer dan deze boeking: http://localhost:8000/boeking/{second.reference}/" in text


@pytest.mark.parametrize("other", [{"email": "iemand@voorbeeld.example"}, {"phone": "+31612345678"}])
def test_what_somebody_else_booked_is_not_told(house: Dorpshuis, post: Post, other: dict[str, Any]) -> None:
    phone = {"phone": "+31612345678"}
    make_booking(house, WEDNESDAY, **{"email": "bert@voorbeeld.example"} | other)
    OutboxMail.objects.all().delete()
    make_booking(house, WEDNESDAY, **ANNA | phone)
    assert both(only(post), TWICE) == {TWICE: (False, False)}


def test_a_cancellation_names_what_is_gone_and_what_stays(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY, **ANNA)
    OutboxMail.objects.all().delete()
    cancel(reservation, GUEST, moments=[WEDNESDAY])
    mail = only(post)
    words = ("woensdag 25 november", "Je hoeft niets te betalen.", "donderdag 26 november", "Dit gaat wel door")
    assert mail["Subject"] == "Je boeking van woensdag 25 november is geannuleerd"
    assert both(mail, *words) == everywhere(*words)


def test_what_is_over_does_not_go_on(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY, **ANNA)
    OutboxMail.objects.all().delete()
    with time_machine.travel(at(WEDNESDAY.date, 16), tick=False):
        cancel(reservation, GUEST, moments=[THURSDAY])
        text, html = forms(only(post))
    assert ("donderdag 26 november" in text, "Dit gaat wel door" in text + html) == (True, False)


def test_days_of_a_standing_place_that_were_do_not_go_on(house: Dorpshuis, post: Post) -> None:
    place = make_standing(house, first_day=WEDNESDAY.date, weekday=WEDNESDAY.date.weekday(), **ANNA)
    OutboxMail.objects.all().delete()
    with time_machine.travel(at(WEDNESDAY.date + timedelta(days=6), 12), tick=False):
        release(place, WEDNESDAY.date + timedelta(days=7), GUEST)
        said = both(only(post), "woensdag 2 december", "Dit gaat wel door", "woensdag 9 december", "25 november")
    assert list(said.values()) == [(True, True)] * 3 + [(False, False)]


def test_a_second_confirmation_leaves_out_what_is_over(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY, **ANNA)
    with time_machine.travel(at(WEDNESDAY.date, 16), tick=False):
        mail = only(post)
    assert mail["Subject"] == "Je werkplek is geboekt: donderdagochtend in Het Huis"
    assert reservation.reference in forms(mail)[0]


def test_a_cancellation_of_several_dagdelen_names_the_house(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY, **ANNA)
    OutboxMail.objects.all().delete()
    cancel(reservation, GUEST)
    assert only(post)["Subject"] == "Je boeking in Het Huis is geannuleerd"


def test_a_late_cancellation_says_what_it_costs(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    OutboxMail.objects.all().delete()
    with time_machine.travel(at(WEDNESDAY.date, 7), tick=False):
        cancel(reservation, GUEST)
        mail = only(post)
    words = ("Je was te laat om gratis te annuleren.", "€ 7,50")
    assert both(mail, *words) == everywhere(*words)


def test_the_house_that_cancels_says_that_it_did(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    OutboxMail.objects.all().delete()
    cancel(reservation, house_actor(house))
    words = ("Het Huis heeft deze boeking geannuleerd", "Je hoeft niets te betalen.")
    assert both(only(post), *words) == everywhere(*words)


def test_a_closure_gives_its_reason_and_the_words_of_the_house(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    OutboxMail.objects.all().delete()
    make_closed(house, WEDNESDAY.date, guest_text="Kom je naar het feest?")
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        delivery.sweep()
    mail = next(mail for mail in post.mails if mail["To"] == ANNA["email"])
    words = ("Het spijt ons.", "De reden: dorpsfeest.", "Kom je naar het feest?", "Je betaalt hier niets voor.")
    assert mail["Subject"] == "Je boeking van woensdag 25 november gaat niet door"
    assert both(mail, *words) == everywhere(*words)


def test_no_mail_holds_anything_of_another_guest(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY, **ANNA)
    delivery.sweep()
    cancel(reservation, GUEST, moments=[THURSDAY])
    make_closed(house, WEDNESDAY.date)
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        delivery.sweep()
    hers = [whole(mail) for mail in post.mails if mail["To"] == ANNA["email"]]
    secret = Reservation.objects.get(name="Geheime Gast")
    traces = ("Geheime", "geheim@", "87654321", secret.reference)
    assert len(hers) == 3
    assert [trace for trace in traces if trace in "".join(hers)] == []


# --- what somebody typed ----------------------------------------------------------------------------------


def test_a_line_break_in_a_name_makes_no_header_and_no_line(house: Dorpshuis, post: Post) -> None:
    Dorpshuis.objects.update(name="Het Huis\nBcc: kwaad@voorbeeld.example")
    make_booking(house, WEDNESDAY, name="Anna\r\nBcc: kwaad", email=ANNA["email"])
    mail = only(post)
    assert (mail["Bcc"], post.recipients) == (None, ["anna@voorbeeld.example"])
    assert both(mail, "Hoi Anna Bcc: kwaad,") == everywhere("Hoi Anna Bcc: kwaad,")


@pytest.mark.parametrize("name", ["Win op kwaad.example", "http://kwaad", "bel@kwaad"])
def test_a_name_that_would_become_a_link_is_no_greeting(name: str) -> None:
    assert greeting_name(name) == ""


@pytest.mark.parametrize("name", ["J.P. de Vries", "Anne-Marie van 't Hof", "Ömer"])
def test_an_ordinary_name_is(name: str) -> None:
    assert greeting_name(name) == name


def test_what_is_typed_is_escaped_in_html_and_left_alone_in_text(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, name="<b>Anna</b> & Co", email=ANNA["email"])
    Reservation.objects.filter(email=ANNA["email"]).update(name="Anna <b> & Co")
    mail = only(post)
    html = mail.get_body(("html",))
    assert html
    assert "Hoi Anna <b> & Co," in forms(mail)[0]
    assert "Hoi Anna &lt;b&gt; &amp; Co," in html.get_content()


# --- guards -----------------------------------------------------------------------------------------------


# --- changed ----------------------------------------------------------------------------------------------


def changed_mail(house: Dorpshuis, post: Post, *, at_time: Any = None, **fields: Any) -> EmailMessage:
    """Anna changes Wednesday for Thursday; what she gets, when it is sent at this time."""
    reservation = make_booking(house, WEDNESDAY, **ANNA, **fields)
    OutboxMail.objects.all().delete()
    change(reservation, Change(WEDNESDAY, THURSDAY), GUEST)
    with time_machine.travel(at_time or clock.now(), tick=False):
        return only(post)


def test_a_change_says_what_it_was_what_it_is_and_all_she_needs_to_come(house: Dorpshuis, post: Post) -> None:
    mail = changed_mail(house, post)
    words = (
        "Hoi Anna de Wit",
        "Je boeking in Het Huis is gewijzigd.",
        "woensdag 25 november",
        "donderdag 26 november",
        "ochtend, 08.30 tot 12.30 uur, Bureau",
        "De deur is open.",
        "€ 7,50",
        "Voor het oude dagdeel betaal je niets.",
        "Annuleer of wijzig dan vóór woensdag 25 november, 17.00 uur. Dat is gratis.",
        "0521 591 000",
        "Tot donderdag!",
    )
    assert mail["Subject"] == "Je boeking is gewijzigd: donderdagochtend in Het Huis"
    assert both(mail, *words) == everywhere(*words)
    assert f"http://localhost:8000/boeking/{Reservation.objects.latest('pk').reference}/" in forms(mail)[0]


def test_the_mail_of_a_change_promises_no_free_cancelling_that_is_over(house: Dorpshuis, post: Post) -> None:
    mail = changed_mail(house, post, at_time=at(THURSDAY.date, 7))
    assert both(mail, "Dat is gratis", "Annuleer ook dan.") == {
        "Dat is gratis": (False, False), "Annuleer ook dan.": (True, True),
    }  # fmt: skip


def test_the_mail_of_a_change_names_nothing_of_others_and_no_code(house: Dorpshuis, post: Post) -> None:
    text = " ".join(forms(changed_mail(house, post)))
    assert [word for word in ("Geheime", "geheim@", "87654321", "4711") if word in text] == []


def test_of_two_changes_before_the_mail_goes_only_the_one_that_stands_is_told(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    OutboxMail.objects.all().delete()
    change(reservation, Change(WEDNESDAY, THURSDAY), GUEST)
    change(reservation, Change(THURSDAY, WEDNESDAY_NOON), GUEST)
    assert only(post)["Subject"] == "Je boeking is gewijzigd: woensdagmiddag in Het Huis"
    assert list(OutboxMail.objects.order_by("pk").values_list("state", flat=True)) == ["dropped", "sent"]


def test_who_cancels_what_she_changed_hears_of_the_cancellation_only(house: Dorpshuis, post: Post) -> None:
    reservation = make_booking(house, WEDNESDAY, **ANNA)
    OutboxMail.objects.all().delete()
    change(reservation, Change(WEDNESDAY, THURSDAY), GUEST)
    cancel(reservation, GUEST)
    mail = only(post)
    assert mail["Subject"] == "Je boeking van donderdag 26 november is geannuleerd"
    assert both(mail, "donderdag 26", "woensdag 25") == {"donderdag 26": (True, True), "woensdag 25": (False, False)}


def test_each_mail_has_its_three_templates() -> None:
    found = {path.name for path in (ROOT / "templates" / "bookings" / "mail").glob("*_*")}
    names = {*registry._composers, "forgotten_everywhere"}  # that one is written at once, and kept sealed
    assert found == {f"{name}_{part}" for name in names for part in ("subject.txt", "message.txt", "message.html")}


def test_a_mail_fetches_nothing(house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY, **ANNA)
    html = only(post).get_body(("html",))
    assert html
    assert [node.tag for node in parse(html.get_content()) if node.tag in ("img", "link", "script", "iframe")] == []
