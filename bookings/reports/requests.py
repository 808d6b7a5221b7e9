"""Requests for a desk in another village, as BOKD deals with them."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from bookings.actions.apply import mark_handled
from portal.base import log
from portal.base.accounts.http import LoggedInRequest
from villages.access import coordinators_only
from villages.models import HouseRequest


@coordinators_only
@require_POST
def handle_request(request: HttpRequest, number: int) -> HttpResponse:
    """The button "Afgehandeld". A second tap changes nothing."""
    by = log.coordinator(cast("LoggedInRequest", request).user)
    if not mark_handled(number, by) and not _exists(number):
        raise Http404
    return redirect("bokd")


def _exists(number: int) -> bool:
    return HouseRequest.objects.filter(pk=number).exists()
