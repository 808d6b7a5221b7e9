"""How often a secret was guessed wrongly from one place on the network. Counted in the cache, and only there."""

from ipaddress import IPv4Address, IPv6Network, ip_address

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

WITHIN = 3600  # seconds
HOME_NETWORK = 64  # bits of an IPv6 address that one house shares

logger = structlog.get_logger("portal.tries")


def may_try(request: HttpRequest, what: str, most: int) -> bool:
    """Whether fewer than `most` wrong tries came from her place this hour. A cache that is away refuses nobody."""
    if _is_demo(request):
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


def address_of(request: HttpRequest) -> str:
    """Where she is on the network. `X-Forwarded-For` counts only from the proxies that we trust."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if peer not in settings.TRUSTED_PROXIES:
        return peer
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    return next((hop for hop in reversed(hops) if hop and hop not in settings.TRUSTED_PROXIES), peer)


def _key(request: HttpRequest, what: str) -> str:
    """No address stands in the cache, only its keyed hash."""
    return f"tries:{what}:{salted_hmac('portal.tries', _place(address_of(request))).hexdigest()}"


def _place(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv4Address):
        return str(found)
    return str(IPv6Network((int(found), HOME_NETWORK), strict=False))


def _is_demo(request: HttpRequest) -> bool:
    return settings.DEMO and address_of(request) in ("127.0.0.1", "::1")
