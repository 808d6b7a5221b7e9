"""What the house does with what it knows of a guest: cancel all of a contact, correct, merge, hand over a copy."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Self

from django.db import transaction

from bookings.actions.cancel import cancel
from bookings.actions.lock import lock
from bookings.actions.turns import call_in_turn
from bookings.models import Guest, Reservation
from bookings.models.guest import e164, name_key
from bookings.models.reservation import new_reference
from bookings.person import (
    Facts,
    as_shown,
    coming_of,
    coming_of_contact,
    copy_of,
    per_reservation,
    to_come_of,
    version_of,
)
from bookings.refusals import GuestGone, NotAsShown, NothingToCancel, NothingToConfirm, SameContact, TooManyMails
from bookings.tell import tell_again, tell_elsewhere, told_again_since
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import Dorpshuis

AGAIN_PER_DAY = 5


@dataclass(frozen=True)
class Contact:
    """Who somebody is and how to reach her; the number as +31612345678, e-mail and number may be empty."""

    name: str
    email: str
    phone: str

    @classmethod
    def of(cls, guest: Guest) -> Self:
        return cls(guest.name, guest.email, e164(guest.phone))


def cancel_contact(guest: Guest, shown: str, by: Actor) -> list[int]:
    """Cancel all that is to come in this house of who has her address or her number; each is told. Rule 15.

    `shown`: the fingerprint of what the page showed. Gives the numbers of the bookings. Raises GuestGone,
    NothingToCancel, NotAsShown.
    """
    with transaction.atomic():
        house = lock(guest.dorpshuis_id)
        rows = coming_of_contact(house, somebody(guest))
        if not rows:
            raise NothingToCancel
        if as_shown(rows) != shown:
            raise NotAsShown
        for reservation, moments in per_reservation(rows):
            cancel(reservation, by, moments=moments)
        record(by, "cancel_contact", f"guest:{guest.pk}", dorpshuis_id=house.pk)
    return [row.pk for row in rows]


def correct(guest: Guest, to: Contact, seen: str, by: Actor) -> None:
    """Correct her name, address or number; what is to come and bore the old ones follows, `confirmed_to` stays.

    `seen`: the fingerprint of her fields when they were shown. Raises GuestGone; NotAsShown when somebody else
    changed them meanwhile; SameContact. What stands so already, as after a second tap, stays.
    """
    with transaction.atomic():
        house = lock(guest.dorpshuis_id)
        row = somebody(guest)
        old = Contact.of(row)
        if old == to:
            return
        if version_of(row) != seen:
            raise NotAsShown
        _check_free(row, to)
        _write(row, to)
        _let_follow(house, row, old, to)
        record(by, "correct", f"guest:{row.pk}", dorpshuis_id=house.pk)


def confirm_again(reservation: Reservation, by: Actor) -> None:
    """Mail the confirmation of what is to come once more, to the address that stands there now.

    Goes it to another address than before, then the link changes too: the old one may be with a stranger. Raises
    NothingToConfirm; TooManyMails after five on one day.
    """
    with transaction.atomic():
        house = lock(reservation.dorpshuis_id)
        row = Reservation.objects.select_related("guest").get(pk=reservation.pk)
        coming = {booking.reservation_id for booking in coming_of(house, row.guest)}
        if not row.email or row.pk not in coming:
            raise NothingToConfirm
        midnight = datetime.combine(clock.today(), time(0), tzinfo=clock.AMSTERDAM)
        if told_again_since(row, midnight) >= AGAIN_PER_DAY:
            raise TooManyMails
        if row.confirmed_to != row.email:
            reference = new_reference() if row.confirmed_to else row.reference
            Reservation.objects.filter(pk=row.pk).update(confirmed_to=row.email, reference=reference)
        tell_again(row)
        record(by, "confirm_again", f"reservation:{row.pk}", dorpshuis_id=house.pk)


def merge(kept: Guest, gone: Guest, seen: tuple[str, str], by: Actor) -> None:
    """Take two guests of one house together: all that was booked goes to `kept`, `gone` is emptied.

    What `kept` lacks (an address, a number) it gets from `gone`. `seen`: the fingerprints of both, as shown.
    There is no way back. Raises GuestGone, NotAsShown, SameContact (a third guest has that number and name).
    """
    with transaction.atomic():
        house = lock(kept.dorpshuis_id)
        stays, goes = somebody(kept), somebody(gone)
        if stays.pk == goes.pk or stays.dorpshuis_id != goes.dorpshuis_id:
            raise GuestGone
        if (version_of(stays), version_of(goes)) != seen:
            raise NotAsShown
        Reservation.objects.filter(guest=goes).update(guest=stays)
        Guest.objects.filter(merged_into=goes).update(merged_into=stays)
        if goes.no_reminders:
            Guest.objects.filter(pk=stays.pk).update(no_reminders=True)
        empty(goes, merged_into=stays)
        Guest.objects.filter(pk=stays.pk).update(
            no_more_mails=stays.no_more_mails or goes.no_more_mails, said_why=stays.said_why or goes.said_why
        )
        contact = together(stays, goes)
        _check_free(stays, contact)
        _write(stays, contact, since=min(stays.created_at, goes.created_at))
        record(by, "merge", f"guest:{goes.pk}", dorpshuis_id=house.pk)


def export(guest: Guest, by: Actor) -> list[Facts]:
    """A copy of all that the house has of her, and an entry that it was handed over. Raises GuestGone."""
    with transaction.atomic():
        house = lock(guest.dorpshuis_id)
        copy = copy_of([somebody(guest)])
        record(by, "export", f"guest:{guest.pk}", dorpshuis_id=house.pk)
    return copy


# --- parts, called under the house's lock -----------------------------------------------------------------


def somebody(guest: Guest) -> Guest:
    """The guest as she is now. Raises GuestGone when she was deleted or taken together with another."""
    row = Guest.objects.known().filter(pk=guest.pk).first()
    if row is None:
        raise GuestGone
    return row


def together(stays: Guest, goes: Guest) -> Contact:
    """How who stays is reached afterwards: her own name, address and number, or what she lacks from the other."""
    mine, other = Contact.of(stays), Contact.of(goes)
    return replace(mine, name=mine.name or other.name, email=mine.email or other.email, phone=mine.phone or other.phone)


def empty(guest: Guest, *, merged_into: Guest | None = None) -> None:
    """Take name, address and number from the row. Its number stays."""
    Guest.objects.filter(pk=guest.pk).update(
        name="", name_key="", email="", phone="", emptied_at=clock.now(), merged_into=merged_into
    )


def _check_free(row: Guest, to: Contact) -> None:
    """No two guests of a house with one address; nor, without one, with one number and one name."""
    others = Guest.objects.filter(dorpshuis=row.dorpshuis_id).known().exclude(pk=row.pk)
    same = others.filter(email=to.email)
    if not to.email:
        same = others.filter(email="", phone=to.phone, name_key=name_key(to.name)) if to.phone else others.none()
    first = same.first()
    if first is not None:
        raise SameContact(first.pk)


def _write(row: Guest, to: Contact, since: datetime | None = None) -> None:
    Guest.objects.filter(pk=row.pk).update(
        name=to.name,
        name_key=name_key(to.name),
        email=to.email,
        phone=to.phone,
        created_at=since or row.created_at,
    )


def _let_follow(house: Dorpshuis, row: Guest, old: Contact, to: Contact) -> None:
    """What stands on what is to come as it stood on the guest, changes with it; what she gave apart stays."""
    for reservation in to_come_of(house, row):
        was = Contact(reservation.name, reservation.email, e164(reservation.phone))
        reservation.name = to.name if was.name == old.name else was.name
        reservation.email = to.email if was.email == old.email else was.email
        reservation.phone = to.phone if was.phone == old.phone else was.phone
        reservation.save(update_fields=["name", "email", "phone"])
        if was.email != reservation.email:
            tell_elsewhere(reservation, was.email)
            call_in_turn(reservation)
