"""What a member does with what is kept of her: a copy of all of it, and the end of it in every house at once."""

from collections.abc import Callable, Collection

from django.db import transaction
from django.utils.translation import get_language

from bookings.actions.cancel import cancel
from bookings.actions.forget import empty_reservation, end_standing, write_down
from bookings.actions.guests import empty
from bookings.actions.lock import lock
from bookings.actions.turns import call_in_turn, stop_waiting
from bookings.mails.forgotten import forgotten_everywhere
from bookings.models import Booking, Guest, Reservation
from bookings.models.guest import e164
from bookings.person import (
    Facts,
    as_shown,
    beyond_proof,
    coming_of_address,
    copy_of_member,
    guests_of_address,
    per_reservation,
)
from bookings.refusals import NotAsShown, StillInCharge
from bookings.tell import forget_address, forget_told, tell_elsewhere, tell_member_forgotten
from bookings.traces import leave_trace
from portal.base import clock, deletions
from portal.base.accounts.members import forget as forget_account
from portal.base.accounts.members import verified_address
from portal.base.accounts.models import User
from portal.base.accounts.sessions import end_sessions_of
from portal.base.log import Actor, record
from villages.models import Dorpshuis, HouseRequest, Invitation, Membership


def export_member(user: User, by: Actor) -> Facts:
    """A copy of all that is kept of her in every house, and an entry that she got it."""
    with transaction.atomic():
        copy = copy_of_member(user)
        record(by, "export", f"user:{user.pk}")
    return copy


def forget_member(user: User, shown: str, by: Actor, *, unless: Callable[[User], bool] = lambda _user: False) -> None:
    """Delete her account, and empty in every house all that was confirmed to her proven address. No way back.

    What is to come is given back first, free for her at any hour; `shown` is the fingerprint of it as her page showed
    it. All houses are locked at once, in the order of their numbers: it is done everywhere or nowhere. `unless`:
    asked when nobody can change her any more; nothing is done when it holds. Raises NotAsShown, StillInCharge.
    """
    address, number = verified_address(user), user.pk
    # Composed before the houses are locked: it tells what `shown` stands for, or nothing is done.
    stays = {row.dorpshuis.name for row in beyond_proof(address, guests_of_address(address))}
    last = forgotten_everywhere(coming_of_address(address), stays)
    with transaction.atomic():
        end_sessions_of(user)
        houses = [lock(pk) for pk in sorted(_houses_of(user, address))]
        row = User.objects.select_for_update().filter(pk=number).first()
        if row is None:
            return  # a second tap: done, and the last mail of the first one stays
        if unless(row):
            transaction.set_rollback(True)  # she stays logged in where she is
            return
        check_may_go(user, houses)
        _empty_all(user, address, shown, by)
        if address:  # an address that she did not prove may be a stranger's
            tell_member_forgotten(user, address, last, get_language() or "nl")
        forget_account(user)
        record(by, "forget_member", f"user:{number}")


def check_may_go(user: User, houses: Collection[Dorpshuis] = ()) -> None:
    """Who holds the portal or the last key of a house hands that over first. Raises StillInCharge.

    `houses`: hers, locked; without them for a page, that shows it beforehand.
    """
    if user.is_staff or user.is_superuser or user.is_coordinator:
        raise StillInCharge
    own = Membership.objects.filter(user=user, dorpshuis__isnull=False).select_related("dorpshuis")
    hers = houses or [one.dorpshuis for one in own if one.dorpshuis]
    alone = [house.name for house in hers if _is_last(user, house)]
    if alone:
        raise StillInCharge(alone)


# --- parts, called under the houses' locks ----------------------------------------------------------------


def _is_last(user: User, house: Dorpshuis) -> bool:
    return list(Membership.objects.keepers(house).values_list("user", flat=True)) == [user.pk]


def _houses_of(user: User, address: str) -> set[int]:
    """Every house in which something of hers is written: as a guest, or as one of the team."""
    guests = guests_of_address(address)
    found = {row.dorpshuis_id for row in guests} | {row.dorpshuis_id for row in beyond_proof(address, guests)}
    return found | {one.dorpshuis_id for one in Membership.objects.filter(user=user) if one.dorpshuis_id is not None}


def _empty_all(user: User, address: str, shown: str, by: Actor) -> None:
    """Give back what is to come, and empty all that is hers. Raises NotAsShown."""
    coming = coming_of_address(address)
    if as_shown(coming) != shown:
        raise NotAsShown
    _give_back(coming, address, by)
    guests = guests_of_address(address)
    for guest in guests:
        _forget_at(guest, address, by)
    _take_address_away(address, beyond_proof(address, guests))
    _forget_elsewhere(user, address, by)


def _give_back(coming: list[Booking], address: str, by: Actor) -> None:
    """By the rules, so that the figures say what was too late; but nobody is left to pay for that."""
    for reservation, moments in per_reservation(coming):
        cancel(reservation, by, moments=moments)
    late = Booking.objects.filter(pk__in=[row.pk for row in coming], state=Booking.State.LATE_CANCELLED)
    late.update(paid_how=Booking.Paid.WAIVED, paid_at=clock.now())
    Booking.objects.confirmed_to(address).filter(state=Booking.State.HELD).update(state=Booking.State.CANCELLED)


def _forget_at(guest: Guest, address: str, by: Actor) -> None:
    """Empty what was confirmed to her address; the guest herself too when there is nothing else of that guest."""
    everything = Reservation.objects.filter(guest=guest)
    hers = list(everything.filter(confirmed_to=address).order_by("pk"))
    names = forget_told([one.pk for one in hers], address)
    for typed in sorted({one.email for one in hers} - {address, ""}):
        names += forget_told([], typed)
    names += end_standing(hers) + stop_waiting(hers)
    for one in hers:
        empty_reservation(one)
    if everything.exclude(pk__in=[one.pk for one in hers]).exists():
        deletions.write_down([f"reservation:{one.pk}" for one in hers] + names)
    else:
        leave_trace(guest)
        empty(guest)
        write_down(guest, hers, names)
    record(by, "forget", f"guest:{guest.pk}", dorpshuis_id=guest.dorpshuis_id)


def _take_address_away(address: str, rows: Collection[Reservation]) -> None:
    """The address is hers, what stands beside it may be somebody else's: the house calls that person from now on."""
    names = []
    for row in rows:
        if row.email == address:
            row.email = ""
            row.save(update_fields=["email"])
            tell_elsewhere(row, address)
            call_in_turn(row)
            names.append(f"reservationaddress:{row.pk}")
    for guest in Guest.objects.filter(email=address) if address else []:
        same = Guest.objects.filter(dorpshuis=guest.dorpshuis_id, email="", name_key=guest.name_key, phone=guest.phone)
        phone = "" if guest.phone and same.exclude(pk=guest.pk).exists() else e164(guest.phone)
        Guest.objects.filter(pk=guest.pk).update(email="", phone=phone)
        names.append(f"guestaddress:{guest.pk}")
    deletions.write_down(names)


def _forget_elsewhere(user: User, address: str, by: Actor) -> None:
    """Her place in teams, invitations to her address, a house that she asked for, and mails to her. The names of these
    rows and of her account are written down too: a restore must not bring them back.
    """
    names = [f"user:{user.pk}"]
    for one in Membership.objects.filter(user=user):
        record(by, "leave", f"user:{user.pk}", dorpshuis_id=one.dorpshuis_id)
    if address:
        invitations, requests = (rows.objects.filter(email=address) for rows in (Invitation, HouseRequest))
        names += [f"invitation:{pk}" for pk in invitations.values_list("pk", flat=True)]
        names += [f"houserequest:{pk}" for pk in requests.values_list("pk", flat=True)]
        Invitation.objects.open_at(clock.now()).filter(email=address).update(withdrawn_at=clock.now())
        invitations.update(email="")
        requests.delete()
        names += forget_address(address)
    deletions.write_down(names)
