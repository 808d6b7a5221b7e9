"""A volunteer at the desk of her house: the page for who phones, filled in and sent."""

from typing import Any

from bookings.domain.dagdelen import Moment
from tests.guest import Guest, Page

BOOK = "/beheer/het-huis/boek/"
CALLER = {"naam": "Mevrouw De Vries", "telefoon": "0521 121 314"}


def fields(page: Page) -> dict[str, Any]:
    """What the form on the page would send, as it stands, with the button that books."""
    form = page.tree.one("form", id="bestelling")
    sent: dict[str, Any] = {}
    for node in form.all("input"):
        if node.attrs.get("type") in ("checkbox", "radio") and "checked" not in node.attrs:
            continue
        name, value = node.attrs["name"], node.attrs.get("value", "")
        sent[name] = [*sent[name], value] if name == "dagdeel" and name in sent else [value]
    return sent


def order(desk: Guest, *moments: Moment, **typed: Any) -> dict[str, Any]:
    """A fresh form with these dagdelen and this caller; None leaves a field out."""
    page = desk.get(BOOK)
    sent = {**fields(page), **CALLER, "dagdeel": [str(moment) for moment in moments], **typed}
    return {name: value for name, value in sent.items() if value is not None}


def send(desk: Guest, sent: dict[str, Any], **headers: str) -> Page:
    return Page(desk.client.post(BOOK, sent, headers=headers))  # type: ignore[arg-type]


def book(desk: Guest, *moments: Moment, **typed: Any) -> Page:
    """Phoned, typed, tapped."""
    return send(desk, order(desk, *moments, **typed))
