"""The list on paper: print it, and key it back in one go."""

import secrets
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bookings.actions.sheet import Entered, Line, booking_stamp, mark_sheet
from bookings.actions.walk_in import Arrival
from bookings.beheer.acts import PAYING
from bookings.beheer.daylist import DayList, GuestRow, Part, day_list, day_url, may_see_day
from bookings.beheer.pending import LONGEST_NUMBER, to_page
from bookings.beheer.today import read_day
from bookings.domain.dagdelen import Dagdeel, Moment
from bookings.models import Booking
from bookings.visit import Visit, enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest

State, Paid = Booking.State, Booking.Paid

EMPTY_LINES = range(3)
MOST_EXTRA = 20
LONGEST_KEY = 40

# What one can choose on a line: its value, its words, and what it says of state and payment.
CHOICES = {
    "pin": (gettext_lazy("Is er, pin"), State.USED, Paid.PIN),
    "contant": (gettext_lazy("Is er, contant"), State.USED, Paid.CASH),
    "is_er": (gettext_lazy("Is er"), State.USED, ""),
    "niet": (gettext_lazy("Kwam niet"), State.NO_SHOW, ""),
    "": (gettext_lazy("Nog niets"), "", ""),
}
LATE_CHOICES = ("pin", "contant", "")


@dataclass(frozen=True)
class Choice:
    """A radio button of a line; `offered` is false for what cannot be said of this booking."""

    value: str
    words: str
    chosen: bool
    offered: bool = True


@dataclass(frozen=True)
class EntryLine:
    """A line of the paper with its radio buttons, and what the form saw of the booking."""

    row: GuestRow
    wanted: str | None = None
    problem: bool = False

    @property
    def stamp(self) -> str:
        return booking_stamp(self.row.booking)

    @property
    def choices(self) -> list[Choice]:
        chosen = _standing(self.row) if self.wanted is None else self.wanted
        late = self.row.is_late
        return [
            Choice(value, str(words), value == chosen, value in LATE_CHOICES or not late)
            for value, (words, _, _) in CHOICES.items()
        ]


def _standing(row: GuestRow) -> str:
    """The choice that says what stands already."""
    if row.is_no_show:
        return "niet"
    paid = {Paid.PIN: "pin", Paid.CASH: "contant"}.get(Paid(row.booking.paid_how)) if row.booking.paid_how else None
    if row.is_late:
        return paid or ""
    return (paid or "is_er") if row.is_used else ""


@login_required
@require_safe
def day_sheet(request: LoggedInRequest, slug: str, day: str) -> HttpResponse:
    """The list to print: numbered lines with boxes, and empty lines for who walks in."""
    visit, shown = _enter(request, slug, day)
    found = day_list(visit, shown, request.GET.get("pagina", "1"))
    context = {"list": found, "parts": _in_order(found), "empty_lines": EMPTY_LINES, "here": day_url(visit, shown)}
    return visit.show(request, "beheer/sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def day_entry(request: HttpRequest, slug: str, day: str) -> HttpResponseBase:
    """Key the paper back: `r<booking>` is the choice of a line, `s<booking>` what the form saw of it.

    Who was logged out meanwhile gets all she chose back after logging in: nothing is saved, nothing is lost.
    """
    if not request.user.is_authenticated:
        return entry_again(request, slug, day)
    visit, shown = _enter(request, slug, day)  # type: ignore[arg-type]  # she is logged in
    if request.method != "POST":
        return _show(request, visit, shown, _read_wanted(request))
    lines = _lines(request)
    done = mark_sheet(visit.dorpshuis.pk, shown, lines, _walk_ins(request, shown), visit.actor)
    if done.left or done.no_desk:
        wanted = {str(line.booking_id): request.POST.get(f"r{line.booking_id}", "") for line in lines}
        return _show(request, visit, shown, {k: v for k, v in wanted.items() if int(k) in done.left}, done)
    return redirect(f"{day_url(visit, shown)}?opgeslagen={len(done.saved) + done.walk_ins}")


def entry_again(request: HttpRequest, slug: str, day: str) -> HttpResponseBase:
    """Back to the form with what was chosen, by way of the log-in page if she is logged out. Nothing is saved."""
    chosen = [
        f"{name[1:]}.{value}"
        for name, value in request.POST.items()
        if name[:1] == "r" and name[1:].isdecimal() and isinstance(value, str) and value in CHOICES and value
    ]
    query = f"?{urlencode({'in': ','.join(chosen)})}" if request.method == "POST" else ""
    return to_page(request, reverse("day-entry", args=[slug, day]) + query)


def _enter(request: LoggedInRequest, slug: str, day: str) -> tuple[Visit, date]:
    visit, shown = enter(request, slug, "dag"), read_day(day)
    if not may_see_day(visit, shown):
        raise PermissionDenied
    return visit, shown


def _in_order(found: DayList) -> list[Part]:
    """The dagdelen through the day, those without desks and guests left out."""
    parts = sorted(found.parts, key=lambda part: part.cell.moment)
    return [part for part in parts if part.cell.offered or part.rows]


def _read_wanted(request: HttpRequest) -> dict[str, str]:
    """What was chosen before she was logged out, by booking."""
    pairs = [item.partition(".") for item in request.GET.get("in", "").split(",")]
    return {number: value for number, _, value in pairs if number.isdecimal() and value in CHOICES}


def _lines(request: HttpRequest) -> list[Line]:
    """The lines that say something; a number or a value that no form of ours has is left out."""
    found = []
    for name, value in request.POST.items():
        number = name[1:]
        if name[:1] != "r" or not number.isdecimal() or len(number) > LONGEST_NUMBER or value not in CHOICES:
            continue
        _, state, paid = CHOICES[str(value)]
        stamp = str(request.POST.get(f"s{number}", ""))
        if stamp.startswith(f"{State.LATE_CANCELLED}."):
            state = ""
        found.append(Line(int(number), state, paid, stamp))
    return found


def _walk_ins(request: HttpRequest, shown: date) -> list[Arrival]:
    """So many more who paid so, per dagdeel; each has a key of its own, so that the same form adds them once."""
    key = request.POST.get("sleutel", "")[:LONGEST_KEY]
    return [
        Arrival(Moment(shown, part), f"{key}:{how}:{number}", paid_how=PAYING[how])
        for part in Dagdeel
        for how in ("pin", "contant")
        for number in range(_extra(request, f"extra-{part}-{how}") if key else 0)
    ]


def _extra(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return min(int(typed), MOST_EXTRA) if typed.isdecimal() and len(typed) <= LONGEST_NUMBER else 0


def _show(
    request: HttpRequest, visit: Visit, shown: date, wanted: dict[str, str], done: Entered | None = None
) -> HttpResponse:
    found = day_list(visit, shown, request.GET.get("pagina", "1"))
    left = set(done.left) if done else set()
    lines = [EntryLine(row, wanted.get(str(row.booking.pk)), row.booking.pk in left) for row in found.rows]
    context = {
        "list": found,
        "lines": lines,
        "parts": [part for part in _in_order(found) if part.cell.offered],
        "choices": [words for words, _, _ in CHOICES.values()],
        "key": secrets.token_urlsafe(12),
        "done": done,
        "again": bool(wanted) and done is None,
        "here": day_url(visit, shown),
        "begun": shown <= clock.today(),
    }
    return visit.show(request, "beheer/entry.html", context, status=409 if done else 200)
