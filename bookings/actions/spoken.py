"""The four digits that a caller says, so that the house finds her booking. Called under the house's lock."""

import secrets

from bookings.models import Reservation
from portal.base import clock
from villages.models import Dorpshuis

DIGITS = 4


def new_spoken_code(house: Dorpshuis) -> str:
    """Four digits that no coming booking of this house has. No secret: it opens nothing."""
    coming = Reservation.objects.filter(dorpshuis=house, bookings__date__gte=clock.today())
    used = set(coming.exclude(spoken_code="").values_list("spoken_code", flat=True))
    free = [code for code in (f"{n:0{DIGITS}}" for n in range(10**DIGITS)) if code not in used]
    return secrets.choice(free) if free else ""
