"""What search engines read first: which addresses are theirs, and which are not."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from villages.models import Dorpshuis, Village

# The pages of which there is one; each house, village and municipality has its own besides.
SINGLE_PAGES = ("home", "houses", "villages", "apply", "privacy", "accessibility")
PAGES_EACH = ("house", "village", "municipality")
NOT_FOR_SEARCH = (*settings.PRIVATE_PATHS, "/admin/", "/demo/", "/inloggen/")


def canonical_of(request: HttpRequest) -> str:
    """The one address of this public page, whichever host or query it was asked by; empty for any other page."""
    match = request.resolver_match
    is_public = match is not None and match.url_name in (*SINGLE_PAGES, *PAGES_EACH)
    return settings.PUBLIC_URL + request.path if is_public else ""


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Everything but what is private or behind a log-in; and where the list of pages is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_SEARCH)]
    lines += ["", f"Sitemap: {settings.PUBLIC_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page: those of which there is one, each house that has a page, each place. Two queries."""
    slugs = Dorpshuis.objects.public().values_list("slug", flat=True)
    villages = list(Village.objects.select_related("municipality"))
    paths = [*(reverse(name) for name in SINGLE_PAGES), *(reverse("house", args=[slug]) for slug in slugs)]
    paths += [reverse("village", args=[village.slug]) for village in villages]
    paths += sorted({reverse("municipality", args=[village.municipality.slug]) for village in villages})
    urls = [settings.PUBLIC_URL + path for path in paths]
    return render(None, "sitemap.xml", {"urls": urls}, content_type="application/xml; charset=utf-8")
