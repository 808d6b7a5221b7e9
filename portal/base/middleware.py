"""What every request passes: a line in the log without personal data, and headers that Django lacks."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from portal.base.display import language_of

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = structlog.get_logger("portal.request")


def log_requests(get_response: GetResponse) -> GetResponse:
    """Log one line per request: its id, the route (never the path, which may hold a private link), status, time.

    Files of the look are not worth a line.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(settings.STATIC_URL):
            return get_response(request)
        began = time.perf_counter()
        request_id = uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = get_response(request)
        response["X-Request-ID"] = request_id
        route = request.resolver_match.route if request.resolver_match else "-"
        took = round((time.perf_counter() - began) * 1000, 1)
        logger.info("request", method=request.method, route=route, status=response.status_code, ms=took)
        return response

    return middleware


def speak_language(get_response: GetResponse) -> GetResponse:
    """Answer in the language that the visitor chose, also when the answer is an error page.

    What depends on it says so: `page_headers` lets every page vary by cookie.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("Content-Language", language)
        return response

    return middleware


def page_headers(get_response: GetResponse) -> GetResponse:
    """Headers of every answer, whoever made it: also of a refusal under a private address.

    No camera, microphone, place or payment. A page differs by cookie; one with a form's token or for
    somebody who is logged in is kept by nobody. Under `PRIVATE_PATHS` nothing is kept, shown by a search
    engine, or told to another site (rule 16).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.path_info.startswith(settings.PRIVATE_PATHS):
            response["Cache-Control"] = "no-store, private"
            response["X-Robots-Tag"] = "noindex, nofollow"
            response["Referrer-Policy"] = "no-referrer"
        elif response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
            response.setdefault("Cache-Control", "no-store, private" if _is_personal(request) else "no-cache, private")
        return response

    return middleware


def _is_personal(request: HttpRequest) -> bool:
    """Whether the answer holds a form's token, or was made for somebody with a session."""
    return "CSRF_COOKIE_NEEDS_UPDATE" in request.META or settings.SESSION_COOKIE_NAME in request.COOKIES
