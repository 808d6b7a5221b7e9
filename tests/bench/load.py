"""The loads of the benchmark: houses to book, forms fetched beforehand, bookings, and bare inserts."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import connection

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Guest, Reservation
from portal.base import clock
from tests.factories import DAY_PARTS, WORKDAYS, desks_of, make_booking, make_house
from villages.models import Dorpshuis

T = TypeVar("T")
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_INSERT = (
    "INSERT INTO bookings_booking (dorpshuis_id, reservation_id, desk_id, date, dagdeel, state, price_cents,"
    " tariff, desk_chosen, created_at) VALUES (%s, %s, %s, %s, %s, 'booked', 750, 'standaard', false, now())"
)


@dataclass(frozen=True)
class Form:
    """A booking form as one browser has it: where to post, what, and its cookie."""

    url: str
    fields: list[tuple[str, str]]
    cookie: str


def make_houses(number: int) -> list[Dorpshuis]:
    """Open houses with four desks, mornings and afternoons of workdays."""
    return [make_house(f"meethuis-{n}", desks=4) for n in range(number)]


def fetch_forms(base: str, houses: Sequence[Dorpshuis], run: int, number: int) -> list[Form]:
    """Fetch `number` forms, each in a browser of its own, for slots spread over the houses."""
    moments = list(islice(_moments(), number))
    return [_fetch(base, houses[n % len(houses)], moments[n // len(houses)], f"{run}-{n}") for n in range(number)]


def _moments() -> Iterator[Moment]:
    day = clock.today()
    while True:
        day += timedelta(days=1)
        if day.weekday() in WORKDAYS:
            yield from (Moment(day, part) for part in DAY_PARTS for _desk in range(4))


def _fetch(base: str, house: Dorpshuis, moment: Moment, who: str) -> Form:
    address = urlsplit(base)
    client = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    client.request("GET", f"/dorpshuizen/{house.slug}/?dagdeel={moment}")
    answer = client.getresponse()
    html = answer.read().decode()
    cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    client.close()
    form = html[html.index('id="boeking"') :]
    typed = [("naam", f"Gast {who}"), ("email", f"gast-{who}@voorbeeld.example")]
    return Form(f"{base}/dorpshuizen/{house.slug}/boek/", [*_HIDDEN.findall(form), *typed], cookie)


def book_all(forms: Sequence[Form], clients: int) -> float:
    """Post all forms with so many clients at once; the bookings per second. Each must succeed."""
    return _rate(forms, clients, _poster)


def _poster() -> Callable[[Form], None]:
    address = urlsplit(settings.PUBLIC_URL)
    client = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)

    def post(form: Form) -> None:
        headers = {
            "Cookie": form.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": form.url,
        }
        client.request("POST", urlsplit(form.url).path, urlencode(form.fields), headers)
        answer = client.getresponse()
        answer.read()
        if answer.status != http.client.FOUND:
            raise RuntimeError(f"a booking was answered with {answer.status}")

    return post


def insert_rate(houses: Sequence[Dorpshuis], run: int, number: int, clients: int) -> float:
    """The floor: one row in the same table with the same constraints, each in a transaction of its own."""
    house = houses[0]
    parent = make_booking(house, Moment(clock.today() + timedelta(days=_to_workday()), Dagdeel.OCHTEND))
    Booking.objects.filter(reservation=parent).delete()
    desk = desks_of(house)[0].pk
    start = clock.today() + timedelta(days=400 + run * number)
    rows = [(house.pk, parent.pk, desk, start + timedelta(days=n), "ochtend") for n in range(number)]
    return _rate(rows, clients, _inserter)


def _to_workday() -> int:
    return next(n for n in range(1, 8) if (clock.today() + timedelta(days=n)).weekday() in WORKDAYS)


def _inserter() -> Callable[[tuple[int | str | date, ...]], None]:
    connection.ensure_connection()

    def insert(row: tuple[int | str | date, ...]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, row)

    return insert


def _rate(work: Sequence[T], clients: int, worker: Callable[[], Callable[[T], None]]) -> float:
    """Share the work out over threads that start together; pieces per second."""
    together = threading.Barrier(clients + 1)
    failures: list[BaseException] = []

    def run(share: Sequence[T]) -> None:
        try:
            do = worker()
            together.wait(30)
            for piece in share:
                do(piece)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work[n::clients],)) for n in range(clients)]
    for thread in threads:
        thread.start()
    together.wait(30)
    began = time.perf_counter()
    for thread in threads:
        thread.join(120)
    if failures:
        raise failures[0]
    return len(work) / (time.perf_counter() - began)


def empty() -> None:
    """Take all bookings away, so that every run finds the same houses."""
    Booking.objects.all().delete()
    Reservation.objects.all().delete()
    Guest.objects.all().delete()
