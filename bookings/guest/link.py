"""A new link in place of one that somebody else has, and the links that somebody lost."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from bookings import refusals
from bookings.actions.link import mail_lost_links, renew_link
from bookings.guest.booking import answer
from bookings.guest.booking_lines import reservation_of
from bookings.guest.forms import LostLinkForm
from bookings.guest.house import Problem
from portal.base.log import GUEST

NO_NEW_LINK = gettext_noop("Je hebt geen nieuwe link gekregen")
NO_ADDRESS = gettext_noop("We weten je e-mailadres niet. Bel het dorpshuis: %(phone)s.")
TOO_MANY = gettext_noop(
    "Je vroeg vandaag al vaak een nieuwe link. Probeer het morgen weer, of bel het dorpshuis: %(phone)s."
)


@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest, reference: str) -> HttpResponse:
    """Mail her a new link and let this one die. The answer holds no link: it may be somebody else who reads it."""
    reservation = reservation_of(reference)
    if request.method != "POST":
        return redirect("booking", reference)
    phone = reservation.dorpshuis.phone.as_national
    try:
        renew_link(reservation, GUEST)
    except refusals.LinkGone as refusal:
        raise Http404 from refusal
    except refusals.NoAddress:
        line = gettext(NO_ADDRESS) % {"phone": phone}
        return answer(request, reservation, Problem(422, gettext(NO_NEW_LINK), [line]))
    except refusals.TooManyLinks:
        line = gettext(TOO_MANY) % {"phone": phone}
        return answer(request, reservation, Problem(422, gettext(NO_NEW_LINK), [line]))
    return render(request, "booking/link_sent.html")


@require_http_methods(["GET", "HEAD", "POST"])
def lost_link(request: HttpRequest) -> HttpResponse:
    """Ask for an address, and answer every address the same (rule 3: no oracle)."""
    form = LostLinkForm(request.POST if request.method == "POST" else None)
    sent = form.is_valid()
    if sent:
        mail_lost_links(form.cleaned_data["email"])
    return render(request, "booking/lost_link.html", {"form": form, "sent": sent}, status=422 if form.errors else 200)
