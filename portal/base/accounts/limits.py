"""How often somebody may ask or guess; counted by django-allauth in the cache, under keys that tell nothing."""

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from portal.base.address import is_this_machine


def may(request: HttpRequest, action: str, key: str) -> bool:
    """Whether this is still within ACCOUNT_RATE_LIMITS; counts it. On the machine of the demo there is no limit.

    `key`: an e-mail address, or what else is counted; it is never written down.
    """
    if settings.DEMO and is_this_machine(request):
        return True
    return bool(ratelimit.consume(request, action=action, key=_hidden(key)))


def forget(request: HttpRequest, action: str, key: str) -> None:
    """Begin to count anew: the guess was right."""
    ratelimit.clear(request, action=action, key=_hidden(key))


def _hidden(key: str) -> str:
    """allauth hashes a key without a secret: who knows an address could look whether it is there."""
    return salted_hmac("portal.base.accounts.limits", key).hexdigest()
