"""One person in two houses: a keyed hash of her e-mail address, else of her number. The key is that of a year.

It is thrown away when December is closed, and what was kept of who was deleted goes with it: afterwards nobody can
tell any more who was who.
"""

import secrets

from django.utils.crypto import salted_hmac

from bookings.models import Guest, GuestTrace, YearKey
from bookings.models.guest import e164
from portal.base import clock, deletions

KEY_BYTES = 32


def key_of(year: int) -> bytes:
    """The key of this year; a new one when it has none."""
    row, _ = YearKey.objects.get_or_create(year=year, defaults={"key": secrets.token_bytes(KEY_BYTES)})
    return bytes(row.key)


def hold_key(year: int) -> bytes | None:
    """The same for one transaction at a time, which must be open; None when another just threw it away."""
    key_of(year)
    row = YearKey.objects.select_for_update().filter(year=year).first()
    return None if row is None else bytes(row.key)


def person_of(key: bytes, guest: Guest) -> str:
    """Who she is in all houses, as 64 hexadecimal digits; empty when nobody can tell."""
    contact = guest.email.casefold() or e164(guest.phone)
    return salted_hmac(key, contact, algorithm="sha256").hexdigest() if contact else ""


def leave_trace(guest: Guest) -> None:
    """Before she is emptied: she goes on counting as one in each year that is not closed."""
    if not guest.email and not guest.phone:
        return
    year = clock.today().year
    for one in (year, *YearKey.objects.filter(year__lt=year).values_list("year", flat=True)):
        GuestTrace.objects.get_or_create(guest=guest, year=one, defaults={"person": person_of(key_of(one), guest)})


def throw_away(year: int) -> None:
    """The key of this year and earlier ones, and all that was made with them. A restore throws them away again."""
    GuestTrace.objects.filter(year__lte=year).delete()
    YearKey.objects.filter(year__lte=year).delete()
    deletions.write_down([f"yearkey:{year}"])
