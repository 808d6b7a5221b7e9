"""What every page knows."""

from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from bookings.guest.regions import source_query
from bookings.wish import Wish
from portal.base.display import theme_of
from portal.search_engines import canonical_of
from villages.access import houses_of


def page(request: HttpRequest) -> dict[str, Any]:
    """The visitor's theme, whether this is the demo, and the houses that a logged-in person runs.

    `here` is where the switches in the foot lead back to.
    `bron` is where she heard of us, as the question part for links to pages that lead to a booking.

    Who has no session cookie is nobody: a public page then asks the database nothing about her.
    """
    user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(request, "user") else None
    known = user if user is not None and user.is_authenticated else None
    return {
        "theme": theme_of(request),
        "demo": settings.DEMO,
        "here": _here(request),
        "canonical": canonical_of(request),
        "bron": _found_by(request),
        "portal_picture": settings.PUBLIC_URL + static("deelplaatje.png"),
        "me": known,
        "my_houses": houses_of(known) if known is not None else [],
    }


def _here(request: HttpRequest) -> str:
    """The address of this page with its question; of the answer to a form that of its page, with what was chosen."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    match = request.resolver_match
    if match is None or match.url_name != "book":
        return request.path
    try:
        return reverse("house", kwargs=match.kwargs) + Wish.read(request.POST).query()
    except SuspiciousOperation:
        return request.path


def _found_by(request: HttpRequest) -> str:
    """Empty too when the address can't be read at all: the page that says so needs this context as well."""
    try:
        return source_query(Wish.read(request.GET).source)
    except SuspiciousOperation:
        return ""
