"""Pages of houses that need not be rendered again: kept in the memory of this process until anything on them changes.

Kept is only the page that everybody gets: without a choice, for a browser without a session, and with nothing
in its address that a visitor could have typed but a week. So no name, key or token can be in it. What is kept is
found by the version of the house, which each writer moves on in the transaction of what it writes: a reader who
reads the version after a booking's answer never finds a page of before. What time alone changes, ends it.
"""

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.translation import get_language

from bookings.domain.lasting import Lasting
from bookings.guest import memory
from bookings.wish import Wish
from portal.base import clock
from portal.base.display import theme_of
from villages.models import Dorpshuis

CACHE = "pages"
# Not needed for what is shown, since that follows from version and time: so that a forgotten page leaves the memory.
SECONDS = 3600


def fetch(request: HttpRequest, dorpshuis: Dorpshuis, wish: Wish) -> bytes | None:
    """The page that was kept for this request; None when there is none, or none may be used."""
    found = caches[CACHE].get(_key(request, dorpshuis, wish)) if _is_for_everybody(request, dorpshuis, wish) else None
    if found is None:
        return None
    html, lasting = found
    return html if lasting.holds_at(clock.now()) else None


def keep(request: HttpRequest, dorpshuis: Dorpshuis, wish: Wish, html: bytes, lasting: Lasting) -> None:
    """Keep this page, made of what was read after `dorpshuis` was, as far as it is the page of everybody."""
    made_a_token = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
    if not made_a_token and _is_for_everybody(request, dorpshuis, wish):
        caches[CACHE].set(_key(request, dorpshuis, wish), (html, lasting), SECONDS)


def _is_for_everybody(request: HttpRequest, dorpshuis: Dorpshuis, wish: Wish) -> bool:
    """Whether nothing of this visitor is on the page but her theme and her language."""
    asked = f"week={wish.week}" if wish.week else ""
    return (
        request.method in ("GET", "HEAD")
        and request.META.get("QUERY_STRING", "") == asked
        and not getattr(request, "htmx", False)
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not (dorpshuis.staffed_only_for_new and memory.COOKIE in request.COOKIES)
    )


def _key(request: HttpRequest, dorpshuis: Dorpshuis, wish: Wish) -> str:
    week = wish.week or "first"
    return f"house:{dorpshuis.pk}:{dorpshuis.version}:{week}:{get_language()}:{theme_of(request) or 'auto'}"
