"""The member behind a request, and what she need not type again."""

from django.conf import settings
from django.http import HttpRequest

from bookings.models.guest import number_words
from portal.base.accounts.models import User


def member_of(request: HttpRequest) -> User | None:
    """Who is logged in. For a browser without a session this asks nothing and leaves no trace."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return request.user


def typed_before(request: HttpRequest) -> dict[str, str]:
    """What the booking form begins with: her name, address and number; nothing for who is not logged in."""
    user = member_of(request)
    return {"naam": user.name, "email": user.email, "telefoon": phone_words(user)} if user else {}


def phone_words(user: User) -> str:
    """Her number as people write it; empty when she gave none."""
    return number_words(user.phone)
