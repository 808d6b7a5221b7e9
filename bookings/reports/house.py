"""The coordinator's page of one house, and the charts as files."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from bookings.charts import BarChart
from bookings.domain.compare import Average
from bookings.domain.months import Span
from bookings.reports.chart_file import as_file
from bookings.reports.csv_export import bad_wish
from bookings.reports.filters import KINDS, months_of, query, usual_wish
from bookings.reports.hiding import HOUSE
from bookings.reports.months import group_people, reported_houses
from bookings.reports.more import more_of
from bookings.reports.overview import charted, common, heat_of, map_of, origin_context, read_picture
from bookings.reports.picture import HousePicture, Picture, average_beside, draw, period_of
from bookings.reports.trend import trend_chart
from bookings.reports.wish import BadWish, ReportWish
from bookings.reports.words import months_words, period_words, signal_words
from portal.base import clock
from villages.access import coordinators_only
from villages.models import Dorpshuis

COLUMNS = ("unique", "new", "returning")


@coordinators_only
@require_safe
def house_page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/bokd/dorpshuizen/<slug>/`: the same as of the network, and the house beside the average of the others."""
    every = reported_houses()
    house = next((one for one in every if one.slug == slug), None)
    if house is None:
        raise Http404
    try:
        wish = usual_wish(request.GET, clock.today())
        network = draw(unfiltered(wish), clock.today(), every)
    except BadWish as problem:
        return bad_wish(request, problem)
    context = {**house_context(network, house), "kept": query(replace(wish, slugs=()))}
    return render(request, "bokd/house.html", context)


def unfiltered(wish: ReportWish) -> ReportWish:
    """The same months of all houses."""
    return replace(wish, municipality="", region="", kind="", operator="", slugs=())


def house_context(network: Picture, house: Dorpshuis) -> dict[str, Any]:
    """All that a page of this house shows; `network`: the picture of all houses in the same months. One query."""
    picture = only(network, house)
    (row,) = picture.each
    wish, people = picture.wish, people_of(row, network)
    return {
        **common(picture),
        "dorpshuis": house,
        "row": row,
        "average": average_beside(network, house, wish.months),
        **charted(picture, trend_chart(picture.trend, wish, averages_beside(network, picture))),
        "help": [signal_words(signal) for signal in row.help],
        "good": [signal_words(signal) for signal in row.good],
        "months": months_of(wish, clock.today()),
        "group": (HOUSE, str(house.pk)),
        "people": people,
        "more_figures": more_of(picture.asked, people),
        "people_period": period_words(period_of(wish)),
        **origin_context((HOUSE, str(house.pk)) if house.joint_reporting else None, wish),
        "months_of_house": [one for one in picture.rows if one.month >= picture.trend[0].month][::-1],
        "columns": COLUMNS,
    }


def only(network: Picture, house: Dorpshuis) -> Picture:
    """The same picture of one of its houses."""
    return replace(
        network,
        wish=replace(network.wish, slugs=(house.slug,)),
        houses=[house],
        rows=[row for row in network.rows if row.house.pk == house.pk],
        weekly={house.pk: network.weekly.get(house.pk, {})},
        signal_weekly={house.pk: network.signal_weekly.get(house.pk, {})},
    )


def people_of(row: HousePicture, network: Picture) -> dict[str, str]:
    """What may be shown of who was there in the period; of other periods than whole ones in the last month.

    Empty of a house that does not share it.
    """
    if not row.house.joint_reporting:
        return {}
    period = period_of(network.wish)
    if period.span is Span.MONTH:
        return row.last.people if row.last else {}
    return group_people(HOUSE, str(row.house.pk), period)


@coordinators_only
@require_safe
def chart_file(request: HttpRequest, name: str) -> HttpResponse:
    """`/bokd/grafiek/<maanden|week|kaart>.svg`: a chart of what the address asks for, as a file."""
    every = reported_houses()
    try:
        picture = read_picture(request.GET, every)
    except BadWish as problem:
        return bad_wish(request, problem)
    wish, of = picture.wish, place_words(picture)
    file = f"naoberplek-{name}-{wish.first:%Y-%m}-{wish.last:%Y-%m}"
    match name:
        case "maanden":
            months = months_words(picture.trend[0].month, wish.last)
            return as_file(_months(picture, every), file, gettext("Gebruikte plekken per maand"), [of, months])
        case "week":
            months = months_words(*picture.week_months)
            return as_file(heat_of(picture), file, gettext("Welke dag, welk dagdeel?"), [of, months])
        case "kaart":
            months = months_words(wish.first, wish.last)
            return as_file(map_of(picture), file, gettext("Gebruikte plekken per huis"), [of, months])
    raise Http404


def _months(picture: Picture, every: list[Dorpshuis]) -> BarChart:
    """The bars as the page has them: of one house with the average of the others as marks."""
    wish = picture.wish
    if len(wish.slugs) != 1 or len(picture.houses) != 1:
        return trend_chart(picture.trend, wish)
    network = draw(unfiltered(wish), clock.today(), every)
    return trend_chart(picture.trend, wish, averages_beside(network, picture))


def averages_beside(network: Picture, picture: Picture) -> list[Average | None]:
    """Of each month of the picture of one house the average of the others in the network."""
    (house,) = picture.houses
    return [average_beside(network, house, [one.month]) for one in picture.trend]


def place_words(picture: Picture) -> str:
    """Of which houses: the name of the only one, the group that was chosen, or all of Drenthe."""
    wish, houses = picture.wish, picture.houses
    if wish.slugs and len(houses) == 1:
        return str(houses[0])
    operator = houses[0].operator.name if wish.operator and houses[0].operator else ""
    place = houses[0].village.municipality.name if wish.municipality else ""
    kind = str(KINDS[Dorpshuis.Kind(wish.kind)]) if wish.kind else ""
    chosen = [words for words in (place, wish.region, kind, operator) if words]
    number = ngettext("%(number)d dorpshuis", "%(number)d dorpshuizen", len(houses)) % {"number": len(houses)}
    return ", ".join([number, *chosen])
