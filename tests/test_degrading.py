"""What goes on when a part is gone: a booking is whole or not there, and the guest hears whom to phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from bookings.models import Booking, Guest, Reservation
from portal.base.models import OutboxMail
from portal.base.outbox.tasks import deliver_mail
from tests.factories import make_booking, make_house
from tests.guest import WEDNESDAY, Page, on_monday
from tests.guest import Guest as Browser
from villages.models import Dorpshuis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, on_monday]

PHONE = "0521 591 000"


def tell(*commands: str) -> None:
    with connection.cursor() as cursor:
        for command in commands:
            cursor.execute(command)


@pytest.fixture
def read_only() -> Iterator[None]:
    """The database may be read and not written, from when the test says so."""
    yield
    tell("SET default_transaction_read_only = off" if connection.vendor == "postgresql" else "PRAGMA query_only = OFF")


def let_it_be_read_only() -> None:
    tell("SET default_transaction_read_only = on" if connection.vendor == "postgresql" else "PRAGMA query_only = ON")


@pytest.fixture
def full_disk() -> Iterator[None]:
    """PostgreSQL finds no room for the last row of a booking, when the others are written."""
    yield
    tell("DROP FUNCTION IF EXISTS full_disk CASCADE")


def let_it_be_full() -> None:
    tell(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$",
        "CREATE TRIGGER full_disk BEFORE INSERT ON base_outboxmail EXECUTE FUNCTION full_disk()",
    )


def rows() -> list[int]:
    return [model._default_manager.count() for model in (Guest, Reservation, Booking, OutboxMail)]


def browser() -> Browser:
    """A browser that sees the answer to a failure, as a visitor does."""
    found = Browser()
    found.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return found


def check_sentence(page: Page) -> None:
    assert (page.status, page.tree.one("h1").text) == (503, "Nu even niet")
    (link,) = [a for a in page.tree.one("main").all("a") if a.attrs["href"].startswith("tel:")]
    assert link.text == PHONE


def test_a_database_that_may_only_be_read_gives_the_sentence_and_no_half_booking(read_only: None) -> None:
    house, marieke = make_house(), browser()
    page = marieke.look(house, WEDNESDAY)
    let_it_be_read_only()
    check_sentence(marieke.send(house, marieke.fill(page)))
    assert rows() == [0, 0, 0, 0]


def test_its_pages_can_still_be_looked_at(read_only: None) -> None:
    house = make_house()
    let_it_be_read_only()
    assert browser().look(house).status == 200


def test_who_cancels_then_gets_the_number_of_her_house(read_only: None) -> None:
    booking, marieke = make_booking(make_house(), WEDNESDAY), browser()
    link = reverse("booking", args=[booking.reference])
    token = marieke.get(link).tree.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    let_it_be_read_only()
    posted = marieke.client.post(reverse("cancel-booking", args=[booking.reference]), {"csrfmiddlewaretoken": token})
    check_sentence(Page(posted))  # type: ignore[arg-type]
    assert Booking.objects.get().state == Booking.State.BOOKED


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's full disk is the read-only one to us")
def test_a_full_disk_gives_the_sentence_and_no_half_booking(full_disk: None) -> None:
    house, marieke = make_house(), browser()
    page = marieke.look(house, WEDNESDAY)
    let_it_be_full()
    check_sentence(marieke.send(house, marieke.fill(page)))
    assert rows() == [0, 0, 0, 0]


@pytest.fixture
def no_redis(settings: Any) -> Iterator[None]:
    """Redis is gone: neither cache nor limits nor broker."""
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "portal.base.cache.SteadyRedisCache",
            "LOCATION": "unix:///there-is-no/redis.sock",
            "OPTIONS": {"socket_connect_timeout": 1},
        },
    }
    type(caches["default"])._left_alone_until = 0.0  # type: ignore[attr-defined]
    yield
    type(caches["default"])._left_alone_until = 0.0  # type: ignore[attr-defined]


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(*args: object, **kwargs: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(deliver_mail, "delay", dead)
    monkeypatch.setattr(deliver_mail, "apply_async", dead)


@pytest.mark.usefixtures("no_redis", "no_broker")
def test_without_redis_pages_and_bookings_go_on_with_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    house = make_house()
    marieke = Browser()
    assert marieke.get("/").status == 200
    assert marieke.book(house, WEDNESDAY).status == 302
    caches["default"].get("x")
    assert OutboxMail.objects.get().state == OutboxMail.State.WAITING
    assert "redis does not answer" in caplog.text
    assert "deliver_mail" in caplog.text or "on_commit" in caplog.text


@pytest.mark.usefixtures("no_redis", "no_broker")
def test_without_redis_a_wrong_code_still_counts() -> None:
    cache = caches["default"]
    assert cache.add("tries:x", 1)
    assert cache.incr("tries:x") == 2


def test_a_house_that_takes_no_bookings_yet_shows_no_number(read_only: None) -> None:
    house = make_house(status=Dorpshuis.Status.ASKED)
    let_it_be_read_only()
    assert "591 000" not in browser().client.get(reverse("house", args=[house.slug])).content.decode()
