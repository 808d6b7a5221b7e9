"""Wrong pairs of settings, caught before the portal starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as WarningMessage

LOOPBACK = ("127.0.0.1", "::1", "localhost")
DEFAULT_KEY = "only-for-this-machine"
SHORTEST_KEY = 50  # characters, as Django's own


@register(Tags.security)
def demo_is_only_local(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The demo lets anybody log in as anybody: it never runs at an address that others can reach."""
    only_here = settings.IS_LOCAL and not settings.EXTRA_HOSTS and settings.BIND in LOOPBACK
    if settings.DEMO and not only_here:
        hint = "Zet DEMO uit, of laat PUBLIC_URL op localhost staan, zonder EXTRA_HOSTS en BIND."
        return [Error("DEMO=1 kan niet op een openbaar adres.", hint=hint, id="portal.E001")]
    return []


@register(Tags.security)
def secret_key_is_set(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A public address needs a secret key of its own, that nobody guesses."""
    if len(settings.SECRET_KEY) < SHORTEST_KEY and not settings.IS_LOCAL:
        what = "ontbreekt" if settings.SECRET_KEY == DEFAULT_KEY else "is te kort"
        hint = f"Zet SECRET_KEY op minstens {SHORTEST_KEY} willekeurige tekens."
        return [Error(f"SECRET_KEY {what}.", hint=hint, id="portal.E002")]
    return []


@register(Tags.security)
def public_address_is_https(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Only on this machine may the portal run without TLS."""
    if not settings.IS_LOCAL and not settings.IS_HTTPS:
        return [Error("PUBLIC_URL begint niet met https://.", id="portal.E003")]
    return []


@register(Tags.security)
def mail_can_leave(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """At a public address guests count on their mail."""
    if not settings.IS_LOCAL and settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return [WarningMessage("EMAIL_URL ontbreekt: er gaat geen mail de deur uit.", id="portal.W004")]
    return []
