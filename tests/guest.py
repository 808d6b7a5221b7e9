"""A guest with a browser that has no JavaScript: fetches a page, reads its form, and posts it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Reservation
from bookings.models import Guest as GuestRow
from portal.base.clock import AMSTERDAM
from portal.base.log.models import LogEntry
from villages.models import Dorpshuis

# Most tests of pages happen on this Monday, week 48, with the morning begun and the rest still free.
MONDAY = date(2026, 11, 23)
MONDAY_NINE = datetime(2026, 11, 23, 9, tzinfo=AMSTERDAM)
on_monday = pytest.mark.time_machine(MONDAY_NINE, tick=False)
WEDNESDAY = Moment(date(2026, 11, 25), Dagdeel.OCHTEND)
WEDNESDAY_NOON = Moment(date(2026, 11, 25), Dagdeel.MIDDAG)
THURSDAY = Moment(date(2026, 11, 26), Dagdeel.OCHTEND)


@contextmanager
def when(moment: datetime) -> Iterator[None]:
    """As if it were this moment, and stayed so."""
    with time_machine.travel(moment, tick=False):
        yield


VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
MARIEKE = {"naam": "Marieke Jansen", "email": "marieke@voorbeeld.example"}

Fields = dict[str, list[str]]


@dataclass
class Node:
    """An element of a page."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Node"]:
        """This element and all in it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child

    def all(self, tag: str = "", **attrs: str) -> list["Node"]:
        """The elements with this tag and these attributes; `_` in a name stands for `-`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [n for n in self if tag in ("", n.tag) and all(n.attrs.get(k) == v for k, v in wanted.items())]

    def one(self, tag: str = "", **attrs: str) -> "Node":
        """The only element with this tag and these attributes."""
        (found,) = self.all(tag, **attrs)
        return found

    @property
    def text(self) -> str:
        """All the words in it, spaces folded (hard ones too)."""
        return " ".join(" ".join(c if isinstance(c, str) else c.text for c in self.children).split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("page")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and len(self.open) > 1 and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Node:
    """The page as a tree."""
    builder = _Builder()
    builder.feed(html)
    return builder.root


@dataclass
class Page:
    """An answer, read."""

    response: HttpResponse

    def __post_init__(self) -> None:
        self.html = self.response.content.decode()
        self.tree = parse(self.html)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return self.tree.one("main").text if self.tree.all("main") else self.tree.text

    @property
    def cells(self) -> dict[str, Node]:
        """The cells of the week, by `2026-11-25:ochtend`."""
        found = [node for node in self.tree if "data-dagdeel" in node.attrs]
        return {f"{node.attrs['data-date']}:{node.attrs['data-dagdeel']}": node for node in found}

    @property
    def has_form(self) -> bool:
        """Whether there is a booking form."""
        return bool(self.tree.all("form", id="boeking"))

    @property
    def fields(self) -> Fields:
        """What the booking form would send, as it stands on the page."""
        form = self.tree.one("form", id="boeking")
        sent: Fields = {}
        for node in form.all("input"):
            if node.attrs.get("form", "boeking") == "boeking" and "name" in node.attrs:
                sent.setdefault(node.attrs["name"], []).append(node.attrs.get("value", ""))
        return sent

    @property
    def button(self) -> str:
        """The words on the button that books."""
        form = self.tree.one("form", id="boeking")
        (button,) = [node for node in form.all("button") if "form" not in node.attrs]
        return button.text

    @property
    def notice(self) -> str:
        """Why it did not succeed; empty when nothing is wrong."""
        return " ".join(node.text for node in self.tree.all(role="alert"))

    @property
    def dropped(self) -> str:
        """What was left out of the choice, and why."""
        return " ".join(node.text for node in self.tree.all("div", class_="notice warm"))


def written() -> list[int]:
    """How many rows there are of all that an order or a cancellation writes."""
    return [model.objects.count() for model in (GuestRow, Reservation, Booking, LogEntry)]


def without_tokens(html: str) -> str:
    """The page without what is new each time: form tokens, keys and references."""
    return re.sub(r'(?<=value=")[\w.-]{60,}(?=")|(?<=/boeking/)\w{26}', "•", html)


class Guest:
    """Somebody with a browser of her own."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def get(self, url: str, **headers: str) -> Page:
        return Page(self.client.get(url, headers=headers))  # type: ignore[arg-type]

    def look(self, house: Dorpshuis, *moments: Moment | str, **query: Any) -> Page:
        """The house's page with these chosen."""
        asked = {"dagdeel": [str(moment) for moment in moments], **query}
        return Page(self.client.get(reverse("house", args=[house.slug]), asked))  # type: ignore[arg-type]

    def send(self, house: Dorpshuis, fields: dict[str, Any]) -> Page:
        """Post these fields as they are."""
        return Page(self.client.post(reverse("book", args=[house.slug]), fields))  # type: ignore[arg-type]

    def book(self, house: Dorpshuis, *moments: Moment, look: dict[str, Any] | None = None, **typed: Any) -> Page:
        """Choose these, type, and tap the button. `typed` changes fields; None leaves one out."""
        return self.send(house, self.fill(self.look(house, *moments, **(look or {})), **typed))

    def fill(self, page: Page, **typed: Any) -> dict[str, Any]:
        """The fields of the page's form with Marieke's name and address, changed by what is typed."""
        fields = {**page.fields, **MARIEKE, **typed}
        return {name: value for name, value in fields.items() if value is not None}
