"""Which guests a house may ask why they stay away: its own customers, who could say no when they booked. Only reads.

Art. 11.7 Tw: the address came with something that was paid to this very house, and with the form that took it she could
choose to hear of nothing but her booking.
"""

from django.conf import settings
from django.core import signing
from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse

from bookings.domain.missed import AWAY, FORGOTTEN
from bookings.models import Booking, Guest, Reservation, StandingPlace, Waiting
from bookings.models.guest import GuestQuerySet
from bookings.tell_away import miss_key
from portal.base import clock
from portal.base.models import OutboxMail
from villages.models import Dorpshuis
from villages.models.messages import switched_on

State, Paid = Booking.State, Booking.Paid
_PAID = (Paid.PIN, Paid.CASH, Paid.LINK, Paid.ACCOUNT)
# Came, or nobody said that she did not.
_HERE = (State.USED, State.BOOKED)


def to_ask() -> GuestQuerySet:
    """Who stayed away for 45 to 90 days from a house that asks such guests, and may be asked. Also who was asked."""
    today = clock.today()
    hers = Booking.objects.filter(reservation__guest=OuterRef("pk"))
    here = hers.filter(state__in=_HERE, date__gte=today - FORGOTTEN, date__lte=today - AWAY)
    since_or_coming = hers.occupying().filter(date__gt=today - AWAY)
    houses = Dorpshuis.objects.public().filter(switched_on("miss_you"))
    waits = Waiting.objects.filter(reservation__guest=OuterRef("pk")).on_the_list()
    rows = lawful().filter(Exists(here), ~Exists(since_or_coming), ~Exists(waits), dorpshuis__in=houses)
    return rows.order_by("dorpshuis_id", "pk")


def lawful() -> GuestQuerySet:
    """Who paid a dagdeel of this house that she booked herself with this address, was offered not to be mailed, and
    never chose so; and has no standing place.
    """
    paid = Booking.objects.filter(
        reservation__guest=OuterRef("pk"),
        reservation__email=OuterRef("email"),
        reservation__messages_offered=True,
        reservation__booked_by=None,
        price_cents__gt=0,
        paid_how__in=_PAID,
        state__in=_HERE,
    )
    refused = Reservation.objects.filter(Q(guest=OuterRef("pk")) | Q(email=OuterRef("email")), no_messages=True)
    standing = StandingPlace.objects.filter(reservation__guest=OuterRef("pk"))
    rows = Guest.objects.known().filter(no_more_mails=False).exclude(email="")
    in_her_house = refused.filter(dorpshuis=OuterRef("dorpshuis"))
    return rows.filter(Exists(paid), ~Exists(in_her_house), ~Exists(standing))


def not_asked(numbers: list[int]) -> list[int]:
    """Those of these guests who were never asked, nor as whom they were taken together with."""
    keys = {miss_key(pk): pk for pk in numbers}
    keys |= {miss_key(row.pk): row.merged_into_id or 0 for row in Guest.objects.filter(merged_into__in=numbers)}
    asked = {keys[key] for key in OutboxMail.objects.filter(key__in=keys).values_list("key", flat=True)}
    return [pk for pk in numbers if pk not in asked]


def with_last_visit(rows: GuestQuerySet) -> GuestQuerySet:
    """Each with `last_visit`: the last day on which she came."""
    came = Q(reservations__bookings__state__in=_HERE, reservations__bookings__date__lte=clock.today())
    return rows.annotate(last_visit=Max("reservations__bookings__date", filter=came))


# --- the links in the mail: who has them, may --------------------------------------------------------------

_SIGNER = signing.Signer(salt="bookings.missed", sep=".")


def why_link(guest: Guest) -> str:
    """The address of the page on which she says why."""
    return settings.PUBLIC_URL + reverse("missed", args=[token_of(guest)])


def stop_link(guest: Guest) -> str:
    """The address of the page with the button that ends such mails, and of the one-click request of mail programs."""
    return settings.PUBLIC_URL + reverse("missed-stop", args=[token_of(guest)])


def token_of(guest: Guest) -> str:
    """Her number, signed: it opens these two pages and nothing else."""
    return _SIGNER.sign(str(guest.pk))


def guest_of(token: str) -> Guest | None:
    """The guest of this link; None when it is none of ours, or she was deleted since."""
    try:
        number = int(_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    row = (
        Guest.objects.select_related("dorpshuis__village", "merged_into__dorpshuis__village").filter(pk=number).first()
    )
    row = row.merged_into if row and row.merged_into else row
    return row if row and row.emptied_at is None else None
