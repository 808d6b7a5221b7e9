"""What a member has here of herself: her name and number, a copy of all of it, and the end of it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bookings.guest.forms import DetailsForm
from bookings.guest.member import phone_words
from portal.base.accounts.http import LoggedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def details(request: LoggedInRequest) -> HttpResponse:
    """Her name and number, which the booking form then holds already."""
    user = request.user
    if request.method != "POST":
        form = DetailsForm(initial={"naam": user.name, "telefoon": phone_words(user)})
        return _details_page(request, form, saved="bewaard" in request.GET)
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return _details_page(request, form, status=422)
    user.keep_details(form.cleaned_data["naam"], form.cleaned_data["telefoon"])
    return redirect(reverse("my-details") + "?bewaard=ja")


def _details_page(request: HttpRequest, form: DetailsForm, *, saved: bool = False, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "saved": saved}
    return render(request, "mine/details.html", context, status=status)
