"""Sanne's standing place: the wijkagent has a desk of her own in De Veldkei, every Tuesday afternoon."""

from datetime import date, timedelta

from bookings.actions.standing import agree, plan_standing, top_up
from bookings.domain.dagdelen import Dagdeel
from bookings.domain.standing import Pattern
from bookings.models import StandingPlace
from bookings.standing import Wish
from portal.base import clock
from portal.base.log import SYSTEM
from portal.demo.cast import PEOPLE
from portal.demo.data.spec import TUE
from villages.models import Desk, Dorpshuis

HOLDER = "sanne"
A_YEAR = timedelta(days=364)


def add(house: Dorpshuis) -> date:
    """Agree on it, unless there is one; else write what came near. Gives its first day."""
    place = StandingPlace.objects.filter(dorpshuis=house, reservation__email=PEOPLE[HOLDER].email).first()
    today = clock.today()
    if place is not None:
        # The portal's own night writes on; only a demo that stood still for long lags behind.
        if house.standing_until is None or house.standing_until < today + timedelta(days=house.window_days):
            top_up(house.pk, SYSTEM)
        return place.first_day
    person = PEOPLE[HOLDER]
    wish = Wish(
        Pattern(TUE, Dagdeel.MIDDAG, today, today + A_YEAR),
        organisation="Politie",
        name=person.name,
        email=person.email,
        desk=Desk.objects.filter(room__dorpshuis=house).during(today, today + A_YEAR).first(),
    )
    return agree(house.pk, wish, SYSTEM, plan_standing(house, wish).fingerprint).first_day
