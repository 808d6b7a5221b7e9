"""The waiting list as people see it: from a full dagdeel, her private page, and the house's own page of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.actions.cancel import cancel
from bookings.models import Booking, CallEntry, Reservation, Waiting
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from portal.base.outbox.registry import composer
from tests.factories import at, make_booking, make_house, make_member, make_tariff, make_user, make_wait, make_waiting
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, Guest, Page, on_monday, without_tokens
from villages.models import Dorpshuis, Opening
from villages.models.messages import HouseMessages

pytestmark = [pytest.mark.django_db, on_monday]

LIST = "/dorpshuizen/het-huis/wachtlijst/"
DESK = "/beheer/het-huis/wachtlijst/"
ANNA = {"naam": "Anna", "email": "anna@voorbeeld.example"}


@pytest.fixture
def house() -> Dorpshuis:
    """One desk, and on Wednesday morning it is taken."""
    house = make_house("het-huis", desks=1)
    make_booking(house, WEDNESDAY, email="eerder@voorbeeld.example")
    return house


@pytest.fixture
def guest() -> Guest:
    return Guest()


@pytest.fixture
def desk(house: Dorpshuis) -> Guest:
    volunteer = Guest()
    volunteer.client.force_login(make_member(house))
    return volunteer


def join(guest: Guest, **typed: Any) -> Page:
    """Open the form, type, and tap."""
    page = guest.get(f"{LIST}?dagdeel={WEDNESDAY}")
    fields = hidden(page, LIST) | ANNA | typed
    return Page(guest.client.post(LIST, fields))  # type: ignore[arg-type]


def hidden(page: Page, action: str) -> dict[str, str]:
    form = page.tree.one("form", action=action)
    return {node.attrs["name"]: node.attrs["value"] for node in form.all("input", type="hidden")}


def tap(guest: Guest, page: Page, action: str) -> Page:
    """Tap the button of this form as it stands on the page."""
    return Page(guest.client.post(action, hidden(page, action)))  # type: ignore[arg-type]


def hers(name: str = "Anna") -> str:
    return f"/wachtlijst/{Reservation.objects.get(name=name).reference}/"


def free_it(house: Dorpshuis) -> None:
    cancel(Reservation.objects.get(dorpshuis=house, email="eerder@voorbeeld.example"), GUEST)


def test_a_full_dagdeel_in_the_week_leads_to_the_list(guest: Guest, house: Dorpshuis) -> None:
    cell = guest.look(house, week="2026-W48").cells[str(WEDNESDAY)]
    assert [link.attrs["href"] for link in cell.all("a")] == [f"{LIST}?dagdeel={WEDNESDAY}"]
    assert "Mail mij bij plek" in cell.text


def test_a_full_dagdeel_that_was_chosen_does_too(guest: Guest, house: Dorpshuis) -> None:
    page = guest.look(house, WEDNESDAY)
    assert "Mail mij als er plek komt" in page.text


def test_the_form_promises_an_end_after_a_month_only_to_who_never_books(guest: Guest, house: Dorpshuis) -> None:
    said = guest.get(f"{LIST}?dagdeel={WEDNESDAY}").text
    assert "Boek je hier nooit iets, dan zijn ze een maand na het dagdeel weg." in said


def test_a_free_dagdeel_does_not(guest: Guest, house: Dorpshuis) -> None:
    assert "wachtlijst" not in guest.look(house, week="2026-W49").html


def test_a_house_without_a_list_leads_to_none(guest: Guest, house: Dorpshuis) -> None:
    HouseMessages.objects.create(dorpshuis=house, waiting_list=False)
    assert "wachtlijst" not in guest.look(house, week="2026-W48").html
    assert "Voor dit dagdeel is er geen wachtlijst." in guest.get(f"{LIST}?dagdeel={WEDNESDAY}").text


def test_from_a_full_dagdeel_to_the_place_in_four_taps(guest: Guest, house: Dorpshuis) -> None:
    answer = join(guest)
    assert answer.response["Location"] == f"{LIST}gelukt/?dagdeel={WEDNESDAY}"
    assert "Je bent de eerste." in guest.get(hers()).text
    free_it(house)
    page = guest.get(hers())
    assert "We houden de plek voor je vast tot maandag 23 november, 11.00 uur" in page.text
    assert [button.text for button in page.tree.one("main").all("button")][0] == (
        "Boek en betaal € 7,50 in het dorpshuis"
    )
    booked = tap(guest, page, f"{hers()}boek/")
    assert booked.response["Location"] == hers().replace("wachtlijst", "boeking")
    assert guest.get(booked.response["Location"]).status == 200
    assert guest.get(hers()).response["Location"] == booked.response["Location"]
    assert Booking.objects.get(reservation__name="Anna").price_cents == 750


def test_the_answer_is_the_same_for_an_address_that_waits_already(guest: Guest, house: Dorpshuis) -> None:
    first, again = join(guest), join(Guest())
    assert (first.status, first.response["Location"]) == (again.status, again.response["Location"])
    assert first.response.cookies.keys() == again.response.cookies.keys()
    assert Waiting.objects.count() == 1


def test_the_answer_holds_no_link_to_the_list(guest: Guest, house: Dorpshuis) -> None:
    page = guest.get(join(guest).response["Location"])
    assert page.status == 200
    assert Reservation.objects.get(name="Anna").reference not in page.html


def test_a_member_with_that_very_address_goes_to_her_page(house: Dorpshuis) -> None:
    member = Guest()
    user = make_user("anna@voorbeeld.example", name="Anna Mulder")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)  # type: ignore[attr-defined]
    member.client.force_login(user)
    page = member.get(f"{LIST}?dagdeel={WEDNESDAY}")
    assert page.tree.one("input", id="email").attrs["value"] == "anna@voorbeeld.example"
    assert join(member).response["Location"] == hers()


@pytest.mark.parametrize("typed", [{"naam": ""}, {"email": ""}, {"email": "geen adres"}, {"naam": "\x00"}])
def test_what_is_typed_wrong_comes_back_with_why(guest: Guest, house: Dorpshuis, typed: dict[str, str]) -> None:
    page = join(guest, **typed)
    assert page.status == 422
    assert "Je staat nog niet op de wachtlijst" in page.notice
    assert not Waiting.objects.exists()


def test_what_is_free_by_now_can_be_booked(guest: Guest, house: Dorpshuis) -> None:
    fields = hidden(guest.get(f"{LIST}?dagdeel={WEDNESDAY}"), LIST) | ANNA
    free_it(house)
    page = Page(guest.client.post(LIST, fields))  # type: ignore[arg-type]
    assert page.status == 409
    assert "Er is nu plek." in page.text
    assert page.tree.one("a", role="button").text == "Boek dit dagdeel"


def test_a_dagdeel_without_a_list_says_why(guest: Guest, house: Dorpshuis) -> None:
    Opening.objects.update(by_appointment=True)
    page = guest.get(f"{LIST}?dagdeel={WEDNESDAY}")
    assert "Voor dit dagdeel is er geen wachtlijst." in page.text
    assert not page.tree.all("form", action=LIST)


@pytest.mark.parametrize("moment", ["2026-11-20:ochtend", "2026-11-28:ochtend", "2027-11-24:ochtend"])
def test_past_and_closed_have_no_form(guest: Guest, house: Dorpshuis, moment: str) -> None:
    page = guest.get(f"{LIST}?dagdeel={moment}")
    assert page.status == 200
    assert not page.tree.all("form", action=LIST)


@pytest.mark.parametrize("query", ["", "?dagdeel=", "?dagdeel=morgen", "?dagdeel=2026-13-01:ochtend", "?dagdeel=%00"])
def test_no_dagdeel_at_all_leads_to_the_week(guest: Guest, house: Dorpshuis, query: str) -> None:
    for address in (LIST, f"{LIST}gelukt/"):
        assert guest.get(f"{address}{query}").response["Location"] == "/dorpshuizen/het-huis/"


def test_her_page_tells_her_place_and_nothing_of_others(guest: Guest, house: Dorpshuis) -> None:
    make_waiting(house, WEDNESDAY, name="Geheim", email="geheim@voorbeeld.example")
    make_waiting(house, WEDNESDAY, name="Anna", email="anna@voorbeeld.example")
    page = guest.get(hers())
    assert "Je bent nummer 2 op de lijst." in page.text
    assert "eheim" not in without_tokens(page.html)
    assert "anna@" not in page.html
    assert page.response["Cache-Control"] == "no-store, private"
    assert page.response["X-Robots-Tag"] == "noindex, nofollow"


def test_leaving_is_one_button(guest: Guest, house: Dorpshuis) -> None:
    join(guest)
    page = guest.get(hers())
    tap(guest, page, f"{hers()}weg/")
    assert "Je bent van de lijst." in guest.get(hers()).text
    assert Waiting.objects.get().state == Waiting.State.LEFT


def test_a_get_on_a_button_changes_nothing(guest: Guest, house: Dorpshuis) -> None:
    join(guest)
    free_it(house)
    for act in ("boek/", "weg/"):
        assert guest.get(f"{hers()}{act}").response["Location"] == hers()
    assert Waiting.objects.get().state == Waiting.State.OFFERED


def test_after_her_turn_the_button_says_so_and_nothing_is_booked(guest: Guest, house: Dorpshuis) -> None:
    join(guest)
    free_it(house)
    page = guest.get(hers())
    with time_machine.travel(at(MONDAY, 11), tick=False):
        answer = tap(guest, page, f"{hers()}boek/")
    assert answer.status == 409
    assert "niet meer voor je vastgehouden" in answer.notice
    assert not Booking.objects.filter(reservation__name="Anna", state=Booking.State.BOOKED).exists()


def test_another_price_is_shown_first(guest: Guest, house: Dorpshuis) -> None:
    join(guest)
    free_it(house)
    page = guest.get(hers())
    make_tariff(house, "standaard", 900, valid_from=WEDNESDAY.date)
    answer = tap(guest, page, f"{hers()}boek/")
    assert answer.status == 409
    assert "Het kost nu € 9,00." in answer.notice
    assert "€ 9,00" in answer.tree.one("main").all("button")[0].text


def test_who_waits_has_no_booking_page(guest: Guest, house: Dorpshuis) -> None:
    reference = make_wait(house, WEDNESDAY).reservation.reference
    assert guest.get(f"/boeking/{reference}/").response["Location"] == f"/wachtlijst/{reference}/"
    for rest in ("wijzig/", "agenda.ics", "nieuwe-link/"):
        assert guest.get(f"/boeking/{reference}/{rest}").status == 404


def test_nobodys_link_says_so(guest: Guest) -> None:
    page = guest.get("/wachtlijst/bestaat-niet/")
    assert page.status == 404
    assert page.response["Cache-Control"] == "no-store, private"


def test_the_mail_of_her_turn_names_the_sum_and_her_page(guest: Guest, house: Dorpshuis) -> None:
    join(guest)
    free_it(house)
    mail = OutboxMail.objects.get(kind="place")
    message = composer("place")(mail)
    assert message is not None
    assert "Boek en betaal € 7,50 in het dorpshuis: http" in message.body.replace("\xa0", " ")
    assert hers() in message.body
    assert "tot maandag 23 november, 11.00 uur" in message.body


def test_a_mail_of_a_turn_that_is_over_is_not_sent(guest: Guest, house: Dorpshuis) -> None:
    join(guest)
    free_it(house)
    mail = OutboxMail.objects.get(kind="place")
    with time_machine.travel(at(MONDAY, 11), tick=False):
        assert composer("place")(mail) is None


def test_who_left_gets_no_mail_that_was_on_its_way(guest: Guest, house: Dorpshuis) -> None:
    join(guest)
    free_it(house)
    tap(guest, guest.get(hers()), f"{hers()}weg/")
    for mail in OutboxMail.objects.filter(recipient="anna@voorbeeld.example"):
        assert composer(mail.kind)(mail) is None


# --- in the house -----------------------------------------------------------------------------------------


def put(desk: Guest, **typed: str) -> Page:
    """A caller on the list, from the page where one books for somebody."""
    page = desk.get("/beheer/het-huis/boek/")
    (button,) = page.tree.all("button", name="wachtlijst")
    assert button.attrs["formaction"] == DESK
    token = page.tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    fields = {"naam": "Berta", "telefoon": "06 12345678", "wachtlijst": button.attrs["value"]} | typed
    return Page(desk.client.post(DESK, fields | {"csrfmiddlewaretoken": token}))  # type: ignore[arg-type]


def test_a_caller_is_put_on_the_list_and_called_when_a_place_comes(desk: Guest, house: Dorpshuis) -> None:
    page = desk.get(put(desk).response["Location"])
    assert "Berta staat op de wachtlijst." in page.text
    assert "Dan bellen we je. We houden de plek niet vast." in page.text
    free_it(house)
    entry = CallEntry.objects.get(kind="place_free")
    said = desk.get("/beheer/het-huis/bellijst/")
    assert "Je staat op onze wachtlijst. Er is nu plek: woensdagochtend" in said.text
    assert f"?gast={entry.reservation.guest_id}&dagdeel={WEDNESDAY}" in said.html.replace("&amp;", "&")


def test_when_the_place_is_gone_nobody_needs_to_call(desk: Guest, house: Dorpshuis) -> None:
    put(desk)
    free_it(house)
    make_booking(house, WEDNESDAY)
    assert "er is dan geen plek meer." in desk.get("/beheer/het-huis/bellijst/").text


def test_what_is_typed_wrong_can_be_mended_there(desk: Guest, house: Dorpshuis) -> None:
    page = put(desk, naam="")
    assert page.status == 422
    assert "Kijk de naam na." in page.notice
    assert page.tree.one("input", name="wachtlijst").attrs["value"] == str(WEDNESDAY)


def test_what_is_free_by_now_is_said(desk: Guest, house: Dorpshuis) -> None:
    page = put(desk, wachtlijst=str(THURSDAY))
    assert page.status == 409
    assert "Er is nu plek." in page.notice


@pytest.mark.parametrize("moment", ["", "morgen", "2026-11-20:ochtend"])
def test_no_dagdeel_to_wait_for_is_said(desk: Guest, house: Dorpshuis, moment: str) -> None:
    page = put(desk, wachtlijst=moment)
    assert page.status in (409, 422)
    assert page.notice


def test_the_house_sees_who_waits_and_takes_somebody_off(desk: Guest, house: Dorpshuis) -> None:
    put(desk)
    page = desk.get(DESK)
    assert "Woensdag 25 november" in page.text
    (button,) = page.tree.all("button", name="weg")
    token = page.tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    desk.client.post(DESK, {"weg": button.attrs["value"], "csrfmiddlewaretoken": token})
    assert "Er wacht nu niemand." in desk.get(DESK).text


@pytest.mark.parametrize("number", ["", "x", "999999", "1" * 30, "²"])
def test_a_number_of_nobody_takes_nobody_off(house: Dorpshuis, number: str) -> None:
    make_wait(house, WEDNESDAY)
    client = Client()
    client.force_login(make_member(house))
    assert client.post(DESK, {"weg": number}).status_code == 302
    assert Waiting.objects.get().is_listed


def test_another_house_takes_nobody_off(house: Dorpshuis) -> None:
    wait = make_wait(make_house("ander"), WEDNESDAY)
    client = Client()
    client.force_login(make_member(house))
    client.post(DESK, {"weg": str(wait.pk)})
    wait.refresh_from_db()
    assert wait.is_listed


def test_the_page_stays_true_until_a_turn_ends(guest: Guest, house: Dorpshuis) -> None:
    """The week is kept until something changes; a hold ends by time alone."""
    join(guest)
    free_it(house)
    shut = guest.look(house, week="2026-W48").cells[str(WEDNESDAY)]
    assert "shut" in shut.attrs["class"]
    with time_machine.travel(at(MONDAY, 11) + timedelta(seconds=1), tick=False):
        free = guest.look(house, week="2026-W48").cells[str(WEDNESDAY)]
    assert free.attrs["data-vrij"] == "1"


def test_who_orders_what_is_due_to_who_waits_reads_that_it_is_full_and_what_can(guest: Guest, house: Dorpshuis) -> None:
    make_waiting(house, WEDNESDAY, name="Anna", email=ANNA["email"])
    with time_machine.travel(at(MONDAY, 22), tick=False):
        free_it(house)  # at night nobody is woken
    with time_machine.travel(at(MONDAY + timedelta(days=1), 9), tick=False):
        page = guest.book(house, WEDNESDAY)
    assert page.status == 409
    assert "toch weer wel" not in page.text
    assert "Dit kan wel" in page.text
    assert not page.has_form
    assert Booking.objects.get(state=Booking.State.HELD).reservation.email == ANNA["email"]
    assert OutboxMail.objects.filter(kind="place", recipient=ANNA["email"]).count() == 1


def test_at_night_who_is_first_reads_that_she_can_book_what_is_free(guest: Guest, house: Dorpshuis) -> None:
    join(guest)
    with time_machine.travel(at(MONDAY, 22), tick=False):
        free_it(house)
        page = guest.get(hers())
        assert "Er is nu plek." in page.text
        assert "Komt er plek" not in page.text
        (link,) = [a for a in page.tree.all("a") if a.text == "Boek dit dagdeel"]
        assert guest.get(link.attrs["href"]).has_form


def test_her_page_promises_no_mail_while_the_house_has_no_list(guest: Guest, house: Dorpshuis) -> None:
    join(guest)
    HouseMessages.objects.create(dorpshuis=house, waiting_list=False)
    text = guest.get(hers()).text
    assert f"Je krijgt dus geen mail. Bel om te vragen of er plek is: {house.phone.as_national}." in text
    assert "mailen we" not in text


def test_who_goes_off_the_list_while_her_page_is_made_still_gets_it(
    guest: Guest, house: Dorpshuis, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(guest)
    monkeypatch.setattr("bookings.guest.waiting.usual_price", lambda *_: Waiting.objects.update(state="passed"))
    assert guest.get(hers()).status == 200
