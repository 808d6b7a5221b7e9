"""A photo of a house, as its page shows it. Its name is new with every picture: who has it, has it for good."""

from django.http import Http404, HttpResponse
from django.http.request import HttpRequest
from django.views.decorators.http import require_safe

from villages.access import public_photo

FOR_GOOD = "public, max-age=31536000, immutable"


@require_safe
def photo(request: HttpRequest, name: str) -> HttpResponse:
    """The file of at most 60 kB, whole; 404 when it, or its house's page, is not there."""
    try:
        with public_photo(name).image.open() as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(content, content_type="image/webp", headers={"Cache-Control": FOR_GOOD})
