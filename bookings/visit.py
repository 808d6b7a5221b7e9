"""Somebody of the house in one of its rooms: what every page under /beheer/<slug>/ begins and ends with."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from bookings.models import CallEntry
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from portal.base.log import Actor
from portal.base.log import house as actor_of
from villages.access import roles_in
from villages.doors import DOORS, Door, door
from villages.models import Dorpshuis


@dataclass(frozen=True)
class MenuItem:
    """A room in the menu: its word, where it is, whether she is in it, and how much waits there."""

    door: Door
    url: str
    here: bool
    waiting: int = 0


@dataclass(frozen=True)
class Visit:
    """A person in a room of a house that she may enter."""

    dorpshuis: Dorpshuis
    actor: Actor
    door: Door
    roles: frozenset[str]

    def may_enter(self, name: str) -> bool:
        """Whether she may go to that room too."""
        return bool(self.roles & set(door(name).roles))

    def show(self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """The page with the house, its menu, and what the room itself has to show."""
        menu = self._menu()
        behind = [item for item in menu if not item.door.often]
        page = {"dorpshuis": self.dorpshuis, "visit": self, "menu": menu, "behind": behind}
        return render(request, template, page | context, status=status)

    def _menu(self) -> list[MenuItem]:
        calls = CallEntry.objects.filter(dorpshuis=self.dorpshuis).to_do(clock.now()).count()
        found = []
        for other in DOORS:
            if self.may_enter(other.name) and (url := _url_of(other, self.dorpshuis)):
                waiting = calls if other.name == "bellijst" else 0
                found.append(MenuItem(other, url, other == self.door, waiting))
        return found


def enter(request: LoggedInRequest, slug: str, name: str) -> Visit:
    """Let this person into this room of this house.

    Raises Http404 for whom the house is not (whether it exists stays unsaid), PermissionDenied for a member of
    its team whose role does not open this door.
    """
    opened = door(name)
    dorpshuis, roles = roles_in(request.user, slug, opened.roles)
    return Visit(dorpshuis, actor_of(request.user), opened, roles)


def _url_of(other: Door, dorpshuis: Dorpshuis) -> str:
    """The room's address; empty as long as it has no page."""
    try:
        return reverse(other.url_name, args=[dorpshuis.slug])
    except NoReverseMatch:
        return ""
