"""A house's availability as public JSON: for village sites and widgets, without personal data."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from bookings import wording
from bookings.domain.availability import BookingPolicy, Cell
from bookings.domain.dagdelen import parse_day
from bookings.reader import CellReader
from portal.base import clock
from villages.access import public_dorpshuis

MOST_DAYS = 62


@require_safe
@translation.override(settings.LANGUAGE_CODE)
def availability(request: HttpRequest, slug: str) -> JsonResponse:
    """Public JSON without personal data: each dagdeel between `van` and `tot`, at most 62 days.

    Always in Dutch: it is one answer for every site that shows it, whatever a visitor chose here.
    """
    dorpshuis = public_dorpshuis(slug)
    today = clock.today()
    try:
        first = parse_day(request.GET.get("van", today.isoformat()))
        last = parse_day(request.GET.get("tot", (first + timedelta(days=6)).isoformat()))
    except ValueError:
        return _refuse("Schrijf de datums als 2026-11-23.")
    if not 1 <= (last - first).days + 1 <= MOST_DAYS:
        return _refuse(f"Vraag hoogstens {MOST_DAYS} dagen, en begin met de eerste.")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    reader = CellReader.read(dorpshuis, days)
    cells = [_as_json(cell, reader.policy) for day in days for cell in reader.on(day)]
    return _public({"dorpshuis": dorpshuis.slug, "dagdelen": cells})


def _as_json(cell: Cell, policy: BookingPolicy) -> dict[str, Any]:
    return {
        "datum": cell.moment.date.isoformat(),
        "dagdeel": cell.moment.dagdeel.value,
        "begin": f"{cell.begin:%H:%M}" if cell.begin else None,
        "eind": f"{cell.end:%H:%M}" if cell.end else None,
        "vrij": cell.free,
        "totaal": cell.total,
        "prijs_cent": cell.cents,
        "status": cell.status.value,
        "reden": wording.reason(cell, policy) or None,
    }


def _refuse(sentence: str) -> JsonResponse:
    return _public({"fout": sentence}, status=422)


def _public(data: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-cache"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    return response
