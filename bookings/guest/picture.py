"""The address of a house's share picture: drawn from its own data, and kept by who shows it."""

from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from bookings.domain.prices import usual_price
from bookings.guest.drawing import VERSION, Shown, draw
from bookings.queries import desk_rows, tariff_spans
from portal.base import clock
from villages.access import public_dorpshuis
from villages.models import Dorpshuis

KEPT_SECONDS = 24 * 3600


@require_safe
@translation.override(settings.LANGUAGE_CODE)
def share_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The PNG of this house; 304 for who has it already. Three queries.

    Always in Dutch: it is kept, and shown to people who chose nothing here.
    """
    shown = _shown(public_dorpshuis(slug))
    etag = quote_etag(sha256(repr((VERSION, shown)).encode()).hexdigest()[:20])
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(draw(shown), content_type="image/png")
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _shown(dorpshuis: Dorpshuis) -> Shown:
    place = dorpshuis.village.name
    if not dorpshuis.takes_bookings:
        return Shown(str(dorpshuis), place)
    today = clock.today()
    tariffs = tariff_spans([dorpshuis.pk], today, today)[dorpshuis.pk]
    return Shown(
        name=str(dorpshuis),
        place=place,
        cents=usual_price(tariffs, today),
        desks=sum(not desk.is_table for desk in desk_rows([dorpshuis.pk], today, today)),
    )
