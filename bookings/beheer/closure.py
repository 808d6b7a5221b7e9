"""A closure that was made: what is shut, who heard what, and the way back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import ceil

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from bookings import wording
from bookings.actions.close import reopen
from bookings.again import bookable_again, called_off_by
from bookings.beheer.closing_words import closure_words
from bookings.domain.policy import UNDO_FOR
from bookings.models import Booking, CallEntry, Reservation
from bookings.refusals import BookedSince, ChangedSince, UndoIsOver
from bookings.tell import called_off_key
from bookings.visit import Visit, enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from portal.base.models import OutboxMail
from portal.base.words import uur
from villages.models import Closure

State = OutboxMail.State
UNDO, REOPEN = "ongedaan", "heropen"
PROPOSED = {
    Booking.Proposal.OTHER_DAY: gettext_lazy("voorstel: een andere dag"),
    Booking.Proposal.OTHER_HOUSE: gettext_lazy("voorstel: een ander dorpshuis"),
    Booking.Proposal.NOTHING: gettext_lazy("alleen afgezegd"),
}
TOO_LATE = gettext_lazy(
    "De tien minuten zijn voorbij: de gasten weten het al. Je kunt nog wel heropenen. Dan horen zij dat ook."
)
OVER = gettext_lazy("De tien minuten zijn voorbij: de gasten weten het al. Zet het terug met een nieuwe wijziging.")
BUILT_UPON = gettext_lazy("Er is daarna nog iets veranderd. Maak eerst dat ongedaan.")
BOOKED_SINCE = gettext_lazy(
    "Intussen is er geboekt in wat erbij kwam. Haal het daarom weg in het rooster: daar zie je wie het raakt."
)
WHICH = gettext_lazy("We weten niet wat je wilt. Tik op een knop op deze pagina.")


@dataclass(frozen=True)
class Hit:
    """A guest whom the closure called off: her dagdelen with what was proposed, and how she hears of it."""

    reservation: Reservation
    lines: list[tuple[str, str]]
    how: str
    icon: str

    @property
    def phone(self) -> str:
        return self.reservation.number_words


@dataclass(frozen=True)
class Way:
    """The way back that is open now: `what` is empty when there is none; minutes left to undo."""

    what: str
    minutes: int = 0


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def closure(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """The closure's page; a POST takes it back (`doe`: ongedaan or heropen)."""
    return _page(request, enter(request, slug, "dicht"), number, (Closure.Cause.CLOSURE,))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_change(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """The same page of another schedule: whom it hit; a POST within ten minutes undoes it."""
    return _page(request, enter(request, slug, "rooster"), number, (Closure.Cause.SCHEDULE,))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def desk_change(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """The same page of a desk or room that went."""
    return _page(request, enter(request, slug, "bureaus"), number, (Closure.Cause.DESK, Closure.Cause.ROOM))


def _page(request: LoggedInRequest, visit: Visit, number: int, causes: Collection[Closure.Cause]) -> HttpResponse:
    rows = Closure.objects.select_related("room", "dorpshuis", "created_by").prefetch_related("desks")
    row = get_object_or_404(rows, dorpshuis=visit.dorpshuis, pk=number, cause__in=causes)
    if request.method != "POST":
        return _show(request, visit, row)
    asked = request.POST.get("doe", "")
    if asked not in (UNDO, REOPEN):
        return _show(request, visit, row, WHICH, 422)
    try:
        reopen(row, visit.actor, undo=asked == UNDO)
    except UndoIsOver:
        over = TOO_LATE if row.cause == Closure.Cause.CLOSURE else OVER
        return _show(request, visit, row, over, 409)
    except ChangedSince:
        return _show(request, visit, row, BUILT_UPON, 409)
    except BookedSince:
        return _show(request, visit, row, BOOKED_SINCE, 409)
    return redirect(request.path)


def _show(
    request: LoggedInRequest, visit: Visit, row: Closure, problem: str | Promise = "", status: int = 200
) -> HttpResponse:
    off, way = called_off_by(row), _way(row, clock.now())
    again = {b.reservation_id for b in bookable_again(visit.dorpshuis, row, off)} if way.what == REOPEN else set()
    hits = hits_of(row, off)
    context = {
        "closure": row,
        "words": closure_words(row, [desk.name for desk in row.desks.all()]),
        "hits": hits,
        "told": [hit for hit in hits if hit.reservation.pk in again],
        "not_told": [hit for hit in hits if hit.reservation.pk not in again],
        "way": way,
        "undone": row.reopened_at is not None and row.reopened_at - row.created_at < UNDO_FOR,
        "problem": problem,
        "moved_words": _moved_words(row.moved),
        "shifted_words": _shifted_words(row),
    }
    return visit.show(request, "beheer/closure.html", context, status=status)


def _way(row: Closure, now: datetime) -> Way:
    over = row.last_day < now.date() and row.cause == Closure.Cause.CLOSURE
    if row.reopened_at is not None or over:
        return Way("")
    left = UNDO_FOR - (now - row.created_at)
    if left.total_seconds() > 0:
        return Way(UNDO, ceil(left.total_seconds() / 60))
    return Way(REOPEN if row.cause == Closure.Cause.CLOSURE else "")


def hits_of(row: Closure, off: Iterable[Booking]) -> list[Hit]:
    """Whom it called off, of these bookings that still are; two queries."""
    found = sorted(off, key=lambda b: (b.reservation_id, b.moment))
    keys = {called_off_key(row.pk, booking.reservation_id) for booking in found}
    mails = {mail.key: mail for mail in OutboxMail.objects.filter(key__in=keys)}
    calls = {entry.key: entry for entry in CallEntry.objects.filter(key__in=keys)}
    hits = []
    for number, group in groupby(found, key=lambda booking: booking.reservation_id):
        hers = list(group)
        key = called_off_key(row.pk, number)
        how, icon = _how(mails.get(key), calls.get(key), clock.now())
        hits.append(Hit(hers[0].reservation, [_line(booking) for booking in hers], how, icon))
    return hits


def _line(row: Booking) -> tuple[str, str]:
    return f"{wording.moment_words(row.moment)}, {row.desk}", str(PROPOSED[Booking.Proposal(row.proposal)])


def _how(mail: OutboxMail | None, call: CallEntry | None, now: datetime) -> tuple[str, str]:
    """How she hears of it, and the icon for it."""
    if mail is not None:
        return _mail_words(mail, now), "mail"
    if call is None:
        return "", ""
    if call.done_at:
        return gettext("Gebeld."), "check"
    if now < call.visible_from:
        sentence = gettext("Komt om %(time)s uur op de bellijst.")
        return sentence % {"time": _hour(call.visible_from)}, "phone"
    return gettext("Staat op de bellijst."), "phone"


def _mail_words(mail: OutboxMail, now: datetime) -> str:
    if mail.state == State.SENT and mail.sent_at:
        return gettext("De mail is verstuurd om %(time)s uur.") % {"time": _hour(mail.sent_at)}
    if mail.state == State.FAILED:
        return gettext("De mail kwam niet aan. Bel deze gast.")
    if mail.state == State.DROPPED:
        return gettext("De mail was niet meer nodig.")
    if now < mail.visible_from:
        return gettext("De mail gaat om %(time)s uur weg.") % {"time": _hour(mail.visible_from)}
    return gettext("De mail gaat nu weg.")


def _moved_words(number: int) -> str:
    """How many got another desk, and that they were not told."""
    sentence = ngettext(
        "%(number)s boeking ging naar een ander bureau. Daarover ging geen mail weg.",
        "%(number)s boekingen gingen naar een ander bureau. Daarover ging geen mail weg.",
        number,
    )
    return sentence % {"number": number}


def _shifted_words(row: Closure) -> str:
    """How many guests hear of another time; empty when nobody does. A query only when clock times changed."""
    times = row.was.get("times") if row.reopened_at is None else None
    if not times:
        return ""
    rows = Booking.objects.filter(pk__in=[int(pk) for pk in times], state=Booking.State.BOOKED)
    number = rows.values("reservation").distinct().count()
    sentence = ngettext(
        "%(number)s gast hoort dat het op een andere tijd is.",
        "%(number)s gasten horen dat het op een andere tijd is.",
        number,
    )
    return sentence % {"number": number} if number else ""


def _hour(moment: datetime) -> str:
    return uur(clock.local(moment).time())
