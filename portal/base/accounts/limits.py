"""How often somebody may ask; counted by django-allauth in the cache."""

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest

from portal.base.address import is_this_machine


def may(request: HttpRequest, action: str, key: str) -> bool:
    """Whether this is still within ACCOUNT_RATE_LIMITS; counts it. On the machine of the demo there is no limit."""
    if settings.DEMO and is_this_machine(request):
        return True
    return bool(ratelimit.consume(request, action=action, key=key))
