"""How often a secret was guessed wrongly from one place on the network. Counted in the cache, and only there."""

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from portal.base.address import client_ip, is_this_machine, network_of

WITHIN = 3600  # seconds

logger = structlog.get_logger("portal.tries")


def may_try(request: HttpRequest, what: str, most: int) -> bool:
    """Whether fewer than `most` wrong tries came from her place this hour. A cache that is away refuses nobody."""
    if settings.DEMO and is_this_machine(request):
        return True
    try:
        return int(cache.get(_key(request, what), 0)) < most
    except Exception as error:  # the secret itself is long enough; the count is only a second lock
        logger.warning("tries not counted", error=type(error).__name__)
        return True


def count_wrong_try(request: HttpRequest, what: str) -> None:
    """One more wrong try from her place; forgotten an hour after the first."""
    key = _key(request, what)
    try:
        if not cache.add(key, 1, WITHIN):
            cache.incr(key)
    except Exception as error:  # as above; also a count that ended between the two
        logger.warning("tries not counted", error=type(error).__name__)


def _key(request: HttpRequest, what: str) -> str:
    """No address stands in the cache, only its keyed hash."""
    return f"tries:{what}:{salted_hmac('portal.tries', network_of(client_ip(request))).hexdigest()}"
