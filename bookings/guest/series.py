"""Boek dit elke week: which dates, what each costs or why not, and one button for all of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from bookings import refusals, wording
from bookings.actions.series import SeriesOrder, book_series
from bookings.domain.availability import last_bookable_day
from bookings.domain.dagdelen import parse_day
from bookings.keys import belongs_to, new_key
from bookings.models import Booking, Reservation
from bookings.queries import policy_of
from bookings.series import MOST_WEEKS, Member, Pattern, Plan, Planned, Why, pattern_of, plan
from bookings.wish import url_to_choose, url_to_choose_all
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from portal.base.accounts.members import verified_address
from portal.base.log import GUEST
from portal.base.words import dagdeel, met_weekdag
from villages.models import Dorpshuis

USUAL_WEEKS = 8
A_QUARTER = 13
LONGEST_KEY = 120


@dataclass(frozen=True)
class Choice:
    """A link to what can be booked instead of a date."""

    words: str
    url: str


@dataclass(frozen=True)
class DateView:
    """One date of the series with its words."""

    planned: Planned
    words: str
    reason: str
    instead: list[Choice]
    url: str


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def series(request: LoggedInRequest, reference: str) -> HttpResponse:
    """The dates of so many weeks; by POST they are booked: 302, or the fresh dates with 409 or 422."""
    address = verified_address(request.user)
    rows = Reservation.objects.select_related("dorpshuis__village", "dorpshuis__current_rules").exclude(confirmed_to="")
    reservation = get_object_or_404(rows, reference=reference, confirmed_to=address)
    pattern = pattern_of(reservation) if can_book_again(reservation.dorpshuis) else None
    if pattern is None:
        return redirect("booking", reference)
    member = Member.of(request.user, address, reservation)
    if request.method == "POST":
        return _book(request, pattern, member)
    weeks = _weeks(request.GET.get("weken", ""), pattern)
    if weeks is None:
        words = gettext("Kies hoeveel weken je wilt boeken: 1 tot en met %(most)s.") % {"most": MOST_WEEKS}
        return _answer(request, pattern, member, _usual(pattern), words, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _answer(request, pattern, member, weeks, "", HTTPStatus.OK)


def can_book_again(house: Dorpshuis) -> bool:
    """Whether guests can book in this house at all."""
    return house.takes_bookings and house.status in Dorpshuis.Status.public


def _book(request: LoggedInRequest, pattern: Pattern, member: Member) -> HttpResponse:
    weeks = _weeks(request.POST.get("weken", ""), pattern) or _usual(pattern)
    order = _order(request, pattern, member)
    if order is None:
        words = gettext("Deze pagina was te oud, of kwam uit een andere browser. Er is niets geboekt. Kijk alles na.")
        return _answer(request, pattern, member, weeks, words, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        booked = book_series(order, GUEST)
    except refusals.SeriesChanged:
        words = gettext("Er is net iets veranderd. Er is nog niets geboekt. Kijk na wat er nu staat.")
        return _answer(request, pattern, member, weeks, words, HTTPStatus.CONFLICT)
    to = reverse("series", args=[pattern.reservation.reference])
    return redirect(f"{to}?weken={weeks}&reeks={booked.series}")


def _order(request: HttpRequest, pattern: Pattern, member: Member) -> SeriesOrder | None:
    """What the button promised; None when the form is not one that this browser got for this booking."""
    key, sent = request.POST.get("sleutel", "")[:LONGEST_KEY], request.POST.get("bedrag", "")
    dates = {moments[0].date: moments for moments in pattern.dates(MOST_WEEKS)}
    days = _days(request.POST.getlist("dag"))
    if not belongs_to(request, key) or not (sent.isascii() and sent.isdecimal() and len(sent) < len("1000000000")):
        return None
    if not days or not days <= set(dates):
        return None
    return SeriesOrder(pattern, member, tuple(dates[day] for day in sorted(days)), int(sent), key)


def _days(values: list[str]) -> set[date]:
    """The days that the form carries; none when one of them is no day."""
    try:
        return {parse_day(value) for value in values}
    except ValueError:
        return set()


def _weeks(text: str, pattern: Pattern) -> int | None:
    """How many weeks were asked for; the usual number when nothing was, None when it makes no sense."""
    if not text:
        return _usual(pattern)
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_WEEKS)) else 0
    return asked if 1 <= asked <= MOST_WEEKS else None


def _within_window(pattern: Pattern) -> int:
    """How many weeks of it the booking window holds; at least one."""
    last = last_bookable_day(policy_of(pattern.dorpshuis), clock.local(clock.now()))
    return max(1, min(MOST_WEEKS, (last - pattern.first[0][0].date).days // 7 + 1))


def _usual(pattern: Pattern) -> int:
    return min(USUAL_WEEKS, _within_window(pattern))


def _answer(
    request: HttpRequest, pattern: Pattern, member: Member, weeks: int, problem: str, status: int
) -> HttpResponse:
    found = plan(pattern, member, pattern.dates(weeks))
    bookable = found.bookable
    context: dict[str, Any] = {
        "pattern": pattern,
        "member": member,
        "dorpshuis": pattern.dorpshuis,
        "when": ", ".join(met_weekdag(m.date, m.dagdeel) for moments in pattern.first for m in moments),
        "weeks": weeks,
        "options": _options(pattern),
        "dates": [_view(found, planned) for planned in found.dates if planned.why is not Why.TOO_FAR],
        "too_far": _too_far(found),
        "bookable": bookable,
        "total_cents": found.total_cents,
        "promise": wording.series_promise(len(bookable), found.total_cents),
        "key": new_key(request) if bookable else "",
        "problem": problem,
        "pay_words": wording.pay_words(pattern.dorpshuis),
        "cancel_words": wording.cancel_words(policy_of(pattern.dorpshuis)),
        **_done(request, member),
    }
    return render(request, "mine/series.html", context, status=status)


def _done(request: HttpRequest, member: Member) -> dict[str, Any]:
    """What was booked just now, if this is the page after the button: how often, and for how much."""
    series = request.GET.get("reeks", "")
    rows = Booking.objects.confirmed_to(member.email).filter(reservation__series=series).occupying()
    found = list(rows.values_list("reservation_id", "price_cents")) if series.isalnum() else []
    return {"done": len({row[0] for row in found}), "done_cents": sum(row[1] for row in found)}


def _options(pattern: Pattern) -> list[tuple[int, str]]:
    """How many weeks, each with the last date that it gives."""
    most = min(MOST_WEEKS, max(A_QUARTER, _within_window(pattern)))
    last = pattern.first[-1][0].date
    return [(n, _option_words(n, last + timedelta(weeks=n - 1))) for n in range(1, most + 1)]


def _option_words(weeks: int, last: date) -> str:
    words = ngettext("%(weeks)s week, tot en met %(day)s", "%(weeks)s weken, tot en met %(day)s", weeks)
    return words % {"weeks": weeks, "day": wording.day_words(last)}


def _too_far(found: Plan) -> str:
    """One sentence for all dates beyond the booking window; empty when there are none."""
    beyond = [planned for planned in found.dates if planned.why is Why.TOO_FAR]
    if not beyond:
        return ""
    words = ngettext(
        "Verder dan %(day)s kun je nog niet boeken. Daarom valt er %(count)s datum af.",
        "Verder dan %(day)s kun je nog niet boeken. Daarom vallen er %(count)s datums af.",
        len(beyond),
    )
    return words % {"day": wording.day_words(found.last_day), "count": len(beyond)}


def _view(found: Plan, planned: Planned) -> DateView:
    parts = " + ".join(dagdeel(moment.dagdeel) for moment in planned.moments)
    day = wording.day_words(planned.day)
    words = f"{day[0].upper()}{day[1:]}, {parts}"
    url = reverse("booking", args=[planned.had.reference]) if planned.had else ""
    return DateView(planned, words, _reason(found, planned), _instead(found, planned), url)


def _reason(found: Plan, planned: Planned) -> str:
    """Why this date can't be booked; empty when it can."""
    house, desk = found.pattern.dorpshuis, found.pattern.desk
    match planned.why:
        case Why.HAD:
            return gettext("Dit heb je al geboekt.")
        case Why.LIMIT:
            return wording.too_many(house)
        case Why.DESK if desk and planned.cell:
            is_there = desk.is_table or desk.pk in planned.cell.open_ids
            words = gettext("%(desk)s is dan al bezet.") if is_there else gettext("%(desk)s is er dan niet.")
            return words % {"desk": desk.name}
        case Why.SHUT if planned.cell:
            return f"{wording.state_words(planned.cell, policy_of(house))}."
        case _:
            return ""


def _instead(found: Plan, planned: Planned) -> list[Choice]:
    """Links that choose something else for this date: a dagdeel or a desk in the house, or the nearest house."""
    house, choices = found.pattern.dorpshuis, []
    if planned.any_desk:
        choices.append(Choice(gettext("Een ander bureau"), url_to_choose_all(house.slug, planned.moments)))
    for cell in planned.parts:
        words = f"{dagdeel(cell.moment.dagdeel).capitalize()}: {wording.free_words(cell)}"
        choices.append(Choice(words, url_to_choose(house.slug, cell.moment)))
    if near := planned.nearby:
        words = f"{near.dorpshuis.name}, {near.dorpshuis.village.name} ({wording.km_words(near.km)})"
        choices.append(Choice(words, url_to_choose_all(near.dorpshuis.slug, near.moments)))
    return choices
