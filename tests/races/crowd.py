"""A crowd: visitors with browsers of their own, threads that start at the same moment, and wider windows."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Barrier, BrokenBarrierError, Event, Thread
from types import ModuleType
from typing import Any, TypeVar

import httpx
import pytest
from django.db import connections
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from bookings.domain.dagdelen import Moment
from bookings.models import Booking
from tests.guest import Node, parse
from villages.models import Dorpshuis

T = TypeVar("T")
Fields = dict[str, list[str]]

PATIENCE = 180.0  # seconds that anything may take before a test gives up, on a machine that has much to do


@dataclass(frozen=True)
class Visitor:
    """Somebody who made her choice: the page is in front of her, and the button waits."""

    url: str
    cookies: httpx.Cookies
    fields: Fields

    def tap(self) -> httpx.Response:
        """Post the form, over a connection of her own; redirects are not followed."""
        with httpx.Client(cookies=self.cookies, timeout=PATIENCE, trust_env=False) as client:
            return client.post(self.url, data=self.fields)


def visitor(server: LiveServer, house: Dorpshuis, name: str, *moments: Moment) -> Visitor:
    """Open the page with these chosen, and fill in the form."""
    address = server.url + reverse("house", args=[house.slug])
    with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
        page = client.get(address, params={"dagdeel": [str(moment) for moment in moments]})
        form = _form(page.text)
        fields = _hidden(form) | {"naam": [name], "email": [f"{name.lower()}@voorbeeld.example"]}
        fields["dagdeel"] = [str(moment) for moment in moments]  # as asked, not as the page sorted them
        return Visitor(server.url + form.attrs["action"], client.cookies, fields)


def visitors(server: LiveServer, house: Dorpshuis, number: int, *moments: Moment) -> list[Visitor]:
    return [visitor(server, house, f"Gast{n}", *moments) for n in range(number)]


def _form(html: str) -> Node:
    """The booking form of the page."""
    (form,) = [form for form in parse(html).all("form", method="post") if form.attrs["action"].endswith("/boek/")]
    return form


def _hidden(form: Node) -> Fields:
    found: Fields = {}
    for node in form.all("input", type="hidden"):
        found.setdefault(node.attrs["name"], []).append(node.attrs["value"])
    return found


def free_desks(response: httpx.Response, moment: Moment) -> str | None:
    """How many free desks the grid of this answer shows for the moment."""
    cells = [node.attrs for node in parse(response.text) if "data-dagdeel" in node.attrs]
    key = (str(moment.date), str(moment.dagdeel))
    found = [cell["data-vrij"] for cell in cells if (cell["data-date"], cell["data-dagdeel"]) == key]
    return found[0] if len(found) == 1 else None


def at_once(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of these at the same moment, each in a thread of its own; what each gave, in order."""
    given: dict[int, T] = {}
    start = Barrier(len(jobs))

    def run(number: int, job: Callable[[], T]) -> None:
        try:
            start.wait(PATIENCE)
            given[number] = job()
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair, daemon=True) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    assert len(given) == len(jobs), "not everybody got an answer in time"
    return [given[number] for number in range(len(jobs))]


def outcome(job: Callable[[], T]) -> Callable[[], T | Exception]:
    """The same job, that gives what it raised."""

    def run() -> T | Exception:
        try:
            return job()
        except Exception as error:
            return error

    return run


def statuses(answers: Sequence[httpx.Response]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def booked(house: Dorpshuis) -> list[tuple[str, int]]:
    """The slots that are booked, as (moment, desk), in order; a slot that is sold twice is there twice."""
    rows = Booking.objects.filter(dorpshuis=house, state=Booking.State.BOOKED).in_order()
    return [(str(row.moment), row.desk_id) for row in rows]


def meeting(number: int) -> Callable[[], None]:
    """Waits until so many have come, and lets them all go on; they meet once.

    Only where all can come: after a while it waits for nobody, so that a test that is wrong fails and does not hang.
    """
    met = Event()
    barrier = Barrier(number, action=met.set)

    def wait() -> None:
        if not met.is_set():
            with suppress(BrokenBarrierError):
                barrier.wait(PATIENCE / 2)

    return wait


def pause() -> None:
    """Long enough for others to come in between, if they can. Not to be counted on: for that there is `meeting`."""
    time.sleep(0.05)


def after(patch: pytest.MonkeyPatch, module: ModuleType, name: str, wait: Callable[[], None]) -> None:
    """Widen the window: whoever called this function waits before going on."""
    original = getattr(module, name)

    def slowly(*args: Any, **kwargs: Any) -> Any:
        given = original(*args, **kwargs)
        wait()
        return given

    patch.setattr(module, name, slowly)
