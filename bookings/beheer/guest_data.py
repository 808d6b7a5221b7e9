"""What a guest may ask of the house: a copy of her data, and that it is deleted."""

import json

from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bookings import refusals
from bookings.actions.forget import forget
from bookings.actions.guests import export
from bookings.beheer.guests import about, known_guest
from bookings.models import Guest
from bookings.person import Facts
from bookings.visit import Visit, enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest

CHANGED = gettext_lazy(
    "Er is net iets veranderd. Er is nog niets verwijderd. Kijk na wat er nu staat, en tik nog een keer."
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy_guest(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """What a copy is; by POST the copy, to print (`vorm=pagina`) or as a file. The log keeps that it was made."""
    visit = enter(request, slug, "gasten")
    row = known_guest(visit, number)
    if request.method != "POST":
        return visit.show(request, "beheer/guests/copy.html", {"guest": row})
    # The file has Dutch keys, and values of the same language: a program may read it.
    as_file = request.POST.get("vorm") == "bestand"
    try:
        with translation.override("nl" if as_file else translation.get_language()):
            copy = export(row, visit.actor)
    except refusals.GuestGone as gone:
        raise Http404 from gone
    if as_file:
        return _file(visit, row, copy)
    return visit.show(request, "beheer/guests/copy_page.html", {"guest": row, "copy": copy, "made_at": clock.now()})


def _file(visit: Visit, row: Guest, copy: list[Facts]) -> HttpResponse:
    content = {"dorpshuis": visit.dorpshuis.name, "gemaakt_op": clock.local(clock.now()), "gasten": copy}
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="gegevens-gast-{row.pk}.json"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def forget_guest(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """What goes, what stays and why; by POST she is deleted. Once more is no error."""
    visit = enter(request, slug, "gasten")
    row = get_object_or_404(Guest, pk=number, dorpshuis=visit.dorpshuis, merged_into__isnull=True)
    if row.emptied_at is not None:
        return _gone(slug)
    if request.method != "POST":
        return _page(request, visit, row)
    try:
        # Without a fingerprint this is no button of ours: then what was shown is never what there is.
        forget(row, visit.actor, shown=request.POST.get("afdruk") or "-")
    except refusals.NotAsShown:
        return _page(request, visit, row, CHANGED, 409)
    return _gone(slug)


def _gone(slug: str) -> HttpResponse:
    return redirect(f"{reverse('guests', args=[slug])}?klaar=verwijderd")


def _page(
    request: LoggedInRequest, visit: Visit, row: Guest, problem: str | Promise = "", status: int = 200
) -> HttpResponse:
    return visit.show(request, "beheer/guests/forget.html", about(visit, row) | {"problem": problem}, status)
