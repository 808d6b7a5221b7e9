"""The benchmark's floors still write what the tables ask for: a floor that fails measures nothing."""

import pytest
from django.test import RequestFactory

from bookings.models import Booking, Guest, Reservation
from portal.base.log.models import LogEntry
from portal.base.outbox.models import OutboxMail
from tests.bench import floors, load, mail
from tests.bench.__main__ import Row, _share
from tests.bench.rivals import RIVALS
from tests.factories import DAY_PARTS, MONDAY_NINE, make_house
from tests.faults.inbox import Arrival, Inbox
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MONDAY_NINE, tick=False)]


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("meethuis")


def test_a_booking_by_hand_writes_the_rows_of_a_booking(house: Dorpshuis) -> None:
    (form,) = load.hand_forms("http://localhost", [house], number=1)
    answer = floors.hand_booking(RequestFactory().post("/boek/", dict(form.fields)))
    written = [model.objects.count() for model in (Guest, Reservation, Booking, OutboxMail, LogEntry)]
    assert (answer.status_code, written) == (302, [1, 1, 1, 1, 1])


def test_an_insert_by_hand_writes_one_booking(house: Dorpshuis) -> None:
    (form,) = load.insert_forms("http://localhost", [house], number=1)
    answer = floors.insert(RequestFactory().post("/insert/", dict(form.fields)))
    assert (answer.status_code, Booking.objects.count()) == (302, 1)


def test_the_page_of_one_query_has_so_many_rows(house: Dorpshuis) -> None:
    answer = floors.one_query(RequestFactory().get("/pagina/30/"), rows=30)
    assert answer.content.count(b"<li>") == 30


def test_a_booking_by_hand_asks_as_much_as_a_booking(house: Dorpshuis) -> None:
    (form,) = load.hand_forms("http://localhost", [house], number=1)
    by_hand = load.queries_of(lambda: floors.hand_booking(RequestFactory().post("/boek/", dict(form.fields))))
    load.empty()
    # By hand it also looks the house up beforehand, as the page does.
    assert by_hand == load.queries_of(lambda: load.book_here(house)) + 1


def test_by_hand_behind_the_middleware_it_has_the_cookie_and_the_token_of_the_form(house: Dorpshuis) -> None:
    form = load.Form("http://localhost/", [("csrfmiddlewaretoken", "teken"), ("sleutel", "s")], cookie="csrftoken=c")
    (dressed,) = load.hand_forms("http://localhost", [house], 1, [form])
    assert (dressed.fields[-1], dressed.cookie) == (("csrfmiddlewaretoken", "teken"), "csrftoken=c")


@pytest.mark.parametrize(
    ("what", "share", "says"), [("booking", 0.59, True), ("booking", 0.6, False), ("search page", 0, False)]
)
def test_what_is_missed_is_said(what: str, share: float, says: bool) -> None:
    assert bool(Row(what, 1, [20.0], "booking by hand", share).missed) == says


def test_parts_of_the_floor_are_taken_run_by_run() -> None:
    """What else the machine did in the second run slowed both down."""
    rates = {("booking", 1): [50.0, 5.0, 60.0], ("booking by hand", 1): [100.0, 10.0, 100.0]}
    assert _share(rates, "booking", 1) == 0.5


def test_a_rival_counts_beside_the_insert_of_its_own_machine() -> None:
    mrbs = RIVALS[0]
    assert (round(mrbs.share(1), 3), round(mrbs.share(16), 3)) == (0.141, 0.154)


def test_a_reminder_of_the_bench_is_sent_and_asks_the_same_however_many_wait(db: None) -> None:
    mails = list(mail._reminders(mail.DESKS * len(DAY_PARTS)))
    assert mail._queries_per_mail(mails) == mail._queries_per_mail(mails) > 4


def test_what_left_is_reckoned_from_what_arrived() -> None:
    found, arrived = mail.Mailed(due=10), Inbox()
    arrived.arrived = [Arrival(str(n), f"gast-{n}", at=n) for n in range(1, 21)] + [Arrival("c", mail.CODE_FOR, at=9)]
    mail._reckon(found, arrived, begin=0, asked=7)
    assert (found.left, found.per_second, found.least_per_second, found.code_seconds) == (20, 1, 0.9, 2)
