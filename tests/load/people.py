"""The people of the load: guests who book and cancel, volunteers who look at their day, close and open again."""

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Event

import httpx

from portal.base import clock
from tests.guest import Node, parse

THINKING = (0.5, 2.5)  # seconds between two taps
AHEAD = 27  # days; the demo's houses can be booked further
PATIENCE = 150  # seconds for an answer: less than who waits for all these people in the end
HOUSES = {"over-entinghe": "henk", "de-veldkei": "willem"}


@dataclass
class Tally:
    """What the people of one load met."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def add(self, what: str, answer: httpx.Response) -> httpx.Response:
        self.answers[what, answer.status_code] += 1
        return answer

    def number(self, what: str, *statuses: int) -> int:
        return sum(self.answers[what, status] for status in statuses)

    @property
    def errors(self) -> dict[str, int]:
        """Answers of 500 and more, by what was asked."""
        return {f"{what}: {status}": n for (what, status), n in self.answers.items() if status >= 500}


class Person:
    """Somebody with a browser of her own, who goes on until it is over."""

    def __init__(self, url: str, number: int, tally: Tally) -> None:
        self.chance = random.Random(number)
        self.number = number
        self.tally = tally
        self.client = httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False)
        self.house = self.chance.choice(sorted(HOUSES))

    def live(self, over: Event, act: Callable[[], None]) -> None:
        """Act, think, act again. What goes wrong in a browser is told at the end, not passed over."""
        with closing(self.client):
            while not over.is_set():
                try:
                    act()
                except (httpx.HTTPError, ValueError, KeyError, IndexError) as error:
                    self.tally.failed.append(f"{type(error).__name__}: {error}"[:200])
                over.wait(self.chance.uniform(*THINKING))

    def act(self) -> None:
        """One thing that she does."""
        raise NotImplementedError

    def day(self) -> date:
        return clock.real_now().date() + timedelta(days=self.chance.randint(1, AHEAD))


class Guest(Person):
    """Looks for a free dagdeel, books it, and now and then gives it back."""

    def act(self) -> None:
        first = self.day()
        asked = {"van": str(first), "tot": str(first + timedelta(days=6))}
        path = f"/dorpshuizen/{self.house}/"
        found = self.tally.add("availability", self.client.get(f"{path}beschikbaarheid.json", params=asked)).json()
        free = [f"{one['datum']}:{one['dagdeel']}" for one in found["dagdelen"] if one["status"] == "vrij"]
        if not free:
            return
        moments = self.chance.sample(free, min(len(free), self.chance.choice([1, 1, 2])))
        page = self.tally.add("house", self.client.get(path, params={"dagdeel": moments}))
        forms = [
            form for form in parse(page.text).all("form", method="post") if form.attrs["action"].endswith("/boek/")
        ]
        if not forms:
            return  # taken since she looked
        typed = {"naam": f"Gast {self.number}", "email": f"gast-{self.number}@load.example"}
        booked = self.tally.add("book", self.client.post(forms[0].attrs["action"], data=fields_of(forms[0]) | typed))
        if booked.status_code == httpx.codes.FOUND and self.chance.random() < 0.4:
            time.sleep(self.chance.uniform(0, 1))
            self._give_back(booked.headers["Location"])

    def _give_back(self, link: str) -> None:
        page = self.tally.add("booking", self.client.get(link))
        forms = forms_to(page, "/annuleer/")
        if forms:
            self.tally.add("cancel", self.client.post(forms[0].attrs["action"], data=fields_of(forms[0])))


class Volunteer(Person):
    """Looks at the list of a day; now and then closes a dagdeel, and takes that back."""

    def begin(self) -> None:
        """Log in, as the demo lets anybody do."""
        self.house = sorted(HOUSES)[self.number % len(HOUSES)]
        page = self.client.get("/demo/")
        form = forms_to(page, "/demo/inloggen/")[0]
        token = fields_of(form).get("csrfmiddlewaretoken", [""])
        sent = {"wie": [HOUSES[self.house]], "csrfmiddlewaretoken": token}
        self.tally.add("log in", self.client.post("/demo/inloggen/", data=sent))

    def act(self) -> None:
        rooms = f"/beheer/{self.house}/"
        self.tally.add("day list", self.client.get(f"{rooms}dag/{clock.real_now().date()}/"))
        self.tally.add("call list", self.client.get(f"{rooms}bellijst/"))
        if self.chance.random() < 0.5:
            self._close_and_open(f"{rooms}dicht/")

    def _close_and_open(self, address: str) -> None:
        day = self.day()
        part = self.chance.choice(["ochtend", "middag"])
        asked = {
            "wanneer": "dagen",
            "van": str(day),
            "tot": str(day),
            "dagdeel": part,
            "wat": "huis",
            "reden": "uitvaart",
        }
        page = self.tally.add("preview", self.client.get(address, params=asked))
        forms = forms_to(page, address)
        if not forms:
            return
        closed = self.tally.add("close", self.client.post(address, data=fields_of(forms[0])))
        if closed.status_code == httpx.codes.FOUND:
            page = self.tally.add("closure", self.client.get(closed.headers["Location"]))
            back = [form for form in parse(page.text).all("form", method="post") if fields_of(form).get("doe")]
            if back:
                action = back[0].attrs.get("action") or str(page.url)
                self.tally.add("open again", self.client.post(action, data=fields_of(back[0])))


def forms_to(page: httpx.Response, ending: str) -> list[Node]:
    """The forms of this page that post to an address with this ending."""
    forms = parse(page.text).all("form", method="post")
    return [form for form in forms if form.attrs.get("action", "").endswith(ending)]


def fields_of(form: Node) -> dict[str, list[str]]:
    """What the form would send as it stands."""
    found: dict[str, list[str]] = {}
    for node in [*form.all("input"), *form.all("button")]:
        plain = node.attrs.get("type") not in ("radio", "checkbox")
        if "name" in node.attrs and (plain or "checked" in node.attrs):
            found.setdefault(node.attrs["name"], []).append(node.attrs.get("value", ""))
    return found
