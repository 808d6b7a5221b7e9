"""The first page and the list: which houses there are, where and when a desk is free."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bookings import wording
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.guest.map import draw
from bookings.guest.near import near
from bookings.guest.needs import Fit, Needs, best, fit
from bookings.guest.regions import municipality_links
from bookings.guest.rows import house_rows
from bookings.guest.search import Question, Search, Window, place_of, understand
from bookings.reader import CellReader
from portal.base import clock
from villages.models import Dorpshuis, Village


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where and when: the houses near a place with their desks; unasked, what is free next in each."""
    question = Question.read(request.GET)
    fits = read_fits(open_houses(), question.needs)
    villages = list(Village.objects.select_related("municipality"))
    window = window_of(fits)
    search = understand(question, villages, window)
    context = find_context(search, window, villages)
    context["municipalities"] = municipality_links(question, villages) if "plaats" in search.problems else []
    context["choices"] = [(place, f"{reverse('home')}{search.query(place)}#gevonden") for place in search.choices]
    if search.clear:
        context |= _answer(search, fits, villages)
    else:
        context["rows"] = house_rows(fits, source=question.source)
    return render(request, "home.html", context, status=search.status)


def find_context(search: Search, window: Window, villages: list[Village]) -> dict[str, Any]:
    """What the search form shows."""
    return {
        "search": search,
        "window": window,
        "places": offered(villages),
        "parts": list(Dagdeel),
        "needs": search.question.needs,
    }


def window_of(fits: list[Fit]) -> Window:
    """Between which days one can ask, and the first dagdeel that is free in a house that will do."""
    today = clock.today()
    last = today + timedelta(days=max((one.dorpshuis.window_days for one in fits), default=0))
    firsts = [cells[0].moment for one in best(fits) if (cells := one.reader.next_bookable())]
    return Window(today, last, min(firsts, default=Moment(today, Dagdeel.OCHTEND)))


def offered(villages: list[Village]) -> list[str]:
    """The names to choose from; of one that there are two of, with the municipality."""
    places = [place_of(village) for village in villages]
    times = Counter(place.name for place in places)
    return [place.name if times[place.name] == 1 else place.full for place in places]


def _answer(search: Search, fits: list[Fit], villages: list[Village]) -> dict[str, Any]:
    number = search.place.number if search.place else None
    village = next((village for village in villages if village.pk == number), None)
    answer = near(best(fits), search.moment, village, search.question.source)
    when = wording.when_words(search.moment)
    return {
        "found": answer,
        "any_free": any(row.cell.bookable for row in answer),
        "map": draw(answer, villages, village),
        "heading": gettext("%(when)s, dicht bij %(place)s") % {"when": when, "place": village} if village else when,
        "all_url": f"{reverse('home')}{search.query(search.place, with_needs=False)}#gevonden",
        **fit_context(fits),
    }


def fit_context(fits: list[Fit]) -> dict[str, Any]:
    """Whether nothing has what is needed, and how many houses are left out."""
    lacking = sum(bool(one.lacks) for one in fits)
    nobody = bool(fits) and lacking == len(fits)
    return {"nobody_fits": nobody, "left_out": 0 if nobody else lacking}


@require_safe
def houses(request: HttpRequest) -> HttpResponse:
    """All houses with a page, also those that are getting ready; the open ones also on the map."""
    question = Question.read(request.GET)
    public = list(Dorpshuis.objects.public().with_place())
    aspirants = [house for house in public if not house.takes_bookings]
    fits = read_fits([house for house in public if house.takes_bookings], question.needs)
    rows = house_rows(best(fits), source=question.source)
    villages = list(Village.objects.all())
    context = {"rows": rows, "aspirants": aspirants, "needs": question.needs, "source": question.source}
    context |= {"map": draw(rows, villages, None), "all_url": request.path, **fit_context(fits)}
    return render(request, "houses.html", context)


def open_houses() -> list[Dorpshuis]:
    """The houses that take bookings, with their place."""
    return [house for house in Dorpshuis.objects.public().with_place() if house.takes_bookings]


def read_fits(found: list[Dorpshuis], needs: Needs) -> list[Fit]:
    """These houses with what is free in them, beside what is needed. Five queries, or six."""
    return fit(found, CellReader.read_all(found), needs.asked)
