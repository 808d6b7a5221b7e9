"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

from portal.base.display import theme_of
from portal.search_engines import canonical_of
from villages.access import houses_of


def page(request: HttpRequest) -> dict[str, Any]:
    """The visitor's theme, whether this is the demo, and the houses that a logged-in person runs.

    Who has no session cookie is nobody: a public page then asks the database nothing about her.
    """
    user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(request, "user") else None
    known = user if user is not None and user.is_authenticated else None
    return {
        "theme": theme_of(request),
        "demo": settings.DEMO,
        "here": request.get_full_path() if request.method == "GET" else request.path,
        "canonical": canonical_of(request),
        "portal_picture": settings.PUBLIC_URL + static("deelplaatje.png"),
        "me": known,
        "my_houses": houses_of(known) if known is not None else [],
    }
