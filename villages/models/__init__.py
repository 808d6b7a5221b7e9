"""What exists: places, houses, rooms, desks, when they are open, what they cost, who runs them."""

from villages.models.closure import Closure
from villages.models.dagdeel import Dagdeel
from villages.models.desks import Desk, Room
from villages.models.dorpshuis import Dorpshuis, HouseRules, Operator
from villages.models.facilities import AccessWay, Facility
from villages.models.invitation import Invitation
from villages.models.membership import Membership
from villages.models.messages import CoordinatorMessages, HouseMessages, TeamMessages, messages_of, switched_on
from villages.models.photo import Photo
from villages.models.places import Municipality, Village
from villages.models.request import HouseRequest
from villages.models.schedule import Opening
from villages.models.tariff import Tariff

__all__ = [
    "AccessWay",
    "Closure",
    "CoordinatorMessages",
    "Dagdeel",
    "Desk",
    "Dorpshuis",
    "Facility",
    "HouseMessages",
    "HouseRequest",
    "HouseRules",
    "Invitation",
    "Membership",
    "Municipality",
    "Opening",
    "Operator",
    "Photo",
    "Room",
    "Tariff",
    "TeamMessages",
    "Village",
    "messages_of",
    "switched_on",
]
