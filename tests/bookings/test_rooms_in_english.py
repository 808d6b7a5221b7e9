"""The rooms of a house's team, BOKD's page and the invitations in English: nothing of the Dutch is left."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bookings.actions.cancel import cancel
from bookings.actions.day import mark_used, pay
from bookings.actions.walk_in import Arrival, walk_in
from bookings.beheer.settings import SUBJECTS
from bookings.codes import token_of
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.signals import Sign, Signal
from bookings.models import Booking, CallEntry, Guest, Reservation
from bookings.reports.words import signal_words
from portal.base import clock
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from tests.bookings.closed_months import several
from tests.bookings.frozen_months import make_closed_month
from tests.bookings.test_languages import CATALOG, FOREIGN, MSGIDS, plurals, words
from tests.factories import (
    at,
    desks_of,
    house_actor,
    make_booking,
    make_closed,
    make_house,
    make_invitation,
    make_member,
    make_request,
    make_retired,
    make_room,
    make_standing,
    make_tariff,
    make_trial,
    make_user,
)
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, Page, on_monday
from tests.test_translated import foreign
from villages.models import Closure, Desk, Dorpshuis, Invitation, Membership, Operator, Room

pytestmark = [pytest.mark.long, pytest.mark.django_db, on_monday]

PHONE_ONLY: dict[str, Any] = {"email": "", "phone": "+31612345678"}
LETTERS = 12
MONDAY_NOON = Moment(MONDAY, Dagdeel.MIDDAG)
FRIDAY = THURSDAY.date + timedelta(days=1)
WEEK: dict[str, Any] = {"wanneer": "week", "wat": "huis", "dagdeel": ["ochtend", "middag", "avond"], "reden": "Xyzzy"}


def dutch_pieces() -> list[str]:
    """Of each Dutch text what stands between its names and tags, when it is long enough to be no word of both."""
    english = " ".join(text for key, text in CATALOG.items() if key)
    texts = MSGIDS | plurals()
    pieces = {piece.strip() for text in texts for piece in re.split(r"%\(\w+\)s|<[^>]*>|\\n|\n", text)}
    return sorted(p for p in pieces if sum(map(str.isalpha, p)) > LETTERS and p not in english)


PIECES = dutch_pieces()


def left_over(html: str) -> list[str]:
    """The Dutch sentences on this page, seen or read aloud; a mail is in the guest's own language."""
    ours = re.sub(r'(?s)<(pre|b|span) lang="nl">.*?</\1>', " ", html)
    words = re.sub(r"\s+", " ", unescape(ours)).replace("\N{NO-BREAK SPACE}", " ")
    return [piece for piece in PIECES if piece in words]


def dutch_in(answer: Any) -> list[str]:
    """The Dutch sentences on the page, and its Dutch words, but those of an address and of a language's own name."""
    return [*left_over(answer.content.decode()), *sorted(foreign(Page(answer), "en") - {"uitnodiging", "nederlands"})]


@pytest.fixture
def house() -> Dorpshuis:
    operator = Operator.objects.create(name="Welzijn")
    house = make_house("het-huis", name="Xyzzy", street="Xyzzy 1", operator=operator)
    make_room(house, "Zaal")
    Membership.objects.create(user=make_user(name="Ada"), operator=operator)
    return house


@pytest.fixture
def screen(house: Dorpshuis) -> Client:
    """Somebody of the board at her screen, in English."""
    client = Client()
    client.force_login(make_member(house, Membership.Role.BOARD))
    client.cookies["taal"] = "en"
    return client


def dutch_on(client: Client, *addresses: str) -> dict[str, list[str]]:
    found = {address: client.get(address) for address in addresses}
    assert {answer.status_code for answer in found.values()} == {200}
    return {address: left for address, answer in found.items() if (left := dutch_in(answer))}


def dutch_after(client: Client, address: str, sent: dict[str, Any], status: int) -> list[str]:
    """What is left of the Dutch on the answer to this form."""
    answer = client.post(address, sent, follow=True)
    assert answer.status_code == status
    return dutch_in(answer)


def room(name: str, *more: object) -> str:
    return reverse(name, args=["het-huis", *more])


def busy(house: Dorpshuis) -> Reservation:
    """A day with guests of all kinds; gives the reservation of one who is phoned."""
    by = house_actor(house)
    make_booking(house, MONDAY_NOON, THURSDAY, name="Anna", remark="Xyzzy.")
    bert = make_booking(house, MONDAY_NOON, WEDNESDAY, THURSDAY, by=by, name="Bert", **PHONE_ONLY)
    late = make_booking(house, MONDAY_NOON, name="Late Loek")
    paid = make_booking(house, MONDAY_NOON, name="Truus").bookings.get()
    with time_machine.travel(at(MONDAY, 12, 30), tick=False):
        cancel(late, GUEST)
        mark_used(paid, by)
        pay(paid, Booking.Paid.PIN, by)
    return bert


def test_the_day_is_in_english(house: Dorpshuis, screen: Client) -> None:
    busy(house)
    with time_machine.travel(at(MONDAY, 12, 30), tick=False):
        walk_in(house.pk, Arrival(MONDAY_NOON, "een-sleutel"), house_actor(house))
        answer = screen.get(room("today"))
        pages = [room("today"), room("day", "2026-11-25"), room("day", "2026-11-28")]
        pages += [room(name, "2026-11-23") for name in ("day-sheet", "day-entry")]
        pages += [f"{room('today')}?opgeslagen=2", f"{room('today')}?doe=binnen:middag:sleutel-1"]
        assert dutch_on(screen, *pages) == {}
    assert b"Walk-in" in answer.content
    assert b"Loopt binnen" not in answer.content


def test_yesterday_s_question_is_in_english(house: Dorpshuis, screen: Client) -> None:
    make_booking(house, THURSDAY, name="Anna")
    with time_machine.travel(at(FRIDAY, 9), tick=False):
        assert dutch_on(screen, room("today")) == {}
        assert b"Was Anna here?" in screen.get(room("today")).content


def test_what_can_t_be_done_on_a_day_is_said_in_english(house: Dorpshuis, screen: Client) -> None:
    booking = make_booking(house, WEDNESDAY, name="Anna").bookings.get()
    mark, enter = room("mark", "2026-11-25"), room("walk-in", "2026-11-25")
    assert dutch_after(screen, mark, {"boeking": booking.pk, "doe": "is_er"}, 409) == []
    assert dutch_after(screen, mark, {"boeking": booking.pk, "doe": "niets"}, 422) == []
    assert dutch_after(screen, enter, {"dagdeel": "ochtend", "sleutel": "kort"}, 422) == []
    assert dutch_after(screen, enter, {"dagdeel": "ochtend", "sleutel": "lang-genoeg"}, 409) == []


@pytest.mark.parametrize("kind", CallEntry.Kind.values)
def test_a_call_is_read_aloud_in_english(house: Dorpshuis, screen: Client, kind: str) -> None:
    bert = busy(house)
    closure = make_closed(house, WEDNESDAY.date, guest_text="Xyzzy.").closure
    CallEntry.objects.all().delete()
    first = bert.bookings.earliest("pk").pk
    key = f"{kind}:{bert.pk}:{first}" if kind == "cancellation" else f"{kind}:{closure.pk}:{bert.pk}"
    CallEntry.objects.create(dorpshuis=house, reservation=bert, kind=kind, key=key)
    assert dutch_on(screen, room("call-list")) == {}
    assert b"Hello Bert, this is Vrijwilliger of Xyzzy." in screen.get(room("call-list")).content or (
        b"No longer needed:" in screen.get(room("call-list")).content
    )


def test_her_own_messages_are_in_english(house: Dorpshuis, screen: Client) -> None:
    assert dutch_on(screen, room("my-messages"), f"{room('my-messages')}?bewaard=ja") == {}
    assert dutch_after(screen, room("my-messages"), {"daglijst": "3"}, 422) == []


def test_what_did_not_arrive_is_noted_in_english(house: Dorpshuis, screen: Client) -> None:
    trial, state = make_trial(house)[0], OutboxMail.State.FAILED
    about = {"kind": "trial", "subject": f"trial:{trial.pk}", "recipient": "xyzzy@xyzzy.example"}
    OutboxMail.objects.create(key="trial:1", state=state, **about)
    assert dutch_on(screen, room("call-list")) == {}
    assert b"Other emails that did not arrive" in screen.get(room("call-list")).content


def test_the_call_list_is_in_english(house: Dorpshuis, screen: Client) -> None:
    assert dutch_on(screen, room("call-list")) == {}
    entry = CallEntry.objects.create(dorpshuis=house, reservation=busy(house), kind="change", key="change:1:1")
    address = room("answer-call", entry.pk)
    assert dutch_after(screen, address, {"hoe": "gebeld", "notitie": "x" * 201}, 422) == []
    assert dutch_after(screen, address, {"hoe": "niets"}, 422) == []
    for how in ("niet-bereikt", "gebeld"):
        assert dutch_after(screen, address, {"hoe": how}, 200) == []


def test_booking_on_the_phone_is_in_english(house: Dorpshuis, screen: Client) -> None:
    bert, booking = busy(house), room("phone-booking")
    pages = [booking, f"{booking}?zoek=bert", f"{booking}?zoek=niemand", f"{booking}?gast={bert.guest_id}"]
    pages += [f"{booking}?dagdeel={WEDNESDAY}&dagdeel=2020-01-01:ochtend", room("phone-booked", bert.pk)]
    assert dutch_on(screen, *pages, room("phone-slip", bert.pk)) == {}
    assert dutch_after(screen, booking, {}, 422) == []
    key = re.search(r'name="sleutel" value="([^"]*)"', screen.get(booking).content.decode())
    assert key is not None
    assert dutch_after(screen, booking, {"sleutel": key[1], "dagdeel": "x"}, 422) == []
    assert dutch_after(screen, room("phone-cancel", bert.pk), {}, 422) == []
    assert dutch_after(screen, room("phone-cancel", bert.pk), {"dagdeel": "2026-11-30:ochtend"}, 409) == []
    for moment in (MONDAY_NOON, WEDNESDAY, THURSDAY):
        assert dutch_after(screen, room("phone-cancel", bert.pk), {"dagdeel": str(moment)}, 200) == []


def test_closing_is_in_english(house: Dorpshuis, screen: Client) -> None:
    busy(house)
    close = room("close")
    make_closed(house, FRIDAY)
    asked = "&".join(f"{name}={value}" for name, values in WEEK.items() for value in _each(values))
    assert dutch_on(screen, close, f"{close}?{asked}") == {}
    wrong = [{}, WEEK | {"reden": ""}, WEEK | {"wat": "aantal", "aantal": "99"}, WEEK | {"wat": "bureaus"}]
    wrong += [WEEK | {"wanneer": "dagen", "van": "2020-01-01"}, WEEK | {"dagdeel": ["x"], "reden": "x" * 61}]
    wrong += [WEEK | {"wanneer": "dagen", "van": "2026-12-02", "tot": "2026-12-01"}, WEEK | {"wat": "x"}]
    assert [left for sent in wrong if (left := dutch_after(screen, close, sent, 422))] == []
    assert dutch_after(screen, close, WEEK | {"afdruk": "oud"}, 409) == []


def _each(values: Any) -> list[str]:
    return values if isinstance(values, list) else [values]


def test_the_buttons_of_closing_are_in_english(house: Dorpshuis, screen: Client) -> None:
    busy(house)
    house_shut = screen.get(room("close"), WEEK).content.decode()
    desks: dict[str, Any] = {"wat": "bureaus", "bureau": [desk.pk for desk in desks_of(house)[:2]]}
    desks_shut = screen.get(room("close"), WEEK | desks).content.decode()
    buttons = [re.findall(r'<button type="submit">(Close[^<]*)<', html) for html in (house_shut, desks_shut)]
    assert buttons[0] == ["Close this week and send 1 email"]
    assert buttons[1][0].startswith("Close 2 desks this week")


def test_a_closure_is_in_english(house: Dorpshuis, screen: Client) -> None:
    busy(house)
    number = make_closed(house, WEDNESDAY.date, THURSDAY.date, guest_text="Xyzzy.").closure.pk
    address = room("closure", number)
    assert dutch_on(screen, address) == {}
    assert dutch_after(screen, address, {"doe": "iets"}, 422) == []
    with time_machine.travel(at(MONDAY, 9, 15), tick=False):
        assert dutch_on(screen, address, room("call-list")) == {}
        assert dutch_after(screen, address, {"doe": "ongedaan"}, 409) == []
        assert dutch_after(screen, address, {"doe": "heropen"}, 200) == []
        assert dutch_on(screen, room("close"), room("call-list")) == {}
    assert Closure.objects.get(pk=number).reopened_at is not None


def test_the_guests_are_in_english(house: Dorpshuis, screen: Client) -> None:
    assert dutch_on(screen, room("guests")) == {}
    bert = busy(house).guest_id
    make_booking(house, WEDNESDAY, name="Bert", phone="+31612345678")
    other = Guest.objects.latest("pk").pk
    guests = room("guests")
    assert dutch_on(screen, room("keeping"), room("stayed-away")) == {}
    pages = [guests, f"{guests}?zoek=bert", f"{guests}?zoek=niemand", f"{guests}?zoek=b", room("guest", bert)]
    pages += [room(f"guest-{act}", bert) for act in ("cancel-all", "correct", "merge", "copy", "forget")]
    assert dutch_on(screen, *pages, f"{room('guest-merge', bert)}?met={other}", room("guest-forget", other)) == {}


def test_what_is_done_for_a_guest_is_in_english(house: Dorpshuis, screen: Client) -> None:
    bert = busy(house)
    make_booking(house, WEDNESDAY, name="Bert", phone="+31612345678")
    other, pk = Guest.objects.latest("pk").pk, bert.guest_id
    assert dutch_after(screen, room("guest-correct", pk), {}, 422) == []
    assert dutch_after(screen, room("guest-correct", pk), {"naam": "Berta", "telefoon": "0612345678"}, 409) == []
    assert dutch_after(screen, room("guest-merge", pk), {"met": other}, 422) == []
    assert dutch_after(screen, room("guest-merge", pk), {"met": other, "blijft": pk}, 409) == []
    assert dutch_after(screen, room("guest-merge", pk), {}, 409) == []
    assert dutch_after(screen, room("guest-mail", pk), {"reservering": bert.pk}, 409) == []
    for act in ("cancel-all", "forget"):
        assert dutch_after(screen, room(f"guest-{act}", pk), {}, 409) == []
    assert dutch_after(screen, room("guest-copy", pk), {"vorm": "pagina"}, 200) == []
    assert dutch_after(screen, room("guest-cancel", pk), {"reservering": bert.pk, "dagdeel": "x"}, 422) == []
    sent = {"reservering": bert.pk, "dagdeel": str(THURSDAY)}
    assert [dutch_after(screen, room("guest-cancel", pk), sent, status) for status in (200, 409)] == [[], []]


def test_the_file_of_a_guest_stays_dutch(house: Dorpshuis, screen: Client) -> None:
    pk = busy(house).guest_id
    copy = screen.post(room("guest-copy", pk), {"vorm": "bestand"}).json()
    (order,) = copy["gasten"][0]["reserveringen"]
    assert (order["geboekt_door"], order["dagdelen"][0]["toestand"]) == ("het huis", "geboekt")


def test_the_team_is_in_english(house: Dorpshuis, screen: Client) -> None:
    member = Membership.objects.get(user=make_member(house, Membership.Role.HOST)).pk
    make_invitation(house)
    asked = make_invitation(house, code="BCDFGHJKMNPRSTWX")
    assert dutch_on(screen, room("team"), room("team-member", member), room("team-leave", member)) == {}
    invite, paper = room("team-invite"), {"hoe": "papier", "rol": "host"}
    assert dutch_after(screen, invite, {}, 422) == []
    assert dutch_after(screen, invite, {"rol": "host", "hoe": "mail", "email": "a@b"}, 422) == []
    assert dutch_after(screen, invite, {"rol": "host", "hoe": "mail", "email": "nieuw@voorbeeld.example"}, 422) == []
    assert dutch_after(screen, invite, {"rol": "host", "hoe": "mail", "email": "x@voorbeeld.example"}, 200) == []
    assert dutch_after(screen, invite, paper, 200) == []
    assert dutch_after(screen, room("team-invitation", asked.pk), {"doe": "x"}, 422) == []
    assert dutch_after(screen, room("team-invitation", asked.pk), {"doe": "intrekken"}, 200) == []
    assert dutch_after(screen, room("team-member", member), {"rol": "volunteer"}, 200) == []
    assert dutch_after(screen, room("team-leave", member), {}, 200) == []
    me = Membership.objects.get(dorpshuis=house, role="board").pk
    assert dutch_on(screen, room("team-member", me), room("team-leave", me)) == {}
    assert dutch_after(screen, room("team-leave", me), {}, 409) == []


def test_the_prices_are_in_english(house: Dorpshuis, screen: Client) -> None:
    make_tariff(house, "dorpsgenoot", 500, chooser="house", valid_until=THURSDAY.date)
    make_tariff(house, "standaard", 900, valid_from=FRIDAY)
    make_tariff(house, "gratis", 0, valid_until=MONDAY - timedelta(days=7))
    make_booking(house, WEDNESDAY)
    price = room("price", "standaard")
    new = f"{price}?doe=prijs&bedrag=8&van={WEDNESDAY.date}&wie=guest"
    stop = f"{price}?doe=stop&van={WEDNESDAY.date}"
    again = f"{price}?doe=prijs&bedrag=8&van={FRIDAY}&wie=house"
    assert dutch_on(screen, room("prices"), price, room("price", "commercieel"), new, stop, again) == {}
    assert dutch_on(screen, room("prices") + "?gedaan=prijs", room("prices") + "?gedaan=stop") == {}
    wrong = [{}, {"doe": "prijs"}, {"doe": "prijs", "bedrag": "x", "van": "x", "wie": "x"}, {"doe": "stop"}]
    wrong += [{"doe": "prijs", "bedrag": "9999", "van": day, "wie": "guest"} for day in ("2020-01-01", "2030-01-01")]
    wrong += [{"doe": "stop", "van": day} for day in ("2020-01-01", "2030-01-01")]
    assert [left for sent in wrong if (left := dutch_after(screen, price, sent, 422))] == []
    assert dutch_after(screen, price, {"doe": "stop", "van": str(WEDNESDAY.date)}, 409) == []


def test_the_trial_codes_are_in_english(house: Dorpshuis, screen: Client) -> None:
    number = make_trial(house)[0].pk
    trials, trial = room("trials"), room("trial", number)
    assert dutch_on(screen, trials, trial, *(f"{trials}?gedaan={what}" for what in ("verstuurd", "ingetrokken"))) == {}
    for sent in ({}, {"hoe": "mail"}, {"hoe": "mail", "email": "a@b", "taal": "fr"}):
        assert dutch_after(screen, trials, sent, 422) == []
    assert dutch_after(screen, trial, {}, 200) == []
    assert dutch_after(screen, trial, {}, 409) == []
    for code in ("BCDF", make_trial(house)[1]):
        for query in ({"proef": code}, {"proef": code, "dagdeel": str(WEDNESDAY)}):
            assert dutch_in(screen.get(reverse("house", args=["het-huis"]), query)) == []


@pytest.mark.parametrize("subject", [subject.name for subject in SUBJECTS])
def test_the_settings_are_in_english(screen: Client, subject: str) -> None:
    setting = room("setting", subject)
    assert dutch_on(screen, room("settings"), f"{room('settings')}?bewaard={subject}", setting) == {}
    wrong = {"grenzen": {"per-boeking": "9", "per-gast": "10"}, "internet": {"omlaag": "x", "gemeten": "2026-12-31"}}
    wrong |= {"binnenkomen": {"geheim-elk": "x", "iedereen-avond": "1234"}, "betalen": {"link": "x"}}
    wrong |= {"voorzieningen": {"wat-1": "", "soort-1": "coffee", "wat-2": "x", "soort-2": "x"}, "huisregels": {}}
    wrong |= {"teksten": {"tekst": "x" * 401}, "annuleren": {"dagen": "99"}, "vooruit": {"vooruit": "0"}}
    if subject in wrong:
        assert dutch_after(screen, setting, wrong[subject], 422) == []


def test_what_another_of_the_board_set_is_in_english(screen: Client) -> None:
    sent = {"dagen": "5", "tijd": "12:00", "gezien": "oud"}
    assert dutch_after(screen, room("setting", "annuleren"), sent, 409) == []
    assert dutch_after(screen, room("setting", "betalen"), {"factuur": "on"}, 409) == []


def test_an_invitation_is_in_english(house: Dorpshuis, screen: Client) -> None:
    newcomer = Client()
    newcomer.cookies["taal"] = "en"
    invitation = make_invitation(house, email="xyzzy@voorbeeld.example")
    address, code = reverse("invitation", args=[token_of(invitation)]), reverse("invitation-code")
    assert dutch_on(newcomer, address, code) == {}
    assert [dutch_after(newcomer, url, {}, 422) for url in (address, code)] == [[], []]
    assert dutch_after(newcomer, code, {"code": "BCDFGHJKMNPRSTWX", "naam": "A", "email": "a@b.example"}, 422) == []
    assert dutch_after(screen, address, {}, 409) == []
    make_user(invitation.email)
    assert dutch_after(newcomer, address, {"naam": "Xyzzy"}, 200) == []
    Invitation.objects.all().delete()
    assert dutch_in(newcomer.get(address)) == []


def test_bokd_s_page_is_in_english(house: Dorpshuis) -> None:
    busy(house)
    make_request(house_name="Xyzzy", place="Xyzzy", remark="Xyzzy.", phone="+31612345678")
    client = Client()
    client.force_login(make_user(is_coordinator=True))
    client.cookies["taal"] = "en"
    several(house, 20)
    several(house, 0, part="avond", no_show=10, assumed=0)
    pages = ("bokd", "bokd-houses", "report")
    addresses = [*(reverse(page) for page in pages), reverse("bokd-house", args=[house.slug])]
    running = f"?van={clock.today():%Y-%m}"
    assert dutch_on(client, *addresses, *(address + running for address in addresses)) == {}
    assert [dutch_in(client.get(reverse(page) + "?van=x")) for page in pages] == [[], [], []]
    assert dutch_in(client.get(f"{reverse('report')}?huis={house.slug}")) == []
    choice = reverse("bokd-messages")
    for address in (choice, f"{choice}?bewaard=ja"):
        assert set(dutch_in(client.get(address))) <= {"noord"}  # a region keeps its name
    assert set(dutch_after(client, choice, {}, 422)) <= {"noord"}


def test_bokd_s_signals_are_in_english() -> None:
    with translation.override("en"):
        said = [signal_words(Signal(sign, 5, 10, 1, Dagdeel.AVOND)) for sign in Sign]
    assert not [one for one in said if words(one) & FOREIGN["en"]]


def test_the_figures_of_a_house_are_in_english(house: Dorpshuis, screen: Client) -> None:
    figures = room("house-figures")
    assert dutch_on(screen, f"{figures}?tot=2026-11", f"{figures}?tot=2024-11") == {}
    for month in range(7, 11):
        income = [["standaard", "pin", 3, 2250], ["gratis", "", 1, 0]]
        make_closed_month(house, date(2026, month, 1), offered=40, used=10, income=income, volunteer_hours=month)
    assert dutch_on(screen, figures, f"{figures}?bewaard=ja") == {}
    for _ in range(5):
        make_closed_month(make_house(name="Xyzzy"), offered=40, used=10, version=2)
    assert dutch_on(screen, figures) == {}
    for sent in ({}, {"maand": "x", "uren": "x"}, {"maand": "2026-10", "uren": 9999}):
        assert dutch_after(screen, figures, sent, 422) == []
    wrong = [screen.get(f"{figures}?tot=x"), screen.get(f"{room('house-csv')}?van=2026-10&tot=2026-09")]
    assert [dutch_in(answer) for answer in wrong] == [[], []]


# --- what is kept stays Dutch -----------------------------------------------------------------------------


def test_the_reasons_that_are_suggested_stay_dutch(screen: Client) -> None:
    assert b'value="dorpsfeest"' in screen.get(room("close")).content


def test_a_guest_without_a_name_is_kept_in_dutch(house: Dorpshuis, screen: Client) -> None:
    screen.post(room("walk-in", "2026-11-23"), {"dagdeel": "ochtend", "sleutel": "een-sleutel"})
    assert Guest.objects.get().name == "Loopt binnen"


def test_who_is_booked_on_the_phone_gets_dutch_mails(house: Dorpshuis, screen: Client) -> None:
    key = re.search(r'name="sleutel" value="([^"]*)"', screen.get(room("phone-booking")).content.decode())
    assert key is not None
    sent = {"sleutel": key[1], "dagdeel": str(WEDNESDAY), "naam": "Anna", "email": "anna@voorbeeld.example"}
    screen.post(room("phone-booking"), sent | {"tarief": "standaard", "bedrag": "750"})
    assert Reservation.objects.get().language == "nl"


def test_the_mail_that_a_volunteer_reads_beforehand_is_the_guest_s(house: Dorpshuis, screen: Client) -> None:
    make_booking(house, WEDNESDAY, name="Anna")
    (mail,) = Page(screen.get(room("close"), WEEK)).tree.all("pre", lang="nl")  # type: ignore[arg-type]
    assert "Het spijt ons." in mail.text


def test_dutch_that_stays_would_be_found() -> None:
    assert left_over("<p>Het dorpshuis is intussen\n toch weer open. Je boeking staat nog niet opnieuw.</p>")


def test_standing_places_are_in_english(house: Dorpshuis, screen: Client) -> None:
    place = make_standing(house, organisation="Xyzzy", name="Anna", last_day=MONDAY + timedelta(days=30))
    make_booking(house, Moment(place.bookings.earliest("date").date, Dagdeel.MIDDAG), name="Anna")
    make_closed(house, MONDAY + timedelta(days=8))
    new, detail = room("standing-new"), room("standing-detail", place.pk)
    reference = place.reservation.reference
    assert dutch_on(screen, room("standing-places"), new, detail, f"/vaste-plek/{reference}/") == {}
    fields = {"organisatie": "Xyzzy", "naam": "Anna", "email": "a@voorbeeld.example", "taal": "en", "weekdag": "1"}
    fields |= {"dagdeel": "middag", "elke": "1", "van": "2026-11-23", "tot": "2027-03-01", "tarief": "gratis"}
    assert dutch_after(screen, new, fields, 200) == []
    assert dutch_after(screen, new, fields | {"afdruk": "oud"}, 409) == []
    assert dutch_after(screen, new, {"van": "x", "organisatie": "<", "email": "x"}, 422) == []
    assert dutch_after(screen, new, fields | {"tot": "2040-01-01"}, 422) == []
    assert dutch_after(screen, detail, {"doe": "vrij", "datum": "2026-11-25"}, 409) == []
    assert dutch_after(screen, detail, {"doe": "vrij", "datum": "2026-11-24"}, 200) == []
    assert dutch_after(screen, detail, {"doe": "stop", "datum": "2020-01-01"}, 422) == []
    for _ in desks_of(house):
        make_booking(house, Moment(date(2026, 12, 29), Dagdeel.MIDDAG), name="Anna")
    longer = {"doe": "verleng", "datum": "2027-03-01"}
    assert dutch_after(screen, detail, longer, 200) == []
    assert dutch_after(screen, detail, longer | {"afdruk": "oud"}, 409) == []
    assert dutch_after(screen, f"/vaste-plek/{reference}/vrij/", {"datum": ""}, 422) == []
    assert dutch_after(screen, f"/vaste-plek/{reference}/vrij/", {"datum": "2026-12-15"}, 200) == []


def week_of(screen: Client) -> dict[str, Any]:
    """What the form of the schedule sends as it stands."""
    page = Page(screen.get(room("schedule") + "?vanaf=2026-12-01"))  # type: ignore[arg-type]
    form = page.tree.all("form", method="post", action=room("schedule"))[0]
    inputs = form.all("input")
    return {
        n.attrs["name"]: n.attrs.get("value", "")
        for n in inputs
        if n.attrs.get("type") != "checkbox" or "checked" in n.attrs
    }


def test_the_schedule_is_english(screen: Client, house: Dorpshuis) -> None:
    make_booking(house, Moment(date(2026, 12, 1), Dagdeel.OCHTEND), name="Anna")
    week = {name: value for name, value in week_of(screen).items() if name != "1-ochtend"}
    address = room("schedule")
    assert dutch_on(screen, address) == {}
    assert dutch_after(screen, address, week, 200) == []
    assert dutch_after(screen, address, week | {"vanaf": "x", "0-ochtend-tot": "1"}, 422) == []
    assert (
        dutch_after(screen, address, week | {"gezien": "x", "0-ochtend-bemand": "", "0-ochtend-afspraak": "1"}, 409)
        == []
    )
    assert dutch_after(screen, address, {"wat": "extra"}, 422) == []
    extra = {"wat": "extra", "dag": "2026-12-12", "dagdeel": "ochtend", "begin": "9.00", "eind": "12.00"}
    assert dutch_after(screen, address, extra, 200) == []
    assert dutch_on(screen, address) == {}


def test_the_holidays_are_english(screen: Client, house: Dorpshuis) -> None:
    make_booking(
        house, Moment(date(2026, 12, 25), Dagdeel.OCHTEND), Moment(date(2027, 1, 1), Dagdeel.OCHTEND), name="Anna"
    )
    address = room("holidays")
    ticks = "?stap=bekijk&kies=kerst-2026&kies=nieuwjaarsdag-2027"
    assert dutch_on(screen, address, address + ticks) == {}
    assert dutch_after(screen, address, {}, 422) == []
    wrong = {"kies": "zomervakantie-2027", "van-zomervakantie-2027": "2027-12-01"}
    assert dutch_after(screen, address, wrong, 422) == []
    assert dutch_after(screen, address, {"kies": "kerst-2026", "afdruk": "oud"}, 409) == []
    make_closed(house, date(2026, 12, 25), date(2026, 12, 26))
    assert dutch_after(screen, address, {"kies": ["kerst-2026", "nieuwjaarsdag-2027"], "afdruk": "oud"}, 409) == []
    assert dutch_after(screen, address, {"kies": "kerst-2026", "afdruk": "oud"}, 409) == []
    assert dutch_on(screen, address) == {}


def test_the_desks_are_english(screen: Client, house: Dorpshuis) -> None:
    desks = Desk.objects.filter(room__dorpshuis=house)
    Room.objects.filter(name="Kantoor").update(name="Xyzzy")
    for desk in desks:
        Desk.objects.filter(pk=desk.pk).update(name=f"Xyzzy {desk.pk}", monitor=True, calls=True)
    one, place = room("desk", desks[0].pk), room("room", desks[0].room_id)
    assert dutch_on(screen, room("desks"), one, place) == {}
    assert dutch_after(screen, room("desks"), {}, 422) == []
    assert dutch_after(screen, one, {"naam": "Xyzzy", "volgorde": "x"}, 422) == []
    assert dutch_after(screen, one, {"naam": "Xyzzy"}, 409) == []
    assert dutch_after(screen, one, {"doe": "weg", "vanaf": "x"}, 422) == []
    assert dutch_after(screen, place, {"doe": "weg", "vanaf": "2026-12-01"}, 200) == []
    goes = {"doe": "weg", "vanaf": "2026-12-01", "stap": "bewaar"}
    assert dutch_after(screen, one, goes | {"afdruk": "oud"}, 409) == []
    make_retired(desks[0], FRIDAY)
    assert dutch_on(screen, room("desks"), one, room("desk-change", Closure.objects.get().pk)) == {}
