"""The page of a closure: what happened, undo within ten minutes, later reopening."""

import re
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from bookings.actions import close as actions_close
from bookings.actions.close import close, reopen
from bookings.actions.lock import lock
from bookings.actions.plan import plan_close, with_options
from bookings.closing import Agreed, Closing
from bookings.domain.dagdelen import Moment
from bookings.domain.policy import UNDO_FOR
from bookings.models import Booking, CallEntry, Reservation
from portal.base.models import OutboxMail
from portal.base.outbox import delivery
from tests.factories import (
    MONDAY_NINE,
    desks_of,
    house_actor,
    make_booking,
    make_closed,
    make_house,
    make_member,
    rows_of,
)
from tests.guest import MONDAY, THURSDAY, WEDNESDAY, WEDNESDAY_NOON, Guest, Page, on_monday
from tests.post import Post
from villages.models import Closure, Dorpshuis

pytestmark = [pytest.mark.django_db, on_monday]

PHONE_ONLY: dict[str, Any] = {"email": "", "phone": "+31612345678"}
AFTER = MONDAY_NINE + UNDO_FOR
FRIDAY = Moment(MONDAY + timedelta(days=4), WEDNESDAY.dagdeel)


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis", name="Het Huis")


@pytest.fixture
def screen(house: Dorpshuis) -> Guest:
    """A volunteer at her screen."""
    guest = Guest()
    guest.client.force_login(make_member(house))
    return guest


def url(closure: Closure) -> str:
    return f"/beheer/het-huis/dicht/{closure.pk}/"


def tap(screen: Guest, closure: Closure, what: str) -> Page:
    """Tap this button, as it stood on a page that was opened before."""
    screen.get("/beheer/het-huis/dicht/?reden=x")  # gives this browser its token
    token = screen.client.cookies["csrftoken"].value
    return Page(screen.client.post(url(closure), {"doe": what, "csrfmiddlewaretoken": token}))  # type: ignore[arg-type]


def buttons(page: Page) -> list[str]:
    return [button.text for button in page.tree.one("main").all("button")]


def states(house: Dorpshuis) -> list[str]:
    return [state for _, state, _ in rows_of(house)]


def later(**time: float) -> Any:
    return time_machine.travel(MONDAY_NINE + timedelta(**time), tick=False)


# --- what it says -----------------------------------------------------------------------------------------


def test_it_says_what_is_closed_and_why(screen: Guest, house: Dorpshuis) -> None:
    closure = make_closed(house, WEDNESDAY.date, guest_text="Kom je ook?").closure
    text = screen.get(url(closure)).text
    for words in ("Het hele huis, woensdag 25 november", "Reden: dorpsfeest", "Kom je ook?", "Er is niemand afgezegd."):
        assert words in text


def test_it_says_who_was_called_off_and_when_she_hears_of_it(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, name="Anna")
    make_booking(house, WEDNESDAY, name="Bert", **PHONE_ONLY)
    page = screen.get(url(make_closed(house, WEDNESDAY.date).closure))
    anna, bert = (row.text for row in page.tree.all("li", class_="guest"))
    assert "Woensdag 25 november, ochtend, Bureau 1 (voorstel: een andere dag)" in anna
    assert ("De mail gaat om 09.10 uur weg." in anna, "Komt om 09.10 uur op de bellijst." in bert) == (True, True)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("waiting", "De mail gaat nu weg."),
        ("sent", "De mail is verstuurd om 09.10 uur."),
        ("failed", "De mail kwam niet aan. Bel deze gast."),
        ("dropped", "De mail was niet meer nodig."),
    ],
)
def test_it_says_what_became_of_the_mail(screen: Guest, house: Dorpshuis, state: str, words: str) -> None:
    make_booking(house, WEDNESDAY)
    closure = make_closed(house, WEDNESDAY.date).closure
    OutboxMail.objects.update(state=state, sent_at=AFTER)
    with later(minutes=10):
        assert words in screen.get(url(closure)).text


@pytest.mark.parametrize(("done", "words"), [(None, "Staat op de bellijst."), (AFTER, "Gebeld.")])
def test_it_says_what_became_of_the_call(screen: Guest, house: Dorpshuis, done: Any, words: str) -> None:
    make_booking(house, WEDNESDAY, **PHONE_ONLY)
    closure = make_closed(house, WEDNESDAY.date).closure
    CallEntry.objects.update(done_at=done)
    with later(minutes=10):
        assert words in screen.get(url(closure)).text


def test_it_says_how_many_moved(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY)
    closure = make_closed(house, WEDNESDAY.date, desks=(desks_of(house)[0],)).closure
    assert "1 boeking ging naar een ander bureau." in screen.get(url(closure)).text


# --- undo -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "nog 10 minuten"), (1, "nog 9 minuten"), (9, "nog 1 minuut"), (9.9, "nog 1 minuut")]
)
def test_the_button_counts_down(screen: Guest, house: Dorpshuis, minutes: float, words: str) -> None:
    closure = make_closed(house, WEDNESDAY.date).closure
    with later(minutes=minutes):
        assert buttons(screen.get(url(closure))) == [f"Maak ongedaan ({words})"]


def test_undone_the_bookings_stand_and_nobody_hears_of_it(screen: Guest, house: Dorpshuis, post: Post) -> None:
    make_booking(house, WEDNESDAY)
    make_booking(house, WEDNESDAY, **PHONE_ONLY)
    OutboxMail.objects.all().delete()
    CallEntry.objects.all().delete()
    closure = make_closed(house, WEDNESDAY.date).closure
    answer = tap(screen, closure, "ongedaan")
    with later(minutes=11):
        delivery.sweep()
        assert (post.mails, CallEntry.objects.count()) == ([], 0)
    assert (answer.status, states(house)) == (302, ["booked", "booked"])
    assert "Ongedaan gemaakt" in screen.get(url(closure)).text


def test_undo_after_the_mails_went_is_refused_with_what_can_be_done(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY)
    closure = make_closed(house, WEDNESDAY.date).closure
    with later(minutes=10):
        answer = tap(screen, closure, "ongedaan")
        assert (answer.status, buttons(answer)) == (409, ["Heropen"])
    assert "De tien minuten zijn voorbij" in answer.text
    assert "Dan horen deze gasten dat het dorpshuis weer open is: " in answer.text
    assert (Closure.objects.get().reopened_at, states(house)) == (None, ["house_cancelled"])


def test_undo_that_waits_for_the_lock_until_it_is_too_late_is_refused_too(
    screen: Guest, house: Dorpshuis, monkeypatch: pytest.MonkeyPatch
) -> None:
    closure = make_closed(house, WEDNESDAY.date).closure

    def lock_late(dorpshuis_id: int) -> Dorpshuis:
        clocks.enter_context(later(minutes=10))
        return lock(dorpshuis_id)

    monkeypatch.setattr(actions_close, "lock", lock_late)
    with ExitStack() as clocks:
        clocks.enter_context(later(minutes=9.9))
        assert tap(screen, closure, "ongedaan").status == 409
    assert Closure.objects.get().reopened_at is None


def test_who_was_phoned_before_closing_is_phoned_that_it_goes_on(screen: Guest, house: Dorpshuis) -> None:
    called, other = (make_booking(house, WEDNESDAY, **PHONE_ONLY, name=name) for name in ("Anna", "Bert"))
    CallEntry.objects.all().delete()
    by, closing = house_actor(house), Closing(WEDNESDAY.date, WEDNESDAY.date, "dorpsfeest")
    mark = with_options(plan_close(house, closing)).fingerprint
    closure = close(house.pk, closing, by, Agreed(mark, called=frozenset({called.pk}))).closure
    tap(screen, closure, "ongedaan")
    left = CallEntry.objects.filter(done_at=None).values_list("reservation__name", "kind")
    assert (list(left), states(house)) == ([("Anna", "undone")], ["booked", "booked"])
    assert not other.call_entries.exists()


def test_who_did_not_get_her_place_back_is_listed(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, name="Anna", email="anna@voorbeeld.example")
    closure = make_closed(house, WEDNESDAY.date).closure
    with later(minutes=1):
        make_booking(house, THURSDAY, name="Anna", email="anna@voorbeeld.example")
        tap(screen, closure, "ongedaan")
    page = screen.get(url(closure))
    assert [row.one("h3").text for row in page.tree.all("li", class_="guest")] == ["Anna"]
    assert "Hun plek was weg, zij kozen al iets anders, of hun proefcode was al opnieuw gebruikt." in page.text


def test_a_booking_comes_back_only_when_no_other_closure_covers_it(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, WEDNESDAY_NOON)
    first = make_closed(house, WEDNESDAY.date).closure
    make_closed(house, WEDNESDAY.date, dagdelen=frozenset([WEDNESDAY.dagdeel]))
    tap(screen, first, "ongedaan")
    assert states(house) == ["house_cancelled", "booked"]


# --- reopen -----------------------------------------------------------------------------------------------


def test_later_it_can_be_reopened_and_says_whom_it_tells(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, name="Anna")
    closure = make_closed(house, WEDNESDAY.date).closure
    with later(minutes=10):
        page = screen.get(url(closure))
        assert buttons(page) == ["Heropen"]
        assert "Dan horen deze gasten dat het dorpshuis weer open is: Anna." in page.text
        assert tap(screen, closure, "heropen").status == 302
        assert ("Weer open" in screen.get(url(closure)).text, buttons(screen.get(url(closure)))) == (True, [])


def whom_it_says(page: Page) -> list[str]:
    """Whom the page says that "Heropen" tells."""
    found = re.search(r"weer open is: (.*?)\. Zij kunnen", page.text)
    return found[1].split(", ") if found else []


def whom_it_told() -> list[str]:
    subjects = OutboxMail.objects.filter(kind="reopened").values_list("subject", flat=True)
    mailed = Reservation.objects.filter(pk__in=[int(subject.split(":")[1]) for subject in subjects])
    called = Reservation.objects.filter(call_entries__kind="reopened")
    return sorted(mailed.union(called).values_list("name", flat=True))


def test_it_tells_exactly_those_whom_the_page_names(screen: Guest, house: Dorpshuis, post: Post) -> None:
    tuesday = Moment(MONDAY + timedelta(days=1), WEDNESDAY.dagdeel)
    make_booking(house, tuesday, WEDNESDAY, name="Anna")
    make_booking(house, WEDNESDAY, name="Bert", **PHONE_ONLY)
    make_booking(house, tuesday, name="Over")
    make_booking(house, THURSDAY, name="Weer", email="weer@voorbeeld.example")
    make_booking(house, WEDNESDAY_NOON, name="Vol")
    make_booking(house, THURSDAY, name="Anders dicht", desk_id=desks_of(house)[3].pk)
    closure = make_closed(house, MONDAY, THURSDAY.date).closure
    make_closed(house, THURSDAY.date, desks=(desks_of(house)[3],))
    reopened = make_closed(house, WEDNESDAY.date, dagdelen=frozenset([WEDNESDAY_NOON.dagdeel])).closure
    with later(days=1, hours=6):
        move_to(THURSDAY, make_booking(house, FRIDAY, name="Weer", email="weer@voorbeeld.example"))
        for desk in desks_of(house):
            move_to(WEDNESDAY_NOON, make_booking(house, FRIDAY, name="Ander", desk_id=desk.pk))
        reopen(reopened, house_actor(house))
        page = screen.get(url(closure))
        named = whom_it_says(page)
        tap(screen, closure, "heropen")
        assert (named, whom_it_told()) == (["Anna", "Bert", "Anders dicht"], ["Anders dicht", "Anna", "Bert"])
        delivery.sweep()
        assert set(OutboxMail.objects.filter(kind="reopened").values_list("state", flat=True)) == {"sent"}
    assert "Niet: Over, Weer, Vol." in page.text


def move_to(moment: Moment, reservation: Reservation) -> None:
    """Somebody sits in what is shut, as no page could."""
    reservation.bookings.update(date=moment.date, dagdeel=moment.dagdeel)


def test_when_nobody_hears_of_it_it_says_so(screen: Guest, house: Dorpshuis) -> None:
    make_booking(house, WEDNESDAY, name="Over")
    closure = make_closed(house, WEDNESDAY.date).closure
    with later(days=2, hours=8):
        page = screen.get(url(closure))
        assert "Niemand hoort hiervan, ook niet: Over." in page.text


@pytest.mark.parametrize(("minutes", "what"), [(1, "ongedaan"), (20, "heropen")])
def test_twice_is_no_error(screen: Guest, house: Dorpshuis, minutes: int, what: str) -> None:
    make_booking(house, WEDNESDAY)
    closure = make_closed(house, WEDNESDAY.date).closure
    with later(minutes=minutes):
        assert [tap(screen, closure, what).status for _ in range(2)] == [302, 302]


def test_undone_by_a_colleague_long_ago_is_no_error(screen: Guest, house: Dorpshuis) -> None:
    closure = make_closed(house, WEDNESDAY.date).closure
    tap(screen, closure, "ongedaan")
    with later(minutes=20):
        assert tap(screen, closure, "ongedaan").status == 302


def test_what_is_over_has_no_way_back(screen: Guest, house: Dorpshuis) -> None:
    closure = make_closed(house, MONDAY).closure
    with later(days=1):
        assert buttons(screen.get(url(closure))) == []


@pytest.mark.parametrize("what", ["", "weg"])
def test_another_button_does_nothing(screen: Guest, house: Dorpshuis, what: str) -> None:
    closure = make_closed(house, WEDNESDAY.date).closure
    answer = tap(screen, closure, what)
    assert (answer.status, Closure.objects.get().reopened_at) == (422, None)


def test_a_closure_of_another_house_is_not_there(screen: Guest, house: Dorpshuis) -> None:
    other = make_closed(make_house(), WEDNESDAY.date).closure
    assert (screen.get(url(other)).status, tap(screen, other, "ongedaan").status) == (404, 404)
    assert screen.get(f"/beheer/het-huis/dicht/{'9' * 40}/").status == 404


@pytest.mark.parametrize("number", [1, 3])
def test_it_takes_the_same_queries_for_one_guest_and_three(
    screen: Guest, house: Dorpshuis, query_count: Any, number: int
) -> None:
    for _ in range(number):
        make_booking(house, WEDNESDAY)
    closure = make_closed(house, WEDNESDAY.date).closure
    assert Booking.objects.count() == number
    with query_count(11):
        assert len(screen.get(url(closure)).tree.all("li", class_="guest")) == number
