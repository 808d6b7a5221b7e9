"""How the visitor wants to see the pages: her theme, her language.

One cookie of a fixed list for each; no token, as nothing is at stake.
"""

from collections.abc import Container

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.base.paths import own_path

THEME_COOKIE = "weergave"
THEMES = {"licht": "light", "donker": "dark"}
LANGUAGE_COOKIE = "taal"
YEAR_SECONDS = 31_536_000


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or empty: as the device has it."""
    return THEMES.get(request.COOKIES.get(THEME_COOKIE, ""), "")


def language_of(request: HttpRequest) -> str:
    """`nl` or `en`, as she chose; Dutch for who chose nothing. Her browser's Accept-Language is not asked."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    is_ours = chosen in dict(settings.LANGUAGES) and not request.path_info.startswith(settings.DUTCH_PATHS)
    return chosen if is_ours else settings.LANGUAGE_CODE


@csrf_exempt
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme and return to the page the visitor came from (only a path of our own)."""
    return _remember(request, THEME_COOKIE, THEMES)


@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language and return to the page the visitor came from; an unknown one is forgotten.

    Who is logged in is mailed in it too from now on.
    """
    chosen = request.POST.get(LANGUAGE_COOKIE, "")
    if chosen in dict(settings.LANGUAGES) and request.user.is_authenticated:
        request.user.reads(chosen)
    return _remember(request, LANGUAGE_COOKIE, dict(settings.LANGUAGES))


def _remember(request: HttpRequest, cookie: str, known: Container[str]) -> HttpResponse:
    """Keep what the field of this name says, if it is known; else keep nothing."""
    response = HttpResponseRedirect(own_path(request.POST.get("terug", "/"), "/"))
    chosen = request.POST.get(cookie, "")
    if chosen in known:
        response.set_cookie(
            cookie, chosen, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=settings.IS_HTTPS
        )
    else:
        response.delete_cookie(cookie, samesite="Lax")
    return response
