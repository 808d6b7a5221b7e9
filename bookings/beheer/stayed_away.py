"""Why guests stay away, as they said themselves: counts of the last twelve months, none under five."""

from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bookings.domain.retention import Term, after
from bookings.models import StayedAway
from bookings.visit import enter
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest

SHOWN = Term(months=-11)
# Fewer persons than this could be known by their answer.
FEWEST = 5


@login_required
@require_safe
def stayed_away(request: LoggedInRequest, slug: str) -> HttpResponse:
    """How often each reason was given."""
    visit = enter(request, slug, "gasten")
    since = after(clock.today().replace(day=1), SHOWN)
    rows = StayedAway.objects.filter(dorpshuis=visit.dorpshuis, month__gte=since)
    counts = dict(rows.values_list("reason").annotate(times=Sum("number")))
    reasons = [(words, _count_words(counts.get(value, 0))) for value, words in StayedAway.Reason.choices]
    return visit.show(request, "beheer/guests/stayed_away.html", {"reasons": reasons, "since": since})


def _count_words(number: int) -> str:
    return str(number) if number == 0 or number >= FEWEST else gettext("minder dan 5")
