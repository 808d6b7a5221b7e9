"""Why an order or a cancellation was refused: typed, without sentences. The page holds the words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bookings.domain.availability import Cell
from bookings.domain.dagdelen import Moment

if TYPE_CHECKING:
    from bookings.closing import Plan
    from bookings.standing import LongerPlan, StandingPlan


class Refused(Exception):
    """Nothing was written."""


@dataclass
class NotBookable(Refused):
    """Some moments can't be booked now: taken meanwhile, closed, past, too late, too far ahead, by phone."""

    cells: dict[Moment, Cell] = field(default_factory=dict)


@dataclass
class DeskTaken(Refused):
    """The chosen desk is taken or shut at these moments; another desk may be free."""

    moments: list[Moment] = field(default_factory=list)


@dataclass
class PriceChanged(Refused):
    """The sum that the button promised no longer holds."""

    total_cents: int


class TooMany(Refused):
    """More dagdelen than the house takes: in one order, or for one guest. Both say the same (rule 15)."""


class SeriesChanged(Refused):
    """The dates of a weekly series, or their sum, are no longer what the button promised."""


class UnknownDesk(Refused):
    """No such desk in this house."""


class UnknownTariff(Refused):
    """No such tariff on one of these days, or not for this person to choose."""


class TrialGone(Refused):
    """A trial code that is not of this house, was used or withdrawn, or is past its end."""


class TooManyCodes(Refused):
    """The house gave so many trial codes today that it must wait."""


class NothingToCancel(Refused):
    """All of it is over, or was cancelled before."""


@dataclass
class CostChanged(Refused):
    """Cancelling costs something else now than the button promised."""

    cost_cents: int


class NothingToChange(Refused):
    """This dagdeel is no longer booked in this reservation: cancelled, or changed before."""


class TooLateToChange(Refused):
    """Giving it back is no longer free for the guest; or, for the house, it is over."""


class Unchanged(Refused):
    """The same moment and the same desk, or no desk named: nothing would change."""


class AlreadyHeld(Refused):
    """The reservation has the new moment already."""


class LinkGone(Refused):
    """The private link died meanwhile: a new one was mailed."""


class NoAddress(Refused):
    """There is no e-mail address to mail it to."""


class TooManyLinks(Refused):
    """So many new links were asked for this reservation today that no more are mailed."""


@dataclass
class ShutThen(Refused):
    """An extra dagdeel within a closure of the whole house: it would be shut. The closure's number and its reason."""

    closure_id: int
    reason: str


class AtThatTime(Refused):
    """An extra dagdeel at clock times at which another dagdeel of that day is."""


class BookedSince(Refused):
    """What the house offered more is booked by now: taking it back would leave those guests without a desk."""


class ChangedSince(Refused):
    """The same was changed again after it, so it can't be undone on its own."""


class NothingChanges(Refused):
    """What is asked for is how it is already."""


class NameTaken(Refused):
    """A desk of the room, or a room of the house, that has this name already."""


class UnknownPart(Refused):
    """A room or desk of another house, or no dagdeel at all."""


@dataclass
class KeepsAll(Refused):
    """So many desks would stay open that none closes, or none at all would stay; the house has `desks`."""

    desks: int


class TooLong(Refused):
    """A closure of more than a year."""


@dataclass
class PlanChanged(Refused):
    """What was agreed to is no longer what would happen: the plan that holds now."""

    plan: "Plan"


class EndsBeforeItBegins(Refused):
    """A period whose last day lies before its first."""


class InThePast(Refused):
    """A change of the offer that would begin before today: history stays true."""


class NotMarkable(Refused):
    """A booking that nobody can have come for: cancelled, called off, or only held."""


@dataclass
class NotBegun(Refused):
    """Too early to say who came: from this moment (aware) it can be said."""

    opens_at: datetime


class TooLongAgo(Refused):
    """The month of this day is closed: what its figures say, they keep saying."""


class NothingDue(Refused):
    """There is nothing to pay for this booking."""


class UndoIsOver(Refused):
    """More than ten minutes ago, or changed since: what can no longer be taken back."""


class GuestGone(Refused):
    """The guest was deleted, or taken together with another."""


class NotAsShown(Refused):
    """What the page showed before the button was tapped is no longer so."""


@dataclass
class SameContact(Refused):
    """Another guest of the house, with this number, has this address already, or this number and name."""

    guest_id: int


class StillComing(Refused):
    """She has dagdelen to come: they are given back first, or together with this act."""


@dataclass
class StillInCharge(Refused):
    """The last of the board of these houses, or with the rights of BOKD or of the site's administration (no houses)."""

    houses: list[str] = field(default_factory=list)


class NothingToConfirm(Refused):
    """Nothing of the reservation is to come, or it has no address to mail to."""


class TooManyMails(Refused):
    """So many confirmations of this reservation were asked for today that no more are mailed."""


class NoDeskFree(Refused):
    """Every desk of the house is taken at this moment."""


class NotInCharge(Refused):
    """Who acts has no role (any more) that lets her change the team."""


class AlreadyInTeam(Refused):
    """This person has a role in this house."""


class AlreadyInvited(Refused):
    """This address has an open invitation of this house."""


class TooManyInvitations(Refused):
    """The house invited so many today that it must wait."""


class InvitationGone(Refused):
    """Used, withdrawn, or past its end."""


class KnownAddress(Refused):
    """The address is somebody's who must log in first: typing it proves nothing."""


class LastKeeper(Refused):
    """The last of the board, or of the treasurers of a house without a board: somebody must stay."""


class TooFarAhead(Refused):
    """A price that would begin in years: nobody knows it yet."""


class NoPriceLeft(Refused):
    """Guests would have no price to choose, and nobody said that they must phone then."""


@dataclass
class StandingChanged(Refused):
    """What agreeing on this standing place does is no longer what was shown; here is what it does now."""

    plan: "StandingPlan"


@dataclass
class LongerChanged(Refused):
    """What going on with this standing place does is no longer what was shown; here is what it does now."""

    plan: "LongerPlan"


class NoDates(Refused):
    """A standing place without a single date: from and until don't hold its weekday, or lie too far."""


class NotReleasable(Refused):
    """This date is none of the standing place, or its dagdeel has begun."""


class NotThatDay(Refused):
    """A last day that is past, or too far ahead, or that changes nothing."""


class NotFull(Refused):
    """Nobody needs to wait for this dagdeel: it can be booked now."""


class TurnIsOver(Refused):
    """It is not her turn (any more): nothing is held for her."""
