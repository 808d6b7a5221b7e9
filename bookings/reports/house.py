"""The coordinator's page of one house, and the charts as files."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.charts import as_file
from bookings.domain.months import Span
from bookings.reports.csv_export import bad_wish
from bookings.reports.filters import months_of, query, usual_wish
from bookings.reports.hiding import HOUSE
from bookings.reports.months import group_people, reported_houses
from bookings.reports.overview import common, heat_of, map_of, read_picture
from bookings.reports.picture import HousePicture, Picture, average_beside, draw, period_of
from bookings.reports.trend import trend_chart
from bookings.reports.wish import BadWish
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
        whole = replace(wish, municipality="", region="", kind="", operator="", slugs=())
        network = draw(whole, clock.today(), every)
    except BadWish as problem:
        return bad_wish(request, problem)
    context = {**house_context(network, house), "back": query(replace(wish, slugs=()))}
    return render(request, "bokd/house.html", context)


def house_context(network: Picture, house: Dorpshuis) -> dict[str, Any]:
    """All that a page of this house shows; `network`: the picture of all houses in the same months. One query."""
    picture = only(network, house)
    (row,) = picture.each
    wish = picture.wish
    averages = [average_beside(network, house, [one.month]) for one in picture.trend]
    return {
        **common(picture),
        "dorpshuis": house,
        "row": row,
        "average": average_beside(network, house, wish.months),
        "chart": trend_chart(picture.trend, wish, averages),
        "help": [signal_words(signal) for signal in row.help],
        "good": [signal_words(signal) for signal in row.good],
        "months": months_of(wish, clock.today()),
        "group": (HOUSE, str(house.pk)),
        "people": people_of(row, network),
        "people_period": period_words(period_of(wish)),
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
    """What may be shown of who was there in the period; of other periods than whole ones in the last month."""
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
    wish = picture.wish
    title = months_words(wish.first, wish.last)
    file = f"naoberplek-{name}-{wish.first:%Y-%m}-{wish.last:%Y-%m}"
    match name:
        case "maanden":
            return as_file(trend_chart(picture.trend, wish), file, months_words(picture.trend[0].month, wish.last))
        case "week":
            return as_file(heat_of(picture), file, months_words(*picture.week_months))
        case "kaart":
            return as_file(map_of(picture), file, title)
    raise Http404
