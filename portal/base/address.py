"""From which network address a request comes, for limits only: it is written down nowhere."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

HOME_NETWORK = 64  # bits of an IPv6 address that one house shares


def client_ip(request: HttpRequest) -> str:
    """The address of the visitor. `X-Forwarded-For` counts only from the proxies of TRUSTED_PROXIES."""
    address = str(request.META.get("REMOTE_ADDR") or "")
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    while forwarded and _is_trusted(address):
        address = forwarded.pop()
    return _clean(address)


def network_of(address: str) -> str:
    """The address that a whole house shares: of IPv6 the first 64 bits."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(ipaddress.IPv6Network((int(found), HOME_NETWORK), strict=False))


def is_this_machine(request: HttpRequest) -> bool:
    """Whether somebody sits at the machine that the portal runs on."""
    address = client_ip(request)
    return bool(address) and ipaddress.ip_address(address).is_loopback


def _is_trusted(address: str) -> bool:
    if "*" in settings.TRUSTED_PROXIES:
        return True
    try:
        found = ipaddress.ip_address(address)
        return any(found in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)
    except ValueError:
        return False


def _clean(address: str) -> str:
    """What is no address counts as one and the same: nobody escapes a limit with nonsense."""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - not to listen at
