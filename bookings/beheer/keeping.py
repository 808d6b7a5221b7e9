"""What goes when: for the house, how long each kind is kept, why, and how much of it goes in the coming months."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bookings.domain.retention import TERMS, Kept, Term, after, gone_on, newest_gone, per_month
from bookings.models import CallEntry, Guest, Waiting
from bookings.visit import enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from villages.models import Dorpshuis

SHOWN = Term(months=6)


@dataclass(frozen=True)
class Going:
    """What of one kind goes in the coming six months: how many, on which day the first, and per month."""

    number: int
    first: date | None
    months: list[tuple[date, int]]


@login_required
@require_safe
def keeping(request: LoggedInRequest, slug: str) -> HttpResponse:
    """How long the house keeps what, and what goes. Numbers only: no name is needed for it."""
    visit = enter(request, slug, "gasten")
    context = {
        "terms": {kept.value: TERMS[kept] for kept in Kept},
        "until": after(clock.today(), SHOWN),
        "guests": _going(Kept.GUEST, _last_days(visit.dorpshuis)),
        "waiting": _going(Kept.WAITING, _waited_for(visit.dorpshuis)),
        "calls": _going(Kept.CALL, _calls_done(visit.dorpshuis)),
    }
    return visit.show(request, "beheer/guests/keeping.html", context)


def _last_days(house: Dorpshuis) -> list[date]:
    """Of each guest who goes within six months the day from which is counted. One query."""
    newest = newest_gone(after(clock.today(), SHOWN), TERMS[Kept.GUEST])
    since = TruncDate("created_at", tzinfo=clock.AMSTERDAM)
    rows = Guest.objects.last_here_by(newest).filter(dorpshuis=house).with_last_day()
    return [max(day, came) if day else came for day, came in rows.annotate(came=since).values_list("last_day", "came")]


def _waited_for(house: Dorpshuis) -> list[date]:
    """Of each place on a list that became no booking the day of its dagdeel. One query."""
    return list(Waiting.objects.filter(dorpshuis=house).without_booking().values_list("date", flat=True))


def _calls_done(house: Dorpshuis) -> list[date]:
    done = CallEntry.objects.with_notes().filter(dorpshuis=house).values_list("done_at", flat=True)
    return [clock.local(moment).date() for moment in done if moment]


def _going(kept: Kept, days: list[date]) -> Going:
    """What goes when; what is late by now goes today."""
    today = clock.today()
    going = [max(gone_on(day, TERMS[kept]), today) for day in days]
    soon = sorted(day for day in going if day <= after(today, SHOWN))
    return Going(len(soon), soon[0] if soon else None, per_month(soon))
