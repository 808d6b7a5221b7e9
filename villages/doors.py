"""The rooms under /beheer/<slug>/ and who may enter which: one table, read by pages, menu and tests."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from villages.models import Membership

Role = Membership.Role


@dataclass(frozen=True)
class Door:
    """A room's door: its name in the address, the page's URL name, the word in the menu, and for whom it opens.

    `often`: in the menu of a phone it stands there at once, the others behind "Meer".
    """

    name: str
    url_name: str
    words: str | Promise
    icon: str
    roles: tuple[str, ...]
    often: bool = False


# In the order of the menu.
DOORS = (
    Door("dag", "today", gettext_lazy("Vandaag"), "calendar-days", Role.day_list, often=True),
    Door("boek", "phone-booking", gettext_lazy("Boek voor iemand"), "phone", Role.running, often=True),
    Door("bellijst", "call-list", gettext_lazy("Bellijst"), "list-checks", Role.running, often=True),
    Door("dicht", "close", gettext_lazy("Dicht"), "door-closed", Role.running, often=True),
    Door("rooster", "schedule", gettext_lazy("Rooster"), "clock", Role.running),
    Door("bureaus", "desks", gettext_lazy("Bureaus"), "lamp-desk", Role.running),
    Door("vaste-plekken", "standing-places", gettext_lazy("Vaste plekken"), "map-pin", Role.running),
    Door("gasten", "guests", gettext_lazy("Gasten"), "users-round", Role.running),
    Door("cijfers", "house-figures", gettext_lazy("Cijfers"), "chart", Role.running),
    Door("prijzen", "prices", gettext_lazy("Prijzen"), "euro", Role.money),
    Door("instellingen", "settings", gettext_lazy("Instellingen"), "sliders-horizontal", Role.money),
    Door("team", "team", gettext_lazy("Team"), "key-round", Role.money),
)


def door(name: str) -> Door:
    """The door of this room; KeyError for a room that there is not."""
    return _BY_NAME[name]


_BY_NAME = {door.name: door for door in DOORS}
