"""What every request passes: a line in the log without personal data, and headers that Django lacks."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = structlog.get_logger("portal.request")


def log_requests(get_response: GetResponse) -> GetResponse:
    """Log one line per request: its id, the route (never the path, which may hold a private link), status, time."""

    def middleware(request: HttpRequest) -> HttpResponse:
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


def extra_headers(get_response: GetResponse) -> GetResponse:
    """Forbid what no page of ours uses: camera, microphone, place, payment. Say that a page differs by theme."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response

    return middleware
