"""A trial code: one dagdeel for nothing, once; given by the house, used by whoever holds it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.urls import reverse

from bookings.actions.book import book
from bookings.actions.cancel import cancel
from bookings.actions.change import Change, change
from bookings.actions.close import reopen
from bookings.actions.trial import MOST_A_DAY, give_trial, withdraw_trial
from bookings.models import Booking, TrialCode
from bookings.refusals import PriceChanged, TooManyCodes, TrialGone
from bookings.trial import code_of, typed_trial
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from tests.bookings.counter import tap
from tests.factories import (
    at,
    house_actor,
    make_booking,
    make_closed,
    make_house,
    make_member,
    make_order,
    make_tariff,
    make_trial,
)
from tests.guest import MARIEKE, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, Node, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

ROOM = "/beheer/het-huis/gasten/proefcodes/"


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture(autouse=True)
def _nobody_tried() -> Iterator[None]:
    caches["default"].clear()
    yield
    caches["default"].clear()


@pytest.fixture
def desk(house: Dorpshuis) -> Guest:
    volunteer = Guest()
    volunteer.client.force_login(make_member(house))
    return volunteer


def prices() -> list[int]:
    return list(Booking.objects.in_order().values_list("price_cents", flat=True))


# --- the guest --------------------------------------------------------------------------------------------


def test_with_a_code_the_dagdeel_is_free_and_the_button_says_so(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    page = Guest().look(house, WEDNESDAY, proef=code)
    assert (page.button, page.fields["proef"], page.fields["bedrag"]) == ("Boek gratis", [code], ["0"])
    assert "met je proefcode" in page.text


def _sent_by(form: Node, button: Node) -> dict[str, str]:
    """What this button of the form sends."""
    hidden = {node.attrs["name"]: node.attrs["value"] for node in form.all("input", type="hidden")}
    return hidden | MARIEKE | {button.attrs["name"]: button.attrs["value"]}


def test_what_can_be_booked_instead_is_free_by_the_code_too(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    guest = Guest()
    fields = guest.fill(guest.look(house, WEDNESDAY, proef=code))
    make_closed(house, WEDNESDAY.date)
    page = guest.send(house, fields)
    assert page.status == 409
    (form,) = [form for form in page.tree.all("form", method="post") if "Dit kan wel" in form.text]
    button = next(node for node in form.all("button") if node.attrs.get("name") == "dagdeel")
    assert button.text.startswith("Boek gratis")
    assert guest.send(house, _sent_by(form, button)).status == 302
    assert prices() == [0]


def test_the_links_to_what_can_be_booked_instead_keep_the_code(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    make_closed(house, WEDNESDAY.date)
    page = Guest().look(house, WEDNESDAY, proef=code)
    other = page.tree.all("li", class_="house")[0]
    assert f"proef={code}" in other.one("a").attrs["href"]
    assert "€ 0,00 met je proefcode" in other.text


def test_exactly_one_dagdeel_is_free_the_first_of_equals(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    page = Guest().book(house, WEDNESDAY, WEDNESDAY_NOON, THURSDAY, look={"proef": code})
    assert page.status == 302
    assert prices() == [0, 750, 750]


def test_the_dearest_dagdeel_is_the_free_one(house: Dorpshuis) -> None:
    make_tariff(house, "standaard", 900, valid_from=THURSDAY.date)
    _, code = make_trial(house)
    Guest().book(house, WEDNESDAY, THURSDAY, look={"proef": code})
    assert prices() == [750, 0]


def test_a_code_is_typed_in_any_way(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    assert typed_trial(f" {code[:4].lower()} {code[4:8]}-{code[8:]} ") == code
    assert Guest().look(house, WEDNESDAY, proef=f"{code[:4].lower()} {code[4:]}").button == "Boek gratis"


def test_the_link_of_a_mail_says_what_to_do_and_keeps_the_code(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    page = Guest().look(house, proef=code)
    assert "Je proefcode geldt: een dagdeel is gratis." in page.text
    assert [node.attrs["value"] for node in page.tree.one("form", id="keuze").all("input", name="proef")] == [code]
    assert f"proef={code}" in page.html


def test_a_used_code_gives_nothing_any_more(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    Guest().book(house, WEDNESDAY, look={"proef": code})
    page = Guest().look(house, THURSDAY, proef=code)
    assert "Deze proefcode is al gebruikt, of niet meer geldig." in page.dropped
    assert page.button == "Boek en betaal € 7,50 in het dorpshuis"
    assert "proef" not in page.fields


def test_two_browsers_with_one_code_one_is_told_the_price_without(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    first, second = Guest(), Guest()
    pages = [guest.look(house, WEDNESDAY, proef=code) for guest in (first, second)]
    assert first.send(house, first.fill(pages[0])).status == 302
    page = second.send(house, second.fill(pages[1]))
    assert page.status == 409
    assert "Deze proefcode is al gebruikt" in page.notice
    assert page.button == "Boek en betaal € 7,50 in het dorpshuis"
    assert "proef" not in page.fields
    assert prices() == [0]
    assert second.send(house, second.fill(page)).status == 302


def test_a_second_tap_is_the_same_booking(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    guest = Guest()
    fields = guest.fill(guest.look(house, WEDNESDAY, proef=code))
    first, second = guest.send(house, fields), guest.send(house, fields)
    assert (first.status, second.status) == (302, 302)
    assert first.response["Location"] == second.response["Location"]
    assert prices() == [0]


def test_a_wrong_code_is_said_and_costs_the_usual_price(house: Dorpshuis) -> None:
    for wrong in ("BCDFGHJKMNPR", "onzin", "a\0b", "<b>", "x" * 500):
        page = Guest().look(house, WEDNESDAY, proef=wrong)
        assert page.status == 200
        assert "Deze proefcode kennen we niet" in page.dropped
        assert page.button == "Boek en betaal € 7,50 in het dorpshuis"


def test_a_wrong_code_in_the_order_books_nothing(house: Dorpshuis) -> None:
    guest = Guest()
    page = guest.book(house, WEDNESDAY, proef="BCDFGHJKMNPR", bedrag="0")
    assert page.status == 422
    assert "Deze proefcode kennen we niet" in page.notice
    assert prices() == []


def test_a_code_of_another_house_is_wrong_here(house: Dorpshuis) -> None:
    _, code = make_trial(make_house())
    assert "Deze proefcode kennen we niet" in Guest().look(house, WEDNESDAY, proef=code).dropped


def test_who_guesses_too_often_must_wait_but_books_as_ever(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    for _ in range(10):
        Guest().look(house, proef="BCDFGHJKMNPR")
    page = Guest().look(house, WEDNESDAY, proef=code)
    assert "te vaak een verkeerde proefcode" in page.dropped
    assert Guest().book(house, WEDNESDAY).status == 302


def test_a_sum_that_leaves_the_code_out_is_refused(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    with pytest.raises(PriceChanged):
        book(make_order(house, WEDNESDAY, trial=code, promised_cents=750), GUEST)


def test_what_is_free_already_spends_no_code(house: Dorpshuis) -> None:
    make_tariff(house, "gratis", 0)
    trial, code = make_trial(house)
    book(make_order(house, WEDNESDAY, trial=code, tariff="gratis", promised_cents=0), GUEST)
    trial.refresh_from_db()
    assert trial.used_by is None


def test_cancelled_in_time_the_code_works_again(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    cancel(make_booking(house, WEDNESDAY, trial=code), GUEST)
    make_booking(house, THURSDAY, trial=code)
    assert prices() == [0, 0]


def test_called_off_by_the_house_the_code_works_again(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    make_booking(house, WEDNESDAY, trial=code)
    make_closed(house, WEDNESDAY.date)
    assert Guest().look(house, THURSDAY, proef=code).button == "Boek gratis"


def test_a_closure_taken_back_gives_the_free_dagdeel_back_with_its_code(house: Dorpshuis) -> None:
    trial, code = make_trial(house)
    first = make_booking(house, WEDNESDAY, trial=code)
    closed = make_closed(house, WEDNESDAY.date)
    second = make_booking(house, THURSDAY, trial=code)
    cancel(second, GUEST)
    reopen(closed.closure, house_actor(house))
    assert first.bookings.get().state == Booking.State.BOOKED
    trial.refresh_from_db()
    assert trial.used_by_id == first.bookings.get().pk
    with pytest.raises(TrialGone):
        make_booking(house, THURSDAY, trial=code)


def test_a_code_used_again_while_it_was_shut_frees_one_dagdeel_and_the_first_guest_hears_it(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    first = make_booking(house, WEDNESDAY, trial=code, email="eerst@voorbeeld.example")
    closed = make_closed(house, WEDNESDAY.date)
    make_booking(house, THURSDAY, trial=code)
    assert reopen(closed.closure, house_actor(house)) == []
    assert first.bookings.get().state == Booking.State.HOUSE_CANCELLED
    assert OutboxMail.objects.filter(kind="called_off", recipient="eerst@voorbeeld.example").exists()


def test_cancelled_late_the_code_is_spent_and_nothing_is_due(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    reservation = make_booking(house, WEDNESDAY, trial=code)
    with time_machine.travel(at(WEDNESDAY.date, 8), tick=False):
        assert cancel(reservation, GUEST).cost_cents == 0
        with pytest.raises(TrialGone):
            make_booking(house, THURSDAY, trial=code)


def test_a_changed_booking_stays_free_and_keeps_the_code(house: Dorpshuis) -> None:
    trial, code = make_trial(house)
    reservation = make_booking(house, WEDNESDAY, trial=code)
    page = Guest().get(f"/boeking/{reservation.reference}/wijzig/?van={WEDNESDAY}&naar={THURSDAY}")
    assert "€ 7,50" not in page.text
    new = change(reservation, Change(WEDNESDAY, THURSDAY, promised_cents=0), GUEST).booking
    trial.refresh_from_db()
    assert (new.price_cents, trial.used_by) == (0, new)
    with pytest.raises(TrialGone):
        make_booking(house, WEDNESDAY, trial=code)


def test_a_code_past_its_end_or_withdrawn_is_gone(house: Dorpshuis) -> None:
    _, old = make_trial(house, valid_until=date(2026, 11, 22))
    row, back = make_trial(house)
    withdraw_trial(row, house_actor(house))
    for code in (old, back):
        with pytest.raises(TrialGone):
            make_booking(house, WEDNESDAY, trial=code)


def test_nothing_typed_gives_a_free_dagdeel(house: Dorpshuis, desk: Guest) -> None:
    """The address that a code was mailed to means nothing by itself."""
    give_trial(house.pk, "mail", house_actor(house), form="een", email=MARIEKE["email"])
    Guest().book(house, WEDNESDAY)
    assert prices() == [750]


def test_no_code_is_kept_with_a_rendered_page(house: Dorpshuis) -> None:
    _, code = make_trial(house)
    for _ in range(2):
        Guest().look(house, proef=code)
        Guest().look(house, WEDNESDAY, proef=code)
    assert code not in Guest().look(house).html
    page = Guest().look(house, proef=code)
    assert page.response["X-Robots-Tag"] == "noindex"


# --- the house --------------------------------------------------------------------------------------------


def test_a_volunteer_makes_a_card_with_the_code(house: Dorpshuis, desk: Guest) -> None:
    page = tap(desk, desk.get(ROOM), "Maak een kaart", follow=True)
    row = TrialCode.objects.get()
    assert row.how == "kaart"
    assert page.tree.one("p", class_="paper-code").text.replace(" ", "") == code_of(row)


def test_a_second_tap_on_the_form_gives_one_code(desk: Guest) -> None:
    page = desk.get(ROOM)
    for _ in range(2):
        tap(desk, page, "Toon een code", follow=True)
    assert TrialCode.objects.count() == 1


def test_the_mail_has_the_link_and_the_table_no_address(house: Dorpshuis, desk: Guest) -> None:
    page = tap(desk, desk.get(ROOM), "Stuur een mail", follow=True, email="Anna@voorbeeld.example", taal="en")
    assert "De mail met de proefcode wordt verstuurd." in page.text
    mail = OutboxMail.objects.get(kind="trial")
    assert (mail.recipient, mail.language) == ("anna@voorbeeld.example", "en")


def test_who_goes_back_and_mails_it_after_all_sends_a_mail_with_another_code(desk: Guest) -> None:
    page = desk.get(ROOM)
    tap(desk, page, "Maak een kaart")
    for address in ("anna@voorbeeld.example", "bert@voorbeeld.example", "bert@voorbeeld.example"):
        tap(desk, page, "Stuur een mail", email=address, taal="nl")
    sent = OutboxMail.objects.filter(kind="trial").order_by("pk").values_list("recipient", flat=True)
    assert list(sent) == ["anna@voorbeeld.example", "bert@voorbeeld.example"]
    assert TrialCode.objects.count() == 3


def test_enter_in_the_field_of_the_address_sends_the_mail(desk: Guest) -> None:
    (form,) = [form for form in desk.get(ROOM).tree.all("form") if form.all("input", name="email")]
    assert [node.attrs["value"] for node in form.all("button")] == ["mail"]


def test_a_mail_needs_an_address_and_a_language(desk: Guest) -> None:
    page = tap(desk, desk.get(ROOM), "Stuur een mail", email="", taal="fr")
    assert page.status == 422
    assert "Vul het e-mailadres in van wie de code krijgt." in page.text
    assert "Kies Nederlands of Engels." in page.text


def test_a_withdrawn_code_is_no_longer_shown(house: Dorpshuis, desk: Guest) -> None:
    row, _ = make_trial(house)
    assert "ingetrokken" in tap(desk, desk.get(ROOM), "Trek in", follow=True).text
    assert desk.get(f"{ROOM}{row.pk}/").status == 409
    assert "Er is nu geen code die nog werkt." in desk.get(ROOM).text


def test_a_code_of_another_house_is_404(desk: Guest) -> None:
    row, _ = make_trial(make_house())
    assert desk.get(f"{ROOM}{row.pk}/").status == 404


def test_a_house_gives_so_many_codes_a_day(house: Dorpshuis, desk: Guest) -> None:
    for number in range(MOST_A_DAY):
        make_trial(house, form=str(number))
    with pytest.raises(TooManyCodes):
        give_trial(house.pk, "hand", house_actor(house), form="nog een")
    page = tap(desk, desk.get(ROOM), "Toon een code")
    assert page.status == 422
    assert "Vul het e-mailadres in" not in page.text


def test_the_table_does_not_hold_the_code(house: Dorpshuis) -> None:
    row, code = make_trial(house)
    values = [str(value) for value in TrialCode.objects.filter(pk=row.pk).values_list()[0]]
    assert not any(code in value for value in values)


def test_the_guests_room_leads_here(desk: Guest) -> None:
    assert reverse("trials", args=["het-huis"]) in desk.get("/beheer/het-huis/gasten/").html


def test_a_code_lasts_three_months(house: Dorpshuis) -> None:
    row = give_trial(house.pk, "hand", house_actor(house), form="een")
    assert row.valid_until == date(2026, 11, 23) + timedelta(days=92)
