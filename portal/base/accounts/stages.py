"""What stands between showing that an address is hers and being logged in."""

from typing import Any

from allauth.account.stages import LoginStage
from allauth.mfa.internal.constants import LoginStageKey
from django.http import HttpResponse
from django.shortcuts import redirect

from portal.base.accounts import app_codes
from portal.base.accounts.sessions import has_second_factor


class SecondFactor(LoginStage):  # type: ignore[misc]  # allauth has no types
    """Who has an app for codes types one; a passkey is a second factor by itself."""

    key = LoginStageKey.MFA_AUTHENTICATE.value
    urlname = "login-app"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user: Any = self.login.user
        if has_second_factor(self.request, user) or not app_codes.is_on(user):
            return None, True
        return redirect(self.urlname), True
