"""The form's key: it makes a second tap on the button harmless (rule 3).

A key is bound to the browser by its CSRF cookie, so that a key that leaks answers to nobody else.
"""

import secrets

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.crypto import constant_time_compare, salted_hmac


def new_key(request: HttpRequest) -> str:
    """A fresh key for a form in this browser. Sets the CSRF cookie with the answer."""
    get_token(request)
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_seal(nonce, request.META['CSRF_COOKIE'])}"


def belongs_to(request: HttpRequest, key: str) -> bool:
    """Whether this key was given to this browser."""
    nonce, _, seal = key.partition(".")
    secret = request.META.get("CSRF_COOKIE", "")
    return bool(nonce and secret) and constant_time_compare(seal, _seal(nonce, secret))


def _seal(nonce: str, secret: str) -> str:
    return salted_hmac("bookings.form-key", f"{nonce}:{secret}", algorithm="sha256").hexdigest()[:40]
