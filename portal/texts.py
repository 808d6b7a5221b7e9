"""Pages of plain text about the portal itself: what happens with your data, and for whom it works."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is asked, why, how long it is kept, and what a guest may ask."""
    return render(request, "texts/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What is done so that everybody can use the pages, what is known to fall short, and how to say so."""
    return render(request, "texts/accessibility.html")
