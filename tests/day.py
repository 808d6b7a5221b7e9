"""Somebody of a house at its day list, in a browser without JavaScript."""

from datetime import date
from typing import Any

from django.urls import reverse

from bookings.models import Booking
from portal.base import clock
from tests.factories import make_member
from tests.guest import Guest, Node, Page
from villages.models import Dorpshuis, Membership


class Screen(Guest):
    """A browser in which somebody with this role is logged in."""

    def __init__(self, house: Dorpshuis, role: str = Membership.Role.VOLUNTEER) -> None:
        super().__init__()
        self.house = house
        self.user = make_member(house, role)
        self.client.force_login(self.user)

    def day(self, day: date | None = None, **query: str) -> Page:
        """The list of a day; without one the first page."""
        name, args = ("day", [self.house.slug, str(day)]) if day else ("today", [self.house.slug])
        return Page(self.client.get(reverse(name, args=args), query))  # type: ignore[arg-type]

    def post(self, name: str, day: date | None = None, *, htmx: bool = False, **fields: Any) -> Page:
        """Post these fields, with the token of the page."""
        url = reverse(name, args=[self.house.slug, str(day or clock.today())])
        token = self.day().tree.all("input", name="csrfmiddlewaretoken")
        sent = {"csrfmiddlewaretoken": token[0].attrs["value"] if token else "", **fields}
        headers = {"HX-Request": "true"} if htmx else {}
        return Page(self.client.post(url, sent, headers=headers))  # type: ignore[arg-type]

    def tap(self, booking: Booking, act: str, **fields: Any) -> Page:
        """Tap this button beside this guest."""
        return self.post("mark", booking.date, boeking=booking.pk, doe=act, **fields)


def row_of(page: Page, booking: Booking) -> Node:
    return page.tree.one("li", id=f"b{booking.pk}")


def buttons(node: Node) -> list[str]:
    """The acts that the buttons of a row offer."""
    return [button.attrs.get("value", "") for button in node.all("button")]
