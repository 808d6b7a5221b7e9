"""The call list: who must be phoned, what to say, and what came of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from bookings.actions.calls import answer_call, put_back_call
from bookings.actions.cancel import cancel
from bookings.actions.close import reopen
from bookings.models import Booking, CallAttempt, CallEntry, Reservation
from bookings.refusals import UndoIsOver
from portal.base import clock
from portal.base.log import GUEST
from portal.base.log.models import LogEntry
from tests.factories import at, house_actor, make_booking, make_closed, make_house, make_member
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, Node, Page, on_monday
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.database_long, on_monday]

LIST = "/beheer/het-huis/bellijst/"
CALLER: dict[str, Any] = {"name": "Mevrouw De Vries", "email": "", "phone": "+31521121314"}
Outcome = CallAttempt.Outcome


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def desk(house: Dorpshuis) -> Guest:
    return desk_of(house, "Henk")


def desk_of(house: Dorpshuis, name: str) -> Guest:
    user = make_member(house)
    user.name = name
    user.save(update_fields=["name"])
    browser = Guest()
    browser.client.force_login(user)
    return browser


def later(**time: float) -> Any:
    return time_machine.travel(clock.now() + timedelta(**time), tick=False)


def entries(page: Page) -> list[Node]:
    return page.tree.all("article")


def names(page: Page) -> list[str]:
    return [entry.one("h2").text for entry in entries(page)]


def waiting() -> int:
    return CallEntry.objects.to_do(clock.now()).count()


def tap(desk: Guest, entry: CallEntry, how: str, note: str = "", **more: str) -> Page:
    token = desk.get("/beheer/het-huis/boek/").tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    sent = {"csrfmiddlewaretoken": token, "hoe": how, "notitie": note, **more}
    return Page(desk.client.post(f"{LIST}{entry.pk}/", sent))  # type: ignore[arg-type]


def online(house: Dorpshuis, *moments: Any, **fields: Any) -> CallEntry:
    """Somebody without e-mail who booked by herself; her entry."""
    reservation = make_booking(house, *(moments or (WEDNESDAY,)), **(CALLER | fields))
    return CallEntry.objects.get(reservation=reservation, kind="confirmation")


def by_phone(house: Dorpshuis, *moments: Any, **fields: Any) -> Reservation:
    return make_booking(house, *(moments or (WEDNESDAY,)), by=house_actor(house), **(CALLER | fields))


def spoken(page: Page) -> str:
    (entry,) = entries(page)
    return entry.text


# --- what to say ------------------------------------------------------------------------------------------


def test_an_empty_list_says_so(desk: Guest, house: Dorpshuis) -> None:
    assert "Niemand om te bellen." in desk.get(LIST).text


def test_who_booked_without_e_mail_hears_that_it_succeeded(desk: Guest, house: Dorpshuis) -> None:
    online(house)
    page = desk.get(LIST)
    assert names(page) == ["Mevrouw De Vries"]
    assert page.tree.all("a", href="tel:+31521121314")
    for words in (
        "Dag Mevrouw De Vries, met Henk van Het Huis.",
        "woensdag 25 november, ochtend , 08.30 tot 12.30 uur",
        "Het kost € 7,50.",
        "Bel vóór dinsdag 24 november, 17.00 uur. Dan betaal je niets.",
    ):
        assert words in spoken(page)


def test_whom_a_closure_hits_hears_why_and_what_is_free(desk: Guest, house: Dorpshuis) -> None:
    reservation = by_phone(house, WEDNESDAY, THURSDAY)
    make_closed(house, WEDNESDAY.date, guest_text="Kom je ook?")
    assert names(desk.get(LIST)) == []
    with later(minutes=11):
        page = desk.get(LIST)
    for words in ("Je werkplek gaat niet door", "De reden: dorpsfeest. Kom je ook? Je betaalt hier niets voor."):
        assert words in spoken(page)
    assert "Dit gaat wel door: donderdag 26 november, ochtend" in spoken(page)
    assert "Donderdagmiddag 26 november is er wel plek. Vrijdagochtend 27 november ook." in spoken(page)
    links = [a.attrs["href"] for a in entries(page)[0].all("a", role="button")]
    query = f"?gast={reservation.guest_id}&dagdeel=2026-11-26:middag&tarief=standaard"
    assert links[0] == f"/beheer/het-huis/boek/{query}"
    assert desk.get(links[0]).tree.one("input", name="naam").attrs["value"] == "Mevrouw De Vries"


def test_an_evening_that_is_full_is_not_offered(desk: Guest, house: Dorpshuis) -> None:
    by_phone(house)
    make_closed(house, WEDNESDAY.date)
    for _ in range(4):
        make_booking(house, THURSDAY)
    with later(minutes=11):
        assert "Donderdagmiddag 26 november is er wel plek." in spoken(desk.get(LIST))


def test_who_cancelled_late_hears_what_it_costs(desk: Guest, house: Dorpshuis) -> None:
    reservation = by_phone(house)
    with time_machine.travel(at(WEDNESDAY.date, 7), tick=False):
        cancel(reservation, GUEST)
        text = spoken(desk.get(LIST))
    assert "Je hebt deze boeking afgezegd" in text
    assert "Daarom betaal je € 7,50." in text


def test_whom_the_house_cancels_hears_that_it_is_sorry(desk: Guest, house: Dorpshuis) -> None:
    cancel(by_phone(house), house_actor(house))
    assert "Het spijt ons. Deze boeking gaat niet door" in spoken(desk.get(LIST))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("change", "Je boeking is gewijzigd."),
        ("undone", "het gaat toch door."),
        ("undelivered", "Die kwam niet aan. Klopt het adres?"),
    ],
)
def test_other_kinds_have_their_own_words(desk: Guest, house: Dorpshuis, kind: str, words: str) -> None:
    reservation = by_phone(house)
    key = f"{kind}:1:{reservation.pk}"
    CallEntry.objects.create(dorpshuis=house, reservation=reservation, kind=kind, key=key)
    text = spoken(desk.get(LIST))
    assert (words in text, "woensdag 25 november, ochtend" in text) == (True, True)


def test_a_house_that_opened_again_asks_whether_she_still_comes(desk: Guest, house: Dorpshuis) -> None:
    reservation = by_phone(house)
    closure = make_closed(house, WEDNESDAY.date).closure
    with later(minutes=11):
        reopen(closure, house_actor(house))
        key = f"reopened:{closure.pk}:{reservation.pk}"
        CallEntry.objects.all().delete()
        CallEntry.objects.create(dorpshuis=house, reservation=reservation, kind="reopened", key=key)
        page = desk.get(LIST)
    assert "Nu is het dorpshuis dan toch open" in spoken(page)
    assert f"?gast={reservation.guest_id}&dagdeel=2026-11-25:ochtend" in page.html.replace("&amp;", "&")


@pytest.mark.parametrize("kind", list(CallEntry.Kind.values))
def test_a_strange_key_breaks_no_kind(desk: Guest, house: Dorpshuis, kind: str) -> None:
    reservation = by_phone(house)
    CallEntry.objects.create(dorpshuis=house, reservation=reservation, kind=kind, key=f"vreemd-{kind}")
    assert desk.get(LIST).status == 200


# --- no longer true ---------------------------------------------------------------------------------------


def test_what_is_no_longer_true_says_so_and_waits_for_a_person(desk: Guest, house: Dorpshuis) -> None:
    entry = online(house)
    cancel(entry.reservation, house_actor(house), on_phone=True)
    page = desk.get(LIST)
    assert "Niet meer nodig: alles is intussen afgezegd." in spoken(page)
    assert waiting() == 1
    tap(desk, entry, "niet-nodig")
    assert (waiting(), entry.attempts.get().outcome) == (0, "not_needed")


def test_a_dagdeel_that_is_over_need_not_be_told(desk: Guest, house: Dorpshuis) -> None:
    online(house)
    with time_machine.travel(at(WEDNESDAY.date, 13), tick=False):
        assert "Niet meer nodig: het dagdeel is al voorbij." in spoken(desk.get(LIST))


def test_an_entry_whose_closure_was_taken_back_need_not_be_told(desk: Guest, house: Dorpshuis) -> None:
    reservation = by_phone(house)
    closure = make_closed(house, WEDNESDAY.date).closure
    Booking.objects.update(state=Booking.State.BOOKED, closure=None, cancelled_at=None)
    assert CallEntry.objects.get().key == f"closure:{closure.pk}:{reservation.pk}"
    with later(minutes=11):
        assert "Niet meer nodig: de boeking staat weer." in spoken(desk.get(LIST))


def test_who_can_not_be_reached_at_all_says_so(desk: Guest, house: Dorpshuis) -> None:
    entry = online(house, phone="")
    page = desk.get(LIST)
    assert "We hebben geen telefoonnummer en geen e-mailadres." in spoken(page)
    assert [button.attrs.get("value") for button in entries(page)[0].all("button")] == ["niet-nodig"]
    tap(desk, entry, "niet-nodig")
    assert waiting() == 0


# --- what came of it --------------------------------------------------------------------------------------


def test_called_takes_it_from_the_list_with_who_and_when(desk: Guest, house: Dorpshuis) -> None:
    entry = online(house)
    LogEntry.objects.all().delete()
    answer = tap(desk, entry, "gebeld", "Ze komt iets later")
    entry.refresh_from_db()
    assert (answer.response["Location"], waiting(), str(entry.done_by), entry.done_at) == (LIST, 0, "Henk", clock.now())
    assert list(LogEntry.objects.values_list("verb", "subject")) == [("call-called", f"callentry:{entry.pk}")]
    text = desk.get(LIST).text
    assert "Mevrouw De Vries : gebeld om 09.00 uur door Henk." in text
    assert "“Ze komt iets later”" in text


def test_not_reached_keeps_it_and_shows_each_attempt(desk: Guest, house: Dorpshuis) -> None:
    entry = online(house)
    tap(desk, entry, "niet-bereikt", "voicemail")
    with later(hours=2):
        tap(desk_of(house, "Greet"), entry, "niet-bereikt")
        text = spoken(desk.get(LIST))
    assert "Niet bereikt op maandag 23 november, 09.00 uur door Henk: “voicemail”" in text
    assert "Niet bereikt op maandag 23 november, 11.00 uur door Greet" in text


def test_a_second_called_is_no_error_and_writes_nothing(desk: Guest, house: Dorpshuis) -> None:
    entry = online(house)
    tap(desk, entry, "gebeld")
    logged = LogEntry.objects.count()
    assert tap(desk_of(house, "Greet"), entry, "gebeld").status == 302
    assert (entry.attempts.count(), LogEntry.objects.count()) == (1, logged)


def test_within_ten_minutes_it_can_be_put_back(desk: Guest, house: Dorpshuis) -> None:
    entry = online(house)
    tap(desk, entry, "gebeld")
    with later(minutes=9):
        tap(desk, entry, "zet-terug")
        assert waiting() == 1
        assert put_back_call(entry, house_actor(house)) is False
    assert [attempt.outcome for attempt in entry.attempts.all()] == ["called", "put_back"]


def test_after_ten_minutes_it_stays_done(desk: Guest, house: Dorpshuis) -> None:
    entry = online(house)
    answer_call(entry, Outcome.CALLED, house_actor(house))
    with later(minutes=10):
        assert "Zet terug" not in desk.get(LIST).text
        page = tap(desk, entry, "zet-terug")
        assert (page.status, "tot tien minuten" in page.notice, waiting()) == (409, True, 0)
        with pytest.raises(UndoIsOver):
            put_back_call(entry, house_actor(house))


def test_what_was_done_is_shown_for_seven_days(desk: Guest, house: Dorpshuis) -> None:
    tap(desk, online(house, THURSDAY), "gebeld")
    shown = []
    for days in (6, 8):
        with later(days=days):
            shown.append("Mevrouw De Vries" in desk.get(LIST).text)
    assert shown == [True, False]


@pytest.mark.parametrize(
    ("how", "note"), [("", ""), ("weg", ""), ("gebeld" * 99, ""), ("gebeld", "x" * 201), ("niet-bereikt", "é" * 300)]
)
def test_what_can_not_be_read_is_told_and_writes_nothing(desk: Guest, house: Dorpshuis, how: str, note: str) -> None:
    entry = online(house)
    page = tap(desk, entry, how, note)
    assert (page.status, bool(page.notice), CallAttempt.objects.count(), waiting()) == (422, True, 0, 1)
    assert page.tree.one("input", name="notitie").attrs["value"] == note


def test_marks_and_nulls_in_a_note_are_left_out(desk: Guest, house: Dorpshuis) -> None:
    entry = online(house)
    tap(desk, entry, "niet-bereikt", " bel \x00\u202e na  vijf <b>")
    assert entry.attempts.get().note == "bel na vijf <b>"
    assert "bel na vijf <b>" not in desk.get(LIST).html


def test_an_entry_of_another_house_of_nobody_or_of_later_is_404(desk: Guest, house: Dorpshuis) -> None:
    other = online(make_house())
    hidden = online(house, THURSDAY)
    CallEntry.objects.filter(pk=hidden.pk).update(visible_from=clock.now() + timedelta(minutes=1))
    for number in (other.pk, hidden.pk, 0, 10**30):
        assert desk.get(f"{LIST}{number}/").status == 404
    assert tap(desk, other, "gebeld").status == 404
    assert "Mevrouw De Vries" not in desk.get(LIST).html


# --- order, pages, queries --------------------------------------------------------------------------------


def test_who_comes_today_is_first_and_then_who_waits_longest(desk: Guest, house: Dorpshuis) -> None:
    online(house, THURSDAY, name="Anna")
    with later(minutes=5):
        online(house, WEDNESDAY_NOON, name="Bert")
    with later(minutes=6):
        online(house, type(WEDNESDAY)(MONDAY, WEDNESDAY_NOON.dagdeel), name="Cor")
        page = desk.get(LIST)
    assert names(page) == ["Cor", "Anna", "Bert"]
    assert "· vandaag" in entries(page)[0].text


def many(house: Dorpshuis, number: int) -> None:
    """So many entries, of ten reservations that were called off."""
    reservations = [by_phone(house, WEDNESDAY, name=f"Gast {n}", phone=f"+3152112131{n}") for n in range(4)]
    closure = make_closed(house, WEDNESDAY.date).closure
    CallEntry.objects.all().delete()
    CallEntry.objects.bulk_create(
        CallEntry(
            dorpshuis=house,
            reservation=reservations[n % 4],
            kind="called_off",
            key=f"closure:{closure.pk}:{reservations[n % 4].pk}:{n}",
        )
        for n in range(number)
    )


@pytest.mark.parametrize("number", [1, 300])
def test_it_takes_the_same_queries_for_one_and_three_hundred(
    desk: Guest, house: Dorpshuis, query_count: Any, number: int
) -> None:
    many(house, number)
    answer_call(CallEntry.objects.latest("pk"), Outcome.NOT_REACHED, house_actor(house))
    answer_call(CallEntry.objects.earliest("pk"), Outcome.NOT_REACHED, house_actor(house))
    with query_count(19):
        assert len(entries(desk.get(LIST))) == min(number, 25)


@pytest.mark.parametrize(("asked", "shown"), [("1", 25), ("2", 5), ("99", 5), ("x", 25), ("-1", 5), ("", 25)])
def test_a_long_list_has_pages(desk: Guest, house: Dorpshuis, asked: str, shown: int) -> None:
    many(house, 30)
    page = desk.get(f"{LIST}?pagina={asked}")
    assert (page.status, len(entries(page)), "30 gasten om te bellen" in page.text) == (200, shown, True)


def test_a_tap_comes_back_to_the_same_page(desk: Guest, house: Dorpshuis) -> None:
    many(house, 30)
    entry = CallEntry.objects.latest("pk")
    places = [tap(desk, entry, "niet-bereikt", pagina=page).response["Location"] for page in ("2", "//kwaad", "1")]
    assert places == [f"{LIST}?pagina=2", LIST, LIST]
