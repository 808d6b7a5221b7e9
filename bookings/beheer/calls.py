"""The call list: who must be phoned, what to say, and what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bookings import wording
from bookings.actions.calls import answer_call, put_back_call, see_note
from bookings.beheer.messages import Alternative, Facts, Said, booking_url, entry_ways_in, facts_of, said
from bookings.contact import clean_name
from bookings.domain.policy import UNDO_FOR
from bookings.models import CallAttempt, CallEntry
from bookings.models.guest import e164, number_words
from bookings.refusals import UndoIsOver
from bookings.refused import notes_of
from bookings.visit import Visit, enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from villages.models import AccessWay

PER_PAGE = 25
DONE_SHOWN = timedelta(days=7)
MOST_DONE = 50
NOTE_LENGTH = 200
MOST_DIGITS = 4  # of a page
NOTE_TOO_LONG = gettext_lazy("Maak je notitie korter: hoogstens %(most)s tekens. Er is nog niets bewaard.")
UNKNOWN_ANSWER = gettext_lazy("Deze knop kennen we niet. Er is niets veranderd. Tik op een knop bij wie je belde.")
TOO_LATE = gettext_lazy("Terugzetten kan tot tien minuten na je tik. Bel nog eens als dat nodig is.")
PUT_BACK = "zet-terug"
Outcome = CallAttempt.Outcome
ANSWERS = {
    "gebeld": Outcome.CALLED,
    "niet-bereikt": Outcome.NOT_REACHED,
    "niet-nodig": Outcome.NOT_NEEDED,
    "notitie": Outcome.NOTE,
}


@dataclass(frozen=True)
class Call:
    """An entry as the page shows it; `typed` is a note that was refused and so is kept."""

    facts: Facts
    said: Said
    typed: str = ""

    @property
    def entry(self) -> CallEntry:
        return self.facts.entry

    @property
    def name(self) -> str:
        return self.entry.reservation.name or gettext("Een gast zonder naam")

    @property
    def phone(self) -> str:
        """Her number in words, as she gave it with this order, else as the house knows it."""
        return number_words(self._number)

    @property
    def dialled(self) -> str:
        """The same as +31612345678: what her telephone dials."""
        return e164(self._number)

    @property
    def _number(self) -> Any:
        return self.entry.reservation.phone or self.entry.reservation.guest.phone

    @property
    def email(self) -> str:
        return self.entry.reservation.email or self.entry.reservation.guest.email

    @property
    def template(self) -> str:
        return f"beheer/calls/{self.entry.kind}.html"

    @property
    def alternatives(self) -> list[Alternative]:
        return self.facts.house.alternatives(self.entry.reservation, self.said)

    @property
    def ways_in(self) -> list[AccessWay]:
        return entry_ways_in(self.facts, self.said)

    @property
    def booking_url(self) -> str:
        return booking_url(self.entry.reservation)


@dataclass(frozen=True)
class Done:
    """An entry that left the list: how and by whom, and whether it can still be put back."""

    entry: CallEntry
    can_undo: bool

    @property
    def last(self) -> CallAttempt | None:
        return next((a for a in reversed(self.entry.attempts.all()) if a.outcome in Outcome.ending), None)


@login_required
@require_safe
def call_list(request: LoggedInRequest, slug: str) -> HttpResponse:
    """Who must be phoned, most urgent first; below it what was done in the last seven days."""
    return _page(request, enter(request, slug, "bellijst"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """What came of a call (`hoe`), with a note; or put the entry back. A GET changes nothing."""
    visit = enter(request, slug, "bellijst")
    entry = get_object_or_404(CallEntry, pk=number, dorpshuis=visit.dorpshuis, visible_from__lte=clock.now())
    if request.method != "POST":
        return redirect("call-list", slug)
    how = request.POST.get("hoe", "")
    note = clean_name(request.POST.get("notitie", ""))
    if how != PUT_BACK and how not in ANSWERS:
        return _page(request, visit, UNKNOWN_ANSWER, 422)
    if len(note) > NOTE_LENGTH:
        return _page(request, visit, NOTE_TOO_LONG % {"most": NOTE_LENGTH}, 422, typed={entry.pk: note})
    try:
        if how == PUT_BACK:
            put_back_call(entry, visit.actor)
        else:
            answer_call(entry, ANSWERS[how], visit.actor, note)
    except UndoIsOver:
        return _page(request, visit, TOO_LATE, 409)
    return redirect(_back(request, visit))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note_seen(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """Take the note of this mail from below the list; a second tap does nothing. A GET changes nothing."""
    visit = enter(request, slug, "bellijst")
    if request.method == "POST":
        see_note(visit.dorpshuis, number, visit.actor)
    return redirect("call-list", slug)


def _back(request: LoggedInRequest, visit: Visit) -> str:
    """The page of the list where the button stood."""
    page = request.POST.get("pagina", "")
    known = page.isascii() and page.isdecimal() and len(page) <= MOST_DIGITS
    return reverse("call-list", args=[visit.dorpshuis.slug]) + (f"?pagina={page}" if known and page != "1" else "")


def _page(
    request: LoggedInRequest,
    visit: Visit,
    problem: str | Promise = "",
    status: int = 200,
    typed: dict[int, str] | None = None,
) -> HttpResponse:
    now = clock.now()
    asked = request.GET.get("pagina") or request.POST.get("pagina")
    page = _entries(visit, now).get_page(asked)
    facts = facts_of(visit.dorpshuis, list(page)) if page.object_list else []
    done = _done(visit, now)
    context = {
        "page": page,
        "calls": [Call(fact, said(fact), (typed or {}).get(fact.entry.pk, "")) for fact in facts],
        "just_done": [row for row in done if row.can_undo],
        "done": done,
        "notes": notes_of(visit.dorpshuis),
        "problem": problem,
        "speaker": request.user.name,
        "pay_words": wording.pay_words(visit.dorpshuis),
        "note_length": NOTE_LENGTH,
    }
    return visit.show(request, "beheer/calls.html", context, status)


def _entries(visit: Visit, now: datetime) -> Paginator[CallEntry]:
    rows = CallEntry.objects.filter(dorpshuis=visit.dorpshuis).to_do(now).urgent_first(now.date())
    rows = rows.select_related("reservation__guest", "reservation__dorpshuis").prefetch_related("attempts__by")
    return Paginator(rows, PER_PAGE)


def _done(visit: Visit, now: datetime) -> list[Done]:
    """What left the list in the last seven days, newest first."""
    rows = CallEntry.objects.filter(dorpshuis=visit.dorpshuis, done_at__gte=now - DONE_SHOWN)
    rows = rows.select_related("reservation", "done_by").prefetch_related("attempts").order_by("-done_at", "-pk")
    return [Done(row, row.done_at is not None and now - row.done_at < UNDO_FOR) for row in rows[:MOST_DONE]]
