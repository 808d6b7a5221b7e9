"""Delete a guest: her rows are emptied and keep their numbers, so that the figures stay (rule 14)."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction

from bookings.actions.cancel import cancel
from bookings.actions.guests import empty
from bookings.actions.lock import lock
from bookings.actions.turns import stop_waiting
from bookings.models import Booking, Guest, Reservation, StandingPlace
from bookings.models.reservation import new_reference
from bookings.person import as_shown, coming_of, per_reservation
from bookings.refusals import NotAsShown, StillComing
from bookings.tell import forget_told, tell_forgotten
from bookings.traces import leave_trace
from portal.base import clock, deletions
from portal.base.log import Actor, record
from villages.models import Dorpshuis


def forget(guest: Guest, by: Actor, *, shown: str = "") -> bool:
    """Empty all that the house has of her; gives False when she was deleted before. There is no way back.

    What is to come is given back first, when `shown` is the fingerprint of it as her page showed it; her last mail
    tells it. Raises StillComing when there is such and nothing was shown, NotAsShown when it is not the same.
    """
    with transaction.atomic():
        house = lock(guest.dorpshuis_id)
        row = Guest.objects.get(pk=guest.pk)
        if row.emptied_at is not None:
            return False
        _give_back(house, row, shown, by)
        reservations = empty_all(row)
        if row.email:
            tell_forgotten(row, row.email, reservations[-1].language if reservations else "nl")
        record(by, "forget", f"guest:{row.pk}", dorpshuis_id=house.pk)
    return True


# --- parts, called under the house's lock -----------------------------------------------------------------


def _give_back(house: Dorpshuis, row: Guest, shown: str, by: Actor) -> None:
    """Cancel what is to come, and let go what is held for her."""
    coming = coming_of(house, row)
    if coming and not shown:
        raise StillComing
    if shown and as_shown(coming) != shown:
        raise NotAsShown
    for reservation, moments in per_reservation(coming):
        cancel(reservation, by, moments=moments)
    Booking.objects.of_guest(row).filter(state=Booking.State.HELD).update(state=Booking.State.CANCELLED)


def empty_all(row: Guest) -> list[Reservation]:
    """Empty the guest with all that was booked and told on her name; gives her reservations as they were."""
    reservations = list(Reservation.objects.filter(guest=row).order_by("pk"))
    names = forget_told([one.pk for one in reservations], row.email)
    typed = {address for one in reservations for address in (one.email, one.confirmed_to)}
    for address in sorted(typed - {row.email, ""}):
        names += forget_told([], address)
    names += end_standing(reservations) + stop_waiting(reservations)
    for one in reservations:
        empty_reservation(one)
    leave_trace(row)
    empty(row)
    write_down(row, reservations, names)
    return reservations


def empty_reservation(row: Reservation) -> None:
    """All that says who she is; also the link to her page, the form's key and the code. The counts stay."""
    Reservation.objects.filter(pk=row.pk).update(
        name="",
        email="",
        phone="",
        confirmed_to="",
        postcode="",
        remark="",
        spoken_code="",
        reference=new_reference(),
        series="",
        key=None,
        fingerprint="",
    )


def end_standing(reservations: Collection[Reservation]) -> list[str]:
    """Her standing places end with her: no more dates are written. Gives the names of their rows."""
    places = StandingPlace.objects.filter(reservation__in=reservations)
    names = [str(place) for place in places]
    yesterday = clock.today() - timedelta(days=1)
    places.running(clock.today()).update(last_day=yesterday, ended_at=clock.now())
    places.update(organisation="")
    return names


def write_down(row: Guest, reservations: list[Reservation], names: list[str]) -> None:
    """The numbers of all rows that were emptied, hers of before a merge too: a restore empties them again."""
    before = Guest.objects.filter(merged_into=row).values_list("pk", flat=True)
    numbers = [f"guest:{pk}" for pk in (row.pk, *before)] + [f"reservation:{one.pk}" for one in reservations]
    deletions.write_down(numbers + names)
