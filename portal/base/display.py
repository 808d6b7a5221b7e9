"""How the visitor wants to see the pages. One cookie of a fixed list; no token, as nothing is at stake."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

THEME_COOKIE = "weergave"
THEMES = {"licht": "light", "donker": "dark"}
YEAR_SECONDS = 31_536_000


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or empty: as the device has it."""
    return THEMES.get(request.COOKIES.get(THEME_COOKIE, ""), "")


@csrf_exempt
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme and return to the page the visitor came from (only a path of our own)."""
    response = HttpResponseRedirect(_local_path(request.POST.get("terug", "/")))
    chosen = request.POST.get("weergave", "")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=settings.IS_HTTPS
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def _local_path(path: str) -> str:
    safe = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if safe and "\n" not in path and "\r" not in path else "/"
