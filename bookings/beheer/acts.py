"""What the buttons beside a guest do: their values in the form, their words, and the action of each."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from bookings import refusals
from bookings.actions import day
from bookings.models import Booking
from portal.base.log import Actor
from portal.base.words import uur

State, Paid = Booking.State, Booking.Paid

_UNDO = re.compile(r"ongedaan:[0-9a-f]{8}", re.ASCII)
PAYING = {"pin": Paid.PIN, "contant": Paid.CASH, "link": Paid.LINK, "factuur": Paid.ACCOUNT, "kwijt": Paid.WAIVED}
WORDS = {
    "is_er": gettext_lazy("Is er"),
    "kwam_niet": gettext_lazy("Kwam niet"),
    "laat": gettext_lazy("Laat maar"),
    "pin": gettext_lazy("Betaald: pin"),
    "contant": gettext_lazy("Betaald: contant"),
    "link": gettext_lazy("Betaald: betaallink"),
    "factuur": gettext_lazy("Op factuur"),
    "kwijt": gettext_lazy("Kwijtgescholden"),
}


@dataclass(frozen=True)
class Act:
    """A button: `name` is its value in the form."""

    name: str

    @classmethod
    def read(cls, text: str) -> "Act | None":
        """The act of this value; None for a value that no button has."""
        return cls(text) if text in WORDS or _UNDO.fullmatch(text) else None

    @property
    def words(self) -> str:
        return str(WORDS[self.name]) if self.name in WORDS else gettext("Maak ongedaan")

    @property
    def waives(self) -> bool:
        return self.name == "kwijt"

    def carry_out(self, booking: Booking, by: Actor) -> Booking:
        """Do it. Gives the booking as it stands; raises what its action raises."""
        if self.name in ACTIONS:
            return ACTIONS[self.name](booking, by)
        if self.name in PAYING:
            return day.pay(booking, PAYING[self.name], by)
        return day.undo(booking, self.name.partition(":")[2], by)


ACTIONS: dict[str, Callable[[Booking, Actor], Booking]] = {
    "is_er": day.mark_used,
    "kwam_niet": day.mark_no_show,
    "kwijt": day.waive,
    "laat": day.let_be,
}


def done_already(booking: Booking, act: Act) -> bool:
    """Whether the booking stands as this act would leave it."""
    if act.name in PAYING:
        return booking.paid_how == PAYING[act.name]
    if act.name == "laat":
        return booking.asked_at is not None or booking.state != State.BOOKED
    states = {"is_er": State.USED, "kwam_niet": State.NO_SHOW}
    if act.name in states:
        return booking.state == states[act.name]
    return act.name.partition(":")[2] not in [made["id"] for made in booking.ticks]


def why_not(refusal: refusals.Refused) -> str:
    """A sentence on why a tick, a payment or a walk-in was refused, and what then."""
    match refusal:
        case refusals.NotMarkable():
            return gettext("Deze boeking is net geannuleerd. Kijk op de lijst wie er nu staat.")
        case refusals.NotBegun(opens_at=opens_at):
            sentence = gettext("Dat is nog te vroeg. Het kan vanaf een uur voor het begin: %(time)s uur.")
            return sentence % {"time": uur(opens_at.time())}
        case refusals.TooLongAgo():
            return gettext("Dit is te lang geleden. Die maand staat vast.")
        case refusals.NothingDue():
            return gettext("Voor deze boeking hoeft niets betaald te worden.")
        case refusals.UndoIsOver():
            return gettext("Ongedaan maken kan hier niet meer. Tik op wat wel klopt: Is er, Kwam niet of Betaald.")
        case refusals.NoDeskFree():
            return gettext("Alle bureaus zijn bezet. Kijk of er in een ander dagdeel plek is.")
        case refusals.UnknownTariff():
            return gettext("Er is voor deze dag nog geen prijs. Vraag de penningmeester om een prijs in te vullen.")
        case _:
            return gettext("Dat lukte niet. Kijk op de lijst hoe het er nu staat.")
