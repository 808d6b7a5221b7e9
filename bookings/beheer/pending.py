"""A tap that came while she was logged out: carried along to the page after logging in, and asked about there."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from bookings.actions.walk_in import form_key
from bookings.beheer.acts import Act, done_already
from bookings.beheer.daylist import may_tick
from bookings.domain.dagdelen import Dagdeel
from bookings.models import Booking, Reservation
from bookings.visit import Visit
from portal.base import clock
from portal.base.words import dagdeel as part_words

LONGEST_NUMBER = 12
LONGEST_WISH = 80
WALK_IN = "binnen"


@dataclass(frozen=True)
class Pending:
    """What she tapped, in words, and the form that does it. `done`: it was done meanwhile, by whoever."""

    words: str
    done: bool
    url: str
    fields: dict[str, str]


def ask_again(request: HttpRequest, slug: str, day: str) -> HttpResponseBase:
    """The session or the form's token is gone: to the day, by way of the log-in page, where she is asked whether
    she still wants what she tapped. Nothing was done, and nothing is lost.
    """
    on_today = request.POST.get("terug") == "vandaag" or day == clock.today().isoformat()
    there = reverse("today", args=[slug]) if on_today else reverse("day", args=[slug, day])
    if wish := _wish(request):
        there += f"?{urlencode({'doe': wish})}"
    return to_page(request, there)


def _wish(request: HttpRequest) -> str:
    """`<booking>:<act>` or `binnen:<dagdeel>:<key>`; without the name: an address is no place for it."""
    sent = request.POST
    if "boeking" in sent:
        wish = f"{sent['boeking']}:{sent.get('doe', '')}"
    elif "sleutel" in sent:
        wish = f"{WALK_IN}:{sent.get('dagdeel', '')}:{sent['sleutel']}"
    else:
        return ""
    return wish if len(wish) <= LONGEST_WISH else ""


def to_page(request: HttpRequest, there: str) -> HttpResponseBase:
    """To this page of ours, for who is not logged in by way of the log-in page; with HTMX the whole page goes."""
    answer = redirect(there) if request.user.is_authenticated else redirect_to_login(there)
    return HttpResponseClientRedirect(answer["Location"]) if getattr(request, "htmx", False) else answer


def pending(request: HttpRequest, visit: Visit) -> Pending | None:
    """What she tapped when she was logged out, out of `doe`; None for a text that we never made."""
    what, _, rest = request.GET.get("doe", "").partition(":")
    if what == WALK_IN:
        return _walk_in(visit, rest)
    act = Act.read(rest)
    if act is None or not what.isdecimal() or len(what) > LONGEST_NUMBER:
        return None
    booking = Booking.objects.filter(dorpshuis=visit.dorpshuis, pk=int(what)).with_names().first()
    if booking is None or not may_tick(visit, booking.date):
        return None
    url = reverse("mark", args=[visit.dorpshuis.slug, booking.date.isoformat()])
    words = f"{booking.reservation.name}, {act.words}"
    return Pending(words, done_already(booking, act), url, {"boeking": str(booking.pk), "doe": act.name})


def _walk_in(visit: Visit, rest: str) -> Pending | None:
    dagdeel, _, key = rest.partition(":")
    if dagdeel not in list(Dagdeel) or not key:
        return None
    done = Reservation.objects.filter(key=form_key(visit.dorpshuis.pk, key)).exists()
    url = reverse("walk-in", args=[visit.dorpshuis.slug, clock.today().isoformat()])
    words = gettext("%(part)s, Loopt binnen") % {"part": part_words(dagdeel)}
    return Pending(words, done, url, {"dagdeel": dagdeel, "sleutel": key})
