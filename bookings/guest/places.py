"""The pages of a village, of a municipality, and of all villages: where one can work near there."""

from collections.abc import Callable
from datetime import timedelta
from statistics import fmean
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.domain.distance import distance_km
from bookings.guest.about import as_script_data
from bookings.guest.home import find_context, read_fits, window_of
from bookings.guest.map import draw
from bookings.guest.near import far_words, nearness
from bookings.guest.needs import Needs
from bookings.guest.regions import municipalities_of, source_query
from bookings.guest.rows import HouseRow, house_rows
from bookings.guest.search import Question, Window, place_of, understand
from bookings.wish import Wish
from portal.base import clock
from villages.models import Dorpshuis, Municipality, Village

NEAREST = 6
NEAREST_OTHERS = 3
GUESSED_WINDOW = timedelta(days=60)


@require_safe
def village(request: HttpRequest, slug: str) -> HttpResponse:
    """Where one can work in this village or near it, and what is free next."""
    villages = _villages()
    here = next((place for place in villages if place.slug == slug), None)
    if here is None:
        return _unknown(request, slug, villages)
    source = Wish.read(request.GET).source
    public = list(Dorpshuis.objects.public().with_place())
    houses = sorted((house for house in public if house.takes_bookings), key=lambda house: nearness(house, here))
    far = {house.pk: far_words(house, here) for house in houses[:NEAREST]}
    context = _context(request, houses[:NEAREST], villages, here, far)
    here_too = [house for house in public if house.village_id == here.pk]
    has_desks = any(house.takes_bookings for house in here_too)
    context |= {
        "village": here,
        "has_desks": has_desks,
        "aspirants": [house for house in here_too if not house.takes_bookings],
        "asks_for_house": not here_too,
        "title": _village_title(here, has_desks=has_desks),
        "text": _village_text(here, context["rows"], has_desks=has_desks),
        "linked_data": as_script_data([_place(here), *_item_list(context["rows"])]),
        "query": source_query(source),
    }
    return render(request, "places/village.html", context)


@require_safe
def municipality(request: HttpRequest, slug: str) -> HttpResponse:
    """The houses of a municipality, its villages, and the nearest houses outside it."""
    villages = _villages()
    here = next((one for one in municipalities_of(villages) if one.slug == slug), None)
    if here is None:
        return _unknown(request, slug, villages)
    own_villages = [place for place in villages if place.municipality_id == here.pk]
    houses = [house for house in Dorpshuis.objects.public().with_place() if house.takes_bookings]
    own = [house for house in houses if house.village.municipality_id == here.pk]
    others = sorted((house for house in houses if house not in own), key=_from_middle(own_villages))[:NEAREST_OTHERS]
    context = _context(request, [*own, *others], villages)
    rows: list[HouseRow] = context["rows"]
    context |= {
        "municipality": here,
        "own_villages": own_villages,
        "own_rows": rows[: len(own)],
        "other_rows": rows[len(own) :],
        "title": gettext("Werken in de gemeente %(municipality)s") % {"municipality": here},
        "text": _municipality_text(here, own),
        "linked_data": as_script_data([_area(here), *_item_list(rows[: len(own)])]),
        "query": source_query(Wish.read(request.GET).source),
    }
    return render(request, "places/municipality.html", context)


@require_safe
def villages(request: HttpRequest) -> HttpResponse:
    """All villages by municipality; those with desks are marked. Two queries."""
    places = _villages()
    lit = {house.village_id for house in Dorpshuis.objects.public() if house.takes_bookings}
    groups = [
        (one, [(place, place.pk in lit) for place in places if place.municipality_id == one.pk])
        for one in municipalities_of(places)
    ]
    query = source_query(Wish.read(request.GET).source)
    return render(request, "places/villages.html", {"groups": groups, "query": query})


def _villages() -> list[Village]:
    return list(Village.objects.select_related("municipality"))


def _context(
    request: HttpRequest,
    houses: list[Dorpshuis],
    villages: list[Village],
    here: Village | None = None,
    far: dict[int, str] | None = None,
) -> dict[str, Any]:
    """The rows, the map and the search form. Five queries."""
    source = Wish.read(request.GET).source
    fits = read_fits(houses, Needs())
    window = window_of(fits)
    rows = house_rows(fits, source=source, far=far, choosing=True)
    question = Question(place=_as_typed(here, villages) if here else "", source=source)
    context = find_context(understand(question, villages, window), window, villages)
    return {**context, "rows": rows, "map": draw(rows, villages, here)}


def _as_typed(here: Village, villages: list[Village]) -> str:
    """Its name as the search understands it: of two with one name, with the municipality."""
    alone = sum(place.name == here.name for place in villages) == 1
    return here.name if alone else place_of(here).full


def _from_middle(own: list[Village]) -> Callable[[Dorpshuis], float]:
    """How far a house is from the middle of these villages."""
    middle = fmean(place.latitude for place in own), fmean(place.longitude for place in own)
    return lambda house: distance_km(house.coordinates, middle)


def _unknown(request: HttpRequest, slug: str, villages: list[Village]) -> HttpResponse:
    """404 with the search, and with the villages that look like what the address says."""
    today = clock.today()
    window = Window(today, today + GUESSED_WINDOW, Moment(today, Dagdeel.OCHTEND))
    source = Wish.read(request.GET).source
    search = understand(Question(place=slug.replace("-", " ")[:80]), villages, window)
    numbers = {place.number for place in (*search.matched.found, *search.matched.offered)}
    context = find_context(understand(Question(source=source), villages, window), window, villages)
    context |= {"alike": [place for place in villages if place.pk in numbers], "query": source_query(source)}
    return render(request, "places/unknown.html", context, status=404)


def _village_title(here: Village, *, has_desks: bool) -> str:
    title = gettext("Werken in %(village)s") if has_desks else gettext("Werken bij %(village)s")
    return title % {"village": here}


def _municipality_text(here: Municipality, own: list[Dorpshuis]) -> str:
    words = {
        "municipality": here,
        "houses": _names(own) or gettext("nog geen, maar wel in de buurt"),
        "how": gettext("Je boekt een bureau per dagdeel, zonder account."),
    }
    return gettext("Dorpshuizen met een werkplek in de gemeente %(municipality)s: %(houses)s. %(how)s") % words


def _village_text(here: Village, rows: list[HouseRow], *, has_desks: bool) -> str:
    names = _names([row.dorpshuis for row in rows[:2]])
    if not names:
        none = gettext("Werken dicht bij %(village)s: de eerste dorpshuizen in Drenthe maken hun werkplekken klaar.")
        return none % {"village": here}
    how = gettext("Je boekt een bureau per dagdeel, zonder account.")
    text = (
        gettext("Een werkplek in %(village)s: %(houses)s. %(how)s")
        if has_desks
        else gettext("Een werkplek dicht bij %(village)s: %(houses)s. %(how)s")
    )
    return text % {"village": here, "houses": names, "how": how}


def _names(houses: list[Dorpshuis]) -> str:
    named = gettext("%(house)s in %(village)s")
    return ", ".join(named % {"house": house, "village": house.village} for house in houses)


def _place(here: Village) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "Place",
        "name": here.name,
        "url": settings.PUBLIC_URL + reverse("village", args=[here.slug]),
        "geo": {"@type": "GeoCoordinates", "latitude": here.latitude, "longitude": here.longitude},
        "containedInPlace": {
            "@type": "AdministrativeArea",
            "name": gettext("Gemeente %(municipality)s") % {"municipality": here.municipality},
        },
    }


def _area(here: Municipality) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "AdministrativeArea",
        "name": gettext("Gemeente %(municipality)s") % {"municipality": here},
        "url": settings.PUBLIC_URL + reverse("municipality", args=[here.slug]),
    }


def _item_list(rows: list[HouseRow]) -> list[dict[str, Any]]:
    """The houses as a list for search engines; none when there is nothing to list."""
    items = [
        {
            "@type": "ListItem",
            "position": row.number,
            "name": str(row.dorpshuis),
            "url": settings.PUBLIC_URL + reverse("house", args=[row.dorpshuis.slug]),
        }
        for row in rows
    ]
    return [{"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items}] if items else []
