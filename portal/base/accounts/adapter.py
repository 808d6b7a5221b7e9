"""How django-allauth works in this portal: its mails are rows of the outbox, and it says nothing of its own."""

import re
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from portal.base import outbox
from portal.base.accounts import sessions
from portal.base.accounts.models import User
from portal.base.address import client_ip, network_of


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No page to sign up: who logs in with a code for the first time is a member."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """For limits, whose keys stand in the cache: so it is no address, but the keyed hash of her network."""
        return salted_hmac("portal.base.accounts.adapter", network_of(client_ip(request))).hexdigest()

    def get_login_stages(self) -> list[str]:
        """Whoever has an app for codes types one of those too; nothing else stands between."""
        return ["portal.base.accounts.stages.SecondFactor"]

    def login(self, request: HttpRequest, user: User) -> None:
        sessions.log_in_proven(request, user)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail in the outbox, ready-made and sealed: it may hold a secret. `until`: when it is worthless.

        In the language of the visitor who asks for it.
        """
        subject, text, html = (
            render_to_string(f"{template_prefix}_{part}", context)
            for part in ("subject.txt", "message.txt", "message.html")
        )
        key = context.get("key") or f"account:{secrets.token_hex(8)}"
        ready = outbox.Ready(" ".join(subject.split()), _tidy(text), _tidy(html), context["until"])
        outbox.put_ready(key, "account", email, ready, language=get_language() or settings.LANGUAGE_CODE)


def _tidy(text: str) -> str:
    """At most one empty line between two others."""
    return re.sub(r"\n\s*\n", "\n\n", text).strip() + "\n"
