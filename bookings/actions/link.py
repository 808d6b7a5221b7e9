"""The links to private pages: a new one in place of the old, and those that somebody lost."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import F

from bookings.actions.lock import lock
from bookings.models import Reservation
from bookings.models.reservation import new_reference
from bookings.refusals import LinkGone, NoAddress, TooManyLinks
from bookings.tell import links_told_since, tell_link, tell_lost_link
from portal.base import clock
from portal.base.log import Actor, record

LINKS_PER_DAY = 5


def renew_link(reservation: Reservation, by: Actor) -> None:
    """Give the reservation another reference and mail it to the address that its confirmation went to.

    The old link is dead at once; the new one is told by that mail only. Raises LinkGone when the link in
    hand died meanwhile; NoAddress; TooManyLinks after five on one day.
    """
    with transaction.atomic():
        house = lock(reservation.dorpshuis_id)
        row = Reservation.objects.get(pk=reservation.pk)
        if row.reference != reservation.reference:
            raise LinkGone
        if not row.confirmed_to:
            raise NoAddress
        if links_told_since(row, _midnight()) >= LINKS_PER_DAY:
            raise TooManyLinks
        Reservation.objects.filter(pk=row.pk).update(reference=new_reference(), links=F("links") + 1)
        tell_link(row, row.links + 1)
        record(by, "renew_link", f"reservation:{row.pk}", dorpshuis_id=house.pk)


def mail_lost_links(email: str) -> None:
    """Mail this address the links of what it has coming: at most once a day, and the same act for every address.

    Whether there is anything is found out only when the mail is composed, so neither the answer nor how
    long it takes tells who has booked. Takes no slot and changes no booking: no lock, no entry.
    """
    tell_lost_link(email, clock.today())


def _midnight() -> datetime:
    return datetime.combine(clock.today(), time(0), tzinfo=clock.AMSTERDAM)
