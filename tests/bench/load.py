"""The loads of the benchmark: houses to book, forms fetched beforehand, posts, pages, and what is counted."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.actions.book import book
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Guest, Reservation
from portal.base import clock
from portal.base.log import GUEST
from tests.factories import DAY_PARTS, WORKDAYS, desks_of, make_booking, make_house, make_order
from villages.models import Dorpshuis

T = TypeVar("T")
# No load goes on longer: a machine that is busy does fewer pieces, not the same ones for minutes.
MOST_SECONDS = 4
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass(frozen=True)
class Form:
    """A form as one browser has it: where to post, what, and its cookie."""

    url: str
    fields: list[tuple[str, str]]
    cookie: str = ""


def make_houses(number: int) -> list[Dorpshuis]:
    """Open houses with four desks, mornings and afternoons of workdays."""
    return [make_house(f"meethuis-{n}", desks=4) for n in range(number)]


def fetch_forms(base: str, houses: Sequence[Dorpshuis], number: int) -> list[Form]:
    """Fetch `number` forms, each in a browser of its own, for slots spread over the houses."""
    moments = _spread(houses, number)
    return [_fetch(base, houses[n % len(houses)], moment, n) for n, moment in enumerate(moments)]


def _spread(houses: Sequence[Dorpshuis], number: int) -> list[Moment]:
    """The moment of each: as many for every house, and each house's desks all filled before the next moment."""
    spread = list(islice(moments(), number))
    return [spread[n // len(houses)] for n in range(number)]


def moments() -> Iterator[Moment]:
    """The dagdelen to come, each four times: once for each desk."""
    day = clock.today()
    while True:
        day += timedelta(days=1)
        if day.weekday() in WORKDAYS:
            yield from (Moment(day, part) for part in DAY_PARTS for _desk in range(4))


def _fetch(base: str, house: Dorpshuis, moment: Moment, who: int) -> Form:
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


def hand_forms(base: str, houses: Sequence[Dorpshuis], number: int, like: Sequence[Form] = ()) -> list[Form]:
    """The same bookings for the view that was written by hand; with the cookie and the token of the forms in `like`."""
    found = []
    for n, moment in enumerate(_spread(houses, number)):
        slot = [("datum", str(moment.date)), ("dagdeel", moment.dagdeel.value)]
        who = [("huis", str(houses[n % len(houses)].pk)), ("email", f"gast-{n}@voorbeeld.example")]
        token = [field for field in like[n].fields if field[0] == "csrfmiddlewaretoken"] if like else []
        found.append(Form(f"{base}/boek/", slot + who + token, like[n].cookie if like else ""))
    return found


def insert_forms(base: str, houses: Sequence[Dorpshuis], number: int) -> list[Form]:
    """One row each in the same table with the same constraints, spread over the houses too."""
    orders = [make_booking(house, next(moments())) for house in houses]
    Booking.objects.filter(reservation__in=orders).delete()
    found = []
    for n in range(number):
        house, order = houses[n % len(houses)], orders[n % len(houses)]
        day = clock.today() + timedelta(days=1 + n // len(houses))
        row = {"huis": house.pk, "order": order.pk, "bureau": desks_of(house)[0].pk, "datum": day}
        fields = [(name, str(value)) for name, value in row.items()]
        found.append(Form(f"{base}/insert/", [*fields, ("dagdeel", Dagdeel.OCHTEND.value)]))
    return found


def post_all(forms: Sequence[Form], clients: int) -> float:
    """Post all forms with so many clients at once; how many per second. Each must succeed."""
    return _rate(forms, clients, lambda: _poster(forms[0].url))


def _poster(base: str) -> Callable[[Form], None]:
    client = _connect(base)

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
            raise RuntimeError(f"{form.url} was answered with {answer.status}")

    return post


def get_all(url: str, number: int, connections: int) -> float:
    """Fetch this page so many times over so many kept connections; pages per second."""
    return _rate([url] * number, connections, lambda: _getter(url))


def _getter(base: str) -> Callable[[str], None]:
    client = _connect(base)

    def get(url: str) -> None:
        parts = urlsplit(url)
        client.request("GET", f"{parts.path}?{parts.query}")
        answer = client.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"{url} was answered with {answer.status}")

    return get


def _connect(base: str) -> http.client.HTTPConnection:
    address = urlsplit(base)
    return http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)


def size_of(url: str) -> int:
    """The bytes of a page, without compression."""
    client = _connect(url)
    client.request("GET", urlsplit(url).path)
    size = len(client.getresponse().read())
    client.close()
    return size


def queries_of(act: Callable[[], object]) -> int:
    """How many statements this asks of the database, without those that begin and end a transaction."""
    with CaptureQueriesContext(connection) as made:
        act()
    return sum(not query["sql"].startswith(("BEGIN", "COMMIT")) for query in made)


def queries_of_page(path: str) -> int:
    """How many statements one look at this page takes."""
    guest = Client(headers={"host": "localhost"})
    return queries_of(lambda: guest.get(path))


def book_here(house: Dorpshuis) -> None:
    """One booking in this process, by the same action as the page's."""
    book(make_order(house, next(moments()), key="meting", email="meting@voorbeeld.example"), GUEST)


def _rate(work: Sequence[T], clients: int, worker: Callable[[], Callable[[T], None]]) -> float:
    """Share the work out over threads that start together, for so many seconds at most; pieces per second."""
    together = threading.Barrier(clients + 1)
    failures: list[BaseException] = []
    done: list[T] = []

    def run(share: Sequence[T]) -> None:
        try:
            do = worker()
            together.wait(30)
            until = time.perf_counter() + MOST_SECONDS
            for piece in share:
                if time.perf_counter() > until:
                    break
                do(piece)
                done.append(piece)
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
    return len(done) / (time.perf_counter() - began)


def empty() -> None:
    """Take all bookings away, so that every run finds the same houses; and what pages show of them."""
    with transaction.atomic():
        Dorpshuis.objects.all().move_on()
    Booking.objects.all().delete()
    Reservation.objects.all().delete()
    Guest.objects.all().delete()
