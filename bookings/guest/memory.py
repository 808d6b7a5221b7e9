"""What this browser booked before: a signed cookie with the references, set by a booking only.

It lets the page tell her, and nobody else, that she had booked a dagdeel already, and it makes her
no first-time guest.
"""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from bookings.guest.member import member_of
from bookings.models import Reservation

COOKIE = "boekingen"
SALT = "bookings.memory"
KEPT = 20
DAYS_90 = 90 * 24 * 3600


def references(request: HttpRequest) -> list[str]:
    """The references that this browser holds, newest first."""
    try:
        value = request.get_signed_cookie(COOKIE, salt=SALT, max_age=DAYS_90)
    except (KeyError, BadSignature):
        return []
    return [part for part in (value or "").split(".") if part]


def remember(request: HttpRequest, response: HttpResponse, reference: str) -> None:
    """Let this browser hold the reference of what it just booked."""
    held = [reference, *(old for old in references(request) if old != reference)][:KEPT]
    response.set_signed_cookie(
        COOKIE, ".".join(held), salt=SALT, max_age=DAYS_90, httponly=True, samesite="Lax", secure=settings.IS_HTTPS
    )


def known_here(request: HttpRequest, dorpshuis_id: int) -> bool:
    """Whether this is no first-time guest: a member, or a browser that holds a reference of this house.

    No query for a browser that holds nothing.
    """
    if member_of(request) is not None:
        return True
    held = references(request)
    return bool(held) and Reservation.objects.filter(reference__in=held, dorpshuis=dorpshuis_id).exists()
