"""The figures of a house, for who runs it: page, file, and the hours that its volunteers worked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bookings import charts
from bookings.actions.volunteer_hours import enter_hours
from bookings.domain.compare import Average
from bookings.domain.months import month_of, months_between, shifted
from bookings.models import VolunteerHours
from bookings.reports.average import averages_of_others
from bookings.reports.begun import last_closed
from bookings.reports.chart_file import as_file
from bookings.reports.csv_export import file_name, lines
from bookings.reports.hiding import HOUSE
from bookings.reports.house_month import (
    average_beside,
    columns_of,
    if_average,
    income_of,
    lines_of,
    people_of,
    quarter_by,
    row_of,
    uses_of,
    weekly_of,
)
from bookings.reports.months import HouseMonth, house_figures
from bookings.reports.origin import origin_table
from bookings.reports.wish import USUAL_MONTHS, BadWish, ReportWish, read_wish
from bookings.reports.words import months_words, period_words
from bookings.visit import Visit, enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from portal.base.words import maand
from villages.models import Dorpshuis, Membership

MOST_HOURS = 5000
_WHOLE = gettext_lazy("Vul een heel getal in, bijvoorbeeld 12.")
_TOO_MANY = gettext_lazy("Dat is te veel. Vul hoogstens %(limit_value)s uur in.")
_NO_MONTH = gettext_lazy("Kies een maand uit de lijst.")


def shown_months() -> list[date]:
    """The months that the page offers: the running one and those of a year before it, newest first."""
    running = month_of(clock.today())
    return [shifted(running, -number) for number in range(USUAL_MONTHS)]


class HoursForm(forms.Form):
    """A month of the past year, and how many hours."""

    maand = forms.ChoiceField(
        label=gettext_lazy("Maand"), error_messages={"required": _NO_MONTH, "invalid_choice": _NO_MONTH}
    )
    uren = forms.IntegerField(
        label=gettext_lazy("Uren"),
        min_value=0,
        max_value=MOST_HOURS,
        error_messages={"required": _WHOLE, "invalid": _WHOLE, "min_value": _WHOLE, "max_value": _TOO_MANY},
    )

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.fields["maand"] = forms.ChoiceField(
            label=self.fields["maand"].label,
            choices=[(f"{month:%Y-%m}", maand(month)) for month in shown_months()],
            error_messages={"required": _NO_MONTH, "invalid_choice": _NO_MONTH},
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def house_figures_page(request: LoggedInRequest, slug: str) -> HttpResponse:
    """A month (`?tot=2026-10`; else the last that was closed) with the year before it; by POST the hours of one."""
    visit = enter(request, slug, "cijfers")
    if request.method == "POST":
        return _enter_hours(request, visit)
    try:
        month = _month(request, visit)
    except BadWish as problem:
        return _refused(request, visit, problem)
    return _page(request, visit, month)


@login_required
@require_safe
def house_csv(request: LoggedInRequest, slug: str) -> HttpResponse:
    """The house's own rows of the file that BOKD has, `?van=&tot=`; the money only for who may see it. 422 says what
    is wrong.
    """
    visit = enter(request, slug, "cijfers")
    try:
        wish = read_wish(request.GET, clock.today())
    except BadWish as problem:
        return _refused(request, visit, problem)
    content = lines(wish, [visit.dorpshuis], with_money=_sees_money(visit), own=True)
    answer = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{file_name(wish)}.csv"'
    answer["Cache-Control"] = "no-store"
    return cast("HttpResponse", answer)


@login_required
@require_safe
def house_chart(request: LoggedInRequest, slug: str, name: str) -> HttpResponse:
    """`cijfers/<maanden|week>.svg?tot=2026-10`: a chart of the page as a file. 422 says what is wrong."""
    visit = enter(request, slug, "cijfers")
    try:
        month = _month(request, visit)
    except BadWish as problem:
        return _refused(request, visit, problem)
    house, rows = str(visit.dorpshuis), house_figures([visit.dorpshuis], shifted(month, 1 - USUAL_MONTHS), month)
    file = f"{slug}-{name}-{month:%Y-%m}"
    match name:
        case "maanden":
            months = months_words(shifted(month, 1 - USUAL_MONTHS), month)
            chart = _bars(rows, month, _averages(visit.dorpshuis, month))
            return as_file(chart, file, gettext("Gebruikte plekken per maand"), [house, months])
        case "week":
            quarter = quarter_by(rows, month)
            week = charts.heat(weekly_of(visit.dorpshuis, rows, quarter))
            return as_file(week, file, gettext("Welke dag, welk dagdeel?"), [house, period_words(quarter)])
    raise Http404


def _bars(rows: list[HouseMonth], month: date, averages: Mapping[date, Average]) -> charts.BarChart:
    months = months_between(shifted(month, 1 - USUAL_MONTHS), month)
    return charts.bars(columns_of(rows, months, averages), gettext("Gebruikte plekken"))


def _averages(house: Dorpshuis, month: date) -> dict[date, Average]:
    """Of each of the thirteen months up to this one."""
    return averages_of_others(house, shifted(month, 1 - USUAL_MONTHS), month)


def _refused(request: LoggedInRequest, visit: Visit, problem: BadWish) -> HttpResponse:
    """The page that says why there are no figures."""
    context = {"problem": str(problem), "months": shown_months(), "form": HoursForm()}
    return visit.show(request, "beheer/figures/page.html", context, HTTPStatus.UNPROCESSABLE_ENTITY)


def _enter_hours(request: LoggedInRequest, visit: Visit) -> HttpResponse:
    form = HoursForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, shown_months()[1], form, HTTPStatus.UNPROCESSABLE_ENTITY)
    month = form.cleaned_data["maand"]
    enter_hours(visit.dorpshuis.pk, date.fromisoformat(f"{month}-01"), form.cleaned_data["uren"], visit.actor)
    return redirect(f"{reverse('house-figures', args=[visit.dorpshuis.slug])}?tot={month}&bewaard=ja#uren")


def _month(request: LoggedInRequest, visit: Visit) -> date:
    """The month that is asked for. Raises BadWish."""
    if request.GET.get("tot", "").strip():
        return read_wish(request.GET, clock.today()).last
    house = visit.dorpshuis.pk
    return last_closed([house]).get(house) or month_of(clock.today())


def _page(
    request: LoggedInRequest, visit: Visit, month: date, form: HoursForm | None = None, status: int = 200
) -> HttpResponse:
    house = visit.dorpshuis
    found = house_figures([house], shifted(month, 1 - USUAL_MONTHS), month)
    # A closed month says itself what was entered.
    is_open = any(row.is_provisional for row in found) or row_of(found, month) is None
    entered = _entered(house, month) if is_open else {}
    rows = [_with_hours(row, entered) for row in found]
    row = row_of(rows, month)
    context: dict[str, Any] = {
        "month": month,
        "months": sorted({*shown_months(), month}, reverse=True),
        "row": row,
        "sees_money": _sees_money(visit),
        "wish": ReportWish(shifted(month, 1 - USUAL_MONTHS), month),
        "saved": request.GET.get("bewaard") == "ja",
        "widened": request.GET.get("tot", "").strip() not in ("", f"{month:%Y-%m}"),
    }
    hours = row.volunteer_hours if row else entered.get(month)
    context |= {"hours": hours, "form": form or HoursForm(initial={"maand": f"{month:%Y-%m}", "uren": hours})}
    return visit.show(
        request, "beheer/figures/page.html", context | (_of_month(visit, row, rows) if row else {}), status
    )


def _of_month(visit: Visit, row: HouseMonth, rows: list[HouseMonth]) -> dict[str, Any]:
    averages = _averages(visit.dorpshuis, row.month)
    average, why_not = average_beside(row, averages)
    quarter = quarter_by(rows, row.month)
    return {
        "average": average,
        "why_no_average": why_not,
        "lines": lines_of(row, average),
        "uses": uses_of(row.slots),
        "people": people_of(row),
        "income": income_of(row) if _sees_money(visit) else [],
        "quarter": quarter,
        "origin": origin_table(HOUSE, str(visit.dorpshuis.pk), quarter),
        "origin_period": period_words(quarter),
        "chart": _bars(rows, row.month, averages),
        "year": [(one, if_average(one, averages)) for one in rows],
        "heat": charts.heat(weekly_of(visit.dorpshuis, rows, quarter)),
    }


def _entered(house: Dorpshuis, month: date) -> dict[date, int]:
    """The hours that the house entered for each of the thirteen months up to this one. One query."""
    found = VolunteerHours.objects.filter(dorpshuis=house, month__gt=shifted(month, -USUAL_MONTHS), month__lte=month)
    return dict(found.values_list("month", "hours"))


def _with_hours(row: HouseMonth, entered: dict[date, int]) -> HouseMonth:
    """An open month gets what stands there by now."""
    return replace(row, volunteer_hours=entered.get(row.month)) if row.is_provisional else row


def _sees_money(visit: Visit) -> bool:
    return bool(visit.roles & set(Membership.Role.money))
