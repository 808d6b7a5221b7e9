"""After a restore: empty again what was emptied since the backup, so that nobody who was forgotten comes back."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from django.db import models, transaction
from django.db.models import F

from bookings.actions.forget import empty_reservation, end_standing
from bookings.actions.guests import empty
from bookings.actions.lock import lock
from bookings.actions.turns import stop_waiting
from bookings.models import Booking, CallEntry, Guest, Reservation, StandingPlace, Waiting, YearKey
from bookings.traces import leave_trace, throw_away
from portal.base import clock, outbox
from portal.base.accounts.members import forget as forget_account
from portal.base.accounts.models import User
from portal.base.deletions import Deletions, never_again
from portal.base.log import Actor, record
from portal.base.models import Deletion, OutboxMail
from villages.models import Dorpshuis, HouseRequest, Invitation

Numbers = Collection[int]


class UnknownKind(Exception):
    """The list names rows of a kind that this version can't empty; the argument holds the kinds."""


def forget_again(listed: Deletions, by: Actor) -> None:
    """Empty every row on the list, as it was emptied at the time; nobody is told, she was. May run twice.

    What was to come is free again. Raises UnknownKind, with nothing done.
    """
    numbers = _by_kind(listed)
    if unknown := sorted(numbers.keys() - KINDS.keys()):
        raise UnknownKind(unknown)
    with transaction.atomic():
        for house in Dorpshuis.objects.order_by("pk").values_list("pk", flat=True):
            lock(house)
        _give_back(numbers.get("reservation", {}))
        for kind, found in numbers.items():
            model, forget_rows = KINDS[kind]
            forget_rows(found)
            never_again(model, max(found))
        rows = [Deletion(subject=name, at=at) for name, at in listed.items()]
        Deletion.objects.bulk_create(rows, ignore_conflicts=True)
        record(by, "forget_again", f"deletions:{len(rows)}")


# --- parts, called under the lock of all houses -----------------------------------------------------------


def _by_kind(listed: Deletions) -> dict[str, dict[int, datetime]]:
    found: dict[str, dict[int, datetime]] = {}
    for name, at in listed.items():
        kind, _, number = name.partition(":")
        found.setdefault(kind, {})[int(number)] = at
    return found


def _give_back(reservations: Mapping[int, datetime]) -> None:
    """What was still to come when she was forgotten was given back then."""
    gone = {"state": Booking.State.CANCELLED, "cancelled_at": clock.now(), "sequence": F("sequence") + 1}
    for number, at in reservations.items():
        rows = Booking.objects.filter(reservation=number, date__gte=clock.local(at).date())
        rows.filter(state__in=(Booking.State.BOOKED, Booking.State.HELD)).update(**gone)


def _guests(numbers: Numbers) -> None:
    for guest in Guest.objects.filter(pk__in=numbers, emptied_at__isnull=True):
        leave_trace(guest)
        empty(guest)


def _reservations(numbers: Numbers) -> None:
    rows = list(Reservation.objects.filter(pk__in=numbers))
    end_standing(rows)
    stop_waiting(rows)
    for row in rows:
        empty_reservation(row)


def _standing(numbers: Numbers) -> None:
    StandingPlace.objects.filter(pk__in=numbers).update(organisation="")


def _waiting(numbers: Numbers) -> None:
    """Who waited is on the reservation, which is on the list too; here only a number that nobody else may get."""


def _call_entries(numbers: Numbers) -> None:
    CallEntry.objects.filter(pk__in=numbers).delete()


def _users(numbers: Numbers) -> None:
    for user in User.objects.filter(pk__in=numbers):
        forget_account(user)


def _invitations(numbers: Numbers) -> None:
    rows = Invitation.objects.filter(pk__in=numbers)
    rows.filter(used_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=clock.now())
    rows.update(email="")


def _year_keys(numbers: Numbers) -> None:
    """The numbers are years."""
    throw_away(max(numbers))


def _requests(numbers: Numbers) -> None:
    HouseRequest.objects.filter(pk__in=numbers).delete()


def _addresses_of_guests(numbers: Numbers) -> None:
    """Only the address was hers. Was somebody of that number and name there already, then the number goes too."""
    for guest in Guest.objects.filter(pk__in=numbers).exclude(email=""):
        same = Guest.objects.filter(dorpshuis=guest.dorpshuis_id, email="", name_key=guest.name_key, phone=guest.phone)
        kept = {} if not same.exists() else {"phone": ""}
        Guest.objects.filter(pk=guest.pk).update(email="", **kept)


def _addresses_of_reservations(numbers: Numbers) -> None:
    Reservation.objects.filter(pk__in=numbers).update(email="")


# Every kind of name that is ever written down, its table, and how its rows are emptied.
KINDS: dict[str, tuple[type[models.Model], Callable[[Numbers], None]]] = {
    "guest": (Guest, _guests),
    "reservation": (Reservation, _reservations),
    "standingplace": (StandingPlace, _standing),
    "waiting": (Waiting, _waiting),
    "callentry": (CallEntry, _call_entries),
    "outboxmail": (OutboxMail, outbox.forget_numbers),
    "user": (User, _users),
    "invitation": (Invitation, _invitations),
    "houserequest": (HouseRequest, _requests),
    "yearkey": (YearKey, _year_keys),
    "guestaddress": (Guest, _addresses_of_guests),
    "reservationaddress": (Reservation, _addresses_of_reservations),
}
