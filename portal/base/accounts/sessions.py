"""Log in who proved in another way than by a password who she is: one seam for all of those."""

from django.contrib.auth import login
from django.http import HttpRequest

from portal.base.accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
# Who has no password can't simply log in again: she stays longer on her own device.
WITHOUT_PASSWORD = 90 * 24 * 3600  # seconds


def log_in_proven(request: HttpRequest, user: User) -> None:
    """Give this browser a new session of this person (the old key dies with it)."""
    login(request, user, backend=BACKEND)
    if not user.has_usable_password():
        request.session.set_expiry(WITHOUT_PASSWORD)
