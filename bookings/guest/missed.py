"""The two pages of the mail to who stayed away: why, with one button each, and the end of such mails.

Who has the link, may; so no token is asked, and no cookie is set. A mail program sends the second by itself (RFC 8058).
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bookings.actions.miss_you import say_why, stop_mails
from bookings.missed import guest_of
from bookings.models import Guest, StayedAway
from portal.base.log import GUEST

ONE_CLICK = "List-Unsubscribe"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def missed(request: HttpRequest, token: str) -> HttpResponse:
    """Why she stays away: a button per reason. POST counts it; without a reason that we know: 422."""
    guest = _guest(token)
    if request.method != "POST":
        return _page(request, guest, token, thanked="bedankt" in request.GET)
    given = request.POST.get("reden", "")
    if given not in StayedAway.Reason.values:
        return _page(request, guest, token, status=422, problem=gettext("Kies een van de vier redenen."))
    say_why(guest, StayedAway.Reason(given), GUEST)
    return redirect(f"{request.path}?bedankt=1")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The end of these mails from this house: a page with one button. POST does it, also from a mail program."""
    guest = _guest(token)
    if request.method == "POST":
        stop_mails(guest, GUEST)
        return HttpResponse(status=204) if ONE_CLICK in request.POST else redirect(request.path)
    return render(request, "missed/stop.html", {"house": guest.dorpshuis, "stopped": guest.no_more_mails})


def _guest(token: str) -> Guest:
    guest = guest_of(token)
    if guest is None:
        raise Http404
    return guest


def _page(
    request: HttpRequest, guest: Guest, token: str, *, status: int = 200, problem: str = "", thanked: bool = False
) -> HttpResponse:
    context = {
        "house": guest.dorpshuis,
        "token": token,
        "reasons": StayedAway.Reason.choices,
        "said": guest.said_why,
        "thanked": thanked,
        "problem": problem,
    }
    return render(request, "missed/why.html", context, status=status)
