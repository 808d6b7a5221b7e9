"""A guest who paid, was offered not to be mailed, and stayed away."""

from datetime import timedelta
from typing import Any

from bookings.actions.miss_you import ask_missed
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking, Guest, Reservation
from portal.base import clock
from tests.factories import desks_of, make_hold
from villages.models import Dorpshuis, HouseMessages

AWAY = 50
ANNA: dict[str, Any] = {"name": "Anna", "email": "anna@voorbeeld.example"}


def away_guest(house: Dorpshuis, days: int = AWAY, **booked: Any) -> Reservation:
    """She used and paid a dagdeel so many days ago; `booked` changes that booking."""
    who = {name: booked.pop(name, ANNA[name]) for name in ANNA}
    moment = Moment(clock.today() - timedelta(days=days), Dagdeel.OCHTEND)
    desk = desks_of(house)[Booking.objects.filter(dorpshuis=house, date=moment.date).count()]
    row = make_hold(desk, moment, clock.now(), who["email"])
    Guest.objects.filter(pk=row.reservation.guest_id).update(name=who["name"])
    Reservation.objects.filter(pk=row.reservation_id).update(
        name=who["name"], confirmed_to=who["email"], messages_offered=True
    )
    usual = {"state": Booking.State.USED, "price_cents": 750, "paid_how": Booking.Paid.PIN, "held_until": None}
    Booking.objects.filter(pk=row.pk).update(**usual | booked)
    return Reservation.objects.get(pk=row.reservation_id)


def wants_it(house: Dorpshuis) -> None:
    """The house asks who stays away."""
    HouseMessages.objects.update_or_create(dorpshuis=house, defaults={"miss_you": True})


def missed_guest(house: Dorpshuis, **who: Any) -> Reservation:
    """Such a guest, whom the house has just asked."""
    wants_it(house)
    reservation = away_guest(house, **who)
    ask_missed()
    return reservation
