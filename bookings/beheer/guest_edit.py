"""Putting right what the house knows of a guest: correct it, or take two records of one person together."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods

from bookings import refusals
from bookings.actions.guests import Contact, correct, merge, together
from bookings.beheer.callers import LONGEST, known_guests, seek
from bookings.beheer.guest_acts import done
from bookings.beheer.guests import known_guest
from bookings.contact import ContactForm
from bookings.models import Guest
from bookings.person import coming_of, version_of
from bookings.visit import Visit, enter
from portal.base.accounts.http import LoggedInRequest

MOST_DIGITS = 9
MOST_FOUND = 8
OVERTAKEN = gettext_lazy(
    "Iemand anders heeft deze gast net gewijzigd. Kijk na wat er nu staat. Klopt het, tik dan nog een keer."
)
SAME_CONTACT = gettext_lazy("Er is al een gast met dit adres.")
SAME_PHONE = gettext_lazy("Er is al een gast met deze naam en dit nummer.")
GONE = gettext_lazy("Een van de twee is net verwijderd of samengevoegd. Er is niets veranderd.")
CHANGED = gettext_lazy("Een van de twee is net gewijzigd. Kijk na wat er nu staat, en tik nog een keer.")
CHOOSE = gettext_lazy("Kies welke gegevens blijven.")
THIRD = gettext_lazy("Er is nog een derde gast met deze naam en dit nummer. Voeg die eerst samen.")


class CorrectForm(ContactForm):
    """Her name, address and number, as the house corrects them."""

    no_name = gettext_noop("Vul de naam in. Dan weet je wie er komt.")
    no_contact = gettext_noop(
        "Vul een telefoonnummer of een e-mailadres in. Dan kun je bellen of mailen als er iets verandert."
    )
    contact_field = "telefoon"

    def __init__(self, *args: Any, reachable: bool = True, **kwargs: Any) -> None:
        """`reachable`: whether she has an address or a number; who walked in may have neither, and keeps so."""
        super().__init__(*args, **kwargs)
        self.reachable = reachable

    def clean(self) -> dict[str, Any]:
        return super().clean() if self.reachable else forms.Form.clean(self) or {}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct_guest(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """The form with what stands now; by POST it is corrected, unless somebody else did so meanwhile (409)."""
    visit = enter(request, slug, "gasten")
    row = known_guest(visit, number)
    if request.method != "POST":
        return _form_page(request, visit, row, CorrectForm(initial=_filled(row)))
    form = CorrectForm(request.POST, reachable=bool(row.email or row.phone))
    if not form.is_valid():
        # What she saw, stays what she saw: also when a field was wrong.
        return _form_page(request, visit, row, form, status=422, version=request.POST.get("versie", "")[:64])
    data = form.cleaned_data
    to = Contact(data["naam"], data["email"], data["telefoon"])
    try:
        correct(row, to, request.POST.get("versie", ""), visit.actor)
    except refusals.NotAsShown:
        return _form_page(request, visit, known_guest(visit, number), form, OVERTAKEN, 409)
    except refusals.SameContact as same:
        words = SAME_CONTACT if to.email else SAME_PHONE
        return _form_page(request, visit, row, form, words, 409, same=same.guest_id)
    except refusals.GuestGone as gone:
        raise Http404 from gone
    return done(slug, number, "gewijzigd")


def _filled(row: Guest) -> dict[str, str]:
    return {"naam": row.name, "email": row.email, "telefoon": row.number_words}


def _form_page(
    request: LoggedInRequest,
    visit: Visit,
    row: Guest,
    form: CorrectForm,
    problem: str | Promise = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "guest": row,
        "form": form,
        "version": version_of(row),
        "coming": coming_of(visit.dorpshuis, row),
        "problem": problem,
    }
    return visit.show(request, "beheer/guests/correct.html", context | more, status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge_guest(request: LoggedInRequest, slug: str, number: int) -> HttpResponse:
    """Find the other (`?zoek=`), see both (`?met=`), and by POST take them together: `blijft` is who stays."""
    visit = enter(request, slug, "gasten")
    row = known_guest(visit, number)
    other = _other(visit, row, request.POST.get("met") or request.GET.get("met", ""))
    if request.method != "POST":
        return _merge_page(request, visit, row, other)
    if other is None:
        return _merge_page(request, visit, row, None, GONE, 409)
    pair = {str(one.pk): one for one in (row, other)}
    kept = pair.get(request.POST.get("blijft", ""))
    if kept is None:
        return _merge_page(request, visit, row, other, CHOOSE, 422)
    return _merge(request, visit, kept, other if kept == row else row)


def _merge(request: LoggedInRequest, visit: Visit, kept: Guest, gone: Guest) -> HttpResponse:
    seen = request.POST.get(f"versie-{kept.pk}", ""), request.POST.get(f"versie-{gone.pk}", "")
    try:
        merge(kept, gone, seen, visit.actor)
    except refusals.GuestGone:
        return _merge_page(request, visit, kept, None, GONE, 409)
    except refusals.NotAsShown:
        fresh = [known_guest(visit, one.pk) for one in (kept, gone)]
        return _merge_page(request, visit, fresh[0], fresh[1], CHANGED, 409)
    except refusals.SameContact:
        return _merge_page(request, visit, kept, gone, THIRD, 409)
    return done(visit.dorpshuis.slug, kept.pk, "samengevoegd")


def _other(visit: Visit, row: Guest, asked: str) -> Guest | None:
    """The other guest of the house; None for nobody, and for the same."""
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= MOST_DIGITS):
        return None
    return known_guests(visit.dorpshuis).filter(pk=int(asked)).exclude(pk=row.pk).first()


def _merge_page(
    request: LoggedInRequest,
    visit: Visit,
    row: Guest,
    other: Guest | None,
    problem: str | Promise = "",
    status: int = 200,
) -> HttpResponse:
    searched = request.GET.get("zoek", "").strip()[:LONGEST]
    found = seek(visit.dorpshuis, searched, by_address=True) if searched else Guest.objects.like(row)
    context = {
        "guest": row,
        "searched": searched,
        "found": list(found.exclude(pk=row.pk).order_by("name_key", "pk")[:MOST_FOUND]) if found is not None else [],
        "sides": [_side(one, two) for one, two in ((row, other), (other, row))] if other else [],
        "other": other,
        "problem": problem,
    }
    return visit.show(request, "beheer/guests/merge.html", context, status)


def _side(one: Guest, two: Guest) -> dict[str, Any]:
    """One of the two as it stands, with how she is reached afterwards when this one stays."""
    return {"guest": one, "version": version_of(one), "after": together(one, two)}
