"""A volunteer in the guests' room of her house: opens a page, and taps a button of it."""

from typing import Any

from bookings.models import Guest as GuestRow
from tests.guest import Guest, Node, Page

ROOM = "/beheer/het-huis/gasten/"


def page_of(desk: Guest, guest: GuestRow, rest: str = "") -> Page:
    return desk.get(f"{ROOM}{guest.pk}/{rest}")


def hidden(form: Node) -> dict[str, str]:
    """What the form sends besides what is typed."""
    return {node.attrs["name"]: node.attrs["value"] for node in form.all("input", type="hidden")}


def tap(desk: Guest, page: Page, words: str, follow: bool = False, **typed: Any) -> Page:
    """Post the form whose button begins with these words, with all that stands in its fields."""
    for form in page.tree.one("main").all("form", method="post"):
        for button in form.all("button"):
            if button.text.startswith(words):
                sent = {
                    node.attrs["name"]: node.attrs.get("value", "")
                    for node in form.all("input")
                    if node.attrs.get("type") not in ("radio", "checkbox")
                }
                if "name" in button.attrs:
                    sent[button.attrs["name"]] = button.attrs["value"]
                return Page(desk.client.post(form.attrs["action"], {**sent, **typed}, follow=follow))  # type: ignore[arg-type]
    raise AssertionError(f"no button {words!r}")
