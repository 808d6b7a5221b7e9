"""The door of the Django admin: the log-in of everybody, and then a second factor."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse

from portal.base.accounts.models import User
from portal.base.accounts.sessions import has_second_factor
from portal.base.paths import own_path


class PortalAdminSite(AdminSite):
    """Django's own, behind our log-in; it has no page for a password."""

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return super().has_permission(request) and isinstance(user, User) and has_second_factor(request, user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """Not a page: the way to the one that she needs."""
        to = own_path(request.GET.get("next", ""), reverse("admin:index"))
        if not request.user.is_authenticated:
            return redirect_to_login(to, reverse("login"))
        if not super().has_permission(request):
            raise PermissionDenied
        return redirect(to) if self.has_permission(request) else redirect_to_login(to, reverse("second-step"))

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [url for url in super().get_urls() if not str(getattr(url, "name", "")).startswith("password_change")]
