"""How django-allauth's second factors work in this portal."""

import base64

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from portal.base.accounts.models import User
from portal.base.outbox.sealed import open_text, seal_text


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets stand sealed in the database, and a device shows our name."""

    def encrypt(self, text: str) -> str:
        return seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_text(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "Naoberplek"}

    def picture_of(self, url: str) -> str:
        """The QR code as an address of an image: without a file, and without a request."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.build_totp_svg(url).encode()).decode()


def has_any(user: User) -> bool:
    """Whether she has a passkey or an app for codes."""
    strong = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
    return bool(Authenticator.objects.filter(user=user, type__in=strong).exists())
