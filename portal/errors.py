"""When something can't be done: the same house, a clear sentence, the right status."""

import sys
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from psycopg.errors import ReadOnlySqlTransaction

from bookings.beheer.pending import ask_again
from bookings.beheer.sheet import entry_again
from bookings.guest.book import book_without_cookie
from villages.models import Dorpshuis

TICKED_AGAIN = {"mark": ask_again, "walk-in": ask_again, "day-entry": entry_again}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself is off, for example more fields than any form of ours has."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: known, but not allowed here."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there, or not there for you. Whatever looks like a guest's link gets one and the same page."""
    is_link = request.path_info.startswith(("/boeking/", "/vaste-plek/", "/wachtlijst/"))
    return render(request, "booking/unknown.html" if is_link else "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; 503 when the database is gone, full or may only be read: then nothing was written, and the
    house's number helps. Rendered without a request, so that nothing of it can fail again.
    """
    if _is_of_the_database(sys.exception()):
        page = render_to_string("503.html", {"demo": settings.DEMO, "dorpshuis": _house_of(request)})
        return HttpResponse(page, status=503, headers={"Retry-After": "60"})
    return HttpResponse(render_to_string("500.html", {"demo": settings.DEMO}), status=500)


def _is_of_the_database(error: BaseException | None) -> bool:
    read_only = isinstance(getattr(error, "__cause__", None), ReadOnlySqlTransaction)
    return read_only or isinstance(error, OperationalError | InterfaceError)


def _house_of(request: HttpRequest) -> Dorpshuis | None:
    """The house that the address is about, if the database can still be read; only one that anybody may see."""
    given = request.resolver_match.kwargs if request.resolver_match else {}
    where = {}
    if "slug" in given:
        where = {"slug": given["slug"], "status": Dorpshuis.Status.OPEN}
    elif "reference" in given:
        where = {"reservations__reference": given["reference"]}
    try:
        return Dorpshuis.objects.filter(**where).first() if where else None
    except Error:
        return None


def dress_not_allowed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """405, such as the address of a button that is opened as a page: in the portal's look, not empty."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        dressed = render(request, "405.html", status=response.status_code)
        dressed["Allow"] = response["Allow"]
        return dressed

    return middleware


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """403: the browser's cookie is gone, or is of a later page. The booking form comes back with what was typed.

    Who ticks guests, and logged in anew meanwhile, is asked whether she still wants it.
    """
    match = request.resolver_match
    if match is not None and match.url_name in TICKED_AGAIN:
        return TICKED_AGAIN[match.url_name](request, **match.kwargs)
    if match is not None and match.url_name == "book":
        return book_without_cookie(request, **match.kwargs)
    return render(request, "403_csrf.html", {"has_cookie": settings.CSRF_COOKIE_NAME in request.COOKIES}, status=403)
