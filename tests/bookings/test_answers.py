"""What a guest may tell and choose from her private page: three answers, her language, and the same once more."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.actions.cancel import cancel
from bookings.domain.dagdelen import Moment
from bookings.models import CallEntry, Reservation
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.factories import at, make_booking, make_house
from tests.guest import THURSDAY, WEDNESDAY, Guest, Page, on_monday, written
from tests.post import Post
from villages.models import AccessWay, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

GIVEN = {"postcode": "7991", "gevonden": "poster", "doelgroep": "zzp"}
OVER = at(WEDNESDAY.date, 13)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def reservation(house: Dorpshuis) -> Reservation:
    reservation = make_booking(house, WEDNESDAY, name="Anna", email="anna@voorbeeld.example")
    OutboxMail.objects.all().delete()
    return reservation


def look(reservation: Reservation) -> Page:
    return Guest().get(f"/boeking/{reservation.reference}/")


def send(reservation: Reservation, rest: str, fields: dict[str, Any]) -> Page:
    """Fill the form of this address in and send it, with what it holds besides."""
    guest = Guest()
    page = guest.get(f"/boeking/{reservation.reference}/")
    address = f"/boeking/{reservation.reference}/{rest}/"
    form = page.tree.one("form", action=address)
    held = {node.attrs["name"]: node.attrs.get("value", "") for node in form.all("input")}
    return Page(guest.client.post(address, held | fields))  # type: ignore[arg-type]


def kept() -> tuple[str, str, str]:
    row = Reservation.objects.get()
    return row.postcode, row.found_by, row.target_group


def chosen(page: Page) -> list[str]:
    return [node.attrs["value"] for node in page.tree.all("option") if "selected" in node.attrs]


# --- three questions --------------------------------------------------------------------------------------


def test_the_questions_say_that_nobody_has_to_answer(reservation: Reservation) -> None:
    page = look(reservation)
    assert "Help ons met drie vragen. Het mag, het hoeft niet." in page.text
    assert [node for node in page.tree.one("section", id="vragen").all() if "required" in node.attrs] == []


def test_answers_are_kept_and_thanked_for(reservation: Reservation) -> None:
    answer = send(reservation, "vragen", GIVEN)
    page = look(reservation)
    assert answer.response["Location"] == f"/boeking/{reservation.reference}/#vragen"
    assert kept() == ("7991", "poster", "zzp")
    assert "Bedankt voor je antwoorden." in page.text
    assert chosen(page) == ["poster", "zzp"]


def test_one_answer_is_enough(reservation: Reservation) -> None:
    send(reservation, "vragen", {"gevonden": "bokd"})
    assert kept() == ("", "bokd", "")


def test_answers_can_be_changed_and_emptied(reservation: Reservation) -> None:
    send(reservation, "vragen", GIVEN)
    send(reservation, "vragen", {"postcode": "9401", "gevonden": "", "doelgroep": ""})
    changed = kept()
    send(reservation, "vragen", {"postcode": "", "gevonden": "", "doelgroep": ""})
    assert (changed, kept()) == (("9401", "", ""), ("", "", ""))
    assert "Bedankt" not in look(reservation).text


@pytest.mark.parametrize(
    "wrong",
    [{"postcode": "7991 AB"}, {"postcode": "0123"}, {"postcode": "79\x0091"}, {"gevonden": "x"}, {"doelgroep": "x"}],
)
def test_what_makes_no_sense_is_422_with_what_was_typed(reservation: Reservation, wrong: dict[str, str]) -> None:
    page = send(reservation, "vragen", GIVEN | wrong)
    assert (page.status, kept()) == (422, ("", "", ""))
    assert page.notice.startswith("Je antwoorden zijn nog niet bewaard")
    assert page.tree.one("input", name="postcode").attrs["value"] == (GIVEN | wrong)["postcode"]
    assert "open" in page.tree.one("section", id="vragen").one("details").attrs


def test_of_a_cancelled_booking_nothing_is_asked(reservation: Reservation) -> None:
    cancel(reservation, GUEST)
    assert "drie vragen" not in look(reservation).text


# --- the language of mails --------------------------------------------------------------------------------


def test_another_language_is_confirmed_in_that_language_once(reservation: Reservation, post: Post) -> None:
    for language in ("en", "nl", "en"):
        send(Reservation.objects.get(), "taal", {"taal": language})
    delivery.sweep()
    rows = OutboxMail.objects.order_by("pk").values_list("key", "language", "state")
    key = f"confirmation:{reservation.pk}"
    assert list(rows) == [(f"{key}:en", "en", "sent"), (f"{key}:nl", "nl", "sent")]
    assert Reservation.objects.get().language == "en"
    assert len(post.mails) == 2


def test_the_button_offers_the_other_language(reservation: Reservation) -> None:
    offered = look(reservation).tree.one("input", name="taal").attrs["value"]
    send(reservation, "taal", {})
    assert (offered, look(reservation).tree.one("input", name="taal").attrs["value"]) == ("en", "nl")


def test_the_language_it_has_already_changes_nothing(reservation: Reservation) -> None:
    before = written()
    send(reservation, "taal", {"taal": "nl"})
    assert (OutboxMail.objects.count(), written()) == (0, before)


def test_when_nothing_stands_only_the_language_changes(reservation: Reservation) -> None:
    with time_machine.travel(OVER, tick=False):
        send(reservation, "taal", {"taal": "en"})
    assert (OutboxMail.objects.count(), Reservation.objects.get().language) == (0, "en")


@pytest.mark.parametrize("language", ["", "de", "EN", "en\x00", "e" * 5_000])
def test_a_language_that_we_do_not_write_is_422(reservation: Reservation, language: str) -> None:
    page = send(reservation, "taal", {"taal": language})
    assert (page.status, Reservation.objects.get().language) == (422, "nl")
    assert "Kies op deze pagina Nederlands of Engels." in page.notice


def test_who_has_no_address_is_not_asked_and_not_phoned(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, email="", phone="+31612345678")
    calls = CallEntry.objects.count()
    assert "in English" not in look(reservation).text
    Client().post(f"/boeking/{reservation.reference}/taal/", {"taal": "en"})
    assert (CallEntry.objects.count(), OutboxMail.objects.count()) == (calls, 0)


def test_a_change_of_language_is_written_in_the_log(reservation: Reservation) -> None:
    send(reservation, "taal", {"taal": "en"})
    entry = LogEntry.objects.latest("pk")
    assert (entry.verb, entry.subject) == ("set_language", f"reservation:{reservation.pk}")


# --- once more --------------------------------------------------------------------------------------------


def once_more(page: Page) -> list[str]:
    return [node.attrs["href"] for node in page.tree.all("a") if node.text == "Boek weer zo'n dagdeel"]


def test_the_same_dagdeel_of_next_week_is_one_link_away(reservation: Reservation) -> None:
    assert once_more(look(reservation)) == [
        "/dorpshuizen/het-huis/?week=2026-W49&dagdeel=2026-12-02:ochtend#jouw-keuze"
    ]
    page = Guest().get(once_more(look(reservation))[0])
    assert page.fields["dagdeel"] == ["2026-12-02:ochtend"]


def test_when_all_is_over_it_is_the_next_step(reservation: Reservation) -> None:
    with time_machine.travel(at(date(2026, 12, 10), 9), tick=False):
        page = look(reservation)
    assert page.tree.one("h1").text == "Dit was je boeking"
    assert [node.text for node in page.tree.one("main").all("a", role="button")] == ["Boek weer zo'n dagdeel"]
    assert once_more(page)[0].endswith("dagdeel=2026-12-16:ochtend#jouw-keuze")
    for words in ("We hebben je een mail gestuurd", "Zet in je agenda", "Tot "):
        assert words not in page.text


def test_half_over_it_greets_for_what_is_to_come(house: Dorpshuis) -> None:
    reservation = make_booking(house, WEDNESDAY, THURSDAY, name="Anna")
    with time_machine.travel(OVER, tick=False):
        assert "Tot donderdag, Anna!" in look(reservation).text


@pytest.mark.parametrize("status", [status for status in Dorpshuis.Status if status != Dorpshuis.Status.OPEN])
def test_where_nobody_can_book_it_is_not_offered(reservation: Reservation, status: Dorpshuis.Status) -> None:
    Dorpshuis.objects.update(status=status)
    assert once_more(look(reservation)) == []


# --- opening a link changes nothing -----------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_every_link_changes_nothing(reservation: Reservation, method: str) -> None:
    client, before = Client(), (written(), list(Reservation.objects.values()), list(OutboxMail.objects.values()))
    page = look(reservation)
    links = {node.attrs["href"].split("#")[0] for node in page.tree.all("a")}
    buttons = {node.attrs["action"] for node in page.tree.all("form") if "action" in node.attrs}
    for address in sorted(links | buttons):
        if address.startswith("/"):
            assert getattr(client, method)(address).status_code < 500
    assert len(buttons) > 4
    assert (written(), list(Reservation.objects.values()), list(OutboxMail.objects.values())) == before


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_takes_the_same_queries_for_one_and_thirty_dagdelen(query_count: Any, number: int) -> None:
    house = make_house(parts=(WEDNESDAY.dagdeel,), window_days=365, order_limit=30, guest_limit=60)
    AccessWay.objects.create(dorpshuis=house, public_text="Sleutelkluis.", private_text="Code 4711")
    moments = [Moment(WEDNESDAY.date + timedelta(weeks=n), WEDNESDAY.dagdeel) for n in range(number)]
    reservation = make_booking(house, *moments)
    with query_count(7):
        assert look(reservation).status == 200
